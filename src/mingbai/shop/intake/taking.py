"""Readings into the shop's records: looks through everything first, then takes it in batches.

An order is whole or refused, also when its lines stand in another file of the same command. What a row became is the
strongest of what its records became: taken, changed, unchanged; or refused with a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from mingbai.shop.intake.plan import UNDATED, Bundle, Fault, Plan
from mingbai.shop.intake.prices import PriceBook
from mingbai.shop.intake.readings import Reading, in_order
from mingbai.shop.intake.report import Report, SheetReport
from mingbai.values.errors import BadInput, Text
from mingbai.values.records import Origin, Price, Record, Shop, Sourced

MADE_HERE = "mingbai import"  # where the row of a shop comes from whose files did not tell of it
BATCH = 2_000  # records in one transaction


class Outcome(Protocol):
    @property
    def kind(self) -> str: ...

    @property
    def verdict(self) -> str: ...

    @property
    def origin(self) -> Origin: ...


class Taker(Protocol):
    """The part of `Records` that an import needs."""

    def take(self, shop: str, rows: Sequence[Sourced]) -> Sequence[Outcome]: ...

    def rows(self, shop: str, record: type[Record]) -> Iterator[Sourced]: ...

    def shops(self) -> list[str]: ...


Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Wishes:
    shop: str
    now: datetime
    dry_run: bool = False
    new_shop: Shop | None = None  # made when the home has no such shop
    kept_rows: int = 100_000  # some 100 MB of records; beyond it files are read once more instead
    better_known: bool = False  # `new_shop` is for a shop that is there and knew less of itself


def take_all(readings: Sequence[Reading], records: Taker, wishes: Wishes, progress: Progress) -> Report:
    """Raises only what concerns the whole import (a disk that is full); what concerns a row is in the report."""
    report = Report(wishes.shop, wishes.dry_run)
    ordered = in_order(readings)
    line = _Line(sum(one.size() for one in ordered), progress)
    looked = (
        _look(ordered, line, wishes.kept_rows)
        if sum(one.about_orders for one in ordered) > 1
        else _Looked({}, {})
    )
    sink = _Sink(records, wishes)
    sink.open_shop()
    for at, reading in enumerate(ordered):
        sheet = SheetReport(reading.file, reading.sheet, reading.how, reading.profile, reading.title)
        report.sheets.append(sheet)
        for bundle in looked.kept.pop(at, None) or reading.bundles():
            line.on(len(bundle.lines))
            if not bundle.faults and reading.about_orders and bundle.key in looked.refused:
                bundle = Bundle(
                    bundle.key, bundle.lines, faults=(_elsewhere(bundle, looked.refused[bundle.key]),)
                )
            sink.put(bundle, sheet)
        sink.flush()
        sheet.notes, sheet.left = reading.notes(), reading.left()
    return report


class _Line:
    """The line of progress: how many rows of all have been taken."""

    def __init__(self, total: int, progress: Progress) -> None:
        self._total, self._progress, self._done = total, progress, 0

    def on(self, rows: int) -> None:
        self._done += rows
        self._progress(min(self._done, self._total), self._total)


@dataclass(frozen=True, slots=True)
class _Looked:
    """The orders that some file makes unusable, with the place; and what was read, when it is not too much to keep."""

    refused: dict[str, str]
    kept: dict[int, list[Bundle]]


def _look(readings: Sequence[Reading], line: _Line, kept_rows: int) -> _Looked:
    looked = _Looked({}, {})
    keep = sum(one.size() for one in readings) <= kept_rows
    for at, reading in enumerate(readings):
        if not reading.about_orders:
            continue
        bundles: list[Bundle] = []
        for bundle in reading.bundles():
            if keep:
                bundles.append(bundle)
            if bundle.faults and bundle.key:
                where = f"{reading.file} {reading.sheet}".strip()
                looked.refused.setdefault(bundle.key, f"{where}:{bundle.faults[0].line}")
        if keep:
            looked.kept[at] = bundles
    line.on(0)
    return looked


class _Sink:
    """Gathers whole bundles to a batch; when a batch is refused by the database, its bundles are tried one by one."""

    def __init__(self, records: Taker, wishes: Wishes) -> None:
        self._records, self._wishes = records, wishes
        self._waiting: list[tuple[Bundle, SheetReport]] = []
        self._count = 0
        self._prices = PriceBook(records, wishes.shop, wishes.now)

    def open_shop(self) -> None:
        new = self._wishes.new_shop
        if new is None or self._wishes.dry_run:
            return
        if self._wishes.better_known or new.shop not in self._records.shops():
            self._records.take(new.shop, [Sourced(new, Origin(MADE_HERE, 1))])

    def put(self, bundle: Bundle, sheet: SheetReport) -> None:
        if bundle.faults:
            _refuse(bundle, bundle.faults, sheet)
            return
        self._waiting.append((bundle, sheet))
        self._count += len(bundle.records)
        if self._count >= BATCH:
            self.flush()

    def flush(self) -> None:
        waiting, self._waiting, self._count = self._waiting, [], 0
        if not waiting:
            return
        try:
            self._take(waiting)
        except BadInput as error:
            if len(waiting) == 1:
                bundle, sheet = waiting[0]
                _refuse(bundle, (Fault(bundle.lines[0], error.what, error.mend),), sheet)
                return
            for one in waiting:
                self._waiting = [one]
                self.flush()

    def _take(self, waiting: list[tuple[Bundle, SheetReport]]) -> None:
        rows, owners = [], []
        for bundle, sheet in waiting:
            for row in bundle.records:
                for dated in self._dated(row):
                    rows.append(dated)
                    owners.append(sheet)
        if self._wishes.dry_run:
            for row, sheet in zip(rows, owners, strict=True):
                sheet.mark(row.origin.line, "taken")
                sheet.kinds[_kind(row), "taken"] += 1
        else:
            for outcome, sheet in zip(self._records.take(self._wishes.shop, rows), owners, strict=True):
                sheet.mark(outcome.origin.line, outcome.verdict)
                sheet.kinds[outcome.kind, outcome.verdict] += 1
        for bundle, sheet in waiting:
            for line in bundle.lines:
                sheet.mark(line, "unchanged")

    def _dated(self, row: Sourced) -> Sequence[Sourced]:
        if isinstance(row.record, Price) and row.record.valid_from == UNDATED:
            return self._prices.dated(replace(row, record=row.record))
        return (row,)


def _kind(row: Sourced) -> str:
    from mingbai.values.records import KINDS

    return next(kind for kind, record, _ in KINDS if isinstance(row.record, record))


def _refuse(bundle: Bundle, faults: Sequence[Fault], sheet: SheetReport) -> None:
    sheet.faults += faults
    for line in bundle.lines:
        sheet.mark(line, "refused")
    named = {fault.line for fault in faults}
    first = faults[0]
    for line in bundle.lines:
        if line not in named:
            sheet.faults.append(Fault(line, *_with_its_order(first)))


def _with_its_order(first: Fault) -> tuple[Text, Text]:
    why = Text(
        f"与第 {first.line} 行属于同一订单或商品",
        f"it belongs to the same order or article as line {first.line}",
    )
    return why, Text("改正那一行后再导入。", "Correct that line and import again.")


def _elsewhere(bundle: Bundle, where: str) -> Fault:
    why = Text(
        f"同一订单或商品在 {where} 有一行不能用",
        f"a row of the same order or article cannot be used: {where}",
    )
    return Fault(bundle.lines[0], why, Text("改正那一行后再导入。", "Correct that row and import again."))


__all__ = ["BATCH", "MADE_HERE", "Plan", "Taker", "Wishes", "take_all"]
