"""A message as the row of the parts that its words play where a person is wished for: please, fetch, person.

Read by `wish.py`. Chinese words are found longest first, by their characters or by their sounds (赚人功, 转ren工); English
ones by whole words, one slip allowed. What is no part of such a sentence stands as a gap.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from mingbai.turn.understand.slips import one_slip
from mingbai.turn.understand.table import sections
from mingbai.zh.pinyin import blurred, syllables, typed
from mingbai.zh.words import listed

_HAN = "\u3400-\u9fffエ"
_PIECE = re.compile(
    rf"(?P<han>[{_HAN}](?:[{_HAN}]|[a-z]{{1,6}}(?=[{_HAN}])|(?<=[{_HAN}])[a-z]{{2,12}}(?![a-z']))*|[a-z]{{1,6}}(?=[{_HAN}])(?:[{_HAN}])*)"
    r"|(?P<latin>[a-z0-9]*[a-z][a-z0-9]*(?:['’-][a-z]+)*)|(?P<number>[0-9]+)|(?P<mark>[?!])"
)
_UNIT = re.compile(rf"[{_HAN}]|[a-z]+")
LONGEST = 6  # characters of the longest root
HEARD = frozenset(("person", "staff", "chief"))  # looked for by their sounds too


class Part(NamedTuple):
    """`heard`: not written so, but it sounds so."""

    name: str
    said: str
    heard: bool = False


def of(text: str) -> list[Part]:
    """`text` is in the form of `form.tight`."""
    out: list[Part] = []
    words: list[str] = []
    for hit in _PIECE.finditer(text):
        if hit["latin"]:
            words.append(hit["latin"])
            continue
        out += _latin(words)
        words = []
        if hit["han"]:
            out += _han(hit[0])
        elif hit["number"]:
            out.append(Part("number", hit[0]))
        else:
            out.append(Part(hit[0], hit[0]))
    return out + _latin(words)


def _units(run: str) -> tuple[list[str], list[str]]:
    """Characters, and Latin letters between them as the syllables they spell (转ren工), with their sounds."""
    said: list[str] = []
    heard: list[str] = []
    for hit in _UNIT.finditer(run):
        if hit[0].isascii():
            cut = typed(hit[0]) if hit[0] not in _roots(chinese=False) else ()
            said += cut or [hit[0]]
            heard += cut or [hit[0]]
        else:
            said.append(hit[0])
            heard.append("")
    together = "".join(it for it in said if not it.isascii())
    sounds = iter(syllables(together) if len(syllables(together)) == len(together) else list(together))
    return said, [it or next(sounds) for it in heard]


def _han(run: str) -> Iterator[Part]:
    said, sounds = _units(run)
    at = gap = 0
    while at < len(said):
        part, length = _root_at(said, at)
        if length < 2:
            heard, longer = _heard_at(said, at, sounds, part)
            part, length = (heard, longer) if heard else (part, length)
        if part is None:
            at, gap = at + 1, gap + 1
            continue
        if gap:
            yield _gap(said[at - gap : at])
            gap = 0
        yield part
        at += length
    if gap:
        yield _gap(said[len(said) - gap :])


def _gap(said: Sequence[str]) -> Part:
    return Part("gap" if len(said) < 3 else "long gap", "".join(said))


def _root_at(said: Sequence[str], at: int) -> tuple[Part | None, int]:
    if said[at].isascii():
        name = _roots(chinese=False).get(said[at])
        return (Part(name, said[at]), 1) if name else (None, 0)
    roots = _roots(chinese=True)
    for length in range(min(LONGEST, len(said) - at), 0, -1):
        word = "".join(said[at : at + length])
        if name := roots.get(word):
            return Part(name, word), length
    return None, 0


def _heard_at(
    said: Sequence[str], at: int, sounds: Sequence[str], root: Part | None
) -> tuple[Part | None, int]:
    """A root of two characters or more that the characters from `at` on only sound like.

    Where the first one is a root of its own (转仁, which sounds like 专人), one character must be right.
    """
    for length in (4, 3, 2):
        heard, written = sounds[at : at + length], "".join(said[at : at + length])
        word, name = _sounds().get(tuple(map(blurred, heard)), ("", ""))
        if not word or len(heard) < length or listed(written) or not all(map(_near, heard, syllables(word))):
            continue
        if root is None or any(one == other for one, other in zip(said[at : at + length], word, strict=True)):
            return Part(name, written, heard=True), length
    return None, 0


def _near(one: str, other: str) -> bool:
    """n and r both blur into l, but not into each other: 真能 is no 真人."""
    return {one[:1], other[:1]} != {"n", "r"}


@cache
def _sounds() -> dict[tuple[str, ...], tuple[str, str]]:
    return {
        tuple(map(blurred, syllables(word))): (word, name)
        for word, name in _roots(chinese=True).items()
        if name in HEARD and len(word) >= 2
    }


def _latin(words: Sequence[str]) -> list[Part]:
    """Words in a row: two or three that only together are one (ren gong, real person) count as one."""
    roots = _roots(chinese=False)
    out: list[Part] = []
    at = 0
    while at < len(words):
        for length in (4, 3, 2):
            joined = "".join(words[at : at + length])
            if at + length <= len(words) and joined in roots:
                out.append(Part(roots[joined], joined))
                break
        else:
            length = 1
            out.append(_word(words[at]))
        at += length
    return out


def _word(word: str) -> Part:
    roots = _roots(chinese=False)
    if name := roots.get(word):
        return Part(name, word)
    if len(word) >= 4:
        for root in _by_length(len(word)):
            if one_slip(word, root) and (len(root) >= 5 or sorted(word) == sorted(root)):
                return Part(roots[root], word, heard=True)
    return Part("word", word)


@cache
def _by_length(length: int) -> tuple[str, ...]:
    return tuple(root for root in _roots(chinese=False) if len(root) >= 4 and abs(len(root) - length) <= 1)


@cache
def _roots(*, chinese: bool) -> dict[str, str]:
    """Sections in order: a word that stands in two is what the later one says."""
    return {
        word: name.removeprefix("en_") if not chinese else name
        for name, lines in sections("rules", "roots.txt").items()
        if name.startswith("en_") is not chinese
        for word in " ".join(lines).split()
    }
