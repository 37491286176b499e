"""Rows are taken by consent or licence, masked, once each; what is held out was seen by no other row."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingbai.learn import dataset, generate, select
from mingbai.learn.rows import Agreed, Candidate, Licensed
from mingbai.permit.consent import Consent, Consents, Purpose
from mingbai.permit.mask import Detector
from mingbai.permit.vault.vault import Vault
from mingbai.turn.understand.ask import labels
from mingbai.values.errors import BadInput
from mingbai.values.turn import Intent

AT = datetime(2025, 11, 1, tzinfo=UTC)
LIN, WANG = "tea/customer/C1", "tea/customer/C2"
WORD = {intent: word for word, intent in labels().items()}


class Home:
    """A vault and a ledger in a folder."""

    def __init__(self, folder: Path) -> None:
        self.vault = Vault(folder / "vault" / "persons.db", bytes(32))
        self.consents = Consents(folder / "consent.db", self.vault.tag, self.vault)
        self.notice = self.consents.publish("training", "zh", "可以用您的话来教我们的模型吗？", AT)

    def said(
        self, person: str, state: str, purpose: str = "training", category: str = "conversation"
    ) -> None:
        self.consents.record(
            person, state, purpose=purpose, category=category, notice=self.notice, region="CN", at=AT, how="counter: ticked",
        )  # type: ignore[arg-type]  # fmt: skip

    def chosen(self, *candidates: Candidate) -> select.Selection:
        return select.select(candidates, self.consents, self.vault, Detector())


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def chat(person: str, text: str, label: str = "物流") -> Candidate:
    return Candidate("intent", text, label, "conversation", person)


def ours(text: str, label: str = "物流", licence: str = "Apache-2.0", template: str = "") -> Candidate:
    return Candidate("intent", text, label, "own", licence=licence, template=template)


def test_only_who_agrees_to_training_now_is_learned_from(home: Home) -> None:
    home.said(LIN, "given")
    home.said(WANG, "given", purpose="service")
    chosen = home.chosen(chat(LIN, "我的壶到哪了"), chat(WANG, "包裹呢"), chat("tea/customer/C3", "到了没"))
    (row,) = chosen.rows
    assert row.text == "我的壶到哪了"
    assert isinstance(row.ground, Agreed)
    assert (row.ground.consent, row.ground.notice, row.ground.version) == (1, "training", 1)
    assert row.subject == home.vault.tag(LIN).hex()
    assert chosen.left_out == {"no live consent": 2}

    home.said(LIN, "withdrawn")
    assert home.chosen(chat(LIN, "我的壶到哪了")).rows == ()


def test_a_consent_for_other_data_is_none_for_conversations(home: Home) -> None:
    home.said(LIN, "given", category="order")
    assert home.chosen(chat(LIN, "我的壶到哪了")).left_out == {"consent for other data": 1}
    both = replace(chat(LIN, "我的壶到哪了"), category="conversation,order")
    for said, taken in (("conversation", 0), ("order", 0), ("order, conversation", 1)):
        home.said(LIN, "given", category=said)
        assert len(home.chosen(both).rows) == taken


def test_a_licence_stands_in_for_nobodys_consent(home: Home) -> None:
    claimed = Candidate("intent", "壶呢", "物流", "conversation", WANG, licence="Apache-2.0")
    nobody = Candidate("intent", "壶在哪", "物流", "conversation", "", licence="Apache-2.0")
    unknown = ours("壶走到哪", licence="all rights reserved")
    chosen = home.chosen(claimed, nobody, unknown, ours("壶发了没"))
    assert [row.ground for row in chosen.rows] == [Licensed("Apache-2.0")]
    assert chosen.left_out == {"no licence": 1, "no live consent": 1, "nobody's consent can be asked": 1}


def test_a_choice_teaches_no_pseudonym_that_its_facts_do_not_hold(home: Home) -> None:
    home.said(LIN, "given", category="conversation,order")
    phone = "电话 13912345678。"

    def choice(facts: str, words: str) -> Candidate:
        return Candidate("preference", facts, words, "correction", LIN, "conversation,order", rejected=facts)

    named = choice("茶壶有货。", "亲，茶壶有货，请打 13912345678 呢。")
    goods = choice("Spare Parts, two: in stock.", "Hi dear, Spare Parts and more, two: in stock. Thank you!")
    kept = choice(f"收货人{phone}", f"亲，收货人{phone}")
    chosen = home.chosen(named, goods, kept)
    (row,) = chosen.rows
    assert "⟦" in row.text
    assert set(re.findall("⟦[^⟧]*⟧", row.completion)) == set(re.findall("⟦[^⟧]*⟧", row.text))
    assert chosen.left_out == {"staff's words masked, the facts not": 2}


def test_personal_data_is_masked_before_it_is_a_row(home: Home) -> None:
    home.said(LIN, "given")
    home.said(WANG, "given")
    one, other = home.chosen(
        chat(LIN, "我叫林晓雯，电话13912345678，壶到哪了"), chat(WANG, "电话13912345678，壶呢")
    ).rows
    for row in (one, other):
        assert "13912345678" not in row.text
        assert "林晓雯" not in row.text
        assert "⟦" in row.text
    first, second = (set(re.findall("⟦手机[^⟧]*⟧", row.text)) for row in (one, other))
    assert first
    assert second
    assert not first & second  # the same telephone of two persons is two pseudonyms
    assert "林晓雯" not in repr(one)
    assert "壶" not in repr(one)


def test_what_reads_alike_is_one_row_and_rather_ours_than_a_persons(home: Home) -> None:
    home.said(LIN, "given")
    chosen = home.chosen(chat(LIN, "壶，到哪了？"), ours("壶到哪了"), ours("壶 到哪了！"))
    (row,) = chosen.rows
    assert row.source == "own"
    assert chosen.left_out == {"duplicate": 2}


def test_what_is_said_to_mean_two_things_teaches_nothing(home: Home) -> None:
    chosen = home.chosen(ours("这个呢", "物流"), ours("这个呢？", "价格"), ours("多少钱", "价格"))
    assert [row.text for row in chosen.rows] == ["多少钱"]
    assert chosen.left_out == {"said to mean two things": 2}


def test_languages_are_told_apart(home: Home) -> None:
    rows = home.chosen(ours("我的壶到哪了"), ours("我的壺到哪了呢"), ours("where is my pot")).rows
    assert sorted(row.lang for row in rows) == ["en", "zh-Hans", "zh-Hant"]


PERSONS = st.sampled_from(["", "", "tea/customer/C1", "tea/customer/C2", "tea/customer/C3"])
WORDS = st.lists(
    st.sampled_from(["壶", "壺", "到哪了", "12", "34", "？", " ", "where", "Where", "退"]),
    min_size=1,
    max_size=4,
).map("".join)


class Everybody:
    """Persons who all agreed, without files."""

    def given(self, person: str, purpose: Purpose) -> Consent | None:
        return Consent(
            1, purpose, "conversation", "training", 1, "zh", "CN", "consent", "given", AT, "", "", None
        )

    def derived(self, person: str, what: bytes) -> bytes:
        return person.encode().ljust(32, b".")

    def tag(self, person: str) -> bytes:
        return person.encode()


@given(st.lists(st.tuples(PERSONS, WORDS, st.sampled_from(["", "a", "b", "c"])), max_size=24), st.randoms())
@settings(deadline=None, max_examples=150)
def test_nothing_of_the_held_out_part_leaks_into_the_other(
    drawn: list[tuple[str, str, str]], dice: random.Random
) -> None:
    candidates = [
        chat(person, text) if person else ours(text, template=template) for person, text, template in drawn
    ]
    everybody, detector = Everybody(), Detector()
    rows = select.select(candidates, everybody, everybody, detector, held_out_percent=50).rows
    sides: dict[str, set[str]] = {}
    for row in rows:
        for group in select.groups(row):
            sides.setdefault(group, set()).add(row.part)
    assert all(len(parts) == 1 for parts in sides.values())

    shuffled = dice.sample(candidates, len(candidates))
    again = select.select(shuffled, everybody, everybody, detector, held_out_percent=50).rows
    assert dataset.digest_of(again) == dataset.digest_of(rows)


def test_our_lines_teach_every_intent_in_many_ways_and_two_languages(home: Home) -> None:
    rows = home.chosen(*generate.own()).rows
    for intent in Intent:
        mine = [row for row in rows if row.completion == WORD[intent]]
        assert len(mine) >= 40, intent
        assert {row.lang for row in mine} == {"zh-Hans", "zh-Hant", "en"}, intent
        assert {row.part for row in mine} == {"train", "held_out"}, intent
    assert not any("{" in row.text for row in rows)


def test_a_draw_is_even_takes_peoples_words_first_and_is_the_same_again(home: Home) -> None:
    home.said(LIN, "given")
    chosen = home.chosen(chat(LIN, "俺那只青瓷小壶可咋还不来哩"), *generate.own()).rows
    few = select.drawn(chosen, 46)
    assert len({row.completion for row in few}) == len(Intent)
    assert few == select.drawn(tuple(reversed(chosen)), 46)
    assert any(row.subject for row in few)


def test_a_dataset_says_of_every_row_by_what_right_it_is_there(home: Home, tmp_path: Path) -> None:
    home.said(LIN, "given")
    secret = "俺那只青瓷小壶可咋还不来哩"
    chosen = home.chosen(chat(LIN, secret), ours("壶发了没"), ours("多少钱呀", "价格"))
    made = dataset.write(tmp_path / "sets", chosen, "tea", home.vault, AT)
    assert {line["ground"] for line in made.manifest["rows"]} == {"consent:1", "licence:Apache-2.0"}  # type: ignore[union-attr, index, call-overload]
    assert made.manifest["consents"][0]["notice"] == "training"  # type: ignore[index, call-overload]
    for file in made.folder.iterdir():
        assert secret.encode() not in file.read_bytes()
        assert file.stat().st_mode & 0o077 == 0
    again = dataset.read(made.folder, home.vault)
    assert again.rows == tuple(sorted(chosen.rows, key=lambda row: row.id))

    assert dataset.write(tmp_path / "sets", chosen, "tea", home.vault).folder == made.folder
    home.vault.destroy(LIN)
    left = dataset.read(made.folder, home.vault)
    assert left.unreadable == 1
    assert [row.source for row in left.rows] == ["own", "own"]


def test_a_dataset_of_who_took_it_back_loses_its_rows_and_keeps_its_manifest(
    home: Home, tmp_path: Path
) -> None:
    home.said(LIN, "given")
    both = dataset.write(tmp_path, home.chosen(chat(LIN, "俺那只壶"), ours("壶发了没")), "tea", home.vault)
    mine = dataset.write(tmp_path, home.chosen(ours("壶发了没")), "tea", home.vault)
    assert dataset.without(tmp_path, home.consents.ended("training", 0)) == []
    home.said(LIN, "withdrawn")
    assert dataset.without(tmp_path, home.consents.ended("training", 0)) == [both.folder.name]
    assert sorted(file.name for file in both.folder.iterdir()) == ["manifest.json"]
    assert dataset.read(mine.folder, home.vault).rows == mine.rows


def test_a_dataset_that_was_left_half_written_goes_with_anybodys_withdrawal(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.said(LIN, "given")
    chosen = home.chosen(chat(LIN, "俺那只壶"), ours("壶发了没"))
    half = dataset.write(tmp_path, chosen, "tea", home.vault)
    (half.folder / "manifest.json").unlink()  # as versions before this one left it
    (half.folder / ".teacher-t.parquet").write_bytes(b"killed while it was written")
    assert dataset.without(tmp_path, home.consents.ended("training", 0)) == []
    home.said(WANG, "refused")
    assert dataset.without(tmp_path, home.consents.ended("training", 0)) == [half.folder.name]
    assert list(half.folder.iterdir()) == []

    replace, at = Path.replace, iter((1, 0))

    def killed(self: Path, target: Path) -> Path:
        if not next(at):
            raise KeyboardInterrupt
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        dataset.write(tmp_path, chosen, "tea", home.vault)
    assert sorted(it.name for it in half.folder.iterdir()) == [".rows.parquet", "manifest.json"]
    assert dataset.without(tmp_path, home.consents.ended("training", 0)) == []  # hers is known: she agrees
    home.said(LIN, "withdrawn")
    assert dataset.without(tmp_path, home.consents.ended("training", 0)) == [half.folder.name]
    assert [it.name for it in half.folder.iterdir()] == ["manifest.json"]


def test_a_dataset_that_was_changed_is_refused(home: Home, tmp_path: Path) -> None:
    made = dataset.write(tmp_path, home.chosen(ours("壶发了没")), "tea", home.vault, AT)
    for name, old, new in (
        ("manifest.json", b"licence:Apache-2.0", b"licence:Apache-9.9"),
        ("rows.parquet", b"PAR1", b"PAR2"),
    ):
        file = made.folder / name
        whole = file.read_bytes()
        file.write_bytes(whole.replace(old, new))
        with pytest.raises(BadInput):
            dataset.read(made.folder, home.vault)
        file.write_bytes(whole)
    with pytest.raises(BadInput):
        dataset.write(tmp_path, home.chosen(), "tea", home.vault)
