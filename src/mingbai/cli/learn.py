"""`mingbai learn`: rows that people agreed to, an adapter from them, its gate, and the way back out."""

from __future__ import annotations

import json
from pathlib import Path

import click

_shop = click.option(
    "--shop", default=None, help="店铺，默认唯一的一家 / which shop, by default the only one"
)
_json = click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")


@click.group()
def learn() -> None:
    """学习：只用人们同意的话，能退回。 / Learning: only from what people agreed to, and back out again."""


@learn.command()
@_shop
@click.option("--why", is_flag=True, help="说明哪些没有用、为什么 / what was left out, and why")
@click.option(
    "--export", "into", type=click.Path(path_type=Path, file_okay=False),
    help="另写 Croissant 和 CycloneDX / also write Croissant and CycloneDX there",
)  # fmt: skip
@_json
def rows(shop: str | None, why: bool, into: Path | None, as_json: bool) -> None:
    """从同意和许可里选出训练行，写成数据集。 / Choose rows by consent or licence, into a dataset."""
    from mingbai.cli import learning
    from mingbai.cli.settings import load
    from mingbai.learn import dataset, exports

    with learning.opened(load(), shop) as house:
        chosen = learning.selection(house)
        made = dataset.write(house.folder / "datasets", chosen, house.shop, house.vault)
    if into is not None:
        exports.write(into, made)
    counts = dataset.counts(made.rows)
    if as_json:
        said = {
            "folder": str(made.folder),
            "digest": made.digest,
            "counts": counts,
            "left_out": dict(chosen.left_out),
        }
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    click.echo(f"✓ {made.folder}\n  {made.digest}")
    for name, count in counts.items():
        shown = "  ".join(f"{k} {v}" for k, v in count.items()) if isinstance(count, dict) else count
        click.echo(f"  {name:8} {shown}")
    if why:
        click.echo("没有用的 / left out")
        for reason, many in chosen.left_out.items():
            click.echo(f"  {many:6}  {reason}")
