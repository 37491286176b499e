"""Slips in Chinese: 荼叶罐 for 茶叶罐, 保温怀, 尤惠券, 西湖龙并. What was meant is asked of both legs instead.

A Chinese character is taken for another that looks or sounds like it only where what was typed is no word, here or in any
dictionary, and what it becomes is one: a word of the dictionary or of the list of synonyms that the shop has too, or a
stretch of three characters and more that stands in a title. Not mended: characters that were dropped or swapped, real words
typed for others (no dictionary tells), and Latin letters, which latin.py forgives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from mingbai.shop.search.document import FIELDS
from mingbai.shop.search.feature import Feature
from mingbai.shop.search.normal import runs, tokens
from mingbai.shop.search.segment import Segment, hashed
from mingbai.shop.search.terms import cutter, pairs
from mingbai.shop.search.vocabulary import Vocabulary
from mingbai.zh.pinyin import coarse_alone, letters

if TYPE_CHECKING:
    from mingbai.shop.search.container import Array

Carriers = Callable[[Sequence[Feature], Segment], list[tuple["Array", "Array"]]]

WINDOW = 5  # characters of the longest word that is looked for around a slip
SLIPS = 2  # that are mended in one query
READ = 24  # tokens of a query that are looked at: longer ones are sentences, which the encoder reads anyway
SURELY = 0.5  # how unlike a character may be in a word of two: a syllable further away, or low in the list, proves little
NAMED = round(255 * FIELDS["attribute"])  # the least weight of a word where goods are named


@dataclass(frozen=True, slots=True)
class Meant:
    """`text` is what was probably meant; `slips` are what was typed instead, by the position of the token."""

    text: str
    slips: Mapping[int, str] = field(default_factory=dict)

    def heard(self, start: int, end: int, signs: Sequence[str]) -> bool:
        """Whether all that was mended there sounds as it was typed; else it looks like it."""
        return all(letters(typed) == letters(signs[i]) for i, typed in self.slips.items() if start <= i < end)


@dataclass(frozen=True, slots=True)
class _Window:
    """`word` would stand from `start` on, were the character `at` another."""

    word: str
    start: int
    at: int


def meant(text: str, vocabulary: Vocabulary, segments: Sequence[Segment], carriers: Carriers) -> Meant:
    """The query with its slips mended, or as it is."""
    found = tokens(text)
    if not found or len(found) > READ:
        return Meant(text)
    shop = _Shop(segments, carriers)
    signs = [t.text for t in found]
    slips: dict[int, str] = {}
    for start, end in runs(found):
        if end - start > 1:
            for at, sign in _mended("".join(signs[start:end]), vocabulary, shop):
                if len(slips) < SLIPS:
                    slips[start + at] = signs[start + at]
                    signs[start + at] = sign
    if not slips:
        return Meant(text)
    spaced = [s if t.glued or not i else f" {s}" for i, (t, s) in enumerate(zip(found, signs, strict=True))]
    return Meant("".join(spaced), slips)


class _Shop:
    """What stands where the shop's goods and rules are named, asked as seldom as possible: its index holds hashes only."""

    def __init__(self, segments: Sequence[Segment], carriers: Carriers) -> None:
        self._segments = segments
        self._carriers = carriers
        self._has: dict[str, bool] = {}

    def having(self, terms: Iterable[str]) -> set[str]:
        """Those of the terms that some document is named by."""
        import numpy as np

        wanted = dict.fromkeys(terms)
        asked = [t for t in wanted if t not in self._has]
        if asked:
            hashes = np.array([hashed(t) for t in asked], np.uint64)
            for segment in self._segments:
                weights = segment.arrays["weights"]
                for term, (start, end) in zip(asked, segment.postings(hashes), strict=True):
                    had = end > start and bool((weights[start:end] >= NAMED).any())
                    self._has[term] = self._has.get(term, False) or had
        return {t for t in wanted if self._has.get(t, False)}

    def names(self, word: str) -> bool:
        """Does some document have the whole word where goods are named?"""
        terms = tuple(pairs("b", word))
        if len(self.having(terms)) < len(set(terms)):
            return False
        return any(
            bool((weights >= NAMED).any())
            for segment in self._segments
            for _, weights in self._carriers([Feature(terms, 0, 1, 1.0, "word")], segment)
        )


@dataclass(frozen=True, slots=True)
class _Run:
    """Unbroken Chinese as it was typed: `cut` into words, of which `held` are characters that stand in a word as they are."""

    text: str
    cut: tuple[tuple[int, int], ...]
    held: tuple[bool, ...]

    def breaks(self, start: int, end: int) -> bool:
        """Does a word of the dictionary reach over one of these bounds?"""
        return any(a < bound < b for bound in (start, end) for a, b in self.cut if self.known(a, b))

    def known(self, start: int, end: int) -> bool:
        return cutter().has_word(self.text[start:end])


