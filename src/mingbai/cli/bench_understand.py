"""`mingbai bench understand`: the understanding's arms beside each other on messages that the adapter never saw."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mingbai.prove.bench_understand import Arm
    from mingbai.prove.understand_dev import Asked
    from mingbai.values.settings import Settings

SMALL, LARGE = "qwen2.5-coder-0.5b-instruct", "qwen2.5-coder-1.5b-instruct"
NAME = "desk/understand"
ASK_SECONDS = 120.0


@click.command()
@click.option(
    "--adapter", type=click.Path(path_type=Path, dir_okay=False, exists=True), required=True,
    help="mingbai learn desk 做的文件 / the file that mingbai learn desk made",
)  # fmt: skip
@click.option("--limit", type=click.IntRange(min=1), help="随机取几条 / messages drawn")
@click.option(
    "--minutes", type=click.FloatRange(min=0.1), default=20.0, show_default=True,
    help="问模型最多几分钟，没轮到的不算 / for the models at most; what was not come to is left out",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
@click.option(
    "--details",
    type=click.Path(path_type=Path, dir_okay=False),
    help="每条一行 JSON / one JSON line a message",
)
def understand(adapter: Path, limit: int | None, minutes: float, as_json: bool, details: Path | None) -> None:
    """听懂：规则、提示的 1.5B 和 0.5B、0.5B 加适配器、规则加适配器。 / Rules, prompted models, a tuned one, and rules that ask it."""
    import asyncio
    import json

    from mingbai.cli.kept_report import keep
    from mingbai.cli.settings import load
    from mingbai.prove import bench_understand as proof
    from mingbai.prove import understand_dev as dev

    asked = proof.mixed([*dev.of_suite("tea-dev3"), *dev.of_suite("tea-dev4"), *dev.held_out()])[:limit]
    arms = asyncio.run(_arms(load(), adapter, asked, minutes))
    asked = asked[: len(arms[0].readings)]
    report = proof.report(arms, asked)
    keep("bench understand", f"bench understand · {adapter.name}", report)
    click.echo(json.dumps(report, ensure_ascii=False) if as_json else "\n".join(proof.lines(report)))
    if details:
        with details.open("w", encoding="utf-8") as file:
            for at, it in enumerate(asked):
                readings = {
                    arm.name: {
                        "found": sorted(arm.readings[at].found), "first": arm.readings[at].first,
                        "odds": {k: round(v, 4) for k, v in arm.readings[at].odds.items()},
                    }
                    for arm in arms
                }  # fmt: skip
                said = {
                    "id": it.id, "intents": sorted(it.intents), "accepted": sorted(it.accepted), "arms": readings,
                }  # fmt: skip
                file.write(json.dumps(said, ensure_ascii=False) + "\n")


def _question(adapter: Path) -> str:
    """From the manifest beside it; without one, what shops' adapters are asked."""
    import json

    from mingbai.turn.understand.ask import TUNED

    manifest = adapter.with_suffix(".json")
    return str(json.loads(manifest.read_text("utf-8"))["question"]) if manifest.is_file() else TUNED


async def _arms(settings: Settings, adapter: Path, asked: list[Asked], minutes: float) -> list[Arm]:
    """The models in turns; then the rules, with what the models said."""
    from contextlib import AsyncExitStack
    from dataclasses import replace
    from functools import partial
    from tempfile import TemporaryDirectory

    from mingbai.cli import assemble
    from mingbai.cli.progress import counting
    from mingbai.cli.understand import understander_of
    from mingbai.engine.local import LocalEngine
    from mingbai.engine.protocol import collect
    from mingbai.models.adapters import Adapter
    from mingbai.models.store import digest
    from mingbai.prove import bench_understand as proof
    from mingbai.shop.clock import clock_of
    from mingbai.shop.example import make
    from mingbai.turn.understand.ask import by_model

    small, large = (assemble.weights(settings, model) for model in (SMALL, LARGE))
    served = {NAME: Adapter(NAME, adapter, digest(adapter), small.entry.sha256)}
    with TemporaryDirectory(prefix="mingbai-") as folder:
        async with AsyncExitStack() as until_read:
            collects = []
            for found, serving in ((large, None), (small, lambda: served)):
                engine = LocalEngine(
                    found.path, settings.engine, native=assemble.native_server(settings), run_dir=Path(folder),
                    serving=serving,
                )  # fmt: skip
                await until_read.enter_async_context(assemble.started(engine))
                await engine.ready(seconds=settings.engine.start_timeout_seconds)
                collects.append(partial(collect, engine))
            models = await proof.in_turns(
                {
                    "1.5b, prompted": proof.prompted(by_model(collects[0], deadline_seconds=ASK_SECONDS)),
                    "0.5b, prompted": proof.prompted(by_model(collects[1], deadline_seconds=ASK_SECONDS)),
                    "0.5b + adapter": proof.tuned(collects[1], NAME, _question(adapter)),
                },
                asked,
                counting(),
                minutes=minutes,
            )
        asked = asked[: len(models[0].readings)]
        here = replace(settings, home=Path(folder) / "home", shop=replace(settings.shop, database=""))
        here.home.mkdir(mode=0o700)
        arms: list[Arm] = []
        with assemble.records(here) as records:
            assemble.take_example(records)
            now = clock_of(records, None)(make.SHOP)
            for name, model_arm in (
                ("rules + examples", None), ("rules, then 1.5b", models[0]), ("rules, then adapter", models[2]),
            ):  # fmt: skip
                told = (
                    {it.text: made for it, made in zip(asked, model_arm.readings, strict=True)}
                    if model_arm
                    else None
                )
                understander = understander_of(
                    here, records, ask_model=proof.recalled(told) if told else None
                )
                understander.load()
                arms.append(await proof.by_rules(name, understander, asked, make.SHOP, now, told))
    return [arms[0], *models, *arms[1:]]
