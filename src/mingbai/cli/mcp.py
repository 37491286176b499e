"""`mingbai mcp`: the shop's skills for a client of the Model Context Protocol, over standard input and output."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mingbai.shop.records.home import Reader
    from mingbai.shop.skills.scene import Scene


@click.command()
@click.option("--shop", default=None, help="店铺代号 / the shop")
@click.option("--customer", default="", help="替这位已核实的顾客问 / ask as this proven customer")
@click.option("--staff", is_flag=True, help="以客服身份：可看全部订单 / as staff: every order may be seen")
@click.option("--today", default=None, metavar="DATE", help="把今天定为这一天 / fix the calendar at this day")
def mcp(shop: str | None, customer: str, staff: bool, today: str | None) -> None:
    """把店铺技能作为 MCP 工具（标准输入输出）。 / The shop's skills as MCP tools over stdio.

    没有 --customer 和 --staff 时，看订单要订单号和手机后四位。
    Without --customer or --staff an order needs its number and the last four digits of the phone.
    """
    from mingbai import __version__
    from mingbai.cli import assemble
    from mingbai.cli.dates import day
    from mingbai.cli.settings import load
    from mingbai.shop.clock import clock_of
    from mingbai.shop.ground import finder
    from mingbai.shop.skills.mcp import Server
    from mingbai.shop.skills.scene import Asker, Scene

    settings = load()
    bounds = assemble.limits(settings)
    with assemble.records(settings) as records:
        name = records.the_shop(shop)
        clock = clock_of(records, day(today) if today else None)
        find = finder(assemble.search(settings, records), name)
        asker = Asker("staff" if staff else "customer", customer)

        def scene_of(reader: Reader) -> Scene:
            return Scene(reader, find, name, clock(name), asker, limits=bounds)

        server = Server(records, scene_of, __version__)
        for raw in sys.stdin.buffer:
            line = raw.decode("utf-8", "replace").strip()
            if line and (reply := server.answer(line)) is not None:
                sys.stdout.buffer.write(reply.encode() + b"\n")
                sys.stdout.buffer.flush()
