"""The register: one entry an hour for whoever looks, and rows that are taken off its end are missed."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest

from mingbai.permit.register import Register
from mingbai.permit.vault.vault import Vault

AT = datetime(2026, 11, 26, 10, 5, tzinfo=UTC)
LI, WANG = "tea/customer/1", "tea/customer/2"


@pytest.fixture
def vault(tmp_path):
    made = Vault(tmp_path / "persons.db", bytes(32))
    yield made
    made.close()


@pytest.fixture
def register(tmp_path, vault):
    return Register(tmp_path / "register.db", vault)


def looks(register, persons, *, by="staff:k-1", data="conversation", at=AT):
    return register.seen(persons, by=by, data=data, purpose="service", at=at)


def test_who_looks_ten_times_an_hour_is_entered_once(register, tmp_path, vault):
    assert [looks(register, [LI], at=AT + timedelta(minutes=n)) for n in range(10)] == [1] + [0] * 9
    again = Register(tmp_path / "register.db", vault)  # after a restart, too
    assert looks(again, [LI], at=AT + timedelta(minutes=20)) == 0
    assert looks(again, [LI], at=AT + timedelta(hours=1)) == 1
    assert looks(again, [LI], by="staff:k-2") == 1
    assert looks(again, [LI], data="order") == 1
    assert looks(again, [LI, WANG, WANG], at=AT + timedelta(hours=2)) == 2
    said = [(e.kind, e.by, e.right, e.outcome) for e in again.of(LI)]
    assert said[0] == ("view", "staff:k-1", "purpose:service", "shown:conversation")
    assert len(again.of(LI)) == 5
    assert len(again.of(WANG)) == 1
    assert again.faults() == []


def test_two_at_once_enter_one(register, tmp_path, vault):
    other = Register(tmp_path / "register.db", vault)
    at_once = [Thread(target=looks, args=(each, [LI, WANG])) for each in (register, other) for _ in range(4)]
    for each in at_once:
        each.start()
    for each in at_once:
        each.join()
    assert len(register.all()) == 2
    assert register.faults() == []


def shortened(path, keep):
    with sqlite3.connect(path) as db:
        db.execute("DROP TRIGGER entry_is_kept")
        db.execute("DELETE FROM entry WHERE seq > ?", (keep,))
    db.close()


@pytest.mark.parametrize("keep", [0, 1, 2])
def test_a_tail_that_was_cut_off_is_missed(register, tmp_path, vault, keep):
    for n in range(3):
        register.add("access", LI, by="owner", right=f"r{n}", outcome="given")
    assert register.faults() == []
    shortened(tmp_path / "register.db", keep)
    assert register.faults() == [3]
    later = Register(tmp_path / "register.db", vault)
    assert later.faults() == [3]
    # a new entry in the place of the old one is not it
    if keep == 2:
        later.add("access", LI, by="owner", right="another", outcome="given")
        assert later.faults() == [3]


def test_a_head_that_somebody_wrote_or_took_away_is_no_head(register, tmp_path, vault):
    register.add("access", LI, by="owner", right="r", outcome="given")
    head = tmp_path / "register.head"
    genuine = head.read_text()
    head.write_text(genuine.replace("1 ", "0 ", 1))
    assert register.faults() == [0]
    head.unlink()
    assert Register(tmp_path / "register.db", vault).faults() == [0]
    head.write_text(genuine)
    assert register.faults() == []


@pytest.mark.parametrize("left", [None, "", "0 - 00\n"])
def test_no_later_entry_heals_a_register_whose_tail_and_head_were_taken(register, tmp_path, vault, left):
    for n in range(3):
        register.add("access", LI, by="owner", right=f"r{n}", outcome="given")
    shortened(tmp_path / "register.db", 1)
    head = tmp_path / "register.head"
    if left is None:
        head.unlink()
    else:
        head.write_text(left)
    register.add("access", LI, by="owner", right="later", outcome="given")
    assert looks(register, [LI]) == 1
    assert register.faults() == [0]
    with sqlite3.connect(tmp_path / "register.db") as db:
        db.execute("PRAGMA user_version=0")  # as if it were new
    db.close()
    later = Register(tmp_path / "register.db", vault)
    later.add("access", LI, by="owner", right="after a restart", outcome="given")
    assert later.faults() == [0]


def test_an_entry_that_was_rewritten_with_all_after_it_is_missed(register, tmp_path):
    """The chain alone needs no key: who rewrites it all is found by the head."""
    register.add("access", LI, by="owner", right="r", outcome="refused")
    with sqlite3.connect(tmp_path / "register.db") as db:
        db.execute("DROP TRIGGER entry_stays")
        db.execute("UPDATE entry SET outcome = 'given'")
    db.close()
    assert register.faults() == [1]
