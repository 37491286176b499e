"""`mingbai prove placeholders`: does a real model give placeholders back as it got them?"""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option("--asks", "count", type=click.IntRange(1, 10_000), default=500, show_default=True)
@click.option("--seed", type=int, default=7, show_default=True, help="随机种子 / seed")
@click.option("--model", default=None, help="模型 / model")
@click.option(
    "--kept",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="回答逐条写到此文件，中断后可接着跑 / answers go to this file, from which a run goes on",
)
@click.option("--misses", is_flag=True, help="列出没有原样回来的 / list the answers that were not intact")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def placeholders(
    count: int, seed: int, model: str | None, kept: Path | None, misses: bool, as_json: bool
) -> None:
    """占位符经过真模型能不能原样回来。 / Do placeholders survive a real model: answer, translate, summarise, table, JSON?"""
    import asyncio
    import json

    from mingbai.cli import assemble
    from mingbai.cli.kept_report import keep
    from mingbai.cli.settings import load
    from mingbai.prove.placeholders import run
    from mingbai.prove.placeholders.asks import cases
    from mingbai.prove.placeholders.grade import INTACT

    settings = load()
    found = assemble.weights(settings, model)

    def progress(done: int, of: int) -> None:
        click.echo(f"\r{done}/{of}", err=True, nl=done == of)

    async def ask() -> list[run.Asked]:
        engine = assemble.local_engine(settings, found)
        async with assemble.started(engine):
            await engine.ready(seconds=settings.engine.start_timeout_seconds)
            return await run.run(
                engine, list(cases(count, seed)), kept, at_once=settings.engine.slots, progress=progress
            )

    asked = asyncio.run(ask())
    said = {"model": found.entry.id, "asks": count, "seed": seed, **run.report(asked)}
    keep("placeholders", f"prove placeholders · {found.entry.id} · {count}", said)
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        click.echo(
            f"{found.entry.id}, {count} asks, seed {seed}, temperature 0\n" + "\n".join(run.lines(asked))
        )
    if misses:
        for it in asked:
            if it.first not in INTACT:
                click.echo(f"{it.id} {it.task} {it.first}: {it.written[0]!r}", err=as_json)
