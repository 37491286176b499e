"""Tenants' asks at once and in any order over one engine that has all their adapters, each answer held against the one that
its tenant got alone, from an engine that had no other's. Byte for byte, and the first token's log-probability bit for bit.

Everybody asks the same questions, half of them under a long system text that the engine keeps the state of: whoever met a state
that was read under another's adapter would answer otherwise. Asked is the lane of one slot; in the shared lane, which computes
several asks together, answers are as isolated but their last bits depend on the company (docs/measurements.md).
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from mingbai.values.chat import Answer, Ask, Message, Sampling
from mingbai.values.errors import Busy, EngineError
from mingbai.values.json import JsonObject

BASE = ""  # who asks without an adapter
BASE_EVERY = 10  # to so many asks of tenants one without an adapter
MOST_TOKENS = 2  # a label; a wrong adapter shows in the first
PATIENT_SECONDS = 600.0
SHORT = "意图"  # what the desk's label question stands under
LONG = "你是一家网店的客服，只用一个词说出顾客要什么，不解释，不寒暄，不猜。" * 3

Collect = Callable[[Ask], Awaitable[Answer]]
Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, and how likely its first token was."""

    text: str = field(repr=False)
    logprob: float


@dataclass(frozen=True, slots=True)
class Tenant:
    """What became of a tenant's asks. `otherwise`: other bytes than alone; `unequal`: the same bytes, another likelihood;
    `unserved`: answered without the tenant's adapter."""

    name: str
    asked: int
    equal: int
    otherwise: int
    unequal: int
    unserved: int
    failed: int

    @property
    def held(self) -> bool:
        return self.asked == self.equal

    def line(self) -> str:
        faults = (self.otherwise, self.unequal, self.unserved, self.failed)
        said = "  ".join(
            f"{what} {many}"
            for what, many in zip(
                ("字节不同 / other bytes", "概率不同 / other odds", "没用上 / without it", "失败 / failed"),
                faults,
                strict=True,
            )
            if many
        )
        return f"{'✓' if self.held else '✗'} {self.name or 'base':18} {self.equal:6}/{self.asked:<6} {said}"


@dataclass(frozen=True, slots=True)
class Isolation:
    """`told_apart`: to how many of the questions the tenants, each alone, did not all answer the same. `planned`: asks, of which
    some may be left when the time is up."""

    tenants: tuple[Tenant, ...]
    questions: int
    told_apart: int
    seconds: float
    planned: int

    @property
    def asked(self) -> int:
        return sum(it.asked for it in self.tenants)

    @property
    def held(self) -> bool:
        """A run in which adapters change no answer shows nothing, nor does one that asked nothing."""
        return self.told_apart > 0 and self.asked > 0 and all(it.held for it in self.tenants)

    def lines(self) -> list[str]:
        return [
            *(it.line() for it in self.tenants),
            f"{self.told_apart}/{self.questions} 个问题，各店自己的回答不全相同 / questions to which the tenants answer differently, each alone",
            *(
                [
                    f"时间到：只问了 {self.asked}/{self.planned} / out of time: asked {self.asked} of {self.planned}"
                ]
                if self.asked < self.planned
                else []
            ),
            f"{self.asked} 次，{self.seconds:.0f} s，每次 {1000 * self.seconds / max(self.asked, 1):.0f} ms / asks, seconds, ms each",
            f"{'✓ 谁也没有碰到别人的' if self.held else '✗ 没有隔开'} / {'nobody met another' if self.held else 'not isolated'}",
        ]

    def as_json(self) -> JsonObject:
        return {
            "held": self.held,
            "asked": self.asked,
            "planned": self.planned,
            "questions": self.questions,
            "told_apart": self.told_apart,
            "seconds": round(self.seconds, 1),
            "tenants": [
                {
                    "name": it.name or "base", "asked": it.asked, "equal": it.equal, "other_bytes": it.otherwise,
                    "other_odds": it.unequal, "without_adapter": it.unserved, "failed": it.failed,
                }
                for it in self.tenants
            ],
        }  # fmt: skip


def ask(tenant: str, number: int, question: str) -> Ask:
    """Every other question stands under the long system text."""
    return Ask(
        (Message("system", LONG if number % 2 else SHORT), Message("user", question)),
        sampling=Sampling(temperature=0, max_tokens=MOST_TOKENS, seed=1, top_logprobs=1),
        key=tenant or "base",
        lane="replay",
        deadline_seconds=PATIENT_SECONDS,
        adapter=tenant or None,
    )


async def alone(collect: Collect, tenant: str, questions: Sequence[str], told: Told) -> tuple[Said, ...]:
    """Of an engine that has this tenant's adapter and no other. Raises `EngineError`: without it there is nothing to compare."""
    answers = []
    for number, question in enumerate(questions):
        answers.append(_said(await collect(ask(tenant, number, question))))
        told(number + 1, len(questions))
    return tuple(answers)


def drawn(tenants: Sequence[str], questions: int, requests: int, seed: int) -> list[tuple[str, int]]:
    """So many asks of tenants, some of the base model between, in any order."""
    dice = Random(seed)
    asks = [(dice.choice(tenants), dice.randrange(questions)) for _ in range(requests)]
    asks += [(BASE, dice.randrange(questions)) for _ in range(requests // BASE_EVERY)]
    dice.shuffle(asks)
    return asks


async def mixed(
    collect: Collect, own: Mapping[str, Sequence[Said]], questions: Sequence[str], asks: Sequence[tuple[str, int]], *,
    connections: int, told: Told, seconds: float = math.inf,
) -> Isolation:  # fmt: skip
    """`own`: what each tenant was answered alone, the base model's under "". After so many seconds nobody asks any more."""
    found: dict[str, Counter[str]] = {tenant: Counter() for tenant in own}
    began = time.monotonic()

    async def connection(asks: Iterator[tuple[str, int]]) -> None:
        for tenant, number in asks:
            if time.monotonic() - began > seconds:
                return
            found[tenant][
                await _compared(collect, tenant, number, questions[number], own[tenant][number])
            ] += 1
            told(sum(it.total() for it in found.values()), many)

    many, line = len(asks), iter(asks)
    await asyncio.gather(*(connection(line) for _ in range(connections)))
    tenants = tuple(
        Tenant(name, it.total(), it["equal"], it["otherwise"], it["unequal"], it["unserved"], it["failed"])
        for name, it in found.items()
    )
    apart = sum(len({own[name][n].text for name in own}) > 1 for n in range(len(questions)))
    return Isolation(tenants, len(questions), apart, time.monotonic() - began, many)


async def _compared(collect: Collect, tenant: str, number: int, question: str, own: Said) -> str:
    try:
        answer = await collect(ask(tenant, number, question))
    except (EngineError, Busy):
        return "failed"
    if bool(answer.finished.adapter) != bool(tenant):
        return "unserved"
    said = _said(answer)
    if said.text.encode() != own.text.encode():
        return "otherwise"
    return "equal" if said.logprob == own.logprob else "unequal"


def _said(answer: Answer) -> Said:
    return Said(answer.text, answer.logprobs[0].chosen.logprob if answer.logprobs else 0.0)
