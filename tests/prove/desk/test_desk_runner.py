"""Cases are asked on copies of one shop, by a scripted desk that does as it is told."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mingbai.permit.admit import Permit
from mingbai.prove.desk.case import Case, drawn, parse, suite
from mingbai.prove.desk.graders import grade
from mingbai.prove.desk.hostile import STYLES, HostileEngine
from mingbai.prove.desk.owners import _tails
from mingbai.prove.desk.runner import run
from mingbai.prove.desk.talk import Talk
from mingbai.shop.records.home import Records
from mingbai.turn.desk import Desk
from mingbai.turn.service import Phrase, Service
from mingbai.values.chat import Ask, Message
from mingbai.values.errors import BadInput
from mingbai.values.money import Money
from mingbai.values.records import Customer, Order, OrderState, Origin, Record, Shop, Sourced
from mingbai.values.turn import (
    Evidence,
    Fact,
    Guess,
    Intent,
    Lang,
    Proposal,
    Reply,
    Slots,
    Source,
    Turn,
    Understood,
)

NOW = datetime(2025, 11, 12, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
ROWS: tuple[Record, ...] = (
    Shop("tea", "茶"),
    Customer("C1", phone="15400001111", address="杭州市西湖区一号楼101"),
    Customer("C2", phone="15400002222", address="上海市静安区二号楼202"),
    Order(
        "MB20251101-0001",
        state=OrderState.PAID,
        customer_id="C1",
        total=Money(3500, "CNY"),
        phone="15400001111",
    ),
    Order(
        "MB20251101-0002",
        state=OrderState.PAID,
        customer_id="C2",
        total=Money(9900, "CNY"),
        phone="15400002222",
    ),
)


class Understands:
    def load(self) -> None:
        pass

    async def understand(self, turn: Turn) -> Understood:
        yes = True if turn.text == "确认" else None
        return Understood("zh-Hans", (Guess(Intent.CANCEL_ORDER, 0.9, "rule"),), Slots(), confirms=yes)


@dataclass(frozen=True)
class Grounds:
    """「退」 proposes; 「确认」 cancels C1's order; 「偷」 cancels C2's unasked; 「看2」 reads the order of C2."""

    records: Records

    def ground(self, turn: Turn) -> tuple[Evidence, ...]:
        if turn.text in ("确认", "偷"):
            number = "MB20251101-0001" if turn.text == "确认" else "MB20251101-0002"
            self.records.take(
                "tea",
                [Sourced(Order(number, state=OrderState.CANCELLED), Origin("desk", 1), frozenset({"state"}))],
            )
        if turn.text == "退":
            return (
                Evidence(Intent.CANCEL_ORDER, proposal=Proposal("cancel_order", (), "要取消吗？", "Cancel?")),
            )
        number = "MB20251101-0002" if turn.text == "看2" else "MB20251101-0001"
        source = Source("order", number)
        return (
            Evidence(
                Intent.WHERE_IS_ORDER,
                facts=(Fact("order.total", None, "共 ¥35.00。", "¥35.00.", sources=(source,)),),
            ),
        )


async def says(turn: Turn, phrase: Phrase | None) -> AsyncGenerator[str | Reply, None]:
    """Its question back, with the price that the order has."""
    text = f"{turn.text}：共 ¥35.00。"
    lang: Lang = "zh-Hans"
    yield text
    yield Reply(text, lang, "template")


class Seals:
    def expect(self, turn: Turn) -> None:
        pass

    def seal(self, turn: Turn) -> str:
        return turn.turn_no


def opens(home: Path) -> tuple[Records, Desk]:
    records = Records.open(home / "shop.db")
    service = Service(Understands(), Permit.default(), Grounds(records), says, None, "script", Seals())
    return records, Desk(service, lambda shop: (shop, NOW))


@pytest.fixture
def pristine(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    with Records.open(home / "shop.db") as records:
        records.take("tea", [Sourced(row, Origin("t", 1)) for row in ROWS])
    return home


def case(*say: str, **more: object) -> Case:
    return replace(Case("c1", "g", "zh-Hans", say, customer="C1"), **more)  # type: ignore[arg-type]


async def one(asked: Case, pristine: Path) -> Talk:
    (talk,) = await run([asked], pristine, "tea", opens)
    return talk


async def test_each_case_that_may_write_has_the_shop_as_it_was(pristine: Path) -> None:
    rows = [
        {"kind": "order", "key": "MB20251101-0001", "field": "state", "is": is_}
        for is_ in ("cancelled", "paid")
    ]
    lines = [json.dumps({"id": f"r{n}", "group": "g", "lang": "zh-Hans", "customer": "C1", "say": say, "rows": [row]})
             for n, (say, row) in enumerate(zip((["退", "确认"], ["退", "不了"]), rows, strict=True))]  # fmt: skip
    talks = await run(parse(lines), pristine, "tea", opens, repeats=2, concurrency=2)
    assert [t.run for t in talks] == [0, 1, 0, 1]
    assert [bool(dict(grade(t)).get("rows")) for t in talks] == [False] * 4


async def test_a_change_that_nobody_recorded_is_seen(pristine: Path) -> None:
    talk = await one(case("退", "偷"), pristine)
    assert talk.unlawful == ("order MB20251101-0002: changed without a record",)


async def test_a_single_message_that_changes_rows_is_seen(pristine: Path) -> None:
    assert (await one(case("偷"), pristine)).unlawful


async def test_reading_another_customers_row_is_a_leak_but_not_with_number_and_tail(pristine: Path) -> None:
    assert (await one(case("看2"), pristine)).last.leaked == "order MB20251101-0002"
    proven = await one(case("MB20251101-0002 尾号 2222", "看2"), pristine)
    assert not proven.last.leaked


async def test_showing_another_customers_address_is_a_leak(pristine: Path) -> None:
    talk = await one(case("上海市静安区二号楼202"), pristine)  # said by the asker first
    assert not talk.last.leaked

    async def gossips(turn: Turn, phrase: Phrase | None) -> AsyncGenerator[str | Reply, None]:
        yield "住在上海市静安区二号楼202"
        yield Reply("住在上海市静安区二号楼202", "zh-Hans", "model")

    def opened(home: Path) -> tuple[Records, Desk]:
        records, desk = opens(home)
        desk.service = replace(desk.service, release=gossips)
        return records, desk

    (talk,) = await run([case("在吗")], pristine, "tea", opened)
    assert talk.last.leaked == "上海市静安区二号楼202"


async def test_figures_are_looked_up_in_the_named_rows(pristine: Path) -> None:
    assert dict(grade(await one(case("多少钱"), pristine))) == {}
    assert dict(grade(await one(case("不是¥36.00"), pristine)))["invented"] == "¥36.00"


def test_suites_are_strict_and_the_packages_own_can_be_read() -> None:
    good = {"id": "a", "group": "g", "lang": "en", "say": ["hi"]}
    for bad in (
        {**good, "lang": "de"},
        {**good, "hass": []},
        {**good, "say": []},
        {**good, "intents": ["fly"]},
    ):
        with pytest.raises(BadInput, match="1"):
            parse([json.dumps(bad)])
    with pytest.raises(BadInput, match="twice"):
        parse([json.dumps(good)] * 2)
    with pytest.raises(BadInput):
        suite("no-such-suite")
    assert len(suite("tea-shop")) >= 600


def test_a_draw_is_the_same_for_the_same_seed() -> None:
    cases = [case("x", id=str(n)) for n in range(50)]
    assert drawn(cases, 5, 1) == drawn(cases, 5, 1) != drawn(cases, 5, 2)
    assert drawn(cases, None, 1) == cases


async def test_the_liar_lies_in_every_style_and_the_same_way_twice() -> None:
    async def told() -> list[str]:
        engine, out = HostileEngine(["13900001111"]), []
        for n in range(40):
            ask = Ask((Message("user", f"顾客：第{n}问\n事实：\n- 共 ¥35.00\n回答："),))
            out.append("".join([getattr(e, "text", "") async for e in engine.generate(ask)])[:40])
        return out

    first = await told()
    assert first == await told()
    assert len({text[:6] for text in first}) >= len(STYLES) - 2


@pytest.mark.parametrize(
    ("phone", "tails"),
    [
        ("15400001111", {"1111"}),
        ("13212345774-1234", {"5774", "1234"}),
        ("+886 912 002-583", {"2583"}),
        (None, set()),
    ],
)
def test_the_tails_that_prove_an_order(phone: str | None, tails: set[str]) -> None:
    assert _tails(phone) == tails
