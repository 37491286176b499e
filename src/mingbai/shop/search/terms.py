"""Terms: what the keyword leg finds a document by.

e: a Latin word's stem      n: a number          u: a quantity with its unit
b: two neighbouring Chinese characters           c: one Chinese character
p: two neighbouring syllables                    i: initials of a stretch that begins at a word
y: the whole pinyin of words that stand together

A Chinese word is found by all of its character pairs, so how it was cut matters neither to documents nor to queries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from typing import Protocol, cast

from mingbai.shop.search.document import FIELDS, Document
from mingbai.shop.search.measures import measures
from mingbai.shop.search.normal import Token, runs, tokens
from mingbai.shop.search.vocabulary import spelt
from mingbai.zh.pinyin import coarse_initials, coarse_syllables, letters

RUNNING = frozenset({"rule", "body", "review"})
UNHEARD = frozenset({"body", "review"})  # whose sound and single characters are not indexed
INITIALS_LONGEST = 6
TYPED_LONGEST = 5  # characters of words together whose pinyin is indexed as one


class Cutter(Protocol):
    def cut(self, text: str) -> list[str]: ...

    def has_word(self, word: str) -> bool: ...


@cache
def cutter() -> Cutter:
    import rjieba

    return cast(Cutter, rjieba)


def of_document(document: Document) -> dict[str, int]:
    """Every term of the document with its weight, 1 to 255."""
    found: dict[str, int] = {}
    said: dict[str, int] = {}  # how often in running text
    for field in document.fields:
        weight = round(255 * FIELDS[field.name])
        for term in of_text(field.text, short=field.name not in UNHEARD):
            if field.name in RUNNING:
                said[term] = said.get(term, 0) + 1
            if found.get(term, 0) < weight:
                found[term] = weight
    for term, times in said.items():
        if times > 1:
            found[term] = max(
                found[term], round(found[term] + (255 - found[term]) * 0.25 * min(1.0, (times - 1) / 4))
            )
    return found


def of_text(text: str, *, short: bool) -> Iterator[str]:
    found = tokens(text)
    before = ""
    for token in found:
        match token.kind:
            case "word":
                word = spelt(token)
                yield f"e:{word}"
                if short and before:
                    yield f"e:{before}{word}"  # tea pot is found by teapot
                before = word
                continue
            case "number":
                yield f"n:{token.text}"
            case "han":
                if short:
                    yield f"c:{token.text}"
        before = ""
    for measure in measures(found):
        yield measure.term
    for start, end in runs(found):
        run = "".join(t.text for t in found[start:end])
        if len(run) == 1:
            yield f"c:{run}"
        yield from pairs("b", run)
        if short:
            yield from _sounds(run)


def pairs(name: str, run: str | tuple[str, ...]) -> Iterator[str]:
    return (f"{name}:{a}{' ' if name == 'p' else ''}{b}" for a, b in pairwise(run))


def _sounds(run: str) -> Iterator[str]:
    words = cutter().cut(run)
    yield from pairs("p", tuple(s for word in words for s in coarse_syllables(word)))
    first = "".join(map(coarse_initials, words))
    at = 0
    for word in words:
        for length in range(2, INITIALS_LONGEST + 1):
            piece = first[at : at + length]
            if len(piece) == length and " " not in piece:
                yield f"i:{piece}"
        at += len(word)
    head = coarse_initials(words[-1])
    for word in words[:-2]:  # 青花缠枝莲盖碗 is qhgw too
        short = coarse_initials(word) + head
        if 3 <= len(short) <= INITIALS_LONGEST and " " not in short:
            yield f"i:{short}"
    for start in range(len(words)):
        said = ""
        for word in words[start:]:
            said += word
            if len(said) > TYPED_LONGEST:
                break
            if len(said) > 1 and letters(said):
                yield f"y:{letters(said)}"


def spell(found: Iterable[Token]) -> Iterator[str]:
    """The terms that a document with exactly these tokens has: pairs for Chinese, stems and numbers otherwise."""
    han = ""
    for token in found:
        if token.kind == "han":
            han += token.text
            continue
        yield from _han(han)
        han = ""
        yield f"n:{token.text}" if token.kind == "number" else f"e:{spelt(token)}"
    yield from _han(han)


def _han(han: str) -> Iterator[str]:
    if len(han) == 1:
        yield f"c:{han}"
    yield from pairs("b", han)
