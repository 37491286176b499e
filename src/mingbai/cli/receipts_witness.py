"""`mingbai receipts witness`: others who sign that this log only grew, and this home as a witness of theirs."""

from __future__ import annotations

from contextlib import closing

import click


@click.group()
def witness() -> None:
    """见证：别人为本店的日志签字，本店也可为别人签字。 / Witnesses of this log, and this home as a witness of others."""


@witness.command()
def key() -> None:
    """本店作为见证人的公钥。 / This home's public key as a witness."""
    from mingbai.cli import witnesses
    from mingbai.cli.settings import load

    click.echo(str(witnesses.signer(load().home).verifier))


@witness.command()
@click.argument("log_key")
def trust(log_key: str) -> None:
    """为这把公钥的日志签字（POST /v1/witness/add-checkpoint）。 / Sign for the log of that key from now on."""
    from mingbai.cli import witnesses
    from mingbai.cli.settings import load
    from mingbai.receipt.note import LOG_KEY

    known = witnesses.parsed(log_key, LOG_KEY)
    witnesses.trust(load().home, known)
    click.echo(f"✓ {known.name}")


@witness.command()
@click.argument("url")
@click.argument("witness_key")
@click.option("--inside", is_flag=True, help="在店铺自己的网络里 / it stands in the shop's own network")
def add(url: str, witness_key: str, inside: bool) -> None:
    """请这位见证人为本店签字：它的地址和公钥。 / Have that witness sign for this log: its address and key."""
    from mingbai.cli import witnesses
    from mingbai.cli.settings import load
    from mingbai.receipt.note import WITNESS_KEY

    known = witnesses.Known(url, witnesses.parsed(witness_key, WITNESS_KEY), inside)
    witnesses.add(load().home, known)
    click.echo(f"✓ {known.key.name} @ {known.url}")


@witness.command("list")
def listed() -> None:
    """本店的见证人，和本店为谁签字。 / This log's witnesses, and the logs that this home signs for."""
    from mingbai.cli import witnesses
    from mingbai.cli.settings import load

    home = load().home
    for known in witnesses.of(home):
        click.echo(f"为本店签字 / signs for us: {known.key.name} @ {known.url}")
    for log in witnesses.trusted(home):
        click.echo(f"我们为它签字 / we sign for: {log.name}")


@witness.command()
def ask() -> None:
    """现在就请所有见证人签字。 / Have every witness sign the newest checkpoint now."""
    from mingbai.cli import ledger, witnesses
    from mingbai.cli.settings import load

    settings = load()
    failed = 0
    with closing(ledger.log(settings, ledger.ANSWERS)) as log:
        results = list(witnesses.ask_all(settings.home, log))
    for known, result in results:
        if isinstance(result, int):
            click.echo(f"✓ {known.key.name}: {result}")
        else:
            failed += 1
            click.echo(f"✗ {known.key.name}: {result.what} {result.mend}", err=True)
    if not results:
        click.echo("还没有见证人：mingbai receipts witness add URL KEY / no witness yet", err=True)
    if failed or not results:
        raise SystemExit(1)
