"""All that an answer may rest on, in one reading: the facts' words, figures, and the language to answer in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import pairwise

from mingbai.turn.said import Piece, read
from mingbai.values.money import Money
from mingbai.values.turn import Evidence, Fact, Lang, Turn
from mingbai.zh.width import normalise

EN_STOP = frozenset(
    [
        "the",
        "and",
        "for",
        "you",
        "your",
        "our",
        "with",
        "that",
        "this",
        "its",
        "are",
        "was",
        "were",
        "has",
        "have",
        "had",
        "been",
        "being",
        "not",
        "cannot",
        "will",
        "would",
        "can",
        "may",
        "from",
        "now",
        "yet",
        "please",
        "there",
        "any",
    ]
)
KEPT = "，。！？；：（）"  # the marks that cut a Chinese sentence


@dataclass(frozen=True)
class Basis:
    """`lines` are the sentences an answer may be made of, in both languages, the needed ones marked."""

    lang: Lang
    evidence: tuple[Evidence, ...] = field(repr=False)

    @staticmethod
    def of(turn: Turn) -> Basis:
        return Basis(turn.understood.lang if turn.understood else "zh-Hans", turn.evidence)

    @property
    def english(self) -> bool:
        return self.lang == "en"

    def say(self, both: Fact | object) -> str:
        """The words of a fact, need, refusal or proposal in the answer's language (Simplified for both Chinese)."""
        return str(getattr(both, "en" if self.english else "zh"))

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        return tuple(f for e in self.evidence for f in e.facts)

    @cached_property
    def text(self) -> str:
        """Everything said in the answer's language; what a word must be found in."""
        words = [self.say(f) for f in self.facts]
        for e in self.evidence:
            words += [self.say(x) for x in (*e.refusals, *e.needs)]
            words += [self.say(x) for x in (e.proposal, e.done) if x is not None]
            words += [choice for need in e.needs for choice in need.choices]
            if not e.facts:  # beside facts a page is cited, not worded
                words += [f"{p.title} {p.text}" for p in e.passages]
        return "\n".join(words)

    @cached_property
    def told(self) -> str:
        """The same as the checks read it: plain characters, Simplified."""
        return normalise(self.text, keep=KEPT).text

    @cached_property
    def claims(self) -> str:
        """The same without what only names the goods."""
        text = self.text
        for said in self._naming:
            text = text.replace(said, "", 1)
        return normalise(text, keep=KEPT).text

    @cached_property
    def names(self) -> frozenset[str]:
        """The words of the goods' names."""
        return frozenset(w for said in self._naming for w in pairs(normalise(said).text, self.english))

    @cached_property
    def _naming(self) -> tuple[str, ...]:
        return tuple(self.say(f) for f in self.facts if f.name.rpartition(".")[2] in ("title", "lines"))

    @cached_property
    def bargains(self) -> frozenset[str]:
        return frozenset(bargains(self.told))

    @cached_property
    def lone(self) -> frozenset[str]:
        """Characters that stand alone there, between figures and marks: 高 8.2 cm, M 码."""
        plain = list(self.told)
        for piece in read(self.told):
            plain[piece.start : piece.start + len(piece.said)] = " " * len(piece.said)
        return frozenset(re.findall(r"(?<![一-鿿])[一-鿿](?![一-鿿])", "".join(plain)))

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(stem(word) for word in re.findall(r"[a-z]+", self.text.casefold()))

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        values = [_written(f) for f in self.facts]
        return tuple(read("\n".join([self.text, *(f.zh + " " + f.en for f in self.facts), *values])))

    @cached_property
    def figures(self) -> frozenset[tuple[str, str]]:
        return frozenset((p.kind, p.value) for p in self.pieces)

    @cached_property
    def moments(self) -> frozenset[str]:
        """Days with the time beside them."""
        return frozenset(moments(self.pieces))

    @cached_property
    def days(self) -> frozenset[tuple[str, str]]:
        """(month-day, year or 0) of every day."""
        return frozenset(
            (rest, year) for p in self.pieces if p.kind == "day" for year, _, rest in [p.value.partition("-")]
        )

    @cached_property
    def numbers(self) -> frozenset[str]:
        return frozenset(p.value.split(" ")[0] for p in self.pieces if p.kind in ("count", "amount"))


def _written(fact: Fact) -> str:
    match fact.value:
        case Money() as money:
            return str(money)
        case datetime() as at:
            return f"{at:%Y-%m-%d %H:%M}"
        case date() as on:
            return on.isoformat()
        case _:
            return ""


def stem(word: str) -> str:
    """An English word without its commonest endings; enough to tell the same word in two forms."""
    for ending in ("ing", "ed", "es", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)].rstrip("e")
    return word.rstrip("e")


def bargains(text: str) -> Iterator[str]:
    """满 399 减 50: the two belong together."""
    for match in re.finditer(
        r"满\s?[¥€$]?\s?([\d.]+?)(?:\.00)?\s?(?:欧元|元|块)?[,，]?\s?(?:立?减|抵)\s?[¥€$]?\s?([\d.]+?)(?:\.00)?(?![\d.])",
        text,
    ):
        yield f"{match[1]}-{match[2]}"


def moments(pieces: Sequence[Piece]) -> Iterator[str]:
    """A day and the time right after it belong together."""
    for day, clock in pairwise(pieces):
        if day.kind == "day" and clock.kind == "clock" and clock.start - day.start - len(day.said) <= 4:
            yield f"{day.value.partition('-')[2]} {clock.value}"


def pairs(text: str, english: bool) -> frozenset[str]:
    """What a clause is about: pairs of characters, or words without their endings."""
    if english:
        found = [w for w in re.findall(r"[a-z]{3,}", text.casefold()) if w not in EN_STOP]
        return frozenset(w if w.endswith("ed") else stem(w) for w in found)  # dispatched is not: to dispatch
    bare = re.sub(r"可以|支持|能够|能|会|有(?=货)|已经|已|还|了|的|是|您|请", "", text)
    runs = re.findall(r"[一-鿿]+", bare)
    return frozenset(run[at : at + 2] for run in runs for at in range(max(1, len(run) - 1)))
