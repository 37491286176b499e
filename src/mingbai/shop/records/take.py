"""Rows into the database: compare with what is there, insert what is new, update what differs, note each change.

Works in chunks: one query for the rows that are there, one insert, one update; never a statement per row.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal, TypeAlias, TypeVar

from sqlalchemy import (
    Connection,
    Insert,
    Table,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from mingbai.shop.records.shape import SHAPES, Key, Shape, Values
from mingbai.shop.records.tables import CHANGES, TABLES, TENANTS
from mingbai.shop.records.words import refuse_unkeepable
from mingbai.values.errors import BadInput, Text
from mingbai.values.records import Origin, Record, Shop, Sourced

Verdict: TypeAlias = Literal["taken", "changed", "unchanged"]
CHUNK = 1000  # rows; three key columns of it stay under SQLite's 32,766 variables

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row. `key` holds the key's fields as texts; a time is said in UTC."""

    kind: str
    key: Key
    verdict: Verdict
    origin: Origin


def take(connection: Connection, shop: str, rows: Sequence[Sourced]) -> list[Outcome]:
    """Outcomes in the order of `rows`. A key that comes twice is compared with what its first row left."""
    connection.execute(_or_nothing(connection, TENANTS), {"shop": shop})
    places: dict[type[Record], list[int]] = {}
    for place, row in enumerate(rows):
        places.setdefault(type(row.record), []).append(place)
    outcomes: dict[int, Outcome] = {}
    seq = _last_seq(connection, shop)
    for record, at in places.items():
        shape = SHAPES[record]
        for chunk in chunks(at, CHUNK):
            taken = _take_chunk(connection, shop, shape, [rows[place] for place in chunk])
            outcomes.update(zip(chunk, taken, strict=True))
            moved = dict.fromkeys(o.key for o in taken if o.verdict != "unchanged")
            note(connection, shop, shape.kind, moved, seq)
            seq += len(moved)
    return [outcomes[place] for place in range(len(rows))]


def _take_chunk(connection: Connection, shop: str, shape: Shape, rows: Sequence[Sourced]) -> list[Outcome]:
    fresh = [_values(shop, shape, row) for row in rows]
    refuse_unkeepable(shape, fresh, rows)
    keys = list(dict.fromkeys(shape.key_values(values) for values in fresh))
    there = _there(connection, shop, shape, keys)
    now = dict(there)
    origins: dict[Values, Origin] = {}
    outcomes = []
    for row, values in zip(rows, fresh, strict=True):
        key = shape.key_values(values)
        old = now.get(key)
        new = values if old is None else _merged(shape, old, values, row.given)
        verdict: Verdict = "taken" if old is None else "unchanged" if new == old else "changed"
        if verdict != "unchanged":
            now[key], origins[key] = new, row.origin
        outcomes.append(Outcome(shape.kind, shape.key_of(values), verdict, row.origin))
    table = TABLES[shape.record]
    inserts = [_bound(shop, shape, now[key], origins[key]) for key in origins if key not in there]
    updates = [
        {**_bound(shop, shape, now[key], origins[key]), **_named(shop, shape, key)}
        for key in origins
        if key in there and now[key] != there[key]
    ]
    if inserts:
        connection.execute(insert(table), inserts)
    if updates:
        connection.execute(_update(table, shape), updates)
    return outcomes


def _values(shop: str, shape: Shape, row: Sourced) -> Values:
    if isinstance(row.record, Shop) and row.record.shop != shop:
        raise BadInput(
            Text(
                f"{row.origin.file} 第 {row.origin.line} 行写的店铺是 {row.record.shop}，不是 {shop}。",
                f"Line {row.origin.line} of {row.origin.file} is of the shop {row.record.shop}, not {shop}.",
            ),
            Text("用 --shop 指明店铺，或改正文件。", "Name the shop with --shop, or correct the file."),
        )
    if row.given is not None and not row.given <= shape.spans.keys():
        raise TypeError(f"a {shape.kind} has no {', '.join(sorted(row.given - shape.spans.keys()))}")
    return shape.values(row.record)


def _merged(shape: Shape, old: Values, new: Values, given: frozenset[str] | None) -> Values:
    if given is None:
        return new
    merged = list(old)
    for name in given:
        i, j = shape.spans[name]
        merged[i:j] = new[i:j]
    return tuple(merged)


def _there(connection: Connection, shop: str, shape: Shape, keys: Sequence[Values]) -> dict[Values, Values]:
    table = TABLES[shape.record]
    query = select(*(table.c[name] for name in shape.columns)).where(
        table.c.shop == shop, key_in(table, shape.key_columns(), keys)
    )
    found = (tuple(row) for row in connection.execute(query))
    return {shape.key_values(values): values for values in found}


def key_in(table: Table, columns: Sequence[str], keys: Sequence[Values]) -> Any:
    """The condition that a row's key is one of `keys`."""
    if len(columns) == 1:
        return table.c[columns[0]].in_([key[0] for key in keys])
    return tuple_(*(table.c[name] for name in columns)).in_(keys)


def _bound(shop: str, shape: Shape, values: Values, origin: Origin) -> dict[str, Any]:
    row: dict[str, Any] = dict(zip(shape.columns, values, strict=True))
    row.update(shop=shop, file=origin.file, sheet=origin.sheet, line=origin.line)
    return row


def _named(shop: str, shape: Shape, key: Values) -> dict[str, Any]:
    named = {f"key_{name}": value for name, value in zip(shape.key_columns(), key, strict=True)}
    return {**named, "key_shop": shop}


def _update(table: Table, shape: Shape) -> Any:
    keyed = and_(*(table.c[name] == bindparam(f"key_{name}") for name in {"shop", *shape.key_columns()}))
    keys = {"shop", *shape.key_columns()}
    return (
        update(table)
        .where(keyed)
        .values({c.name: bindparam(c.name) for c in table.columns if c.name not in keys})
    )


def remove(connection: Connection, shop: str, shape: Shape, key: Values) -> bool:
    """True if the row was there."""
    table = TABLES[shape.record]
    columns = zip(shape.key_columns(), key, strict=True)
    gone = connection.execute(
        delete(table).where(table.c.shop == shop, *(table.c[name] == value for name, value in columns))
    )
    if not gone.rowcount:
        return False
    note(connection, shop, shape.kind, [shape.key_texts(key)], _last_seq(connection, shop))
    return True


def note(connection: Connection, shop: str, kind: str, keys: Iterable[Key], after: int) -> None:
    """The newest change of each row, numbered from `after` + 1; what was noted of it before is replaced."""
    noted = [
        {"shop": shop, "kind": kind, "key": json.dumps(key, ensure_ascii=False), "seq": seq}
        for seq, key in enumerate(keys, after + 1)
    ]
    if noted:
        connection.execute(_newest(connection), noted)


def _last_seq(connection: Connection, shop: str) -> int:
    return connection.execute(select(func.max(CHANGES.c.seq)).where(CHANGES.c.shop == shop)).scalar() or 0


def _newest(connection: Connection) -> Insert:
    if connection.dialect.name == "postgresql":
        one = postgresql.insert(CHANGES)
        return one.on_conflict_do_update(
            index_elements=["shop", "kind", "key"], set_={"seq": one.excluded.seq}
        )
    other = sqlite.insert(CHANGES)
    return other.on_conflict_do_update(
        index_elements=["shop", "kind", "key"], set_={"seq": other.excluded.seq}
    )


def _or_nothing(connection: Connection, table: Table) -> Insert:
    made = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    return made(table).on_conflict_do_nothing()


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    left = iter(items)
    while chunk := list(islice(left, size)):
        yield chunk
