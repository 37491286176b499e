"""The desk's door: who asks is what the key proves, and what stands behind an answer goes out beside it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mingbai.engine.rehearsal import RehearsalEngine
from mingbai.permit.admit import Permit
from mingbai.receipt.book import Receipts
from mingbai.serve.keys import Scope
from mingbai.serve.rates import Rates
from mingbai.serve.service import DESK
from mingbai.turn.desk import Desk
from mingbai.turn.release import release
from mingbai.turn.service import Service
from mingbai.values.turn import Evidence, Fact, Guess, Intent, Slots, Source, Turn, Understood
from standing import CHAT, Standing, receipts_of, stand

NOW = datetime(2025, 11, 12, 10, tzinfo=UTC)
FACT = Fact(
    "order.state", "shipped", "订单 1001 已发货。", "Order 1001 is dispatched.", about="1001",
    sources=(Source("order", "1001", "orders.csv", 7),),
)  # fmt: skip


class Hears:
    """Understands one thing, and keeps the turns it was shown."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []

    def load(self) -> None:
        pass

    async def understand(self, turn: Turn) -> Understood:
        self.turns.append(turn)
        return Understood("zh-Hans", (Guess(Intent.WHERE_IS_ORDER, 0.97, "rule"),), Slots())


class Reads:
    def ground(self, turn: Turn) -> tuple[Evidence, ...]:
        return (Evidence(Intent.WHERE_IS_ORDER, (FACT,), handoff="投诉" in turn.text),)


@pytest.fixture
def hears() -> Hears:
    return Hears()


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Receipts]:
    made = receipts_of(tmp_path / "record")
    yield made
    made.close()


@pytest.fixture
def desk(tmp_path: Path, hears: Hears, record: Receipts) -> Standing:
    standing = stand(tmp_path, RehearsalEngine())
    service = Service(hears, Permit.default(), Reads(), release, None, "local", record)
    desk = Desk(service, lambda shop: (shop or "tea", NOW))
    desk.load()
    engines = {DESK: desk, **standing.service.engines}
    standing.service = replace(standing.service, engines=engines)
    return standing


def said(text: str = "到哪了", *before: dict[str, str], **more: object) -> dict[str, object]:
    return {"model": DESK, "messages": [*before, {"role": "user", "content": text}], **more}


async def test_an_answer_comes_with_its_facts_their_rows_and_a_receipt(desk, record):
    async with desk.caller() as owner:
        reply = await owner.post(CHAT, json=said())
    body = reply.json()
    assert body["choices"][0]["message"]["content"] == "订单 1001 已发货。"
    beside = body["mingbai"]
    assert beside["facts"][0]["sources"] == [
        {"kind": "order", "key": "1001", "file": "orders.csv", "line": 7}
    ]
    assert beside["intents"] == [{"name": "where_is_order", "p": 0.97}]
    assert (beside["phrased_by"], beside["checked"], beside["label"]) == ("template", True, "由 AI 生成")
    assert reply.headers["Mingbai-Receipt"] == beside["receipt"]
    kept = await asyncio.to_thread(record.get, beside["receipt"])
    assert [row["kind"] for row in kept["evidence"][0]["rows"]] == ["order"]
    assert "到哪了" not in json.dumps(kept, ensure_ascii=False)
    opened = await asyncio.to_thread(record.opening, beside["receipt"])
    assert (opened["question"], opened["rows"]) == ("到哪了", [[["order", "1001"]]])
    assert await asyncio.to_thread(record.log.faults) == []


async def test_a_stream_ends_with_the_same_object(desk):
    async with desk.caller() as owner:
        reply = await owner.post(CHAT, json=said(stream=True))
    events = [json.loads(e[6:]) for e in reply.text.strip().split("\n\n")[:-1]]
    assert events[-1]["mingbai"]["receipt"] == reply.headers["Mingbai-Receipt"]
    assert "".join(e["choices"][0]["delta"].get("content", "") for e in events) == "订单 1001 已发货。"


@pytest.mark.parametrize(
    ("scope", "proven"), [(Scope.OWNER, "C1"), (Scope.STAFF, "C1"), (Scope.CUSTOMER, "")]
)
async def test_who_the_customer_is_counts_only_from_the_shops_own_keys(desk, hears, scope, proven):
    async with desk.caller(scope) as caller:
        focus = {"customer": "C1", "order": "1001", "channel": "web", "lang": "en"}
        reply = await caller.post(CHAT, json=said(metadata=focus))
        assert reply.status_code == 200
    turn = hears.turns[-1]
    assert turn.focus.customer == proven
    assert (turn.focus.order, turn.focus.channel, turn.focus.lang) == ("1001", "web", "en")
    assert turn.admission is None  # understood before it is admitted


@pytest.mark.parametrize("scope", [Scope.OWNER, Scope.STAFF, Scope.CUSTOMER])
async def test_no_field_of_a_request_makes_its_answer_a_draft(desk, hears, scope):
    async with desk.caller(scope) as caller:
        reply = await caller.post(CHAT, json=said(metadata={"channel": "draft-1a2b"}))
        assert reply.status_code == 200
        claimed = await caller.post(CHAT, json=said(metadata={"draft": "true"}))
        assert (claimed.status_code, claimed.json()["error"]["param"]) == (400, "metadata")
    (turn,) = hears.turns
    assert (turn.focus.channel, turn.focus.draft) == ("draft-1a2b", False)


