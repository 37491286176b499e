"""Access keys: hashed at rest, scoped, expiring, shown once.

A key is 32 random bytes, so a plain SHA-256 of it is enough at rest: there is nothing to guess. The file is SQLite, so
that `mingbai keys revoke` in another process works at once on a service that is running.
"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from mingbai.values.errors import NotFound, Text, Unauthenticated

TABLE = """CREATE TABLE IF NOT EXISTS keys (
    id TEXT PRIMARY KEY, digest BLOB NOT NULL UNIQUE, scope TEXT NOT NULL, shop TEXT NOT NULL, label TEXT NOT NULL,
    created INTEGER NOT NULL, expires INTEGER NOT NULL, revoked INTEGER)"""
DAYS_DEFAULT = 90
DAY_SECONDS = 86_400


class Scope(StrEnum):
    CUSTOMER = "customer"
    STAFF = "staff"
    OWNER = "owner"
    ENGINEER = "engineer"


@dataclass(frozen=True, slots=True)
class Key:
    """What is known of a key; never the key itself. Times are Unix seconds; `revoked` None means it is not."""

    id: str
    scope: Scope
    shop: str
    label: str
    created: int
    expires: int
    revoked: int | None


@dataclass(frozen=True, slots=True)
class NewKey:
    key: Key
    secret: str = field(repr=False)


class KeyStore:
    """Keys of one home. Every call opens the file anew only once; safe between processes."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        self._path = path
        with self._open() as db:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute(TABLE)
        self._reader = sqlite3.connect(path, check_same_thread=False, isolation_level=None)

    def close(self) -> None:
        self._reader.close()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=10)) as db, db:
            yield db

    def create(self, scope: Scope, *, shop: str = "", label: str = "", days: float = DAYS_DEFAULT) -> NewKey:
        """A new key. Its secret is in the returned value and nowhere else."""
        secret = "mb-" + secrets.token_urlsafe(32)
        now = int(time.time())
        key = Key(secrets.token_hex(4), scope, shop, label, now, now + int(days * DAY_SECONDS), None)
        with self._open() as db:
            db.execute(
                "INSERT INTO keys VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
                (key.id, _digest(secret), scope.value, shop, label, key.created, key.expires),
            )
        return NewKey(key, secret)

    def check(self, secret: str) -> Key:
        """The key of that secret. Raises `Unauthenticated` if it is unknown, revoked or expired."""
        row = self._reader.execute(f"{SELECT} WHERE digest = ?", (_digest(secret),)).fetchone()
        if row is None:
            raise _bad("这个钥匙不存在。", "This key does not exist.")
        key = _key(row)
        if key.revoked is not None:
            raise _bad("这个钥匙已被收回。", "This key was revoked.")
        if key.expires <= time.time():
            raise _bad("这个钥匙已过期。", "This key has expired.")
        return key

    def list(self) -> tuple[Key, ...]:
        return tuple(_key(row) for row in self._reader.execute(f"{SELECT} ORDER BY created, id"))

    def revoke(self, key_id: str) -> Key:
        """Revoke by id; at once, for every process. Raises `NotFound`."""
        with self._open() as db:
            db.execute(
                "UPDATE keys SET revoked = ? WHERE id = ? AND revoked IS NULL", (int(time.time()), key_id)
            )
            row = db.execute(f"{SELECT} WHERE id = ?", (key_id,)).fetchone()
        if row is None:
            raise NotFound(
                Text(f"没有编号为 {key_id} 的钥匙。", f"There is no key with id {key_id}."),
                Text("mingbai keys list 会列出编号。", "mingbai keys list shows the ids."),
            )
        return _key(row)


SELECT = "SELECT id, scope, shop, label, created, expires, revoked FROM keys"


def _key(row: tuple[str, str, str, str, int, int, int | None]) -> Key:
    return Key(row[0], Scope(row[1]), *row[2:])


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _bad(zh: str, en: str) -> Unauthenticated:
    return Unauthenticated(
        Text(zh, en),
        Text(
            "用 mingbai keys create --scope owner 新建一个。",
            "Make one with mingbai keys create --scope owner.",
        ),
    )
