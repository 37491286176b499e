"""A chat with a model elsewhere, through the door: placeholders leave, words come back, and the receipt says what was masked."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mingbai.cli.assemble import phrase_by
from mingbai.permit.admit import Permit
from mingbai.permit.mask import Detector
from mingbai.permit.mask.masked import MaskedEngine
from mingbai.permit.passage import passage
from mingbai.permit.policy import rules
from mingbai.permit.policy.decide import PlaceTerms, Policy
from mingbai.receipt.book import Receipts
from mingbai.serve.documents import ChatCompletion
from mingbai.serve.service import DESK
from mingbai.turn.desk import Desk
from mingbai.turn.release import load, release
from mingbai.turn.service import Service
from mingbai.values.chat import Ask, Event, Finished, Piece, Usage
from mingbai.values.turn import Evidence, Fact, Guess, Intent, Slots, Turn, Understood
from standing import CHAT, Standing, chat, receipts_of, stand

CLOUD = PlaceTerms("cloud", "provider", "CN", ("CN-NIL-7",))
POLICY = Policy(rules.default(), [CLOUD])
FACTS = tuple(
    Fact(name, None, zh, "", about="1001")
    for name, zh in (
        ("order.state", "订单 1001 已发货。"),
        ("order.recipient", "收货人：张伟。"),
        ("parcel.carrier", "承运商：顺丰。"),
    )
)


class Cloud:
    """A provider that joins the facts it was sent into a sentence, or repeats what was said."""

    place = "cloud"
    attempts = 1

    def __init__(self) -> None:
        self.asks: list[Ask] = []

    async def generate(self, ask: Ask) -> AsyncGenerator[Event, None]:
        self.asks.append(ask)
        said = ask.messages[-1].content
        facts = re.findall("- (.+)：(.+)。", said)
        for it in "，".join("是".join(each) for each in facts) + "。" if facts else said:
            yield Piece(it)
        yield Finished("stop", Usage(3, 0, 3), place=self.place)


class Broken(Detector):
    def spans(self, text):
        raise KeyError(text)


class Hears:
    def load(self) -> None: ...

    async def understand(self, turn: Turn) -> Understood:
        return Understood("zh-Hans", (Guess(Intent.WHERE_IS_ORDER, 0.97, "rule"),), Slots())


class Reads:
    def ground(self, turn: Turn) -> tuple[Evidence, ...]:
        return (Evidence(Intent.WHERE_IS_ORDER, FACTS),)


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Receipts]:
    made = receipts_of(tmp_path / "record")
    yield made
    made.close()


@pytest.fixture
def door(tmp_path: Path, record: Receipts):
    """A service whose desk and raw model are at a provider in China, for a shop whose customers are there."""
    load()

    def opened(detector: Detector, regions=("CN",)) -> tuple[Standing, Cloud]:
        cloud = Cloud()
        engine = MaskedEngine(cloud, detector, passage(POLICY, CLOUD, regions).terms)
        permit = Permit(POLICY, CLOUD, masks=True, regions=regions)
        service = Service(Hears(), permit, Reads(), release, phrase_by(engine, "m"), "cloud", record)
        desk = Desk(service, lambda shop: ("tea", datetime(2025, 11, 12, 10, tzinfo=UTC)))
        standing = stand(tmp_path, engine)
        standing.service = replace(standing.service, engines={DESK: desk, **standing.service.engines})
        return standing, cloud

    return opened


async def test_the_desk_has_its_sentence_made_elsewhere_without_the_name(door, record):
    standing, cloud = door(Detector())
    async with standing.caller() as owner:
        body = (await owner.post(CHAT, json={**chat("到哪了"), "model": DESK})).json()
    assert body["choices"][0]["message"]["content"] == "订单 1001 已发货。收货人是张伟，承运商是顺丰。"
    assert (body["mingbai"]["phrased_by"], body["mingbai"]["place"]) == ("model", "cloud")
    assert "张伟" not in repr([it.content for ask in cloud.asks for it in ask.messages])
    kept = await asyncio.to_thread(record.get, body["mingbai"]["receipt"])
    assert kept["masks"] == body["mingbai"]["masked"] == {"name": 1}
    assert kept["policy"]["by"] == ["P2-own-rows", "P10-provider-masked"]


async def test_where_masks_fail_the_desk_answers_from_here_and_the_receipt_says_so(door, record):
    standing, cloud = door(Broken())
    async with standing.caller() as owner:
        body = (await owner.post(CHAT, json={**chat("到哪了"), "model": DESK})).json()
    assert cloud.asks == []
    assert body["choices"][0]["message"]["content"] == "订单 1001 已发货。收货人：张伟。承运商：顺丰。"
    assert (body["mingbai"]["phrased_by"], body["mingbai"]["place"]) == ("template", "")
    kept = await asyncio.to_thread(record.get, body["mingbai"]["receipt"])
    assert (kept["masks"], kept["place"]["id"], kept["checks"]["failed"]) == ({}, "template", ["mask"])


@pytest.mark.parametrize("stream", [False, True])
async def test_a_raw_chat_is_masked_too(door, stream):
    standing, cloud = door(Detector())
    text = "张伟先生 13800138000，⟦手机KQ1⟧"
    async with standing.caller() as owner:
        reply = await owner.post(CHAT, json=chat(f"转告{text}", stream=stream))
    if stream:
        events = [json.loads(e[6:]) for e in reply.text.strip().split("\n\n")[:-1]]
        said = "".join(e["choices"][0]["delta"].get("content", "") for e in events)
        beside = events[-1]["mingbai"]
    else:
        said = reply.json()["choices"][0]["message"]["content"]
        beside = reply.json()["mingbai"]
        ChatCompletion.model_validate_json(reply.content)
    assert said == f"转告{text}"
    assert beside["masked"]["mobile"] == 1
    assert "13800138000" not in repr([it.content for it in cloud.asks[0].messages])


@pytest.mark.parametrize("stream", [False, True])
async def test_a_raw_chat_that_cannot_be_masked_is_told_so_in_both_languages(door, stream):
    standing, cloud = door(Broken())
    async with standing.caller() as owner:
        reply = await owner.post(CHAT, json=chat("13800138000", stream=stream))
    error = reply.json()["error"]
    assert (reply.status_code, error["code"], cloud.asks) == (503, "mask_failed", [])
    assert "没有发出" in error["zh"]
    assert "nothing was sent" in error["en"]
    assert "13800138000" not in reply.text


async def test_personal_data_of_people_whose_law_forbids_it_do_not_go_there_masked(door):
    standing, cloud = door(Detector(), ("CN", "EU"))
    async with standing.caller() as owner:
        reply = await owner.post(CHAT, json=chat("13800138000"))
        goods = await owner.post(CHAT, json=chat("龙井茶"))
        desk = (await owner.post(CHAT, json={**chat("到哪了"), "model": DESK})).json()
    assert (reply.status_code, goods.status_code, len(cloud.asks)) == (403, 200, 1)
    assert "EU" in reply.json()["error"]["en"]
    assert desk["mingbai"]["phrased_by"] == "template"