def _mended(text: str, vocabulary: Vocabulary, shop: _Shop) -> list[tuple[int, str]]:
    """Positions, and the character that was meant there: the longest word first, and no word is mended twice."""
    run = _run(text, vocabulary, shop)
    doubtful = [i for i, held in enumerate(run.held) if not held]
    near = {i: _near(text[i]) for i in doubtful}
    known = shop.having(f"b:{p}" for i in doubtful for sign in near[i] for p in _pairs_with(text, i, sign))
    found: list[tuple[tuple[float, ...], _Window]] = []
    for i in doubtful:
        for sign, unlike in near[i].items():
            if sign not in vocabulary.empty and any(
                f"b:{p}" in known or p in vocabulary.pairs for p in _pairs_with(text, i, sign)
            ):
                found += [
                    ((len(w.word), ours, -unlike), w)
                    for w in _windows(run, i, sign, unlike, vocabulary)
                    if (ours := _is_word(w.word, vocabulary, shop))
                ]
    mended: list[tuple[int, str]] = []
    taken: set[int] = set()
    for _, window in sorted(found, key=lambda f: f[0], reverse=True):
        span = set(range(window.start, window.start + len(window.word)))
        if not span & taken:
            taken |= span
            mended.append((window.at, window.word[window.at - window.start]))
    return mended


def _run(text: str, vocabulary: Vocabulary, shop: _Shop) -> _Run:
    cut, at = [], 0
    for word in cutter().cut(text):
        cut.append((at, at + len(word)))
        at += len(word)
    held = [False] * len(text)
    for start, end in cut:
        word = text[start:end]
        if word in vocabulary.empty or (len(word) > 2 and cutter().has_word(word)):
            held[start:end] = [True] * (end - start)
    named = shop.having(pairs("b", text))
    for i in range(len(text) - 1):
        turned = text[i + 1] + text[i]  # 滤茶: who says so may mean 茶滤
        if f"b:{text[i : i + 2]}" in named or turned in vocabulary.pairs:
            held[i] = held[i + 1] = True
    for length in range(2, WINDOW + 1):
        for i in range(len(text) - length + 1):
            if vocabulary.has(text[i : i + length]):
                held[i : i + length] = [True] * length
    return _Run(text, tuple(cut), tuple(held))


def _windows(run: _Run, i: int, sign: str, unlike: float, vocabulary: Vocabulary) -> Iterator[_Window]:
    """The words that the character could be part of, were it the other."""
    text = run.text
    for length in range(min(WINDOW, len(text)), 1, -1):
        for start in range(max(0, i - length + 1), min(i, len(text) - length) + 1):
            end = start + length
            if run.known(start, end) or run.breaks(start, end):
                continue
            if length == 2:
                other = text[start if i > start else start + 1]
                alone = vocabulary.has(other) and text[i] in vocabulary.signs  # 小 and 盅: each may be meant
                if unlike > SURELY or other in vocabulary.empty or alone:
                    continue
            yield _Window(text[start:i] + sign + text[i + 1 : end], start, i)


def _is_word(word: str, vocabulary: Vocabulary, shop: _Shop) -> int:
    """2: the shop's. 1: only one that people say. 0: none."""
    if (len(word) > 2 or vocabulary.has(word) or cutter().has_word(word)) and shop.names(word):
        return 2
    return int(vocabulary.has(word))


def _pairs_with(text: str, i: int, sign: str) -> Iterator[str]:
    if i:
        yield text[i - 1] + sign
    if i + 1 < len(text):
        yield sign + text[i + 1]


@lru_cache(8192)
def _near(sign: str) -> Mapping[str, float]:
    """What may have been meant, and how unlike it is: 0 sounds the same but for the tone, 1 nearly so; the rest looks alike."""
    said = letters(sign)
    found: dict[str, float] = {}
    for place, other in enumerate(_looking().get(sign, ""), 1):
        found[other] = place / 10
    for other in _sounding().get(coarse_alone(sign), ()):
        found[other] = min(found.get(other, 1.0), 0.0 if said and letters(other) == said else 1.0)
    found.pop(sign, None)
    return found


@cache
def _looking() -> Mapping[str, str]:
    text = (files("mingbai.shop.search") / "data" / "shapes.txt").read_text("utf-8")
    return {line[0]: line[1:] for line in text.splitlines() if line and not line.startswith("#")}


@cache
def _sounding() -> Mapping[str, Sequence[str]]:
    """The 3,755 common characters (the first level of GB 2312) by their syllable: what was meant is one of them."""
    found: dict[str, list[str]] = {}
    for row in range(0xB0, 0xD8):
        for cell in range(0xA1, 0xFF if row < 0xD7 else 0xFA):
            sign = bytes((row, cell)).decode("gb2312")
            found.setdefault(coarse_alone(sign), []).append(sign)
    return found
