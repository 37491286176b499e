"""All of a change to a SQLite file, or none of it; and when it is on the disk itself."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

WAL_BYTES = 4 * 1024 * 1024  # of the write-ahead log, before it is moved into the file
PAGES_AT_MOST = 16_384  # then whoever commits moves it, where nobody tends the file


def opened(path: Path) -> sqlite3.Connection:
    """A file of which every commit survives a kill at once, and a power cut after `to_disk`. No commit waits for the disk."""
    db = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    path.chmod(0o600)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=NORMAL")
    db.execute(f"PRAGMA wal_autocheckpoint={PAGES_AT_MOST}")
    return db


def to_disk(path: Path) -> None:
    """Returns when all that was committed to that file is on the disk. By a connection of its own: nobody who writes waits."""
    ahead = Path(f"{path}-wal")
    if not ahead.exists():
        return
    file = os.open(ahead, os.O_RDONLY)
    try:
        # As SQLite does: the size of the file, where it grew, and its content; not when it was touched.
        getattr(os, "fdatasync", os.fsync)(file)
    finally:
        os.close(file)
    if ahead.stat().st_size > WAL_BYTES:
        with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as db:
            db.execute("PRAGMA wal_checkpoint(PASSIVE)")


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
