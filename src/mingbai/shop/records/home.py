"""`Records`: the shop's rows in a database. The one way in for importers, search, skills and export."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine

from mingbai.shop.records import database, migrate, seal, sealing, take
from mingbai.shop.records.reader import Change, Reader
from mingbai.shop.records.sealing import Sealer
from mingbai.shop.records.shape import SHAPES, KeyPart
from mingbai.shop.records.take import Outcome
from mingbai.shop.records.whose import Whose
from mingbai.values.errors import BadInput, Text
from mingbai.values.records import Record, Sourced

__all__ = ["Change", "Outcome", "Reader", "Records"]

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")  # also a folder's name in an export


class Records:
    """Open until `close`. May be used from several threads and processes at once."""

    def __init__(self, engine: Engine, sealer: Sealer = sealing.IN_CLEAR) -> None:
        self._engine = engine.execution_options(**{sealing.OPTION: sealer})
        self._sealer = sealer

    @staticmethod
    def open(url_or_path: str | Path, sealer: Sealer = sealing.IN_CLEAR) -> Records:
        """Brings an older database up to date, makes a new one, refuses one that is newer than this program. Rows that
        lie in clear are sealed first; `sealer` is closed with the records. Without one, as in tests, nothing is sealed."""
        with ExitStack() as undo:
            undo.callback(sealer.close)
            engine = database.connect(url_or_path, sealer.pages)
            undo.callback(engine.dispose)
            migrate.up(engine)
            records = Records(engine, sealer)
            if sealer.seals:
                seal.all_rows(records._engine)
            undo.pop_all()
        return records

    def close(self) -> None:
        self._engine.dispose()
        self._sealer.close()

    def __enter__(self) -> Records:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """For several questions to one and the same state of the database."""
        with database.reading(self._engine) as connection:
            yield Reader(connection)

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """One state of the database for questions about tables that hold no records."""
        with database.reading(self._engine) as connection:
            yield connection

    @contextmanager
    def writing(self, shop: str) -> Iterator[Connection]:
        """For a change that belongs together with a record of itself: all of it or nothing, one writer at a time."""
        with database.writing(self._engine, shop) as connection:
            yield connection

    def take(self, shop: str, rows: Sequence[Sourced]) -> list[Outcome]:
        """All the rows or none. A row that is there is changed only in the fields that `given` names.

        When this returns, the rows are on the disk. Raises `BadInput` for a value that cannot be kept as it is.
        """
        if not _SLUG.fullmatch(shop):
            raise _bad_slug(shop)
        if not rows:
            return []
        with database.writing(self._engine, shop) as connection:
            if not self._sealer.seals:
                seal.note_in_clear(connection)
            return take.take(connection, shop, rows)

    def remove(self, shop: str, record: type[Record], *key: KeyPart) -> bool:
        """True if the row was there."""
        shape = SHAPES[record]
        with database.writing(self._engine, shop) as connection:
            return take.remove(connection, shop, shape, shape.key_asked(key))

    def find_anew(self, renew: Callable[[], None]) -> None:
        """Have `renew` change what the sealer's `look_up` gives, and write every finder anew. Look-ups by personal values find
        nothing until it returns; after a kill the next opening goes on."""
        with database.writing(self._engine, "seal") as connection:
            seal.note_in_clear(connection)
        renew()
        seal.all_rows(self._engine)

    def off_the_disk(self) -> bool:
        """What was overwritten has left SQLite's write-ahead log, too; false when a reader held it. On PostgreSQL old
        versions of rows, sealed under keys that are gone, stay until its VACUUM."""
        return database.checkpoint(self._engine)

    def shops(self) -> list[str]:
        with self.reading() as reader:
            return reader.shops()

    def the_shop(self, asked: str | None) -> str:
        """The shop a command is about: the one asked for, else the only one there is."""
        shops = self.shops()
        if asked in shops:
            assert asked is not None
            return asked
        if asked is None and len(shops) == 1:
            return shops[0]
        raise _which(asked, shops)

    def get(self, shop: str, record: type[Record], *key: KeyPart) -> Sourced | None:
        with self.reading() as reader:
            return reader.get(shop, record, *key)

    def rows(self, shop: str, record: type[Record], **equal: str | int | bool) -> Iterator[Sourced]:
        with self.reading() as reader:
            yield from reader.rows(shop, record, **equal)

    def count(self, shop: str, record: type[Record]) -> int:
        with self.reading() as reader:
            return reader.count(shop, record)

    def changes(self, shop: str, after: int = 0) -> Iterator[Change]:
        with self.reading() as reader:
            yield from reader.changes(shop, after)

    def last_seq(self, shop: str) -> int:
        with self.reading() as reader:
            return reader.last_seq(shop)

    def orders_by_phone_tail(self, shop: str, tail: str) -> list[Sourced]:
        with self.reading() as reader:
            return reader.orders_by_phone_tail(shop, tail)

    def orders_by_tracking_no(self, shop: str, tracking_no: str) -> list[Sourced]:
        with self.reading() as reader:
            return reader.orders_by_tracking_no(shop, tracking_no)

    def orders_by_customer(self, shop: str, customer_id: str) -> list[Sourced]:
        with self.reading() as reader:
            return reader.orders_by_customer(shop, customer_id)

    def variants_by_code(self, shop: str, code: str) -> list[Sourced]:
        with self.reading() as reader:
            return reader.variants_by_code(shop, code)

    def of_person(self, shop: str, record: type[Record], whose: Whose) -> list[Sourced]:
        with self.reading() as reader:
            return reader.of_person(shop, record, whose)

    def orders_by_sku(self, shop: str, sku: str, *, most: int = 20) -> list[Sourced]:
        with self.reading() as reader:
            return reader.orders_by_sku(shop, sku, most=most)


def _bad_slug(shop: str) -> BadInput:
    return BadInput(
        Text(f"店铺代号 {shop!r} 不合要求。", f"{shop!r} is not acceptable as a shop's short name."),
        Text("用小写字母、数字、- 和 _，最多 64 个字符。", "Use small letters, digits, - and _, at most 64."),
    )


def _which(asked: str | None, shops: list[str]) -> BadInput:
    if not shops:
        return BadInput(
            Text("这里还没有店铺。", "There is no shop here yet."),
            Text(
                "先导入：mingbai import 文件，或 mingbai import --example。",
                "Import first: mingbai import FILE, or mingbai import --example.",
            ),
        )
    named = "、".join(shops), ", ".join(shops)
    if asked is None:
        return BadInput(
            Text(f"这里有几家店铺：{named[0]}。", f"There are several shops here: {named[1]}."),
            Text("用 --shop 指明一家。", "Name one with --shop."),
        )
    return BadInput(
        Text(f"没有店铺 {asked}；这里有：{named[0]}。", f"There is no shop {asked}; here are: {named[1]}."),
        Text("检查 --shop 的拼写。", "Check the spelling of --shop."),
    )
