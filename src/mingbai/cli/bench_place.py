"""`mingbai bench place`: the same held-out rows asked here and at a place, with the adapter that serves and without."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mingbai.engine.protocol import Engine
    from mingbai.learn.rows import Row

SECONDS = 300.0  # for an answer: the place may have no GPU
AT_ONCE = 2


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
    from mingbai.learn import dataset
    from mingbai.learn.run import TASK
    from mingbai.learn.select import drawn

    settings = load()
    there = placed(settings, name)
    with learning.opened(settings, shop) as house:
        data = dataset.write(house.folder / "datasets", learning.selection(house), house.shop, house.vault)
        asked = drawn(data.part("held_out", TASK), rows)
        served_as = f"{house.shop}/{TASK}"

    async def both() -> dict[str, tuple[bool, ...]]:
        weights = assemble.weights(settings, there.adapters_over)
        local = assemble.local_engine(settings, weights)
        async with assemble.started(local):
            await local.ready(seconds=settings.engine.start_timeout_seconds)
            here = await _arms(local, served_as, asked)
        away = await _arms(
            assemble.place_engine(settings, there, os.environ.get(there.key_env, "")), served_as, asked
        )
        return {f"local {arm}": it for arm, it in here.items()} | {
            f"{name} {arm}": it for arm, it in away.items()
        }

    told = asyncio.run(both())
    same = {
        arm: sum(a == b for a, b in zip(told[f"local {arm}"], told[f"{name} {arm}"], strict=True))
        for arm in ("untuned", "tuned")
    }
    if as_json:
        right = {arm: sum(it) for arm, it in told.items()}
        click.echo(json.dumps({"rows": len(asked), "right": right, "same_verdict": same}))
        return
    from mingbai.prove.spread import Share

    for arm, it in told.items():
        click.echo(f"  {arm:24} {sum(it):4}/{len(it)}  {Share(sum(it), len(it))}")
    for arm, many in same.items():
        click.echo(f"  {arm}: 两处对错相同 / right or wrong alike {many}/{len(asked)}")


async def _arms(engine: Engine, served_as: str, asked: Sequence[Row]) -> dict[str, tuple[bool, ...]]:
    """Of each arm, which rows were right; where the adapter is not loaded none is."""
    from functools import partial

    from mingbai.engine.protocol import collect
    from mingbai.learn import exam
    from mingbai.turn.understand.ask import by_model

    arms = {}
    for arm, adapter in (("untuned", None), ("tuned", served_as)):
        ask = by_model(partial(collect, engine), adapter=adapter, deadline_seconds=SECONDS)
        arms[arm] = await exam.answered(ask, asked, AT_ONCE)
    return arms
