"""`mingbai export`: everything a shop holds, in open formats that can be imported again; or all of one person's data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mingbai.shop.export import Form


@click.command()
@click.argument("words", metavar="[SUBJECT] DIR", nargs=-1, required=True)
@click.option("--shop", help="哪家店铺，默认唯一的一家 / which shop, by default the only one")
@click.option(
    "--all", "everything", is_flag=True, help="全部店铺，每家一个文件夹 / every shop, a folder each"
)
@click.option(
    "--format", "form", type=click.Choice(("jsonl", "csv")), default="jsonl", show_default=True,
    help="JSON Lines，或表格软件用的 CSV / JSON Lines, or CSV for spreadsheets",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def export(words: tuple[str, ...], shop: str | None, everything: bool, form: Form, as_json: bool) -> None:
    """导出店铺的全部数据到新文件夹，可以再导入；SUBJECT 是一个顾客（或 order:订单号）时只导出这个人的。

    Write all of a shop's data to a new folder, to be imported again; with a SUBJECT, one person's."""
    import json
    from dataclasses import asdict

    from mingbai.cli.assemble import records as opened
    from mingbai.cli.settings import load
    from mingbai.shop.export import export as write

    if len(words) > 2 or (everything and len(words) > 1):
        raise click.UsageError("只要一个文件夹 / one folder, please")
    if len(words) == 2:
        from mingbai.cli.rights_desk import BY
        from mingbai.cli.rights_desk import opened as desk

        with desk() as rights:
            folder = rights.export(shop, words[0], Path(words[1]).absolute(), by=BY)
        click.echo(json.dumps({"folder": str(folder)}) if as_json else str(folder))
        return
    if everything and shop is not None:
        raise click.UsageError("--shop 和 --all 只能用一个 / --shop and --all exclude each other")
    with opened(load()) as records:
        shops = records.shops() if everything else [records.the_shop(shop)]
        if not shops:
            records.the_shop(None)  # which says that there is none, and what to do
        done = write(records, shops, Path(words[0]).absolute(), form, each=everything)
    if as_json:
        for one in done:
            files = [asdict(file) for file in one.files]
            click.echo(
                json.dumps({"shop": one.shop, "folder": str(one.folder), "files": files}, ensure_ascii=False)
            )
        return
    for one in done:
        click.echo(f"{one.shop} → {one.folder}")
        for file in one.files:
            click.echo(f"    {file.rows:>9,}  {file.file}")
    click.echo(
        "内含未加密的个人信息，请妥善保管。 / It holds personal data in the clear; keep it safe.", err=True
    )
