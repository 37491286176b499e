"""Bytes to text: which encoding a file is in, found by fixed rules and explained.

1. A byte-order mark decides, unless the text behind it is not in it at all: programs put UTF-8's mark before GBK. 2. Zero
bytes at every second place mean UTF-16. 3. Valid UTF-8 is UTF-8. 4. Otherwise the first of the profile's own legacy encodings
in which every byte is valid; GB18030 (which holds GBK and GB2312) unless it names some. 5. A few bad bytes refuse only their
rows. Not covered: Big5 and Shift_JIS are not guessed; a profile can name them.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass

from mingbai.shop.intake.rows import refused
from mingbai.values.errors import BadInput, Text

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (b"\x84\x31\x95\x33", "gb18030"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LEGACY = ("gb18030",)
BAD_BYTE = re.compile("[\udc80-\udcff]")  # what `surrogateescape` makes of a byte that is not in the encoding
_CONTROL = re.compile("[\0-\x08\x0e-\x1d\x7f]")
_LOOKED_AT = 4096
_BAD_PER_CHARACTERS = 500  # more bad bytes than one in so many: the encoding itself is wrong


@dataclass(frozen=True, slots=True)
class Decoded:
    """`damaged`: bad bytes stand in the text as lone surrogates; their rows are to be refused."""

    text: str
    encoding: str
    how: Text
    damaged: bool = False


def decode(data: bytes, legacy: Sequence[str] = ()) -> Decoded:
    """Raises `BadInput` when the bytes are no text."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            if encoding == "utf-8" and (inner := _behind_a_wrong_mark(data[len(mark) :], legacy)):
                return inner
            return _lenient(data[len(mark) :], encoding, Text("有字节顺序标记", "it has a byte-order mark"))
    if (wide := _wide(data)) and _plausible(data.decode(wide, "replace")):
        return _lenient(data, wide, Text("每隔一个字节为零", "every second byte is zero"))
    if b"\0" in data:
        raise _binary()
    try:
        return Decoded(
            data.decode("utf-8"), "utf-8", Text("UTF-8：全文合法", "UTF-8: the whole text is valid")
        )
    except UnicodeDecodeError:
        pass
    for encoding in legacy or _LEGACY:
        try:
            how = Text(f"{encoding}：不是合法的 UTF-8", f"{encoding}: it is not valid UTF-8")
            text = data.decode(encoding)
            if not _plausible(text):
                raise _binary()
            return Decoded(text, encoding, how)
        except UnicodeDecodeError:
            pass
    tried = []
    for encoding in ("utf-8", *(legacy or _LEGACY)):
        try:
            tried.append(_lenient(data, encoding, Text("只有少数字节坏了", "only a few bytes are damaged")))
        except BadInput:
            continue
    if not tried:
        raise _binary()
    return min(tried, key=lambda decoded: len(BAD_BYTE.findall(decoded.text)))


def _behind_a_wrong_mark(data: bytes, legacy: Sequence[str]) -> Decoded | None:
    """What stands behind a mark of UTF-8 when far too much of it is not UTF-8; None when the mark is right."""
    try:
        _lenient(data, "utf-8", Text("", ""))
        return None
    except BadInput:
        return decode(data, legacy)


def _lenient(data: bytes, encoding: str, why: Text) -> Decoded:
    how = Text(f"{encoding}：{why.zh}", f"{encoding}: {why.en}")
    try:
        return Decoded(data.decode(encoding), encoding, how)
    except UnicodeDecodeError:
        pass
    if encoding.startswith("utf-16"):
        text = data.decode(encoding, errors="replace").replace("�", "\udcff")
    else:
        text = data.decode(encoding, errors="surrogateescape")
    if len(BAD_BYTE.findall(text)) > 3 + len(text) // _BAD_PER_CHARACTERS:
        raise _binary()
    return Decoded(text, encoding, how, damaged=True)


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: commas, digits and line ends have a zero byte on one and the same side."""
    head = data[:4096]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if len(head) >= 4 and odd > len(head) // 20 and even * 20 <= odd:
        return "utf-16-le"
    if len(head) >= 4 and even > len(head) // 20 and odd * 20 <= even:
        return "utf-16-be"
    return None


def _plausible(text: str) -> bool:
    """Text has next to no control characters; programs and pictures that happen to decode are full of them."""
    head = text[:_LOOKED_AT]
    return len(_CONTROL.findall(head)) * 50 <= len(head)


def _binary() -> BadInput:
    return refused(
        "这个文件不是文本：UTF-8、UTF-16、GB18030 都读不了。",
        "This file is not text: it is neither UTF-8, UTF-16 nor GB18030.",
        "请从平台后台重新导出，或在表格软件中另存为 .xlsx 或 CSV UTF-8。",
        "Export it again from the platform, or save it as .xlsx or CSV UTF-8.",
    )
