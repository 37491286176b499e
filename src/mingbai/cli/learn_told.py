"""What a training does, said while it does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mingbai.learn.examples import Progress


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
