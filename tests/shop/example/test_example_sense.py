"""Rows refer to rows that are there, things happen in the order of the world, and numbers have their check digits."""

import re
from collections import defaultdict
from datetime import timedelta

import pytest

from mingbai.values.records import (
    Conversation,
    Coupon,
    Customer,
    InvoiceRequest,
    Line,
    Order,
    OrderState,
    Price,
    Product,
    Return,
    ReturnState,
    Review,
    Said,
    Shipment,
    ShipmentEvent,
    ShipmentState,
    Stock,
    Variant,
)


def test_what_is_referred_to_is_there(shop):
    products, variants, orders, customers = (
        set(shop.by(kind)) for kind in (Product, Variant, Order, Customer)
    )
    lines = {(line.order_no, line.line_no) for line in shop.all(Line)}
    for it in shop.all(Variant):
        assert it.product_no in products
    for it in (*shop.all(Price), *shop.all(Stock)):
        assert it.sku in variants
    for it in shop.all(Line):
        assert it.order_no in orders
        assert it.sku in variants
        assert it.sku.startswith(it.product_no)
    for it in shop.all(Order):
        assert it.customer_id in customers
        assert set(it.coupon_codes) <= set(shop.by(Coupon))
    for it in shop.all(Shipment):
        assert all((it.order_no, no) in lines for no in it.lines)
    for it in shop.all(Return):
        assert it.order_no in orders
        assert not it.line_no or (it.order_no, it.line_no) in lines
    for it in shop.all(InvoiceRequest):
        assert it.order_no in orders
    for it in shop.all(Review):
        assert it.product_no in products
        assert not it.sku or it.sku in variants
        assert it.customer_id is None or it.customer_id in customers
    for it in shop.all(Conversation):
        assert it.customer_id in customers
        assert not it.order_no or it.order_no in orders
    assert {it.conversation_no for it in shop.all(Said)} == set(shop.by(Conversation))
    assert {it.tracking_no for it in shop.all(ShipmentEvent)} == {it.tracking_no for it in shop.all(Shipment)}


def test_articles_named_in_texts_exist(shop):
    texts = [product.description_zh + product.description_en for product in shop.all(Product)]
    from mingbai.values.records import PolicyDocument

    texts += [page.text for page in shop.all(PolicyDocument)]
    for text in texts:
        for said in re.findall(r"T\d{3}(?:-[A-Z]+(?:-\d+)?)?", text):
            known = shop.by(Product) if "-" not in said else shop.by(Variant)
            assert any(no.startswith(said) for no in known), said


def test_orders_happen_one_thing_after_another(shop):
    for order in shop.all(Order):
        times = [order.created_at, order.paid_at, order.shipped_at, order.received_at, order.closed_at]
        known = [time for time in times if time is not None]
        assert known == sorted(known), order.order_no
        assert all(time.utcoffset() == timedelta(hours=8) for time in known)
        assert known[-1] <= shop.now, order.order_no
        assert order.ship_by is None or order.ship_by > order.paid_at


def test_the_state_is_what_the_times_say(shop):
    for order in shop.all(Order):
        virtual = order.shipped_at is None and order.state is OrderState.COMPLETED  # gift cards
        match order.state:
            case OrderState.UNPAID:
                assert order.shipped_at is None
                assert order.paid_at is None or dict(order.extra)["stage"] == "deposit"
            case OrderState.PAID:
                assert order.paid_at
                assert order.shipped_at is None
            case OrderState.SHIPPED | OrderState.PART_SHIPPED:
                assert order.shipped_at
                assert order.received_at is None
            case OrderState.DELIVERED:
                assert order.received_at
                assert order.closed_at is None
            case OrderState.COMPLETED:
                assert order.closed_at
                assert order.received_at or virtual
            case OrderState.CANCELLED:
                assert order.closed_at
                assert order.close_reason
                assert order.shipped_at is None
            case OrderState.REFUNDED:
                assert order.closed_at
                assert order.close_reason
            case OrderState.UNKNOWN:
                assert order.state_said


@pytest.fixture(scope="module")
def scans(shop):
    found = defaultdict(list)
    for event in shop.all(ShipmentEvent):
        found[event.tracking_no].append(event)
    return found


def test_scans_go_forward_and_end_in_the_parcels_state(shop, scans):
    for shipment in shop.all(Shipment):
        events = scans[shipment.tracking_no]
        assert [event.seq for event in events] == list(range(1, len(events) + 1))
        times = [event.at for event in events]
        assert times == sorted(times)
        assert times[-1] <= shop.now
        assert times[0] >= shipment.shipped_at
        assert events[-1].state is shipment.state
        assert (shipment.delivered_at is not None) == (shipment.state is ShipmentState.DELIVERED)
        for event in events:
            assert event.text_zh
            assert event.text_en
            assert "{" not in event.place + event.text_zh + event.text_en


