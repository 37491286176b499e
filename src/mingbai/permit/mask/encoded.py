"""Texts inside a text: %31%33 of addresses, &#49; and &commat; of HTML, base64. What a reader decodes at a glance, a mask must.

Bounded: two rounds of escapes (%2531 is %31), around the escapes only; base64 once for each run, and what comes out is no longer than
what went in. %xx are read as UTF-8, bytes that are none standing for themselves; where such are left, as GB18030, too. Not covered:
other codes (hex, UTF-7, quoted-printable), UTF-8 and GB18030 in one run, compressed or encrypted data, base64 cut into pieces.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Sequence
from html.entities import html5
from itertools import accumulate, chain
from operator import add
from typing import NamedTuple

from mingbai.zh.mapped import Mapped

ROUNDS = 2
AROUND = 64  # characters beside an escape that may say what it is part of
LEAST_BASE64 = 12  # of three Chinese characters, or of nine digits
_ESCAPES = re.compile(
    r"(?:%[0-9A-Fa-f]{2})+|%u[0-9A-Fa-f]{4}|&(?:#(?:[0-9]{1,7}|[xX][0-9A-Fa-f]{1,6});?|[A-Za-z]{2,8};)"
)
_UNREAD = re.compile("%[89A-Fa-f][0-9A-Fa-f]")  # a byte that is no ASCII
_C = "[A-Za-z0-9+/_-]"
_BASE64 = re.compile(  # in one run, or in lines, as e-mail and certificates break it
    rf"{_C}(?<!{_C}.)(?:{_C}{{59,79}}\r?\n(?:{_C}{{60,80}}\r?\n){{0,2000}}{_C}+|{_C}{{{LEAST_BASE64 - 1},}})={{0,2}}"
)
POSSIBLE = re.compile(rf"[%&]|{_C}{{{LEAST_BASE64}}}")  # without it there is nothing to decode
_BREAKS = re.compile(r"[\r\n]")
_WORDS = re.compile(r"[/_-]")
_CHARACTERS = frozenset("\n\t ")
_LINES = re.compile(r"[\n\t\r]+")


def pieces(text: str) -> Iterator[tuple[int, Mapped]]:
    """Where escapes stand close together: the offset, and that part of the text without its escapes; twice, where it may be
    GB18030."""
    here = last = -1
    for hit in _ESCAPES.finditer(text):
        if here >= 0 and hit.start() - last > 2 * AROUND:
            yield from _piece(text, here, last)
            here = -1
        here = hit.start() if here < 0 else here
        last = hit.end()
    if here >= 0:
        yield from _piece(text, here, last)


def base64_texts(text: str) -> Iterator[tuple[int, int, str]]:
    """Each run that is text in base64 (or its form for addresses): start, end, what it says."""
    known: dict[str, str] = {}
    for hit in _BASE64.finditer(text):
        if (run := hit[0]) not in known:
            known[run] = _unpacked(run)
        if said := known[run]:
            yield *hit.span(), said
            continue
        at = hit.start()
        for word in _WORDS.split(hit[0]):  # …/user/MTM4…: what stands before belongs to the address
            if len(word) >= LEAST_BASE64 and len(word) < len(hit[0]) and (said := _unpacked(word)):
                yield at, at + len(word), said
            at += len(word) + 1


def _piece(text: str, first: int, last: int) -> Iterator[tuple[int, Mapped]]:
    begin = max(0, first - AROUND)
    said = text[begin : last + AROUND]
    shown = _shown_as(said, "utf-8")
    if len(shown.text) < len(said):
        yield begin, shown
    if _UNREAD.search(shown.text):
        other = _shown_as(said, "gb18030")
        if len(other.text) < len(said) and other.text != shown.text:
            yield begin, other


def _shown_as(said: str, code: str) -> Mapped:
    shown = Mapped.same(said, said)
    for _ in range(ROUNDS):
        once = _unescaped(shown.text, code)
        if once is None:
            break
        shown = shown.then(once)
    return shown


def _unescaped(text: str, code: str) -> Mapped | None:
    """None where nothing is escaped."""
    made: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    here = 0
    known: dict[str, _Meaning | None] = {}  # a text has one escape many times: %20, &nbsp;
    for hit in _ESCAPES.finditer(text):
        escape = hit[0]
        if escape not in known:
            known[escape] = _meaning(escape, code)
        meaning = known[escape]
        if meaning is None:
            continue
        start = hit.start()
        starts += range(here, start)
        ends += range(here + 1, start + 1)
        starts += map(start.__add__, meaning.starts)
        ends += map(start.__add__, meaning.ends)
        made += text[here:start], meaning.text
        here = hit.end()
    if not made:
        return None
    made.append(text[here:])
    starts += range(here, len(text))
    ends += range(here + 1, len(text) + 1)
    return Mapped(text, "".join(made), starts, ends)


class _Meaning(NamedTuple):
    """What an escape, or a run of them, says; `text[i]` was made from its characters from starts[i] to ends[i]."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


def _meaning(escape: str, code: str) -> _Meaning | None:
    """None where it stands for itself."""
    if escape[0] == "%" and escape[1] not in "uU":
        return _percent(escape, code)
    said = _entity(escape) if escape[0] == "&" else _shown(int(escape[2:], 16))
    return _Meaning(said, (0,), (len(escape),)) if said else None


def _entity(escape: str) -> str:
    if escape[1] != "#":
        said = html5.get(escape[1:], "")
        return said if len(said) == 1 and _good(said) else ""
    digits = escape[2:].rstrip(";")
    return _shown(int(digits[1:], 16) if digits[0] in "xX" else int(digits))


def _percent(escape: str, code: str) -> _Meaning | None:
    """A run that is UTF-8 throughout is never read as anything else. Bytes that mean nothing stand for themselves."""
    raw = bytes.fromhex(escape.replace("%", ""))
    try:
        said, code = raw.decode(), "utf-8"
    except UnicodeDecodeError:
        said = raw.decode(code, "surrogateescape")
    # Without a loop of ours where it can be: a run may be as long as the text.
    sizes = {it: 3 * len(it.encode(code, "surrogateescape")) for it in set(said)}
    bad = {it: size for it, size in sizes.items() if not _good(it)}
    if len(bad) == len(sizes):
        return None
    ends = list(accumulate(map(sizes.__getitem__, said)))
    starts = [0, *ends[:-1]]
    if not bad:
        return _Meaning(said, starts, ends)
    worth = [bad.get(it, 1) for it in said]  # characters of the text: a bad one's escapes, one by one
    text = "".join(
        [escape[at:end] if it in bad else it for it, at, end in zip(said, starts, ends, strict=True)]
    )
    return _Meaning(
        text,
        list(chain.from_iterable(map(range, starts, map(add, starts, worth)))),
        list(
            chain.from_iterable(
                range(end - more, end) for end, more in zip(map((1).__add__, ends), worth, strict=True)
            )
        ),
    )


def _shown(code: int) -> str:
    said = chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
    return said if said and _good(said) else ""


def _good(character: str) -> bool:
    return character.isprintable() or character in _CHARACTERS


def _unpacked(run: str) -> str:
    """ "" where it is no text."""
    if run.isdigit() or (run.islower() and run.isalpha()):  # a number, a word
        return ""
    packed = _BREAKS.sub("", run).rstrip("=").replace("-", "+").replace("_", "/")
    if len(packed) % 4 == 1:
        return ""
    try:
        said = base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return said if _LINES.sub("", said).isprintable() else ""
