"""What a training does, said while it does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mingbai.learn.examples import Example, Progress, Recipe, Train, Trained

FEW = 1000  # persons under a privacy budget: 59 were measured, and nothing was left of what they taught


def told(quiet: bool) -> Callable[[Progress], None]:
    """What training does, with the time left, a line for each step and tenth."""
    seen: set[tuple[str, int]] = set()

    def step(it: Progress) -> None:
        tenth = 10 * it.done // max(it.of, 1)
        if not quiet and (it.doing, tenth) not in seen:
            seen.add((it.doing, tenth))
            left = "" if it.seconds_left is None else f"  {it.seconds_left:.0f} s"
            loss = "" if it.loss is None else f"  loss {it.loss:.3f}"
            click.echo(f"{it.doing:13} {it.done}/{it.of}{left}{loss}", err=True)

    return step


def privately(train: Train) -> Train:
    """As `train`, and says first what the budget will cost where few persons are in it."""

    def trains(
        base: Path, examples: Sequence[Example], recipe: Recipe, out: Path, told: Callable[[Progress], None]
    ) -> Trained:
        persons = len({it.person for it in examples} - {""})
        if 0 < persons < FEW:
            click.echo(
                f"! {persons} 人：这么少的人，噪声会盖过他们教的，也会盖过我们自己的例句；把关多半不会通过。\n"
                f"  {persons} persons: with so few, the noise drowns what they teach and what our own lines teach, too; the gate will hardly "
                "admit it. docs/learning.md",
                err=True,
            )
        return train(base, examples, recipe, out, told)

    return trains
