""".xlsx to rows of cells as text, from the XML itself: a number is read as it stands in the file, never through a float.

Covers what Excel, WPS and export libraries write: absolute and relative paths, missing styles, inline strings, prefixed
names, merged cells (filled with their first cell's value), dates as dates, hidden sheets. Not covered: encrypted files,
formulas without a stored result (their cell is empty), pictures.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from mingbai.shop.intake.archive import Archive, parse, parse_whole
from mingbai.shop.intake.delimited import tidied
from mingbai.shop.intake.rows import COLUMN_LIMIT, Grid, Row, too_large
from mingbai.values.errors import Text

_MERGED = re.compile(
    rb'<(?:\w+:)?mergeCell\s[^>]{0,200}?ref="([A-Za-z]{1,3})(\d{1,7}):([A-Za-z]{1,3})(\d{1,7})"'
)
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")
_Area: TypeAlias = tuple[int, int, int, int]  # top, left, bottom, right
# An import reads a sheet three times; parsing it is the dear part, and its cells share their strings.
_KEPT_CELLS = 3_000_000
_STRING_LIMIT = 4_000_000
_MERGE_LIMIT = 100_000
_ROW_LIMIT = 1_048_576  # Excel's own
_FILLED_LIMIT = 20_000_000  # cells that get their value from a merged range
# ECMA-376 part 1, 18.8.30: the built-in formats that are dates or times, with the ones of East Asian editions.
_BUILT_IN_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_BUILT_IN_DAYS = frozenset([14, 15, 16, 17, *range(27, 32), 36, *range(50, 55), 57, 58])
_NOT_LETTERS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


def grids(data: bytes) -> list[Grid]:
    """One per sheet, in the workbook's order."""
    book = _Book(Archive(data))
    return [book.grid(name, path) for name, path in book.sheets]


class _Book:
    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        root = _related(archive, "", "officeDocument") or ["xl/workbook.xml"]
        listing = _Listing()
        parse_whole(archive.whole(root[0]), listing)
        paths = _relations(archive, root[0])
        self.sheets = [
            (name, paths[key][1])
            for name, key in listing.sheets
            if key in paths and archive.has(paths[key][1])
        ]
        self.from_1904 = listing.from_1904
        strings, styles = _Strings(), _Styles()
        for kind, handler in (("sharedStrings", strings), ("styles", styles)):
            for path in _related(archive, root[0], kind):
                if archive.has(path):
                    for _ in parse(archive.chunks(path), handler):
                        pass
        self.strings, self.formats = strings.strings, styles.formats()

    def grid(self, name: str, path: str) -> Grid:
        kept: list[Row[Sequence[str]]] = []

        def rows() -> Iterator[Row[Sequence[str]]]:
            if kept:
                yield from kept
                return
            seen: list[Row[Sequence[str]]] = []
            cells = 0
            for row in self._rows(path):
                if cells <= _KEPT_CELLS:
                    seen.append(row)
                cells += len(row.body) + 1
                yield row
            if cells <= _KEPT_CELLS:
                kept[:] = seen

        return Grid(name, Text(f"Excel 工作表 {name}", f"Excel sheet {name}"), rows)

    def _rows(self, path: str) -> Iterator[Row[Sequence[str]]]:
        merged = _merged(self.archive.chunks(path))
        reader = _Cells(self)
        for _ in parse(self.archive.chunks(path), reader):
            done, reader.rows = reader.rows, []
            for line, cells in done:
                yield Row(line, merged.fill(line, cells) if merged.open else cells)

    def shown(self, raw: str, kind: str, style: str) -> str:
        """The cell's value as text. `kind` is the cell's type in the file."""
        match kind:
            case "s":
                at = int(raw) if raw.isascii() and raw.isdigit() else -1
                return self.strings[at] if 0 <= at < len(self.strings) else ""
            case "b":
                return "TRUE" if raw == "1" else "FALSE"
            case "str" | "inlineStr" | "e":
                return tidied(_unescaped(raw))
            case "d":
                return raw.strip().replace("T", " ")
            case _:
                at = int(style) if style.isascii() and style.isdigit() else -1
                form = self.formats[at] if 0 <= at < len(self.formats) else ""
                return number(raw.strip(), form, self.from_1904)


