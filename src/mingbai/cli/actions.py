"""`mingbai actions`: what the desk changed on a customer's confirmed word, and how to take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mingbai.shop.skills.actions import Action
    from mingbai.values.json import JsonObject

_shop = click.option("--shop", default=None, help="店铺代号 / the shop")
_as_json = click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")


@click.group()
def actions() -> None:
    """客服台做过的改动：列出、撤销。 / What the desk changed: list, undo."""


@actions.command("list")
@_shop
@_as_json
@click.option("--many", type=click.IntRange(min=1), default=50, show_default=True, help="最多几条 / at most")
def list_(shop: str | None, as_json: bool, many: int) -> None:
    """列出改动，最近的在前。 / List them, the latest first."""
    import json

    from mingbai.cli import assemble
    from mingbai.cli.settings import load
    from mingbai.shop.skills.actions import Actions

    with assemble.records(load()) as records:
        found = Actions(records).latest(records.the_shop(shop), many)
    if as_json:
        click.echo(json.dumps([_row(action) for action in found], ensure_ascii=False))
        return
    for action in found:
        undone = f"  已撤销 / undone {action.undone_at:%Y-%m-%d %H:%M}" if action.undone_at else ""
        amount = f"  {action.amount}" if action.amount and action.amount.minor else ""
        click.echo(
            f"{action.action_no}  {action.skill}  {action.order_no}{amount}  {action.role} {action.asker}{undone}"
        )
    if not found:
        click.echo("还没有改动 / nothing was changed yet", err=True)


@actions.command()
@click.argument("number")
@_shop
@_as_json
def undo(number: str, shop: str | None, as_json: bool) -> None:
    """撤销一个改动：数据恢复原样，之后又改过的不撤。 / Put the rows back, unless they were changed again since."""
    import json

    from mingbai.cli import assemble
    from mingbai.cli.settings import load
    from mingbai.shop.clock import clock_of
    from mingbai.shop.skills.actions import Actions

    with assemble.records(load()) as records:
        name = records.the_shop(shop)
        done = Actions(records).undo(name, number, "owner", clock_of(records)(name))
    if as_json:
        click.echo(json.dumps(_row(done), ensure_ascii=False))
        return
    click.echo(f"已撤销 / undone: {done.action_no} {done.skill} {done.order_no}")


def _row(action: Action) -> JsonObject:
    """Without the rows themselves: they hold personal data."""
    return {
        "action": action.action_no,
        "skill": action.skill,
        "order": action.order_no,
        "amount": str(action.amount) if action.amount else None,
        "role": action.role,
        "asker": action.asker,
        "at": action.at.isoformat(),
        "undone_at": action.undone_at.isoformat() if action.undone_at else None,
        "undone_by": action.undone_by,
    }
