"""`mingbai prove erase`: a person who has said a hundred thousand things is erased; what is left of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mingbai.permit.rights import Rights
    from mingbai.receipt.book import Receipts
    from mingbai.shop.records.home import Records


@click.command()
@click.option("--messages", type=click.IntRange(20_000), default=100_000, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def erase(messages: int, as_json: bool) -> None:
    """删除说过十万句话的人：多久，还剩什么，备份里还读得出什么。 / Erase a person of 100,000 messages; what is left?"""
    from mingbai.cli.kept_report import keep
    from mingbai.prove.erasure import run

    with TemporaryDirectory(prefix="mingbai-") as folder:
        report = run(Path(folder), opens, messages=messages)
    keep("erase", f"prove erase · {messages}", {**asdict(report), "passed": report.passed})
    click.echo(
        json.dumps({**asdict(report), "passed": report.passed}) if as_json else "\n".join(report.lines())
    )
    if not report.passed:
        raise SystemExit(1)


@contextmanager
def opens(home: Path) -> Iterator[tuple[Records, Receipts, Rights]]:
    """A home of its own, assembled as the service's."""
    from mingbai.cli import assemble, ledger
    from mingbai.values.settings import Settings

    settings = Settings(home=home)
    with assemble.records(settings) as records, ledger.opened(settings) as receipts:
        yield records, receipts, assemble.rights(settings, records, receipts)
