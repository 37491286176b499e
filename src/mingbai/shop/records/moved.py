"""Rows whose person changed because a row that they hang on did: sealed anew, under the key of whose they are now.

An order gets another customer, a parcel another order, a conversation its customer: their lines, scans and messages follow.
Else an erasure of the new person would leave them readable, and one of the former take what is not theirs. What was erased
stays so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from sqlalchemy import ColumnElement, Connection, select, update

from mingbai.shop.records import bulk, sealed_actions, sealing
from mingbai.shop.records.shape import SHAPES, Shape, Values
from mingbai.shop.records.tables import ACTIONS, TABLES
from mingbai.values.records import (
    Conversation,
    InvoiceRequest,
    Line,
    Order,
    Record,
    Return,
    Said,
    Shipment,
    ShipmentEvent,
)

AT_ONCE = 500
# Of each kind on which others hang: the column of its number, and those that say whose it is.
_SAYS: dict[type[Record], tuple[str, tuple[str, ...]]] = {
    Order: ("order_no", ("customer_id",)), Shipment: ("tracking_no", ("order_no",)),
    Conversation: ("conversation_no", ("customer_id", "order_no")),
}  # fmt: skip
Moved: TypeAlias = defaultdict[type[Record], list[str]]


def note(moved: Moved, shape: Shape, there: Mapping[Values, Values], now: Mapping[Values, Values]) -> None:
    """Which rows of a chunk say anew whose they are."""
    if shape.record not in _SAYS:
        return
    number, columns = _SAYS[shape.record]
    at = shape.columns.index(number)
    says = [shape.columns.index(name) for name in columns]
    moved[shape.record] += [
        str(old[at]) for key, old in there.items() if any(old[i] != now[key][i] for i in says)
    ]


def follow(connection: Connection, shop: str, moved: Moved) -> None:
    """Seal anew what hangs on them."""
    for record, numbers in moved.items():
        for at in range(0, len(numbers), AT_ONCE):
            some = numbers[at : at + AT_ONCE]
            for kind, theirs in _hanging(record, shop, some):
                _again(connection, shop, SHAPES[kind], theirs)
            if record is Order:
                _actions(connection, shop, some)


def _hanging(
    record: type[Record], shop: str, numbers: Sequence[str]
) -> Iterator[tuple[type[Record], ColumnElement[bool]]]:
    parcels, talks = TABLES[Shipment].c, TABLES[Conversation].c
    events, said = TABLES[ShipmentEvent].c, TABLES[Said].c
    if record is Shipment:
        yield ShipmentEvent, events.tracking_no.in_(numbers)
    elif record is Conversation:
        yield Said, said.conversation_no.in_(numbers)
    else:
        for kind in (Line, Shipment, Return, InvoiceRequest, Conversation):
            yield kind, TABLES[kind].c.order_no.in_(numbers)
        carried = select(parcels.tracking_no).where(parcels.shop == shop, parcels.order_no.in_(numbers))
        yield ShipmentEvent, events.tracking_no.in_(carried)
        spoken = select(talks.conversation_no).where(talks.shop == shop, talks.order_no.in_(numbers))
        yield Said, said.conversation_no.in_(spoken)


def _again(connection: Connection, shop: str, shape: Shape, theirs: ColumnElement[bool]) -> None:
    if not shape.personal:
        return
    table, columns = TABLES[shape.record], sealing.read_columns(shape)
    here = (table.c.shop == shop, table.c.sealed.is_not(None), theirs)
    found = connection.execute(select(*(table.c[name] for name in columns)).where(*here)).all()
    whole = [values for values, erased in sealing.take_out(connection, shop, shape, found) if not erased]
    stored = sealing.put_away(connection, shop, shape, whole, [False] * len(whole))
    key = shape.key_columns()
    rows = [
        (*shape.key_values(values), row[-1], shop) for values, row in zip(whole, stored, strict=True)
    ]  # the blob stands last
    bulk.change(connection, table, (*key, "sealed", "shop"), ("shop", *key), rows)


def _actions(connection: Connection, shop: str, orders: Sequence[str]) -> None:
    here = (ACTIONS.c.shop == shop, ACTIONS.c.order_no.in_(orders))
    for number, order, blob in connection.execute(
        select(ACTIONS.c.action_no, ACTIONS.c.order_no, ACTIONS.c.sealed).where(*here)
    ).all():
        plain = sealed_actions.in_clear(connection, shop, number, blob)
        if plain is not None:
            sealed = sealed_actions.put_away(connection, shop, number, order, plain)
            connection.execute(
                update(ACTIONS)
                .where(ACTIONS.c.shop == shop, ACTIONS.c.action_no == number)
                .values(sealed=sealed)
            )
