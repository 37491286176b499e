"""Personal fields of rows, put away under the key of the person they belong to, and opened again.

One blob a row (`sealed`), bound to its shop, kind and key: moved to another row it does not open. What was erased reads as
if it had never been given, and stays so: a file that is imported again does not bring it back (see take.py).
Who keeps the keys is known to `cli/assemble.py` alone; it travels with the database's engine.

Not covered: keys of rows (order, tracking and customer numbers), states, sums and times stand in clear, so that they can be
searched, counted and sorted. Whoever has an old copy of the database and the root key can try guesses against the HMACs
that rows are found by, until their key is renewed (`mingbai retention --do`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from sqlalchemy import Connection

from mingbai.receipt.pages import IN_CLEAR as PAGES_IN_CLEAR
from mingbai.receipt.pages import Pages
from mingbai.shop.records import owners
from mingbai.shop.records.phones import ends
from mingbai.shop.records.shape import Shape, Values

CLEAR, GONE = b"\x00", b"\xff"  # a blob that begins so is in clear; one that is only this was erased
OPTION = "sealer"


class Sealer(Protocol):
    """Keys of persons. Many at once: a row must not cost a question, nor a key a wait for the disk."""

    seals: bool  # False: everything it was given lies in clear

    @property
    def pages(self) -> Pages:
        """How the rows' file is opened, where it is SQLite's."""
        ...

    def seal(self, many: Sequence[tuple[str, bytes, bytes]]) -> list[bytes]:
        """Of each (person, plain, about)."""
        ...

    def open(self, many: Sequence[tuple[bytes, bytes]]) -> list[bytes | None]:
        """Of each (sealed, about); None where the person was erased."""
        ...

    def look_up(self, what: str, value: str) -> bytes:
        """What finds `value` again, and tells nobody without the keys what it is."""
        ...

    def erased(self, persons: Sequence[str]) -> set[str]:
        """Those of them whose key was destroyed, and who have no other since."""
        ...

    def close(self) -> None: ...


class UnsafeInClear:
    """For tests and throw-away homes: nothing is sealed. A home opened so and later with keys is sealed then."""

    seals = False
    pages: Pages = PAGES_IN_CLEAR

    def seal(self, many: Sequence[tuple[str, bytes, bytes]]) -> list[bytes]:
        return [CLEAR + plain for _, plain, _ in many]

    def open(self, many: Sequence[tuple[bytes, bytes]]) -> list[bytes | None]:
        raise TypeError("these rows are sealed: open the database with the home's keys")

    def look_up(self, what: str, value: str) -> bytes:
        return f"{what}:{value}".encode()

    def erased(self, persons: Sequence[str]) -> set[str]:
        return set()

    def close(self) -> None:
        pass


IN_CLEAR = UnsafeInClear()


def of(connection: Connection) -> Sealer:
    sealer: Sealer = connection.get_execution_options().get(OPTION, IN_CLEAR)
    return sealer


def put_away(
    connection: Connection, shop: str, shape: Shape, rows: Sequence[Values], gone: Sequence[bool]
) -> list[Values]:
    """The rows as their tables keep them: what is kept, the finders, and the blob. `gone`: erased, and to stay so."""
    if not shape.personal:
        return list(rows)
    sealer = of(connection)
    plains = [None if away else _plain(shape, row) for row, away in zip(rows, gone, strict=True)]
    whose = owners.of(connection, shop, shape, [row for row, p in zip(rows, plains, strict=True) if p])
    given = [(row, plain) for row, plain in zip(rows, plains, strict=True) if plain]
    sealed = iter(
        sealer.seal([(o, p, about(shop, shape, row)) for o, (row, p) in zip(whose, given, strict=True)])
    )
    out: list[Values] = []
    for row, plain, away in zip(rows, plains, gone, strict=True):
        blob = GONE if away else next(sealed) if plain else None
        out.append((*(row[i] for i in shape.kept), *_finders(sealer, shape, row), blob))
    return out


def stored_columns(shape: Shape) -> tuple[str, ...]:
    if not shape.personal:
        return shape.columns
    return (*shape.kept_columns, *(name for name, _ in shape.finders), "sealed")


def read_columns(shape: Shape) -> tuple[str, ...]:
    return (*shape.kept_columns, "sealed") if shape.personal else shape.columns


def take_out(
    connection: Connection, shop: str, shape: Shape, rows: Sequence[Any]
) -> Iterator[tuple[Values, bool]]:
    """Whole values from rows of `read_columns`, and whether what was personal of them was erased."""
    if not shape.personal:
        return ((tuple(row), False) for row in rows)
    whole = [_kept(shape, row) for row in rows]
    blobs = [None if row[-1] is None else bytes(row[-1]) for row in rows]
    shut = [(n, b) for n, b in enumerate(blobs) if b is not None and b[:1] not in (CLEAR, GONE)]
    opened: dict[int, bytes | None] = {}
    if shut:
        plains = of(connection).open([(b, about(shop, shape, whole[n])) for n, b in shut])
        opened = {n: plain for (n, _), plain in zip(shut, plains, strict=True)}
    return (
        _whole(shape, values, blob, opened.get(n))
        for n, (values, blob) in enumerate(zip(whole, blobs, strict=True))
    )


def about(shop: str, shape: Shape, values: Sequence[Any]) -> bytes:
    """What a row's blob is bound to."""
    return json.dumps((shop, shape.kind, *shape.key_texts(shape.key_values(values)))).encode()  # type: ignore[arg-type]


def _kept(shape: Shape, row: Any) -> list[Any]:
    values: list[Any] = list(shape.blank)
    for place, value in zip(shape.kept, row, strict=False):
        values[place] = value
    return values


def _whole(shape: Shape, values: list[Any], blob: bytes | None, opened: bytes | None) -> tuple[Values, bool]:
    if blob is None:
        return tuple(values), False
    plain = blob[1:] if blob[:1] == CLEAR else opened
    if plain is None:
        return tuple(values), True
    for column, value in json.loads(plain).items():
        values[shape.spans[column][0]] = value
    return tuple(values), False


def _plain(shape: Shape, row: Values) -> bytes | None:
    said = {shape.columns[i]: row[i] for i in shape.personal if row[i] != shape.blank[i]}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() if said else None


def finders(connection: Connection, shape: Shape, row: Values) -> Iterator[bytes | None]:
    return _finders(of(connection), shape, row)


def _finders(sealer: Sealer, shape: Shape, row: Values) -> Iterator[bytes | None]:
    for column, place in shape.finders:
        value = row[place]
        if column.endswith("_tail"):
            value = ends(value)[0] if isinstance(value, str) else None
        elif column.endswith("_extension"):
            value = ends(value)[1] if isinstance(value, str) else None
        yield sealer.look_up(finds(column), value) if isinstance(value, str) and value else None


def finds(column: str) -> str:
    """What a finder's column finds by: tail, extension or email, whichever table it stands in."""
    return column.removesuffix("_hmac").removeprefix("phone_")