async def test_a_customers_key_gets_the_desk_and_not_the_raw_model(desk):
    async with desk.caller(Scope.CUSTOMER) as customer:
        reply = await customer.post(CHAT, json={**said(), "model": "qwen"})
    assert reply.status_code == 403
    assert reply.json()["error"]["code"] == "scope_not_allowed"


async def test_a_key_of_one_shop_asks_nothing_of_another(desk, hears):
    made = await asyncio.to_thread(desk.service.keys.create, Scope.OWNER, shop="tea")
    async with desk.caller() as caller:
        caller.headers["Authorization"] = f"Bearer {made.secret}"
        other = await caller.post(CHAT, json=said(metadata={"shop": "rival"}))
        own = await caller.post(CHAT, json=said())
    assert (other.status_code, own.status_code) == (403, 200)
    assert [t.shop for t in hears.turns] == ["tea"]


async def test_what_the_desk_does_not_know_is_refused_by_name(desk):
    tool = {"type": "function", "function": {"name": "f"}}
    async with desk.caller() as owner:
        for more, param in (({"metadata": {"custmer": "C1"}}, "metadata"), ({"tools": [tool]}, "tools")):
            reply = await owner.post(CHAT, json=said(**more))
            assert reply.status_code == 400
            assert reply.json()["error"]["param"] == param


async def test_a_conversation_is_remembered_by_its_words(desk, hears):
    async with desk.caller() as owner:
        await owner.post(CHAT, json=said("订单 1001 到哪了"))
        earlier = [
            {"role": "user", "content": "订单 1001 到哪了"},
            {"role": "assistant", "content": "订单 1001 已发货。"},
        ]
        await owner.post(CHAT, json=said("那几天到", *earlier))
        assert hears.turns[-1].memory.order == "1001"
        assert len(hears.turns) == 2
        # The same words from another customer are another conversation: understood again, from the words alone.
        await owner.post(CHAT, json=said("那几天到", *earlier, metadata={"customer": "C2"}))
    assert hears.turns[-1].memory.order == ""
    assert len(hears.turns) == 4


async def test_a_hand_over_is_said_beside_the_answer(desk):
    async with desk.caller() as owner:
        assert (await owner.post(CHAT, json=said("我要投诉"))).json()["mingbai"]["handoff"] is True


async def test_visitors_who_open_alike_have_keys_of_their_own_in_the_vault(desk, record):
    async with desk.caller(Scope.CUSTOMER) as visitor:
        one, two, named = [
            (await visitor.post(CHAT, json=said(**more))).json()["mingbai"]
            for more in ({}, {}, {"metadata": {"conversation": "talk-7"}})
        ]
        earlier = [
            {"role": "user", "content": "到哪了"},
            {"role": "assistant", "content": "订单 1001 已发货。"},
        ]
        later = await visitor.post(
            CHAT, json=said("那几天到", *earlier, metadata={"conversation": two["conversation"]})
        )
    later = later.json()["mingbai"]
    people = [
        (await asyncio.to_thread(record.opening, each["receipt"]))["subject"]
        for each in (one, two, named, later)
    ]
    assert len(set(people)) == 3
    assert people[1] == people[3], "who sends back the name goes on with it"
    assert named["conversation"] == "talk-7"
    assert people[2].endswith(".talk-7")


async def test_a_conversations_name_is_a_name(desk):
    async with desk.caller(Scope.CUSTOMER) as visitor:
        reply = await visitor.post(CHAT, json=said(metadata={"conversation": "13800138000@张三"}))
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, "metadata")


async def test_a_conversation_may_ask_so_often_and_another_still_may(desk):
    desk.service.settings = replace(desk.service.settings, turns_per_minute=3, turns_per_minute_of_key=7)
    clock = [0.0]
    desk.service.rates = Rates(now=lambda: clock[0])
    one, two = said(metadata={"conversation": "one"}), said(metadata={"conversation": "two"})
    async with desk.caller(Scope.CUSTOMER) as visitor, desk.caller(Scope.STAFF) as staff:
        assert [(await visitor.post(CHAT, json=one)).status_code for _ in range(4)] == [200, 200, 200, 429]
        refused = await visitor.post(CHAT, json=one)
        assert refused.headers["retry-after"] == "20", "three a minute"
        assert (await visitor.post(CHAT, json=two)).status_code == 200
        assert [(await visitor.post(CHAT, json=said())).status_code for _ in range(2)] == [200, 429], (
            "of the key"
        )
        assert [(await staff.post(CHAT, json=one)).status_code for _ in range(9)] == [200] * 9
        clock[0] = 20.0
        assert [(await visitor.post(CHAT, json=one)).status_code for _ in range(2)] == [200, 429]
    assert refused.json()["error"]["type"] == "rate_limit_error"
