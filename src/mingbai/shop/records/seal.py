"""Rows that lie in clear are sealed when their database is opened with keys, and what lay in clear is wiped.

Such rows are those of an older program (migration 0003), or of a home that was opened without a vault. Rows are found anew,
too: after the vault's key for finders was renewed. Done when it ends: a kill half-way leaves the note of it, and the next
opening goes on.
"""

from __future__ import annotations

from contextlib import closing
from typing import Any

from sqlalchemy import Engine, delete, func, insert, select, text, tuple_, update

from mingbai.shop.records import bulk, database, sealed_actions, sealing
from mingbai.shop.records.shape import SHAPES, Shape
from mingbai.shop.records.tables import ACTIONS, IN_CLEAR, TABLES, TENANTS

PAGE = 2000


def note_in_clear(connection: Any) -> None:
    """That this transaction leaves rows in clear."""
    if connection.execute(select(func.count()).select_from(IN_CLEAR)).scalar_one() == 0:
        connection.execute(insert(IN_CLEAR).values(since=func.current_timestamp()))


def all_rows(engine: Engine) -> int:
    """How many rows were sealed, or given finders anew; 0 and at once where there is nothing to do."""
    with database.reading(engine) as connection:
        if connection.execute(select(func.count()).select_from(IN_CLEAR)).scalar_one() == 0:
            return 0
        shops = list(connection.execute(select(TENANTS.c.shop)).scalars())
    count = 0
    for shop in shops:
        with database.writing(engine, shop) as connection:
            for shape in SHAPES.values():
                if shape.personal:
                    count += _kind(connection, shop, shape)
                if shape.finders:
                    _find_anew(connection, shop, shape)
            count += _actions(connection, shop)
    if wipe(engine):  # else the next opening does it
        with database.writing(engine, "seal") as connection:
            connection.execute(delete(IN_CLEAR))
    return count


def wipe(engine: Engine) -> bool:
    """What was overwritten or deleted leaves the files, too: free pages, old versions of rows, the write-ahead log. False
    when a reader of another process held them."""
    if engine.dialect.name == "postgresql":
        with database.told(), engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            for table in (*TABLES.values(), ACTIONS):
                connection.execute(text(f"VACUUM FULL {table.name}"))
        return True
    with database.told(), closing(engine.raw_connection()) as raw:  # SQLAlchemy would begin a transaction
        raw.cursor().execute("VACUUM")
    return database.checkpoint(engine)


def _kind(connection: Any, shop: str, shape: Shape) -> int:
    table, key = TABLES[shape.record], shape.key_columns()
    keys, columns = [table.c[c] for c in key], sealing.read_columns(shape)
    query = select(*(table.c[c] for c in columns)).where(
        table.c.shop == shop, func.substr(table.c.sealed, 1, 1) == sealing.CLEAR
    )
    count, after = 0, None
    while True:
        page = connection.execute(
            (query if after is None else query.where(tuple_(*keys) > after)).order_by(*keys).limit(PAGE)
        ).all()
        if page:
            whole = [values for values, _ in sealing.take_out(connection, shop, shape, page)]
            stored = sealing.put_away(connection, shop, shape, whole, [False] * len(whole))
            places = [
                n for n, name in enumerate(sealing.stored_columns(shape)) if name not in shape.kept_columns
            ]
            names = (*key, *(sealing.stored_columns(shape)[n] for n in places), "shop")
            new = [
                (*shape.key_values(values), *(row[n] for n in places), shop)
                for values, row in zip(whole, stored, strict=True)
            ]
            bulk.change(connection, table, names, ("shop", *key), new)
            after = shape.key_values(whole[-1])
        count += len(page)
        if len(page) < PAGE:
            return count


def _find_anew(connection: Any, shop: str, shape: Shape) -> None:
    """The finders of every row by the key that `look_up` has now."""
    table, key = TABLES[shape.record], shape.key_columns()
    keys, columns, finders = (
        [table.c[c] for c in key],
        sealing.read_columns(shape),
        [n for n, _ in shape.finders],
    )
    query = select(*(table.c[c] for c in columns)).where(table.c.shop == shop, table.c.sealed.is_not(None))
    after = None
    while True:
        page = connection.execute(
            (query if after is None else query.where(tuple_(*keys) > after)).order_by(*keys).limit(PAGE)
        ).all()
        whole = [values for values, _ in sealing.take_out(connection, shop, shape, page)]
        found = [(*shape.key_values(row), *sealing.finders(connection, shape, row), shop) for row in whole]
        bulk.change(connection, table, (*key, *finders, "shop"), ("shop", *key), found)
        if len(page) < PAGE:
            return
        after = shape.key_values(whole[-1])


def _actions(connection: Any, shop: str) -> int:
    rows = connection.execute(
        select(ACTIONS.c.action_no, ACTIONS.c.order_no, ACTIONS.c.sealed).where(
            ACTIONS.c.shop == shop, func.substr(ACTIONS.c.sealed, 1, 1) == sealing.CLEAR
        )
    ).all()
    for number, order_no, blob in rows:
        sealed = sealed_actions.put_away(connection, shop, number, order_no, bytes(blob)[1:])
        connection.execute(
            update(ACTIONS).where(ACTIONS.c.shop == shop, ACTIONS.c.action_no == number).values(sealed=sealed)
        )
    return len(rows)
