"""What `mingbai prove` found, kept in the home for the office's page: figures alone, no question and no answer."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from mingbai.cli.settings import load

KEPT = 200  # reports; the oldest go


def keep(suite: str, title: str, found: Mapping[str, Any]) -> None:
    """One file a run, named after the suite and the moment."""
    at = datetime.now(UTC)
    folder = load().home / "reports"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    slug = re.sub(r"[^a-z0-9]+", "-", suite.lower()).strip("-")[:60] or "report"
    whole = {"suite": suite, "at": at.isoformat(timespec="seconds"), "title": title, **found}
    file = folder / f"{slug}-{at:%Y%m%d-%H%M%S}.json"
    file.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
    for old in sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
        old.unlink(missing_ok=True)
