"""With `vault.page_encryption` the files of a home show no table and no row, open again after a restart, and to nobody else."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from threading import Thread

import pytest

from mingbai.cli import assemble, check_house, ledger
from mingbai.permit.consent import Consents
from mingbai.permit.register import Register
from mingbai.permit.talks.store import Talks
from mingbai.receipt.pages import HEAD
from mingbai.receipt.pages import connect as pages_connect
from mingbai.shop.records.database import connect
from mingbai.values.errors import MingbaiError, StorageError
from mingbai.values.records import Order, OrderState, Origin, Sourced
from mingbai.values.settings import Settings, VaultSettings

ON = VaultSettings(page_encryption=True)
# Tables, a state, a number and a carrier: none of them sealed by the vault, all of them in clear in a plain file.
TELLING = [b"order_line", b"customer", b"CREATE TABLE", b"SQLite format", b"shipped", b"MB20251103-0042", b"append-only", b"13800138000", "张伟".encode()]  # fmt: skip


def lived_in(settings):
    """A shop with an order, a talk and an entry in the register; what was said."""
    vault = ledger.vault(settings)
    talks, register = Talks(settings.home / "talks.db", vault), Register(settings.home / "register.db", vault)
    Consents(settings.home / "consent.db", vault.tag, vault)
    with assemble.records(settings) as records:
        order = Order("MB20251103-0042", state=OrderState.SHIPPED, recipient="张伟", phone="13800138000")
        records.take("tea", [Sourced(order, Origin("orders.csv", 2))])
        with records.reading() as reader:
            found = reader.get("tea", Order, "MB20251103-0042")
    talk = talks.begin("tea", "tea/visit/1")
    talks.say(talk, "customer", "我叫张伟，手机13800138000")
    register.add("access", "tea/customer/1", by="owner", right="PIPL 45", outcome="done", note="13800138000")
    talks.close()
    vault.close()
    return found


def told(home):
    """What the bytes of the files tell, their write-ahead logs too."""
    raw = b"".join(it.read_bytes() for it in home.glob("*.db*"))
    return [it for it in TELLING if it in raw]


def test_the_bytes_tell_nothing_and_a_restart_reads_everything(tmp_path):
    clear, settings = Settings(home=tmp_path / "a"), Settings(home=tmp_path / "b", vault=ON)
    lived_in(clear)
    assert {b"order_line", b"shipped", b"append-only"} <= set(told(clear.home))  # the list would find them
    order = lived_in(settings)
    assert told(settings.home) == []
    assert {it.name for it in settings.home.glob("*.db")} >= {
        "shop.db",
        "talks.db",
        "register.db",
        "consent.db",
    }
    with assemble.records(settings) as records, records.reading() as reader:
        assert reader.get("tea", Order, "MB20251103-0042") == order
    vault = ledger.vault(settings)
    assert [it.note for it in Register(settings.home / "register.db", vault).of("tea/customer/1")] == [
        "13800138000"
    ]
    vault.close()
    assert check_house.pages(settings).state == "ok"
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(settings.home / "shop.db").execute("SELECT * FROM sqlite_master")


def test_a_home_in_clear_is_encrypted_at_the_next_start(tmp_path):
    settings = Settings(home=tmp_path)
    order = lived_in(settings)
    later = Settings(home=tmp_path, vault=ON)
    assert check_house.pages(later).state == "warn"
    vault = ledger.vault(later)
    Talks(tmp_path / "talks.db", vault).close()
    assert Register(tmp_path / "register.db", vault).faults() == []
    Consents(tmp_path / "consent.db", vault.tag, vault)
    vault.close()
    with assemble.records(later) as records, records.reading() as reader:
        assert reader.get("tea", Order, "MB20251103-0042") == order
    assert told(tmp_path) == []
    assert check_house.pages(later).state == "ok"


def test_another_key_says_so_in_both_languages(tmp_path):
    lived_in(Settings(home=tmp_path / "a", vault=ON))
    other = Settings(home=tmp_path / "b", vault=ON)
    ledger.vault(other).close()
    shutil.copy(tmp_path / "a" / "shop.db", tmp_path / "b" / "shop.db")
    with pytest.raises(StorageError) as caught:
        assemble.records(other)
    assert "另一把密钥" in caught.value.what.zh
    assert "another key" in caught.value.what.en


def test_an_encrypted_home_does_not_open_with_the_setting_off(tmp_path):
    lived_in(Settings(home=tmp_path, vault=ON))
    off = Settings(home=tmp_path)
    with pytest.raises(StorageError) as caught:
        assemble.records(off)
    assert "vault.page_encryption" in caught.value.mend.en
    assert check_house.pages(off).state == "bad"


def test_a_new_root_key_keeps_the_pages_readable(tmp_path):
    settings = Settings(home=tmp_path, vault=ON)
    order = lived_in(settings)
    vault = ledger.vault(settings)
    vault.rewrap(b"n" * 32)
    vault.close()
    (tmp_path / "secrets" / "root.key").write_bytes(b"n" * 32)
    with assemble.records(settings) as records, records.reading() as reader:
        assert reader.get("tea", Order, "MB20251103-0042") == order


def test_two_at_once_and_a_busy_wait(tmp_path):
    """Through SQLAlchemy: readers beside a writer, and a checkpoint, as in a plain file."""
    from mingbai.shop.records import database

    vault = ledger.vault(Settings(home=tmp_path, vault=ON))
    engine = connect(tmp_path / "x.db", vault.pages)
    with database.writing(engine, "x") as writer:
        writer.exec_driver_sql("CREATE TABLE t (a)")
        with database.reading(engine) as reader:
            assert reader.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar() == 0
    assert database.checkpoint(engine)
    assert (tmp_path / "x.db").read_bytes()[:16] != HEAD
    engine.dispose()
    vault.close()


def test_who_starts_while_a_file_is_encrypted_loses_nothing(tmp_path, monkeypatch):
    """One who came before the name is the new file's waits; one who comes right after commits, and keeps its log."""
    lived_in(Settings(home=tmp_path))
    vault = ledger.vault(Settings(home=tmp_path, vault=ON))
    path, pages, replace = tmp_path / "register.db", vault.pages, os.replace
    began, said = [], []

    def start():
        try:
            said.append(pages.ready(path))
        except MingbaiError as e:
            said.append(e)

    def replaced(made, at):
        if at != path:
            replace(made, at)
            return
        began.append(Thread(target=start))
        began[0].start()
        began[0].join(0.3)
        assert began[0].is_alive()
        replace(made, at)
        pages.ready(path)
        other = pages_connect(pages, path)
        other.execute("PRAGMA journal_mode=WAL").fetchone()
        other.execute("CREATE TABLE late (a)")
        other.execute("INSERT INTO late VALUES ('committed')")
        began.append(other)

    monkeypatch.setattr("os.replace", replaced)
    pages.ready(path)
    waiting, other = began
    waiting.join(20)
    assert said == [None]
    assert path.with_name("register.db-wal").exists()
    with closing(pages_connect(pages, path)) as db:
        assert db.execute("SELECT a FROM late").fetchall() == [("committed",)]
        assert db.execute("SELECT count(*) FROM entry").fetchone() == (1,)
    other.close()
    vault.close()


