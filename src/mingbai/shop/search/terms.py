"""Terms: what the keyword leg finds a document by, and what of a query each of them accounts for.

e: a Latin word's stem      n: a number          u: a quantity with its unit
b: two neighbouring Chinese characters           c: one Chinese character
p: two neighbouring syllables                    i: initials of a stretch that begins at a word

A Chinese word is found by all of its character pairs, so how it was cut matters neither to documents nor to queries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Protocol, cast

from mingbai.shop.search.document import FIELDS, Document
from mingbai.shop.search.measures import COUNTED, Measure, measures
from mingbai.shop.search.normal import Token, runs, tokens
from mingbai.shop.search.sounds import alone, initials, syllables, typed
from mingbai.shop.search.vocabulary import Vocabulary, spelt

RUNNING = frozenset({"rule", "body", "review"})
UNHEARD = frozenset({"body", "review"})  # whose sound and single characters are not indexed
INITIALS_LONGEST = 6
POSITIONS = 48  # tokens of a query that are looked at


class Cutter(Protocol):
    def cut(self, text: str) -> list[str]: ...


@cache
def cutter() -> Cutter:
    import rjieba

    return cast(Cutter, rjieba)


@dataclass(frozen=True, slots=True)
class Feature:
    """A document that has every one of `terms` accounts for the query's positions [start, end) to this quality."""

    terms: tuple[str, ...]
    start: int
    end: int
    quality: float
    route: str  # word | pair | character | synonym | sound | initials | unit | spelling


@dataclass(frozen=True, slots=True)
class Parsed:
    """`words`: spans of positions that belong together; those that say nothing are not in it."""

    said: tuple[str, ...]
    words: tuple[tuple[int, int], ...]
    features: tuple[Feature, ...]
    measured: tuple[Measure, ...]
    latin: tuple[
        tuple[int, str], ...
    ]  # position and stem of Latin words: spelling is forgiven where none has it


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
    yield from pairs("p", tuple(s for word in words for s in syllables(word)))
    first = "".join(map(initials, words))
    at = 0
    for word in words:
        for length in range(2, INITIALS_LONGEST + 1):
            piece = first[at : at + length]
            if len(piece) == length and " " not in piece:
                yield f"i:{piece}"
        at += len(word)


def of_query(text: str, vocabulary: Vocabulary) -> Parsed:
    found = tokens(text)[:POSITIONS]
    measured = measures(found)
    counted = {i for m in measured for i in range(m.start, m.end)}
    words = _whole(list(_words(found)), measured)
    features: list[Feature] = []
    telling: list[tuple[int, int]] = []
    for start, end in words:
        said = (
            spelt(found[start]) if found[start].kind == "word" else "".join(t.text for t in found[start:end])
        )
        if said not in vocabulary.empty:
            telling.append((start, end))
        if start not in counted:
            features.append(_exactly(found, start, end))
    telling = telling or words
    inside = {i for start, end in telling for i in range(start, end)}
    word_of = {i: n for n, (start, end) in enumerate(words) for i in range(start, end)}
    for start, end in runs(found):
        features += _chinese(found, start, end, inside - counted, word_of)
    features += _synonyms(found, inside, vocabulary)
    features += _letters(found)
    features += [
        Feature((f"n:{t.text}",), i, i + 1, 0.5, "part")
        for i, t in enumerate(found)
        if i in counted and t.kind == "number"
    ]
    features += [Feature((m.term,), m.start, m.end, 1.0, "unit") for m in measured]
    latin = tuple((i, spelt(t)) for i, t in enumerate(found) if t.kind == "word" and i in inside)
    return Parsed(
        tuple(t.text for t in found), tuple(telling), tuple(dict.fromkeys(features)), tuple(measured), latin
    )


def _words(found: list[Token]) -> Iterator[tuple[int, int]]:
    """Spans of positions: each Chinese word as it is cut, every other token alone."""
    begins = dict(runs(found))
    i = 0
    while i < len(found):
        if i not in begins:
            yield i, i + 1
            i += 1
            continue
        for word in cutter().cut("".join(t.text for t in found[i : begins[i]])):
            yield i, i + len(word)
            i += len(word)


def _whole(words: list[tuple[int, int]], measured: Iterable[Measure]) -> list[tuple[int, int]]:
    """The words with each quantity as one, because a document with the unit alone has nothing of it."""
    for measure in measured:
        inside = [w for w in words if w[0] < measure.end and measure.start < w[1]]
        if inside:
            merged = (min(w[0] for w in inside), max(w[1] for w in inside))
            words = sorted([*(w for w in words if w not in inside), merged])
    return words


def _exactly(found: list[Token], start: int, end: int) -> Feature:
    return Feature(tuple(spell(found[start:end])), start, end, 1.0, "word")


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


