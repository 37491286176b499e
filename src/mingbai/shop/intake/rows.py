"""What every reader hands over: rows of cells as text (`Grid`) or objects (`Tree`), each with its line in the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from mingbai.values.errors import BadInput, Text, TooLarge

# A whole year of a busy shop's orders is some 100 MB; more than this is another kind of file, or an attack.
FILE_LIMIT_BYTES = 256 * 1024 * 1024
COLUMN_LIMIT = 2_000

# JSON after parsing, numbers kept as the text they were written in.
Node: TypeAlias = "str | bool | list[Node] | dict[str, Node] | None"
Body = TypeVar("Body")


@dataclass(frozen=True, slots=True)
class Row(Generic[Body]):
    """`line` is where it begins, 1-based; in a JSON array which element it is. `fault` says why the row cannot be used at all (cut off, damaged)."""

    line: int
    body: Body
    fault: Text | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. `rows` may be called again and reads from the start. `how` says what was detected."""

    name: str
    how: Text
    rows: Callable[[], Iterator[Row[Sequence[str]]]]
    ragged: bool = True  # rows end where their last filled cell does; False: a short row is a broken one


@dataclass(frozen=True, slots=True)
class Tree:
    """A list of JSON objects."""

    name: str
    how: Text
    rows: Callable[[], Iterator[Row[Node]]]


Sheet: TypeAlias = Grid | Tree


def refused(zh: str, en: str, mend_zh: str, mend_en: str) -> BadInput:
    return BadInput(Text(zh, en), Text(mend_zh, mend_en))


def too_large(zh: str, en: str) -> TooLarge:
    return TooLarge(
        Text(zh, en), Text("请按日期分成几个较小的文件再导入。", "Split it by date into smaller files.")
    )
