"""One person's rows in a shop: which they are, what is forgotten of them and what stays.

What stays of an erased person are facts of the trade (states, sums, times, numbers), under a pseudonym that nobody can lead
back. What somebody wrote, and where and by which name and number they are reached, is gone at once.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, func, literal, or_, select, update

from mingbai.shop.records import sealing
from mingbai.shop.records.owners import person
from mingbai.shop.records.shape import SHAPES
from mingbai.shop.records.tables import ACTIONS, CHANGES, TABLES
from mingbai.shop.records.take import note_changes
from mingbai.values.records import (
    Conversation,
    Customer,
    InvoiceRequest,
    Line,
    Order,
    Record,
    Return,
    Review,
    Said,
    Shipment,
    ShipmentEvent,
)

# In the order of a person's file: who, what was bought, what was said.
KINDS: tuple[type[Record], ...] = (
    Customer, Order, Line, Shipment, ShipmentEvent, Return, InvoiceRequest, Review, Conversation, Said,
)  # fmt: skip
ERASED = "erased-"  # how the pseudonym of an erased customer begins


@dataclass(frozen=True, slots=True)
class Whose:
    """A customer by id, or an order that no customer is known of. One of them."""

    shop: str
    customer: str = ""
    order: str = ""

    def condition(self, record: type[Record]) -> ColumnElement[bool]:
        """Which rows of this kind are theirs; together with the shop."""
        table = TABLES[record]
        c = table.c
        if record is Customer:
            theirs: ColumnElement[bool] = c.customer_id == self.customer
        elif record is Order:
            theirs = c.customer_id == self.customer if self.customer else c.order_no == self.order
        elif record is ShipmentEvent:
            theirs = c.tracking_no.in_(self._numbers(Shipment, "tracking_no"))
        elif record is Review:
            theirs = c.customer_id == self.customer
        elif record is Conversation:
            of_orders = and_(c.customer_id.is_(None), c.order_no.in_(self._numbers(Order, "order_no")))
            theirs = or_(c.customer_id == self.customer, of_orders) if self.customer else of_orders
        elif record is Said:
            theirs = c.conversation_no.in_(self._numbers(Conversation, "conversation_no"))
        else:
            theirs = c.order_no.in_(self._numbers(Order, "order_no"))
        return and_(c.shop == self.shop, theirs)

    def _numbers(self, record: type[Record], column: str) -> Select[Any]:
        return select(TABLES[record].c[column]).where(self.condition(record))

    def actions(self) -> ColumnElement[bool]:
        return and_(ACTIONS.c.shop == self.shop, ACTIONS.c.order_no.in_(self._numbers(Order, "order_no")))


def find(connection: Connection, shop: str, subject: str) -> Whose | None:
    """`ID` of a customer, or `order:NUMBER`; an order's customer where one is known. None: nobody is known by that."""
    orders, customers = TABLES[Order], TABLES[Customer]
    if subject.startswith("order:"):
        number = subject.removeprefix("order:")
        row = connection.execute(
            select(orders.c.customer_id).where(orders.c.shop == shop, orders.c.order_no == number)
        ).first()
        return None if row is None else Whose(shop, row[0]) if row[0] else Whose(shop, "", number)
    for table in (customers, orders, TABLES[Review], TABLES[Conversation]):
        here = select(literal(1)).where(table.c.shop == shop, table.c.customer_id == subject).limit(1)
        if subject and connection.execute(here).first():
            return Whose(shop, subject)
    return None


def persons(connection: Connection, whose: Whose) -> frozenset[str]:
    """Every name under which a key may hold something of theirs: of them, and of what was theirs before it was known."""
    found = {person(whose.shop, "customer", whose.customer)} if whose.customer else set()
    for record, kind, column in (
        (Order, "order", "order_no"), (Shipment, "parcel", "tracking_no"), (Review, "review", "review_no"),
        (Conversation, "conversation", "conversation_no"),
    ):  # fmt: skip
        numbers = connection.execute(whose._numbers(record, column)).scalars()
        found |= {person(whose.shop, kind, number) for number in numbers}
    return frozenset(found)


def counts(connection: Connection, whose: Whose) -> Mapping[str, int]:
    """Rows by kind, only kinds that have some."""
    out = {}
    for record in KINDS:
        query = select(func.count()).select_from(TABLES[record]).where(whose.condition(record))
        out[SHAPES[record].kind] = int(connection.execute(query).scalar_one())
    query = select(func.count()).select_from(ACTIONS).where(whose.actions())
    out["action"] = int(connection.execute(query).scalar_one())
    return {kind: count for kind, count in out.items() if count}


def forget(connection: Connection, whose: Whose) -> str:
    """Take what is personal out of their rows, in the caller's writing transaction; the pseudonym that stands for them now.

    Search is told of their reviews. Keys are not touched: whoever holds them destroys them first.
    """
    name = f"{ERASED}{secrets.token_hex(4)}"
    theirs = {record: whose.condition(record) for record in KINDS}
    reviews = [(number,) for number in connection.execute(whose._numbers(Review, "review_no")).scalars()]
    connection.execute(update(ACTIONS).where(whose.actions()).values(sealed=sealing.GONE))
    for record in reversed(KINDS):  # what is found by others before those others
        table, shape = TABLES[record], SHAPES[record]
        if record is Customer:
            connection.execute(delete(table).where(theirs[record]))
            continue
        new: dict[str, Any] = dict.fromkeys((column for column, _ in shape.finders), None)
        if shape.personal:
            new["sealed"] = sealing.GONE
        if record is Review:
            new["customer_id"] = name
        if new:
            connection.execute(update(table).where(theirs[record]).values(new))
    if whose.customer:
        for record in (Conversation, Order):
            table = TABLES[record]
            mine = and_(table.c.shop == whose.shop, table.c.customer_id == whose.customer)
            connection.execute(update(table).where(mine).values(customer_id=name))
        mine = and_(ACTIONS.c.shop == whose.shop, ACTIONS.c.asker == whose.customer)
        connection.execute(update(ACTIONS).where(mine).values(asker=name))
        old = json.dumps([whose.customer], ensure_ascii=False)
        changed = and_(CHANGES.c.shop == whose.shop, CHANGES.c.kind == "customer", CHANGES.c.key == old)
        connection.execute(update(CHANGES).where(changed).values(key=json.dumps([name])))
    if reviews:
        note_changes(connection, whose.shop, "review", reviews)
    return name
