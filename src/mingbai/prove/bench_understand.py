"""Who understands best, and how fast: rules with examples, a prompted model, a tuned one, and rules that ask one where unsure.

All on the same messages, kept out of what the adapter learned: tea-dev3 and tea-dev4, by hands whose other lines it never saw,
and `held_out.txt`. Where the author named the intents, the whole set must be right; everywhere the first must be allowed.
Slots are read by the same grammar in every arm and are not compared. Not covered: the rules' authors may have read tea-dev3.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from mingbai.prove.spread import Share, quantile
from mingbai.prove.understand_dev import Asked
from mingbai.turn.understand.ask import LONGEST, TOP, AskModel, Odds, labels, odds
from mingbai.turn.understand.understander import Understander
from mingbai.values.chat import Answer, Ask, Message, Sampling
from mingbai.values.json import JsonObject
from mingbai.values.turn import Intent, Turn

Reads: TypeAlias = Callable[[str], Awaitable["Reading"]]
LABEL_TOKENS = 6  # two label words with 、 between them, and the end


@dataclass(frozen=True, slots=True)
class Reading:
    """`found` is empty where the arm would rather ask back; `odds` only of a model."""

    first: Intent | None
    found: frozenset[Intent]
    seconds: float
    odds: Mapping[Intent, float] = field(default_factory=dict)
    asked_model: bool = False


@dataclass(frozen=True, slots=True)
class Arm:
    name: str
    readings: tuple[Reading, ...]

    def exact(self, asked: Sequence[Asked]) -> Share:
        named = [(it, made) for it, made in zip(asked, self.readings, strict=True) if it.intents]
        return Share(sum(made.found == it.intents for it, made in named), len(named))

    def first(self, asked: Sequence[Asked]) -> Share:
        hits = sum(made.first in it.accepted for it, made in zip(asked, self.readings, strict=True))
        return Share(hits, len(asked))

    def of(self, asked: Sequence[Asked], prefix: str) -> tuple[list[Asked], Arm]:
        """The part of it whose messages' names begin so."""
        both = [(it, made) for it, made in zip(asked, self.readings, strict=True) if it.id.startswith(prefix)]
        return [it for it, _ in both], Arm(self.name, tuple(made for _, made in both))

    def misses(self, asked: Sequence[Asked]) -> dict[str, str]:
        """By what was asked: how often the first intent was none that is allowed, of how many."""
        of, wrong = Counter[str](), Counter[str]()
        for it, made in zip(asked, self.readings, strict=True):
            for intent in it.intents or it.accepted:
                of[intent] += 1
                wrong[intent] += made.first not in it.accepted
        return {intent: f"{wrong[intent]}/{of[intent]}" for intent in sorted(of) if wrong[intent]}

    @property
    def ms_p50(self) -> float:
        return quantile([made.seconds * 1000 for made in self.readings], 0.5)

    @property
    def ms_p95(self) -> float:
        return quantile([made.seconds * 1000 for made in self.readings], 0.95)


async def by_rules(
    name: str, understander: Understander, asked: Sequence[Asked], shop: str, now: datetime,
    told: Mapping[str, Reading] | None = None,
) -> Arm:  # fmt: skip
    """`told`: what a model said to each message before; its time counts where it was asked. The understander has `recalled`."""
    made = []
    for it in asked:
        began = time.perf_counter()
        said = await understander.understand(Turn("", shop, it.text, now))
        seconds = time.perf_counter() - began
        by_model = bool(told) and said.intents[0].by == "model"
        if told and by_model:
            seconds += told[it.text].seconds
        found = frozenset() if said.unsure else frozenset(guess.intent for guess in said.intents)
        made.append(Reading(said.intents[0].intent, found, seconds, asked_model=by_model))
    return Arm(name, tuple(made))


def recalled(told: Mapping[str, Reading]) -> AskModel:
    """A model that says again what it said."""

    async def ask(text: str) -> Odds:
        return Odds(told[text].odds)

    return ask


