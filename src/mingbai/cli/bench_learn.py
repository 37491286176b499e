"""`mingbai bench learn`: what training costs here, and what it is worth, beside TRL on the same rows."""

from __future__ import annotations

import click


@click.command()
@click.option(
    "--rows",
    type=click.IntRange(8, 100_000),
    default=64,
    show_default=True,
    help="学多少句 / sentences to learn",
)
@click.option(
    "--held",
    type=click.IntRange(8, 100_000),
    default=128,
    show_default=True,
    help="留出多少句 / sentences held out",
)
@click.option("--labels", type=click.IntRange(2, 23), default=8, show_default=True, help="几种意图 / intents")
@click.option("--seeds", type=click.IntRange(1, 100), default=5, show_default=True)
@click.option(
    "--depth", "depths", type=click.IntRange(0, 100), multiple=True, default=(4, 8, 0), show_default=True,
    help="上面几层学（0：全部），可重复 / layers that learn (0: all), repeatable",
)  # fmt: skip
@click.option(
    "--peer", "peers", type=click.Choice(["same", "defaults", "none"]), multiple=True, default=("same", "defaults"),
    show_default=True, help="TRL：用我们的参数，或用它的默认值 / TRL with our recipe, or with its defaults",
)  # fmt: skip
@click.option("--epochs", type=click.IntRange(1, 100), default=4, show_default=True)
@click.option(
    "--peer-epochs", type=click.IntRange(1, 100), default=6, show_default=True,
    help="TRL 用我们的参数时最多几轮 / epochs that TRL with our recipe may take at most",
)  # fmt: skip
@click.option("--threads", type=click.IntRange(0, 1024), default=0, help="0：有几核用几核 / as many as cores")
@click.option("--model", default="qwen2.5-coder-0.5b-instruct", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def learn(
    rows: int, held: int, labels: int, seeds: int, depths: tuple[int, ...], peers: tuple[str, ...], epochs: int,
    peer_epochs: int, threads: int, model: str, as_json: bool,
) -> None:  # fmt: skip
    """训练要多久、占多少内存、学得怎样，与 TRL 对比。 / What training costs and is worth, beside TRL."""
    import os

    from mingbai.cli import assemble
    from mingbai.cli.settings import load
    from mingbai.learn import bench
    from mingbai.learn.examples import Recipe
    from mingbai.learn.train import needed

    needed()
    found = assemble.weights(load(), model)
    taught, out = bench.rows(rows, held, labels)
    recipe = Recipe(epochs=epochs, threads=threads or os.cpu_count() or 1)
    click.echo(
        f"{len(taught)} 句学，{len(out)} 句留出 / {len(taught)} to learn, {len(out)} held out", err=True
    )
    arms = bench.measure(
        found.path, taught, out, depths=depths, seeds=seeds, peers=[p for p in peers if p != "none"], recipe=recipe,
        peer_epochs=peer_epochs,
        told=lambda arm: click.echo(arm.line(), err=as_json),
    )  # fmt: skip
    click.echo(bench.as_json(arms) if as_json else "\n".join(bench.report(arms)))
