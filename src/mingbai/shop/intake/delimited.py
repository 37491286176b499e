"""Text with separators (CSV, TSV, semicolons) to rows of cells, with the traps of real exports.

Cells lose what programs wrap around a value so that a spreadsheet keeps it: `="193…"`, a leading `'` before a number, tabs,
no-break and zero-width spaces at the ends. What stands inside a value is never touched.
Not covered: a file that breaks off inside its very last cell looks whole.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from mingbai.shop.intake.encoding import BAD_BYTE, Decoded
from mingbai.shop.intake.rows import COLUMN_LIMIT, Grid, Row, refused, too_large
from mingbai.values.errors import BadInput, Text

SEPARATORS = {"\t": Text("制表符", "tab"), ",": Text("逗号", "comma"), ";": Text("分号", "semicolon")}
EDGE = " \t\r\n\v\f\xa0\u1680\u2000\u2002\u2003\u2009\u200b\u200c\u200d\u200e\u200f\u202f\u2060\u3000\ufeff"
_FORMULA = re.compile(r'="([^"]*)"')
_QUOTED_NUMBER = re.compile(r"'(?=[+\d])[\d\s+*()转.,:/-]+")
_LONE_RETURN = re.compile(r"\r(?!\n)")
_LOOKED_AT = 64 * 1024
CUT = Text("文件在这一行中断（没有写完）", "the file breaks off in this line")
DAMAGED = Text("这一行有无法解码的字节（坏字符）", "this line has bytes that are not in the file's encoding")


def grid(name: str, decoded: Decoded, *, quotes: bool = True, tidy: bool = True, separator: str = "") -> Grid:
    """`quotes` False: quotation marks are ordinary characters (Amazon's reports). `tidy` False: cells as they are. `separator`: where
    it is known; else it is told from the text."""
    text = decoded.text
    said = re.match(r"sep=([,;\t])\r?\n", text)
    separator = said[1] if said else separator or sniffed(text, quotes=quotes)
    word = SEPARATORS[separator]
    how = Text(f"{decoded.how.zh}；{word.zh}分隔", f"{decoded.how.en}; {word.en}-separated")
    skip = 1 if said else 0

    def rows() -> Iterator[Row[Sequence[str]]]:
        found = _rows(text, separator, quotes=quotes, tidy=tidy)
        for row in found:
            if row.line > skip:
                yield _damaged(row) if decoded.damaged else row

    return Grid(name, how, rows, ragged=False)


def sniffed(text: str, *, quotes: bool = True) -> str:
    """The separator that most of the first lines have equally many of, outside quotation marks; comma when none is."""
    head = text[:_LOOKED_AT]
    if quotes:
        head = re.sub(r'"[^"]*(?:"|\Z)', "", head)
    lines = head.splitlines()[:20]
    best = (0, 0, False, False, ",")
    for sign in SEPARATORS:
        counted = Counter(line.count(sign) for line in lines if sign in line)
        if counted:
            times, most = max((times, count) for count, times in counted.items())
            best = max(best, (times, most, sign == "\t", sign == ",", sign))
    return best[-1]


def tidied(cell: str) -> str:
    cell = cell.strip(EDGE)
    if cell[:1] == "=" and (formula := _FORMULA.fullmatch(cell)):
        return formula[1].strip(EDGE)
    if cell[:1] == "'" and _QUOTED_NUMBER.fullmatch(cell):
        return cell[1:].strip(EDGE)
    return cell


class _Lines:
    """The text's lines without a copy of the text, with how many characters have been handed out."""

    def __init__(self, text: str) -> None:
        self._text = text
        # Line ends of an old Mac, alone or among others: only then is the slower reader needed.
        self._others = io.StringIO(text, newline="") if _LONE_RETURN.search(text) else None
        self.given = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self._others is not None:
            line = next(self._others)
        else:
            end = self._text.find("\n", self.given) + 1
            line = self._text[self.given : end or len(self._text)]
            if not line:
                raise StopIteration
        self.given += len(line)
        return line


def _rows(text: str, separator: str, *, quotes: bool, tidy: bool) -> Iterator[Row[Sequence[str]]]:
    lines = _Lines(text)
    quoting: int = csv.QUOTE_MINIMAL if quotes else csv.QUOTE_NONE
    reader = csv.reader(lines, delimiter=separator, quoting=quoting)  # type: ignore[arg-type]  # an int at run time
    line, start, wide = 1, 0, 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _unreadable(line, error) from None
        if not cells:
            line, start = reader.line_num + 1, lines.given
            continue
        if len(cells) > COLUMN_LIMIT:
            raise too_large(
                f"第 {line} 行有 {len(cells)} 列，多于 {COLUMN_LIMIT} 列。",
                f"Line {line} has {len(cells)} columns, more than {COLUMN_LIMIT}.",
            )
        fault = None
        if lines.given == len(text) and (len(cells) < wide or (quotes and _open(text[start:], separator))):
            whole = text.endswith(("\n", "\r")) and not (quotes and _open(text[start:], separator))
            fault = None if whole else CUT
        wide = max(wide, len(cells))
        yield Row(line, [tidied(cell) if cell else cell for cell in cells] if tidy else cells, fault)
        line, start = reader.line_num + 1, lines.given


def _open(record: str, separator: str) -> bool:
    """Does the record end inside quotation marks?"""
    if record.count('"') % 2 == 0:
        return False
    try:
        list(csv.reader(io.StringIO(record, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)  # the module has one class for all of them
    return False


def _damaged(row: Row[Sequence[str]]) -> Row[Sequence[str]]:
    if row.fault is None and any(BAD_BYTE.search(cell) for cell in row.body):
        return Row(row.line, row.body, DAMAGED)
    return row


def _unreadable(line: int, error: csv.Error) -> BadInput:
    return refused(
        f"从第 {line} 行起读不了（{error}）：多半是少了一个引号。",
        f"From line {line} on it cannot be read ({error}): most likely a quotation mark is missing.",
        "请从平台后台重新导出这个文件。",
        "Export this file again from the platform.",
    )
