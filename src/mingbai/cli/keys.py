"""`mingbai keys`: make, list and revoke access keys."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mingbai.serve.keys import Key, KeyStore

SCOPES = ("customer", "staff", "owner", "engineer")


@click.group()
def keys() -> None:
    """访问钥匙。 / Access keys."""


@keys.command()
@click.option("--scope", type=click.Choice(SCOPES), required=True, help="范围 / scope")
@click.option("--shop", default="", help="只限这个店铺 / for this shop only")
@click.option("--label", default="", help="备注 / a note")
@click.option(
    "--days", type=click.FloatRange(min=0, min_open=True, max=3650), default=90, show_default=True,
    help="有效天数 / days it is good",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def create(scope: str, shop: str, label: str, days: float, as_json: bool) -> None:
    """新建钥匙，只显示这一次。 / Make a key; it is shown this once."""
    from mingbai.serve.keys import Scope

    made = _store().create(Scope(scope), shop=shop, label=label, days=days)
    if as_json:
        click.echo(json.dumps({**_row(made.key), "key": made.secret}, ensure_ascii=False))
        return
    click.echo(made.secret)
    click.echo("请现在记下，之后无法再看到。 / Note it now; it cannot be shown again.", err=True)


@keys.command()
@click.option("--scope", type=click.Choice(SCOPES), required=True, help="范围 / scope")
@click.option("--shop", default="", help="只限这个店铺 / for this shop only")
@click.option(
    "--customer", default="", help="顾客编号：以这位顾客的身份打开柜台 / open the counter as this customer"
)
@click.option(
    "--minutes",
    type=click.IntRange(1, 1440),
    default=15,
    show_default=True,
    help="有效分钟 / minutes it is good",
)
def link(scope: str, shop: str, customer: str, minutes: int) -> None:
    """页面的登录链接，只能用一次。 / A login link for the page, good once."""
    from mingbai.cli.settings import load
    from mingbai.serve.keys import Scope
    from mingbai.serve.sessions import Sessions

    if customer and scope != "customer":
        raise click.UsageError(
            "--customer 只用于 --scope customer / --customer goes with --scope customer alone"
        )
    settings = load()
    sessions = Sessions(settings.home / "keys.db", _store())
    serve = settings.serve
    host = f"[{serve.host}]" if ":" in serve.host else serve.host
    made = sessions.link(Scope(scope), shop=shop, customer=customer, seconds=minutes * 60)
    click.echo(f"{'https' if serve.tls_cert else 'http'}://{host}:{serve.port}/login#{made}")


@keys.command("list")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def list_(as_json: bool) -> None:
    """列出钥匙（不含钥匙本身）。 / List keys, without the keys themselves."""
    found = _store().list()
    if as_json:
        click.echo(json.dumps([_row(key) for key in found], ensure_ascii=False))
        return
    for key in found:
        until = time.strftime("%Y-%m-%d", time.localtime(key.expires))
        state = "已收回 / revoked" if key.revoked else f"至 / until {until}"
        click.echo(f"{key.id}  {key.scope:9} {state}  {key.shop} {key.label}".rstrip())


@keys.command()
@click.argument("key_id")
def revoke(key_id: str) -> None:
    """收回钥匙，立即生效。 / Revoke a key, at once."""
    key = _store().revoke(key_id)
    click.echo(f"✓ {key.id} 已收回 / revoked")


def _store() -> KeyStore:
    from mingbai.cli.settings import load
    from mingbai.serve.keys import KeyStore

    return KeyStore(load().home / "keys.db")


def _row(key: Key) -> dict[str, object]:
    return asdict(key)
