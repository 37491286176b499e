"""`mingbai prove isolation`: several tenants' adapters over one engine, and nobody is answered with another's."""

from __future__ import annotations

import math
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mingbai.cli.assemble import Weights
    from mingbai.prove.isolation import Collect, Isolation
    from mingbai.values.settings import Settings

CONTEXT = 1024  # tokens of a slot: one system text, one message, a few words
PURPOSE = "words"


@click.command()
@click.option("--requests", type=click.IntRange(1), default=10_000, show_default=True)
@click.option("--tenants", type=click.IntRange(2, 8), default=3, show_default=True)
@click.option(
    "--questions",
    type=click.IntRange(2, 500),
    default=120,
    show_default=True,
    help="每家问这些 / of each tenant",
)
@click.option(
    "--connections", type=click.IntRange(1, 32), default=8, show_default=True, help="同时几路 / at once"
)
@click.option(
    "--adapter",
    "files",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    multiple=True,
    help="各家的适配器；不给就造 / the tenants' adapters; by default made here",
)
@click.option(
    "--minutes",
    type=click.FloatRange(0, min_open=True),
    default=None,
    help="最多问这么久 / ask for so long at most",
)
@click.option(
    "--trained", is_flag=True, help="造的时候真训练（要 make learn） / made by training (make learn)"
)
@click.option("--model", default=None, help="底模，默认 learn.base / base, by default learn.base")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def isolation(
    requests: int, tenants: int, questions: int, connections: int, files: tuple[Path, ...], minutes: float | None, trained: bool,
    model: str | None, seed: int, as_json: bool,
) -> None:  # fmt: skip
    """几家店的适配器在一台引擎上：谁的回答都和自己单独问时逐字节相同。 / Tenants over one engine: each answered as when alone, to the byte."""
    import asyncio
    import json
    from tempfile import TemporaryDirectory

    from mingbai.cli import learning
    from mingbai.cli.kept_report import keep
    from mingbai.cli.settings import load

    settings = load()
    base, weights = learning.base_of(settings, model)
    names = [f"shop-{n + 1}/{PURPOSE}" for n in range(len(files) or tenants)]
    with TemporaryDirectory(prefix="mingbai-") as folder:
        place = Path(folder)
        given = list(files) or [_made(place, base.file, n, trained) for n in range(tenants)]
        done = asyncio.run(
            proved(
                settings, weights, place, dict(zip(names, given, strict=True)), asked_of(questions, seed),
                requests=requests, connections=connections, seed=seed, seconds=60 * minutes if minutes else math.inf,
            )
        )  # fmt: skip
    how = "given" if files else "trained" if trained else "drawn"
    said = {"model": base.name, "adapters": how, "connections": connections, "seed": seed, **done.as_json()}
    keep("isolation", f"prove isolation · {base.name} · {len(names)} × {requests}", said)
    click.echo(json.dumps(said, ensure_ascii=False) if as_json else "\n".join(done.lines()))
    if not done.held:
        raise SystemExit(1)


def asked_of(many: int, seed: int) -> list[str]:
    """The shorter half of our own lines, each once: what is tested costs the same, and ten thousand are asked."""
    from random import Random

    from mingbai.learn import generate

    lines = list(dict.fromkeys(it.text for it in generate.own()))
    short = sorted(lines, key=lambda it: len(it.encode()))[: len(lines) // 2]
    return Random(seed).sample(short, min(many, len(short)))


async def proved(
    settings: Settings, weights: Weights, folder: Path, adapters: Mapping[str, Path], questions: Sequence[str], *,
    requests: int, connections: int, seed: int, seconds: float = math.inf,
) -> Isolation:  # fmt: skip
    """Each alone, one engine after another; then all over one."""
    from mingbai.prove import isolation as proof

    own: dict[str, tuple[proof.Said, ...]] = {}
    for tenant in (proof.BASE, *adapters):
        with_it = {tenant: adapters[tenant]} if tenant else {}
        async with _engine(settings, weights, folder / f"alone-{len(own)}", with_it) as collect:
            own[tenant] = await proof.alone(collect, tenant, questions, _left(f"{tenant or 'base'}: "))
    asks = proof.drawn(list(adapters), len(questions), requests, seed)
    async with _engine(settings, weights, folder / "together", adapters) as collect:
        return await proof.mixed(
            collect, own, questions, asks, connections=connections, told=_left("mixed: "), seconds=seconds
        )


@asynccontextmanager
async def _engine(
    settings: Settings, weights: Weights, home: Path, files: Mapping[str, Path]
) -> AsyncIterator[Collect]:
    """In a home of its own, where these adapters serve and no others."""
    import asyncio
    from dataclasses import replace

    from mingbai.cli import assemble
    from mingbai.engine.protocol import collect

    small = replace(settings.engine, slots=1, context_per_slot=CONTEXT)
    await asyncio.to_thread(_settled, settings, weights, home, files)
    engine = assemble.local_engine(replace(settings, home=home, engine=small), weights)
    async with assemble.started(engine):
        await engine.ready(seconds=small.start_timeout_seconds)
        yield lambda ask: collect(engine, ask)


def _settled(settings: Settings, weights: Weights, home: Path, files: Mapping[str, Path]) -> None:
    from mingbai.cli import assemble
    from mingbai.models import adapters

    home.mkdir(mode=0o700)
    assemble.share_native(settings, home)
    for name, file in files.items():
        adapters.admit(home, name, file, weights.entry.sha256)


def _made(folder: Path, base: Path, number: int, trained: bool) -> Path:
    from mingbai.prove import drawn_lora

    file = folder / f"{number}.gguf"
    if trained:
        _train(file, base, number)
    else:
        drawn_lora.write(file, base, number + 1)
    return file


def _train(file: Path, base: Path, number: int) -> None:
    """Our own lines, of which each tenant calls the intents by other words: the labels are moved on by its number."""
    from mingbai.cli.learn_told import told
    from mingbai.learn import generate
    from mingbai.learn.examples import Example, Recipe
    from mingbai.learn.train import train
    from mingbai.prove.isolation import SHORT
    from mingbai.turn.understand.ask import labels

    words = list(labels())
    other = {word: words[(at + number) % len(words)] for at, word in enumerate(words)}
    lines = list(generate.own(1))[::5]
    lessons = [Example.of(f"line {n}", it.text, other[it.completion], SHORT) for n, it in enumerate(lines)]
    train(base, lessons, Recipe(rank=4, top=4, epochs=2, seed=number), file, told(False))


def _left(what: str) -> Callable[[int, int], None]:
    """A line for each twentieth, with the time that the rest will take."""
    began, shown = time.monotonic(), -1

    def told(done: int, of: int) -> None:
        nonlocal shown
        if 20 * done // of > shown:
            shown = 20 * done // of
            left = (time.monotonic() - began) / done * (of - done)
            click.echo(f"{what}{done}/{of}  还要 / left {left:.0f} s", err=True)

    return told
