"""Which implementation learns to word drafts: the real trainer, and an engine and a desk of their own for the trial."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from mingbai.cli import assemble, learning

if TYPE_CHECKING:
    from mingbai.learn.replies import Trial, Ways
    from mingbai.turn.service import Phrase
    from mingbai.values.turn import Turn


def ways(house: learning.House, weights: assemble.Weights, desk_cases: int) -> Ways:
    """Raises `NotBuilt`."""
    learning.must_be_installed()
    from mingbai.learn import prefer
    from mingbai.learn.replies import Ways
    from mingbai.learn.train import train_choices

    return Ways(train_choices, prefer.examined, partial(trial, house, weights, desk_cases))


@asynccontextmanager
async def trial(
    house: learning.House, weights: assemble.Weights, desk_cases: int, file: Path
) -> AsyncIterator[Trial]:
    from mingbai.learn.replies import TASK, Trial

    async with learning.tried(house, weights, TASK, file) as (engine, name):
        after = assemble.phrase_by(engine, "", name)

        async def drafter(turn: Turn) -> Phrase:
            return after

        desks = partial(learning.compared, house.settings, desk_cases, drafter=drafter, every_draft=True)
        yield Trial(assemble.phrase_by(engine, ""), after, desks)
