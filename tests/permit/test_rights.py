"""The rights of persons over a whole home: to know, to take along, to correct, to be forgotten; and the register of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from mingbai.cli.access import access
from mingbai.cli.erase import erase
from mingbai.cli.export import export
from mingbai.cli.prove_erase import opens
from mingbai.cli.receipts import receipts as receipts_command
from mingbai.cli.rectify import rectify
from mingbai.cli.register import register
from mingbai.cli.retention import retention
from mingbai.permit import retention as clocks
from mingbai.permit.certificate import text_of
from mingbai.permit.vault.vault import Erased
from mingbai.prove.bench_receipts import turn
from mingbai.prove.erasure import run
from mingbai.receipt.body import commitment
from mingbai.receipt.bundle import verify
from mingbai.values.errors import BadInput, NotFound, SettingsError
from mingbai.values.money import Money
from mingbai.values.records import (
    Conversation,
    Customer,
    Order,
    OrderState,
    Origin,
    Review,
    Said,
    Shop,
    Sourced,
)

AT = datetime(2025, 11, 3, 2, tzinfo=UTC)
LI = (
    Shop("tea", "明白茶具"),
    Customer("C10001", "欧阳青禾", "13912345678", "qinghe@example.com"),
    Order(
        "1",
        state=OrderState.COMPLETED,
        customer_id="C10001",
        phone="13912345678",
        total=Money(100, "CNY"),
        created_at=AT,
    ),
    Conversation("T1", customer_id="C10001"),
    Said("T1", 1, "customer", AT, "我是青禾"),
    Review("V1", "P1", "青禾的评价", customer_id="C10001"),
    Order("2", state=OrderState.PAID, customer_id="C2", phone="13800138000", created_at=AT),
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    with opens(home) as (records, receipts, _):
        records.take("tea", [Sourced(r, Origin("a.csv", n)) for n, r in enumerate(LI, 1)])
        receipts.seal(turn(1))
    monkeypatch.setenv("MINGBAI_HOME", str(home))
    return home


def call(command, *words, code=0):
    done = CliRunner().invoke(command, [str(w) for w in words], catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done.stdout


def test_a_person_of_thousands_of_messages_leaves_nothing_behind(tmp_path):
    report = run(tmp_path, opens, messages=1200, others=20, turns=50)
    assert report.passed, report.lines()


def test_nothing_is_erased_before_it_was_said_so(home):
    shown = call(erase, "C10001")
    assert "将要删除" in shown
    assert "电子商务法" in shown
    with opens(home) as (records, _, rights):
        assert records.get("tea", Order, "1").record.phone == "13912345678"
        assert rights.register.all() == []


def test_the_certificate_is_theirs_and_says_nothing_of_them(home, tmp_path):
    done = json.loads(call(erase, "C10001", "--yes", "--json", "--certificate", tmp_path / "erasure.json"))
    assert done["done"]
    written = (tmp_path / "erasure.json").read_text()
    for word in ("C10001", "青禾", "13912345678"):
        assert word not in written
    body = json.loads(written)["receipt"]
    assert body["commit"]["subject"] == commitment(
        bytes.fromhex(done["salt"]), "subject", "tea/customer/C10001"
    )
    assert {line["store"]: line["then"] for line in body["stores"]} == {
        "shop": "erased", "openings": "erased", "talks": "erased", "sessions": "erased", "search": "erased", "memory": "erased", "consents": "kept", "register": "kept",
        "log": "kept", "keys": "erased", "backups": "unreadable",
    }  # fmt: skip
    assert "erasure" in call(receipts_command, "verify", tmp_path / "erasure.json")
    with opens(home) as (records, receipts, rights):
        assert [e.kind for e in rights.register.all()] == ["erase"]
        assert records.get("tea", Order, "2").record.phone == "13800138000"
        with pytest.raises(Erased):
            receipts.opening(turn(1).turn_no)
        with pytest.raises(NotFound, match="已经删除"):
            rights.erase("tea", "C10001", by="owner")
        with pytest.raises(NotFound, match="没有这个人"):
            rights.access("tea", "C9", by="owner")


class Killed(BaseException):
    """Stands for a kill: nothing in the program catches it."""


@pytest.mark.parametrize("at", ["vault", "receipts", "rows", "search", "consents", "note", "register"])
def test_an_erasure_that_was_killed_goes_on_and_ends_with_its_certificate(home, monkeypatch, at):
    def killed(*_, **__):
        raise Killed

    person = "tea/customer/C10001"
    with opens(home) as (_, receipts, rights):
        notice = rights.consents.publish("privacy", "zh", "我们会…", AT)
        rights.consents.record(
            person,
            "given",
            purpose="marketing",
            category="contact",
            notice=notice,
            region="CN",
            at=AT,
            how="counter",
        )
        where, name = {
            "vault": (rights.vault, "destroy_ids"), "receipts": (receipts, "forget"), "rows": (rights.rows, "forget"),
            "search": (rights, "_search_again"), "consents": (rights.consents, "end"), "note": (receipts, "note"),
            "register": (rights.register, "add"),
        }[at]  # fmt: skip
        monkeypatch.setattr(where, name, killed)
        with pytest.raises(Killed):
            rights.erase("tea", "C10001", by="owner")
    with opens(home) as (records, receipts, rights):
        done = rights.erase("tea", "C10001", by="owner")
        assert json.loads(done.certificate)["receipt"]["id"] == done.id
        assert rights.consents.live(person) == frozenset()
        assert [(e.kind, e.outcome) for e in rights.register.of(person)] == [("erase", "done")]
        assert records.get("tea", Customer, "C10001") is None
        with pytest.raises(Erased):
            receipts.opening(turn(1).turn_no)
        with pytest.raises(NotFound, match="已经删除"):
            rights.erase("tea", "C10001", by="owner")


@pytest.mark.parametrize("at", ["rows", "search", "consents", "note", "register"])
def test_an_erasure_by_an_order_that_was_killed_certifies_its_customer(home, monkeypatch, at):
    """Once the rows are forgotten the order leads to a pseudonym: the certificate is still of the person."""

    def killed(*_, **__):
        raise Killed

    person = "tea/customer/C10001"
    with opens(home) as (_, receipts, rights):
        where, name = {
            "rows": (rights.rows, "forget"), "search": (rights, "_search_again"), "consents": (rights.consents, "end"),
            "note": (receipts, "note"), "register": (rights.vault, "destroy_ids"),
        }[at]  # fmt: skip
        monkeypatch.setattr(where, name, killed)
        with pytest.raises(Killed):
            rights.erase("tea", "order:1", by="owner")
    with opens(home) as (records, _, rights):
        done = rights.erase("tea", "order:1", by="owner")
        body = json.loads(done.certificate)["receipt"]
        assert body["commit"]["subject"] == commitment(bytes.fromhex(done.salt), "subject", person)
        assert [(e.kind, e.outcome) for e in rights.register.of(person)] == [("erase", "done")]
        assert records.get("tea", Customer, "C10001") is None
        assert person not in "".join(e.note for e in rights.register.all())
        with pytest.raises(NotFound, match="已经删除"):
            rights.erase("tea", "order:1", by="owner")
        assert rights.register.faults() == []


def test_an_import_while_they_are_erased_does_not_let_an_old_file_bring_them_back(home, monkeypatch):
    rows = [Sourced(r, Origin("a.csv", n)) for n, r in enumerate(LI, 1)]
    with opens(home) as (records, _, rights):
        forget = rights.rows.forget

        def imported_first(shop, subject):
            records.take(
                "tea", [Sourced(Order("3", customer_id="C10001", phone="13912345678"), Origin("b.csv", 1))]
            )
            return forget(shop, subject)

        monkeypatch.setattr(rights.rows, "forget", imported_first)
        rights.erase("tea", "C10001", by="owner")
        assert not rights.vault.holds("tea/customer/C10001")
        records.take("tea", rows)
        assert records.get("tea", Customer, "C10001") is None


def test_consents_end_and_their_proofs_go(home):
    with opens(home) as (_, _, rights):
        consents, person = rights.consents, "tea/customer/C10001"
        notice = consents.publish("privacy", "zh", "我们会…", AT)
        consents.record(person, "given", purpose="marketing", category="contact", notice=notice, region="CN", at=AT,
                        how="counter: ticked", proof="ab" * 32)  # fmt: skip
        assert consents.history(person)[0].proof == "ab" * 32
        rights.erase("tea", "C10001", by="owner")
        assert [(c.state, c.proof) for c in consents.history(person)] == [("given", ""), ("withdrawn", "")]
        assert consents.live(person) == frozenset()
    assert b"abababab" not in (home / "consent.db").read_bytes()


def test_access_says_what_is_kept_and_by_which_law(home):
    said = call(access, "C10001")
    assert "个人信息保护法" in said
    found = json.loads(call(access, "C10001", "--json", "--by", "key:k-3"))
    assert {h["kind"]: h["count"] for h in found["held"] if h["store"] == "shop"}["said"] == 1
    assert found["receipts"] == [turn(1).turn_no]
    assert [e["by"] for e in json.loads(f"[{call(register, 'show', '--json').replace(chr(10), ',').rstrip(',')}]")] == [
        "owner", "key:k-3",
    ]  # fmt: skip


def test_all_of_it_can_be_taken_along(home, tmp_path):
    call(export, "C10001", tmp_path / "mine")
    files = {p.name: p.read_text() for p in (tmp_path / "mine").iterdir()}
    assert set(files) == {
        "customer.jsonl", "order.jsonl", "conversation.jsonl", "said.jsonl", "review.jsonl", "turn.jsonl", "consents.jsonld",
        "README.txt",
    }  # fmt: skip
    assert json.loads(files["said.jsonl"])["text"] == "我是青禾"
    assert json.loads(files["turn.jsonl"])["receipt"] == turn(1).turn_no
    assert "13800138000" not in "".join(files.values())
    with pytest.raises(BadInput, match="已经有内容"):
        call(export, "C10001", tmp_path / "mine")


def test_a_field_is_corrected(home):
    call(rectify, "C10001", "phone=13900000000", "address=杭州")
    call(rectify, "order:1", "recipient=青禾")
    with opens(home) as (records, _, rights):
        assert records.get("tea", Customer, "C10001").record.phone == "13900000000"
        assert records.get("tea", Order, "1").record.recipient == "青禾"
        with pytest.raises(BadInput, match="能更正的有"):
            rights.rectify("tea", "order:1", {"total": "0"}, by="owner")
        rights.erase("tea", "C10001", by="owner")
        with pytest.raises(BadInput, match="已删除"):
            rights.rectify("tea", "order:1", {"phone": "13900000000"}, by="owner")


def test_what_was_kept_for_its_time_goes(home):
    with opens(home) as (records, _, rights):
        assert all(due.count == 0 for due in rights.due(AT + timedelta(days=300)))
        due = {d.clock.name: d.count for d in rights.due(AT + timedelta(days=400)) if d.shop == "tea"}
        assert due == {"contact": 2, "conversation": 1, "invoice": 0}, (
            "the ended order, and who bought nothing since"
        )
    assert "到期 4 行" in call(retention, "--today", "2026-12-08"), "and what one receipt seals"
    call(retention, "--today", "2026-12-08", "--do")
    with opens(home) as (records, _, rights):
        assert records.get("tea", Order, "1").record.phone is None
        assert records.get("tea", Order, "1").record.total == Money(100, "CNY")
        assert records.get("tea", Order, "2").record.phone == "13800138000", "not ended"
        assert records.get("tea", Said, "T1", 1).record.text is None
        assert [e.kind for e in rights.register.all()] == ["retention"] * 3


def test_what_receipts_seal_goes_after_its_time_and_they_still_verify(home):
    with opens(home) as (_, receipts, rights):
        receipts.seal(replace(turn(2), now=AT + timedelta(days=100)))
        rights.expire(AT + timedelta(days=380), by="owner")
        with pytest.raises(Erased):
            receipts.opening(turn(1).turn_no)
        assert receipts.opening(turn(2).turn_no)
        for name in (turn(1).turn_no, turn(2).turn_no):
            assert verify(receipts.bundle(name), receipts.keys()).receipt["id"] == name


def test_the_owner_sets_other_days_and_nothing_else(tmp_path):
    assert clocks.clocks()["contact"].days == 365
    (tmp_path / "retention.toml").write_text("[contact]\ndays = 90\n")
    assert clocks.clocks(tmp_path)["contact"].days == 90
    for wrong in (
        "[contact]\ndays = 0\n",
        "[contcat]\ndays = 9\n",
        "[contact]\nlaw_zh = 'x'\n",
        "days = 9\n",
        "[",
    ):
        (tmp_path / "retention.toml").write_text(wrong)
        with pytest.raises(SettingsError):
            clocks.clocks(tmp_path)


def test_every_kind_of_row_has_a_clock():
    from mingbai.shop.records.shape import SHAPES
    from mingbai.shop.records.whose import KINDS

    for kind in (*(SHAPES[k].kind for k in KINDS), "action"):
        assert clocks.CLASSES[kind] in clocks.clocks()


def test_a_demand_is_entered_also_when_it_was_refused(home):
    call(register, "disclosed", "C10001", "--by", "某市公安局", "--right", "调证通知书 2026-17", "--outcome", "refused",
         "--note", "没有加盖公章，涉及青禾")  # fmt: skip
    with opens(home) as (_, _, rights):
        (entry,) = rights.register.of("tea/customer/C10001")
        assert (entry.by, entry.outcome, entry.note) == ("某市公安局", "refused", "没有加盖公章，涉及青禾")
        rights.erase("tea", "C10001", by="owner")
        assert rights.register.all()[0].note == "", "what was said of them goes; that it was asked stays"
        assert rights.register.faults() == []
        with pytest.raises(BadInput):
            rights.disclose("tea", None, by="", right="x", outcome="given")
    assert "青禾".encode() not in (home / "register.db").read_bytes()


def test_an_entry_that_was_taken_out_is_missed(home):
    import sqlite3

    with opens(home) as (_, _, rights):
        for n in range(3):
            rights.disclose("tea", None, by="owner", right=f"r{n}", outcome="given")
        db = sqlite3.connect(home / "register.db")
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            db.execute("DELETE FROM entry WHERE seq = 2")
        db.execute("DROP TRIGGER entry_is_kept")
        db.execute("DELETE FROM entry WHERE seq = 2")
        db.commit()
        db.close()
        assert rights.register.faults() == [3]


def test_a_certificate_reads_well_in_both_languages(home):
    with opens(home) as (_, _, rights):
        done = rights.erase("tea", "C10001", by="owner")
        zh, en = (text_of(done, rights.clocks, lang) for lang in ("zh", "en"))
    assert zh.startswith("个人信息删除证明")
    assert "search index · reviews: erased" in en
    assert not [c for c in en if "\u4e00" <= c <= "\u9fff"]


def test_what_was_said_at_the_counter_and_who_was_logged_in_go_too(home):
    from mingbai.serve.keys import KeyStore, Scope
    from mingbai.serve.sessions import Sessions

    with opens(home) as (_, _, rights):
        talks, sessions = rights.talks, Sessions(home / "keys.db", KeyStore(home / "keys.db"))
        talk = talks.begin("tea", "s-1", "C10001")
        talks.say(talk, "customer", "我是青禾，寄到龙井路")
        other = talks.begin("tea", "s-2", "C2")
        talks.say(other, "customer", "别人的话")
        sessions.by_link(sessions.link(Scope.CUSTOMER, shop="tea", customer="C10001", seconds=60))
        sessions.link(Scope.CUSTOMER, shop="tea", customer="C10001", seconds=60)
        sessions.link(Scope.CUSTOMER, shop="tea", customer="C2", seconds=60)
        assert rights.everything("tea", "C10001", by="owner")["talk"][0]["text"] == "我是青禾，寄到龙井路"
        rights.erase("tea", "C10001", by="owner")
        assert talks.get(talk.id).erased
        assert [said.text for said in talks.messages(talk.id)] == [None]
        assert [said.text for said in talks.messages(other.id)] == ["别人的话"]
        sessions.close()
    assert b"C10001" not in (home / "keys.db").read_bytes()
    assert b"C2" in (home / "keys.db").read_bytes()


def test_who_only_talked_is_somebody_too(home):
    with opens(home) as (_, _, rights):
        talk = rights.talks.begin("tea", "s-1", "C77")
        rights.talks.say(talk, "customer", "只是问问")
        assert {h.store: h.count for h in rights.access("tea", "C77", by="owner").held}["talks"] == 1
        rights.erase("tea", "C77", by="owner")
        with pytest.raises(NotFound, match="已经删除"):
            rights.access("tea", "C77", by="owner")


def test_old_talks_go_with_their_clock(home):
    with opens(home) as (_, _, rights):
        talk = rights.talks.begin("tea", "s-1")
        rights.talks.say(talk, "customer", "很久以前的话")
        late = datetime.now(UTC) + timedelta(days=366)
        assert [d.count for d in rights.due(late) if d.shop == "* talks"] == [1]
        rights.expire(late, by="owner")
        assert rights.talks.messages(talk.id)[0].text is None


def test_the_page_erases_by_the_same_rights(home):
    from mingbai.permit.certificate import People

    with opens(home) as (_, _, rights):
        people = People(rights)
        assert people.export("tea", "C10001")["order"][0]["order_no"] == "1"
        done = people.erase("tea", "C10001")
        assert done["bundle"]["receipt"]["kind"] == "erasure"
        assert "个人信息删除证明" in done["text"]["zh"]
        assert [e.by for e in rights.register.all()] == ["office", "office"]


def test_a_visitors_conversation_is_erased_by_its_name(home):
    one = turn(5)
    visitor = replace(
        one, focus=replace(one.focus, customer=""), admission=replace(one.admission, customer=""), conversation_no="counter.k-77",
        evidence=(),
    )  # fmt: skip
    with opens(home) as (_, receipts, rights):
        receipts.seal(visitor)
        assert rights.access("tea", "visit:counter.k-77", by="owner").receipts == (one.turn_no,)
        rights.erase("tea", "visit:counter.k-77", by="owner")
        with pytest.raises(Erased):
            receipts.opening(one.turn_no)
        assert receipts.opening(turn(1).turn_no)


def test_the_owners_export_of_the_shop_is_in_clear_but_for_the_erased(home, tmp_path):
    call(export, tmp_path / "all")
    orders = (tmp_path / "all" / "order.jsonl").read_text()
    assert "13912345678" in orders
    assert "13800138000" in orders
    call(erase, "C10001", "--yes")
    call(export, tmp_path / "later")
    orders = (tmp_path / "later" / "order.jsonl").read_text()
    assert "13912345678" not in orders
    assert "13800138000" in orders


def test_a_shop_that_tells_its_own_time_is_old_by_that(home):
    from mingbai.shop.clock import CLOCK

    with opens(home) as (records, _, rights):
        assert sum(d.count for d in rights.due()) > 0, "it is long after November 2025"
        told = Shop("tea", "明白茶具", facts=((CLOCK, "2025-11-12T10:00:00+08:00"),))
        records.take("tea", [Sourced(told, Origin("a.csv", 1))])
        assert sum(d.count for d in rights.due()) == 0
