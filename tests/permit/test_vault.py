"""The vault: what a person's key sealed, only that key opens; destroying it is the erasure."""

from __future__ import annotations

import shutil
import sqlite3
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingbai.permit.vault.vault import Erased, Tampered, Vault, root_key

ROOT = bytes(range(32))
SECRET = "张三的电话是 13800138000"


@pytest.fixture
def vault(tmp_path):
    made = Vault(tmp_path / "keys.db", ROOT)
    yield made
    made.close()


def test_what_is_sealed_is_opened_only_for_what_it_belongs_to(vault):
    sealed = vault.seal("tea/C10001", SECRET.encode(), b"turn-1")
    assert SECRET.encode() not in sealed
    assert b"C10001" not in sealed
    assert vault.open(sealed, b"turn-1").decode() == SECRET
    with pytest.raises(Tampered):
        vault.open(sealed, b"turn-2")
    assert vault.seal("tea/C10001", SECRET.encode(), b"turn-1") != sealed, "never the same nonce"


def test_a_destroyed_key_erases_everywhere(vault, tmp_path):
    hers, his = vault.seal("a", b"hers", b"x"), vault.seal("b", b"his", b"x")
    assert vault.destroy("a") == 1
    assert vault.destroy("a") == 0
    with pytest.raises(Erased):
        vault.open(hers, b"x")
    assert vault.open(his, b"x") == b"his"
    again = vault.seal("a", b"she came back", b"x")
    assert vault.open(again, b"x") == b"she came back"
    with pytest.raises(Erased):
        vault.open(hers, b"x")


def test_the_wrapped_key_is_gone_from_the_file(vault, tmp_path):
    vault.seal("a", b"hers", b"x")
    wrapped = vault._db.execute("SELECT wrapped FROM key").fetchone()[0]
    everything = lambda: b"".join(p.read_bytes() for p in tmp_path.iterdir())  # noqa: E731
    assert wrapped in everything()
    vault.destroy("a")
    assert wrapped not in everything()


def test_another_process_destroys(vault, tmp_path):
    vault.seal("a", b"1", b"x")
    other = Vault(tmp_path / "keys.db", ROOT)
    other.destroy("a")
    other.close()
    assert vault.open(vault.seal("a", b"2", b"x"), b"x") == b"2", "a new key, not the destroyed one"
    assert vault._db.execute("SELECT count(*), count(wrapped) FROM key").fetchone() == (2, 1)


def test_a_backup_of_the_data_without_the_keys_is_nothing(vault, tmp_path):
    sealed = vault.seal("a", b"hers", b"x")
    shutil.copy(tmp_path / "keys.db", tmp_path / "backup.db")
    vault.destroy("a")
    restored = Vault(tmp_path / "backup.db", ROOT)
    assert restored.open(sealed, b"x") == b"hers", "so the file of keys has a short backup life of its own"
    restored.close()
    with pytest.raises(Tampered):
        Vault(tmp_path / "backup.db", bytes(32))


def test_another_root_key(vault, tmp_path):
    sealed = vault.seal("a", b"hers", b"x")
    assert vault.rewrap(bytes(32)) == 1
    assert vault.open(sealed, b"x") == b"hers"
    again = Vault(tmp_path / "keys.db", bytes(32))
    assert again.open(sealed, b"x") == b"hers"
    assert again.holds("a")
    again.close()
    with pytest.raises(Tampered):
        Vault(tmp_path / "keys.db", ROOT)


@given(st.binary(max_size=200), st.data())
def test_no_altered_byte_opens(tmp_path_factory, plain, data):
    vault = Vault(tmp_path_factory.mktemp("v") / "keys.db", ROOT)
    sealed = bytearray(vault.seal("a", plain, b"x"))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises((Tampered, Erased)):
        vault.open(bytes(sealed), b"x")
    vault.close()


def test_the_root_key_is_made_once_and_is_ours_alone(tmp_path):
    path = tmp_path / "secrets" / "root.key"
    made = root_key(path)
    assert root_key(path) == made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_bytes(b"short")
    with pytest.raises(Tampered):
        root_key(path)


def test_another_process_changed_the_root_key(vault, tmp_path):
    other = Vault(tmp_path / "keys.db", ROOT)
    vault.rewrap(bytes(32))
    with pytest.raises(Tampered):
        other.seal("new", b"would be lost", b"x")  # its key would be wrapped by a root key that is no more
    assert not vault.holds("new")
    other.close()
    with pytest.raises(ValueError, match="32 bytes"):
        vault.rewrap(b"short")
    assert vault.open(vault.seal("new", b"1", b"x"), b"x") == b"1"


def test_not_every_visitor_stays_in_memory(vault, monkeypatch):
    monkeypatch.setattr("mingbai.permit.vault.vault.KEYS_KEPT", 3)
    first = vault.seal("v0", b"1", b"x")
    for i in range(1, 6):
        vault.seal(f"v{i}", b"1", b"x")
    assert len(vault._known) == 3
    assert vault.open(first, b"x") == b"1"
    assert vault.seal("v0", b"1", b"x")[1:9] == first[1:9], "still the same key"


def test_a_full_disk_is_told(vault):
    vault.seal("a", b"1", b"x")
    pages = vault._db.execute("PRAGMA page_count").fetchone()[0]
    vault._db.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(sqlite3.OperationalError, match="full"):  # noqa: PT012
        for i in range(500):
            vault.seal(f"p{i}", b"1", b"x")
    vault._db.execute("PRAGMA max_page_count=100000")
    assert vault.open(vault.seal("b", b"1", b"x"), b"x") == b"1"


def test_a_secret_for_another_use_lives_as_long_as_its_person(vault, tmp_path):
    mine = vault.derived("p", b"training")
    assert mine == vault.derived("p", b"training")
    assert len({mine, vault.derived("p", b"other"), vault.derived("q", b"training")}) == 3
    other = Vault(tmp_path / "keys.db", ROOT)
    assert other.derived("p", b"training") == mine
    other.close()
    vault.destroy("p")
    assert vault.derived("p", b"training") != mine, "a new person of that name, with nothing of the old one"
