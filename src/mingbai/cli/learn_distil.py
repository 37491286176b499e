"""`mingbai learn distil`: whether a bigger model's opinion beside the labels teaches a smaller one more."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from mingbai.cli.learn_told import told


@click.command()
@click.option("--shop", default=None, help="店铺，默认唯一的一家 / which shop, by default the only one")
@click.option(
    "--teacher", default="qwen2.5-coder-1.5b-instruct", show_default=True, help="老师 / the teacher"
)
@click.option("--model", default=None, help="学生，默认 learn.base / the student, by default learn.base")
@click.option(
    "--rows", type=click.IntRange(8), default=120, show_default=True, help="最多学几行 / rows at most"
)
@click.option(
    "--held-out", type=click.IntRange(8), default=120, show_default=True,
    help="留出几行来考 / rows it is examined on",
)  # fmt: skip
@click.option(
    "--soft", type=click.FloatRange(0, 1, min_open=True), default=0.5, show_default=True,
    help="老师的看法占多少，其余是标签 / how much the teacher's opinion counts, the rest is the label",
)  # fmt: skip
@click.option("--epochs", type=click.IntRange(1), default=3, show_default=True)
@click.option("--top", type=click.IntRange(0), default=8, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option(
    "--threads", type=click.IntRange(0), default=0, help="0：有几核用几核 / 0: as many as there are cores"
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def distil(
    shop: str | None, teacher: str, model: str | None, rows: int, held_out: int, soft: float, epochs: int, top: int, seed: int,
    threads: int, as_json: bool,
) -> None:  # fmt: skip
    """同样的行，有没有大模型当老师，学得差多少。 / The same rows, learned with a bigger model's opinion and without."""
    import os
    from dataclasses import replace

    from mingbai.cli import learning, learning_distil
    from mingbai.cli.settings import load
    from mingbai.learn.examples import Recipe

    settings = load()
    learning.must_be_installed()
    with learning.opened(settings, shop) as house:
        base, _ = learning.base_of(settings, model)
        known, _ = learning.base_of(settings, teacher)
        recipe = replace(
            Recipe(), epochs=epochs, top=top, seed=seed, soft=soft, threads=threads or os.cpu_count() or 1
        )
        arms = learning_distil.compared(house, known, base, recipe, rows, held_out, told(as_json))
    if as_json:
        click.echo(json.dumps([asdict(it) for it in arms]))
        return
    for it in arms:
        click.echo(
            f"{it.name:28} {it.right:4}/{it.of:<4} {it.right / it.of:6.1%}  cpu {it.cpu_seconds:.0f} s"
        )
