"""`mingbai receipts` and the routes of receipts: what the shop hands out, a stranger verifies."""

from __future__ import annotations

import asyncio
import base64
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from mingbai.cli import ledger
from mingbai.cli.receipts import receipts
from mingbai.engine.rehearsal import RehearsalEngine
from mingbai.permit.vault.vault import Erased
from mingbai.receipt import merkle, note
from mingbai.receipt.body import person
from mingbai.receipt.bundle import verify
from mingbai.values.errors import NotFound
from mingbai.values.settings import Settings
from mingbai.values.turn import Admission, Focus, Reply, Turn
from standing import stand

QUESTION = "我叫张三，电话 13800138000，快递呢"


def turn(no):
    return Turn(
        no, "tea", QUESTION, datetime(2025, 11, 12, 2, tzinfo=UTC), Focus(customer="C1"), conversation_no="c",
        admission=Admission("customer", customer="C1"), reply=Reply("在路上。", "zh-Hans", "template"),
    )  # fmt: skip


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.setenv("MINGBAI_HOME", str(tmp_path / "home"))
    return Settings(home=tmp_path / "home")


@pytest.fixture
def book(settings):
    made = ledger.receipts(settings)
    for no in ("t-1", "t-2", "t-3"):
        made.seal(turn(no))
    yield made
    made.close()


def said(*arguments, code=0, **more):
    result = CliRunner().invoke(receipts, arguments, catch_exceptions=False, **more)
    assert result.exit_code == code, result.output
    return result.stdout


def test_a_stranger_verifies_what_the_shop_handed_out(book, tmp_path):
    said("bundle", "t-2", str(tmp_path / "bundle.json"))
    (tmp_path / "keys.txt").write_text("# of the tea shop\n" + said("keys"))
    offline = ("verify", str(tmp_path / "bundle.json"), "--keys", str(tmp_path / "keys.txt"))
    told = said(*offline)
    assert told.startswith("✓ t-2")
    assert "没有见证人" in told
    assert "没有硬件证明" in told
    assert json.loads(said(*offline, "--json")) == {
        "verified": True, "id": "t-2", "index": 1, "size": 3, "witnesses": [],
    }  # fmt: skip


def test_the_shop_reads_what_was_asked_until_the_person_is_erased(book, settings):
    shown = json.loads(said("show", "t-1", "--open"))
    assert shown["opening"]["question"] == QUESTION
    assert QUESTION not in json.dumps(json.loads(said("show", "t-1")), ensure_ascii=False)
    vault = ledger.vault(settings)
    assert vault.destroy(person(turn("t-1"))) == 1
    vault.close()
    with pytest.raises(Erased):
        said("show", "t-1", "--open")
    assert said("verify", "-", input=said("bundle", "t-1")).startswith("✓ t-1"), "every proof still verifies"


def test_nothing_of_the_person_lies_open_in_the_home(book, settings):
    book.log.sync()
    stored = b"".join(p.read_bytes() for p in settings.home.rglob("*") if p.is_file())
    for secret in ("张三", "13800138000", "快递呢", "在路上"):
        assert secret.encode() not in stored


def test_the_log_is_computed_again(book):
    assert "t-1" not in said("log", "--check")
    builds = said("log", "--check", "--stream", "builds")
    assert builds.split("\n")[1] == "1", "code and weights are named once, not for every answer"


def test_an_old_key_verifies_what_it_signed(book, settings, tmp_path):
    before = said("keys").count("/answers+")
    new = said("rotate").strip()
    assert said("keys").count("/answers+") == before + 1
    assert new in said("keys")
    said("log", "--check")  # nothing was appended yet: the checkpoint is the old key's
    assert said("verify", "-", input=said("bundle", "t-1")).startswith("✓ t-1")
    again = ledger.receipts(settings)
    again.seal(turn("t-4"))
    body = again.bundle("t-4")
    assert verify(body, note.keys([new])).size == 4
    assert verify(again.bundle("t-1"), again.keys()).receipt["id"] == "t-1", (
        "signed by the old, proved by the new"
    )
    again.close()


async def test_the_routes_of_receipts(book, tmp_path):
    standing = await asyncio.to_thread(stand, tmp_path, RehearsalEngine())
    standing.service = replace(standing.service, receipts=None)
    async with standing.caller() as caller:
        assert (await caller.get("/v1/receipts/t-1")).status_code == 404, "a service that writes none"
    standing.service = replace(standing.service, receipts=book)
    async with standing.caller() as caller:
        body = await caller.get("/v1/receipts/t-1")
        keys = note.keys((await caller.get("/v1/log/keys")).text.splitlines())
        assert verify(body.content, keys).index == 0
        head = note.read_checkpoint(note.read((await caller.get("/v1/log/checkpoint")).text).text)
        proof = (await caller.get("/v1/log/proof?old=1")).json()
        path = [base64.b64decode(p) for p in proof["consistency"]]
        assert merkle.extends(1, book.log.root(1), head.size, head.root, path)
        proof = (await caller.get("/v1/log/proof?index=0&size=2")).json()
        assert (proof["size"], len(proof["inclusion"])) == (2, 1)
        assert (await caller.get("/v1/log/proof?size=9&index=3")).json() == {
            "object": "log.proof", "size": 3, "inclusion": None,
        }  # fmt: skip
        for bad in ("index=-1", "old=１", "size=x"):
            assert (await caller.get(f"/v1/log/proof?{bad}")).status_code == 400, bad
        assert (await caller.get("/v1/receipts/nothing")).status_code == 404
        caller.headers.pop("Authorization")
        for path_ in ("/v1/receipts/t-1", "/v1/log/checkpoint", "/v1/log/proof", "/v1/log/keys"):
            assert (await caller.get(path_)).status_code == 401


def test_no_such_receipt(book):
    with pytest.raises(NotFound):
        said("show", "t-9")
