"""A query taken apart: the words that say something, and every way in which a document may have them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mingbai.shop.search.feature import Feature, Parsed
from mingbai.shop.search.latin import letters
from mingbai.shop.search.measures import Measure, measures
from mingbai.shop.search.normal import Token, runs, tokens
from mingbai.shop.search.terms import cutter, pairs, spell
from mingbai.shop.search.vocabulary import Vocabulary, spelt
from mingbai.zh.pinyin import coarse_alone, coarse_syllables

POSITIONS = 48  # tokens of a query that are looked at

# How well each route accounts for what was said; the word itself is 1.
SYNONYM = 0.88
SOUND = 0.75
SOUND_OF_A_WORD = 0.5  # what was typed is a word of its own: less likely a slip
PAIR = 0.7
PAIR_ACROSS = 0.3  # two characters of two longer words: 红色 of 口红色号
CHARACTER = 0.2
CHARACTER_OF_UNKNOWN = 0.5  # one of several characters that form no word: 狗粮 is not 狗 and 粮
BARE_NUMBER = 0.5  # the number without its unit


def of_query(text: str, vocabulary: Vocabulary) -> Parsed:
    found = tokens(text)[:POSITIONS]
    measured = measures(found)
    counted = {i for m in measured for i in range(m.start, m.end)}
    words = _whole(list(_words(found)), measured)
    telling = [span for span in words if _said(found, span) not in vocabulary.empty] or words
    inside = {i for start, end in telling for i in range(start, end)}
    word_of = {i: span for span in words for i in range(*span)}
    features = [
        Feature(tuple(spell(found[start:end])), start, end, 1.0, "word")
        for start, end in words
        if start not in counted and not _stranded(found, start, word_of)
    ]
    for start, end in runs(found):
        features += _chinese(found, start, end, inside - counted, word_of)
    features += _synonyms(found, inside, word_of, vocabulary)
    features += letters(found)
    features += [
        Feature((f"n:{t.text}",), i, i + 1, BARE_NUMBER, "part")
        for i, t in enumerate(found)
        if i in counted and t.kind == "number"
    ]
    features += [Feature((m.term,), m.start, m.end, 1.0, "unit") for m in measured]
    latin = tuple((i, spelt(t)) for i, t in enumerate(found) if t.kind == "word" and i in inside)
    said = tuple(t.text for t in found)
    return Parsed(said, tuple(telling), tuple(words), tuple(dict.fromkeys(features)), tuple(measured), latin)


def _said(found: list[Token], span: tuple[int, int]) -> str:
    first = found[span[0]]
    return spelt(first) if first.kind == "word" else "".join(t.text for t in found[slice(*span)])


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


def _stranded(found: list[Token], i: int, word_of: dict[int, tuple[int, int]]) -> bool:
    """A single character beside another single character: the pieces of a word that the cutter does not know."""
    if found[i].kind != "han" or word_of[i] != (i, i + 1):
        return False
    before = i > 0 and found[i].glued and found[i - 1].kind == "han" and word_of[i - 1] == (i - 1, i)
    after = (
        i + 1 < len(found)
        and found[i + 1].glued
        and found[i + 1].kind == "han"
        and word_of[i + 1] == (i + 1, i + 2)
    )
    return before or after


def _chinese(
    found: list[Token], start: int, end: int, inside: set[int], word_of: dict[int, tuple[int, int]]
) -> Iterator[Feature]:
    """Parts of words, and sounds, of one unbroken stretch of Chinese."""
    for i in range(start, end):
        if i not in inside:
            continue
        if _stranded(found, i, word_of):
            yield Feature((f"c:{found[i].text}",), i, i + 1, CHARACTER_OF_UNKNOWN, "character")
        elif word_of[i] != (i, i + 1):
            yield Feature((f"c:{found[i].text}",), i, i + 1, CHARACTER, "character")
    run = "".join(t.text for t in found[start:end])
    if 3 <= len(run) <= 8:  # all of it, however it is cut
        yield Feature(tuple(pairs("b", run)), start, end, 1.0, "phrase")
    spoken = tuple(coarse_alone(sign) for sign in run)
    for i in range(start, end - 1):
        if i not in inside and i + 1 not in inside:
            continue
        two = found[i].text + found[i + 1].text
        one, other = word_of[i], word_of[i + 1]
        apart = one != other and one != (i, i + 1) and other != (i + 1, i + 2)
        yield Feature((f"b:{two}",), i, i + 2, PAIR_ACROSS if apart else PAIR, "pair")
        known = one == other and cutter().has_word(run[one[0] - start : one[1] - start])
        quality = SOUND_OF_A_WORD if known or apart else SOUND
        for sound in {spoken[i - start : i - start + 2], coarse_syllables(two)}:
            yield Feature((f"p:{sound[0]} {sound[1]}",), i, i + 2, quality, "sound")


def _synonyms(
    found: list[Token], inside: set[int], word_of: dict[int, tuple[int, int]], vocabulary: Vocabulary
) -> Iterator[Feature]:
    for start in range(len(found)):
        for end, others in vocabulary.same(found, start):
            begins, ends = word_of[start][0] == start, word_of[end - 1][1] == end
            if not any(i in inside for i in range(start, end)) or not (begins or ends):
                continue
            for other in others:
                member = [t for word in other for t in tokens(word)]
                yield Feature(tuple(spell(member)), start, end, SYNONYM, "synonym")
