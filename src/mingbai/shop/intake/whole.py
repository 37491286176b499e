"""A whole import: files in, one report out, for the command line and for the office's page alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from mingbai.shop.intake import choose
from mingbai.shop.intake.choose import Header, first_row
from mingbai.shop.intake.openform import OpenReading
from mingbai.shop.intake.profile import Profile
from mingbai.shop.intake.report import Report
from mingbai.shop.intake.rows import Grid
from mingbai.shop.intake.sources import Choice, Opened, open_file
from mingbai.shop.intake.taking import MADE_HERE, Progress, Wishes, take_all
from mingbai.shop.records.home import Records
from mingbai.values.errors import BadInput, MingbaiError, Text
from mingbai.values.json import JsonObject
from mingbai.values.records import Order, Price, Shop

GUESSED = "CNY"  # the currency of a shop whose files did not say one
Failures: TypeAlias = list[tuple[str, MingbaiError]]
# A file's name, and what reads its bytes.
File: TypeAlias = tuple[str, Callable[[], bytes]]
# Asks a person how to read a table that no profile reads.
AskFor: TypeAlias = Callable[[str, Grid, Header, Choice, Opened], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is said of all files of one import; empty: guessed, or the shop's own."""

    profile: str = ""
    shop: str = ""
    currency: str = ""
    timezone: str = ""
    dry_run: bool = False


def take_files(
    home: Path, files: Iterable[File], records: Records, asked: Asked, progress: Progress, ask: AskFor | None = None
) -> tuple[Report, Failures]:  # fmt: skip
    """Raises what concerns the whole import; what concerns a file or a row is in the report and the failures."""
    profiles = choose.load(home)
    named = asked.profile and asked.profile != "mingbai-open"
    profile = choose.named(profiles, asked.profile) if named else None
    choice = Choice(profiles, profile, asked.timezone, asked.currency)
    opened = Opened()
    failures: Failures = []
    for name, read in files:
        try:
            open_file(name, read(), choice, opened)
        except BadInput as error:
            failures.append((name, error))
    failures += _unknown(opened, choice, ask)
    slug, new = _shop(records, asked.shop or None, opened, choice)
    for reading in opened.readings:
        if isinstance(reading, OpenReading):
            reading.shop = slug
    if not opened.readings:
        return Report(slug, asked.dry_run, passed_over=opened.passed_over), failures
    before = records.shops()
    wishes = Wishes(
        slug, datetime.now(UTC).replace(microsecond=0), asked.dry_run, new, better_known=slug in before
    )
    report = take_all(opened.readings, records, wishes, progress)
    report.new_shop = slug not in before
    report.passed_over = opened.passed_over
    return report, failures


def as_json(report: Report, failures: Failures) -> JsonObject:
    failed = [
        {"file": name, "zh": e.what.zh, "en": e.what.en, "mend_zh": e.mend.zh, "mend_en": e.mend.en}
        for name, e in failures
    ]
    return {**report.as_json(), "failed": [*failed]}


def _shop(records: Records, asked: str | None, opened: Opened, choice: Choice) -> tuple[str, Shop | None]:
    """Which shop it goes into, and the row to make when there is none yet."""
    there = records.shops()
    exported = [one for one in opened.readings if isinstance(one, OpenReading) and one.kind == "shop"]
    rows = [row.record for one in exported for bundle in one.bundles() for row in bundle.records]
    said = sorted({row.shop for row in rows if isinstance(row, Shop)})
    if len(said) > 1:
        raise _several(said)
    if asked is None and there and not said:
        only = records.the_shop(None)
        return only, _better_known(records, only, choice.currency)
    slug = asked or (said[0] if said else "shop")
    if slug in there and not said:
        return slug, _better_known(records, slug, choice.currency)
    if said:
        return slug, None
    used = [choice.profiles[one.profile] for one in opened.readings if one.profile in choice.profiles]
    return slug, _new_shop(slug, used, choice)


def _several(said: list[str]) -> MingbaiError:
    listed = ", ".join(said)[:300]
    return BadInput(
        Text(
            f"这里是几家店铺的导出：{listed}；合在一起就分不开了，没有写入。",
            f"These are exports of several shops: {listed}. Together they could not be told apart; nothing was written.",
        ),
        Text(
            "一家一家地导入，例如 mingbai import 文件夹/店铺代号。",
            "Import them one by one, for example mingbai import FOLDER/SHOP.",
        ),
    )


def _new_shop(slug: str, used: Sequence[Profile], choice: Choice) -> Shop:
    currency = choice.currency or next((one.currency for one in used if one.currency), GUESSED)
    zone = choice.zone or next((one.timezone for one in used if one.timezone), "Asia/Shanghai")
    return Shop(slug, name_zh=slug, name_en=slug, currency=currency, timezone=zone)


def _better_known(records: Records, slug: str, currency: str) -> Shop | None:
    """The row of a shop that an import made, with the currency that is said now, where the one it has is what is guessed and
    neither a price nor the first of its orders speaks for that."""
    if not currency:
        return None
    with records.reading() as reader:
        row = reader.get(slug, Shop, slug)
        priced = next(iter(reader.rows(slug, Price)), None) is not None
        first = next(iter(reader.rows(slug, Order)), None)
    shop = row.record if row is not None and row.origin.file == MADE_HERE else None
    if priced or not isinstance(shop, Shop) or shop.currency != GUESSED or currency == GUESSED:
        return None
    total = first.record.total if first is not None and isinstance(first.record, Order) else None
    return None if total is not None and total.currency == GUESSED else replace(shop, currency=currency)


def _unknown(opened: Opened, choice: Choice, ask: AskFor | None) -> Failures:
    """Tables without a profile: a person at the terminal is asked, a program is told."""
    failures: Failures = []
    for name, grid in opened.unknown:
        header = first_row(grid)
        columns = [cell for cell in header.cells if cell] if header else []
        if ask is not None and header and columns:
            ask(name, grid, header, choice, opened)
            continue
        named = "、".join(columns[:12])[:300]
        failures.append(
            (
                name,
                BadInput(
                    Text(
                        f"不认得这个表头：{named or '没有表头'}",
                        f"This header is not known: {named or 'there is none'}",
                    ),
                    Text(
                        "在终端里运行 mingbai import 会逐列询问并存成档案；或用 --profile 指明一个。",
                        "Run mingbai import in a terminal: it asks column by column and saves a profile; or name one with --profile.",
                    ),
                ),
            )
        )
    return failures
