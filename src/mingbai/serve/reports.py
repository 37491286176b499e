"""What `mingbai prove` found, run by run: a folder of JSON in the home, the newest first."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from mingbai.values.errors import NotFound, Text

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,120}")
SHOWN = 200


def listed(folder: Path) -> list[dict[str, Any]]:
    """Blocks. A file that is no report is passed over."""
    rows = []
    newest = sorted(folder.glob("*.json"), key=lambda p: p.stat().st_mtime, reverse=True)[:SHOWN]
    for path in newest:
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            rows.append({"report": path.stem, **{name: str(said[name]) for name in ("suite", "at", "title")}})
        except (ValueError, KeyError, TypeError, OSError):
            continue
    return rows


def read(folder: Path, name: str) -> bytes:
    path = folder / f"{name}.json"
    if not NAME.fullmatch(name) or not path.is_file():
        raise NotFound(
            Text("没有这份报告。", "There is no such report."),
            Text("用 mingbai prove 做一份。", "Make one with mingbai prove."),
        )
    return path.read_bytes()
