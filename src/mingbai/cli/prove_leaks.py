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
@click.option(
    "--adapter", is_flag=True, help="量训练会不会记住秘密 / measure whether training remembers secrets"
)
@click.option(
    "--canaries",
    type=click.IntRange(1),
    default=50,
    show_default=True,
    help="--adapter：几个秘密 / how many secrets",
)
@click.option("--seeds", type=click.IntRange(1), default=3, show_default=True, help="--adapter：几遍 / runs")
@click.option(
    "--references",
    type=click.IntRange(2),
    default=64,
    show_default=True,
    help="--adapter：每种说法几个参照 / references of each carrier",
)
@click.option(
    "--copies",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="--adapter：每个出现几次 / how often each is said",
)
@click.option(
    "--rows",
    type=click.IntRange(8),
    default=240,
    show_default=True,
    help="--adapter：同学的行 / rows beside them",
)
@click.option("--epochs", type=click.IntRange(1), default=3, show_default=True, help="--adapter")
@click.option("--top", type=click.IntRange(0), default=8, show_default=True, help="--adapter")
@click.option(
    "--threads", type=click.IntRange(0), default=0, help="--adapter：0：有几核用几核 / as many as cores"
)
@click.option("--model", default=None, help="--adapter：底模 / base")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def leaks(
    turns: int, adapter: bool, canaries: int, seeds: int, references: int, copies: int, rows: int, epochs: int, top: int,
    threads: int, model: str | None, as_json: bool,
) -> None:  # fmt: skip
    """埋下假的个人信息，跑一天的对话，再到处搜。 / Plant canaries, run a day of traffic, search everything."""
    if adapter:
        from mingbai.cli.prove_leaks_adapter import leaks_of_training

        leaks_of_training(canaries, seeds, references, copies, rows, epochs, top, threads, model, as_json)
        return
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
