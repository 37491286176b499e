"""The built page, where it lies in the package. Built from `/web` by `make page`, and into the wheel by `hatch_build.py`."""

from __future__ import annotations

from pathlib import Path


def built() -> Path | None:
    """The folder of the built page; None where it was not built."""
    folder = Path(__file__).parent / "dist"
    return folder if (folder / "index.html").is_file() else None
