"""All that an answer may rest on, in one reading: the facts' words, figures, and the language to answer in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from mingbai.turn.said import Piece, read
from mingbai.values.money import Money
from mingbai.values.turn import Evidence, Fact, Lang, Turn


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
            words += [f"{p.title} {p.text}" for p in e.passages]
        return "\n".join(words)

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        values = [_written(f) for f in self.facts]
        return tuple(read("\n".join([self.text, *(f.zh + " " + f.en for f in self.facts), *values])))

    @cached_property
    def figures(self) -> frozenset[tuple[str, str]]:
        return frozenset((p.kind, p.value) for p in self.pieces)

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
