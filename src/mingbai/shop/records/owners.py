"""Whose a row is: the customer, or, while nobody knows which customer, the order (conversation, review …) itself.

A person is a text such as `tea/customer/C10001`, which receipts use, too; nobody outside the vault sees it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from mingbai.shop.records import bulk
from mingbai.shop.records.shape import Shape, Values
from mingbai.shop.records.tables import TABLES
from mingbai.values.records import Conversation, Order, Shipment


def person(shop: str, kind: str, number: str) -> str:
    return f"{shop}/{kind}/{number}"


def of(connection: Connection, shop: str, shape: Shape, rows: Sequence[Values]) -> list[str]:
    """For each row, as far as the database knows now."""
    if not rows:
        return []
    match shape.kind:
        case "customer" | "order" | "review":
            number, customer = _of(shape, rows, shape.key_columns()[0]), _of(shape, rows, "customer_id")
            return [_either(shop, c, shape.kind, n) for n, c in zip(number, customer, strict=True)]
        case "event":
            parcels = _of(shape, rows, "tracking_no")
            orders = dict(_known(connection, shop, Shipment, "tracking_no", parcels, "order_no"))
            customers = _customers(connection, shop, list(orders.values()))
            return [
                _either(shop, customers.get(orders[p]), "order", orders[p])
                if p in orders
                else person(shop, "parcel", p)
                for p in parcels
            ]
        case "said":
            return _of_conversations(connection, shop, _of(shape, rows, "conversation_no"))
        case _:
            return of_orders(connection, shop, _of(shape, rows, "order_no"))


def of_orders(connection: Connection, shop: str, numbers: list[str]) -> list[str]:
    customers = _customers(connection, shop, numbers)
    return [_either(shop, customers.get(n), "order", n) for n in numbers]


def _of_conversations(connection: Connection, shop: str, numbers: list[str]) -> list[str]:
    found = _known(connection, shop, Conversation, "conversation_no", numbers, "customer_id", "order_no")
    known = {number: (customer, order) for number, customer, order in found}
    customers = _customers(connection, shop, [order for _, order in known.values() if order])
    out = []
    for number in numbers:
        customer, order = known.get(number, (None, ""))
        customer = customer or customers.get(order)
        out.append(_either(shop, customer, "order" if order else "conversation", order or number))
    return out


def _customers(connection: Connection, shop: str, orders: list[str]) -> dict[str, Any]:
    return dict(_known(connection, shop, Order, "order_no", orders, "customer_id"))


def _known(
    connection: Connection, shop: str, record: Any, key: str, keys: list[str], *names: str
) -> list[tuple[Any, ...]]:
    wanted = [(k,) for k in dict.fromkeys(keys)]
    if not wanted:
        return []
    return list(bulk.find(connection, shop, TABLES[record], (key, *names), (key,), wanted))


def _either(shop: str, customer: Any, kind: str, number: str) -> str:
    return person(shop, "customer", customer) if customer else person(shop, kind, number)


def _of(shape: Shape, rows: Sequence[Values], column: str) -> list[Any]:
    place = shape.columns.index(column)
    return [row[place] for row in rows]
