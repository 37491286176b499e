"""Questions to one state of the database. Every one names its shop; there is no way to ask without."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, func, select, tuple_

from mingbai.shop.records import sealing, stats
from mingbai.shop.records.shape import SHAPES, Key, KeyPart, Shape
from mingbai.shop.records.stats import Stats
from mingbai.shop.records.tables import CHANGES, TABLES, TENANTS
from mingbai.shop.records.take import last_seq
from mingbai.shop.records.whose import Whose
from mingbai.values.records import Customer, Line, Order, Origin, Record, Shipment, Sourced, Variant

PAGE = 1000

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Change:
    """That a row was taken, changed or removed. `records.get(shop, record, *key)` is what it is now, or None."""

    kind: str
    record: type[Record]
    key: Key
    seq: int


class Reader:
    """Reads within one transaction, so that orders and their lines are of the same moment."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def shops(self) -> list[str]:
        return list(self._connection.execute(select(TENANTS.c.shop).order_by(TENANTS.c.shop)).scalars())

    def get(self, shop: str, record: type[Record], *key: KeyPart) -> Sourced | None:
        """The row with this key, byte-equal. A time of a key may be text or a datetime in any zone."""
        shape, table = SHAPES[record], TABLES[record]
        columns = zip(shape.key_columns(), shape.key_asked(key), strict=True)
        query = _select(shape, shop).where(*(table.c[name] == value for name, value in columns))
        return next(self._sourced(shop, shape, self._connection.execute(query).all()), None)

    def rows(self, shop: str, record: type[Record], **equal: str | int | bool) -> Iterator[Sourced]:
        """In the order of their keys; `equal` names columns and what they must hold: `rows(s, Line, order_no=n)`."""
        table = TABLES[record]
        if unknown := equal.keys() - set(table.columns.keys()):
            raise TypeError(f"{table.name} has no column {', '.join(sorted(unknown))}")
        return self._pages(shop, record, *(table.c[name] == value for name, value in equal.items()))

    def count(self, shop: str, record: type[Record]) -> int:
        table = TABLES[record]
        counted = self._connection.execute(
            select(func.count()).select_from(table).where(table.c.shop == shop)
        )
        return int(counted.scalar_one())

    def changes(self, shop: str, after: int = 0) -> Iterator[Change]:
        """What changed since `after` (the `seq` a caller saw last), oldest first; each row once, its newest change."""
        while True:
            page = self._connection.execute(
                select(CHANGES.c.kind, CHANGES.c.key, CHANGES.c.seq)
                .where(CHANGES.c.shop == shop, CHANGES.c.seq > after)
                .order_by(CHANGES.c.seq)
                .limit(PAGE)
            ).all()
            for kind, key, seq in page:
                yield Change(kind, _RECORDS[kind], tuple(json.loads(key)), seq)
            if len(page) < PAGE:
                return
            after = page[-1].seq

    def last_seq(self, shop: str) -> int:
        return last_seq(self._connection, shop)

    def orders_by_phone_tail(self, shop: str, tail: str) -> list[Sourced]:
        """By the last four digits of the recipient's phone, or its virtual extension; where the order has no phone,
        by the customer's."""
        orders, customers = TABLES[Order], TABLES[Customer]
        # One question for each index, and none for an order: an "or" and an "order by" keep SQLite from the right one.
        found: list[Sourced] = []
        for end in ("phone_tail", "phone_extension"):
            ends = sealing.of(self._connection).look_up(sealing.finds(end), tail)
            known = select(customers.c.customer_id).where(customers.c.shop == shop, customers.c[end] == ends)
            found += self._unordered(shop, Order, orders.c[end] == ends)
            theirs = self._unordered(shop, Order, orders.c.customer_id.in_(known))
            found += [row for row in theirs if isinstance(row.record, Order) and row.record.phone is None]
        numbered = {row.record.order_no: row for row in found if isinstance(row.record, Order)}
        return [numbered[number] for number in sorted(numbered)]

    def orders_by_tracking_no(self, shop: str, tracking_no: str) -> list[Sourced]:
        orders, shipments = TABLES[Order], TABLES[Shipment]
        sent = select(shipments.c.order_no).where(
            shipments.c.shop == shop, shipments.c.tracking_no == tracking_no
        )
        return list(self._pages(shop, Order, orders.c.order_no.in_(sent)))

    def orders_by_customer(self, shop: str, customer_id: str) -> list[Sourced]:
        return list(self.rows(shop, Order, customer_id=customer_id))

    def variants_by_code(self, shop: str, code: str) -> list[Sourced]:
        """By SKU; by barcode when no SKU is that (several variants may carry one barcode)."""
        if (one := self.get(shop, Variant, code)) is not None:
            return [one]
        return list(self.rows(shop, Variant, barcode=code)) if code else []

    def of_person(self, shop: str, record: type[Record], whose: Whose) -> list[Sourced]:
        """The rows of this kind that belong to somebody."""
        return list(self._pages(shop, record, whose.condition(record)))

    def orders_by_sku(self, shop: str, sku: str, *, most: int = 20) -> list[Sourced]:
        """Orders with a line of this SKU, those with the highest numbers: also of what the catalogue no longer has."""
        if not sku:
            return []
        orders, lines = TABLES[Order], TABLES[Line]
        sold = (
            select(lines.c.order_no)
            .where(lines.c.shop == shop, lines.c.sku == sku)
            .distinct()
            .order_by(lines.c.order_no.desc())
            .limit(most)
        )
        return list(self._pages(shop, Order, orders.c.order_no.in_(sold)))

    def stats(self, shop: str) -> Stats:
        return stats.of(self._connection, shop)

    def _unordered(self, shop: str, record: type[Record], *conditions: ColumnElement[bool]) -> list[Sourced]:
        shape = SHAPES[record]
        rows = self._connection.execute(_select(shape, shop).where(*conditions))
        return list(self._sourced(shop, shape, rows.all()))

    def _pages(self, shop: str, record: type[Record], *conditions: ColumnElement[bool]) -> Iterator[Sourced]:
        shape, table = SHAPES[record], TABLES[record]
        keys = [table.c[name] for name in shape.key_columns()]
        query = _select(shape, shop).where(*conditions).order_by(*keys).limit(PAGE)
        after: tuple[Any, ...] | None = None
        while True:
            page = self._connection.execute(
                query if after is None else query.where(_beyond(keys, after))
            ).all()
            yield from self._sourced(shop, shape, page)
            if len(page) < PAGE:
                return
            after = tuple(page[-1][shape.kept.index(i)] for i in shape.key)

    def _sourced(self, shop: str, shape: Shape, rows: Sequence[Any]) -> Iterator[Sourced]:
        whole = sealing.take_out(self._connection, shop, shape, [row[:-3] for row in rows])
        return (
            Sourced(shape.record_of(values), Origin(*row[-3:]))
            for (values, _), row in zip(whole, rows, strict=True)
        )


def _beyond(keys: list[Any], after: tuple[Any, ...]) -> ColumnElement[bool]:
    return keys[0] > after[0] if len(keys) == 1 else tuple_(*keys) > after


def _select(shape: Shape, shop: str) -> Select[Any]:
    table = TABLES[shape.record]
    columns = [table.c[name] for name in sealing.read_columns(shape)]
    return select(*columns, table.c.file, table.c.line, table.c.sheet).where(table.c.shop == shop)


_RECORDS = {shape.kind: record for record, shape in SHAPES.items()}
