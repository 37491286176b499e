"""Rows into the database: compare with what is there, add what is new, change what differs, note each change.

Works in chunks: one question for the rows that are there, one insert, one update. A row whose person was erased stays
without what was personal, whatever a file says again of it; a new row of theirs is a new matter.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal, TypeAlias, TypeVar

from sqlalchemy import Connection, delete, func, select

from mingbai.shop.records import bulk, owners, sealing
from mingbai.shop.records import moved as moved_rows
from mingbai.shop.records.shape import SHAPES, Key, Shape, Values
from mingbai.shop.records.tables import CHANGES, TABLES, TENANTS
from mingbai.shop.records.words import refuse_unkeepable
from mingbai.values.errors import BadInput, Text
from mingbai.values.records import KINDS, Customer, Origin, Record, Shop, Sourced

Verdict: TypeAlias = Literal["taken", "changed", "unchanged"]
CHUNK = 1000  # rows; four key columns of it stay under SQLite's 32,766 variables

_KINDS = [record for _, record, _ in KINDS]

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
    bulk.put(connection, TENANTS, ("shop",), ("shop",), [(shop,)])
    places: dict[type[Record], list[int]] = {}
    for place, row in enumerate(rows):
        places.setdefault(type(row.record), []).append(place)
    outcomes: dict[int, Outcome] = {}
    changed_hands: moved_rows.Moved = defaultdict(list)
    seq = last_seq(connection, shop)
    for record in sorted(
        places, key=_KINDS.index
    ):  # orders before their lines: then it is known whose these are
        at = places[record]
        shape = SHAPES[record]
        for chunk in _chunks(at, CHUNK):
            taken = _take_chunk(connection, shop, shape, [rows[place] for place in chunk], changed_hands)
            outcomes.update(zip(chunk, taken, strict=True))
            moved = dict.fromkeys(o.key for o in taken if o.verdict != "unchanged")
            _note(connection, shop, shape.kind, moved, seq)
            seq += len(moved)
    moved_rows.follow(connection, shop, changed_hands)
    return [outcomes[place] for place in range(len(rows))]


def _take_chunk(
    connection: Connection, shop: str, shape: Shape, rows: Sequence[Sourced], changed_hands: moved_rows.Moved
) -> list[Outcome]:
    table, key_columns = TABLES[shape.record], shape.key_columns()
    fresh = [_values(shop, shape, row) for row in rows]
    refuse_unkeepable(shape, fresh, rows)
    keys = list(dict.fromkeys(map(shape.key_values, fresh)))
    found = list(bulk.find(connection, shop, table, sealing.read_columns(shape), key_columns, keys))
    there, gone = {}, set()
    for values, erased in sealing.take_out(connection, shop, shape, found):
        there[shape.key_values(values)] = values
        if erased:
            gone.add(shape.key_values(values))
    now = dict(there)
    former = _erased_customers(connection, shop, shape, [key for key in keys if key not in there])
    origins: dict[Values, Origin] = {}
    outcomes = []
    for row, values in zip(rows, fresh, strict=True):
        key = shape.key_values(values)
        if key in former:
            outcomes.append(Outcome(shape.kind, shape.key_texts(key), "unchanged", row.origin))
            continue
        old = now.get(key)
        new = values if old is None else _merged(shape, old, values, row.given)
        if key in gone:
            new = _without_person(shape, new, there[key])
        verdict: Verdict = "taken" if old is None else "unchanged" if new == old else "changed"
        if verdict != "unchanged":
            now[key], origins[key] = new, row.origin
        outcomes.append(Outcome(shape.kind, shape.key_texts(key), verdict, row.origin))
    names = (*(n for n in sealing.stored_columns(shape) if n != "shop"), "shop", "file", "sheet", "line")
    moved = [k for k in origins if k not in there or now[k] != there[k]]
    stored = sealing.put_away(connection, shop, shape, [now[k] for k in moved], [k in gone for k in moved])
    rows_of = {k: _row(shop, shape, row, origins[k]) for k, row in zip(moved, stored, strict=True)}
    bulk.add(connection, table, names, [row for k, row in rows_of.items() if k not in there])
    changed = [row for k, row in rows_of.items() if k in there]
    bulk.change(connection, table, names, tuple({"shop", *key_columns}), changed)
    moved_rows.note(changed_hands, shape, there, now)
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


def _without_person(shape: Shape, new: Values, old: Values) -> Values:
    """Also not under their name again, where a pseudonym stands."""
    fixed = [shape.columns.index("customer_id")] if "customer_id" in shape.columns else []
    return tuple(
        old[i] if i in fixed else shape.blank[i] if i in shape.personal else value
        for i, value in enumerate(new)
    )


def _erased_customers(connection: Connection, shop: str, shape: Shape, keys: Sequence[Values]) -> set[Values]:
    """Of customers that are new here, those that were erased and have not bought anything since: an old file names them."""
    if shape.record is not Customer:
        return set()
    names = {key: owners.person(shop, "customer", str(key[0])) for key in keys}
    erased = sealing.of(connection).erased(list(names.values()))
    return {key for key, name in names.items() if name in erased}


def _row(shop: str, shape: Shape, values: Values, origin: Origin) -> Values:
    own = values[1:] if shape.record is Shop else values  # a Shop's own column is the one that all rows have
    return (*own, shop, origin.file, origin.sheet, origin.line)


def remove(connection: Connection, shop: str, shape: Shape, key: Values) -> bool:
    """True if the row was there."""
    table = TABLES[shape.record]
    columns = zip(shape.key_columns(), key, strict=True)
    gone = connection.execute(
        delete(table).where(table.c.shop == shop, *(table.c[name] == value for name, value in columns))
    )
    if not gone.rowcount:
        return False
    _note(connection, shop, shape.kind, [shape.key_texts(key)], last_seq(connection, shop))
    return True


def note_changes(connection: Connection, shop: str, kind: str, keys: Iterable[Key]) -> None:
    """For rows that were changed by other means than `take`."""
    _note(connection, shop, kind, keys, last_seq(connection, shop))


def _note(connection: Connection, shop: str, kind: str, keys: Iterable[Key], after: int) -> None:
    """The newest change of each row, numbered from `after` + 1; what was noted of it before is replaced."""
    noted = [
        (shop, kind, json.dumps(key, ensure_ascii=False), seq) for seq, key in enumerate(keys, after + 1)
    ]
    bulk.put(connection, CHANGES, ("shop", "kind", "key", "seq"), ("shop", "kind", "key"), noted)


def last_seq(connection: Connection, shop: str) -> int:
    """The newest change's number, 0 when there was none. It is never given twice: a removed row leaves its own."""
    return connection.execute(select(func.max(CHANGES.c.seq)).where(CHANGES.c.shop == shop)).scalar() or 0


def _chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    left = iter(items)
    while chunk := list(islice(left, size)):
        yield chunk
