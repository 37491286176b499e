"""All of a change to a SQLite file, or none of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager


@contextmanager
def written(db: sqlite3.Connection) -> Iterator[None]:
    """One writing transaction; other processes wait for it. `db` is opened with `isolation_level=None`."""
    with closing(db.cursor()) as cursor:
        cursor.execute("BEGIN IMMEDIATE")
        try:
            yield
            cursor.execute("COMMIT")
        except BaseException:
            if db.in_transaction:  # a full disk has ended it already, and a COMMIT that failed has not
                cursor.execute("ROLLBACK")
            raise
