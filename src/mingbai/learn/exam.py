"""What a model answers to rows that it has not seen, and two models beside each other on the same questions.

The comparisons are paired: what counts is where the two differ. Nothing here knows what an adapter is.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mingbai.learn.examples import Progress
from mingbai.learn.rows import Row
from mingbai.prove.spread import Share
from mingbai.turn.understand.ask import AskModel, Odds, labels
from mingbai.values.json import JsonObject

AT_ONCE = 4
SURE = 0.05  # by chance alone a gain like it is at most so likely
SLACK = 50  # not worse: at most one more wrong in so many


@dataclass(frozen=True, slots=True)
class Check:
    """One question of the gate: how it was before, how it is now, and whether that will do."""

    name: str
    before: Share
    after: Share
    gained: int  # wrong before, right now
    lost: int
    held: bool

    def as_json(self) -> JsonObject:
        return {
            "name": self.name, "asked": self.after.of, "before": self.before.hits, "after": self.after.hits,
            "gained": self.gained, "lost": self.lost, "held": self.held,
        }  # fmt: skip

    def line(self) -> str:
        return (
            f"{'✓' if self.held else '✗'} {self.name:26} {self.before.hits:4}/{self.before.of:<4} → {self.after.hits:4}/{self.after.of:<4}"
            f" +{self.gained} −{self.lost}  {self.after}"
        )


async def answered(ask: AskModel, rows: Sequence[Row], at_once: int = AT_ONCE) -> tuple[bool, ...]:
    """Of each row, whether the likeliest intent is the right one. No opinion is wrong."""
    told = await named(ask, rows, at_once)
    return tuple(word == row.completion for word, row in zip(told, rows, strict=True))


def counted(asks: Sequence[AskModel], of: int, told: Callable[[Progress], None]) -> list[AskModel]:
    """The same, and each answer is told as one step of so many, with the time that the rest will take at the pace so far."""
    done, began = 0, time.monotonic()

    def telling(ask: AskModel) -> AskModel:
        async def asked(text: str) -> Odds:
            nonlocal done
            odds = await ask(text)
            done += 1
            pace = (time.monotonic() - began) / done
            told(Progress("held out", done, of, pace * (of - done)))
            return odds

        return asked

    return [telling(ask) for ask in asks]


async def named(ask: AskModel, rows: Sequence[Row], at_once: int = AT_ONCE) -> tuple[str, ...]:
    """Of each row, the label of the likeliest intent; "" for no opinion."""
    words = {intent: word for word, intent in labels().items()}
    gate = asyncio.Semaphore(at_once)

    async def one(row: Row) -> str:
        async with gate:
            odds = await ask(row.text)
        return words[max(odds, key=lambda intent: odds[intent])] if odds else ""

    return tuple(await asyncio.gather(*(one(row) for row in rows)))


def better(name: str, before: Sequence[bool], after: Sequence[bool]) -> Check:
    """Held if it gained, and more than chance would give (the exact sign test, one-sided)."""
    return _check(name, before, after, _beyond_chance(*_differences(before, after)))


def towards(name: str, gained: Sequence[bool], *, beyond_chance: bool = True) -> Check:
    """Where the two cannot be right or wrong by themselves: of each question, whether it moved the right way. Held if more did than
    chance would give, or, without `beyond_chance`, where no more than one in `SLACK` moved away on balance."""
    right, wrong = sum(gained), len(gained) - sum(gained)
    held = _beyond_chance(right, wrong) if beyond_chance else wrong - right <= max(1, len(gained) // SLACK)
    return Check(name, Share(0, len(gained)), Share(right, len(gained)), right, wrong, held)


def not_worse(name: str, before: Sequence[bool], after: Sequence[bool], most: int = 0) -> Check:
    """Held if no more than `most` were lost on balance; by default one in `SLACK`, and of fewer than `SLACK`, one."""
    gained, lost = _differences(before, after)
    return _check(name, before, after, lost - gained <= (most or max(1, len(after) // SLACK)))


def _beyond_chance(gained: int, lost: int) -> bool:
    by_chance = sum(math.comb(gained + lost, k) for k in range(gained, gained + lost + 1)) / 2 ** (
        gained + lost
    )
    return gained > lost and by_chance <= SURE


def _check(name: str, before: Sequence[bool], after: Sequence[bool], held: bool) -> Check:
    shares = Share(sum(before), len(before)), Share(sum(after), len(after))
    return Check(name, *shares, *_differences(before, after), held)


def _differences(before: Sequence[bool], after: Sequence[bool]) -> tuple[int, int]:
    pairs = list(zip(before, after, strict=True))
    return sum(now and not then for then, now in pairs), sum(then and not now for then, now in pairs)
