"""`mingbai access`: what is kept of a person, for how long and by which law, what they agreed to, and who asked for it."""

from __future__ import annotations

import json
from dataclasses import asdict

import click


@click.command()
@click.argument("subject")
@click.option("--shop", default=None, help="店铺，默认唯一的一家 / which shop, by default the only one")
@click.option("--by", default="owner", show_default=True, help="谁在查 / who asks")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def access(subject: str, shop: str | None, by: str, as_json: bool) -> None:
    """一个人的数据清单；内容用 mingbai export。 / What is kept of a person; for the data themselves: mingbai export."""
    from mingbai.cli.rights_desk import opened
    from mingbai.permit.certificate import KINDS, STORES

    with opened() as rights:
        file, clocks = rights.access(shop, subject, by=by), rights.clocks
    if as_json:
        said = {
            "shop": file.shop, "held": [asdict(h) for h in file.held], "receipts": file.receipts, "consents": file.consents,
            "register": [{**asdict(e), "at": e.at.isoformat()} for e in file.entries],
        }  # fmt: skip
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    for held in file.held:
        if held.count:
            click.echo(f"{held.count:>8}  {STORES[held.store]}  {KINDS[held.kind]}")
    click.echo("")
    for name in dict.fromkeys(h.clock for h in file.held if h.count):
        clock = clocks[name]
        days = f"{clock.days} 天 / days" if clock.days else "不限 / as long as it serves"
        click.echo(f"{clock.what}: {days}\n    {clock.law.zh}\n    {clock.law.en}")
    click.echo("")
    for entry in file.entries:
        click.echo(f"{entry.at.isoformat()}  {entry.kind}  {entry.by}  {entry.right}  {entry.outcome}")