def _chinese(
    found: list[Token], start: int, end: int, inside: set[int], word_of: dict[int, int]
) -> Iterator[Feature]:
    """Parts of words, and sounds, of one unbroken stretch of Chinese."""
    for i in range(start, end):
        if i in inside and sum(n == word_of[i] for n in word_of.values()) > 1:
            yield Feature((f"c:{found[i].text}",), i, i + 1, 0.2, "character")
    if 3 <= end - start <= 8:  # all of it, however it is cut
        yield Feature(tuple(pairs("b", "".join(t.text for t in found[start:end]))), start, end, 1.0, "phrase")
    spoken = tuple(alone(t.text) for t in found[start:end])
    for i in range(start, end - 1):
        if i not in inside and i + 1 not in inside:
            continue
        same = word_of[i] == word_of[i + 1]
        yield Feature((f"b:{found[i].text}{found[i + 1].text}",), i, i + 2, 0.7 if same else 0.8, "pair")
        yield Feature((f"p:{spoken[i - start]} {spoken[i - start + 1]}",), i, i + 2, 0.72, "sound")
    for a, b in {(i, j) for i in range(start, end) for j in (i + 1,) if j < end}:
        read = syllables(found[a].text + found[b].text)
        if read != (spoken[a - start], spoken[b - start]) and (a in inside or b in inside):
            yield Feature((f"p:{read[0]} {read[1]}",), a, b + 1, 0.72, "sound")


def _synonyms(found: list[Token], inside: set[int], vocabulary: Vocabulary) -> Iterator[Feature]:
    for start in range(len(found)):
        for end, others in vocabulary.same(found, start):
            if not any(i in inside for i in range(start, end)):
                continue
            for other in others:
                member = [t for word in other for t in tokens(word)]
                terms = tuple(spell(member))
                yield Feature(terms, start, end, 0.88, "synonym")


def _letters(found: list[Token]) -> Iterator[Feature]:
    """Latin letters as pinyin without spaces, as initials, or as one word written as two."""
    i = 0
    while i < len(found):
        if found[i].kind != "word" or not found[i].text.isascii():
            i += 1
            continue
        end = i
        read: list[tuple[int, str]] = []
        while end < len(found) and found[end].kind == "word" and found[end].text.isascii():
            heard = typed(found[end].text) if len(found[end].text) <= 40 else ()
            if not heard:
                break
            read += [(end, syllable) for syllable in heard]
            end += 1
        for (a, x), (b, y) in pairwise(read):
            yield Feature((f"p:{x} {y}",), a, b + 1, 0.7, "sound")
        yield from _initials(found, i)
        if i + 1 < len(found) and found[i + 1].kind == "word":
            yield Feature((f"e:{spelt(found[i])}{spelt(found[i + 1])}",), i, i + 2, 1.0, "word")
        i = max(end, i + 1) if end > i + 1 else i + 1


def _initials(found: list[Token], i: int) -> Iterator[Feature]:
    word = found[i].text
    end = i + 1
    while (
        end < len(found) and end - i < 4 and found[end].kind == "han" and found[end].glued and len(word) <= 4
    ):
        end += 1
    if end > i + 1:  # zs壶: letters and characters mixed
        mixed = word + "".join(initials(t.text) for t in found[i + 1 : end])
        if 2 <= len(mixed) <= INITIALS_LONGEST and " " not in mixed:
            yield Feature((f"i:{mixed}",), i, end, 0.7, "initials")
    if 2 <= len(word) <= 12:
        pieces = (
            [word] if len(word) <= INITIALS_LONGEST else [word[:INITIALS_LONGEST], word[-INITIALS_LONGEST:]]
        )
        yield Feature(tuple(f"i:{piece}" for piece in pieces), i, i + 1, 0.75, "initials")


def forgiven(word: str) -> list[str]:
    """Every string one edit away from a Latin word: a letter lost, added, wrong, or two swapped."""
    if not 4 <= len(word) <= 24 or not word.isascii():
        return []
    letters = "abcdefghijklmnopqrstuvwxyz"
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    edits = {a + b[1:] for a, b in cuts if b}
    edits |= {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    edits |= {a + c + b[1:] for a, b in cuts if b for c in letters}
    edits |= {a + c + b for a, b in cuts for c in letters}
    return sorted(edits - {word})


def near(measure: Measure, known: Iterable[float]) -> Iterator[tuple[str, float]]:
    """Terms of nearly the same quantity (within 6 %), each with its quality: 7 oz finds 200 ml."""
    if measure.dimension in COUNTED:
        return
    wanted = float(measure.amount)
    for amount in known:
        apart = abs(amount - wanted) / wanted if wanted else 1.0
        if 0 < apart <= 0.06:
            yield f"u:{measure.dimension}:{amount:g}", 0.95 - 3 * apart