def number(raw: str, form: str, from_1904: bool = False) -> str:
    """A numeric cell: a date by its format, a whole number digit by digit, else to the 15 digits a spreadsheet holds."""
    if form in ("day", "time"):
        return _moment(raw, form, from_1904)
    if raw.isascii() and raw.isdigit():
        return raw.zfill(len(form)) if form.startswith("0") else raw
    try:
        value = Decimal(raw)
    except InvalidOperation:
        return raw
    if not value.is_finite() or (value and abs(value) < Decimal("1e-15")):
        return raw
    if abs(value) >= 10**15:
        return f"{value:E}"  # 1.93E+18, however it was written: a column of numbers that matter refuses it
    text = f"{Decimal(f'{value:.15g}'):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.zfill(len(form)) if form.startswith("0") and text.isdigit() else text


def _moment(raw: str, form: str, from_1904: bool) -> str:
    try:
        days = Decimal(raw)
        if not 0 <= days < 2_958_466:  # the year 9999
            return raw
    except InvalidOperation:
        return raw
    seconds = int((days * 86_400).to_integral_value())
    if seconds < 86_400 and not from_1904:
        return str(timedelta(seconds=seconds))
    # Serial 60 is the 29 February 1900 that never was: before it the count is off by one.
    first = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 31 if days < 60 else 30)
    try:
        moment = first + timedelta(seconds=seconds)
    except OverflowError:
        return raw
    return f"{moment:%Y-%m-%d}" if form == "day" and seconds % 86_400 == 0 else f"{moment:%Y-%m-%d %H:%M:%S}"


class _Listing:
    """workbook.xml: the sheets and their relations."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.from_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            relation = next(
                (v for k, v in attributes.items() if k.rpartition(":")[2] == "id" and ":" in k), ""
            )
            self.sheets.append((attributes.get("name", ""), relation))
        elif name == "workbookPr":
            self.from_1904 = attributes.get("date1904", "") in ("1", "true")

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...


class _Relations:
    def __init__(self, base: str) -> None:
        self.base = base
        self.found: dict[str, tuple[str, str]] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "").replace("\\", "/")
            path = posixpath.normpath(target if target.startswith("/") else posixpath.join(self.base, target))
            self.found[attributes.get("Id", "")] = (
                attributes.get("Type", "").rpartition("/")[2], path.lstrip("/"),
            )  # fmt: skip

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...


def _relations(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    folder, name = posixpath.split(part)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    handler = _Relations(folder)
    if archive.has(path):
        parse_whole(archive.whole(path), handler)
    return handler.found


def _related(archive: Archive, part: str, kind: str) -> list[str]:
    return [path for found, path in _relations(archive, part).values() if found == kind]


class _Strings:
    """sharedStrings.xml; readings of characters (`rPh`) are left out."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self._pieces: list[str] = []
        self._in_text = False
        self._reading = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            self._pieces = []
        elif name == "rPh":
            self._reading += 1
        elif name == "t":
            self._in_text = not self._reading

    def end(self, name: str) -> None:
        if name == "t":
            self._in_text = False
        elif name == "rPh":
            self._reading -= 1
        elif name == "si":
            self.strings.append(tidied(_unescaped("".join(self._pieces))))
            if len(self.strings) > _STRING_LIMIT:
                raise too_large("表格里的文字太多。", "There are too many strings in the workbook.")

    def text(self, text: str) -> None:
        if self._in_text:
            self._pieces.append(text)


class _Styles:
    """styles.xml: for each cell style `day`, `time`, a row of zeros (leading zeros are shown), or nothing."""

    def __init__(self) -> None:
        self._codes: dict[str, str] = {}
        self._styles: list[str] = []
        self._inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            self._codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._inside = True
        elif name == "xf" and self._inside:
            self._styles.append(attributes.get("numFmtId", ""))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._inside = False

    def text(self, text: str) -> None: ...

    def formats(self) -> list[str]:
        return [self._form(key) for key in self._styles]

    def _form(self, key: str) -> str:
        code = self._codes.get(key)
        if code is None:
            at = int(key) if key.isascii() and key.isdigit() else 0
            return ("day" if at in _BUILT_IN_DAYS else "time") if at in _BUILT_IN_DATES else ""
        letters = _NOT_LETTERS.sub("", code.split(";")[0][:200]).lower()
        if any(sign in letters for sign in "ydhs年月日") or ("m" in letters and "#" not in letters):
            return "time" if any(sign in letters for sign in "hs") else "day"
        return letters if len(letters) > 1 and set(letters) == {"0"} else ""


