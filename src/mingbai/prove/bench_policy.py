"""How long a decision takes, and whether anything that is wrong with a question can make it a yes."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from mingbai.permit.admit import HERE, Permit
from mingbai.permit.policy import matrix
from mingbai.permit.policy.decide import Change, PlaceTerms, Policy, Question, See, Send
from mingbai.permit.policy.rules import Pack
from mingbai.prove.spread import quantile
from mingbai.values.turn import Focus, Turn

GOAL_MS = 1.0
ARITHMETIC = 5_000  # about as long as a decision; its p99 is the machine's
WRONG: tuple[object, ...] = (7, None, {"a": 1}, [[]])


@dataclass(frozen=True, slots=True)
class Figures:
    cells: int
    rules: int
    decisions: int
    p50_ms: float
    p99_ms: float
    admitted: int
    admit_p50_ms: float
    admit_p99_ms: float
    faults: int
    let_through: int
    arithmetic_p99_ms: float

    def as_json(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__slots__}

    def lines(self) -> list[str]:
        met = "✓" if self.p99_ms <= GOAL_MS else "✗"
        return [
            f"规则 / rules: {self.rules}; 表 / matrix: {self.cells:,} 格 / cells",
            f"{met} 一次判断 / a decision (of {self.decisions:,}): p50 {self.p50_ms:.3f} ms, p99 {self.p99_ms:.3f} ms (goal ≤ {GOAL_MS:g})",
            f"  路上第一次准入（之后记住） / an admission on the path, the first of its kind (then it is known), of {self.admitted:,}: p50 {self.admit_p50_ms:.3f} ms, p99 {self.admit_p99_ms:.3f} ms",
            f"  同样长的纯计算 / arithmetic of that length, beside it: p99 {self.arithmetic_p99_ms:.3f} ms",
            f"{'✗' if self.let_through else '✓'} 注入的错误 / injected errors: {self.faults:,}, 放行 / let through: {self.let_through}",
        ]


class Faulty(Policy):
    """Asks Cedar something else than it was asked."""

    fault: Mapping[str, object]

    def _asked(self, question: Question) -> dict[str, object]:
        return dict(self.fault)


def faults(asked: Mapping[str, Any]) -> Iterator[dict[str, object]]:
    """A request with one thing wrong: each part and each attribute of its context missing, of other kinds, or one too many."""
    for part in ("principal", "action", "resource"):
        yield {k: v for k, v in asked.items() if k != part}
        yield {**asked, part: None}
        yield {**asked, part: {"type": "Nobody", "id": "x"}}
    yield {**asked, "resource": {"type": "Data", "id": "secret"}}
    context = asked["context"]
    for name in context:
        rest = {k: v for k, v in context.items() if k != name}
        yield {**asked, "context": rest}
        for wrong in WRONG:
            yield {**asked, "context": {**rest, name: wrong}}
    yield {**asked, "context": {**context, "more": True}}
    yield {**asked, "context": None}


def measured(pack: Pack, decisions: int, seed: int = 0) -> Figures:
    drawn = random.Random(seed)
    places = [*matrix.places(), HERE]
    policy = Policy(pack, places)
    everything = [q for block in matrix.blocks() for row in block.rows for q in row.questions]
    each, arithmetic = [], []
    for question in drawn.choices(everything, k=decisions):
        each.append(_timed(partial(policy.decide, question)))
        arithmetic.append(_timed(partial(sum, range(ARITHMETIC))))
    turn = Turn("t", "tea", "到哪了", datetime(2025, 11, 12, tzinfo=UTC))
    turns = [replace(turn, focus=Focus(customer=f"C{n % 2}" if n % 2 else "")) for n in range(decisions // 4)]
    admissions = [_timed(partial(Permit(policy, HERE).admit, t)) for t in turns]
    tried, through = _injected(pack, drawn, places)
    return Figures(
        len(everything), len(pack.rules), len(each), quantile(each, 0.5), quantile(each, 0.99), len(admissions),
        quantile(admissions, 0.5), quantile(admissions, 0.99), tried, through, quantile(arithmetic, 0.99),
    )  # fmt: skip


def _injected(pack: Pack, drawn: random.Random, places: Sequence[PlaceTerms]) -> tuple[int, int]:
    """Into questions that are allowed as they are: whatever is let through then was let through by the fault."""
    sound, faulty = Policy(pack, places), Faulty(pack, places)
    kinds: tuple[type, ...] = (See, Change, Send)
    tried = through = 0
    everything = [q for block in matrix.blocks() for row in block.rows for q in row.questions]
    for kind in kinds:
        mine = [q for q in everything if isinstance(q, kind)]
        allowed = [q for q in drawn.sample(mine, min(len(mine), 400)) if sound.decide(q).allowed][:40]
        for question in allowed:
            for fault in faults(sound._asked(question)):
                faulty.fault = fault
                tried += 1
                through += faulty.decide(question).allowed
    return tried, through


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000