def prompted(ask: AskModel) -> Reads:
    """One label."""

    async def read(text: str) -> Reading:
        began = time.perf_counter()
        shares = await ask(text)
        seconds = time.perf_counter() - began
        first = max(shares, key=lambda intent: shares[intent]) if shares else None
        return Reading(first, frozenset((first,)) if first else frozenset(), seconds, shares)

    return read


def tuned(collect: Callable[[Ask], Awaitable[Answer]], adapter: str, question: str) -> Reads:
    """As many labels as it says. `question`: the one that it was taught with."""
    sampling = Sampling(temperature=0, max_tokens=LABEL_TOKENS, seed=1, top_logprobs=TOP)

    async def read(text: str) -> Reading:
        messages = (Message("system", question), Message("user", text[:LONGEST]))
        began = time.perf_counter()
        answer = await collect(Ask(messages, sampling=sampling, adapter=adapter))
        seconds = time.perf_counter() - began
        assert answer.finished.adapter, "the adapter does not serve"
        first = answer.logprobs[0]
        shares = odds([(it.token, it.logprob) for it in (first.top or (first.chosen,))])
        likeliest = max(shares, key=lambda intent: shares[intent]) if shares else None
        found = said(answer.text) or (frozenset((likeliest,)) if likeliest else frozenset())
        return Reading(likeliest, found, seconds, shares)

    return read


async def in_turns(
    reads: Mapping[str, Reads],
    asked: Sequence[Asked],
    progress: Callable[[int, int], None],
    *,
    minutes: float = 60,
) -> list[Arm]:
    """Every model on a message before the next one, so that a busy moment of the machine meets all of them; what the first
    message of each waits for (the cache of what all begin with) is not timed. After so many minutes the rest is left out."""
    made: dict[str, list[Reading]] = {name: [] for name in reads}
    for read in reads.values():
        await read("你好")
    until = time.monotonic() + 60 * minutes
    for at, it in enumerate(asked, 1):
        if time.monotonic() > until:
            break
        for name, read in reads.items():
            made[name].append(await read(it.text))
        progress(at, len(asked))
    return [Arm(name, tuple(readings)) for name, readings in made.items()]


def mixed(asked: Sequence[Asked]) -> list[Asked]:
    """In an order that has nothing to do with who wrote them, so that any beginning is a fair draw."""
    return sorted(asked, key=lambda it: hashlib.sha256(it.id.encode()).digest())


def said(text: str) -> frozenset[Intent]:
    """The labels of an answer; what is no label counts for nothing."""
    known = labels()
    return frozenset(known[word] for each in text.split("、") if (word := each.strip()) in known)


def report(arms: Sequence[Arm], asked: Sequence[Asked]) -> JsonObject:
    parts = {"tea-dev3": "d3", "tea-dev4": "d4", "held_out": "held-"}
    return {
        "messages": {name: len([it for it in asked if it.id.startswith(p)]) for name, p in parts.items()},
        "arms": {
            arm.name: {
                **{
                    f"{name} {what}": str(share)
                    for name, prefix in parts.items()
                    for what, share in (
                        ("exact", arm.of(asked, prefix)[1].exact(arm.of(asked, prefix)[0])),
                        ("first", arm.of(asked, prefix)[1].first(arm.of(asked, prefix)[0])),
                    )
                },
                "ms_p50": round(arm.ms_p50, 1),
                "ms_p95": round(arm.ms_p95, 1),
                "asked_model": sum(made.asked_model for made in arm.readings),
                "misses": dict(arm.misses(asked)),
            }
            for arm in arms
        },
    }


def lines(found: JsonObject) -> list[str]:
    made = [f"{found['messages']}"]
    arms = found["arms"]
    assert isinstance(arms, dict)
    for name, arm in arms.items():
        assert isinstance(arm, dict)
        made.append(
            f"\n{name}   {arm['ms_p50']} ms (p95 {arm['ms_p95']})   问模型 / model asked: {arm['asked_model']}"
        )
        made += [f"  {key:18} {value}" for key, value in arm.items() if key.endswith(("exact", "first"))]
        misses = arm["misses"]
        assert isinstance(misses, dict)
        made.append("  错 / wrong: " + "  ".join(f"{intent} {of}" for intent, of in misses.items()))
    return made
