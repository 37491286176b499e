"""Two houses: one keeps a log, the other signs that it only grew; over HTTP, with what was seen kept on the disk."""

from __future__ import annotations

import asyncio
from contextlib import closing
from dataclasses import replace

import httpx
import pytest
from click.testing import CliRunner

from mingbai.cli import ledger, witnesses
from mingbai.cli.receipts import receipts
from mingbai.engine.rehearsal import RehearsalEngine
from mingbai.models.egress import NotLetOut
from mingbai.receipt import note, signing
from mingbai.receipt.log import TileLog
from mingbai.receipt.witness import NotWitnessed
from mingbai.values.settings import Settings
from standing import Standing, listening, stand


@pytest.fixture
def shop(tmp_path):
    return Settings(home=tmp_path / "shop")


@pytest.fixture
def friend(tmp_path):
    return Settings(home=tmp_path / "friend")


def said(settings, monkeypatch, *arguments, code=0):
    monkeypatch.setenv("MINGBAI_HOME", str(settings.home))
    result = CliRunner().invoke(receipts, arguments, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


def service_of(friend) -> Standing:
    standing = stand(friend.home / "service", RehearsalEngine())
    standing.service = replace(standing.service, witness=witnesses.door(friend.home))
    return standing


def grown(shop, upto):
    with closing(ledger.log(shop, ledger.ANSWERS)) as log:
        log.append([(f"n{i}", b"entry %d" % i) for i in range(log.size(), upto)])


async def asked(shop) -> list[object]:
    def ask():
        with closing(ledger.log(shop, ledger.ANSWERS)) as log:
            return [result for _, result in witnesses.ask_all(shop.home, log)]

    return await asyncio.to_thread(ask)


async def test_a_friend_signs_what_grew_and_remembers_it_over_a_restart(shop, friend, monkeypatch):
    grown(shop, 3)
    own = said(shop, monkeypatch, "keys").splitlines()[0]
    said(friend, monkeypatch, "witness", "trust", own)
    key = said(friend, monkeypatch, "witness", "key").strip()
    for size, standing in ((3, service_of(friend)), (300, service_of(friend))):
        grown(shop, size)
        async with listening(standing.service) as there:
            (shop.home / "receipts" / "witnesses").unlink(missing_ok=True)
            said(shop, monkeypatch, "witness", "add", f"{there.url}/v1/witness", key, "--inside")
            assert await asked(shop) == [size]
    assert "为本店签字" in said(shop, monkeypatch, "witness", "list")
    with closing(ledger.log(shop, ledger.ANSWERS)) as log:
        kept = note.read(log.cosigned())
    assert kept.signed_by(note.Verifier.parse(key)) is not None
    # Another history under the same name and key, after yet another restart: not signed.
    signer = signing.signer(shop.home / "receipts" / "keys", ledger.ANSWERS)
    with closing(TileLog(shop.home / "forked.db", signer)) as forked:
        forked.append([(f"n{i}", b"another history") for i in range(400)])
        async with listening(service_of(friend).service) as there:
            (known,) = witnesses.of(shop.home)
            moved = replace(known, url=f"{there.url}/v1/witness")
            monkeypatch.setattr(witnesses, "of", lambda _: [moved])
            ((_, refused),) = await asyncio.to_thread(lambda: list(witnesses.ask_all(shop.home, forked)))
    assert isinstance(refused, NotWitnessed)
    assert refused.status == 422


async def test_what_the_route_says_is_what_tlog_witness_says(shop, friend, monkeypatch):
    grown(shop, 2)
    with closing(ledger.log(shop, ledger.ANSWERS)) as log:
        checkpoint = log.checkpoint()
    async with (
        listening(service_of(friend).service) as there,
        httpx.AsyncClient(base_url=f"{there.url}/v1/witness") as client,
    ):
        body = f"old 0\n\n{checkpoint}".encode()
        assert (await client.post("/add-checkpoint", content=body)).status_code == 404, (
            "nobody is trusted yet"
        )
        said(friend, monkeypatch, "witness", "trust", said(shop, monkeypatch, "keys").splitlines()[0])
        first = await client.post("/add-checkpoint", content=body)
        again = await client.post("/add-checkpoint", content=body)
        bad = await client.post("/add-checkpoint", content=b"old x\n\n")
        large = await client.post("/add-checkpoint", content=b"x" * (3 * 1024 * 1024))
    assert first.status_code == 200
    assert first.text.startswith("— mingbai/")
    assert (again.status_code, again.text, again.headers["content-type"]) == (409, "2\n", "text/x.tlog.size")
    assert (bad.status_code, large.status_code) == (400, 413)


async def test_a_witness_inside_must_be_said_to_be(shop, friend, monkeypatch):
    grown(shop, 1)
    key = said(friend, monkeypatch, "witness", "key").strip()
    known = witnesses.Known("https://127.0.0.1:1/v1/witness", note.Verifier.parse(key))
    witnesses.add(shop.home, known)
    (refused,) = await asked(shop)
    assert isinstance(refused, NotLetOut)


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "http://witness.example", "{key}"),
        ("add", "witness.example", "{key}"),
        ("add", "https://witness.example", "{log}"),
        ("trust", "{key}"),
        ("trust", "no+key"),
    ],
)
def test_what_is_no_witness_and_no_log_is_refused(shop, friend, monkeypatch, arguments):
    from mingbai.values.errors import BadInput

    grown(shop, 1)
    names = {
        "key": said(friend, monkeypatch, "witness", "key").strip(),
        "log": said(shop, monkeypatch, "keys").splitlines()[0],
    }
    with pytest.raises(BadInput):
        said(shop, monkeypatch, "witness", *(each.format(**names) for each in arguments))
    assert witnesses.of(shop.home) == witnesses.trusted(shop.home) == []


async def test_a_key_made_by_another_process_is_published_without_a_restart(shop, monkeypatch):
    book = ledger.receipts(shop)
    standing = stand(shop.home / "service", RehearsalEngine())
    standing.service = replace(standing.service, receipts=book)
    async with standing.caller() as owner:
        before = (await owner.get("/v1/log/keys")).text.splitlines()
        said(shop, monkeypatch, "rotate")
        after = (await owner.get("/v1/log/keys")).text.splitlines()
    book.close()
    assert (len(before), len(after)) == (1, 2)
    assert after[0] == before[0]
