"""The old binary .xls (and .xlsb, .ods) through calamine, in a confined child."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from mingbai.shop.intake import confined
from mingbai.shop.intake.delimited import tidied
from mingbai.shop.intake.rows import COLUMN_LIMIT, Grid, Row, too_large
from mingbai.values.errors import Text


def grids(data: bytes) -> list[Grid]:
    answer = confined.ask(__name__, data)
    assert isinstance(answer, list)
    return [_grid(sheet) for sheet in answer]


def _grid(sheet: confined.Answer) -> Grid:
    assert isinstance(sheet, list)
    name, lines = str(sheet[0]), sheet[1]
    assert isinstance(lines, list)

    def rows() -> Iterator[Row[Sequence[str]]]:
        for at, cells in enumerate(lines, 1):
            assert isinstance(cells, list)
            if len(cells) > COLUMN_LIMIT:
                raise too_large(f"多于 {COLUMN_LIMIT} 列。", f"There are more than {COLUMN_LIMIT} columns.")
            yield Row(at, [tidied(str(cell)) for cell in cells])

    return Grid(name, Text(f"Excel 97 工作表 {name}", f"Excel 97 sheet {name}"), rows)


def _read(data: bytes) -> confined.Answer:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets: list[confined.Answer] = []
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        rows = [[shown(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
            for line in range(top, min(bottom + 1, len(rows))):
                for column in range(left, min(right + 1, len(rows[line]))):
                    rows[line][column] = rows[top][left]
        sheets.append([name, [list(row) for row in rows]])
    return sheets


def shown(cell: int | float | str | bool | time | date | datetime | timedelta) -> str:
    """A cell as text. The format knows only floats: beyond 2^53 a number is no longer what was typed, and says so."""
    match cell:
        case str():
            return cell
        case bool():
            return "TRUE" if cell else "FALSE"
        case datetime():
            return f"{cell:%Y-%m-%d %H:%M:%S}" if cell.time() != time() else f"{cell:%Y-%m-%d}"
        case float() if cell.is_integer() and abs(cell) < 2**53:
            return str(int(cell))
        case float() if abs(cell) < 10**15:
            text = f"{cell:.15g}"
            return text if "e" not in text else f"{cell:.15f}".rstrip("0")
    return str(cell)


if __name__ == "__main__":
    confined.answer(_read)
