"""Adapters of a home: one serves a shop, what saw a withdrawn row serves no more, and the one before comes back."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from engine_list import Kept

from mingbai.learn.registry import Adapter, Registry
from mingbai.learn.rows import Agreed, Licensed, Row
from mingbai.permit.consent import Consents
from mingbai.permit.vault.vault import Vault
from mingbai.values.errors import BadInput, NotFound

AT = datetime(2025, 11, 1, tzinfo=UTC)
LIN, WANG = "tea/customer/C1", "tea/customer/C2"


class Home:
    def __init__(self, folder: Path) -> None:
        self.vault = Vault(folder / "persons.db", bytes(32))
        self.consents = Consents(folder / "consent.db", self.vault.tag, self.vault)
        self.notice = self.consents.publish("training", "zh", "可以吗？", AT)
        self.house = Kept()
        self.registry = Registry(folder / "adapters", self.consents, self.house)

    def said(self, person: str, state: str, purpose: str = "training") -> int:
        return self.consents.record(
            person, state, purpose=purpose, category="conversation", notice=self.notice, region="CN", at=AT, how="counter",
        ).seq  # type: ignore[arg-type]  # fmt: skip

    def row(self, person: str, consent: int = 0) -> Row:
        ground = (
            Agreed(consent, self.vault.tag(person).hex(), "training", 1, "zh", "CN")
            if person
            else Licensed("Apache-2.0")
        )
        return Row(f"row of {person}", "intent", "train", "zh-Hans", "x", "y", "conversation", ground)

    def adapter(
        self, name: str, *rows: Row, shop: str = "tea", state: str = "standby", parent: str = ""
    ) -> str:
        made = Adapter(name, shop, "intent", state, 0, parent, "qwen", "b" * 64, "d" * 64, "a" * 64, 0)  # type: ignore[arg-type]
        self.registry.file(made).parent.mkdir()
        self.registry.file(made).write_bytes(b"GGUF")
        self.registry.add(made, rows)
        return name


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def state(home: Home, name: str) -> str:
    return home.registry.get(name).state


def test_one_adapter_serves_a_shop_and_the_one_before_comes_back(home: Home) -> None:
    registry = home.registry
    assert registry.serving("tea") is None
    for name in ("one", "two"):
        registry.serve(home.adapter(name, home.row("")))
    assert (state(home, "one"), state(home, "two")) == ("standby", "live")
    assert registry.serving("tea").id == "two"  # type: ignore[union-attr]
    assert registry.serving("coffee") is None
    assert home.house.served == {"tea/intent": registry.file(registry.get("two"))}
    assert registry.rollback("tea", "intent").id == "one"  # type: ignore[union-attr]
    assert home.house.served == {"tea/intent": registry.file(registry.get("one"))}
    assert registry.rollback("tea", "intent") is None
    assert registry.serving("tea") is None
    assert home.house.served == {}


def test_a_share_of_conversations_is_answered_by_it_and_each_stays_where_it_is(home: Home) -> None:
    home.registry.serve(home.adapter("one", home.row("")), share=20)
    served = [home.registry.serving("tea", conversation=f"k{n}") is not None for n in range(300)]
    assert 35 < sum(served) < 90
    assert served == [home.registry.serving("tea", conversation=f"k{n}") is not None for n in range(300)]


def test_who_takes_it_back_ends_every_adapter_that_saw_a_row_of_theirs(home: Home) -> None:
    hers, his = home.row(LIN, home.said(LIN, "given")), home.row(WANG, home.said(WANG, "given"))
    home.adapter("hers", hers)
    home.adapter("child", home.row(""), parent="hers")
    home.adapter("grandchild", home.row(""), parent="child")
    home.adapter("his", his)
    home.adapter("ours", home.row(""))
    home.adapter("refused", hers, state="refused")
    home.registry.serve("grandchild")
    home.said(LIN, "given", purpose="marketing")
    home.said(LIN, "withdrawn", purpose="marketing")
    assert home.registry.look() == []
    home.said(LIN, "withdrawn")
    began = time.perf_counter()
    assert home.registry.serving("tea") is None
    assert home.house.served == {}
    assert time.perf_counter() - began < 1
    assert [state(home, n) for n in ("hers", "child", "grandchild")] == ["tainted"] * 3
    assert [state(home, n) for n in ("his", "ours", "refused")] == ["standby", "standby", "refused"]
    assert {found.id for found in home.registry.tainted("tea")} == {"hers", "child", "grandchild"}
    assert not any(home.registry.file(found).exists() for found in home.registry.tainted("tea"))
    assert len(home.house.forgotten) == 3
    with pytest.raises(BadInput):
        home.registry.serve("child")

    assert home.registry.serve("his").state == "live"
    home.said(WANG, "withdrawn")
    assert home.registry.rollback("tea", "intent") is None  # nothing that may serve is left


@pytest.mark.parametrize(
    ("before", "since", "share"),
    [
        (100, "", 100),
        (10, "", 10),
        (0, "", 0),  # it stood by: it was never to serve
        (100, "another", 0),  # the owner's newer one keeps its place
        (100, "rollback", 0),  # and nobody is nobody
        (100, "another and back", 0),
    ],
)
def test_who_takes_a_tainted_ones_place_serves_as_that_one_did_if_nothing_was_chosen_since(
    home: Home, before: int, since: str, share: int
) -> None:
    registry = home.registry
    home.adapter("out", home.row(LIN, home.said(LIN, "given")))
    if before:
        registry.serve("out", before)
    home.said(LIN, "withdrawn")
    assert [(it.id, it.share) for it in registry.tainted("tea")] == [("out", before)]
    assert registry.serving("tea") is None
    if since.startswith("another"):
        registry.serve(home.adapter("newer", home.row("")), 30)
    if since.endswith(("rollback", "back")):
        registry.rollback("tea", "intent")

    made = registry.replace(home.adapter("anew", home.row("")), ["out"])
    assert (made.state, made.share) == (("live", share) if share else ("standby", 0))
    assert state(home, "out") == "retired"
    if since == "another":
        assert (state(home, "newer"), registry.get("newer").share) == ("live", 30)


def test_who_is_tainted_by_now_takes_nobodys_place(home: Home) -> None:
    registry = home.registry
    registry.serve(home.adapter("out", home.row(LIN, home.said(LIN, "given"))))
    home.said(LIN, "withdrawn")
    home.adapter("anew", home.row(WANG, home.said(WANG, "given")))
    home.said(WANG, "withdrawn")
    assert registry.replace("anew", ["out"]).state == "tainted"
    assert {it.id: it.share for it in registry.tainted("tea")} == {"anew": 0, "out": 100}


def test_a_yes_after_a_no_does_not_bring_back_what_was_learned_before_it(home: Home) -> None:
    row = home.row(LIN, home.said(LIN, "given"))
    home.said(LIN, "withdrawn")
    again = home.said(LIN, "given")
    home.adapter("before", row)
    home.adapter("after", home.row(LIN, again))
    home.registry.look()
    assert (state(home, "before"), state(home, "after")) == ("tainted", "standby")


def test_a_no_that_came_while_it_was_trained_is_not_missed(home: Home) -> None:
    row = home.row(LIN, home.said(LIN, "given"))
    home.said(LIN, "withdrawn")
    home.registry.look()  # before the adapter is known
    home.adapter("late", row)
    with pytest.raises(BadInput):
        home.registry.serve("late")


def test_another_process_sees_it_too(home: Home, tmp_path: Path) -> None:
    home.registry.serve(home.adapter("one", home.row(LIN, home.said(LIN, "given"))))
    other = Registry(tmp_path / "adapters", home.consents, home.house)
    assert other.serving("tea") is not None
    home.said(LIN, "withdrawn")
    assert other.serving("tea") is None
    assert home.registry.get("one").state == "tainted"


def test_a_retired_adapters_file_goes_and_what_it_had_seen_stays_told(home: Home) -> None:
    home.adapter("one", home.row(LIN, home.said(LIN, "given")), home.row(""))
    file = home.registry.file(home.registry.get("one"))
    assert file.exists()
    home.registry.retire("one")
    assert not file.exists()
    assert home.registry.grounds("one") == {"consent:1": 1, "licence:Apache-2.0": 1}
    with pytest.raises(NotFound):
        home.registry.get("none")
