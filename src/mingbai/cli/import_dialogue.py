"""The dialogue for a table that no profile knows: column by column, then saved as a profile that the merchant can edit."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path, PurePath
from zoneinfo import ZoneInfo

import click

from mingbai.shop.intake import mapping
from mingbai.shop.intake.choose import Header
from mingbai.shop.intake.plan import bind_grid
from mingbai.shop.intake.profile import NAME, parse
from mingbai.shop.intake.readings import GridReading
from mingbai.shop.intake.rows import Grid
from mingbai.shop.intake.sources import Choice, Opened
from mingbai.values.errors import SettingsError
from mingbai.values.records import OrderState

_SUBJECTS = {"orders": "订单 / orders", "products": "商品 / products", "customers": "顾客 / customers"}
_STATES_SHOWN = 30


def ask_for(home: Path, name: str, grid: Grid, header: Header, choice: Choice, opened: Opened) -> None:
    """Asks, saves `<home>/profiles/NAME.toml`, and adds the table's reading. An empty answer takes the proposal."""
    columns = [cell for cell in header.cells if cell]
    click.echo(f"\n{name}：不认得这个表头，请告诉我每列是什么。 / tell me what the columns are.")
    click.echo(f"列 / columns: {', '.join(columns)}")
    subject = click.prompt(
        "这个表是关于 / this table is about",
        type=click.Choice(list(_SUBJECTS)),
        default=mapping.about(columns),
    )
    kinds: dict[str, dict[str, str]] = {}
    for kind in mapping.ABOUT[subject]:
        fields = _fields(kind, columns)
        if not mapping.lacking(kind, fields):
            kinds[kind] = fields
    if not kinds:
        click.echo("缺少必需的列，跳过。 / Columns that are needed are missing; passed over.", err=True)
        return
    currency = click.prompt("货币 / currency", default=choice.currency or "CNY").strip().upper()
    timezone = click.prompt("时区 / time zone", default=choice.zone or "Asia/Shanghai").strip()
    states = _states(grid, header, kinds.get("order", {}).get("state_said"))
    slug = _slug(click.prompt("档案名 / profile's name", default=_slug(PurePath(name).stem)))
    text = mapping.written(name, columns, kinds, currency=currency, timezone=timezone, states=states)
    try:
        profile = parse(text, slug)
    except SettingsError as error:
        click.echo(f"✗ {error.what}", err=True)
        return
    file = home / "profiles" / f"{slug}.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    click.echo(f"已存 / saved: {file}")
    plan = bind_grid(profile, header.cells, name, grid.name, ZoneInfo(timezone), currency)
    opened.readings.append(GridReading(grid, header, plan))


def _fields(kind: str, columns: list[str]) -> dict[str, str]:
    fields = {}
    guess = mapping.proposed(kind, columns)
    click.echo(f"\n[{kind}]  （回车同意，- 表示没有 / Enter agrees, - means none）")
    for name in mapping.fields_of(kind):
        answer = click.prompt(f"  {name}", default=guess.get(name, "-")).strip()
        while answer != "-" and answer not in columns:
            answer = click.prompt(f"  没有列 {answer} / no column {answer}", default="-").strip()
        if answer != "-":
            fields[name] = answer
    return fields


def _states(grid: Grid, header: Header, column: str | None) -> dict[str, str]:
    """What the shop's own words for states mean."""
    if column is None:
        return {}
    at = header.cells.index(column)
    said: dict[str, None] = {}
    for row in islice(grid.rows(), 20_000):
        if row.line > header.line and at < len(row.body) and row.body[at]:
            said.setdefault(row.body[at])
    states = {}
    words = [state.value for state in OrderState]
    click.echo(f"\n订单状态各是什么 / what the states mean: {', '.join(words)}")
    for word in islice(said, _STATES_SHOWN):
        states[word] = click.prompt(
            f"  {word}", type=click.Choice(words), default="unknown", show_choices=False
        )
    return {word: state for word, state in states.items() if state != "unknown"}


def _slug(name: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60] or "my-table"
    return slug if NAME.fullmatch(slug) else "my-table"