def test_what_a_killed_process_left_in_its_log_is_encrypted_too(tmp_path):
    lived_in(Settings(home=tmp_path))
    path = tmp_path / "register.db"
    killed = (
        "import os, sqlite3, sys; db = sqlite3.connect(sys.argv[1], isolation_level=None); db.execute('PRAGMA journal_mode=WAL');"
        "db.execute('CREATE TABLE late (a)'); db.execute('INSERT INTO late VALUES (1)'); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", killed, path], check=True)
    assert path.with_name("register.db-wal").stat().st_size
    vault = ledger.vault(Settings(home=tmp_path, vault=ON))
    vault.pages.ready(path)
    with closing(pages_connect(vault.pages, path)) as db:
        assert db.execute("SELECT a FROM late").fetchall() == [(1,)]
    assert path.read_bytes()[:16] != HEAD
    vault.close()


@pytest.mark.parametrize("settings", [VaultSettings(), ON], ids=["clear", "encrypted"])
def test_a_file_opened_twice_keeps_its_log_when_a_command_beside_ends(tmp_path, settings):
    """As the service does: talks and rights open it. Another process that closes it must see that it is in use."""
    vault = ledger.vault(Settings(home=tmp_path, vault=settings))
    first = Talks(tmp_path / "talks.db", vault)
    talk = first.begin("tea", "tea/visit/1")
    second = Talks(tmp_path / "talks.db", vault)
    command = (
        "import sys; from pathlib import Path; from mingbai.cli import ledger; from mingbai.values.settings import *;"
        "from mingbai.permit.talks.store import Talks; home = Path(sys.argv[1]);"
        "vault = ledger.vault(Settings(home=home, vault=VaultSettings(page_encryption=sys.argv[2] == 'True')));"
        "Talks(home / 'talks.db', vault).close()"
    )
    subprocess.run([sys.executable, "-c", command, tmp_path, str(settings.page_encryption)], check=True)
    assert (tmp_path / "talks.db-wal").exists()
    first.say(talk, "customer", "你好")
    second.close()
    first.close()
    again = Talks(tmp_path / "talks.db", vault)
    assert [it.text for it in again.messages(talk.id)] == ["你好"]
    again.close()
    vault.close()


def test_nobody_writes_in_clear_to_a_file_that_is_about_to_be_overwritten(tmp_path, monkeypatch):
    lived_in(Settings(home=tmp_path))
    vault = ledger.vault(Settings(home=tmp_path, vault=ON))
    path, replace, refused = tmp_path / "register.db", os.replace, []

    def replaced(made, at):
        if at == path:
            writing = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('CREATE TABLE late (a)')"
            refused.append(subprocess.run([sys.executable, "-c", writing, path], capture_output=True).stderr)
        replace(made, at)

    monkeypatch.setattr("os.replace", replaced)
    vault.pages.ready(path)
    assert len(refused) == 1
    assert b"database is locked" in refused[0]
    vault.close()
