"""The database's version: what the tables say is what migrations make; nothing newer, foreign or broken is touched.

A column that is new in tables.py fails the first test here, which prints the step to add.
"""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from made_up import order, rows
from sqlalchemy import inspect, text

from mingbai.shop.records import database, migrate
from mingbai.shop.records.home import Records
from mingbai.shop.records.tables import METADATA
from mingbai.values.errors import BadInput, StorageError
from mingbai.values.records import Order

BROKEN = """
import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = {head!r}
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("orders", sa.Column("weight", sa.BigInteger()))
    op.execute("DELETE FROM orders")
    op.execute("this is no SQL")
"""


def test_migrations_make_what_the_tables_say(address):
    Records.open(address).close()
    engine = database.connect(address)
    with database.reading(engine) as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                "version_table": migrate.VERSION_TABLE,
            },
        )
        missing = produce_migrations(context, METADATA).upgrade_ops
        assert missing is not None
        assert missing.is_empty(), f"add to a new file in migrations/versions:\n{render_python_code(missing)}"
        for table in METADATA.tables.values():
            made = inspect(connection).get_pk_constraint(table.name)["constrained_columns"]
            assert made == [column.name for column in table.primary_key]
    engine.dispose()


def test_a_database_of_a_newer_program_is_left_alone(address):
    with Records.open(address) as records:
        records.take("tea", rows(order("1")))
    engine = database.connect(address)
    with database.writing(engine, "test") as connection:
        connection.execute(text(f"UPDATE {migrate.VERSION_TABLE} SET version_num = '9999'"))
    with pytest.raises(StorageError, match=r"版本 9999 比这个程序新"):
        Records.open(address)
    with database.reading(engine) as connection:
        assert migrate.version(connection) == "9999"
        assert connection.execute(text("SELECT count(*) FROM orders")).scalar() == 1
    engine.dispose()


def test_a_migration_that_fails_leaves_the_database_whole(address, tmp_path):
    with Records.open(address) as records:
        records.take("tea", rows(order("1")))
    ours = migrate.scripts()
    folder = tmp_path / "steps"
    folder.mkdir()
    (folder / "next.py").write_text(BROKEN.format(head=ours.get_current_head()))
    both = ScriptDirectory(ours.dir, version_locations=[f"{ours.dir}/versions", str(folder)])
    engine = database.connect(address)
    with pytest.raises(
        StorageError if address.endswith(".db") else Exception
    ):  # PostgreSQL's driver calls it ours
        migrate.up(engine, both)
    with database.reading(engine) as connection:
        assert migrate.version(connection) == ours.get_current_head()
    engine.dispose()
    with Records.open(address) as records:
        assert records.get("tea", Order, "1").record == order("1")
        assert records.take("tea", rows(order("2")))[0].verdict == "taken"


def test_several_processes_may_open_a_new_home_at_once(address):
    ask = (
        "import sys; from mingbai.shop.records.home import Records; print(Records.open(sys.argv[1]).shops())"
    )
    openers = [
        subprocess.Popen([sys.executable, "-c", ask, address], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    said = [opener.communicate(timeout=120) for opener in openers]
    assert [out.strip() for out, _ in said] == [b"[]"] * 3, said


def test_an_open_home_stays_usable_while_another_is_importing(tmp_path):
    with Records.open(tmp_path / "shop.db") as records:
        records.take("tea", rows(order("1")))
        with database.writing(records._engine, "tea"), Records.open(tmp_path / "shop.db") as other:
            assert other.count("tea", Order) == 1


def test_the_file_is_its_owners_only(tmp_path):
    with Records.open(tmp_path / "home" / "shop.db") as records:
        records.take("tea", rows(order("1")))
        files = list((tmp_path / "home").iterdir())
        assert {file.name for file in files} == {"shop.db", "shop.db-wal", "shop.db-shm"}
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700


def test_another_programs_database_is_left_alone(tmp_path):
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE orders (number TEXT)")
    other.close()
    with pytest.raises(StorageError, match="别的程序的数据库"):
        Records.open(path)
    other = sqlite3.connect(path)
    assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("orders",)]
    other.close()


def test_a_file_that_is_no_database_is_left_alone(tmp_path):
    path = tmp_path / "shop.db"
    path.write_bytes(b"order_no,total\r\n" * 500)
    with pytest.raises(StorageError, match="不是明文的数据库：它的页被加密过，或已损坏"):
        Records.open(path)
    assert path.read_bytes() == b"order_no,total\r\n" * 500


def test_a_database_whose_tables_are_damaged_is_said_to_be(tmp_path):
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as whole:
        whole.execute("CREATE TABLE orders (number TEXT)")
    whole.close()
    path.write_bytes(path.read_bytes()[:100] + bytes([7]) * 3996 + path.read_bytes()[4096:])
    with pytest.raises(StorageError, match="不是完好的数据库"):
        Records.open(path)


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("mysql://shop@db/tea", "看不懂"),
        ("postgresql+psycopg2://shop@db/tea", "看不懂"),
        ("http://", "看不懂"),
        ("sqlite://", "看不懂"),
        ("postgresql://shop:hunter2@db/tea", "写了密码"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(address, says):
    with pytest.raises(BadInput, match=says) as refused:
        Records.open(address)
    assert "hunter2" not in str(refused.value)


def test_a_server_that_is_not_there_is_said(tmp_path):
    with pytest.raises(StorageError, match="没有回答"):
        Records.open(f"postgresql+psycopg://mingbai@/tea?host={tmp_path}")


def test_a_folder_is_no_database(tmp_path):
    with pytest.raises(StorageError, match="打不开"):
        Records.open(Path(tmp_path))
