"""JSON arrays, JSON Lines, or one object after another, to objects with their line. Numbers stay the text they are.

A broken line refuses itself; in an array what follows a broken element cannot be told apart and is not read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from mingbai.shop.intake.encoding import BAD_BYTE, Decoded
from mingbai.shop.intake.rows import Node, Row, Tree
from mingbai.values.errors import Text

_SPACE = re.compile(r"[\s\x1e,]*")  # RFC 7464 puts a record separator before each
_LINES = Text("JSON Lines", "JSON Lines")
_ARRAY = Text("JSON 数组", "a JSON array")
BROKEN = Text(
    "这里不是完整的 JSON（可能文件没有写完）", "here it is not whole JSON (perhaps the file breaks off)"
)
DAMAGED = Text("有无法解码的字节", "it has bytes that are not in the file's encoding")


class _NotANumber(ValueError):
    pass


def _constant(name: str) -> str:
    raise _NotANumber(name)


_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=_constant)
_NUMBERS = json.JSONDecoder(parse_constant=_constant)


def looks_like(text: str) -> bool:
    """An object or an array of objects begins here."""
    return bool(re.match(r"[\s\x1e]*(?:\{|\[\s*(?:\{|\]))", text[:4096]))


def tree(name: str, decoded: Decoded, *, numbers: bool = False) -> Tree:
    """`numbers`: they are numbers, as our own export writes them, not the text of other programs' ids and amounts."""
    text = decoded.text
    array = text.lstrip()[:1] == "["
    how = _ARRAY if array else _LINES
    how = Text(f"{decoded.how.zh}；{how.zh}", f"{decoded.how.en}; {how.en}")
    return Tree(name, how, lambda: _objects(text, array, decoded.damaged, _NUMBERS if numbers else _DECODER))


def _objects(text: str, array: bool, damaged: bool, decoder: json.JSONDecoder) -> Iterator[Row[Node]]:
    at = text.index("[") + 1 if array else 0
    line, counted = 1, 0
    while True:
        space = _SPACE.match(text, at)
        at = space.end() if space else at
        line += text.count("\n", counted, at)
        counted = at
        if at >= len(text):
            if array:
                yield Row(line, None, BROKEN)
            return
        if array and text[at] == "]":
            return
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            yield Row(line, None, BROKEN)
            end = text.find("\n", at)
            if array or end < 0:
                return
            at = end
            continue
        fault = DAMAGED if damaged and BAD_BYTE.search(text, at, end) else None
        yield Row(line, value, fault)
        at = end
