"""`mingbai bench desk`: how soon the first and the last piece come, where the time goes, and the same questions put to peers.

Peers are graded by what can be seen in words alone; so is ours beside them, by the same graders.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mingbai.prove.desk.case import Case
from mingbai.prove.desk.graders import GRADERS, made_up
from mingbai.prove.desk.report import STEPS, Report
from mingbai.prove.desk.talk import Talk
from mingbai.prove.spread import Share, quantile
from mingbai.values.json import JsonObject

BY_WORDS = ("answered", "has", "has_not", "unknown", "language", "others")  # and nothing invented


@dataclass(frozen=True, slots=True)
class Row:
    """One contestant's answers to the same questions."""

    name: str
    talks: tuple[Talk, ...]

    @property
    def tokens(self) -> float:
        """Of the prompts, a question."""
        return sum(_used(t)[0] for t in self.talks) / max(1, len(self.talks))

    @property
    def cached(self) -> float:
        """Of these, read before; of a peer it is not known."""
        return sum(_used(t)[1] for t in self.talks) / max(1, len(self.talks))

    def among(self, others: Row) -> Row:
        """Its answers to the questions that another was asked, too."""
        ids = {t.case.id for t in others.talks}
        return Row(self.name, tuple(t for t in self.talks if t.case.id in ids))

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

    def seconds(self, of: str, share: float) -> float:
        return quantile([a.first if of == "first" else a.last for t in self.talks for a in t.answers], share)

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


def timed(name: str, report: Report) -> list[str]:
    """p50 and p95 of the first and last piece, of all answers and of those with a sentence of the model's; and the steps."""
    worded = Report(tuple(g for g in report.graded if _by_model(g.talk)))
    lines = [f"{name}  n {len(report.graded)}   {_seconds(report, ('first', 'last'))}"]
    if worded.graded:
        steps = ("first", "worded", "last", "understand", "ground", "compose", "generate", "check")
        lines.append(f"  模型措辞 / worded by the model  n {len(worded.graded)}   {_seconds(worded, steps)}")
    return lines


def _seconds(report: Report, of: Sequence[str]) -> str:
    return "   ".join(f"{o} {report.seconds(o, 0.5):.2f} {report.seconds(o, 0.95):.2f}" for o in of)


def seconds_as_json(report: Report) -> JsonObject:
    worded = Report(tuple(g for g in report.graded if _by_model(g.talk)))
    steps = ("first", "worded", "last", *STEPS, "compose", "generate", "check")
    return {
        name: {"n": len(some.graded), **{o: [round(some.seconds(o, q), 3) for q in (0.5, 0.95)] for o in steps}}
        for name, some in (("all", report), ("worded", worded))
    }  # fmt: skip


def _by_model(talk: Talk) -> bool:
    turn = talk.last.turn
    return turn is not None and turn.reply is not None and turn.reply.phrased_by == "model"


def _used(talk: Talk) -> tuple[int, int]:
    """Tokens of the prompts, and of these read before."""
    turn = talk.last.turn
    if turn is None or turn.reply is None:
        return talk.last.tokens, 0
    return turn.reply.usage.prompt_tokens, turn.reply.usage.cached_tokens


def paired(ours: Row, peer: Row) -> list[str]:
    """Both on the questions that the peer got to: who alone was right, and how much of its time and tokens ours takes."""
    same = ours.among(peer)
    theirs = {t.case.id: right(t) for t in peer.talks}
    mine = {t.case.id: right(t) for t in same.talks}
    only = sum(mine[i] and not theirs[i] for i in mine), sum(theirs[i] and not mine[i] for i in mine)
    wrong = len(mine) - same.right.hits, len(mine) - peer.right.hits
    return [
        f"{ours.name} / {peer.name}  n {len(mine)}   对 / right {same.right.hits} / {peer.right.hits}   只有我们 / only ours {only[0]}   "
        f"只有它 / only theirs {only[1]}   错 / wrong {wrong[0]} / {wrong[1]}   "
        f"末字 / last p50 {same.seconds('last', 0.5):.2f} / {peer.seconds('last', 0.5):.2f}   prompt tokens {same.tokens:.0f} / {peer.tokens:.0f}"
    ]


def table(rows: Sequence[Row]) -> list[str]:
    head = f"{'':<14}{'对 / right':<28}{'编造 / invented':<18}{'出错 / errors':<14}{'首字 p50 p95':<16}{'末字 p50 p95':<16}prompt tokens (cached)"
    lines = [
        f"{r.name:<14}{r.right.hits:>3}/{r.right.of:<4}{r.right!s:<22}{r.invented:>6}            {r.errors:>6}        "
        f"{r.seconds('first', 0.5):>5.2f} {r.seconds('first', 0.95):>6.2f}      {r.seconds('last', 0.5):>5.2f} {r.seconds('last', 0.95):>6.2f}      "
        f"{r.tokens:.0f} ({r.cached:.0f})"
        for r in rows
    ]
    peers = [line for r in rows[1:] for line in paired(rows[0], r)]
    return [head, *lines, *(["", *peers] if peers else [])]
