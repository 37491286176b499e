"""Money adds up to the fen, and what was asked is what the price rows and the coupons said."""

from collections import defaultdict
from datetime import timedelta

import pytest

from mingbai.values.money import Money
from mingbai.values.records import (
    Coupon,
    InvoiceRequest,
    Line,
    Order,
    OrderState,
    Price,
    Return,
    ReturnState,
    Variant,
)


@pytest.fixture(scope="module")
def lines(shop):
    found = defaultdict(list)
    for line in shop.all(Line):
        found[line.order_no].append(line)
    return found


def test_goods_are_the_sum_of_the_lines(shop, lines):
    for order in shop.all(Order):
        assert (
            sum(line.unit_price.minor * line.quantity for line in lines[order.order_no]) == order.goods.minor
        )


def test_totals_are_goods_less_discount_plus_delivery_and_added_tax(shop):
    for order in shop.all(Order):
        added = order.tax.minor if dict(order.extra).get("tax") == "added" else 0
        asked = order.goods.minor - order.discount.minor + order.shipping.minor + added
        assert order.total.minor == asked, order.order_no
        if order.paid_at and dict(order.extra).get("stage") != "deposit":
            assert order.paid == order.total
        if not order.paid_at:
            assert order.paid is None


def test_what_the_lines_cost_is_what_was_paid_for_goods(shop, lines):
    for order in shop.all(Order):
        shares = [line.paid for line in lines[order.order_no]]
        if None not in shares:
            assert sum(share.minor for share in shares) == order.goods.minor - order.discount.minor


def test_taxes_are_those_of_the_country(shop):
    for order in shop.all(Order):
        match order.country:
            case "DE":
                assert dict(order.extra)["tax"] == "included"
                within = order.goods - order.discount + order.shipping
                assert within.minor * 7 // 107 - 9 <= order.tax.minor <= within.minor * 19 // 119 + 9
            case "US":
                assert dict(order.extra)["tax"] == "added"
                assert order.tax.minor <= order.goods.minor * 11 // 100
            case _:
                assert order.tax is None


def test_unit_prices_are_the_page_prices_of_that_moment(shop, lines):
    prices = defaultdict(list)
    for price in shop.all(Price):
        prices[price.sku, price.amount.currency].append(price)
    for order in shop.all(Order):
        for line in lines[order.order_no]:
            held = [
                price.amount
                for price in prices[line.sku, line.unit_price.currency]
                if price.valid_from <= order.created_at
                and (price.valid_to is None or order.created_at < price.valid_to)
            ]
            assert line.unit_price == min(held), line


def test_list_prices_follow_each_other_without_gap(shop):
    runs = defaultdict(list)
    for price in shop.all(Price):
        if price.kind == "list":
            runs[price.sku, price.amount.currency].append(price)
    for run in runs.values():
        run.sort(key=lambda price: price.valid_from)
        assert [price.valid_to for price in run] == [*(price.valid_from for price in run[1:]), None]
    assert {sku for sku, _ in runs} == set(shop.by(Variant))


def test_coupons_held_and_were_reached(shop):
    coupons = shop.by(Coupon)
    used = set()
    for order in shop.all(Order):
        assert len([code for code in order.coupon_codes if not coupons[code].stackable]) <= 1
        for code in order.coupon_codes:
            coupon = coupons[code]
            used.add(code)
            assert coupon.starts_at <= order.created_at <= coupon.ends_at
            if coupon.threshold:
                assert coupon.threshold.currency == order.goods.currency
                assert coupon.threshold.minor <= order.goods.minor
    assert used >= {"TEA20", "TEA50", "EVERY300", "EU10", "US10", "SHIP0", "VIP88"}


def test_a_discount_needs_a_coupon_or_a_deposit(shop):
    for order in shop.all(Order):
        assert (order.discount.minor > 0) <= bool(order.coupon_codes or dict(order.extra).get("stage"))


def test_the_newcomers_coupon_is_used_once(shop):
    used = [order.customer_id for order in shop.all(Order) if "NEW10" in order.coupon_codes]
    assert len(used) == len(set(used)) > 3


def test_refunds_are_what_the_returns_paid_back(shop, lines):
    back = defaultdict(int)
    for it in shop.all(Return):
        if it.state is ReturnState.REFUNDED:
            back[it.order_no] += it.amount.minor
    for order in shop.all(Order):
        if order.state is OrderState.CANCELLED:
            assert order.refunded == order.paid
        else:
            assert (order.refunded.minor if order.refunded else 0) == back[order.order_no]
            assert back[order.order_no] <= order.total.minor
        if order.state is OrderState.REFUNDED:
            assert order.refunded is not None
        refunded = sum(line.refunded.minor for line in lines[order.order_no] if line.refunded)
        assert refunded <= back[order.order_no]


def test_an_invoice_is_of_what_was_really_paid(shop):
    orders = shop.by(Order)
    for it in shop.all(InvoiceRequest):
        order = orders[it.order_no]
        assert it.amount.minor == order.paid.minor - (order.refunded.minor if order.refunded else 0)
        assert it.amount.minor > 0


def test_a_deposit_counts_double_and_the_balance_is_the_rest(shop):
    stages = {}
    for order in shop.all(Order):
        extra = dict(order.extra)
        if "stage" in extra:
            stages[extra["stage"]] = order
            assert (
                order.discount == Money(2000, "CNY")
                if not order.coupon_codes
                else order.discount.minor > 2000
            )
            balance = Money.of(extra["balance"].split()[0], "CNY")
            assert Money(2000, "CNY") + balance == order.total
    assert stages["deposit"].paid == Money(2000, "CNY")
    assert stages["deposit"].state is OrderState.UNPAID
    assert stages["balance"].paid == stages["balance"].total


def test_an_order_of_nine_days_ago_paid_more_than_the_page_asks_today(shop, lines):
    """Price protection has something to answer."""
    today = {
        price.sku: price.amount
        for price in shop.all(Price)
        if price.amount.currency == "CNY" and price.kind == "list" and price.valid_to is None
    }
    fallen = [
        (order, line)
        for order in shop.all(Order)
        if order.paid_at and shop.now - order.paid_at < timedelta(days=15) and order.country == "CN"
        for line in lines[order.order_no]
        if line.unit_price.minor > today[line.sku].minor
    ]
    assert any(line.sku == "T008-DCQ-240" and line.unit_price == Money(29800, "CNY") for _, line in fallen)
