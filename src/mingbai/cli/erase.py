"""`mingbai erase`: shows what would go and what stays, then erases a person and hands out the certificate."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command()
@click.argument("subject")
@click.option("--shop", default=None, help="店铺，默认唯一的一家 / which shop, by default the only one")
@click.option("--yes", is_flag=True, help="真的删除；没有它只显示 / erase; without it, only shown")
@click.option(
    "--certificate", type=click.Path(path_type=Path, dir_okay=False),
    help="把证明写进文件 / write the certificate to a file",
)  # fmt: skip
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option("--right", default="", help="依据，默认个保法 47 条、GDPR 17 条 / by which law")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def erase(
    subject: str, shop: str | None, yes: bool, certificate: Path | None, lang: str, right: str, as_json: bool
) -> None:
    """删除一个人：SUBJECT 是顾客编号，或 order:订单号。 / Erase a person: a customer's id, or order:NUMBER."""
    from mingbai.cli.rights_desk import BY, opened
    from mingbai.permit.certificate import text_of, whole
    from mingbai.permit.rights import ERASURE_LAW

    with opened() as rights:
        done = (
            rights.erase(shop, subject, by=BY, right=right or ERASURE_LAW)
            if yes
            else rights.would_erase(shop, subject)
        )
        clocks = rights.clocks
    if certificate and done.certificate:
        certificate.write_bytes(done.certificate)
    if as_json:
        click.echo(json.dumps(whole(done), ensure_ascii=False))
        return
    click.echo(text_of(done, clocks, "en" if lang == "en" else "zh"))
    if done.done:
        click.echo(f"\n{done.id}  salt {done.salt}")
        click.echo(
            "把编号和 salt 交给本人：凭它能证明这条删除是他的。 / Give number and salt to the person: they show whose erasure it is.",
            err=True,
        )
    else:
        click.echo("\n加 --yes 才会删除。 / Add --yes to erase.", err=True)
