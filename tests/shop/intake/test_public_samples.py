"""Whole public files, when they lie beside the repository: every row goes in, and a second time changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from intake_home import all_of, counts, take, the

from mingbai.shop.records.home import Records
from mingbai.values.money import Money
from mingbai.values.records import Customer, Line, Order, Price, Product, Shipment, Stock, Variant

DATA = Path(__file__).parents[4] / "shared" / "data"
TAU = DATA / "tau_bench_retail"
WOO = DATA / "woocommerce_sample" / "raw" / "sample_products.csv"
VITA = DATA / "vitabench" / "catalogue_zh_en.jsonl"


def objects(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.skipif(not TAU.is_dir(), reason="../shared/data/tau_bench_retail is not here")
def test_the_tau_bench_retail_shop(records: Records) -> None:
    files = {
        f"{name}.jsonl": (TAU / f"{name}.jsonl").read_bytes() for name in ("orders", "users", "products")
    }
    report = take(records, files)
    products, users, orders = (objects(TAU / f"{name}.jsonl") for name in ("products", "users", "orders"))
    total = len(products) + len(users) + len(orders)
    assert counts(report) == (total, 0, 0, 0)
    assert {one.product_no for one in all_of(records, Product)} == {one["product_id"] for one in products}
    assert {one.customer_id for one in all_of(records, Customer)} == {one["user_id"] for one in users}
    assert {one.order_no for one in all_of(records, Order)} == {one["order_id"] for one in orders}
    variants = [variant for one in products for variant in one["variants"].values()]  # type: ignore[attr-defined]
    assert {one.sku for one in all_of(records, Variant)} == {one["item_id"] for one in variants}
    assert {(one.sku, one.amount) for one in all_of(records, Price)} == {
        (one["item_id"], Money.of(str(one["price"]), "USD")) for one in variants
    }
    assert {(one.sku, one.available) for one in all_of(records, Stock)} == {
        (one["item_id"], one["available"]) for one in variants
    }
    assert len(all_of(records, Line)) == sum(len(one["items"]) for one in orders)  # type: ignore[arg-type]
    assert len(all_of(records, Shipment)) == sum(len(one["fulfillments"]) for one in orders)  # type: ignore[arg-type]
    for one in orders[:50]:
        order = the(records, Order, str(one["order_id"]))
        payments: list[dict[str, object]] = one["payment_history"]  # type: ignore[assignment]
        assert order.paid == Money.of(str(payments[0]["amount"]), "USD")
        assert (order.country, order.postcode) == ("US", one["address"]["zip"])  # type: ignore[index]
    assert counts(take(records, files)) == (0, 0, total, 0)


@pytest.mark.skipif(not WOO.exists(), reason="../shared/data/woocommerce_sample is not here")
def test_the_woocommerce_sample(records: Records) -> None:
    rows = objects(WOO.parent.parent / "products.jsonl")
    report = take(records, {"sample_products.csv": WOO.read_bytes()}, currency="USD")
    assert counts(report) == (len(rows), 0, 0, 0)
    assert {one.product_no for one in all_of(records, Product)} == {
        one["SKU"] for one in rows if one["Type"] != "variation"
    }
    assert {one.sku for one in all_of(records, Variant)} == {
        one["SKU"] for one in rows if one["Type"] not in ("variable", "grouped")
    }
    assert {(one.sku, str(one.amount.major)) for one in all_of(records, Price) if one.kind == "list"} == {
        (one["SKU"], f"{float(str(one['Regular price'])):.2f}") for one in rows if "Regular price" in one
    }
    assert {(one.sku, one.product_no) for one in all_of(records, Variant)} >= {
        (one["SKU"], one["Parent"]) for one in rows if "Parent" in one
    }
    assert counts(take(records, {"sample_products.csv": WOO.read_bytes()}, currency="USD")) == (
        0,
        0,
        len(rows),
        0,
    )


@pytest.mark.skipif(not VITA.exists(), reason="../shared/data/vitabench is not here")
def test_the_vitabench_catalogue(records: Records) -> None:
    rows = objects(VITA)
    report = take(records, {VITA.name: VITA.read_bytes()})
    # As found, a few products stand twice with different shops or prices; the second is refused and named.
    numbers = {one["product_id"] for one in rows}
    assert {one.product_no for one in all_of(records, Product)} == numbers
    assert report.count("taken") == len(numbers)
    assert report.count("refused") + report.count("unchanged") == len(rows) - len(numbers)
