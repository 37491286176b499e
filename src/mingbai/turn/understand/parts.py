"""A message taken apart where another question may begin. Offsets are those of the text given."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace

_END = re.compile(
    r"[。！？!?；;\n]+|(?<=[a-z\u3400-\u9fff])\.+(?=\s|$|[\u3400-\u9fff])|…+|(?<=[\u3400-\u9fff])[~～]+"
)
# A word that begins another question; what follows it is the next part.
_ALSO = re.compile(
    r"[,， ]*(?:另外|还有(?=[,， ]?(?:就是|我|你|这|那|能|可以|什么时候|怎么|运费|发票|如果|请|想|要|退|一个问题|个问题))|再问(?:一?下|个)|再请问|顺便(?:问|帮|说|看|查)?|对了|然后(?:再|还)?|同时|以及|并且|而且(?=.{0,6}(?:吗|么|怎么|什么|能))"
    r"|\b(?:also|and also|by the way|btw|another thing|one more (?:thing|question)|plus,|additionally|secondly|(?:and|plus) (?=(?:can|could|do|does|how|what|when|where|which|who(?:'s)?|whose|why|is|are|was|were|has|have|did|will|would|should|must|may|please|i (?:want|need|would)|my)\b)))",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,，、:：]|\s-\s|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])|\b(?:but|then)\b")
# A question only for a nod leads to what follows it: it hasn't shipped yet, has it? Can I change the address?
_NOD = re.compile(
    r"(?:, ?(?:has|have|had|is|are|was|were|did|do|does|can|will)(?:n't)? (?:it|they|you|he|she|there)|, ?(?:right|correct)|[,， ]?(?:对吧|是吧|对吗|是吗|没错吧)|吧)[?？]+$",
    re.IGNORECASE,
)
_MERELY_AND = re.compile(r"and\b(?! also)", re.IGNORECASE)
_WORTH = re.compile(r"[\u3400-\u9fffa-z0-9]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """`beside`: it is cut from what stands before it by no more than an "and"."""

    start: int
    end: int
    text: str
    beside: bool = False


def split(text: str) -> list[Part]:
    """Sentences, and what another question's first word cuts off; the text whole where nothing cuts it."""
    ends = {hit.end() for hit in _END.finditer(text) if not _NOD.search(text[: hit.end()])}
    also = {hit.start(): hit for hit in _ALSO.finditer(text)}
    pieces = _pieces(text, sorted({0, len(text), *ends, *also}))
    return [
        replace(it, beside=it.start in also and it.start not in ends and _only_and(also[it.start][0]))
        for it in pieces
    ]


def _only_and(word: str) -> bool:
    return _MERELY_AND.match(word.strip(" ,，")) is not None


def clauses(part: Part) -> list[Part]:
    """A part's pieces between commas."""
    cuts = sorted({0, len(part.text), *(hit.end() for hit in _CLAUSE.finditer(part.text))})
    return [Part(part.start + it.start, part.start + it.end, it.text) for it in _pieces(part.text, cuts)]


def _pieces(text: str, cuts: list[int]) -> list[Part]:
    made = []
    for start, end in itertools.pairwise(cuts):
        piece = text[start:end]
        if _WORTH.search(piece):
            made.append(Part(start, end, piece))
    return made or [Part(0, len(text), text)]
