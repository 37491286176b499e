"""JSON arrays, JSON Lines, or one object after another, to objects with their place. Numbers stay the text they are.

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
_ARRAY = Text("JSON 数组，按第几个计", "a JSON array, its elements are counted")
BROKEN = Text(
    "这里不是完整的 JSON（可能文件没有写完）", "here it is not whole JSON (perhaps the file breaks off)"
)
CROWDED = Text(
    "这一行不止一个对象（可能丢了换行）",
    "there is more than one object in this line (perhaps a line end is lost)",
)
DAMAGED = Text("有无法解码的字节", "it has bytes that are not in the file's encoding")


# Python counts the lines before an error anew for each: a file of nothing but errors must not take for ever.
_BROKEN_LOOKED_INTO = 100


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
    found = _elements(text, decoder) if array else _lines(text, decoder)
    if not damaged:
        return found
    return (Row(row.line, row.body, row.fault or (DAMAGED if _bad(row.body) else None)) for row in found)


def _bad(value: Node) -> bool:
    return bool(BAD_BYTE.search(json.dumps(value, ensure_ascii=False)))


def _elements(text: str, decoder: json.JSONDecoder) -> Iterator[Row[Node]]:
    """Counted, not by line: programs write a whole array on one."""
    at, number = text.index("[") + 1, 0
    while True:
        at, number = _after_space(text, at), number + 1
        if text.startswith("]", at):
            return
        found = _decoded(text, at, decoder)
        if found is None:
            yield Row(number, None, BROKEN)
            return
        yield Row(number, found[0])
        at = found[1]


def _lines(text: str, decoder: json.JSONDecoder) -> Iterator[Row[Node]]:
    """Most objects end with their line, and an error in a short text is found in a short time."""
    at, line, broken = 0, 1, 0
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        one = text[at:end]
        begin = _after_space(one, 0)
        if begin < len(one):
            found = _decoded(one, begin, decoder)
            if (
                found is None
                and broken < _BROKEN_LOOKED_INTO
                and (over := _decoded(text, at + begin, decoder))
            ):
                yield Row(line, over[0])
                line += text.count("\n", at, over[1])
                at = over[1]
                continue
            if found is None:
                broken += 1
                yield Row(line, None, BROKEN)
            else:
                yield Row(line, found[0], None if _after_space(one, found[1]) == len(one) else CROWDED)
        at, line = end + 1, line + 1


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _decoded(text: str, at: int, decoder: json.JSONDecoder) -> tuple[Node, int] | None:
    try:
        value, end = decoder.raw_decode(text, at)
    except (ValueError, RecursionError):
        return None
    return value, end
