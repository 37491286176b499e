"""One engine for SQLite and PostgreSQL: how each is opened, how a transaction begins, and what its errors mean.

SQLite: write-ahead log, so that readers never wait for an import; every commit reaches the disk before it is
acknowledged; a transaction that writes takes the lock at its beginning, so it cannot fail half-way for want of it.
PostgreSQL: writers of one shop take turns, so that the order of changes is the order in which they can be seen.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, exc, text
from sqlalchemy.engine import URL, make_url

from mingbai.receipt.pages import IN_CLEAR, Pages
from mingbai.values.errors import BadInput, Busy, MingbaiError, StorageError, Text

CHECKPOINT_SECONDS = 5.0
BUSY_SECONDS = 30.0  # an import of 10,000 orders holds the lock for a few seconds


def connect(url_or_path: str | Path, pages: Pages = IN_CLEAR) -> Engine:
    """The engine of a file's path or of a `postgresql+psycopg://` URL. The file is made if it is not there."""
    said = str(url_or_path)
    if "://" not in said:
        return _sqlite(Path(said), pages)
    try:
        url = make_url(said)
    except exc.ArgumentError as e:
        raise _unknown_url() from e
    if url.drivername == "sqlite" and url.database:
        return _sqlite(Path(url.database), pages)
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername != "postgresql+psycopg":
        raise _unknown_url()
    if url.password:
        raise BadInput(
            Text("数据库地址里写了密码。", "The database's address holds a password."),
            Text("把密码放进 ~/.pgpass 或 PGPASSWORD。", "Put the password into ~/.pgpass or PGPASSWORD."),
        )
    return _postgresql(url)


def _unknown_url() -> BadInput:
    return BadInput(
        Text("数据库地址看不懂。", "The database's address is not understood."),
        Text(
            "写一个文件路径，或 postgresql+psycopg://用户@主机/库名。",
            "Give a file's path, or postgresql+psycopg://USER@HOST/DATABASE.",
        ),
    )


def _sqlite(path: Path, pages: Pages) -> Engine:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Personal data: nobody else on this machine may read it. SQLite gives its -wal and -shm the same mode.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as e:
        raise _cannot_be_opened() from e
    with told():
        pages.ready(path)
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        module=pages.module,
        connect_args={"timeout": BUSY_SECONDS},
        pool_size=16,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def opened(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        pages.keyed(connection, path)
        _write_ahead(connection, pages)
        for pragma in ("synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _write_ahead(connection: sqlite3.Connection, pages: Pages) -> None:
    """SQLite itself does not wait for another process that turns the same new file to its write-ahead log."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except pages.module.OperationalError as e:
            if e.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.02)


def checkpoint(engine: Engine) -> bool:
    """SQLite's write-ahead log into the file, and emptied: false when a reader held it for too long. PostgreSQL: nothing."""
    if engine.dialect.name != "sqlite":
        return True
    until = time.monotonic() + CHECKPOINT_SECONDS
    with told(), closing(engine.raw_connection()) as raw:
        raw.cursor().execute(
            "PRAGMA busy_timeout = 10"
        )  # SQLite itself would wait for as long as a writer does
        try:
            while True:
                busy = raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
                if not busy or time.monotonic() > until:
                    return not busy
                time.sleep(0.01)
        finally:
            raw.cursor().execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")


def _postgresql(url: URL) -> Engine:
    try:
        return create_engine(url, pool_pre_ping=True, hide_parameters=True, isolation_level="REPEATABLE READ")
    except ImportError as e:
        raise BadInput(
            Text("没有安装 PostgreSQL 的驱动。", "The driver for PostgreSQL is not installed."),
            Text("运行 pip install 'mingbai[postgres]'。", "Run pip install 'mingbai[postgres]'."),
        ) from e


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One state of the database, as it was at the first query, however long the reader takes."""
    with told(), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine, lock: str) -> Iterator[Connection]:
    """All or nothing. Writers under the same `lock` take turns (on SQLite: all writers)."""
    options: dict[str, Any] = {"writes": True}
    if engine.dialect.name == "postgresql":
        options["isolation_level"] = "READ COMMITTED"  # what a writer waited for, it then sees
    with told(), engine.execution_options(**options).connect() as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            number = int.from_bytes(hashlib.sha256(f"mingbai {lock}".encode()).digest()[:8], signed=True)
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})
        yield connection


@contextmanager
def told() -> Iterator[None]:
    """A driver's error as one of ours. Never with the statement or its values: they hold personal data."""
    try:
        yield
    except (exc.OperationalError, exc.InterfaceError, exc.InternalError, exc.TimeoutError) as e:
        raise _ours(getattr(e, "orig", e)) from None
    except exc.DatabaseError as e:
        if type(e) is not exc.DatabaseError:
            raise  # a mistake of ours: a statement or a value that the database cannot accept
        raise _ours(e.orig) from None


def _ours(error: BaseException | None) -> MingbaiError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    state = getattr(error, "sqlstate", None) or ""
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) or state in ("55P03", "40P01", "40001"):
        return Busy(
            Text("数据库正被另一个导入占用。", "Another import holds the database."),
            Text("等它结束后再试。", "Try again when it has ended."),
            retry_after_seconds=int(BUSY_SECONDS),
        )
    if code == sqlite3.SQLITE_FULL or state == "53100":
        return StorageError(
            Text("磁盘已满，什么都没有改动。", "The disk is full; nothing was changed."),
            Text("腾出空间后再试。", "Make room and try again."),
        )
    if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return StorageError(
            Text("这个文件不是完好的数据库。", "The file is not a whole database."),
            Text(
                "用备份或导出的文件恢复它，或换一个路径。",
                "Restore it from a backup or an export, or give another path.",
            ),
        )
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return _cannot_be_opened()
    name = f"{type(error).__name__} {state or code or ''}".strip()
    return StorageError(
        Text(
            f"数据库没有回答（{name}），什么都没有改动。",
            f"The database did not answer ({name}); nothing was changed.",
        ),
        Text("检查它是否在运行、地址和权限是否正确。", "Check that it runs, and its address and rights."),
    )


def _cannot_be_opened() -> StorageError:
    return StorageError(
        Text("数据库文件打不开或不能写。", "The database's file cannot be opened or written."),
        Text("检查文件和文件夹的权限。", "Check the rights of the file and its folder."),
    )
