"""`mingbai consent`: notices, who agreed to what, and taking it back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mingbai.permit.consent import Basis, Consents, Purpose, State

PURPOSES = ("service", "marketing", "training", "research")


@click.group()
def consent() -> None:
    """同意：发布告知书，记录同意与撤回，导出。 / Consents: notices, given, withdrawn, exported."""


@consent.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--id", "notice_id", required=True, help="告知书的名字 / the notice's name")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
def publish(file: Path, notice_id: str, lang: str) -> None:
    """发布一份告知书；改一个字就是新的版本。 / Publish a notice; one word changed is a new version."""
    made = _ledger().publish(notice_id, lang, file.read_text(encoding="utf-8"), datetime.now(UTC))
    click.echo(f"{made.id} v{made.version} ({made.lang})  {made.sha256}")


@consent.command()
@click.argument("state", type=click.Choice(["given", "refused", "withdrawn"]))
@click.argument("customer")
@click.option("--shop", default=None, help="店铺 / shop")
@click.option("--purpose", type=click.Choice(PURPOSES), required=True, help="用途 / purpose")
@click.option(
    "--category", default="conversation", show_default=True, help="哪类数据，可用逗号隔开几类 / kinds of data, commas between",
)  # fmt: skip
@click.option("--notice", "notice_id", required=True, help="看过的告知书 / the notice that was shown")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option("--region", default="CN", show_default=True, help="本人所在的法域 / the person's jurisdiction")
@click.option(
    "--basis",
    type=click.Choice(["consent", "separate-consent", "guardian-consent"]),
    default="consent",
    show_default=True,
)
@click.option("--how", default="staff", show_default=True, help="怎么表示的 / how it was said")
def record(
    state: State, customer: str, shop: str | None, purpose: Purpose, category: str, notice_id: str, lang: str, region: str,
    basis: Basis, how: str,
) -> None:  # fmt: skip
    """记录一次同意、拒绝或撤回。 / Record that a consent was given, refused or withdrawn."""
    ledger = _ledger()
    made = ledger.record(
        _person(shop, customer), state, purpose=purpose, category=category,
        notice=ledger.newest(notice_id, lang), region=region, at=datetime.now(UTC), how=how,
        basis=basis,
    )  # fmt: skip
    click.echo(f"✓ {made.seq}  {made.purpose}  {made.state}  {made.at.isoformat()}")
    if purpose == "training" and state != "given":
        for adapter in _put_out():
            click.echo(f"  适配器停用 / adapter out of service: {adapter}")


@consent.command()
@click.argument("customer")
@click.option("--shop", default=None, help="店铺 / shop")
@click.option("--dpv", "as_dpv", is_flag=True, help="按 W3C DPV 输出 JSON-LD / JSON-LD in W3C DPV's terms")
def show(customer: str, shop: str | None, as_dpv: bool) -> None:
    """一个人的全部记录；最后一条算数。 / All records of a person; the last one counts."""
    from mingbai.permit.consent import dpv

    person = _person(shop, customer)
    rows = _ledger().history(person)
    if as_dpv:
        click.echo(json.dumps(dpv(rows, person.split("/")[0]), ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(
            f"{row.seq}  {row.at.isoformat()}  {row.purpose:10} {row.state:10} {row.notice} v{row.version}  {row.how}"
        )
    click.echo("现在同意 / agrees now: " + ("、".join(sorted(_ledger().live(person))) or "无 / nothing"))


def _put_out() -> list[str]:
    """Rows leave the datasets; which adapters saw what may not be seen any more."""
    from contextlib import closing

    from mingbai.cli.ledger import vault
    from mingbai.cli.settings import load
    from mingbai.cli.tuned import put_out

    settings = load()
    with closing(vault(settings)) as keys:
        return put_out(settings, keys)


def _ledger() -> Consents:
    from mingbai.cli.ledger import vault
    from mingbai.cli.settings import load
    from mingbai.permit.consent import Consents

    settings = load()
    keys = vault(settings)
    return Consents(settings.home / "consent.db", keys.tag, keys)


def _person(shop: str | None, customer: str) -> str:
    from mingbai.cli import assemble
    from mingbai.cli.settings import load

    with assemble.records(load()) as records:
        return f"{records.the_shop(shop)}/customer/{customer}"
