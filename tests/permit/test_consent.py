"""Consents: newest counts, nothing is changed, a person is no name in it."""

from __future__ import annotations

import hmac
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingbai.permit.consent import Consents, Notice, dpv
from mingbai.values.errors import BadInput, NotFound

NOON = datetime(2025, 11, 12, 4, tzinfo=UTC)
HER, HIM = "tea/customer/C10001", "tea/customer/C10002"


@pytest.fixture
def consents(tmp_path):
    return Consents(tmp_path / "consent.db", lambda person: hmac.digest(b"k" * 32, person.encode(), "sha256"))


@pytest.fixture
def notice(consents):
    return consents.publish("training", "zh", "我们会用遮蔽后的对话改进回答。", NOON)


def said(consents, notice, person, state, purpose="training", minute=0):
    return consents.record(
        person, state, purpose=purpose, category="conversation", notice=notice, region="CN",
        at=NOON + timedelta(minutes=minute), how="counter: ticked",
    )  # fmt: skip


def test_the_newest_word_counts(consents, notice):
    assert consents.live(HER) == frozenset()
    first = said(consents, notice, HER, "given")
    assert (consents.live(HER), consents.live(HIM)) == (frozenset({"training"}), frozenset())
    second = said(consents, notice, HER, "withdrawn", minute=1)
    assert consents.live(HER) == frozenset()
    assert (second.supersedes, second.state) == (first.seq, "withdrawn")
    said(consents, notice, HER, "given", minute=2)
    assert consents.live(HER) == frozenset({"training"})
    assert [row.state for row in consents.history(HER)] == ["given", "withdrawn", "given"]


def test_what_was_never_given_cannot_be_withdrawn(consents, notice):
    for state in ("refused", "withdrawn"):
        if state == "withdrawn":
            with pytest.raises(BadInput):
                said(consents, notice, HER, state)
        else:
            said(consents, notice, HER, state)
    assert [row.state for row in consents.history(HER)] == ["refused"]
    with pytest.raises(BadInput):
        said(consents, notice, HER, "given", purpose="anything")


def test_another_word_is_another_version(consents, notice):
    assert consents.publish("training", "zh", "我们会用遮蔽后的对话改进回答。", NOON) == notice
    changed = consents.publish("training", "zh", "我们会用对话改进回答。", NOON)
    assert (changed.version, changed.sha256 != notice.sha256) == (2, True)
    assert consents.newest("training", "zh") == changed
    assert consents.notice("training", 1, "zh") == "我们会用遮蔽后的对话改进回答。"
    with pytest.raises(NotFound):
        consents.newest("training", "en")


def test_rows_are_only_added_and_name_nobody(consents, notice, tmp_path):
    said(consents, notice, HER, "given")
    with sqlite3.connect(tmp_path / "consent.db") as db:
        for statement in ("UPDATE consent SET state = 'given'", "DELETE FROM consent", "DELETE FROM notice"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                db.execute(statement)
    with pytest.raises(sqlite3.IntegrityError):
        said(consents, Notice("no such", 1, "zh", ""), HER, "given")
    stored = b"".join(p.read_bytes() for p in tmp_path.iterdir())
    assert b"C10001" not in stored


def test_the_record_in_the_terms_of_dpv(consents, notice):
    said(consents, notice, HER, "given")
    said(consents, notice, HER, "withdrawn", minute=5)
    given, withdrawn = dpv(consents.history(HER), "明白茶具")["@graph"]
    assert given["dpv:hasConsentStatus"] == "dpv:ConsentGiven"
    assert given["dpv:hasNotice"] == "training v1 (zh)"
    assert withdrawn["dct:replaces"] == given["@id"]
    assert withdrawn["dpv:isIndicatedAtTime"] == "2025-11-12T04:05:00+00:00"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(
    st.lists(
        st.tuples(st.sampled_from([HER, HIM]), st.sampled_from(["training", "marketing"]), st.booleans()),
        max_size=8,
    )
)
def test_the_state_is_what_was_said_last(consents, notice, acts):
    now = {person: set(consents.live(person)) for person in (HER, HIM)}
    for person, purpose, gives in acts:
        if gives:
            said(consents, notice, person, "given", purpose)
            now[person].add(purpose)
        elif purpose in now[person]:
            said(consents, notice, person, "withdrawn", purpose)
            now[person].discard(purpose)
        else:
            said(consents, notice, person, "refused", purpose)
    assert {person: set(consents.live(person)) for person in (HER, HIM)} == now


def test_who_remembers_consents_sees_what_was_taken_back_since(consents, notice):
    assert (consents.newest_seq(), consents.given(HER, "training")) == (0, None)
    first = said(consents, notice, HER, "given")
    said(consents, notice, HIM, "given", minute=1)
    assert consents.given(HER, "training") == first
    assert consents.given(HER, "marketing") is None
    seen = consents.newest_seq()
    assert consents.ended("training", seen) == []
    said(consents, notice, HER, "withdrawn", minute=2)
    said(consents, notice, HIM, "withdrawn", minute=3)
    said(consents, notice, HIM, "given", minute=4)
    assert consents.given(HER, "training") is None
    her, him = (hmac.digest(b"k" * 32, person.encode(), "sha256") for person in (HER, HIM))
    assert consents.ended("training", seen) == [(her, seen + 1), (him, seen + 2)]
    assert consents.ended("training", seen + 1) == [(him, seen + 2)]
    assert consents.ended("marketing", 0) == []
