"""Many rows in one statement, for either server: find by key, insert, update, upsert.

SQLite is quick at one prepared statement for each row. PostgreSQL is not, and its driver is slow at a statement with
ten thousand parameters: it gets one array per column, and unnests them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ARRAY, Column, Connection, Table, and_, bindparam, func, insert, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.selectable import TableValuedAlias

Row = tuple[Any, ...]


def find(
    connection: Connection,
    shop: str,
    table: Table,
    names: Sequence[str],
    key: Sequence[str],
    keys: Sequence[Row],
) -> Iterable[Row]:
    """The columns `names` of the shop's rows whose `key` columns are one of `keys`."""
    columns = [table.c[name] for name in key]
    wanted: Any
    if _arrays(connection):
        wanted = tuple_(*columns).in_(select(*_unnested(columns, keys).c))
    elif len(columns) == 1:
        wanted = columns[0].in_([part for (part,) in keys])
    else:
        wanted = tuple_(*columns).in_(keys)
    query = select(*(table.c[name] for name in names)).where(table.c.shop == shop, wanted)
    return (tuple(row) for row in connection.execute(query))


def add(connection: Connection, table: Table, names: Sequence[str], rows: Sequence[Row]) -> None:
    if not rows:
        return
    if _arrays(connection):
        columns = [table.c[name] for name in names]
        connection.execute(insert(table).from_select(names, select(*_unnested(columns, rows).c)))
    else:
        connection.execute(insert(table), _named(names, rows))


def change(
    connection: Connection, table: Table, names: Sequence[str], key: Sequence[str], rows: Sequence[Row]
) -> None:
    """Sets every column of `names` but the key, where the columns of `key` are as in the row."""
    if not rows:
        return
    rest = [name for name in names if name not in key]
    if _arrays(connection):
        new = _unnested([table.c[name] for name in names], rows)
        here = and_(*(table.c[name] == new.c[name] for name in key))
        connection.execute(update(table).where(here).values({name: new.c[name] for name in rest}))
    else:
        here = and_(*(table.c[name] == bindparam(f"key_{name}") for name in key))
        one = update(table).where(here).values({name: bindparam(name) for name in rest})
        named = [f"key_{name}" if name in key else name for name in names]
        connection.execute(one, _named(named, rows))


def put(
    connection: Connection, table: Table, names: Sequence[str], key: Sequence[str], rows: Sequence[Row]
) -> None:
    """Inserts; where the key is there already, sets the other columns."""
    if not rows:
        return
    rest = [name for name in names if name not in key]
    if _arrays(connection):
        columns = [table.c[name] for name in names]
        many = postgresql.insert(table).from_select(names, select(*_unnested(columns, rows).c))
        connection.execute(_over(many, key, rest))
    else:
        connection.execute(_over(sqlite.insert(table), key, rest), _named(names, rows))


def _over(statement: Any, key: Sequence[str], rest: Sequence[str]) -> Any:
    if not rest:
        return statement.on_conflict_do_nothing(index_elements=key)
    news = {name: statement.excluded[name] for name in rest}
    return statement.on_conflict_do_update(index_elements=key, set_=news)


def _arrays(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def _unnested(columns: Sequence[Column[Any]], rows: Sequence[Row]) -> TableValuedAlias:
    arrays = [
        bindparam(None, list(values), type_=ARRAY(column.type))
        for column, values in zip(columns, zip(*rows, strict=True), strict=True)
    ]
    named = [Column(column.name, column.type) for column in columns]
    return func.unnest(*arrays).table_valued(*named).render_derived()


def _named(names: Sequence[str], rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [dict(zip(names, row, strict=True)) for row in rows]
