"""`mingbai learn fleet`: several shops' adapters, trained at once on a Ray cluster, each gated and signed here in its turn."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import click

from mingbai.cli.learn_told import told

if TYPE_CHECKING:
    from mingbai.learn.examples import Example, Progress, Recipe, Train, Trained
    from mingbai.learn.run import Outcome
    from mingbai.values.errors import MingbaiError


@click.command()
@click.option("--shop", "shops", multiple=True, help="哪些店，默认全部 / which shops, by default all")
@click.option("--model", default=None, help="底模，默认 learn.base / base, by default learn.base")
@click.option("--rows", "train_rows", type=click.IntRange(8), default=240, show_default=True)
@click.option("--held-out", type=click.IntRange(8), default=120, show_default=True)
@click.option("--desk", "desk_cases", type=click.IntRange(0), default=15, show_default=True)
@click.option("--epochs", type=click.IntRange(1), default=3, show_default=True)
@click.option("--top", type=click.IntRange(0), default=8, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option(
    "--cpus", type=click.IntRange(1), default=1, show_default=True, help="每家几核 / cores of each training"
)
@click.option(
    "--gpus",
    type=click.FloatRange(0),
    default=0.0,
    show_default=True,
    help="每家几块 GPU，可以是几分之一 / GPUs of each, or a part of one",
)
@click.option(
    "--ray",
    "address",
    default="",
    help="Ray 集群地址；默认在本机开一个 / the cluster; by default one is started here",
)
@click.option("--no-serve", is_flag=True, help="通过了也先不上线 / admitted, it does not serve yet")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def fleet(
    shops: tuple[str, ...], model: str | None, train_rows: int, held_out: int, desk_cases: int, epochs: int, top: int,
    seed: int, cpus: int, gpus: float, address: str, no_serve: bool, as_json: bool,
) -> None:  # fmt: skip
    """几家店一起训：Ray 集群上同时训练，把关和签名在本机。 / Several shops at once on a Ray cluster; gate and signature here."""
    from mingbai.cli import assemble, learning
    from mingbai.cli.settings import load
    from mingbai.learn import fleet as far
    from mingbai.learn.examples import Recipe
    from mingbai.learn.run import Plan

    settings = load()
    learning.must_be_installed()
    far.needed()
    with assemble.records(settings) as records:
        names = [records.the_shop(shop) for shop in shops] or records.shops()
    if not names:
        raise click.UsageError(
            "还没有店：mingbai import，或 mingbai learn run 先装示例店 / no shop yet: import one"
        )
    base, weights = learning.base_of(settings, model)
    recipe = replace(Recipe(), epochs=epochs, top=top, seed=seed, threads=cpus)

    def learned(shop: str, train: Train) -> Outcome:
        with learning.opened(settings, shop) as house:
            plan = Plan(house.shop, base, recipe, train_rows, held_out, serve=not no_serve)
            return learning.learned(house, plan, weights, desk_cases, _told(shop, as_json), train)

    with far.cluster(address):
        found = in_turn(names, learned, far.Fleet(cpus, gpus).train)
    for shop, done in found.items():
        _show(shop, done, as_json)
    if not all(_admitted(done) for done in found.values()):
        raise SystemExit(1)


def in_turn(
    shops: Sequence[str], learned: Callable[[str, Train], Outcome], train: Train
) -> dict[str, Outcome | MingbaiError]:
    """Every shop's outcome, or why it has none. Training goes on at once; all that touches the home, one shop at a time."""
    from mingbai.values.errors import MingbaiError

    turn = Lock()

    def one(shop: str) -> Outcome | MingbaiError:
        with turn:

            def away(
                base: Path,
                examples: Sequence[Example],
                recipe: Recipe,
                out: Path,
                told: Callable[[Progress], None],
            ) -> Trained:
                turn.release()
                try:
                    return train(base, examples, recipe, out, told)
                finally:
                    turn.acquire()

            try:
                return learned(shop, away)
            except MingbaiError as e:
                return e

    with ThreadPoolExecutor(len(shops)) as pool:
        return dict(zip(shops, pool.map(one, shops), strict=True))


def _admitted(done: Outcome | MingbaiError) -> bool:
    return not isinstance(done, Exception) and done.verdict.admitted


def _show(shop: str, done: Outcome | MingbaiError, as_json: bool) -> None:
    if isinstance(done, Exception):
        said = {"shop": shop, "error": done.code, "message": str(done)}
        click.echo(json.dumps(said, ensure_ascii=False) if as_json else f"✗ {shop}  {done}", err=not as_json)
        return
    figures = {
        "shop": shop,
        "adapter": done.adapter.as_json(),
        "rows": done.rows,
        "figures": done.verdict.as_json(),
    }
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False))
        return
    click.echo(f"{'✓' if done.verdict.admitted else '✗'} {shop}  {done.adapter.id}  {done.adapter.state}")
    for line in done.verdict.lines():
        click.echo(f"  {line}")


def _told(shop: str, quiet: bool) -> Callable[[Progress], None]:
    shown = told(quiet)
    return lambda step: shown(replace(step, doing=f"{shop}: {step.doing}"))
