"""Where personal data stands in a text. Reads it narrowed (①③⑧, full-width, zero-width), in windows of bounded size, and once more
what is in it in other codes (`encoded.py`).

Time grows with the text and with nothing else. What a rule raises goes through: a caller that cannot tell must not send.
Not covered: data spread over several texts, pictures, other people's rules for what is personal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from mingbai.permit.mask import encoded
from mingbai.permit.mask.kinds import RULES, Gate
from mingbai.permit.mask.reading import Reading
from mingbai.permit.mask.span import KINDS, Kind, Rule, Span
from mingbai.zh.found import apart
from mingbai.zh.mapped import Mapped
from mingbai.zh.width import narrow

WINDOW = 1024
OVERLAP = 64  # longer than any number with the word that announces it
DEPTH = 1  # codes within codes: base64 in an address, escapes in base64
_EDGE = 32  # no number is longer
_BREAK = re.compile(r"[\n。！？!?；;]")
_FRAMES = frozenset("\ufe0f\u20e3")  # of a keycap, 0️⃣: the last one belongs to its digit
_MENTIONS = 64  # found names that are looked for again


class Detector:
    """`spans` of the chosen kinds, in order of the text, not overlapping."""

    def __init__(self, kinds: Collection[Kind] = KINDS) -> None:
        wanted = frozenset(kinds)
        self._names = "name" in wanted
        # By kind: of two that say the same, as surely, the first is kept.
        self._rules: tuple[tuple[Gate, Rule, Kind, str], ...] = tuple(
            (gate, it, it.KIND, it.__name__.rpartition(".")[2])
            for it, gate in sorted(RULES, key=lambda it: it[0].KIND)
            if it.KIND in wanted
        )

    def spans(self, text: str) -> list[Span]:
        shown = narrow(text)
        plain = shown.text
        kept = self._places(plain)
        if encoded.POSSIBLE.search(plain):
            kept = _covering(kept, self._hidden(plain, DEPTH))
        if not kept:
            return []
        if self._names and (again := _mentioned_again(kept, plain)):
            kept = sorted([*kept, *again], key=lambda it: it.start)
        if shown.one_to_one:
            return [
                _span((at, end, kind, text[at:end], sure, source)) for at, end, kind, sure, source in kept
            ]
        out = []
        for it in kept:
            start, end = shown.back(it.start, it.end)
            while text[end : end + 1] in _FRAMES:
                end += 1
            out.append(Span(start, end, it.kind, text[start:end], it.confidence, it.source))
        return out

    def _places(self, plain: str) -> list[_Place]:
        found: list[_Place] = []
        for begin, reading in _windows(plain) if len(plain) > WINDOW else ((0, Reading(plain)),):
            for gate, rule, kind, source in self._rules:
                if gate(reading):
                    for start, end, sure in rule.find(reading):
                        found.append(_place((begin + start, begin + end, kind, sure, source)))
        return apart(_joined(found)) if found else []

    def _hidden(self, plain: str, depth: int) -> list[_Place]:
        """What stands in escapes and in base64: the whole of them is masked."""
        out: list[_Place] = []
        for begin, view in encoded.pieces(plain):
            view = view.then(narrow(view.text))
            places = self._places(view.text)
            if depth:
                places = _covering(places, self._hidden(view.text, depth - 1))
            for it in places:
                if _trusted(view, it, begin == 0, begin + len(view.original) == len(plain)):
                    start, end = view.back(it.start, it.end)
                    out.append(_place((begin + start, begin + end, it.kind, it.confidence, it.source)))
        known: dict[str, _Place | None] = {}  # a text may pack the same many times
        for start, end, said in encoded.base64_texts(plain):
            if said not in known:
                known[said] = self._surest(narrow(said).text, depth)
            if surest := known[said]:
                out.append(_place((start, end, surest.kind, surest.confidence, surest.source)))
        return out

    def _surest(self, inner: str, depth: int) -> _Place | None:
        places = self._places(inner) or (self._hidden(inner, depth - 1) if depth else [])
        return max(places, key=lambda it: it.confidence) if places else None


class _Place(NamedTuple):
    """A span of the plain text; a text may have thousands of them before the best are kept."""

    start: int
    end: int
    kind: Kind
    confidence: float
    source: str


# Without a call of Python's own: a third of the constructors' time.
_place: Callable[[tuple[int, int, Kind, float, str]], _Place] = partial(tuple.__new__, _Place)
_span: Callable[[tuple[int, int, Kind, str, float, str]], Span] = partial(tuple.__new__, Span)


def _windows(plain: str) -> Iterator[tuple[int, Reading]]:
    """Pieces of at most WINDOW characters; a cut at the end of a sentence needs no overlap."""
    begin = 0
    while True:
        if len(plain) - begin <= WINDOW:
            yield begin, Reading(plain[begin:])
            return
        breaks = [it.end() for it in _BREAK.finditer(plain, begin + WINDOW // 2, begin + WINDOW)]
        end = breaks[-1] if breaks else begin + WINDOW
        yield begin, Reading(plain[begin:end])
        begin = end if breaks else end - OVERLAP


def _trusted(view: Mapped, it: _Place, from_start: bool, to_end: bool) -> bool:
    """A place beside an escape, or far from where the piece was cut out of its text: half a number is another number."""
    before, after = max(0, it.start - 1), min(len(view.text), it.end + 1)
    start, end = view.back(before, after)
    if end - start > after - before:
        return True
    return (from_start or it.start >= _EDGE) and (to_end or it.end <= len(view.text) - _EDGE)


def _covering(kept: list[_Place], hidden: list[_Place]) -> list[_Place]:
    """Of places that overlap and of which one is hidden: one that covers them all."""
    if not hidden:
        return kept
    out: list[tuple[_Place, bool]] = []
    for it, deep in sorted(
        [*((it, False) for it in kept), *((it, True) for it in hidden)], key=lambda it: it[0].start
    ):
        last, was_deep = out[-1] if out else (None, False)
        if last is None or it.start >= last.end:
            out.append((it, deep))
            continue
        said = it if deep and not was_deep else last
        whole = _Place(last.start, max(last.end, it.end), said.kind, said.confidence, said.source)
        out[-1] = whole, True
    return [it for it, _ in out]


def _joined(found: list[_Place]) -> list[_Place]:
    """An address cut by a window's edge was found in two halves: they are one."""
    halves = [it for it in found if it.kind == "address"]
    if len(halves) < 2:
        return found
    out: list[_Place] = []
    for it in sorted(halves, key=lambda it: (it.start, -it.end)):
        last = out[-1] if out else None
        if last is not None and it.start < last.end < it.end:
            sure = max(last.confidence, it.confidence)
            out[-1] = _Place(last.start, it.end, it.kind, sure, it.source)
        else:
            out.append(it)
    return [*out, *(it for it in found if it.kind != "address")]


def _mentioned_again(kept: Sequence[_Place], plain: str) -> list[_Place]:
    """Every other place where a name that was found stands."""
    names = {
        plain[it.start : it.end]: it.confidence for it in kept if it.kind == "name" and it.end - it.start > 1
    }
    if not names:
        return []
    words = sorted(names, key=len, reverse=True)[:_MENTIONS]
    pattern = re.compile("|".join(rf"\b{re.escape(it)}\b" if it.isascii() else re.escape(it) for it in words))
    taken = bytearray(len(plain))
    for it in kept:
        taken[it.start : it.end] = b"\1" * (it.end - it.start)
    return [
        _Place(*hit.span(), "name", names[hit[0]], "name")
        for hit in pattern.finditer(plain)
        if not any(taken[hit.start() : hit.end()])
    ]
