"""A talk at the counter: asked, answered, handed over, answered by a person; kept through everything, and erased with its person."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx

from mingbai.permit.talks.store import Talks
from mingbai.permit.vault.vault import Vault
from mingbai.serve.keys import Scope
from mingbai.values.turn import Source
from page_floor import FACT, SHOP, Hears
from standing import Standing, listening

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


@asynccontextmanager
async def visitor(paged: Standing, customer: str = "") -> AsyncIterator[httpx.AsyncClient]:
    async with paged.browser() as browser:
        if customer:
            link = paged.service.page.sessions.link
            once = await asyncio.to_thread(link, Scope.CUSTOMER, customer=customer, seconds=60)
            await browser.post("/v1/session", json={"once": once})
        else:
            await browser.post("/v1/session", json={"counter": True})
        yield browser


async def said(browser: httpx.AsyncClient, text: str) -> list[dict]:
    reply = await browser.post("/v1/counter/messages", json={"text": text})
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"].startswith("text/event-stream")
    return [json.loads(line[6:]) for line in reply.text.split("\n\n") if line]


async def staff(paged: Standing, method: str, path: str, **more) -> dict:
    async with paged.caller() as caller:
        reply = await caller.request(method, path, **more)
    assert reply.status_code == 200, reply.text
    return reply.json()


async def test_a_question_is_kept_and_answered_with_its_facts_and_receipt(paged):
    async with visitor(paged) as browser:
        assert (await browser.get("/v1/counter/conversation")).json() == {
            "talk": None,
            "seq": 0,
            "messages": [],
        }
        events = await said(browser, "到哪了")
        assert [e["type"] for e in events] == ["kept", "piece", "answer", "talk"]
        answer = events[2]["message"]
        assert answer["text"] == events[1]["text"] == "订单 1001 已发货。"
        assert answer["mingbai"]["facts"][0]["about"] == "1001"
        receipt = await browser.get("/v1/receipts/" + answer["mingbai"]["receipt"])
        assert receipt.json()["receipt"]["channel"] == "counter"
        again = (await browser.get("/v1/counter/conversation")).json()
        assert [m["who"] for m in again["messages"]] == ["customer", "desk"]
        assert again["messages"][1] == answer
        later = (await browser.get(f"/v1/counter/conversation?after={again['seq']}")).json()
        assert later["messages"] == []


async def test_a_person_is_asked_for_answers_and_gives_it_back(paged):
    async with visitor(paged, "C1") as one, visitor(paged) as two:
        await said(one, "到哪了")
        events = await said(one, "我要人工")
        state = events[-1]["talk"]
        assert (state["state"], state["queue"]) == ("waiting", {"place": 1, "waiting": 1})
        assert state["open_now"] is True
        await said(two, "在吗")
        behind = await two.post("/v1/counter/state", json={"state": "waiting"})
        assert behind.json()["queue"] == {"place": 2, "waiting": 2}
        assert [e["type"] for e in await said(one, "快点")] == ["kept", "talk"]  # the desk is silent now

        rows = (await staff(paged, "GET", "/v1/desk/talks"))["talks"]
        assert [(r["customer"], r["reason"], r["last"]["text"]) for r in rows] == [
            ("C1", "desk", "快点"),
            ("", "asked", "订单 1001 已发货。"),
        ]
        first = rows[0]["id"]
        whole = await staff(paged, "GET", f"/v1/desk/talks/{first}")
        summary = whole["summary"]
        assert (summary["asked"], summary["order"], summary["customer"]) == ("快点", "1001", "C1")
        assert [f["text"] for f in summary["facts"]] == ["订单 1001 已发货。"]
        assert summary["intents"] == ["where_is_order"]
        draft = await staff(paged, "POST", f"/v1/desk/talks/{first}/draft", json={})
        assert draft["text"] == "订单 1001 已发货。"

        await staff(paged, "POST", f"/v1/desk/talks/{first}/messages", json={"text": "我来处理"})
        seen = (await one.get("/v1/counter/conversation")).json()
        assert [m["who"] for m in seen["messages"]][-2:] == ["notice", "staff"]
        assert (seen["messages"][-1]["text"], seen["messages"][-1]["by"]) == ("我来处理", "")
        assert seen["talk"]["state"] == "staff"
        line = (await two.get("/v1/counter/conversation")).json()["talk"]["queue"]
        assert line == {"place": 1, "waiting": 1}
        await staff(paged, "POST", f"/v1/desk/talks/{first}/state", json={"state": "desk"})
        assert [e["type"] for e in await said(one, "到哪了")] == ["kept", "piece", "answer", "talk"]


async def test_a_draft_and_nothing_else_is_known_to_be_one(paged, monkeypatch):
    heard, understand = [], Hears.understand

    async def hearing(self, turn):
        heard.append(turn.focus.draft)
        return await understand(self, turn)

    monkeypatch.setattr(Hears, "understand", hearing)
    async with visitor(paged, "C1") as one:
        await said(one, "到哪了")
        await said(one, "我要人工")
        talk = (await staff(paged, "GET", "/v1/desk/talks"))["talks"][0]["id"]
        await staff(paged, "POST", f"/v1/desk/talks/{talk}/draft", json={})
    assert heard == [False, False, True, True]  # what was said before is read again for a draft


async def test_staffs_words_are_kept_with_the_draft_they_began_from_which_nobody_is_shown(paged, monkeypatch):
    kept = paged.service.page.counter.kept
    async with visitor(paged, "C1") as one:
        await said(one, "到哪了")
        (row,) = (await staff(paged, "GET", "/v1/desk/talks"))["talks"]
        path = f"/v1/desk/talks/{row['id']}"
        await staff(paged, "POST", f"{path}/draft", json={})
        await staff(paged, "POST", f"{path}/messages", json={"text": "亲，发了"})
        await staff(paged, "POST", f"{path}/messages", json={"text": "明天到"})
        last, after = (await asyncio.to_thread(kept.messages, row["id"]))[-2:]
        kept_with = {"draft": "订单 1001 已发货。", "facts": ["订单 1001 已发货。"]}
        assert (last.text, last.extra, after.extra) == ("亲，发了", kept_with, None)
        seen = (await one.get("/v1/counter/conversation")).json()["messages"]
        shown = (await staff(paged, "GET", path))["messages"]
        assert [m["mingbai"] for m in (*seen, *shown) if m["who"] == "staff"] == [None] * 4

        shop = replace(FACT, sources=(Source("policy", "shipping"),))
        monkeypatch.setattr("page_floor.FACT", shop)
        await staff(paged, "POST", f"{path}/draft", json={})
        await staff(paged, "POST", f"{path}/messages", json={"text": "发了的"})
        newest = (await asyncio.to_thread(kept.messages, row["id"]))[-1]
        assert newest.extra == {**kept_with, "public": True}

        await staff(paged, "POST", f"{path}/draft", json={})
        await said(one, "还要多久")
        await staff(paged, "POST", f"{path}/messages", json={"text": "今天"})
        newest = (await asyncio.to_thread(kept.messages, row["id"]))[-1]
        assert newest.extra is None  # a draft of what was asked before is none of this answer


async def test_what_the_house_does_not_say_is_pointed_at(paged):
    async with visitor(paged) as browser, paged.caller() as caller:
        await said(browser, "在吗")
        (row,) = (await caller.get("/v1/desk/talks")).json()["talks"]
        path = f"/v1/desk/talks/{row['id']}/messages"
        reply = await caller.post(path, json={"text": "绝对没问题"})
        assert (reply.status_code, reply.json()["error"]["code"]) == (400, "house_style")
        assert (await caller.post(path, json={"text": "绝对没问题", "anyway": True})).status_code == 200


async def test_nobody_sees_anothers_talk(paged):
    async with visitor(paged) as one, visitor(paged) as two:
        await said(one, "到哪了")
        picture = (
            await one.post("/v1/counter/pictures", content=PNG, headers={"Content-Type": "image/png"})
        ).json()
        path = "/v1/counter/pictures/" + picture["pictures"][0]["id"]
        assert (await one.get(path)).content == PNG
        assert (await two.get(path)).status_code == 404
        assert (await two.get("/v1/counter/conversation")).json()["messages"] == []
        shown = await paged.caller().get(path.replace("counter", "desk"))
        assert (shown.content, shown.headers["content-type"]) == (PNG, "image/png")
        assert shown.headers["x-content-type-options"] == "nosniff"


async def test_a_file_that_is_no_picture_is_refused(paged):
    async with visitor(paged) as browser:
        for kind, data in (
            ("image/png", b"<script>"),
            ("text/html", PNG),
            ("image/svg+xml", b"<svg/>"),
            ("image/webp", PNG),
        ):
            reply = await browser.post("/v1/counter/pictures", content=data, headers={"Content-Type": kind})
            assert (reply.status_code, reply.json()["error"]["code"]) == (400, "not_a_picture")


async def test_a_visitor_cannot_fill_the_disk_with_pictures(paged):
    async with visitor(paged) as browser:
        codes = []
        for _ in range(8):
            headers = {"Content-Type": "image/png"}
            codes.append(
                (await browser.post("/v1/counter/pictures", content=PNG, headers=headers)).status_code
            )
        assert codes == [200] * 6 + [429] * 2


async def test_who_waits_for_a_change_is_told_at_once(paged):
    async with visitor(paged) as browser, paged.caller() as caller:
        await said(browser, "在吗")
        seq = (await browser.get("/v1/counter/conversation")).json()["seq"]
        (row,) = (await caller.get("/v1/desk/talks")).json()["talks"]
        waits = asyncio.create_task(browser.get(f"/v1/counter/conversation?after={seq}&wait_seconds=20"))
        await asyncio.sleep(0.05)
        assert not waits.done()
        await caller.post(f"/v1/desk/talks/{row['id']}/messages", json={"text": "在的"})
        async with asyncio.timeout(5):
            assert [m["text"] for m in (await waits).json()["messages"]] == ["", "在的"]
        assert (await browser.get("/v1/counter/conversation?wait_seconds=26")).status_code == 400


async def test_an_answer_is_finished_when_the_customer_has_gone(paged):
    """Over a real connection: the customer leaves after the first word."""
    async with listening(paged.service) as there:
        headers = {"Sec-Fetch-Site": "same-origin"}
        async with httpx.AsyncClient(base_url=there.url, headers=headers) as browser:
            await browser.post("/v1/session", json={"counter": True})
            async with browser.stream("POST", "/v1/counter/messages", json={"text": "到哪了"}) as reply:
                async for _ in reply.aiter_raw():
                    break
            async with asyncio.timeout(5):
                while True:
                    found = (await browser.get("/v1/counter/conversation?wait_seconds=1")).json()
                    if [m["who"] for m in found["messages"]] == ["customer", "desk"]:
                        break
    assert paged.service.open == 0


async def test_a_talk_outlives_the_service_and_lies_sealed_on_the_disk(paged, tmp_path):
    async with visitor(paged) as browser:
        await said(browser, "我叫王小明，电话 13900001234")
        await browser.post("/v1/counter/pictures", content=PNG, headers={"Content-Type": "image/png"})

    def look() -> tuple[list, bytes]:
        again = Talks(tmp_path / "talks.db", Vault(tmp_path / "vault" / "persons.db", root(tmp_path)))
        try:
            (talk,) = again.listed(SHOP, ("desk",))
            disk = b"".join(p.read_bytes() for p in tmp_path.glob("talks.db*"))
            return again.messages(talk.id), disk
        finally:
            again.close()

    messages, disk = await asyncio.to_thread(look)
    assert [m.text for m in messages] == ["我叫王小明，电话 13900001234", "订单 1001 已发货。", ""]
    for secret in ("王小明", "13900001234", "已发货", "1001"):
        assert secret.encode() not in disk
    assert PNG not in disk


def root(home) -> bytes:
    return (home / "secrets" / "root.key").read_bytes()


async def test_an_erased_persons_words_cannot_be_read_by_anybody(paged, tmp_path):
    async with visitor(paged, "C1") as one, visitor(paged) as two, paged.caller() as caller:
        await said(one, "我叫王小明")
        await said(two, "在吗")

        def erase() -> dict[str, int]:
            vault = Vault(tmp_path / "vault" / "persons.db", root(tmp_path))
            assert vault.destroy(f"{SHOP}/customer/C1") == 1
            vault.close()
            return paged.service.page.counter.kept.forget(f"{SHOP}/customer/C1")

        gone = await asyncio.to_thread(erase)
        assert gone == {"talks": 1, "messages": 2, "pictures": 0}
        rows = (await caller.get("/v1/desk/talks?state=all")).json()["talks"]
        assert [(r["erased"], r["customer"], r["last"]["text"]) for r in rows] == [
            (False, "", "订单 1001 已发货。"),
            (True, "", None),
        ]
        whole = (await caller.get(f"/v1/desk/talks/{rows[1]['id']}")).json()
        assert [(m["text"], m["erased"]) for m in whole["messages"]] == [(None, True)] * 2
        reply = await caller.post(f"/v1/desk/talks/{rows[1]['id']}/messages", json={"text": "您好"})
        assert reply.status_code == 400
        assert (await one.get("/v1/counter/conversation")).json()["talk"] is None
