"""The log: grows, proves, never forgets."""

from __future__ import annotations

import sqlite3
import threading

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mingbai.receipt import merkle, note
from mingbai.receipt.log import TileLog
from mingbai.receipt.note import LOG_KEY, Signer
from mingbai.values.errors import NotFound


def named(*numbers):
    return [(f"n{i}", f"entry {i}".encode()) for i in numbers]


def head(log):
    return note.read_checkpoint(note.read(log.checkpoint()).text)


def test_an_empty_log_has_a_checkpoint(log, signer):
    assert head(log).size == 0
    assert head(log).root == merkle.EMPTY_ROOT
    assert note.read(log.checkpoint()).signed_by(signer.verifier) == 0
    assert log.faults() == []


@pytest.mark.parametrize("step", [1, 7, 256, 300])
def test_the_same_tree_however_it_grew(log, step):
    for first in range(0, 900, step):
        assert log.append(named(*range(first, min(900, first + step)))).start == first
    leaves = [merkle.leaf_hash(f"entry {i}".encode()) for i in range(900)]

    def fetch(level, at):
        return merkle.fold(leaves[at << level : (at + 1) << level])

    assert head(log).size == 900
    assert head(log).root == merkle.root(fetch, 900) == log.root(900)
    assert log.inclusion(300, 700) == merkle.inclusion(fetch, 300, 700)
    assert log.consistency(513, 900) == merkle.consistency(fetch, 513, 900)
    assert log.tile(0, 3)[:32] == leaves[768], "tlog-tiles: the fourth tile of the lowest level"
    assert len(log.tile(0, 3)) == (900 - 768) * 32
    assert log.tile(1, 0)[:32] == merkle.fold(leaves[:256])
    assert log.entry(12) == b"entry 12"
    assert log.find("n899") == 899
    assert log.find("n900") is None
    assert log.faults() == []
    with pytest.raises(NotFound):
        log.entry(900)
    with pytest.raises(ValueError, match="not reached"):
        log.inclusion(1, 901)


def test_all_of_a_batch_or_nothing(log):
    log.append(named(0, 1))
    with pytest.raises(sqlite3.IntegrityError):
        log.append(named(2, 1))
    assert log.size() == 2
    assert log.faults() == []
    assert log.append(named(2)) == range(2, 3)


def test_nothing_is_changed_or_removed(log):
    log.append(named(0, 1, 2))
    for statement in ("UPDATE entry SET body = x'00'", "DELETE FROM entry WHERE seq = 1"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            log._db.execute(statement)
    log._db.execute("DROP TRIGGER entry_stays")
    log._db.execute("UPDATE entry SET body = x'00' WHERE seq = 1")
    assert log.faults() == ["the entries do not give the checkpoint's root"]


def test_two_processes_append_to_one_log(log, signer, tmp_path):
    other = TileLog(tmp_path / "log.db", signer)

    def grow(which, name):
        for i in range(60):
            which.append([(f"{name}{i}", name.encode())])

    threads = [threading.Thread(target=grow, args=a) for a in ((log, "a"), (other, "b"), (log, "c"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert log.size() == other.size() == 180
    assert log.faults() == other.faults() == []
    assert log.inclusion(100, 180) == other.inclusion(100, 180)
    other.close()


def test_a_log_is_opened_again(log, signer, tmp_path):
    log.append(named(*range(300)))
    before = log.checkpoint()
    again = TileLog(tmp_path / "log.db", signer)
    assert again.checkpoint() == before
    again.append(named(300))
    old, new = note.read_checkpoint(note.read(before).text), head(again)
    assert merkle.extends(old.size, old.root, new.size, new.root, again.consistency(old.size, new.size))
    again.close()


def test_the_newest_checkpoint_with_witnesses_is_kept(log, witness_signer):
    log.append(named(0))
    first = log.checkpoint()
    log.append(named(1))
    second = log.checkpoint()
    for checkpoint in (second, first):
        text = note.read(checkpoint).text
        log.cosign(checkpoint, witness_signer.sign(text, at=5))
    assert note.read(log.cosigned()).text == note.read(second).text
    assert note.read(log.cosigned()).signed_by(witness_signer.verifier) == 5


def test_a_full_disk_is_told_and_leaves_the_log_as_it_was(log):
    log.append(named(0))
    pages = log._db.execute("PRAGMA page_count").fetchone()[0]
    log._db.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(sqlite3.OperationalError, match="full"):
        log.append([("large", bytes(100_000))])
    log._db.execute("PRAGMA max_page_count=100000")
    assert log.append(named(1)) == range(1, 2)
    assert log.faults() == []


def test_an_append_that_cannot_end_is_undone(log):
    log.append(named(0))
    log._db.execute("CREATE TABLE a (id INTEGER PRIMARY KEY)")
    log._db.execute("CREATE TABLE b (a INTEGER REFERENCES a DEFERRABLE INITIALLY DEFERRED)")
    log._db.execute("PRAGMA foreign_keys=ON")
    with pytest.raises(sqlite3.IntegrityError), log._writing():
        log._db.execute("INSERT INTO b VALUES (1)")  # refused by COMMIT itself
    assert log.append(named(1)) == range(1, 2)
    assert log.faults() == []


def test_a_tile_that_is_lost_is_a_fault(log):
    log.append(named(*range(5)))
    log._db.execute("DELETE FROM tile")
    assert log.faults() == ["the tiles do not give the checkpoint's root"]
    with pytest.raises(ValueError, match="not reached"):
        log.root(6)


def test_after_a_new_key_the_old_checkpoint_is_no_fault(log, signer, tmp_path):
    log.append(named(0))
    fresh = Signer(signer.name, LOG_KEY, Ed25519PrivateKey.generate())
    again = TileLog(tmp_path / "log.db", fresh)
    assert again.faults([signer.verifier]) == []
    assert again.faults() == ["the checkpoint is not signed by this log's key"]
    again.append(named(1))
    assert again.faults() == []
    again.close()


def test_a_torn_tile_is_seen_by_whoever_has_the_log_open(log):
    """What is remembered of complete subtrees does not hide what has become of the file."""
    for upto in (300, 700):
        log.append([(f"n{i}", b"%d" % i) for i in range(log.size(), upto)])
    assert log.faults() == []
    log.inclusion(5, 700)
    log._db.execute("UPDATE tile SET hashes = zeroblob(length(hashes)) WHERE level = 0 AND at = 0")
    assert log.faults() == ["a tile does not hold the hashes of its entries"]
    log._db.execute("UPDATE tile SET hashes = zeroblob(length(hashes)) WHERE level = 1 AND at = 0")
    assert "the tiles do not give the checkpoint's root" in log.faults()


def test_what_was_rolled_back_is_not_remembered(log, monkeypatch):
    log.append([(f"n{i}", b"%d" % i) for i in range(6)])
    with monkeypatch.context() as broken:
        broken.setattr(log, "_sign", lambda size: (log.__class__._sign(log, size), 1 / 0))
        with pytest.raises(ZeroDivisionError):
            log.append([(f"lost{i}", b"never") for i in range(10)])
    log.append([(f"m{i}", b"kept %d" % i) for i in range(10)])
    assert log.faults() == []
    head = note.read_checkpoint(note.read(log.checkpoint()).text)
    assert log.root(16) == head.root
