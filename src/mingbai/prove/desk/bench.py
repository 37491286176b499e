"""`mingbai bench desk`: how soon the first and the last piece come, where the time goes, and the same questions put to peers.

Peers are graded by what can be seen in words alone; so is ours beside them, by the same graders.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mingbai.prove.desk.case import Case
from mingbai.prove.desk.graders import GRADERS, made_up
from mingbai.prove.desk.report import STEPS, Report, quantile_of
from mingbai.prove.desk.talk import Talk
from mingbai.prove.search import Share
from mingbai.values.json import JsonObject

BY_WORDS = ("answered", "has", "has_not", "unknown", "language", "others")  # and nothing invented


@dataclass(frozen=True, slots=True)
class Row:
    """One contestant's answers to the same questions."""

    name: str
    talks: tuple[Talk, ...]
    tokens: float = 0.0  # of the prompt, a question
    cached: float = 0.0  # of these, read before

    @property
    def right(self) -> Share:
        return Share(sum(right(talk) for talk in self.talks), len(self.talks))

    @property
    def invented(self) -> int:
        return sum(bool(made_up(a, t.said)) for t in self.talks for a in t.answers)

    @property
    def errors(self) -> int:
        """Questions that ended in an error instead of an answer."""
        return sum(bool(t.last.error) for t in self.talks)

    def details(self) -> list[JsonObject]:
        """One object a question: what was answered, and if that is right."""
        return [
            {"by": self.name, "id": t.case.id, "say": t.case.say[-1], "answer": t.last.text, "right": right(t), "error": t.last.error,
             "invented": [f.said for a in t.answers for f in made_up(a, t.said)], "seconds": round(t.last.last, 2), "tokens": t.last.tokens}
            for t in self.talks
        ]  # fmt: skip

    def seconds(self, of: str, quantile: float) -> float:
        return quantile_of(
            [a.first if of == "first" else a.last for t in self.talks for a in t.answers], quantile
        )

    def as_json(self) -> JsonObject:
        low, high = self.right.interval
        return {
            "name": self.name, "n": len(self.talks), "right": self.right.hits, "low": round(low, 4), "high": round(high, 4),
            "invented": self.invented, "errors": self.errors, "prompt_tokens": round(self.tokens, 1), "cached_tokens": round(self.cached, 1),
            **{f"{of}_{name}": round(self.seconds(of, q), 3) for of in ("first", "last") for name, q in (("p50", 0.5), ("p95", 0.95))},
        }  # fmt: skip


def right(talk: Talk) -> bool:
    """By words alone: what a peer can be held to."""
    graders = dict(GRADERS)
    return not any(graders[name](talk) for name in BY_WORDS) and not any(
        made_up(a, talk.said) for a in talk.answers
    )


def in_words(cases: Sequence[Case]) -> list[Case]:
    """Questions of one message whose answer can be told right by its words."""
    return [
        c
        for c in cases
        if len(c.say) == 1 and not c.rows and (c.has or c.unknown) and not c.needs and not c.refused
    ]


def timed(name: str, report: Report) -> str:
    """A line: p50 and p95 of first and last piece, and of the steps."""
    parts = [
        f"{of} {report.seconds(of, 0.5):.2f} {report.seconds(of, 0.95):.2f}"
        for of in ("first", "last", *STEPS)
    ]
    return f"{name}  " + "   ".join(parts)


def table(rows: Sequence[Row]) -> list[str]:
    head = f"{'':<14}{'对 / right':<28}{'编造 / invented':<18}{'出错 / errors':<14}{'首字 p50 p95':<16}{'末字 p50 p95':<16}prompt tokens (cached)"
    return [head] + [
        f"{r.name:<14}{r.right.hits:>3}/{r.right.of:<4}{r.right!s:<22}{r.invented:>6}            {r.errors:>6}        "
        f"{r.seconds('first', 0.5):>5.2f} {r.seconds('first', 0.95):>6.2f}      {r.seconds('last', 0.5):>5.2f} {r.seconds('last', 0.95):>6.2f}      "
        f"{r.tokens:.0f} ({r.cached:.0f})"
        for r in rows
    ]