def test_an_order_was_received_when_its_last_parcel_was_delivered(shop):
    parcels = defaultdict(list)
    for shipment in shop.all(Shipment):
        parcels[shipment.order_no].append(shipment)
    two = 0
    for order in shop.all(Order):
        mine = parcels[order.order_no]
        two += len(mine) == 2
        if order.received_at:
            assert max(it.delivered_at for it in mine) == order.received_at, order.order_no
        if order.shipped_at:
            assert max(it.shipped_at for it in mine) == order.shipped_at
            assert order.paid_at < min(it.shipped_at for it in mine)
        else:
            assert mine == []
    assert two >= 3


def test_parcels_in_trouble(shop, scans):
    """One is lost, one came back, one was not scanned for two days, one could not be delivered, one is at customs."""
    states = {it.state for it in shop.all(Shipment)}
    assert states >= {ShipmentState.LOST, ShipmentState.RETURNED, ShipmentState.FAILED, ShipmentState.CUSTOMS}
    still = [
        it
        for it in shop.all(Shipment)
        if it.state in (ShipmentState.IN_TRANSIT, ShipmentState.COLLECTED)
        and shop.now - scans[it.tracking_no][-1].at > timedelta(hours=48)
        and it.carrier == "中通快递"
    ]
    assert still


def test_the_parcel_to_kashgar_is_on_its_way(shop, scans):
    order = shop.by(Order)["MB20251103-0042"]
    assert order.state is OrderState.SHIPPED
    assert order.country == "CN"
    (parcel,) = [it for it in shop.all(Shipment) if it.order_no == order.order_no]
    assert parcel.carrier == "顺丰速运"
    assert parcel.state is ShipmentState.IN_TRANSIT
    assert len(scans[parcel.tracking_no]) == 8
    assert "喀什" in scans[parcel.tracking_no][-1].text_zh


def test_returns_happen_after_the_sale_and_within_their_states(shop):
    orders = shop.by(Order)
    for it in shop.all(Return):
        order = orders[it.order_no]
        times = [order.paid_at, it.requested_at, it.received_at, it.refunded_at]
        known = [time for time in times if time is not None]
        assert known == sorted(known), it
        assert known[-1] <= shop.now
        assert (it.refunded_at is not None) == (it.state is ReturnState.REFUNDED)
        assert it.reason
        if it.state is ReturnState.SENT_BACK:
            assert it.tracking_no
            assert it.received_at is None


def test_goods_excepted_by_law_come_back_for_a_fault_only(shop):
    lines = {(line.order_no, line.line_no): line for line in shop.all(Line)}
    products = shop.by(Product)
    for it in shop.all(Return):
        if it.line_no and not products[lines[it.order_no, it.line_no].product_no].no_reason_return:
            assert it.postage_by == "seller" or it.state is ReturnState.REJECTED, it


def test_invoices_are_asked_for_after_payment_and_issued_after_that(shop):
    orders = shop.by(Order)
    for it in shop.all(InvoiceRequest):
        assert orders[it.order_no].paid_at < it.requested_at <= shop.now
        assert (it.issued_at is not None) == bool(it.invoice_no) == (it.state == "issued")
        assert it.issued_at is None or it.requested_at < it.issued_at <= shop.now
        assert bool(it.reason) == (it.state in ("rejected", "cancelled"))


def test_reviews_are_all_different_and_were_written_before_now(shop):
    texts = [review.text for review in shop.all(Review)]
    assert len(texts) == len(set(texts))
    bought = {
        (order.customer_id, line.product_no)
        for line in shop.all(Line)
        for order in [shop.by(Order)[line.order_no]]
    }
    for review in shop.all(Review):
        assert review.at <= shop.now
        assert 1 <= review.rating <= 5
        assert review.customer_id is None or (review.customer_id, review.product_no) in bought
    assert sum(review.lang == "zh" for review in shop.all(Review)) > len(texts) / 2
    assert {review.lang for review in shop.all(Review)} == {"zh", "zh-Hant", "en"}


def test_messages_follow_each_other(shop):
    said = defaultdict(list)
    for it in shop.all(Said):
        said[it.conversation_no].append(it)
    for conversation, messages in said.items():
        assert [it.seq for it in messages] == list(range(1, len(messages) + 1))
        assert [it.at for it in messages] == sorted(it.at for it in messages)
        assert messages[0].at == shop.by(Conversation)[conversation].started_at
        assert messages[-1].at <= shop.now
        assert {it.who for it in messages} <= {"customer", "desk", "staff"}
        assert all(it.text and "{" not in it.text for it in messages)
