"""The file of dry runs that wait for a person's confirmation, so that a restart does not lose them.

A plan is about a conversation and lies sealed under the key of its person: with the key destroyed it cannot be read, and
half an hour later it is gone anyway. A plan that is about no conversation is not kept here.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from mingbai.permit.talks.store import Seals, Talks
from mingbai.permit.vault.vault import Erased
from mingbai.receipt.atomic import written
from mingbai.receipt.pages import connect
from mingbai.values.errors import NotFound
from mingbai.values.json import JsonObject

TABLE = "CREATE TABLE IF NOT EXISTS plan (id TEXT PRIMARY KEY, until REAL NOT NULL, sealed BLOB NOT NULL)"


class Plans:
    """`now` is in seconds since 1970."""

    def __init__(self, path: Path, talks: Talks, vault: Seals, now: Callable[[], float] = time.time) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path, self._talks, self._vault, self._now = path, talks, vault, now
        vault.pages.ready(path)

    def keep(self, number: str, talk_id: str, plan: JsonObject, seconds: float) -> None:
        """Nothing where the conversation is gone. What waited too long is taken away."""
        try:
            person = self._talks.get(talk_id).person
        except NotFound:
            return
        sealed = self._vault.seal(person, json.dumps(plan).encode(), b"plan " + number.encode())
        now = self._now()
        with self._opened() as db, written(db):
            db.execute("DELETE FROM plan WHERE until < ?", (now,))
            db.execute("INSERT INTO plan VALUES (?, ?, ?)", (number, now + seconds, sealed))

    def find(self, number: str) -> JsonObject | None:
        """None for one that is unknown, waited too long, or was about a person who is erased."""
        with self._opened() as db:
            row = db.execute(
                "SELECT sealed FROM plan WHERE id = ? AND until >= ?", (number, self._now())
            ).fetchone()
        if row is None:
            return None
        try:
            found: JsonObject = json.loads(self._vault.open(row[0], b"plan " + number.encode()))
        except Erased:
            return None
        return found

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """For one use: a plan is made by a person's hand, a few an hour."""
        with closing(connect(self._vault.pages, self._path)) as db:
            self._path.chmod(0o600)
            db.execute("PRAGMA secure_delete=ON")
            db.execute(TABLE)
            yield db
