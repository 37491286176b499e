"""Where personal data stands in a text. Reads it narrowed (①③⑧, full-width, zero-width), in windows of bounded size.

Time grows with the text and with nothing else. What a rule raises goes through: a caller that cannot tell must not send.
Not covered: data spread over several texts, pictures, other people's rules for what is personal.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from mingbai.permit.mask.kinds import RULES, WITHOUT_DIGITS
from mingbai.permit.mask.reading import Reading
from mingbai.permit.mask.span import KINDS, NAMES, Kind, Span
from mingbai.zh.found import apart
from mingbai.zh.width import narrow

WINDOW = 512
OVERLAP = 64  # longer than any number with the word that announces it
_BREAK = re.compile(r"[\n。！？!?；;]")
_WRITTEN = re.compile("[0-9A-Za-z@]")
_FRAMES = frozenset("\ufe0f\u20e3")  # of a keycap, 0️⃣: the last one belongs to its digit
_MENTIONS = 64  # found names that are looked for again


class Detector:
    """`spans` of the chosen kinds, in order of the text, not overlapping."""

    def __init__(self, kinds: Collection[Kind] = KINDS) -> None:
        wanted = frozenset(kinds)
        self._rules = tuple(it for it in RULES if it.KIND in wanted)
        self._without_digits = tuple(it for it in WITHOUT_DIGITS if it.KIND in wanted)

    def spans(self, text: str) -> list[Span]:
        shown = narrow(text)
        plain = shown.text
        found: dict[tuple[int, int, Kind], Span] = {}
        for begin, reading in _windows(plain):
            for rule in self._rules if _WRITTEN.search(reading.text) else self._without_digits:
                for hit in rule.find(reading):
                    start, end = begin + hit.start, begin + hit.end
                    key = (start, end, rule.KIND)
                    if key not in found or found[key].score < hit.score:
                        source = rule.__name__.rpartition(".")[2]
                        found[key] = Span(start, end, rule.KIND, plain[start:end], hit.score, source)
        kept = apart(_joined(list(found.values()), plain))
        kept = [*kept, *_mentioned_again(kept, plain)]
        out = []
        for it in sorted(kept, key=lambda it: it.start):
            start, end = shown.back(it.start, it.end)
            while text[end : end + 1] in _FRAMES:
                end += 1
            out.append(Span(start, end, it.kind, text[start:end], it.score, it.source))
        return out


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


def _joined(spans: Sequence[Span], plain: str) -> list[Span]:
    """An address cut by a window's edge was found in two halves: they are one."""
    out: list[Span] = []
    for it in sorted(spans, key=lambda it: (it.kind, it.start, -it.end)):
        last = out[-1] if out else None
        if last is not None and last.kind == it.kind == "address" and it.start < last.end < it.end:
            out[-1] = Span(
                last.start, it.end, it.kind, plain[last.start : it.end], max(last.score, it.score), it.source
            )
        else:
            out.append(it)
    return out


def _mentioned_again(kept: Sequence[Span], plain: str) -> list[Span]:
    """Every other place where a name that was found stands."""
    names = {it.text: it for it in kept if it.kind in NAMES and it.kind == "name" and len(it.text) > 1}
    if not names:
        return []
    words = sorted(names, key=len, reverse=True)[:_MENTIONS]
    pattern = re.compile("|".join(rf"\b{re.escape(it)}\b" if it.isascii() else re.escape(it) for it in words))
    taken = bytearray(len(plain))
    for it in kept:
        taken[it.start : it.end] = b"\1" * (it.end - it.start)
    return [
        Span(*hit.span(), "name", hit[0], names[hit[0]].score, "name")
        for hit in pattern.finditer(plain)
        if not any(taken[hit.start() : hit.end()])
    ]
