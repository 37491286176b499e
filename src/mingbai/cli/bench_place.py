"""`mingbai bench place`: the same held-out rows asked here and at a place, with the adapter that serves and without."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mingbai.engine.protocol import Engine
    from mingbai.learn.rows import Row
    from mingbai.turn.understand.ask import AskModel

SECONDS = 300.0  # for an answer: the place may have no GPU
AT_ONCE = 2
ARMS = ("untuned", "tuned")


@dataclass(frozen=True, slots=True)
class Arm:
    """`said`: of each row the label, "" for no opinion."""

    said: tuple[str, ...]
    seconds: float


@click.command()
@click.argument("name")
@click.option("--shop", default=None, help="店铺，默认唯一的一家 / which shop, by default the only one")
@click.option("--rows", type=click.IntRange(8), default=60, show_default=True, help="问几行 / rows asked")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def place(name: str, shop: str | None, rows: int, as_json: bool) -> None:
    """适配器在本机和在别处答得一样吗：留出的行，两处各问有无适配器。 / Held-out rows here and there, tuned and untuned."""
    import asyncio
    import os

    from mingbai.cli import assemble, learning
    from mingbai.cli.learn_place import placed
    from mingbai.cli.settings import load
    from mingbai.learn.run import TASK
    from mingbai.learn.select import drawn

    settings = load()
    there = placed(settings, name)
    with learning.opened(settings, shop) as house:
        data = learning.written(house, learning.selection(house))
        drawn_rows = drawn(data.part("held_out", TASK), rows)
        served_as = f"{house.shop}/{TASK}"

    async def both() -> tuple[list[Row], dict[str, Arm]]:
        """The place first: what may not leave for it is not asked here either."""
        key = os.environ.get(there.key_env, "")
        sent, away = await _arms(assemble.place_engine(settings, there, key), served_as, drawn_rows)
        weights = assemble.weights(settings, there.adapters_over)
        local = assemble.local_engine(settings, weights)
        async with assemble.started(local):
            await local.ready(seconds=settings.engine.start_timeout_seconds)
            _, here = await _arms(local, served_as, sent)
        return sent, {f"local {arm}": it for arm, it in here.items()} | {
            f"{name} {arm}": it for arm, it in away.items()
        }

    asked, told = asyncio.run(both())
    kept = len(drawn_rows) - len(asked)
    right = {
        arm: [a == row.completion for a, row in zip(it.said, asked, strict=True)] for arm, it in told.items()
    }
    pairs = {arm: (f"local {arm}", f"{name} {arm}") for arm in ARMS}
    labels = {arm: _alike(told[here].said, told[away].said) for arm, (here, away) in pairs.items()}
    verdicts = {
        arm: sum(a == b for a, b in zip(right[here], right[away], strict=True))
        for arm, (here, away) in pairs.items()
    }
    if as_json:
        each = {arm: sum(it) for arm, it in right.items()}
        pace = {arm: round(it.seconds, 1) for arm, it in told.items()}
        silent = {arm: it.said.count("") for arm, it in told.items()}
        said = {
            "rows": len(asked), "not_sent": kept, "right": each, "no_opinion": silent, "same_label": labels,
            "same_verdict": verdicts, "seconds": pace,
        }  # fmt: skip
        click.echo(json.dumps(said))
        return
    from mingbai.prove.spread import Share

    if kept:
        click.echo(
            f"  {kept} 行含个人信息，不得发往那里，没有问 / rows hold personal data that may not go there: not asked"
        )
    for arm, marks in right.items():
        took, silent_here = told[arm].seconds, told[arm].said.count("")
        click.echo(
            f"  {arm:24} {sum(marks):4}/{len(marks)}  {Share(sum(marks), len(marks))}  {took:6.1f} s"
            + (f"  没有回答 / no opinion {silent_here}" if silent_here else "")
        )
    for arm in ARMS:
        click.echo(
            f"  {arm}: 两处说同一个标签 / the same label {Share(labels[arm], len(asked))} {labels[arm]}/{len(asked)}，"
            f"对错相同 / right or wrong alike {verdicts[arm]}/{len(asked)}"
        )


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """Two that have no opinion do not agree on anything."""
    return sum(a == b != "" for a, b in zip(one, other, strict=True))


async def _arms(engine: Engine, served_as: str, rows: Sequence[Row]) -> tuple[list[Row], dict[str, Arm]]:
    """The rows that could be asked there, and what each arm says of them; where the adapter is not loaded it has no opinion."""
    from functools import partial

    from mingbai.engine.protocol import collect
    from mingbai.learn import exam
    from mingbai.turn.understand.ask import Odds, by_model
    from mingbai.values.errors import Forbidden

    stayed: set[str] = set()
    arms: dict[str, Arm] = {}
    for arm, adapter in zip(ARMS, (None, served_as), strict=True):
        ask = by_model(partial(collect, engine), adapter=adapter, deadline_seconds=SECONDS)

        async def asked(text: str, ask: AskModel = ask) -> Odds:
            try:
                return await ask(text)
            except Forbidden:
                stayed.add(text)
                return Odds()

        await asked("在吗")  # the shown messages are read once, an adapter is loaded at its first ask
        began = time.monotonic()
        arms[arm] = Arm(await exam.named(asked, rows, AT_ONCE), time.monotonic() - began)
    sent = [row.text not in stayed for row in rows]
    return list(compress(rows, sent)), {
        arm: Arm(tuple(compress(it.said, sent)), it.seconds) for arm, it in arms.items()
    }
