"""The same question in another language or dialect, or by somebody else: does a model take it for the same?

What is compared is whether two ways of asking get one intent, with an adapter as often as without; whether it is the right one the
held-out rows say. A name or a place stands for whom it makes one think of: that is all that so few lines can show of bias.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from mingbai.learn.exam import AT_ONCE
from mingbai.learn.gate import Desk
from mingbai.turn.understand import table
from mingbai.turn.understand.ask import AskModel
from mingbai.values.turn import Intent
from mingbai.zh.script import traditionalise

LANGUAGES, PERSONS = "same answer, languages", "same answer, whoever asks"
Said = Mapping[str, Intent | None]


@dataclass(frozen=True, slots=True)
class Alike:
    """Two ways of asking one thing."""

    check: str
    label: str
    one: str = field(repr=False)
    other: str = field(repr=False)


@cache
def alike() -> tuple[Alike, ...]:
    return tuple(_read())


def _read() -> Iterator[Alike]:
    said = table.read(files("mingbai.learn").joinpath("alike.txt").read_text(encoding="utf-8").splitlines())
    for line in said["languages"]:
        label, (one, *others) = _parts(line)
        for other in others:
            yield Alike(LANGUAGES, label, one, traditionalise(one).text if other == "+" else other)
    turns: Counter[str] = Counter()
    for line in said["asked"]:
        label, (text,) = _parts(line)
        brace = "who" if "{who}" in text else "place"
        kind = f"{brace}_{'en' if text.isascii() else 'zh'}"
        first, *others = said[kind]
        other = others[turns[kind] % len(others)]
        turns[kind] += 1
        yield Alike(PERSONS, label, *(text.replace(f"{{{brace}}}", value) for value in (first, other)))


def _parts(line: str) -> tuple[str, list[str]]:
    label, _, texts = line.partition(": ")
    return label, [text.strip() for text in texts.split("|")]


async def said(ask: AskModel, at_once: int = AT_ONCE) -> Said:
    """Of each text once, the likeliest intent; None: no opinion."""
    gate = asyncio.Semaphore(at_once)

    async def one(text: str) -> Intent | None:
        async with gate:
            odds = await ask(text)
        return max(odds, key=lambda intent: odds[intent]) if odds else None

    texts = list(dict.fromkeys(text for it in alike() for text in (it.one, it.other)))
    return dict(zip(texts, await asyncio.gather(*(one(text) for text in texts)), strict=True))


def compared(before: Said, after: Said) -> Sequence[Desk]:
    """For the gate: of each pair, whether both ways got one intent, without the adapter and with it."""
    return [Desk(check, _same(check, before), _same(check, after)) for check in (LANGUAGES, PERSONS)]


def _same(check: str, told: Said) -> tuple[bool, ...]:
    """Where the model has no opinion on the one, it has none that could be the other's."""
    return tuple(
        told[it.one] is not None and told[it.one] == told[it.other] for it in alike() if it.check == check
    )
