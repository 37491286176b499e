"""`mingbai prove leaks`: canaries, a day of traffic, and a search of everything the service keeps, prints and connects to."""

from __future__ import annotations

import json
import socket
import sys
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mingbai.prove.leaks import Service


@click.command()
@click.option("--turns", type=click.IntRange(20), default=400, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def leaks(turns: int, as_json: bool) -> None:
    """埋下假的个人信息，跑一天的对话，再到处搜。 / Plant canaries, run a day of traffic, search everything."""
    from mingbai.cli.kept_report import keep
    from mingbai.prove.leaks import run

    with TemporaryDirectory(prefix="mingbai-") as folder:
        report = run(prepared(Path(folder)), turns=turns)
    said = {**asdict(report), "passed": report.passed}
    keep("leaks", f"prove leaks · {turns}", said)
    click.echo(json.dumps(said) if as_json else "\n".join(report.lines()))
    if not report.passed:
        raise SystemExit(1)


def prepared(folder: Path) -> Service:
    """A home with the example shop and the canaries' rows, keys of every scope, and how its service is started."""
    from mingbai.cli import assemble
    from mingbai.prove.canaries import rows
    from mingbai.prove.leaks import Service
    from mingbai.serve.keys import KeyStore, Scope
    from mingbai.shop.example import make
    from mingbai.values.settings import Settings

    home, scratch = folder / "home", folder / "scratch"
    scratch.mkdir(mode=0o700)
    settings = Settings(home=home)
    with assemble.records(settings) as records:
        assemble.take_example(records)
        records.take(make.SHOP, rows())
    keys = KeyStore(home / "keys.db")
    secrets = {scope.value: keys.create(scope).secret for scope in Scope}
    keys.close()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return Service(
        command=(sys.executable, "mingbai.cli", "run", "--rehearse", "--port", str(port)),
        environment={"MINGBAI_HOME": str(home)}, home=home, scratch=scratch, url=f"http://127.0.0.1:{port}", keys=secrets,
    )  # fmt: skip
