"""Exact look-ups are answered from an index on what was asked, on SQLite without statistics too."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from made_up import order, rows
from sqlalchemy import event

from mingbai.shop.records.home import Records
from mingbai.values.records import Line, Order, Shipment, Variant

ASKS: dict[str, tuple[Callable[[Records], object], set[str]]] = {
    "order": (lambda r: r.get("tea", Order, "1"), {"orders (shop=? AND order_no=?)"}),
    "tail": (
        lambda r: r.orders_by_phone_tail("tea", "2807"),
        {
            "orders (shop=? AND phone_tail=?)",
            "orders (shop=? AND phone_extension=?)",
            "orders (shop=? AND customer_id=?)",
            "customers (shop=? AND phone_tail=?)",
            "customers (shop=? AND phone_extension=?)",
        },
    ),
    "tracking": (
        lambda r: r.orders_by_tracking_no("tea", "SF1"),
        {"orders (shop=? AND order_no=?)", "shipments (shop=? AND tracking_no=?)"},
    ),
    "customer": (lambda r: r.orders_by_customer("tea", "li"), {"orders (shop=? AND customer_id=?)"}),
    "variant": (
        lambda r: r.variants_by_code("tea", "690"),
        {"variants (shop=? AND sku=?)", "variants (shop=? AND barcode=?)"},
    ),
    "sold": (
        lambda r: r.orders_by_sku("tea", "GW-1"),
        {"orders (shop=? AND order_no=?)", "order_lines (shop=? AND sku=?)"},
    ),
    "lines": (lambda r: list(r.rows("tea", Line, order_no="1")), {"order_lines (shop=? AND order_no=?)"}),
    "shipments": (
        lambda r: list(r.rows("tea", Shipment, order_no="1")),
        {"shipments (shop=? AND order_no=?)"},
    ),
    "variants": (
        lambda r: list(r.rows("tea", Variant, product_no="P")),
        {"variants (shop=? AND product_no=?)"},
    ),
}


@pytest.mark.parametrize("name", ASKS)
def test_a_look_up_uses_its_index(tmp_path, name):
    asked: list[tuple[str, object]] = []
    with Records.open(tmp_path / "shop.db") as records:
        records.take("tea", rows(order("1")))
        engine = records._engine
        event.listen(engine, "before_cursor_execute", lambda *said: asked.append((said[2], said[3])))
        ask, wanted = ASKS[name]
        ask(records)
        plans = set()
        with engine.connect() as connection:
            for statement, values in [one for one in asked if one[0].startswith("SELECT")]:
                steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
                plans |= {
                    step.detail for step in steps if step.detail.startswith(("SEARCH", "SCAN", "USE TEMP"))
                }
    assert {
        f"{plan.split()[1]} {plan[plan.index('(') :]}" if "(" in plan else plan for plan in plans
    } == wanted
