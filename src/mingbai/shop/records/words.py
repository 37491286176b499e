"""Text that no database can keep whole is refused before it is written: U+0000 and halves of surrogate pairs."""

from __future__ import annotations

from collections.abc import Sequence

from mingbai.shop.records.shape import Shape, Values
from mingbai.values.errors import BadInput, Text
from mingbai.values.records import Sourced


def refuse_unkeepable(shape: Shape, rows: Sequence[Values], sources: Sequence[Sourced]) -> None:
    """One look at everything together; only when something is wrong is the row searched for."""
    if keepable("".join(value for values in rows for value in values if isinstance(value, str))):
        return
    for values, source in zip(rows, sources, strict=True):
        for column, value in zip(shape.columns, values, strict=True):
            if isinstance(value, str) and not keepable(value):
                where = source.origin
                raise BadInput(
                    Text(
                        f"{where.file} 第 {where.line} 行的 {column} 里有不能保存的字符（空字符或残缺的字符）。",
                        f"{column} in line {where.line} of {where.file} has a character that cannot be kept "
                        "(U+0000 or half a character).",
                    ),
                    Text(
                        "文件的编码可能判断错了；请换一种编码导入。",
                        "Its encoding may have been misjudged; name another.",
                    ),
                )


def keepable(text: str) -> bool:
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
