"""The receipts of a home: one for each turn, sealed before its last event, found again by id."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Lock
from typing import Protocol, TypeVar

from mingbai.receipt import body as content
from mingbai.receipt import bundle, note
from mingbai.receipt.atomic import opened, to_disk, written
from mingbai.receipt.body import House
from mingbai.receipt.log import TileLog
from mingbai.receipt.note import Verifier
from mingbai.values.errors import NotFound, Text
from mingbai.values.json import JsonObject
from mingbai.values.turn import Turn

T = TypeVar("T")
SALT_BYTES = 32
SYNC_SECONDS = 0.1
HEAD = 9  # of a sealed opening: the vault's form, and the id of the key
TABLES = """
CREATE TABLE IF NOT EXISTS opening (id TEXT PRIMARY KEY, sealed BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_key ON opening (substr(sealed, 2, 8));
CREATE TABLE IF NOT EXISTS about (tag BLOB, id TEXT, PRIMARY KEY (tag, id)) WITHOUT ROWID;
"""
AT_ONCE = 500


class Seals(Protocol):
    """The vault, as receipts see it."""

    def seal(self, person: str, plain: bytes, about: bytes) -> bytes: ...

    def open(self, sealed: bytes, about: bytes) -> bytes: ...

    def tag(self, person: str) -> bytes: ...


class Receipts:
    """Openings lie outside the log, each under its person's key: what is erased there leaves log and proofs whole."""

    def __init__(
        self, log: TileLog, openings: Path, vault: Seals, house: House,
        keys: Callable[[], Sequence[Verifier]] | None = None,
    ) -> None:  # fmt: skip
        """`keys` gives every key that ever signed this log, for those who verify; also one that another process made."""
        self.log = log
        self.house = house
        self.keys = keys or (lambda: (log.signer.verifier,))
        self._vault = vault
        self._lock = Lock()
        self._syncer = ThreadPoolExecutor(1, thread_name_prefix="receipts")
        self._due = False  # a sync is on its way, and will cover what is sealed until it begins
        self._closed = Event()
        self._openings = openings
        self._db = opened(openings)
        self._db.execute("PRAGMA secure_delete=ON")
        self._db.executescript(TABLES)

    def close(self) -> None:
        self._closed.set()
        self._syncer.shutdown()
        with self._lock:
            self._db.close()
        self.log.close()

    def expect(self, turn: Turn) -> None:
        """Early in a turn, beside other work: the key of somebody new is made, which waits for the disk. Raises what the
        vault raises: without a key there will be no receipt, and no answer."""
        self._vault.seal(content.person(turn), b"", b"")

    def seal(self, turn: Turn) -> str:
        """In the log when this returns (a kill loses nothing); on the disk itself a tenth of a second later."""
        salt = secrets.token_bytes(SALT_BYTES)
        entry = bundle.signed(content.body(turn, self.house, salt), self.log.signer)
        opening = json.dumps(content.opening(turn, salt)).encode()  # escaped: also what is no UTF-8
        sealed = self._vault.seal(content.person(turn), opening, turn.turn_no.encode())
        about = [(self._vault.tag(person), turn.turn_no) for person in content.others(turn)]
        with self._lock, written(self._db) if about else nullcontext():
            self._db.execute("INSERT INTO opening VALUES (?, ?)", (turn.turn_no, sealed))
            self._db.executemany("INSERT INTO about VALUES (?, ?)", about)
        try:
            self.log.append([(turn.turn_no, entry)])
        except BaseException:
            with suppress(sqlite3.Error), self._lock:
                self._db.execute("DELETE FROM opening WHERE id = ?", (turn.turn_no,))
            raise
        if not self._due:
            self._due = True
            self._syncer.submit(self._sync)
        return turn.turn_no

    def _sync(self) -> None:
        """Openings first: of an entry that survives a power cut the opening does, too."""
        self._closed.wait(SYNC_SECONDS)  # for more of them: the disk is slow for whoever writes meanwhile
        self._due = False
        to_disk(self._openings)
        self.log.sync()

    def get(self, receipt_id: str) -> JsonObject:
        found: JsonObject = json.loads(self.log.entry(self._number(receipt_id)))
        return found

    def opening(self, receipt_id: str) -> JsonObject:
        """Texts and row keys behind the commitments. Raises what the vault raises where the person was erased."""
        with (
            self._lock,
            closing(self._db.execute("SELECT sealed FROM opening WHERE id = ?", (receipt_id,))) as rows,
        ):
            row = rows.fetchone()
        if row is None:
            raise _unknown(receipt_id)
        found: JsonObject = json.loads(self._vault.open(row[0], receipt_id.encode()))
        return found

    def visits(self, persons: Collection[str]) -> set[bytes]:
        """The keys of visitors who were shown something of these persons: what they said of it is these persons', too."""
        tags = [self._vault.tag(person) for person in persons]
        with self._lock:
            return {
                row[0]
                for some in _parts(tags)
                for row in self._db.execute(
                    "SELECT DISTINCT substr(sealed, 2, 8) FROM about JOIN opening USING (id) "
                    f"WHERE tag IN ({', '.join('?' * len(some))})",
                    some,
                )
            }

    def openings(self, keys: Collection[bytes]) -> list[str]:
        """The receipts whose openings these keys sealed, and that have not been forgotten."""
        query = "SELECT id FROM opening WHERE substr(sealed, 2, 8) = ? AND length(sealed) > ?"
        with self._lock:
            return [row[0] for key in keys for row in self._db.execute(query, (key, HEAD))]

    def forget(self, keys: Collection[bytes]) -> int:
        """Take the openings that these keys sealed from the disk; how many. Receipts and proofs stay. Of each opening
        stands whose key it was, so that asking for it tells that its person was erased."""
        with self._lock, written(self._db):
            gone = 0
            for key in keys:
                self._db.execute(
                    "DELETE FROM about WHERE id IN (SELECT id FROM opening WHERE substr(sealed, 2, 8) = ?)",
                    (key,),
                )
                gone += self._db.execute(
                    "UPDATE opening SET sealed = substr(sealed, 1, 9) WHERE substr(sealed, 2, 8) = ? AND length(sealed) > ?",
                    (key, HEAD),
                ).rowcount
        with self._lock:
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return gone

    def due(self, before: datetime) -> list[str]:
        """Receipts from before that still have their openings. The log is in order of time, to the minute."""
        first, last = 0, self.log.size()
        while first < last:
            middle = (first + last) // 2
            at = datetime.strptime(json.loads(self.log.entry(middle))["time"], "%Y-%m-%dT%H:%MZ").replace(
                tzinfo=UTC
            )
            first, last = (middle + 1, last) if at < before else (first, middle)
        names = self.log.names(first)
        with self._lock:
            return [
                row[0]
                for some in _parts(names)
                for row in self._db.execute(
                    f"SELECT id FROM opening WHERE length(sealed) > {HEAD} AND id IN ({', '.join('?' * len(some))})",
                    some,
                )
            ]

    def expire(self, names: Sequence[str]) -> int:
        """Take the openings of these receipts from the disk; how many."""
        with self._lock, written(self._db):
            self._db.executemany("DELETE FROM about WHERE id = ?", [(name,) for name in names])
            gone = self._db.executemany(
                f"UPDATE opening SET sealed = substr(sealed, 1, {HEAD}) WHERE id = ? AND length(sealed) > {HEAD}",
                [(name,) for name in names],
            ).rowcount
        with self._lock:
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return max(gone, 0)

    def note(self, name: str, body: JsonObject) -> bytes:
        """An entry of the log that is no turn's, such as an erasure's, signed and on the disk; its bundle."""
        self.log.append([(name, bundle.signed(body, self.log.signer))])
        self.log.sync()
        return self.bundle(name)

    def bundle(self, receipt_id: str) -> bytes:
        """For the person, and for anyone they show it to: says nothing but what the receipt says."""
        number = self._number(receipt_id)
        checkpoint = self.log.cosigned()
        size = note.read_checkpoint(note.read(checkpoint).text).size if checkpoint else 0
        if size <= number:
            checkpoint = self.log.checkpoint()
            size = note.read_checkpoint(note.read(checkpoint).text).size
        return bundle.bundle(self.log.entry(number), number, self.log.inclusion(number, size), checkpoint)

    def _number(self, receipt_id: str) -> int:
        number = self.log.find(receipt_id)
        if number is None:
            raise _unknown(receipt_id)
        return number


def _parts(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for at in range(0, len(items), AT_ONCE):
        yield items[at : at + AT_ONCE]


def _unknown(receipt_id: str) -> NotFound:
    return NotFound(
        Text("没有这张收据。", "There is no such receipt."),
        Text(
            "请核对收据号；它在回答的 Mingbai-Receipt 头里。",
            "Check its id: it stands in the answer's Mingbai-Receipt header.",
        ),
    )
