"""Where is it: every parcel, its last scan and promise, and what is wrong with it."""

from __future__ import annotations

import pytest
from counter import Counter, at, counter_of, facts, line, order, product, variant

from mingbai.values.money import Money
from mingbai.values.records import Order, OrderState, Shipment, ShipmentEvent, ShipmentState


def scan(
    number: str,
    seq: int,
    when,
    state: ShipmentState = ShipmentState.IN_TRANSIT,
    zh: str = "到达中转场",
    en: str = "Arrived",
) -> ShipmentEvent:
    return ShipmentEvent(number, seq, when, state, "杭州", zh, en)


def sent(number: str = "SF1", order_no: str = "1", **more) -> Shipment:
    return Shipment(
        order_no,
        number,
        **{
            "carrier": "顺丰速运",
            "state": ShipmentState.IN_TRANSIT,
            "shipped_at": at(11, 9),
            "promised_at": at(11, 14, 22),
            **more,
        },
    )


def ship(**more) -> Order:
    return order("1", **{"state": OrderState.SHIPPED, "received_at": None, **more})


def test_the_kashgar_parcel(tea: Counter) -> None:
    found = facts(tea.own("MB20251103-0042", "到哪了", "where_is_order"))
    assert found["order.state"].zh == "订单 MB20251103-0042 已发货，运输中。"
    assert found["parcel.tracking_no"].zh == "承运：顺丰速运，运单号 SF1823924197465。"
    assert (
        found["parcel.last_event"].zh
        == "最近一条物流：11月11日 11:55，快件离开【乌鲁木齐转运中心】，已发往【喀什营业点】。"
    )
    assert (
        found["parcel.last_event"].en == "Last scan: Nov 11, 2025 11:55, Left Urumqi for the Kashgar station."
    )
    assert found["parcel.promised_at"].zh == "预计 11月14日前送达。"
    assert found["parcel.last_event"].sources[0].kind == "event"
    assert 2 <= sum(f.must for f in found.values()) <= 5


def test_two_parcels_are_both_told_with_what_is_in_them(tmp_path) -> None:
    rows = [
        ship(state=OrderState.PART_SHIPPED), line("1"), line("1", "2", title="茶盘"), line("1", "3", title="壶"),
        sent("SF1", lines=("1",)), sent("SF2", lines=("2",), state=ShipmentState.OUT_FOR_DELIVERY), scan("SF1", 1, at(11, 11)),
        scan("SF2", 1, at(11, 12, 8), ShipmentState.OUT_FOR_DELIVERY),
    ]  # fmt: skip
    with counter_of(tmp_path, rows) as shop:
        found = shop.own("1", "到哪了", "where_is_order")
    said = " ".join(f.zh for f in found.facts if f.must)
    assert "第 1 个包裹的承运：顺丰速运，运单号 SF1" in said
    assert "第 2 个包裹的承运：顺丰速运，运单号 SF2" in said
    assert "第 2 个包裹派送中" in said
    assert facts(found)["order.not_sent"].zh == "还没有发出的：壶。"
    assert [f.zh for f in found.facts if f.name == "parcel.lines"] == [
        "第 1 个包裹里有：小茶杯。",
        "第 2 个包裹里有：茶盘。",
    ]


@pytest.mark.parametrize(("last", "stuck"), [(at(11, 10, 10), False), (at(11, 10, 9), True)])
def test_stuck_is_more_than_48_hours_without_a_scan(tmp_path, last, stuck: bool) -> None:
    with counter_of(tmp_path, [ship(), line("1"), sent(), scan("SF1", 1, last)]) as shop:
        assert ("parcel.stuck" in facts(shop.own("1", "到哪了", "where_is_order"))) is stuck


@pytest.mark.parametrize(("state", "name", "person"), [
    (ShipmentState.LOST, "parcel.lost", True), (ShipmentState.FAILED, "parcel.failed", False),
    (ShipmentState.RETURNED, "parcel.returned", False), (ShipmentState.CUSTOMS, "parcel.state", False),
])  # fmt: skip
def test_trouble_is_said_and_a_lost_parcel_gets_a_person(
    tmp_path, state: ShipmentState, name: str, person: bool
) -> None:
    with counter_of(
        tmp_path, [ship(), line("1"), sent(state=state), scan("SF1", 1, at(11, 12, 8), state)]
    ) as shop:
        found = shop.own("1", "到哪了", "where_is_order")
    assert name in facts(found)
    assert found.handoff is person


