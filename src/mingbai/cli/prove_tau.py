"""`mingbai prove desk --suite tau-retail`: a foreign shop whole, its tasks by the constrained path and by a free tool loop."""

from __future__ import annotations

from pathlib import Path

import click


def tau_retail(
    data: Path,
    split: str,
    limit: int | None,
    seed: int,
    *,
    free: bool,
    model: str | None,
    misses: bool,
    as_json: bool,
) -> None:
    """`free` asks the real model, too: minutes for a task."""
    import asyncio
    import json
    from contextlib import AsyncExitStack
    from tempfile import TemporaryDirectory

    from mingbai.cli import assemble
    from mingbai.cli.kept_report import keep
    from mingbai.cli.progress import counting
    from mingbai.cli.prove_home import engine_of
    from mingbai.cli.settings import load
    from mingbai.prove.desk.case import drawn
    from mingbai.prove.tau import run as tau
    from mingbai.prove.tau.shop import FOLDER, Retail
    from mingbai.prove.tau.tasks import read
    from mingbai.values.chat import Tool
    from mingbai.values.errors import BadInput, Text

    folder = data / FOLDER
    if not folder.is_dir():
        raise BadInput(
            Text(f"没有 {folder}。", f"{folder} is not there."),
            Text("用 --data 指明共享数据目录。", "Name the folder of shared data with --data."),
        )
    tasks = drawn(read(data, split), limit, seed)
    if not tasks:
        raise BadInput(
            Text(f"这份数据里没有 {split} 的任务。", f"This copy of the data has no tasks of {split}."),
            Text("用 --split train。", "Use --split train."),
        )
    shop = Retail.read(data)
    listed = json.loads((folder / "tools.json").read_text("utf-8"))
    tools = [
        Tool(t["function"]["name"], t["function"]["description"], t["function"]["parameters"]) for t in listed
    ]
    policy = (folder / "raw" / "tau2_retail_policy.md").read_text("utf-8")

    async def go() -> tau.Report:
        async with AsyncExitStack() as stack:
            engine = None
            if free:
                home = Path(stack.enter_context(TemporaryDirectory(prefix="mingbai-")))
                assemble.share_native(load(), home)
                engine = await stack.enter_async_context(engine_of("model", model, home, []))
            return await tau.run(shop, tasks, engine, policy, tools, counting())

    report = asyncio.run(go())
    figures = {"split": split, "limit": limit, "seed": seed, **report.as_json()}
    keep("desk tau-retail", f"prove desk · tau-retail · {split} · {len(tasks)}", figures)
    if as_json:
        click.echo(
            json.dumps(
                {"suite": "tau-retail", "split": split, "limit": limit, "seed": seed, **report.as_json()}
            )
        )
    else:
        click.echo(f"prove desk · tau-retail · {split} · {len(tasks)}\n\n" + "\n".join(report.lines()))
    if misses:
        click.echo("\n" + "\n".join(report.misses()), err=as_json)