class _Cells:
    """A sheet: `rows` fills with (line, cells) as they end."""

    def __init__(self, book: _Book) -> None:
        self._book = book
        self.rows: list[tuple[int, list[str]]] = []
        self._line = self._count = 0
        self._cells: list[str] = []
        self._column = 0
        self._kind = self._style = ""
        self._pieces: list[str] = []
        self._wanted = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "v" or name == "t":
            self._wanted = True
        elif name == "c":
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
            self._pieces = []
            if found := _REFERENCE.fullmatch(attributes.get("r", "")):
                self._column = _column(found[1])
            if self._column >= COLUMN_LIMIT:
                raise too_large(f"多于 {COLUMN_LIMIT} 列。", f"There are more than {COLUMN_LIMIT} columns.")
        elif name == "row":
            given = attributes.get("r", "")
            self._line = (
                int(given) if given.isascii() and given.isdigit() and len(given) < 9 else self._line + 1
            )
            self._cells, self._column = [], 0

    def end(self, name: str) -> None:
        if name == "v" or name == "t":
            self._wanted = False
        elif name == "c":
            if self._pieces:
                self._cells.extend([""] * (self._column - len(self._cells)))
                shown = self._book.shown("".join(self._pieces), self._kind, self._style)
                if self._column < len(self._cells):
                    self._cells[self._column] = shown
                else:
                    self._cells.append(shown)
            self._column += 1
        elif name == "row":
            self._count += 1
            if self._count > _ROW_LIMIT:
                raise too_large("工作表的行太多。", "There are too many rows in a sheet.")
            self.rows.append((self._line, self._cells))

    def text(self, text: str) -> None:
        if self._wanted:
            self._pieces.append(text)


class _Merges:
    """Merged ranges from top to bottom; each keeps the value of its first cell while its rows go by."""

    def __init__(self, ranges: list[_Area]) -> None:
        self._waiting = sorted(ranges, reverse=True)
        self._running: list[tuple[_Area, str]] = []
        self._filled = 0

    @property
    def open(self) -> bool:
        return bool(self._waiting or self._running)

    def fill(self, line: int, cells: list[str]) -> list[str]:
        self._running = [held for held in self._running if held[0][2] >= line]
        while self._waiting and self._waiting[-1][0] <= line:
            area = self._waiting.pop()
            if area[0] == line and area[2] >= line:
                self._running.append((area, cells[area[1]] if area[1] < len(cells) else ""))
        self._filled += sum(right + 1 - left for (_, left, _, right), _ in self._running)
        if self._filled > _FILLED_LIMIT:
            raise too_large("合并的单元格太多。", "There are too many merged cells.")
        for (_, left, _, right), value in self._running:
            cells.extend([""] * (right + 1 - len(cells)))
            for column in range(left, right + 1):
                cells[column] = cells[column] or value
        return cells


def _merged(chunks: Iterator[bytes]) -> _Merges:
    """Merged ranges stand after the rows in the file, so they are looked for first, without parsing."""
    ranges: list[_Area] = []
    rest = b""
    for chunk in chunks:
        held = rest + chunk
        last = 0
        for found in _MERGED.finditer(held):
            left, top, right, bottom = (
                _column(found[1].decode()),
                int(found[2]),
                _column(found[3].decode()),
                int(found[4]),
            )
            if left <= right < COLUMN_LIMIT and top <= bottom:
                ranges.append((top, left, bottom, right))
            last = found.end()
        if len(ranges) > _MERGE_LIMIT:
            raise too_large("合并的单元格太多。", "There are too many merged cells.")
        rest = held[max(last, len(held) - 300) :]
    return _Merges(ranges)


def _column(letters: str) -> int:
    at = 0
    for letter in letters.upper():
        at = 26 * at + ord(letter) - 64
    return at - 1


def _unescaped(text: str) -> str:
    """`_x000D_` is how the format writes a control character."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
