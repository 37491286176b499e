"""Rows of a table to orders. A first look through the file finds where each order ends and which numbers a spreadsheet
has rounded; the second hands over each order when it is whole, so that memory holds only the orders still open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from mingbai.shop.intake.choose import Header
from mingbai.shop.intake.convert import TOTALS, rounded, totals
from mingbai.shop.intake.plan import Plan
from mingbai.shop.intake.rows import Grid, Row
from mingbai.values.errors import Text

_LONG = re.compile(r"\d{16,24}")
_SIGNIFICANT = 15  # digits that a spreadsheet keeps of a number
_MANY = 20  # rows from which a share says something
_BESIDE = Text(
    "表格旁边没有列名的格子没有读", "cells beside the table, below no column's name, were not read"
)
_ENOUGH_ZEROS = 3  # one number by chance ends so once in a thousand


@dataclass(slots=True)
class Survey:
    """What the first look found."""

    rows: int = 0
    last: dict[str, int] = field(default_factory=dict)  # an order's last row
    rounded: frozenset[int] = frozenset()  # columns whose long numbers all end in zeros
    trimmed: bool = True  # empty cells at the end of a row are left out, so that short rows are whole


def survey(grid: Grid, header: Header, plan: Plan) -> Survey:
    """What has to be known of the whole table before its first order can be handed over."""
    found = Survey()
    short = 0
    zeros: dict[int, int] = {}
    intact: set[int] = set()
    key = ""
    for row in _body(grid, header.line):
        if plan.group is not None and not _totals(plan, row.body):
            key = _key(plan, row.body, key)
            found.last[key] = found.rows
        for at, cell in enumerate(row.body):
            if len(cell) > _SIGNIFICANT and cell.isdigit() and at not in intact and _LONG.fullmatch(cell):
                if cell[_SIGNIFICANT:].strip("0"):
                    intact.add(at)
                else:
                    zeros[at] = zeros.get(at, 0) + len(cell) - _SIGNIFICANT
        found.rows += 1
        short += len(row.body) < len(header.cells)
    # A spreadsheet that leaves out trailing commas does so in many rows, a line break without quotes in few.
    found.trimmed = grid.ragged or (found.rows >= _MANY and short * 10 >= found.rows)
    found.rounded = frozenset(at for at, many in zeros.items() if at not in intact and many >= _ENOUGH_ZEROS)
    return found


def groups(
    grid: Grid, header: Header, plan: Plan, found: Survey
) -> Iterator[tuple[str, list[Row[list[str]]]]]:
    """Each order with its rows, in the order in which they become whole. Rows are as wide as the header."""
    waiting: dict[str, list[Row[list[str]]]] = {}
    key = ""
    for number, row in enumerate(_body(grid, header.line)):
        fitted = _fitted(row, header, plan, found, grid.ragged)
        if plan.group is None or _totals(plan, row.body):
            yield "", [fitted]
            continue
        key = _key(plan, row.body, key)
        fitted.body[plan.group] = key
        rows = waiting.setdefault(key, [])
        if rows:
            for at in plan.carry:
                fitted.body[at] = fitted.body[at] or rows[0].body[at]
        rows.append(fitted)
        if found.last.get(key) == number:
            yield key, waiting.pop(key)


def _body(grid: Grid, header: int) -> Iterator[Row[Sequence[str]]]:
    return (row for row in grid.rows() if row.line > header and (row.fault or any(row.body)))


def _totals(plan: Plan, cells: Sequence[str]) -> bool:
    """Says it of itself and has no order's number. Where that stands on first rows only, it would else be one more line."""
    at = plan.group
    number = cells[at] if at is not None and at < len(cells) else ""
    if number:
        return totals(number)
    if at is None:
        return totals(next((cell for cell in cells if cell), ""))
    return any(totals(cell) for cell in cells)


def _key(plan: Plan, cells: Sequence[str], before: str) -> str:
    """An empty cell means the order above only where the profile says that its number stands on the first row alone."""
    at = plan.group
    assert at is not None
    cell = cells[at] if at < len(cells) else ""
    return cell or (before if at in plan.carry else "")


def _fitted(
    row: Row[Sequence[str]], header: Header, plan: Plan, found: Survey, spreadsheet: bool
) -> Row[list[str]]:
    cells, width = list(row.body), len(header.cells)
    fault = row.fault or (TOTALS if _totals(plan, cells) else None)
    if len(cells) > width:
        if fault is None and any(cells[width:]) and (spreadsheet or len(cells) <= header.reach):
            plan.notes.add(_BESIDE, row.line)
        elif fault is None and any(cells[width:]):
            fault = Text(
                f"有 {len(cells)} 格，表头只有 {width} 列：文字里的分隔符没有加引号",
                f"it has {len(cells)} cells, the header {width}: a separator in a text is not quoted",
            )
        del cells[width:]
    elif len(cells) < width:
        if fault is None and not found.trimmed:
            fault = Text(
                f"只有 {len(cells)} 格，表头有 {width} 列：文字里的换行没有加引号，或这一行不完整",
                f"it has {len(cells)} cells, the header {width}: a line break in a text is not quoted, or the row is cut",
            )
        cells.extend([""] * (width - len(cells)))
    if fault is None:
        for at in found.rounded:
            if _LONG.fullmatch(cells[at]) and not cells[at][_SIGNIFICANT:].strip("0"):
                fault = rounded(cells[at]).what
    return Row(row.line, cells, fault)
