"""`mingbai receipts`: show, hand out and verify receipts; the log, its keys and its witnesses."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from mingbai.cli.receipts_witness import witness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mingbai.receipt.bundle import Verified
    from mingbai.receipt.note import Verifier


@click.group()
def receipts() -> None:
    """收据：每个回答一张，任何人都能离线验证。 / Receipts: one per answer; anyone can verify them offline."""


receipts.add_command(witness)


@receipts.command()
@click.argument("receipt_id")
@click.option("--open", "opened", is_flag=True, help="连同密封的问与答 / with the sealed question and answer")
def show(receipt_id: str, opened: bool) -> None:
    """收据里写了什么。 / What a receipt says."""
    from mingbai.cli.ledger import opened as book
    from mingbai.cli.settings import load

    with book(load()) as found:
        row: dict[str, Any] = dict(found.get(receipt_id))
        if opened:
            row = {"receipt": row, "opening": found.opening(receipt_id)}
    click.echo(json.dumps(row, ensure_ascii=False, indent=2))


@receipts.command()
@click.argument("receipt_id")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), default="-")
def bundle(receipt_id: str, file: Path) -> None:
    """收据连同证明，写进一个文件。 / The receipt with its proof, in one file."""
    from mingbai.cli.ledger import opened
    from mingbai.cli.settings import load

    with opened(load()) as found:
        body = found.bundle(receipt_id)
    if str(file) == "-":
        sys.stdout.buffer.write(body)
    else:
        file.write_bytes(body)


@receipts.command()
@click.argument("bundle", type=click.Path(path_type=Path, dir_okay=False, exists=True, allow_dash=True))
@click.option(
    "--keys", "keys_file", type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="店铺公布的公钥，每行一把；见证人的也写在里面 / the public keys that the shop gave out, a line each, witnesses' too",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def verify(bundle: Path, keys_file: Path | None, as_json: bool) -> None:
    """离线验证一张收据；没有 --keys 就用本店自己的公钥。 / Verify offline; without --keys by this home's own keys."""
    from mingbai.receipt.bundle import verify as verified

    data = sys.stdin.buffer.read() if str(bundle) == "-" else bundle.read_bytes()
    found = verified(data, _keys(keys_file))
    if as_json:
        click.echo(
            json.dumps(
                {"verified": True, "id": found.receipt["id"], "index": found.index, "size": found.size,
                 "witnesses": [{"name": n, "at": at} for n, at in found.witnesses]}
            )
        )  # fmt: skip
        return
    _told(found)


@receipts.command()
def keys() -> None:
    """本店日志的公钥，给验证的人。 / This log's public keys, for those who verify."""
    for key in _own():
        click.echo(str(key))


@receipts.command()
@click.option("--check", is_flag=True, help="从每一条重新计算 / compute all of it again from the entries")
@click.option("--stream", type=click.Choice(["answers", "builds"]), default="answers", show_default=True)
def log(check: bool, stream: str) -> None:
    """日志现在的检查点。 / The log's checkpoint."""
    from mingbai.cli import ledger
    from mingbai.cli.settings import load
    from mingbai.receipt import signing

    settings = load()
    with closing(ledger.log(settings, stream)) as found:
        click.echo(found.checkpoint(), nl=False)
        if check:
            faults = found.faults(signing.public(settings.home / "receipts" / "keys", stream))
            for fault in faults:
                click.echo(f"✗ {fault}", err=True)
            if faults:
                raise SystemExit(1)
            click.echo(f"✓ {found.size()} 条都对 / all entries hold", err=True)


@receipts.command()
def rotate() -> None:
    """换一把签名密钥；旧公钥仍用来验证旧收据。 / A new signing key; the old public key still verifies old receipts."""
    from mingbai.cli.ledger import ANSWERS
    from mingbai.cli.settings import load
    from mingbai.receipt import signing

    made = signing.rotate(load().home / "receipts" / "keys", ANSWERS)
    click.echo(str(made.verifier))
    click.echo(
        "请公布这一行；服务重启后用它签名。 / Publish this line; the service signs with it once restarted.",
        err=True,
    )


def _own() -> Sequence[Verifier]:
    from mingbai.cli import ledger
    from mingbai.cli.settings import load
    from mingbai.receipt import signing

    folder = load().home / "receipts" / "keys"
    return [*signing.public(folder, ledger.ANSWERS), *signing.public(folder, ledger.BUILDS)]


def _keys(file: Path | None) -> Sequence[Verifier]:
    from mingbai.receipt import note

    if file is None:
        return _own()
    lines = file.read_text(encoding="utf-8").split("\n")
    return note.keys([line for line in lines if line and not line.startswith("#")])


def _told(found: Verified) -> None:
    said = cast(dict[str, Any], found.receipt)
    if said["kind"] == "erasure":
        click.echo(f"✓ {said['id']}  {said['time']}  {said['kind']}  {said['shop']}")
        click.echo(f"  销毁密钥 {said['keys']} 把 / keys destroyed: {said['keys']}; {said['law']}")
        click.echo(
            f"  日志第 {found.index} 条，共 {found.size} 条 / entry {found.index} of {found.size}: {said['log']['origin']}"
        )
        return
    templates = "别处的模型 / a model elsewhere" if said["tries"] else "模板 / templates"
    model = said["model"]["name"] if said["model"] else templates
    click.echo(f"✓ {said['id']}  {said['time']}  {said['kind']}")
    click.echo(
        f"  日志第 {found.index} 条，共 {found.size} 条 / entry {found.index} of {found.size}: {said['log']['origin']}"
    )
    click.echo(
        f"  在哪里说的 / place: {said['place']['id']} ({said['place']['operator']}, {said['place']['country'] or '?'})，{model}"
    )
    for name, at in found.witnesses:
        click.echo(f"  见证 / witnessed: {name} @ {at}")
    if not found.witnesses:
        click.echo("  没有见证人 / no witness")
    if said["place"]["attest"] is None:
        click.echo(
            "  没有硬件证明：收据证明的是服务声明了什么。 / Nothing attests: it proves what the service said it did."
        )
