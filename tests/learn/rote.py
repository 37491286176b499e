"""A stand-in for training: its adapter is the lessons themselves, in order, and it answers what it was told to know."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from mingbai.learn import fair
from mingbai.learn.examples import Example, Progress, Recipe, Trained
from mingbai.learn.gate import Desk
from mingbai.learn.run import Trial
from mingbai.turn.understand.ask import labels
from mingbai.values.turn import Intent


class Rote:
    """Learns by heart: its adapter is the lessons, in order, and it knows no others. A function of what it is given."""

    def __init__(self, knows: Callable[[str], str]) -> None:
        self.lessons: list[tuple[str, str]] = []
        self.knows = knows
        self.tried: list[bytes] = []  # what the gate examined

    def __call__(
        self, base: Path, examples: Sequence[Example], recipe: Recipe, out: Path, told: Callable[[Progress], None],
        under: Path | None = None, part: float = 1.0,
    ) -> Trained:  # fmt: skip
        self.lessons = [(str(it.prompt[-1].content), it.completion) for it in examples]
        on = hashlib.sha256(under.read_bytes()).hexdigest() if under else ""
        out.write_bytes(json.dumps([self.lessons, str(recipe), on]).encode())
        told(Progress("training", 1, 1))
        return Trained(
            out,
            hashlib.sha256(out.read_bytes()).hexdigest(),
            0.1,
            (0.5,),
            replace(recipe, threads=1),
            "b" * 64,
        )

    @asynccontextmanager
    async def tries(self, file: Path, *over: Path) -> AsyncIterator[Trial]:
        assert all(it.exists() for it in (file, *over))
        self.tried = [it.read_bytes() for it in (file, *over)]
        meant = labels()
        alike = {said: it.label for it in fair.alike() for said in (it.one, it.other)}

        async def before(text: str) -> Mapping[Intent, float]:
            return {Intent.PRICE: 1.0}

        async def after(text: str) -> Mapping[Intent, float]:
            return {meant[alike.get(text) or self.knows(text)]: 1.0}

        async def desks() -> Sequence[Desk]:
            return [Desk("desk", (True,) * 5, (True,) * 5)]

        yield Trial(before, after, desks)
