"""`mingbai retention`: how long what is kept, by which law, what is due, and its removal."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mingbai.permit.rights import Due


@click.command()
@click.option(
    "--do",
    "really",
    is_flag=True,
    help="删掉到期的；没有它只显示 / remove what is due; without it, only shown",
)
@click.option(
    "--today", help="按这一天算，默认各店自己的今天 / as of this day; by default each shop's own today"
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def retention(really: bool, today: str | None, as_json: bool) -> None:
    """各类数据保存多久、依据什么、有多少到期。 / How long each class is kept, by which law, how much is due."""
    from mingbai.cli.dates import day
    from mingbai.cli.rights_desk import BY, opened

    now = None if today is None else datetime.combine(day(today), datetime.now(UTC).timetz())
    with opened() as rights:
        clocks = rights.clocks
        due = rights.expire(now, by=BY) if really else rights.due(now)
    if as_json:
        click.echo(
            json.dumps(
                [{"shop": d.shop, "class": d.clock.name, "days": d.clock.days, "rows": d.count} for d in due]
            )
        )
        return
    for clock in clocks.values():
        days = f"{clock.days} 天 / days" if clock.days else "不限 / as long as it serves"
        click.echo(f"{clock.what}: {days}\n    {clock.law.zh}\n    {clock.law.en}\n    {clock.source}")
    click.echo("")
    _told(due, really)


def _told(due: Sequence[Due], really: bool) -> None:
    for one in due:
        if one.count:
            click.echo(f"{one.count:>8}  {one.shop}  {one.clock.what}")
    total = sum(one.count for one in due)
    if really:
        click.echo(f"已删除 {total} 行的个人字段。 / Personal fields of {total} rows were removed.")
    else:
        click.echo(
            f"到期 {total} 行；--do 删掉。 / {total} rows are due; --do removes what is personal in them."
        )
