"""The file of talks: where a long one's end begins, places in the line, and what a tampered word is."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mingbai.permit.talks.plans import Plans
from mingbai.permit.talks.store import Talks
from mingbai.permit.vault.vault import Erased, Tampered, Vault


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


@pytest.fixture
def talks(tmp_path: Path):
    made = Talks(tmp_path / "talks.db", Vault(tmp_path / "persons.db", bytes(32)), Clock())
    yield made
    made.close()


def test_the_end_of_a_long_talk_begins_at_whole_steps(talks: Talks) -> None:
    talk = talks.begin("tea", "s-1")
    begins = []
    for n in range(30):
        talks.say(talk, "customer", f"{n}")
        begins.append(int(talks.tail(talk.id, 10, 4)[0].text or ""))
    assert begins[:10] == [0] * 10
    assert begins[10:22] == [4] * 4 + [8] * 4 + [12] * 4
    assert [m.text for m in talks.tail(talk.id, 10, 4)][-1] == "29"


def test_places_in_the_line_are_by_who_came_first(talks: Talks) -> None:
    made = [talks.begin("tea", f"s-{n}") for n in range(3)]
    waiting = [talks.move(talk, "waiting", reason="asked") for talk in reversed(made)]
    assert [talks.line(talk) for talk in waiting] == [(1, 3), (2, 3), (3, 3)]
    other = talks.move(talks.begin("silk", "s-9"), "waiting")
    assert talks.line(other) == (1, 1)
    talks.move(waiting[0], "staff", by="k1")
    assert talks.line(talks.get(waiting[1].id)) == (1, 2)
    assert talks.line(talks.get(waiting[0].id)) == (0, 2)
    assert [t.id for t in talks.listed("tea", ("waiting", "staff"))][:2] == [waiting[1].id, waiting[2].id]


def test_words_of_one_talk_cannot_be_put_into_another(talks: Talks, tmp_path: Path) -> None:
    one, two = talks.begin("tea", "s-1", "C1"), talks.begin("tea", "s-2", "C1")
    talks.say(one, "customer", "取消")
    talks.say(two, "customer", "你好")
    with sqlite3.connect(tmp_path / "talks.db") as db:
        db.execute(
            "UPDATE message SET sealed = (SELECT sealed FROM message WHERE talk = ?) WHERE talk = ?",
            (one.id, two.id),
        )
    with pytest.raises(Tampered):
        talks.messages(two.id)


def test_an_answer_that_ends_after_its_person_was_erased_is_not_kept(talks: Talks, tmp_path: Path) -> None:
    """The desk began to answer, the office erased, the desk went on: with the conversation as it was before."""
    before = talks.begin("tea", "s-1", "C1")
    talks.say(before, "customer", "我的地址？")
    vault = Vault(tmp_path / "persons.db", bytes(32))
    vault.destroy(before.person)
    talks.forget(before.person)
    with pytest.raises(Erased):
        talks.say(before, "desk", "您的地址是龙井路1号")
    with pytest.raises(Erased):
        talks.attach(before, "image/png", b"\x89PNG")
    talks.focus(before, "MB20251103-0042", "", "zh")
    talks.move(before, "staff", by="k1")
    after = talks.get(before.id)
    assert after.erased
    assert (after.customer, after.order) == ("", "")
    assert [m.text for m in talks.messages(before.id) if m.who != "notice"] == [None]
    assert talks.of_holder("s-1") is None


def test_a_dry_run_waits_over_a_restart_sealed_and_not_for_long(talks: Talks, tmp_path: Path) -> None:
    vault, at = Vault(tmp_path / "persons.db", bytes(32)), [1000.0]
    told = {"skill": "change_address", "zh": "改到龙井路1号"}
    talk = talks.begin("tea", "s-1", "C1")
    Plans(tmp_path / "plans.db", talks, vault, lambda: at[0]).keep("P1", talk.id, told, 1800)
    again = Plans(tmp_path / "plans.db", talks, vault, lambda: at[0])
    assert again.find("P1") == told
    assert again.find("P2") is None
    assert "龙井路".encode() not in (tmp_path / "plans.db").read_bytes()
    again.keep("P3", "k-gone", told, 1800)
    assert again.find("P3") is None  # about no conversation
    at[0] += 1801
    assert again.find("P1") is None
    again.keep("P4", talk.id, told, 1800)
    with sqlite3.connect(tmp_path / "plans.db") as db:
        assert db.execute("SELECT id FROM plan").fetchall() == [("P4",)]
    vault.destroy(talk.person)
    assert again.find("P4") is None
