"""`mingbai learn desk`: the desk's own understanding adapter, rebuilt from what we wrote."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mingbai.learn.examples import Progress

BASE = "qwen2.5-coder-0.5b-instruct"


@click.command()
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=None,
    help="放哪里，默认家目录的 learn/desk / where, by default learn/desk in the home",
)  # fmt: skip
@click.option(
    "--threads", type=click.IntRange(0), default=0, help="0：有几核用几核 / 0: as many as there are cores"
)
@click.option("--epochs", type=click.IntRange(1), default=2, show_default=True)
def desk(out: Path | None, threads: int, epochs: int) -> None:
    """客服台自己的理解适配器：只学我们写的例句。 / The desk's own understanding adapter, from lines of ours alone."""
    from dataclasses import replace

    from mingbai.cli import assemble, learning
    from mingbai.cli.settings import load
    from mingbai.learn import desk as ours
    from mingbai.learn.train import train

    learning.must_be_installed()
    settings = load()
    base = assemble.weights(settings, BASE)
    place = out or settings.home / "learn" / "desk"
    made = ours.build(base.path, place, train, _shown, replace(ours.RECIPE, threads=threads, epochs=epochs))
    click.echo(f"✓ {place / ours.FILE}\n  {made}")
    click.echo(f"  mingbai bench understand --adapter {place / ours.FILE}", err=True)


def _shown(step: Progress) -> None:
    """One line a step, drawn over while it lasts."""
    left = "" if step.seconds_left is None else f"  还要 / left {step.seconds_left:.0f} s"
    loss = "" if step.loss is None else f"  loss {step.loss:.3f}"
    click.echo(f"\r\x1b[K{step.doing} {step.done}/{step.of}{loss}{left}", err=True, nl=step.done == step.of)
