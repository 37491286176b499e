"""`mingbai import`: the files a merchant has, into the shop's records.

Exit codes: 0 everything was taken, changed or unchanged; 1 nothing could be read or the home is at fault; 2 wrong options;
3 some rows or files were refused, the rest was taken.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from mingbai.shop.intake.profile import Profile
    from mingbai.shop.intake.report import Report
    from mingbai.shop.intake.sources import Choice, Opened
    from mingbai.shop.records.home import Records
    from mingbai.values.errors import MingbaiError
    from mingbai.values.records import Shop
    from mingbai.values.settings import Settings

SOME_REFUSED = 3
_SHOWN = 50  # refused rows for people; --json has them all


@click.command("import")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--profile", "profile_name", help="导入档案，默认按表头判断 / import profile, by default guessed"
)
@click.option("--shop", help="店铺代号 / the shop's short name")
@click.option("--currency", help="文件没有写明时的货币，如 CNY / currency where the file does not say it")
@click.option("--timezone", help="文件的时区，如 Asia/Shanghai / the file's time zone")
@click.option("--dry-run", is_flag=True, help="只检查，不写入 / check only, write nothing")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
@click.option("--example", is_flag=True, help="装入示例店 明白茶具 / take in the example shop")
@click.option("--today", help="示例店的“今天”，默认固定的一天 / the example's today, by default a fixed day")
def import_(
    paths: tuple[Path, ...],
    profile_name: str | None,
    shop: str | None,
    currency: str | None,
    timezone: str | None,
    dry_run: bool,
    as_json: bool,
    example: bool,
    today: str | None,
) -> None:
    """导入订单、商品、顾客、规则文档；可给多个文件或文件夹。 / Import orders, products, customers, policy pages.

    \b
    CSV、TSV、Excel（.xlsx .xls）、JSON；Markdown、HTML、DOCX、PDF。
    同一文件导入两次不会有变化；一单要么全收，要么全拒并说明原因。
    The same file twice changes nothing; an order is whole or refused with its reason.

    \b
    退出码 / exit codes:
      0 全部可用 / all was usable      1 无法进行 / could not be done
      2 选项有误 / wrong options       3 有被拒的行或文件 / some was refused
    """
    from mingbai.cli.settings import load

    if bool(paths) == example:
        raise click.UsageError("给出文件，或 --example。 / Give files, or --example.")
    _check_options(currency, timezone)
    settings = load()
    if example:
        report = _example(settings, today, dry_run)
        failures: list[tuple[str, MingbaiError]] = []
    else:
        report, failures = _files(settings, paths, profile_name, shop, currency, timezone, dry_run, as_json)
    _show(report, failures, as_json)
    if not report.sheets:
        sys.exit(1)
    if failures or report.count("refused"):
        sys.exit(SOME_REFUSED)


def _check_options(currency: str | None, timezone: str | None) -> None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    if currency and not (len(currency) == 3 and currency.isascii() and currency.isupper()):
        raise click.BadParameter(f"{currency}: CNY, USD, EUR …", param_hint="--currency")
    try:
        ZoneInfo(timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise click.BadParameter(
            f"{timezone}: Asia/Shanghai, Europe/Berlin …", param_hint="--timezone"
        ) from None


def _files(
    settings: Settings,
    paths: tuple[Path, ...],
    profile_name: str | None,
    shop: str | None,
    currency: str | None,
    timezone: str | None,
    dry_run: bool,
    as_json: bool,
) -> tuple[Report, list[tuple[str, MingbaiError]]]:
    from datetime import UTC, datetime

    from mingbai.cli import assemble
    from mingbai.shop.intake import choose
    from mingbai.shop.intake.openform import OpenReading
    from mingbai.shop.intake.report import Report
    from mingbai.shop.intake.sources import Choice, Opened, content, files, open_file
    from mingbai.shop.intake.taking import Wishes, take_all
    from mingbai.values.errors import BadInput

    profiles = choose.load(settings.home)
    profile = (
        choose.named(profiles, profile_name) if profile_name and profile_name != "mingbai-open" else None
    )
    choice = Choice(profiles, profile, timezone or "", currency or "")
    opened = Opened()
    failures: list[tuple[str, MingbaiError]] = []
    for name, path in files(paths):
        try:
            open_file(name, content(path), choice, opened)
        except BadInput as error:
            failures.append((name, error))
    failures += _unknown(settings.home, opened, choice, ask=not as_json and _at_a_terminal())
    with assemble.records(settings) as records:
        slug, new = _shop(records, shop, opened, choice)
        for reading in opened.readings:
            if isinstance(reading, OpenReading):
                reading.shop = slug
        if not opened.readings:
            return Report(slug, dry_run, passed_over=opened.passed_over), failures
        wishes = Wishes(slug, datetime.now(UTC).replace(microsecond=0), dry_run, new)
        before = records.shops()
        report = take_all(opened.readings, records, wishes, _progress())
        report.new_shop = slug not in before
    report.passed_over = opened.passed_over
    return report, failures


def _shop(records: Records, asked: str | None, opened: Opened, choice: Choice) -> tuple[str, Shop | None]:
    """Which shop it goes into, and the row to make when there is none yet."""
    from mingbai.shop.intake.openform import OpenReading
    from mingbai.values.records import Shop

    there = records.shops()
    exported = [one for one in opened.readings if isinstance(one, OpenReading) and one.kind == "shop"]
    rows = [row.record for one in exported for bundle in one.bundles() for row in bundle.records]
    said = sorted({row.shop for row in rows if isinstance(row, Shop)})
    if len(said) > 1:
        raise _several(said)
    if asked is None and there and not said:
        return records.the_shop(None), None
    slug = asked or (said[0] if said else "shop")
    if slug in there or said:
        return slug, None
    used = [choice.profiles[one.profile] for one in opened.readings if one.profile in choice.profiles]
    return slug, _new_shop(slug, used, choice)


def _several(said: list[str]) -> MingbaiError:
    from mingbai.values.errors import BadInput, Text

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


def _new_shop(slug: str, used: list[Profile], choice: Choice) -> Shop:
    from mingbai.values.records import Shop

    currency = choice.currency or next((one.currency for one in used if one.currency), "CNY")
    zone = choice.zone or next((one.timezone for one in used if one.timezone), "Asia/Shanghai")
    return Shop(slug, name_zh=slug, name_en=slug, currency=currency, timezone=zone)


def _example(settings: Settings, today: str | None, dry_run: bool) -> Report:
    from mingbai.cli import assemble
    from mingbai.shop.example import make
    from mingbai.shop.intake.report import Report, SheetReport
    from mingbai.shop.intake.taking import BATCH

    report = Report(make.SHOP, dry_run)
    sheet = SheetReport("example", profile="example")
    report.sheets.append(sheet)
    rows = list(make.rows(_day(today)) if today else make.rows())
    line, done = _progress(), 0
    with assemble.records(settings) as records:
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            verdicts = ["taken"] * len(batch)
            if not dry_run:
                verdicts = [outcome.verdict for outcome in records.take(make.SHOP, batch)]
            for number, verdict in enumerate(verdicts, start + 1):
                sheet.mark(number, verdict)
            done += len(batch)
            line(done, len(rows))
    return report


def _day(today: str) -> date:
    from datetime import date

    try:
        return date.fromisoformat(today)
    except ValueError:
        raise click.BadParameter(f"{today}: 2025-11-12", param_hint="--today") from None


def _unknown(home: Path, opened: Opened, choice: Choice, *, ask: bool) -> list[tuple[str, MingbaiError]]:
    """Tables without a profile: a person at the terminal is asked, a program is told."""
    from mingbai.shop.intake.choose import first_row
    from mingbai.values.errors import BadInput, Text

    failures: list[tuple[str, MingbaiError]] = []
    for name, grid in opened.unknown:
        header = first_row(grid)
        columns = [cell for cell in header.cells if cell] if header else []
        if ask and header and columns:
            from mingbai.cli.import_dialogue import ask_for

            ask_for(home, name, grid, header, choice, opened)
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


def _at_a_terminal() -> bool:
    return sys.stdin.isatty()


def _progress() -> Callable[[int, int], None]:
    import time

    live = sys.stderr.isatty()
    drawn_at = 0.0

    def draw(done: int, total: int) -> None:
        nonlocal drawn_at
        now = time.monotonic()
        if not live or (now - drawn_at < 0.1 and done < total):
            return
        drawn_at = now
        share = done / total if total else 1.0
        click.echo(
            f"\r\x1b[K[{'#' * int(30 * share):<30}] {share:4.0%}  {done:,} / {total:,}",
            err=True,
            nl=done >= total,
        )

    return draw


def _show(report: Report, failures: list[tuple[str, MingbaiError]], as_json: bool) -> None:
    if as_json:
        import json

        failed = [
            {"file": name, "zh": e.what.zh, "en": e.what.en, "mend_zh": e.mend.zh, "mend_en": e.mend.en}
            for name, e in failures
        ]
        click.echo(json.dumps({**report.as_json(), "failed": failed}, ensure_ascii=False))
        return
    from mingbai.cli.import_report import lines

    for line in lines(report, failures, _SHOWN):
        click.echo(line)
