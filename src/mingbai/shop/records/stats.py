"""What a shop holds, in numbers: rows by kind, orders by state, from when to when, and the files they came from."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from mingbai.shop.records import times
from mingbai.shop.records.shape import SHAPES
from mingbai.shop.records.tables import TABLES
from mingbai.values.records import Order


@dataclass(frozen=True, slots=True)
class Stats:
    """Only kinds, states and files that have rows. Times are None where no order has one."""

    shop: str
    rows: dict[str, int]
    orders_by_state: dict[str, int]
    first_order_at: datetime | None
    last_order_at: datetime | None
    files: dict[str, int]


def of(connection: Connection, shop: str) -> Stats:
    rows: dict[str, int] = {}
    files: Counter[str] = Counter()
    for record, shape in SHAPES.items():
        table = TABLES[record]
        counted = select(table.c.file, func.count()).where(table.c.shop == shop).group_by(table.c.file)
        by_file = {file: int(count) for file, count in connection.execute(counted)}
        files.update(by_file)
        if by_file:
            rows[shape.kind] = sum(by_file.values())
    orders = TABLES[Order]
    states = select(orders.c.state, func.count()).where(orders.c.shop == shop).group_by(orders.c.state)
    return Stats(
        shop,
        rows,
        {state: int(count) for state, count in connection.execute(states.order_by(orders.c.state))},
        _order_at(connection, shop, newest=False),
        _order_at(connection, shop, newest=True),
        dict(sorted(files.items())),
    )


def _order_at(connection: Connection, shop: str, *, newest: bool) -> datetime | None:
    orders = TABLES[Order]
    at, offset = orders.c.created_at, orders.c.created_at_offset
    query = select(at, offset).where(orders.c.shop == shop, at.is_not(None))
    found = connection.execute(query.order_by(at.desc() if newest else at).limit(1)).first()
    return None if found is None else times.from_columns(*found)
