"""`mingbai learn upcycle`: a dense Qwen2 as a mixture of experts that answers as it did, and can be trained further."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--model", default=None, help="底模，默认 learn.base / base, by default learn.base")
@click.option("--experts", type=click.IntRange(2, 64), default=4, show_default=True)
@click.option(
    "--active", type=click.IntRange(1), default=2, show_default=True,
    help="每个 token 问几个专家 / experts asked for each token",
)  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
def upcycle(out: Path, model: str | None, experts: int, active: int, seed: int) -> None:
    """稠密模型变成混合专家（Qwen2-MoE），先答得一样。 / A dense model as a mixture of experts that answers as before."""
    from mingbai.cli import learning
    from mingbai.cli.settings import load
    from mingbai.learn import upcycle as upcycling
    from mingbai.models import gguf

    base, _ = learning.base_of(load(), model)
    upcycling.upcycle(base.file, out, experts=experts, active=active, seed=seed)
    made = gguf.read(out)
    click.echo(
        f"✓ {out}  {made.architecture}  {made.experts_used}/{made.experts}  {made.parameters / 1e6:.0f} M  {made.size_bytes >> 20} MiB"
    )
    click.echo("  用它 / use it: mingbai models add " + str(out), err=True)