def test_a_promise_that_passed_is_said_so(tmp_path) -> None:
    with counter_of(
        tmp_path, [ship(), line("1"), sent(promised_at=at(11, 11)), scan("SF1", 1, at(11, 12, 8))]
    ) as shop:
        found = facts(shop.own("1", "到哪了", "where_is_order"))
    assert "parcel.promised_at" not in found
    assert found["parcel.overdue"].zh == "原来预计 11月11日前送达，现在已经晚了，抱歉。"


def test_a_scan_of_the_future_is_not_told(tmp_path) -> None:
    with counter_of(
        tmp_path,
        [ship(), line("1"), sent(), scan("SF1", 1, at(11, 12, 8)), scan("SF1", 2, at(11, 12, 18), zh="签收")],
    ) as shop:
        assert "签收" not in facts(shop.own("1", "到哪了", "where_is_order"))["parcel.last_event"].zh


@pytest.mark.parametrize(
    ("ship_by", "name"), [(at(11, 12, 11), "order.ship_by"), (at(11, 12, 9), "order.late")]
)
def test_a_paid_order_has_its_dispatch_promise(tmp_path, ship_by, name: str) -> None:
    with counter_of(tmp_path, [ship(state=OrderState.PAID, ship_by=ship_by), line("1")]) as shop:
        found = facts(shop.own("1", "发货没", "where_is_order"))
    assert found["order.state"].zh == "订单 1 已付款，还没有发货。"
    assert found[name].value == ship_by


def test_an_unpaid_order_says_what_is_due(tmp_path) -> None:
    with counter_of(
        tmp_path, [ship(state=OrderState.UNPAID, paid=None, total=Money(5400, "CNY")), line("1")]
    ) as shop:
        assert (
            facts(shop.own("1", "发货没", "where_is_order"))["order.state"].zh
            == "订单 1 还没有付款，应付 ¥54.00。"
        )


def test_a_deposit_has_its_balance_and_last_moment(tmp_path) -> None:
    extra = (
        ("stage", "deposit"),
        ("deposit", "20.00 CNY"),
        ("balance", "219.00 CNY"),
        ("balance_to", "2025-11-14T23:59:00+08:00"),
    )
    with counter_of(tmp_path, [ship(state=OrderState.UNPAID, extra=extra), line("1")]) as shop:
        assert (
            facts(shop.own("1", "发货没", "where_is_order"))["order.balance"].zh
            == "定金 ¥20.00 已付，尾款 ¥219.00，请在 11月14日 23:59 前付清。"
        )


def test_a_word_that_no_profile_knows_is_said_as_it_came(tmp_path) -> None:
    with counter_of(tmp_path, [ship(state=OrderState.UNKNOWN, state_said="风控审核中"), line("1")]) as shop:
        assert (
            facts(shop.own("1", "发货没", "where_is_order"))["order.state"].zh
            == "订单 1 的状态是“风控审核中”。"
        )


def test_articles_are_named_in_the_language_of_the_answer(tmp_path) -> None:
    rows = [product(), variant(), ship(), line("1"), sent(), scan("SF1", 1, at(11, 12, 8))]
    with counter_of(tmp_path, rows) as shop:
        found = facts(shop.own("1", "where is it", "where_is_order", lang="en"))
    assert found["order.lines"].zh == "订单里的商品：小茶杯（红） × 1。"
    assert found["order.lines"].en == "Items in the order: Small Cup (Red) × 1."


def test_three_orders_asked_at_once_are_all_answered(tmp_path) -> None:
    rows = [r for n in "123" for r in (order(n, state=OrderState.PAID, received_at=None), line(n))]
    with counter_of(tmp_path, rows) as shop:
        found = shop.ask("三个都到哪了", "where_is_order", customer="C1", order_no=("1", "2", "3"))
    assert [f.about for f in found.facts if f.name == "order.state"] == ["1", "2", "3"]
