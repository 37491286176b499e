"""Logging in: a link is good once, a session acts as a key of its scope, and no foreign page can use it."""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from click.testing import CliRunner

from mingbai.cli.keys import keys
from mingbai.serve.keys import KeyStore, Scope
from mingbai.serve.sessions import Sessions
from mingbai.values.records import Origin, Shop, Sourced


async def link(paged, scope: Scope = Scope.OWNER, **more) -> str:
    return await asyncio.to_thread(paged.service.page.sessions.link, scope, seconds=60, **more)


async def test_a_link_opens_one_session_once(paged):
    once = await link(paged)
    async with paged.browser() as browser:
        assert (await browser.get("/v1/office/keys")).status_code == 401
        made = await browser.post("/v1/session", json={"once": once})
        assert made.json()["scope"] == "owner"
        said = made.headers["set-cookie"].lower()
        assert all(word in said for word in ("httponly", "samesite=strict", "path=/"))
        assert (await browser.get("/v1/office/keys")).status_code == 200
        assert (await browser.get("/v1/session")).json()["desk"]["scope"] == "owner"
    async with paged.browser() as other:
        again = await other.post("/v1/session", json={"once": once})
        assert again.status_code == 401
        assert (await other.get("/v1/session")).json() == {"desk": None, "counter": None}


async def test_a_session_may_do_what_a_key_of_its_scope_may(paged):
    async with paged.browser() as browser:
        await browser.post("/v1/session", json={"once": await link(paged, Scope.STAFF)})
        assert (await browser.get("/v1/desk/talks")).status_code == 200
        assert (await browser.get("/v1/office/keys")).status_code == 403
        assert (await browser.post("/v1/session/links", json={"scope": "owner"})).status_code == 403
        made = await browser.post("/v1/session/links", json={"customer": "C1"})
        secret = made.json()["link"].partition("#")[2]
        opened = await browser.post("/v1/session", json={"once": secret})
        assert (opened.json()["scope"], opened.json()["customer"]) == ("customer", "C1")
        assert (await browser.get("/v1/desk/talks")).status_code == 200  # beside it, not in its place


async def test_a_session_opened_with_a_key_ends_with_the_key(paged):
    made = await asyncio.to_thread(paged.service.keys.create, Scope.STAFF)
    async with paged.browser() as browser:
        assert (await browser.post("/v1/session", json={"key": made.secret})).status_code == 200
        assert (await browser.get("/v1/desk/skills")).status_code == 200
        await asyncio.to_thread(paged.service.keys.revoke, made.key.id)
        assert (await browser.get("/v1/desk/skills")).status_code == 401
        assert (await browser.post("/v1/session", json={"key": "mb-wrong"})).status_code == 401


async def test_what_a_stolen_key_opened_by_links_ends_when_it_is_revoked(paged):
    """The thief makes a link, from its session another, and so on: revoking the key ends all of it."""
    made = await asyncio.to_thread(paged.service.keys.create, Scope.OWNER)
    async with paged.browser() as first, paged.browser() as second, paged.browser() as counter:
        headers = {"Authorization": "Bearer " + made.secret}

        async def passed_on(browser, scope: str = "owner", customer: str = "", **headers) -> str:
            asked = {"scope": scope, "customer": customer, "minutes": 5}
            said = await browser.post("/v1/session/links", json=asked, **headers)
            return said.json()["link"].partition("#")[2]

        await first.post("/v1/session", json={"once": await passed_on(first, headers=headers)})
        await second.post("/v1/session", json={"once": await passed_on(first)})
        await counter.post("/v1/session", json={"once": await passed_on(second, "customer", "C1")})
        unused = await passed_on(second)
        for browser in (first, second):
            assert (await browser.get("/v1/office/keys")).status_code == 200
        assert (await counter.get("/v1/counter/conversation")).status_code == 200
        await asyncio.to_thread(paged.service.keys.revoke, made.key.id)
        for browser in (first, second):
            assert (await browser.get("/v1/office/keys")).status_code == 401
        assert (await counter.get("/v1/counter/conversation")).status_code == 401
        assert (await first.post("/v1/session", json={"once": unused})).status_code == 401


def test_sessions_of_an_older_home_stay(tmp_path):
    keys = KeyStore(tmp_path / "keys.db")
    with closing(sqlite3.connect(tmp_path / "keys.db")) as db, db:
        db.execute(
            "CREATE TABLE session (digest BLOB PRIMARY KEY, id TEXT NOT NULL UNIQUE, scope TEXT NOT NULL, shop TEXT NOT NULL, "
            "customer TEXT NOT NULL, key TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL)"
        )
        digest = hashlib.sha256(b"old").digest()
        db.execute("INSERT INTO session VALUES (?, 's-1', 'staff', '', '', '', 1, 9999999999)", (digest,))
    for _ in range(2):
        sessions = Sessions(tmp_path / "keys.db", keys)
        assert sessions.check("old").scope is Scope.STAFF
        assert sessions.by_link(sessions.link(Scope.OWNER, seconds=60)).session.scope is Scope.OWNER
        sessions.close()
    keys.close()


