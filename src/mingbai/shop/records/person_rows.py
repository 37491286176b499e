"""The shop's rows as the rights of persons see them: see `permit/rights.py`, whose protocol `Rows` this is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select, update

from mingbai.shop.records import owners, sealed_actions, sealing, whose
from mingbai.shop.records.home import Records
from mingbai.shop.records.jsonform import from_json, to_json
from mingbai.shop.records.reader import Reader
from mingbai.shop.records.shape import SHAPES
from mingbai.shop.records.tables import ACTIONS, TABLES
from mingbai.shop.records.whose import Whose
from mingbai.values.errors import BadInput, Text
from mingbai.values.json import JsonObject
from mingbai.values.records import (
    PERSONAL,
    Customer,
    InvoiceRequest,
    Line,
    Order,
    OrderState,
    Origin,
    Record,
    Return,
    Said,
    Shipment,
    ShipmentEvent,
)

_ENDED = (
    OrderState.COMPLETED.value,
    OrderState.CANCELLED.value,
    OrderState.REFUNDED.value,
    OrderState.DELIVERED.value,
)


class PersonRows:
    def __init__(self, records: Records) -> None:
        self._records = records

    def shop(self, asked: str | None) -> str:
        return self._records.the_shop(asked)

    def shops(self) -> list[str]:
        return self._records.shops()

    def person(self, shop: str, subject: str) -> str | None:
        """As keys and receipts name them."""
        found = self._find(shop, subject)
        if found is None:
            return None
        kind, number = ("customer", found.customer) if found.customer else ("order", found.order)
        return owners.person(shop, kind, number)

    def gone(self, shop: str, subject: str) -> bool:
        """Whether it is an order whose customer was erased: a pseudonym stands there, which is nobody."""
        found = self._find(shop, subject)
        return found is not None and found.customer.startswith(whose.ERASED)

    def persons(self, shop: str, subject: str) -> frozenset[str]:
        found = self._find(shop, subject)
        with self._records.connected() as connection:
            return whose.persons(connection, found) if found else frozenset()

    def counts(self, shop: str, subject: str) -> Mapping[str, int]:
        found = self._find(shop, subject)
        with self._records.connected() as connection:
            return whose.counts(connection, found) if found else {}

    def rows(self, shop: str, subject: str) -> Iterator[tuple[str, JsonObject]]:
        """Everything in clear, as the kinds of an export: for the person."""
        found = self._find(shop, subject)
        if found is None:
            return
        with self._records.connected() as connection:
            for record in whose.KINDS:
                for row in Reader(connection).of_person(shop, record, found):
                    yield SHAPES[record].kind, to_json(row.record)
            for made in connection.execute(select(ACTIONS).where(found.actions())):
                said = sealed_actions.take_out(connection, shop, made.action_no, made.sealed)
                yield (
                    "action",
                    {
                        "action_no": made.action_no,
                        "skill": made.skill,
                        "at": made.at.isoformat(),
                        **(said or {}),
                    },
                )

    def forget(self, shop: str, subject: str) -> bool:
        """Take what is personal out of the rows, and off the disk. True if search has to look again."""
        found = self._find(shop, subject)
        if found is None:  # by a run that was killed: what it had still to do
            self._records.off_the_disk()
            return True
        with self._records.writing(shop) as connection:
            before = Reader(connection).last_seq(shop)
            whose.forget(connection, found)
            changed = Reader(connection).last_seq(shop) != before
        self._records.off_the_disk()
        return changed

    def rectify(self, shop: str, subject: str, fields: Mapping[str, str]) -> None:
        """Correct personal fields of a customer, or of the order `order:NUMBER`. Raises `BadInput`."""
        kind, number = (
            ("order", subject.removeprefix("order:"))
            if subject.startswith("order:")
            else ("customer", subject)
        )
        record: type[Record] = Order if kind == "order" else Customer
        known = [name for of, name, _ in PERSONAL if of == kind and name != "extra"]
        if not fields or not fields.keys() <= set(known):
            raise BadInput(
                Text(f"能更正的有：{'、'.join(known)}。", f"These can be corrected: {', '.join(known)}."),
                Text("写成 字段=值。", "Write FIELD=VALUE."),
            )
        there = self._records.get(shop, record, number)
        if there is None or self._gone(shop, record, number):
            raise BadInput(
                Text(
                    "没有这个人的数据，或已删除。", "There are no data of that person, or they were erased."
                ),
                Text("请核对编号。", "Check the number."),
            )
        given = from_json(kind, {**to_json(there.record), **fields})
        self._records.take(
            shop, [replace(there, record=given, origin=Origin("rectified", 0), given=frozenset(fields))]
        )

    def due(self, shop: str, clock: str, before: datetime) -> int:
        """Rows whose time in this class has come and that still hold something personal."""
        with self._records.connected() as connection:
            return sum(
                int(
                    connection.execute(
                        select(func.count()).select_from(TABLES[record]).where(which)
                    ).scalar_one()
                )
                for record, which in _due(shop, clock, before)
            )

    def expire(self, shop: str, clock: str, before: datetime) -> int:
        """Take it out of them, and off the disk; how many rows."""
        with self._records.writing(shop) as connection:
            count = sum(_expire(connection, record, which) for record, which in _due(shop, clock, before))
        if count:
            self._records.off_the_disk()
        return count

    def find_anew(self, renew: Callable[[], None]) -> None:
        self._records.find_anew(renew)

    def _find(self, shop: str, subject: str) -> Whose | None:
        with self._records.connected() as connection:
            return whose.find(connection, shop, subject)

    def _gone(self, shop: str, record: type[Record], number: str) -> bool:
        table = TABLES[record]
        here = and_(table.c.shop == shop, table.c[SHAPES[record].key_columns()[0]] == number)
        with self._records.connected() as connection:
            return connection.execute(select(table.c.sealed).where(here)).scalar() == sealing.GONE


def _due(shop: str, clock: str, before: datetime) -> Iterator[tuple[type[Record], ColumnElement[bool]]]:
    """`before` is in UTC. Rows of orders are due with their order, so they come before it."""
    at = before.astimezone(UTC).replace(tzinfo=None)
    o = TABLES[Order].c
    ended = and_(
        o.shop == shop,
        o.state.in_(_ENDED),
        func.coalesce(o.closed_at, o.received_at, o.shipped_at, o.created_at) < at,
    )
    ended_orders = select(o.order_no).where(ended)
    if clock == "contact":
        for record in (Line, Return):
            yield record, _personal(shop, record, TABLES[record].c.order_no.in_(ended_orders))
        parcels = select(TABLES[Shipment].c.tracking_no).where(
            TABLES[Shipment].c.shop == shop, TABLES[Shipment].c.order_no.in_(ended_orders)
        )
        yield ShipmentEvent, _personal(shop, ShipmentEvent, TABLES[ShipmentEvent].c.tracking_no.in_(parcels))
        c, theirs = TABLES[Customer].c, TABLES[Order].alias()
        bought = and_(theirs.c.shop == shop, theirs.c.customer_id == c.customer_id)
        lately = and_(
            bought,
            or_(theirs.c.created_at.is_(None), theirs.c.created_at >= at, theirs.c.state.not_in(_ENDED)),
        )
        yield Customer, _personal(shop, Customer, and_(exists().where(bought), ~exists().where(lately)))
        yield Order, _personal(shop, Order, ended)
    elif clock == "invoice":
        i = TABLES[InvoiceRequest].c
        yield InvoiceRequest, _personal(shop, InvoiceRequest, func.coalesce(i.issued_at, i.requested_at) < at)
    elif clock == "conversation":
        yield Said, _personal(shop, Said, TABLES[Said].c.at < at)


def _personal(shop: str, record: type[Record], which: ColumnElement[bool]) -> ColumnElement[bool]:
    table = TABLES[record]
    return and_(table.c.shop == shop, table.c.sealed.is_not(None), table.c.sealed != sealing.GONE, which)


def _expire(connection: Connection, record: type[Record], which: ColumnElement[bool]) -> int:
    new: dict[str, Any] = dict.fromkeys((column for column, _ in SHAPES[record].finders), None)
    return connection.execute(
        update(TABLES[record]).where(which).values(new | {"sealed": sealing.GONE})
    ).rowcount
