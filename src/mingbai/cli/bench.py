"""`mingbai bench`: speed, as ratios against a peer in the same run."""

from __future__ import annotations

import asyncio
import json

import click

from mingbai.cli.bench_counter import counter
from mingbai.cli.bench_desk import desk
from mingbai.cli.bench_learn import learn
from mingbai.cli.bench_place import place
from mingbai.cli.bench_policy import policy
from mingbai.cli.bench_receipts import receipts
from mingbai.cli.bench_understand import understand


@click.group()
def bench() -> None:
    """测速。 / Speed."""


bench.add_command(counter)
bench.add_command(desk)
bench.add_command(learn)
bench.add_command(place)
bench.add_command(policy)
bench.add_command(receipts)
bench.add_command(understand)


@bench.command()
@click.option("--model", default=None, help="模型 / model")
@click.option("--rounds", type=click.IntRange(1, 50), default=3, show_default=True)
@click.option(
    "--alone",
    type=click.IntRange(2, 1000),
    default=40,
    show_default=True,
    help="单独的短问答对数 / pairs for added TTFT",
)
@click.option(
    "--build",
    "builds",
    multiple=True,
    type=click.Choice(["wheel", "native"]),
    help="默认都测 / both by default",
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def engine(model: str | None, rounds: int, alone: int, builds: tuple[str, ...], as_json: bool) -> None:
    """服务与裸 llama.cpp 对比：首字时间、吞吐、共享前缀、离带宽上限多远。 / The service beside a bare llama.cpp."""
    import tempfile
    from pathlib import Path

    from mingbai.cli import assemble
    from mingbai.cli.settings import load
    from mingbai.engine import native
    from mingbai.models import gguf
    from mingbai.prove import bench_engine

    settings = load()
    found = assemble.weights(settings, model)
    built = native.find(settings.home)
    if not built and not builds:
        click.echo("未编译 native（make native），只测 wheel / no native build: only the wheel", err=True)
    results = []
    for build in builds or (("wheel", "native") if built else ("wheel",)):
        with tempfile.TemporaryDirectory() as tmp:
            home = Path(tmp)
            assemble.share_native(settings, home)
            done = asyncio.run(
                bench_engine.measure(
                    found.path, found.entry.id, gguf.read(found.path).read_bytes_per_token, settings.engine,
                    home=home, build=build, native=built, rounds=rounds, alone=alone,
                )
            )  # fmt: skip
        results.append(done)
        if not as_json:
            click.echo("\n".join(bench_engine.report(done)))
    if as_json:
        click.echo(json.dumps([r.as_json() for r in results]))


@bench.command()
@click.option(
    "--products",
    type=click.IntRange(100, 2_000_000),
    default=100_000,
    show_default=True,
    help="商品数 / products",
)
@click.option(
    "--queries", type=click.IntRange(10, 100_000), default=500, show_default=True, help="查询数 / queries"
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def search(products: int, queries: int, as_json: bool) -> None:
    """十万商品的搜索，与 SQLite FTS5 三元组、逐条比向量对比。 / Search beside FTS5 trigrams and a plain scan."""
    from mingbai.prove import bench_search

    done = bench_search.bench(products, queries, lambda line: click.echo(f"  {line}", err=True))
    click.echo(json.dumps(done.as_json(), ensure_ascii=False) if as_json else "\n".join(done.lines()))
