"""A message taken apart where another question may begin. Offsets are those of the text given."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

_END = re.compile(
    r"[。！？!?；;\n]+|(?<=[a-z\u3400-\u9fff])\.+(?=\s|$|[\u3400-\u9fff])|…+|(?<=[\u3400-\u9fff])[~～]+"
)
# A word that begins another question; what follows it is the next part.
_ALSO = re.compile(
    r"[,， ]*(?:另外|还有(?=[,， ]?(?:就是|我|你|这|那|能|可以|什么时候|怎么|运费|发票|如果|请|想|要|退|一个问题|个问题))|再问(?:一?下|个)|再请问|顺便(?:问|帮|说|看|查)?|对了|然后(?:再|还)?|同时|以及|并且|而且(?=.{0,6}(?:吗|么|怎么|什么|能))"
    r"|\b(?:also|and also|by the way|btw|another thing|one more (?:thing|question)|plus,|additionally|secondly|and (?=(?:can|could|do|does|how|what|when|where|which|is|are|will|please|i (?:want|need|would)|my)\b)))",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,，、:：]|\s-\s|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])|\b(?:but|then)\b")
_WORTH = re.compile(r"[\u3400-\u9fffa-z0-9]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    start: int
    end: int
    text: str


def split(text: str) -> list[Part]:
    """Sentences, and what another question's first word cuts off; the text whole where nothing cuts it."""
    cuts = {0, len(text)}
    cuts.update(hit.end() for hit in _END.finditer(text))
    cuts.update(hit.start() for hit in _ALSO.finditer(text))
    return _pieces(text, sorted(cuts))


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
