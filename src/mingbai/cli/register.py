"""`mingbai register`: requests of persons and disclosures to staff and authorities; entries are only ever added."""

from __future__ import annotations

import json
from dataclasses import asdict

import click


@click.group()
def register() -> None:
    """请求与披露的登记，只增不改。 / Requests and disclosures; entries are only added."""


@register.command()
@click.option("--json", "as_json", is_flag=True, help="每行一条 JSON / a JSON object a line")
@click.option(
    "--check", is_flag=True, help="核对每条接着上一条 / check that each entry follows the one before"
)
def show(as_json: bool, check: bool) -> None:
    """全部登记，旧的在前。 / All entries, oldest first."""
    from mingbai.cli.rights_desk import opened

    with opened() as rights:
        entries, faults = rights.register.all(), rights.register.faults() if check else []
    for entry in entries:
        if as_json:
            click.echo(json.dumps({**asdict(entry), "at": entry.at.isoformat()}, ensure_ascii=False))
        else:
            note = f"  {entry.note}" if entry.note else ""
            click.echo(
                f"{entry.seq}  {entry.at.isoformat()}  {entry.kind}  {entry.by}  {entry.right}  {entry.outcome}{note}"
            )
    if faults:
        click.echo(f"✗ {', '.join(map(str, faults))}", err=True)
        raise SystemExit(1)
    if check:
        click.echo(f"✓ {len(entries)}", err=True)


@register.command()
@click.argument("subject", required=False)
@click.option("--shop", default=None, help="店铺 / shop")
@click.option(
    "--by", required=True, help="谁要的：机关、员工的岗位 / who asked: an office, a member of staff's role"
)
@click.option(
    "--right", required=True, help="依据：法条、文书编号 / by what right: the law, the warrant's number"
)
@click.option("--outcome", type=click.Choice(["given", "partly", "refused"]), required=True)
@click.option(
    "--note", default="", help="说明；提到本人的话随本人删除 / words; those of a person go with them"
)
def disclosed(subject: str | None, shop: str | None, by: str, right: str, outcome: str, note: str) -> None:
    """登记一次披露或调取，包括拒绝的。 / Enter a disclosure or a demand, also a refused one."""
    from mingbai.cli.rights_desk import opened

    with opened() as rights:
        number = rights.disclose(shop, subject, by=by, right=right, outcome=outcome, note=note)
    click.echo(f"✓ {number}")
