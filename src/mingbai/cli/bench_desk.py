"""`mingbai bench desk`: the desk's speed with the real model, and with --peers the same questions put to other makers' chains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mingbai.prove.desk.bench import Row
    from mingbai.prove.desk.case import Case
    from mingbai.prove.desk.cost import Cost
    from mingbai.prove.desk.floor import Opens
    from mingbai.prove.desk.report import Report


@click.command()
@click.option(
    "--suite", "name", default="tea-shop", show_default=True, metavar="NAME|FILE", help="测试集 / suite"
)
@click.option(
    "--limit", type=click.IntRange(2, 1000), default=20, show_default=True, help="几个问题 / questions"
)
@click.option("--seed", type=int, default=0, show_default=True, help="抽题的种子 / seed of the draw")
@click.option("--model", default=None, help="模型 / model")
@click.option(
    "--peers",
    is_flag=True,
    help="同样的问题问 Qwen-Agent 和普通 RAG（另装虚拟环境） / ask Qwen-Agent and a plain RAG, too",
)
@click.option(
    "--venvs",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="它们的虚拟环境放哪里 / where their venvs are kept",
)
@click.option(
    "--peer",
    "only",
    multiple=True,
    type=click.Choice(["qwen-agent", "rag"]),
    help="只问这几家 / only these peers",
)
@click.option(
    "--minutes", type=click.FloatRange(min=0), default=6.0, show_default=True,
    help="每家最多问几分钟；问到的题成对比较 / minutes for each peer; compared on the questions it got to",
)  # fmt: skip
@click.option(
    "--keep", type=click.Path(path_type=Path, dir_okay=False), default=None,
    help="别家的回答记在这里，下次接着问 / where peers' answers are kept, to go on from",
)  # fmt: skip
@click.option(
    "--details",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="每题一行 JSON / one JSON line a question",
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def desk(
    name: str,
    limit: int,
    seed: int,
    model: str | None,
    peers: bool,
    venvs: Path | None,
    only: tuple[str, ...],
    minutes: float,
    keep: Path | None,
    details: Path | None,
    as_json: bool,
) -> None:
    """首字、末字要几秒，时间花在哪一步。 / Seconds to the first and the last piece, and where they go."""
    import asyncio
    import json

    from mingbai.prove.desk import bench, case

    cases = case.drawn(bench.in_words(case.suite(name)), limit, seed)
    asked = Asked(only or ("qwen-agent", "rag"), minutes, keep, venvs, seed) if peers else None
    timed, rows, trust = asyncio.run(_measured(cases, model, asked))
    if details:
        lines = [json.dumps(row, ensure_ascii=False) for r in rows for row in r.details()]
        details.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if as_json:
        said = {of: bench.seconds_as_json(report) for of, report in timed}
        click.echo(
            json.dumps(
                {
                    "suite": name,
                    "limit": limit,
                    "seed": seed,
                    "seconds": said,
                    "trust": [cost.as_json() for cost in trust],
                    "contestants": [r.as_json() for r in rows],
                }
            )
        )
        return
    lines = [line for of, report in timed for line in bench.timed(of, report)]
    lines += [
        "许可、遮蔽、收据占一轮的时间 / permission, masks and receipts of a turn's time",
        *(c.line() for c in trust),
    ]
    click.echo("秒 / seconds  p50 p95\n" + "\n".join(lines) + "\n\n" + "\n".join(bench.table(rows)))


@dataclass(frozen=True, slots=True)
class Asked:
    """Which peers are asked, and for how long."""

    names: Sequence[str]
    minutes: float
    keep: Path | None
    venvs: Path | None
    seed: int


async def _measured(
    cases: Sequence[Case], model: str | None, asked: Asked | None
) -> tuple[list[tuple[str, Report]], list[Row], list[Cost]]:
    from mingbai.cli.assemble import phrase_by
    from mingbai.cli.prove_home import engine_of, prepared
    from mingbai.prove.desk import report
    from mingbai.prove.desk.bench import Row
    from mingbai.prove.desk.cost import Masking, costs
    from mingbai.prove.desk.runner import run
    from mingbai.turn.release import read_beginnings

    with prepared() as (shop, home, opens_with, _):
        async with engine_of("model", model, home, []) as engine:
            assert engine is not None
            await read_beginnings(phrase_by(engine, ""))  # as `mingbai run` does when it starts
            talks = await run(cases, home, shop, opens_with(engine), concurrency=1)
            two = report.graded(await run(cases, home, shop, opens_with(engine), concurrency=2))
            masking = Masking(engine)
            again = await run(cases, home, shop, opens_with(masking), concurrency=1)
        rows = [Row("mingbai", talks)]
        if asked:
            rows += await _peers(cases, shop, home, opens_with(None), model, asked)
    named = [
        ("独自 / alone", report.graded(talks)),
        ("两位同时，问过一遍 / two at once, asked before", two),
    ]
    return named, rows, costs([a for talk in again for a in talk.answers], masking.seconds)


async def _peers(
    cases: Sequence[Case], shop: str, pristine: Path, opens: Opens, model: str | None, asked: Asked
) -> list[Row]:
    """One peer after the other, against `mingbai run` on the same weights."""
    import random
    from contextlib import ExitStack
    from tempfile import TemporaryDirectory

    from mingbai.cli import assemble
    from mingbai.cli.settings import load
    from mingbai.prove.desk.bench import Row
    from mingbai.prove.desk.floor import copied
    from mingbai.prove.peers import rival
    from mingbai.prove.peers.kept import Kept
    from mingbai.prove.rivals import service
    from mingbai.serve.embeddings import MODEL as EMBED

    settings = load()
    found = assemble.weights(settings, model)
    build = "native" if assemble.native_server(settings) else "wheel"
    kept = Kept(asked.keep, found.entry.id)
    mixed = random.Random(asked.seed).sample(
        list(cases), len(cases)
    )  # so that the first few are of all groups
    rows = []
    with ExitStack() as stack:
        floor = stack.enter_context(copied(pristine, shop, opens))
        folder = asked.venvs or Path(stack.enter_context(TemporaryDirectory(prefix="mingbai-")))
        home = Path(stack.enter_context(TemporaryDirectory(prefix="mingbai-")))
        assemble.share_native(settings, home)
        search = assemble.search(replace(settings, home=floor.home), floor.records)
        with floor.records.reading() as reader:
            chunks = rival.chunks(reader, shop)
        async with service(home, found.entry.id, build) as running:
            at = {"url": f"http://127.0.0.1:{running.port}/v1", "key": running.key, "model": found.entry.id}
            starts = {
                "qwen-agent": {**at, "tools": rival.listed_tools()},
                "rag": {**at, "chunks": chunks, "embed": EMBED},
            }
            for name in asked.names:
                left = [case for case in mixed if kept.get(name, case) is None]
                if left and asked.minutes:
                    python = await rival.installed(name, folder, lambda line: click.echo(line, err=True))
                    async with rival.running(name, python, starts[name]) as peer:
                        async for heard in rival.within(asked.minutes, peer, left, floor, search, running):
                            kept.keep(name, heard)
                            click.echo(f"{name} {heard['id']} {heard['last']:.0f} s", err=True)
                answers = [(case, kept.get(name, case)) for case in mixed]
                rows.append(Row(name, tuple(rival.judged(h, case, floor) for case, h in answers if h)))
    return rows
