"""`mingbai rectify`: correct personal fields of a customer or an order."""

from __future__ import annotations

import click


@click.command()
@click.argument("subject")
@click.argument("fields", metavar="FIELD=VALUE…", nargs=-1, required=True)
@click.option("--shop", default=None, help="店铺，默认唯一的一家 / which shop, by default the only one")
def rectify(subject: str, fields: tuple[str, ...], shop: str | None) -> None:
    """更正：mingbai rectify C10001 phone=13800138000。 / Correct a field; SUBJECT as for erase."""
    from mingbai.cli.rights_desk import BY, opened

    if not all("=" in field for field in fields):
        raise click.UsageError("写成 字段=值 / write FIELD=VALUE")
    said = dict(field.split("=", 1) for field in fields)
    with opened() as rights:
        rights.rectify(shop, subject, said, by=BY)
    click.echo(f"✓ {'、'.join(sorted(said))}")
