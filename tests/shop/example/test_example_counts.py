"""The example shop is as large as it says, and the same every time."""

import json
from collections import Counter
from dataclasses import asdict
from datetime import date, datetime

import pytest

from mingbai.shop.example.make import rows
from mingbai.shop.example.plans import now
from mingbai.values.records import (
    KINDS,
    Campaign,
    Conversation,
    Customer,
    InvoiceRequest,
    Order,
    OrderState,
    PolicyDocument,
    Product,
    Return,
    ReturnState,
    Review,
    Said,
    Shipment,
    ShipmentState,
    Stock,
    Variant,
)


def test_there_is_enough_of_everything(shop):
    assert len(shop.all(Product)) >= 50
    assert len(shop.all(Variant)) >= 150
    assert len(shop.all(Order)) >= 400
    assert len(shop.all(Review)) >= 300
    assert len(shop.all(Conversation)) >= 28
    assert len(shop.all(Said)) >= 90
    for lang in ("zh", "en"):
        assert sum(page.lang == lang for page in shop.all(PolicyDocument)) >= 14


def test_every_page_is_there_in_both_languages(shop):
    langs: dict[str, set[str]] = {}
    for page in shop.all(PolicyDocument):
        langs.setdefault(page.document_no, set()).add(page.lang)
        assert page.title
        assert len(page.text) > 200
        assert page.topic
    assert {name for name, has in langs.items() if has != {"zh", "en"}} == set()


def test_every_state_occurs(shop):
    assert {order.state for order in shop.all(Order)} == set(OrderState)
    assert {shipment.state for shipment in shop.all(Shipment)} >= set(ShipmentState) - {
        ShipmentState.LABELLED
    }
    assert {it.state for it in shop.all(Return)} == set(ReturnState)
    assert {it.kind for it in shop.all(Return)} == {"return", "exchange", "refund_only"}
    assert {it.postage_by for it in shop.all(Return)} == {"buyer", "seller", "insurer"}
    assert {it.state for it in shop.all(InvoiceRequest)} == {"requested", "issued", "rejected", "cancelled"}
    assert {it.kind for it in shop.all(InvoiceRequest)} == {"personal", "company", "special"}
    assert {it.state for it in shop.all(Conversation)} == {"open", "waiting", "with_staff", "closed"}


def test_customers_are_everywhere(shop):
    countries = Counter(order.country for order in shop.all(Order))
    assert set(countries) == {"CN", "HK", "MO", "TW", "DE", "US"}
    assert countries["DE"] >= 30
    assert countries["US"] >= 30
    for place in ("新疆", "西藏", "香港", "台北"):
        assert any(place in (customer.address or "") for customer in shop.all(Customer)), place
    assert {order.platform for order in shop.all(Order)} == {"mingbai", "taobao", "shopify"}
    assert any("**" in (order.recipient or "") for order in shop.all(Order))
    assert any("-" in (order.phone or "") and order.platform == "taobao" for order in shop.all(Order))


def test_stock_is_told_in_every_way(shop):
    stock = shop.all(Stock)
    assert {it.warehouse for it in stock} == {"hangzhou", "frankfurt", "los_angeles"}
    assert any(it.restock_on and not it.available for it in stock)
    assert any(it.presale_ships_on and not it.available for it in stock)
    for it in stock:
        assert it.available == (it.on_hand > 0)
        assert it.available or it.restock_on or it.presale_ships_on, it.sku


def test_garments_have_a_chart_for_each_size(shop):
    for variant in shop.all(Variant):
        size = dict(variant.options).get("尺码")
        if size:
            facts = dict(shop.by(Product)[variant.product_no].attributes)
            assert "身高" in facts[f"尺码 {size}"]
            assert "weight" in facts[f"size {size}"]


def test_the_double_eleven_of_this_year_is_open(shop):
    (campaign,) = [it for it in shop.all(Campaign) if it.campaign_no == "D11-2025"]
    assert campaign.deposit_to < campaign.balance_from < shop.now < campaign.balance_to


def _told(today: date) -> str:
    def plain(value: object) -> str:
        return value.isoformat() if isinstance(value, date | datetime) else str(value)

    return "\n".join(
        type(row.record).__name__ + json.dumps(asdict(row), default=plain, ensure_ascii=False)
        for row in rows(today)
    )


def test_the_same_day_gives_the_same_bytes():
    assert _told(date(2025, 11, 12)).encode() == _told(date(2025, 11, 12)).encode()


@pytest.mark.parametrize(
    "day", [date(2024, 2, 29), date(2025, 10, 25), date(2025, 10, 31), date(2026, 6, 18)]
)
def test_any_day_gives_a_whole_shop(day):
    keys = {record: fields for _, record, fields in KINDS}
    seen = Counter()
    for row in rows(day):
        record = row.record
        key = tuple(
            record.amount.currency if part == "currency" else getattr(record, part)
            for part in keys[type(record)]
        )
        seen[type(record), key] += 1
        if isinstance(record, Order):
            times = [
                record.created_at,
                record.paid_at,
                record.shipped_at,
                record.received_at,
                record.closed_at,
            ]
            known = [time for time in times if time is not None]
            assert known == sorted(known)
            assert known[-1] <= now(day), record.order_no
    assert [key for key, count in seen.items() if count > 1] == []
    assert sum(kind is Order for kind, _ in seen) >= 400
