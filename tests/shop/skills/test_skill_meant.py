"""Questions that are about a parcel by the rows behind them, and writes told as a shop assistant would tell them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from counter import Counter, at, counter_of, facts, line, order, product, remembered, variant, words

from mingbai.shop.skills import address_said
from mingbai.shop.skills.limits import Limit, Limits
from mingbai.values.money import Money
from mingbai.values.records import OrderState, Record, Shipment, ShipmentEvent, ShipmentState
from mingbai.values.turn import Intent, Memory, Slots

SHIPPED: dict[str, Any] = {"state": OrderState.SHIPPED, "received_at": None}


def _part_sent() -> list[Record]:
    return [
        order("A1", state=OrderState.PART_SHIPPED, received_at=None),
        line("A1", "1", title="盖碗", sku="P2-W"), line("A1", "2", title="保温杯", sku="P3-B"),
        Shipment("A1", "YT1", carrier="圆通速递", shipped_at=at(11, 3), lines=("1",)),
        ShipmentEvent("YT1", 1, at(11, 4), ShipmentState.IN_TRANSIT, text_zh="离开杭州", text_en="Left Hangzhou"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("今天送吗", "delivery_time"),
        ("走的什么快递", "delivery_time"),
        ("东西放哪了", "product_info"),
        ("咋还没动静", "warranty"),
        ("查下物流", "off_topic"),
        ("where is it?", "product_info"),
    ],
)
def test_words_about_a_parcel_in_focus_are_answered_from_it(tmp_path: Path, said: str, intent: str) -> None:
    rows = [
        order("A1", **SHIPPED),
        line("A1"),
        Shipment("A1", "YT1", carrier="圆通速递", shipped_at=at(11, 2)),
    ]
    with counter_of(tmp_path, rows) as shop:
        found = shop.own("A1", said, intent)
        assert found.intent is Intent.WHERE_IS_ORDER
        assert {"order.state", "parcel.tracking_no"} <= facts(found).keys()


def test_the_same_words_before_buying_are_not_about_a_parcel(tea: Counter) -> None:
    for said in ("你们发什么快递", "现在下单什么时候能到", "Do you ship with DHL, when does it arrive?"):
        assert tea.ask(said, "delivery_time", customer="C10018").intent is Intent.DELIVERY_TIME
    assert tea.ask("where is this made?", "product_info", item="T001").intent is Intent.PRODUCT_INFO
    assert tea.ask("保温杯什么时候到货", "stock", customer="C10018", product="保温杯").intent is Intent.STOCK


def test_when_it_left_is_said_where_it_is_asked(tmp_path: Path) -> None:
    rows = [
        order("A1", **SHIPPED),
        line("A1"),
        Shipment("A1", "YT1", carrier="圆通速递", shipped_at=at(11, 2, 18)),
    ]
    with counter_of(tmp_path, rows) as shop:
        left = facts(shop.own("A1", "什么时候发的货", "delivery_time"))["parcel.shipped_at"]
        assert left.must
        assert left.zh == "包裹 11月2日 18:00 发出。"
        assert not facts(shop.own("A1", "到哪了", "where_is_order"))["parcel.shipped_at"].must


@pytest.mark.parametrize("said", ["怎么只发了一样", "where is the second item? only one was sent"])
def test_what_was_not_sent_yet_is_not_missing(tmp_path: Path, said: str) -> None:
    with counter_of(tmp_path, _part_sent()) as shop:
        found = shop.own("A1", said, "damaged_or_missing")
        assert (found.intent, found.handoff) == (Intent.WHERE_IS_ORDER, False)
        assert "保温杯" in facts(found)["order.not_sent"].zh
        assert facts(found)["parcel.lines"].must


def test_what_is_broken_still_goes_to_a_person(tmp_path: Path) -> None:
    with counter_of(tmp_path, _part_sent()) as shop:
        found = shop.own("A1", "到了，盖碗碎了", "damaged_or_missing")
        assert found.handoff
        assert found.intent is Intent.DAMAGED_OR_MISSING


def test_signed_for_and_not_got_says_where_it_was_left_and_fetches_a_person(tmp_path: Path) -> None:
    rows = [
        order("A1"), line("A1"), Shipment("A1", "YT1", carrier="圆通速递", shipped_at=at(11, 2), delivered_at=at(11, 5)),
        ShipmentEvent("YT1", 1, at(11, 5), ShipmentState.DELIVERED, text_zh="已放入快递柜", text_en="Put into the locker"),
    ]  # fmt: skip
    with counter_of(tmp_path, rows) as shop:
        found = shop.own("A1", "显示签收了我没拿到啊", "damaged_or_missing")
        assert found.handoff
        assert "快递柜" in facts(found)["parcel.last_event"].zh


def test_an_article_finds_the_order_that_holds_it(tmp_path: Path) -> None:
    rows = [
        order("A1", **SHIPPED), line("A1", title="盖碗", sku="P2-W"),
        order("A2", state=OrderState.PAID, received_at=None), line("A2", title="双盖保温杯", sku="P3-B"),
    ]  # fmt: skip
    with counter_of(tmp_path, rows) as shop:
        found = shop.ask("双盖保温杯咋还没动静", "warranty", customer="C1", product="双盖保温杯")
        assert facts(found)["order.state"].about == "A2"


def test_unclear_words_beside_an_order_s_number(tmp_path: Path) -> None:
    with counter_of(tmp_path, [order("A1", **SHIPPED), line("A1")]) as shop:
        asked: dict[str, Any] = {"order_no": "A1", "unsure": True}
        own = shop.ask("帮我看看到武汉了没", "stock", "price", customer="C1", **asked)
        assert facts(own)["order.state"].about == "A1"
        for stranger in ("C2", ""):
            found = shop.ask("清关没", "stock", "price", customer=stranger, **asked)
            assert found.refusals
            assert not found.facts
        taken_for_goods = shop.ask("#1049 yes or no", "product_info", customer="C2", order_no="#1049")
        assert taken_for_goods.refusals[0].rule == "not_yours"


def test_a_tail_beside_the_number_however_it_is_written(tmp_path: Path) -> None:
    with counter_of(tmp_path, [order("#1048", **SHIPPED), line("#1048")]) as shop:
        for said in ("#1048 / 2807", "Order #1048, phone ends 2807. Where is it?"):
            found = shop.ask(said, "where_is_order", order_no="#1048")
            assert facts(found)["order.state"].about == "#1048"
        assert shop.ask("#1048 / 2808", "where_is_order", order_no="#1048").refusals


def test_proof_holds_when_its_words_are_forgotten(tmp_path: Path) -> None:
    with counter_of(tmp_path, [order("A1", **SHIPPED), line("A1")]) as shop:
        kept = Memory(order="A1", proven=(("A1", "2807"),))
        assert facts(shop.ask("到哪了", "where_is_order", memory=kept))["order.state"].about == "A1"
        wrong = Memory(order="A1", proven=(("A1", "1111"),))
        assert shop.ask("到哪了", "where_is_order", memory=wrong).refusals


@pytest.mark.parametrize("yes", ["确认", "对，取消", "Yes, go ahead", "yes cancel"])
def test_a_yes_where_nothing_could_be_proposed_is_told_why_again(tmp_path: Path, yes: str) -> None:
    little = Limits(customer=Limit((Money(100, "CNY"),)))
    with counter_of(
        tmp_path, [order("A1", state=OrderState.PAID, received_at=None), line("A1")], limits=little
    ) as shop:
        over = shop.own("A1", "取消", "cancel_order")
        assert over.handoff
        assert "A1" in over.refusals[0].zh
        again = shop.ask(yes, "thanks", customer="C1", memory=remembered(over, order="A1"))
        assert again.refusals == over.refusals
        assert (
            shop.ask("谢谢", "thanks", customer="C1", memory=remembered(over, order="A1")).intent
            is Intent.THANKS
        )
        foreign = shop.ask("取消", "cancel_order", customer="C2", order_no="A1")
        still = shop.ask(
            yes, "thanks", customer="C2", memory=remembered(foreign, slots=Slots(order_no=("A1",)))
        )
        assert still.refusals[0].rule == "not_yours"
        assert shop.order("A1").state is OrderState.PAID


@pytest.mark.parametrize(
    ("text", "country", "address"),
    [
        ("I moved: Hauptstraße 5, 60313 Frankfurt", "DE", "Hauptstraße 5, 60313 Frankfurt"),
        ("neue Adresse ist Lange Straße 14, 04109 Leipzig", "DE", "Lange Straße 14, 04109 Leipzig"),
        (
            "ship to 77 Garfield Ct, San Gabriel, CA 91776 please",
            "US",
            "77 Garfield Ct, San Gabriel, CA 91776",
        ),
        ("可以改送到九龍彌敦道 100 號嗎", "HK", "香港九龍彌敦道 100 號"),
        ("改成浙江省杭州市西湖区文三路100号3幢201", "CN", "浙江省杭州市西湖区文三路100号3幢201"),
        ("can you change the address of order 1066?", "DE", ""),
    ],
)
def test_an_address_is_taken_as_it_was_written(text: str, country: str, address: str) -> None:
    assert address_said.said(text, country) == address


def test_the_address_in_the_message_is_proposed(tmp_path: Path) -> None:
    rows = [
        order("A1", state=OrderState.PAID, received_at=None, country="DE", address="Brühl 33, 04109 Leipzig"),
        line("A1"),
    ]
    with counter_of(tmp_path, rows) as shop:
        found = shop.own("A1", "I moved: Hauptstraße 5, 60313 Frankfurt", "change_address")
        assert found.proposal is not None
        assert "Hauptstraße 5, 60313 Frankfurt" in found.proposal.en


def test_too_late_is_said_with_a_no(tmp_path: Path) -> None:
    with counter_of(tmp_path, [order("A1", **SHIPPED), line("A1")]) as shop:
        assert "cannot be cancelled" in words(shop.own("A1", "cancel", "cancel_order"))
        assert "carrier" in words(shop.own("A1", "change the address", "change_address"))


def test_what_is_too_late_for_every_article_is_not_asked_by_article(tmp_path: Path) -> None:
    rows = [order("A1", received_at=at(10, 20)), line("A1", "1"), line("A1", "2", sku="P2-W", title="盖碗")]
    with counter_of(tmp_path, rows) as shop:
        found = shop.own("A1", "申请退货", "start_return")
        assert not found.needs
        assert "已经过了" in words(found)


def test_of_two_sizes_the_one_that_is_wanted(tmp_path: Path) -> None:
    sizes = [
        variant(f"P1-{s}", title_zh=f"月白 {s}", options=(("颜色", "月白"), ("尺码", s))) for s in ("M", "L")
    ]
    rows = [
        order("A1", received_at=at(11, 8)), product(), *sizes, line("A1", "1", sku="P1-L", options="颜色:月白;尺码:L"),
        product("P2", title_zh="盖碗"), variant("P2-W", options=(("颜色", "白"),)), line("A1", "2", sku="P2-W", title="盖碗"),
    ]  # fmt: skip
    with counter_of(tmp_path, rows) as shop:
        found = shop.own("A1", "月白L换M", "exchange", color="月白", size=("L", "M"))
        assert "P1-M" in {f.about for f in found.facts} or "月白 M" in words(found)
