"""Text that no database can keep whole is refused before it is written: U+0000 and halves of surrogate pairs."""

from __future__ import annotations

from collections.abc import Sequence

from mingbai.shop.records.shape import Shape, Values
from mingbai.values.errors import BadInput, Text
from mingbai.values.records import Sourced


def refuse_unkeepable(shape: Shape, rows: Sequence[Values], sources: Sequence[Sourced]) -> None:
    """One look at everything together; only when something is wrong is it searched for."""
    words = [value for values in rows for value in values if isinstance(value, str)]
    words += {name for source in sources for name in (source.origin.file, source.origin.sheet)}
    if _keepable("".join(words)):
        return
    for values, source in zip(rows, sources, strict=True):
        named = [
            *zip(shape.columns, values, strict=True),
            ("file", source.origin.file),
            ("sheet", source.origin.sheet),
        ]
        for name, value in named:
            if isinstance(value, str) and not _keepable(value):
                raise _refused(name, source)


def _keepable(text: str) -> bool:
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _refused(name: str, source: Sourced) -> BadInput:
    file, line = source.origin.file.encode(errors="replace").decode(), source.origin.line
    return BadInput(
        Text(
            f"{file} 第 {line} 行的 {name} 里有不能保存的字符（空字符或残缺的字符）。",
            f"{name} in line {line} of {file} has a character that cannot be kept (U+0000 or half a character).",
        ),
        Text(
            "文件的编码可能判断错了；请换一种编码导入。",
            "Its encoding may have been misjudged; name another.",
        ),
    )
