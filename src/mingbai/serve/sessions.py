"""Sessions of browsers, and the links good once that open them. In the keys' file, hashed like keys.

A session acts as a key of its scope. One that was opened with a key ends with that key, and so does what was opened by
links that were made with it, or from such a session: who revokes a stolen key is rid of whoever had it. A counter's session is a customer's:
`customer` is who the link proved, empty for a visitor.
"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from mingbai.serve.keys import Key, KeyStore, Scope
from mingbai.values.errors import Text, Unauthenticated

Which = Literal["desk", "counter"]
# A working day for those who see customers' data; a visitor finds the conversation again for a month.
DESK_SECONDS, COUNTER_SECONDS = 12 * 3600, 30 * 86_400
TABLES = """
CREATE TABLE IF NOT EXISTS link (
    digest BLOB PRIMARY KEY, scope TEXT NOT NULL, shop TEXT NOT NULL, customer TEXT NOT NULL, expires INTEGER NOT NULL,
    made TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS session (
    digest BLOB PRIMARY KEY, id TEXT NOT NULL UNIQUE, scope TEXT NOT NULL, shop TEXT NOT NULL, customer TEXT NOT NULL,
    key TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL, made TEXT NOT NULL DEFAULT '');
"""


@dataclass(frozen=True, slots=True)
class Session:
    """`id` names it in logs; `by` is the key that it was opened with, whose holder's work goes on when they log in again."""

    id: str
    scope: Scope
    shop: str
    customer: str = field(repr=False)
    created: int
    expires: int
    by: str = ""
    made: str = ""  # the key that made its link

    @property
    def which(self) -> Which:
        return "counter" if self.scope is Scope.CUSTOMER else "desk"

    @property
    def key(self) -> Key:
        """The session as the routes see it: like a key."""
        return Key(self.by or self.id, self.scope, self.shop, "session", self.created, self.expires, None)


@dataclass(frozen=True, slots=True)
class NewSession:
    session: Session
    secret: str = field(repr=False)


class Sessions:
    """`path` is that of the key store. Safe between processes."""

    def __init__(self, path: Path, keys: KeyStore) -> None:
        self._path, self._keys = path, keys
        with self._open() as db:
            db.executescript(TABLES)
            for table in ("link", "session"):  # of a home before links knew who made them
                if not any(column[1] == "made" for column in db.execute(f"PRAGMA table_info({table})")):
                    db.execute(f"ALTER TABLE {table} ADD COLUMN made TEXT NOT NULL DEFAULT ''")
        self._reader = sqlite3.connect(path, check_same_thread=False, isolation_level=None)

    def close(self) -> None:
        self._reader.close()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=10)) as db, db:
            yield db

    def link(
        self, scope: Scope, *, shop: str = "", customer: str = "", seconds: float, made: str = ""
    ) -> str:
        """The secret of a link that opens one session, once. `made`: the id of the key that asks for it."""
        secret = secrets.token_urlsafe(32)
        now = int(time.time())
        with self._open() as db:
            db.execute("DELETE FROM link WHERE expires <= ?", (now,))
            db.execute(
                "INSERT INTO link VALUES (?, ?, ?, ?, ?, ?)",
                (_digest(secret), scope.value, shop, customer, now + int(seconds), made),
            )
        return secret

    def by_link(self, secret: str) -> NewSession:
        """The link is used up by this. Raises `Unauthenticated` for one that was used, is too old or never was."""
        with self._open() as db:
            row = db.execute(
                "DELETE FROM link WHERE digest = ? AND expires > ? AND made NOT IN (SELECT id FROM keys WHERE revoked IS NOT NULL) "
                "RETURNING scope, shop, customer, made",
                (_digest(secret), int(time.time())),
            ).fetchone()
        if row is None:
            raise Unauthenticated(
                Text("登录链接已用过或已过期。", "The login link was used before, or is too old."),
                Text(
                    "用 mingbai keys link 再要一个，或用钥匙登录。",
                    "Get another with mingbai keys link, or log in with a key.",
                ),
            )
        return self._made(Scope(row[0]), row[1], row[2], "", row[3])

    def by_key(self, secret: str) -> NewSession:
        """Raises `Unauthenticated` as the key store does."""
        key = self._keys.check(secret)
        return self._made(key.scope, key.shop, "", key.id)

    def visitor(self, shop: str = "") -> NewSession:
        return self._made(Scope.CUSTOMER, shop, "", "")

    def _made(self, scope: Scope, shop: str, customer: str, key: str, made: str = "") -> NewSession:
        secret, now = secrets.token_urlsafe(32), int(time.time())
        lasts = COUNTER_SECONDS if scope is Scope.CUSTOMER else DESK_SECONDS
        session = Session("s-" + secrets.token_hex(8), scope, shop, customer, now, now + lasts, key)
        with self._open() as db:
            db.execute("DELETE FROM session WHERE expires <= ?", (now,))
            db.execute(
                "INSERT INTO session VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (_digest(secret), session.id, scope.value, shop, customer, key, now, session.expires, made),
            )
        return NewSession(session, secret)

    def check(self, secret: str) -> Session:
        """Raises `Unauthenticated` for a session that is over."""
        now = int(time.time())
        row = self._reader.execute(
            "SELECT s.id, s.scope, s.shop, s.customer, s.created, s.expires, s.key, s.made FROM session s LEFT JOIN keys k ON k.id = s.key "
            "WHERE s.digest = ? AND s.expires > ? AND (s.key = '' OR (k.revoked IS NULL AND k.expires > ?)) "
            "AND s.made NOT IN (SELECT id FROM keys WHERE revoked IS NOT NULL)",
            (_digest(secret), now, now),
        ).fetchone()
        if row is None:
            raise Unauthenticated(
                Text("登录已失效。", "The session is over."), Text("请重新登录。", "Log in again.")
            )
        return Session(row[0], Scope(row[1]), *row[2:])

    def forget(self, shop: str, customer: str) -> int:
        """End what a customer's links opened or would open: their number stands in it in clear. How many."""
        with self._open() as db:
            db.execute("PRAGMA secure_delete=ON")
            gone = sum(
                db.execute(
                    f"DELETE FROM {table} WHERE shop IN (?, '') AND customer = ?", (shop, customer)
                ).rowcount
                for table in ("link", "session")
                if customer
            )
        with self._open() as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return gone

    def end(self, secret: str) -> None:
        with self._open() as db:
            db.execute("DELETE FROM session WHERE digest = ?", (_digest(secret),))


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
