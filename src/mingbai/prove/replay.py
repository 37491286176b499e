"""`mingbai prove replay`: is the same ask at temperature 0 answered with the same bytes?

The replay lane must give equal text and equal log-probabilities, cold (a fresh child, nothing saved) and warm. The
shared lane promises nothing; how often it differs, quiet and with four asks at once, is counted beside it.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from mingbai.engine.protocol import Engine, collect
from mingbai.values.chat import Ask, Lane, Message, Sampling
from mingbai.values.json import JsonObject

Said: TypeAlias = tuple[str, tuple[float, ...]]
Start: TypeAlias = Callable[[], AbstractAsyncContextManager[Engine]]
WORDS = [
    "订单",
    "快递",
    "退货",
    "茶壶",
    "发票",
    "优惠券",
    "尺码",
    "库存",
    "refund",
    "parcel",
    "贵州",
    "明天",
    "三块五",
    "delivery",
    "盖碗",
    "换货",
]
SYSTEMS = (
    "",
    "你是明白茶具店的客服，请简短回答。" + "签收后七天内可以退，运费由店里承担。" * 6,
    "You work for a tea shop. Answer in one sentence. " + "Returns are free within seven days. " * 12,
)


@dataclass(slots=True)
class Replay:
    """Counts of asks whose text (and whose log-probabilities) differed from the first answer, of how many."""

    asks: int
    say: Callable[[str], None]
    rows: dict[str, tuple[int, int]] = field(default_factory=dict)

    def note(self, name: str, first: Sequence[Said], second: Sequence[Said]) -> None:
        texts = sum(a[0] != b[0] for a, b in zip(first, second, strict=True))
        numbers = sum(a[1] != b[1] for a, b in zip(first, second, strict=True))
        self.rows[name] = (texts, numbers)
        self.say(f"{name}: text {texts}, log-probabilities {numbers} of {self.asks}")

    def as_json(self) -> JsonObject:
        differed = {
            name: {"text": texts, "log_probabilities": numbers}
            for name, (texts, numbers) in self.rows.items()
        }
        return {"asks": self.asks, "differed": dict(differed)}

    def lines(self) -> list[str]:
        return [f"{self.asks} asks, temperature 0; how many differed from their first answer:"] + [
            f"  {name:52} text {texts:4d}   log-probabilities {numbers:4d}"
            for name, (texts, numbers) in self.rows.items()
        ]


def asks(count: int, lane: Lane, max_tokens: int) -> list[Ask]:
    """Distinct questions of mixed length under three system texts, one of them short of being saved."""
    draw = random.Random(count)
    made = []
    for n in range(count):
        system = SYSTEMS[n % len(SYSTEMS)]
        text = f"{n}. " + " ".join(draw.choices(WORDS, k=draw.choice((3, 8, 24)))) + "？"
        messages = (*((Message("system", system),) if system else ()), Message("user", text))
        made.append(Ask(messages, lane=lane, sampling=Sampling(0.0, max_tokens=max_tokens, top_logprobs=0)))
    return made


async def replay(start: Start, count: int, max_tokens: int, say: Callable[[str], None]) -> Replay:
    """`start` gives a fresh engine each time it is entered."""
    seen = Replay(count, say)
    mine = asks(count, "replay", max_tokens)
    async with start() as engine:
        say("replay lane, first child, cold")
        first = await _one_by_one(engine, mine)
        say("replay lane, same child, other order, warm")
        order = list(range(count))
        random.Random(1).shuffle(order)
        again = dict(zip(order, await _one_by_one(engine, [mine[i] for i in order]), strict=True))
        seen.note("replay lane, warm, other order", first, [again[i] for i in range(count)])
    async with start() as engine:
        say("replay lane, another child, beside a loaded shared lane")
        async with _load(engine, max_tokens):
            cold = await _one_by_one(engine, mine)
        seen.note("replay lane, another child, shared lane under load", first, cold)
        shared = [replace(ask, lane="shared") for ask in mine]
        say("shared lane, quiet")
        quiet = await _one_by_one(engine, shared)
        seen.note("shared lane, quiet, beside the replay lane", first, quiet)
        seen.note("shared lane, quiet, again", quiet, await _one_by_one(engine, shared))
        say("shared lane, four at once")
        gate = asyncio.Semaphore(4)

        async def one(ask: Ask) -> Said:
            async with gate:
                return await _said(engine, ask)

        busy = await asyncio.gather(*(one(ask) for ask in shared))
        seen.note("shared lane, four at once", quiet, busy)
    return seen


async def _one_by_one(engine: Engine, those: Sequence[Ask]) -> list[Said]:
    return [await _said(engine, ask) for ask in those]


async def _said(engine: Engine, ask: Ask) -> Said:
    answer = await collect(engine, ask)
    return answer.text, tuple(t.chosen.logprob for t in answer.logprobs)


@asynccontextmanager
async def _load(engine: Engine, max_tokens: int) -> AsyncIterator[None]:
    """Two callers who keep the shared lane busy meanwhile."""

    async def caller(n: int) -> None:
        for ask in asks(10_000 + n, "shared", max_tokens):
            await collect(engine, ask)

    tasks = [asyncio.create_task(caller(n)) for n in range(2)]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
