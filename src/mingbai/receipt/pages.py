"""How a SQLite file is opened: as it is, or with every page of it encrypted (SQLCipher: AES-256-CBC and HMAC-SHA512 a page).

A file in clear becomes an encrypted one when it is first opened so. Pages of the write-ahead log are encrypted as the file's
are. Not covered: names, sizes and times of files; memory; what was on the disk before.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from mingbai.values.errors import BadInput, Busy, StorageError, Text

HEAD = b"SQLite format 3\x00"
WAIT_SECONDS = 30.0


class Pages(Protocol):
    encrypted: bool
    module: Any  # the driver, as PEP 249 says

    def ready(self, path: Path) -> None:
        """Before the file is first opened. Raises `StorageError` where it cannot be."""
        ...

    def keyed(self, db: sqlite3.Connection, path: Path) -> None:
        """The first thing that is said on a connection."""
        ...


class InClear:
    encrypted = False
    module: Any = sqlite3

    def ready(self, path: Path) -> None:
        if path.exists() and not _reads(self, path):
            raise StorageError(
                Text(
                    f"{path.name} 不是明文的数据库：它的页被加密过，或已损坏。",
                    f"{path.name} is no database in clear: its pages are encrypted, or it is damaged.",
                ),
                Text(
                    "若加密过，设 vault.page_encryption = true；否则从备份恢复。",
                    "If they are, set vault.page_encryption = true; else restore a backup.",
                ),
            )

    def keyed(self, db: sqlite3.Connection, path: Path) -> None:
        pass


IN_CLEAR = InClear()


class Encrypted:
    """`key_of` a file's name: 32 bytes. Raises `BadInput` where SQLCipher is not installed."""

    encrypted = True

    def __init__(self, key_of: Callable[[str], bytes]) -> None:
        try:
            from sqlcipher3 import dbapi2
        except ImportError as e:
            raise BadInput(
                Text(
                    "设置了 vault.page_encryption，但没有安装 SQLCipher。",
                    "vault.page_encryption is set, but SQLCipher is not installed.",
                ),
                Text("运行 pip install 'mingbai[pages]'。", "Run pip install 'mingbai[pages]'."),
            ) from e
        self.module: Any = dbapi2
        self._key_of = key_of

    def keyed(self, db: sqlite3.Connection, path: Path) -> None:
        db.execute("PRAGMA cipher_log_level = NONE")  # else a wrong key writes to standard error
        db.execute(f"PRAGMA key = {self._literal(path)}")

    def ready(self, path: Path) -> None:
        for _ in range(2):  # the second time after another has encrypted it
            if not path.exists() or _reads(self, path):
                return
            with path.open("rb") as held:
                # Two that start at once: one encrypts, the other waits (SQLite's own locks are others).
                fcntl.flock(held, fcntl.LOCK_EX)
                if _head(path) == HEAD:
                    self._encrypt(path)
                    return
        raise StorageError(
            Text(
                f"{path.name} 的页是用另一把密钥加密的，或已损坏。",
                f"The pages of {path.name} are encrypted by another key, or damaged.",
            ),
            Text(
                "把属于它的 vault/persons.db 和 secrets/root.key 一起恢复。",
                "Restore the vault/persons.db and secrets/root.key that belong to it.",
            ),
        )

    def _encrypt(self, path: Path) -> None:
        """One process does it, and nobody writes to the file in clear until another has its name; then it is overwritten."""
        fresh = path.with_name(f".{path.name}.encrypted")
        fresh.unlink(missing_ok=True)
        os.close(os.open(fresh, os.O_CREAT | os.O_WRONLY, 0o600))
        with closing(self.module.connect(path, timeout=WAIT_SECONDS, isolation_level=None)) as db:
            db.execute("PRAGMA cipher_log_level = NONE")
            try:
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                db.execute("PRAGMA journal_mode = DELETE").fetchone()
                db.execute("PRAGMA locking_mode = EXCLUSIVE")
                db.execute("BEGIN EXCLUSIVE")
                db.execute("COMMIT")
            except self.module.OperationalError as e:
                raise _in_use(path) from e
            version = int(db.execute("PRAGMA user_version").fetchone()[0])
            db.execute(f"ATTACH ? AS fresh KEY {self._literal(path)}", (str(fresh),))
            db.execute("SELECT sqlcipher_export('fresh')")
            db.execute(f"PRAGMA fresh.user_version = {version}")
            db.execute("DETACH fresh")
            # Its own log and lock go first: those that are there once the name is the new file's are others'.
            for beside in ("-wal", "-shm", "-journal"):
                path.with_name(path.name + beside).unlink(missing_ok=True)
            with path.open("r+b") as clear, fresh.open("rb") as made:
                os.fsync(made.fileno())
                os.replace(fresh, path)
                _names_to_disk(path.parent)
                _zeroed(clear)

    def _literal(self, path: Path) -> str:
        return f"\"x'{self._key_of(path.name).hex()}'\""


def _zeroed(file: BinaryIO) -> None:
    size = os.fstat(file.fileno()).st_size
    for at in range(0, size, 1 << 20):
        file.write(bytes(min(1 << 20, size - at)))
    file.flush()
    os.fsync(file.fileno())


def _names_to_disk(folder: Path) -> None:
    there = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(there)
    finally:
        os.close(there)


def _in_use(path: Path) -> Busy:
    return Busy(
        Text(
            f"{path.name} 正被别的程序使用，还不能加密。",
            f"{path.name} is in use by another program and cannot be encrypted yet.",
        ),
        Text("停掉服务后再启动。", "Stop the service, then start it again."),
        retry_after_seconds=int(WAIT_SECONDS),
    )


def connect(pages: Pages, path: Path, *, check_same_thread: bool = True) -> sqlite3.Connection:
    """Commits are the caller's to say."""
    db: sqlite3.Connection = pages.module.connect(
        path, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=check_same_thread
    )
    pages.keyed(db, path)
    return db


def _reads(pages: Pages, path: Path) -> bool:
    """Asked of SQLite, not of the bytes: closing a file ends every lock that this process has on it (POSIX), and a service that
    has it open would lose its log to the next process that closes it. What else is wrong is said to who opens it."""
    with closing(connect(pages, path)) as db:
        try:
            db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except pages.module.DatabaseError as e:
            return bool(getattr(e, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_NOTADB)
    return True


def is_encrypted(path: Path) -> bool | None:
    """None where there is nothing yet. Not in a process that has it open: see `_reads`."""
    head = _head(path) if path.exists() else b""
    return head != HEAD if head else None


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(len(HEAD))
