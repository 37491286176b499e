"""The database's version: up to date at every opening, in one transaction, and never run by an older program."""

from __future__ import annotations

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

from mingbai.shop.records import database
from mingbai.shop.records.tables import METADATA
from mingbai.values.errors import StorageError, Text

VERSION_TABLE = "mingbai_version"  # a PostgreSQL database may have tables of others beside ours


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", "mingbai.shop.records:migrations")
    return ScriptDirectory.from_config(config)


def up(engine: Engine, steps: ScriptDirectory | None = None, to: str = "head") -> None:
    """To the newest version, or to an older one for tests. Raises `StorageError` for a database that a newer program has written."""
    steps = steps or scripts()
    with database.reading(engine) as connection:
        if version(connection) == steps.get_current_head():
            return
    with database.writing(engine, "migrate") as connection:
        at = version(connection)
        known = {step.revision for step in steps.walk_revisions()}
        if at is not None and at not in known:
            raise _newer(at)
        if (
            at is None
            and engine.dialect.name == "sqlite"
            and (others := inspect(connection).get_table_names())
        ):
            raise _foreign(others[0])
        _run(connection, steps, to)


def version(connection: Connection) -> str | None:
    return MigrationContext.configure(
        connection, opts={"version_table": VERSION_TABLE}
    ).get_current_revision()


def _run(connection: Connection, steps: ScriptDirectory, to: str) -> None:
    """Every step in the transaction of `connection`: a step that fails leaves the database as it was."""
    with EnvironmentContext(Config(), steps) as environment:
        environment.configure(
            connection=connection,
            target_metadata=METADATA,
            version_table=VERSION_TABLE,
            transactional_ddl=True,
            fn=lambda at, _context: steps._upgrade_revs(to, at),
        )
        environment.run_migrations()


def _newer(at: str) -> StorageError:
    return StorageError(
        Text(
            f"数据库的版本 {at} 比这个程序新，没有改动它。",
            f"The database's version {at} is newer than this program; it was left as it is.",
        ),
        Text(
            "请升级 mingbai，或用旧版本写的备份。",
            "Upgrade mingbai, or use a backup that this version wrote.",
        ),
    )


def _foreign(table: str) -> StorageError:
    return StorageError(
        Text(
            f"这个文件是别的程序的数据库（有表 {table}）。",
            f"The file is another program's database (it has {table}).",
        ),
        Text("换一个路径。", "Give another path."),
    )
