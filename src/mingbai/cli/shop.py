"""`mingbai shop`: which shops are in this home, what one says of itself, and what it holds in numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mingbai.shop.records.home import Records

_as_json = click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
_name = click.argument("name", required=False)


@click.group()
def shop() -> None:
    """店铺：列出、查看、统计。 / Shops: list, show, count."""


@shop.command("list")
@_as_json
def list_(as_json: bool) -> None:
    """列出店铺。 / List the shops."""
    from mingbai.values.records import Order, Product, Shop

    with _records() as records, records.reading() as reader:
        rows = []
        for name in reader.shops():
            found = reader.get(name, Shop, name)
            said = found.record if found else Shop(name, "")
            assert isinstance(said, Shop)
            products, orders = reader.count(name, Product), reader.count(name, Order)
            rows.append(
                {
                    "shop": name,
                    "name_zh": said.name_zh,
                    "name_en": said.name_en,
                    "products": products,
                    "orders": orders,
                }
            )
    if as_json:
        _print_json(rows)
        return
    for row in rows:
        click.echo(
            f"{row['shop']}  {row['name_zh']} {row['name_en']}\n"
            f"    商品 / products {row['products']}  订单 / orders {row['orders']}"
        )
    if not rows:
        click.echo("还没有店铺：mingbai import 文件 / No shop yet: mingbai import FILE", err=True)


@shop.command()
@_name
@_as_json
def show(name: str | None, as_json: bool) -> None:
    """店铺怎么介绍自己。 / What a shop says of itself."""
    from mingbai.shop.records.jsonform import to_json
    from mingbai.values.records import Shop

    with _records() as records:
        name = records.the_shop(name)
        found = records.get(name, Shop, name)
    said = to_json(found.record) if found else {"shop": name}
    if as_json:
        _print_json(said)
        return
    for field, value in said.items():
        if field == "facts" and isinstance(value, list):
            for fact, text in value:
                click.echo(f"{fact}: {text}")
        elif value != "":
            click.echo(f"{field}: {value}")
    if found:
        click.echo(f"来自 / from: {found.origin.file}:{found.origin.line}")


@shop.command()
@_name
@_as_json
def stats(name: str | None, as_json: bool) -> None:
    """店铺里有多少数据、从何而来。 / How much a shop holds, and from which files."""
    from dataclasses import asdict

    with _records() as records, records.reading() as reader:
        found = reader.stats(records.the_shop(name))
    said = [None if at is None else at.isoformat() for at in (found.first_order_at, found.last_order_at)]
    if as_json:
        _print_json({**asdict(found), "first_order_at": said[0], "last_order_at": said[1]})
        return
    click.echo(found.shop)
    for title, counts in (
        ("记录 / rows", found.rows),
        ("订单状态 / orders by state", found.orders_by_state),
        ("来自文件 / from files", found.files),
    ):
        click.echo(title)
        for what, count in counts.items():
            click.echo(f"    {count:>9,}  {what}")
    if said[0]:
        click.echo(f"下单时间 / orders made\n    {said[0]} … {said[1]}")


def _records() -> Records:
    from mingbai.cli.assemble import records
    from mingbai.cli.settings import load

    return records(load())


def _print_json(value: object) -> None:
    import json

    click.echo(json.dumps(value, ensure_ascii=False))
