"""Whether a text says a fact, and whether a sentence over facts keeps what each figure and each value was said of.

The checks ask if a sentence could be true of anything the rows hold; here it is laid beside the few facts it was made from.
Not covered: an order of events turned around, and a value without a figure that is said beside its own label and another's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mingbai.turn.basis import Basis, pairs, stem
from mingbai.turn.said import Piece, read
from mingbai.turn.templates import Line

SAME_WORDS = 0.6  # of a clause's words, found in the text, before it counts as said
LABEL = re.compile(r"([^，。；：,.;:]{1,8})：|([A-Za-z][A-Za-z -]{1,24}): ")
_TITLE = re.compile(r"《([^《》]+)》")
BREAK = re.compile(r"[，。；！？,;!?\n]|\.(?=\s|$)")


def labelled(text: str) -> tuple[str, str]:
    """材质：高白泥瓷 is a value with a label before it."""
    match = LABEL.match(text)
    return ((match[1] or match[2]), text[match.end() :]) if match else ("", text)


def says(text: str, line: Line, basis: Basis) -> bool:
    """Has this fact been said? Its figures all stand there, and most of the words of each of its clauses."""
    if _bare(line.text) in _bare(text):
        return True
    title = _TITLE.match(line.text)  # 《石瓢壶》工艺 is not said by 《西施壶》工艺
    if title is not None and "《" in text and _bare(title[1]) not in _bare(text):
        return False
    about = line.fact.about.casefold() if line.fact else ""  # which order it is need not be said each time
    wanted = {(p.kind, p.value) for p in read(line.text) if p.value != about}
    have = {(p.kind, p.value) for p in read(text)}
    here = _units(text, basis.english)
    label, value = labelled(line.text)
    if _bare(label) not in _bare(text):  # 电陶炉：可以 is not said by 电磁炉：不可以
        return False
    clauses = [_units(clause, basis.english) for clause in _clauses(value)]
    return wanted <= have and all(len(units & here) >= SAME_WORDS * len(units) for units in clauses)


def strays(sentence: str, worded: Sequence[Line], basis: Basis) -> str:
    """What of it was said of something else in the facts, or the first fact that it does not say; "" when it keeps to them."""
    if sentence.rstrip().endswith(("?", "？")):
        return sentence
    words = _stems(sentence, basis.english)
    for piece in read(sentence):
        held = [
            _stems(clause, basis.english)
            for line in worded
            for clause in _clauses(labelled(line.text)[1], only=piece)
        ]
        if held and not any(words & own or not own for own in held):
            return piece.said
    for line in worded:
        label, value = labelled(line.text)
        units = _stems(value, basis.english)
        if read(value) or not units or len(units & words) < SAME_WORDS * len(units):
            continue
        if label and not words & _stems(label, basis.english):
            return value.strip("。. ")
    return next((line.text for line in worded if not says(sentence, line, basis)), "")


def _clauses(text: str, *, only: Piece | None = None) -> list[str]:
    """The clauses without their figures; with `only`, those that hold that figure."""
    plain, marks = list(text), []
    for piece in read(text):
        plain[piece.start : piece.start + len(piece.said)] = " " * len(piece.said)
        if only is not None and _is_same(piece, only):
            marks.append(piece.start)
    out, start = [], 0
    whole = "".join(plain)
    for end in [*(m.start() for m in BREAK.finditer(whole)), len(whole)]:
        if only is None or any(start <= at < end for at in marks):
            out.append(whole[start:end])
        start = end
    return out


def _is_same(known: Piece, said: Piece) -> bool:
    """A day may be said without its year."""
    if known.kind == said.kind == "day" and said.value.startswith("0-"):
        return known.value.partition("-")[2] == said.value.partition("-")[2]
    return (known.kind, known.value) == (said.kind, said.value)


def _units(text: str, english: bool) -> set[str]:
    if english:
        return set(re.findall(r"[a-z]{3,}", text.casefold()))
    return set(re.findall(r"[一-鿿]", text))


def _stems(text: str, english: bool) -> frozenset[str]:
    return frozenset(stem(word) for word in pairs(text, english)) if english else pairs(text, english)


def _bare(text: str) -> str:
    return re.sub(r"[\s\W_]+", "", text.casefold())
