"""A small home to import into, and what came out of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from mingbai.shop.intake import choose
from mingbai.shop.intake.report import Report
from mingbai.shop.intake.sources import Choice, Opened, open_file
from mingbai.shop.intake.taking import Wishes, take_all
from mingbai.shop.records.home import Records
from mingbai.values.records import Record, Shop

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
SHOP = "mine"
T = TypeVar("T", bound=Record)


def take(
    records: Records, files: dict[str, bytes], *, profile: str = "", currency: str = "", zone: str = "",
    dry_run: bool = False, now: datetime = NOW, home: Path | None = None, kept_rows: int = 100_000,
) -> Report:  # fmt: skip
    profiles = choose.load(home)
    choice = Choice(profiles, choose.named(profiles, profile) if profile else None, zone, currency)
    opened = Opened()
    for name, data in files.items():
        open_file(name, data, choice, opened)
    wishes = Wishes(SHOP, now, dry_run, None if SHOP in records.shops() else Shop(SHOP, "我的店"), kept_rows)
    report = take_all(opened.readings, records, wishes, lambda done, total: None)
    report.passed_over = opened.passed_over + [(name, grid.how) for name, grid in opened.unknown]
    return report


def counts(report: Report) -> tuple[int, int, int, int]:
    """Taken, changed, unchanged, refused."""
    return tuple(report.count(word) for word in ("taken", "changed", "unchanged", "refused"))  # type: ignore[return-value]


def reasons(report: Report) -> dict[int, str]:
    """Line → why it was refused, in English."""
    return {fault.line: fault.why.en for sheet in report.sheets for fault in sheet.faults}


def the(records: Records, kind: type[T], *key: str) -> T:
    found = records.get(SHOP, kind, *key)
    assert found is not None, key
    assert isinstance(found.record, kind)
    return found.record


def all_of(records: Records, kind: type[T]) -> list[T]:
    return [row.record for row in records.rows(SHOP, kind) if isinstance(row.record, kind)]
