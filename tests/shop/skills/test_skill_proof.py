"""Whose order is it: the proven customer's, or of who says number and phone tail. Nobody learns which numbers exist."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from counter import Counter, counter_of, facts, line, order, product, variant, words

from mingbai.shop.records.phones import ends
from mingbai.values.records import Order, OrderState, Shipment
from mingbai.values.turn import Heard, Intent, Memory

ORDER_INTENTS = (
    "where_is_order", "return_right", "refund_status", "price_protection", "invoice", "warranty", "cancel_order",
    "change_address", "start_return", "exchange", "modify_order", "damaged_or_missing", "handoff", "complaint",
    "delivery_time", "price",
)  # fmt: skip
KASHGAR = "MB20251103-0042"


def tail_of(found: Order) -> str:
    return next(end for end in ends(found.phone or "") if end)


def test_the_proven_customer_sees_the_order(tea: Counter) -> None:
    found = tea.own(KASHGAR, "到哪了", "where_is_order")
    assert facts(found)["order.state"].about == KASHGAR


def test_number_and_tail_prove_it_in_one_message_or_in_two(tea: Counter) -> None:
    tail = tail_of(tea.order(KASHGAR))
    at_once = tea.ask("到哪了", "where_is_order", order_no=KASHGAR, phone_tail=tail)
    asked = tea.ask("到哪了", "where_is_order", order_no=KASHGAR)
    assert asked.needs[0].slot == "phone_tail"
    kept = Memory(
        intent=Intent.WHERE_IS_ORDER,
        need="phone_tail",
        order=KASHGAR,
        slots=tea.turn("", order_no=KASHGAR).understood.slots,
    )
    then = tea.ask(tail, "off_topic", memory=kept, phone_tail=tail)
    assert then.facts == at_once.facts
    assert facts(then)["parcel.tracking_no"].value == "SF1823924197465"


def test_a_tail_said_earlier_in_the_conversation_still_proves(tea: Counter) -> None:
    tail = tail_of(tea.order(KASHGAR))
    kept = Memory(
        heard=(Heard("customer", f"订单 {KASHGAR} 尾号 {tail}"),), order=KASHGAR, intent=Intent.WHERE_IS_ORDER
    )
    assert facts(tea.ask("那能退吗", "return_right", memory=kept))["return.not_received"].about == KASHGAR


def test_a_tail_that_we_said_proves_nothing(tea: Counter) -> None:
    kept = Memory(heard=(Heard("desk", f"尾号 {tail_of(tea.order(KASHGAR))}"),), order=KASHGAR)
    assert not tea.ask("到哪了", "where_is_order", memory=kept, order_no=KASHGAR).facts


@pytest.mark.parametrize("tail", ["", "0000"])
@pytest.mark.parametrize("customer", ["", "C10009"])
@pytest.mark.parametrize("intent", ORDER_INTENTS)
def test_an_unknown_number_gets_the_very_same_words_as_a_foreign_one(
    tea: Counter, intent: str, customer: str, tail: str
) -> None:
    said = {"phone_tail": tail} if tail else {}
    answers = [
        tea.every("这个订单怎么样了", intent, customer=customer, order_no=number, **said)
        for number in (KASHGAR, "MB20251103-9999", "2812062142030141461", "1")
    ]
    assert answers[0] == answers[1] == answers[2] == answers[3]
    assert not any(f.about for e in answers[0] for f in e.facts)


def test_guessing_tails_ends_after_a_few(tea: Counter) -> None:
    tail = tail_of(tea.order(KASHGAR))
    guesses = tuple(Heard("customer", f"尾号 {n}") for n in ("0001", "0002", "0003", "0004", "0005"))
    assert not tea.ask(
        "到哪了", "where_is_order", order_no=KASHGAR, phone_tail=tail, memory=Memory(heard=guesses)
    ).facts


def test_the_tail_alone_names_no_order(tea: Counter) -> None:
    found = tea.ask("尾号 2100 的快递", "where_is_order", phone_tail="2100")
    assert found.needs[0].slot == "order_no"
    assert not found.facts


def test_a_tracking_number_alone_is_no_proof(tea: Counter) -> None:
    number = facts(tea.own(KASHGAR, "到哪了", "where_is_order"))["parcel.tracking_no"].value
    assert not tea.ask("到哪了", "where_is_order", tracking_no=number).facts
    assert (
        facts(tea.ask("到哪了", "where_is_order", tracking_no=number, customer="C10001"))["order.state"].about
        == KASHGAR
    )
    foreign = tea.ask("到哪了", "where_is_order", tracking_no=number, customer="C10009")
    unknown = tea.ask("到哪了", "where_is_order", tracking_no="SF0000000000000", customer="C10009")
    assert foreign == unknown


def test_several_orders_are_asked_and_never_guessed(tea: Counter) -> None:
    found = tea.ask("我的快递到哪了", "where_is_order", customer="C10001")
    assert not found.facts
    (need,) = found.needs
    assert need.slot == "order_no"
    assert KASHGAR in need.choices
    assert len(need.choices) <= 3
    mine = {o.order_no for o in tea.all(Order) if o.customer_id == "C10001"}
    assert set(need.choices) <= mine


def test_the_only_order_that_fits_is_taken(tmp_path) -> None:
    rows = [
        product(),
        variant(),
        order("1", state=OrderState.COMPLETED),
        order("2", state=OrderState.SHIPPED, received_at=None),
        line("1"),
        line("2"),
    ]
    with counter_of(tmp_path, rows) as shop:
        assert facts(shop.ask("到哪了", "where_is_order", customer="C1"))["order.state"].about == "2"


def test_the_article_and_the_day_tell_orders_apart(tmp_path) -> None:
    rows = [
        product(), variant(), product("P2", title_zh="茶盘"), variant("P2-A"),
        order("1", state=OrderState.SHIPPED), order("2", state=OrderState.SHIPPED, created_at=order("x").created_at + timedelta(days=2)),
        line("1"), line("2", sku="P2-A", title="茶盘"),
    ]  # fmt: skip
    with counter_of(tmp_path, rows) as shop:
        assert (
            facts(shop.ask("茶盘到哪了", "where_is_order", customer="C1", product="茶盘"))[
                "order.state"
            ].about
            == "2"
        )


def test_two_shops_in_one_home_do_not_see_each_other(tmp_path) -> None:
    with counter_of(tmp_path, [order("A1"), line("A1")], shop="left") as left:
        right = Counter(left.records, left.grounder, "right")
        right.records.take("right", [])
        assert facts(left.own("A1", "到哪了", "where_is_order"))
        found = right.ask("到哪了", "where_is_order", customer="C1", order_no="A1", phone_tail="2807")
        assert not found.facts
        assert found.refusals


@pytest.mark.parametrize(("phone", "tail", "seen"), [
    ("13812342807", "2807", True), ("138****2807", "2807", True), ("13812342807-1234", "1234", True),
    ("13812342807-1234", "2807", True), ("138********", "2807", False), ("+49 30 5550 2807", "2807", True), (None, "2807", False),
])  # fmt: skip
def test_masked_and_virtual_numbers_prove_by_what_they_show(
    tmp_path, phone: str | None, tail: str, seen: bool
) -> None:
    with counter_of(tmp_path, [order("1", phone=phone, customer_id=None), line("1")]) as shop:
        assert bool(shop.ask("到哪了", "where_is_order", order_no="1", phone_tail=tail).facts) is seen


def test_two_thousand_askers_never_learn_a_foreign_order(tea: Counter) -> None:
    """Random pairs of an order and an asker who may not see it: no word of the answer is the order's."""
    dice = random.Random(20251112)
    orders = tea.all(Order)
    numbers: dict[str, list[str]] = {order.order_no: [] for order in orders}
    for parcel in tea.all(Shipment):
        numbers[parcel.order_no].append(parcel.tracking_no)
    customers = sorted({o.customer_id for o in orders if o.customer_id})
    for _ in range(2000):
        wanted = dice.choice(orders)
        customer = dice.choice(["", *[c for c in dice.sample(customers, 3) if c != wanted.customer_id]])
        said = {"order_no": wanted.order_no}
        if dice.random() < 0.5:
            said["phone_tail"] = dice.choice(
                [t for t in ("0000", "1234", "9999") if t not in ends(wanted.phone or "")]
            )
        if dice.random() < 0.2:
            said = {"tracking_no": dice.choice(numbers[wanted.order_no] or ["X"])}
        if dice.random() < 0.1:
            said = {}
        focus = wanted.order_no if dice.random() < 0.3 else ""
        memory = Memory(order=wanted.order_no) if dice.random() < 0.3 else Memory()
        found = tea.every(
            "我的订单呢，坏了要退",
            dice.choice(ORDER_INTENTS),
            customer=customer,
            order=focus,
            memory=memory,
            **said,
        )
        for evidence in found:
            text = words(evidence)
            secret = [
                wanted.order_no,
                *numbers[wanted.order_no],
                wanted.phone,
                wanted.email,
                wanted.recipient,
                wanted.address,
            ]
            leaked = [s for s in secret if s and len(s) > 3 and s in text]
            assert not leaked, (evidence.intent, customer)
            assert all(f.about != wanted.order_no for f in evidence.facts)


def test_facts_hold_no_names_phones_or_addresses(tea: Counter) -> None:
    dice = random.Random(7)
    for wanted in dice.sample(tea.all(Order), 25):
        for intent in ORDER_INTENTS:
            for evidence in tea.every("怎么样了", intent, customer=wanted.customer_id, order=wanted.order_no):
                text = words(evidence)
                for secret in (wanted.phone, wanted.email, wanted.address):
                    assert not secret or secret not in text
                assert (
                    not wanted.recipient
                    or len(wanted.recipient) < 3
                    or wanted.recipient not in text
                    or intent == "x"
                )
