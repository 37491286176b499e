"""The option that says where the public evaluation data lies. None of it is ours, so none of it is in the package."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click


def shared_data(used_for: str = "共享数据目录 / folder of shared data") -> Callable[[Any], Any]:
    return click.option(
        "--data", type=click.Path(path_type=Path, file_okay=False), default="../shared/data", show_default=True,
        help=used_for,
    )  # fmt: skip