async def test_logging_out_ends_it(paged):
    async with paged.browser() as browser:
        await browser.post("/v1/session", json={"once": await link(paged)})
        cookie = browser.cookies["mingbai-desk"]
        assert (await browser.delete("/v1/session?which=desk")).json() == {"ended": True}
        reply = await browser.get("/v1/office/keys", headers={"Cookie": f"mingbai-desk={cookie}"})
        assert reply.status_code == 401


@pytest.mark.parametrize(
    "said",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},  # another port of this machine is somebody else's page
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "", "Origin": "http://127.0.0.1:9999"},
    ],
)
async def test_a_foreign_page_changes_nothing_by_our_cookie(paged, said):
    async with paged.browser() as browser:
        await browser.post("/v1/session", json={"once": await link(paged)})
        body = {"scope": "owner", "label": "theirs", "days": 1}
        reply = await browser.post("/v1/office/keys", json=body, headers=said)
        assert (reply.status_code, reply.json()["error"]["code"]) == (403, "cross_site")
        assert len(await asyncio.to_thread(paged.service.keys.list)) == len(Scope)
        assert (await browser.post("/v1/session", json={"counter": True}, headers=said)).status_code == 403
        del browser.headers["Sec-Fetch-Site"]
        assert (await browser.post("/v1/office/keys", json=body)).status_code == 403
        own = {"Origin": "http://127.0.0.1:8700"}
        assert (await browser.post("/v1/office/keys", json=body, headers=own)).status_code == 200


async def test_a_visitor_comes_in_at_this_machine_alone_unless_the_owner_says_otherwise(paged):
    body = {"counter": True}
    async with paged.browser() as here:
        assert (await here.post("/v1/session", json=body)).json()["scope"] == "customer"
        assert (await here.get("/v1/counter")).status_code == 200
        for other in ({"Host": "evil.example"}, {"X-Forwarded-For": "8.8.8.8"}):
            assert (await here.post("/v1/session", json=body, headers=other)).status_code == 403
    paged.service.settings = replace(paged.service.settings, counter="open")
    async with paged.browser(Host="shop.example") as there:
        assert (await there.post("/v1/session", json=body)).status_code == 200
    paged.service.settings = replace(paged.service.settings, counter="off")
    async with paged.browser() as here:
        assert (await here.post("/v1/session", json=body)).status_code == 403


async def test_in_a_home_with_several_shops_a_visitor_says_which(paged):
    records = paged.service.page.records
    row = Sourced(Shop("silk", "丝绸店"), Origin("silk.csv", 1))
    await asyncio.to_thread(records.take, "silk", [row])
    for shop, name in (("silk", "丝绸店"), ("tea", "明白茶具")):
        async with paged.browser() as browser:
            assert (
                await browser.post("/v1/session", json={"counter": True, "shop": shop})
            ).status_code == 200
            assert (await browser.get("/v1/counter")).json()["name"]["zh"] == name
    async with paged.browser() as browser:
        assert (await browser.post("/v1/session", json={"counter": True, "shop": "none"})).status_code == 400
        await browser.post("/v1/session", json={"counter": True})
        assert (await browser.get("/v1/counter")).status_code == 400


async def test_a_key_is_no_visitor_and_a_visitor_has_no_desk(paged):
    async with paged.browser() as browser:
        for scope in Scope:
            reply = await browser.get("/v1/counter", headers=paged.headers(scope))
            assert reply.status_code == 401, scope
        await browser.post("/v1/session", json={"counter": True})
        for path in ("/v1/desk/talks", "/v1/office/keys", "/v1/models"):
            assert (await browser.get(path)).status_code == 401, path
        assert (await browser.get("/v1/log/checkpoint")).status_code == 200


def test_a_link_from_the_command_line_opens_the_counter_as_a_customer(tmp_path, monkeypatch):
    monkeypatch.setenv("MINGBAI_HOME", str(tmp_path))
    made = CliRunner().invoke(keys, ["link", "--scope", "customer", "--customer", "C1"])
    assert made.output.startswith("http://127.0.0.1:8700/login#")
    store = KeyStore(tmp_path / "keys.db")
    opened = Sessions(tmp_path / "keys.db", store).by_link(made.output.strip().partition("#")[2])
    assert (opened.session.which, opened.session.customer) == ("counter", "C1")
    wrong = CliRunner().invoke(keys, ["link", "--scope", "owner", "--customer", "C1"])
    assert wrong.exit_code == 2


async def test_who_logs_in_again_with_a_key_is_the_same_to_the_desk(paged):
    made = await asyncio.to_thread(paged.service.keys.create, Scope.STAFF)
    async with paged.browser() as visitor:
        await visitor.post("/v1/session", json={"counter": True})
        await visitor.post("/v1/counter/messages", json={"text": "在吗"})
    for mine in (False, True):  # taken in the first round, still theirs in the second
        async with paged.browser() as browser:
            await browser.post("/v1/session", json={"key": made.secret})
            (row,) = (await browser.get("/v1/desk/talks")).json()["talks"]
            assert row["mine"] is mine
            await browser.post(f"/v1/desk/talks/{row['id']}/messages", json={"text": "我来"})
