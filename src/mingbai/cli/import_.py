"""`mingbai import`: the files a merchant has, into the shop's records.

Exit codes: 0 everything was taken, changed or unchanged; 1 nothing could be read or the home is at fault; 2 wrong options;
3 some rows or files were refused, the rest was taken.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mingbai.cli.progress import filling

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from mingbai.shop.intake.choose import Header
    from mingbai.shop.intake.report import Report
    from mingbai.shop.intake.rows import Grid
    from mingbai.shop.intake.sources import Choice, Opened
    from mingbai.values.errors import MingbaiError
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
    from functools import partial

    from mingbai.cli import assemble
    from mingbai.shop.intake.sources import content, files
    from mingbai.shop.intake.whole import Asked, take_files

    asked = Asked(profile_name or "", shop or "", currency or "", timezone or "", dry_run)
    ask = _ask(settings.home) if not as_json and _at_a_terminal() else None
    read = ((name, partial(content, path)) for name, path in files(paths))
    with assemble.records(settings) as records:
        return take_files(settings.home, read, records, asked, filling(), ask)


def _ask(home: Path) -> Callable[[str, Grid, Header, Choice, Opened], None]:
    """A person at the terminal is asked about a table that no profile reads."""
    from mingbai.cli.import_dialogue import ask_for

    def ask(name: str, grid: Grid, header: Header, choice: Choice, opened: Opened) -> None:
        ask_for(home, name, grid, header, choice, opened)

    return ask


def _example(settings: Settings, today: str | None, dry_run: bool) -> Report:
    from mingbai.cli import assemble, ledger
    from mingbai.shop.example import make
    from mingbai.shop.intake.report import Report, SheetReport
    from mingbai.shop.intake.taking import BATCH

    report = Report(make.SHOP, dry_run)
    sheet = SheetReport("example", profile="example")
    report.sheets.append(sheet)
    rows = list(make.rows(_day(today)) if today else make.rows())
    line, done = filling(), 0
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
    if not dry_run:
        ledger.take_example_consents(settings)
    return report


def _day(today: str) -> date:
    from datetime import date

    try:
        return date.fromisoformat(today)
    except ValueError:
        raise click.BadParameter(f"{today}: 2025-11-12", param_hint="--today") from None


def _at_a_terminal() -> bool:
    return sys.stdin.isatty()


def _show(report: Report, failures: list[tuple[str, MingbaiError]], as_json: bool) -> None:
    if as_json:
        import json

        from mingbai.shop.intake.whole import as_json as whole

        click.echo(json.dumps(whole(report, failures), ensure_ascii=False))
        return
    from mingbai.cli.import_report import lines

    for line in lines(report, failures, _SHOWN):
        click.echo(line)
