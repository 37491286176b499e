"""What conversations teach: a message whose intent is plain, a reply of staff's, a draft that staff sent otherwise."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from mingbai.cli import assemble, learning, ledger
from mingbai.learn import sources
from mingbai.learn.rows import Candidate
from mingbai.permit.talks.store import Talks
from mingbai.permit.vault.vault import Vault
from mingbai.values.records import Conversation, Origin, Said, Sourced
from mingbai.values.settings import Settings


def label(text: str) -> str:
    return "物流" if "到哪" in text else ""


class Rows:
    def __init__(self, *records: Conversation | Said) -> None:
        self._rows = [Sourced(record, Origin("", 0)) for record in records]

    def rows(self, shop: str, record: type, /):
        return (row for row in self._rows if isinstance(row.record, record))


def talk(no: str, customer: str | None, *lines: str) -> list[Conversation | Said]:
    said = [line.partition(": ") for line in lines]
    rows = [Said(no, at, who, None, text) for at, (who, _, text) in enumerate(said, 1)]  # type: ignore[arg-type]
    return [Conversation(no, customer_id=customer), *rows]


def test_a_plain_message_teaches_an_intent_and_staff_teach_a_reply():
    rows = Rows(
        *talk("K1", "C1", "customer: 在吗", "customer: 到哪了 [图片]", "staff: 亲，昨天到了", "customer: 好"),
        *talk("K2", None, "customer: 到哪了"),
        *talk("K3", "C3", "customer: 到哪了", "desk: 到杭州了", "staff: 再补充一句"),
    )
    found = list(sources.conversations(rows, "tea", label))
    assert found == [
        Candidate("intent", "到哪了", "物流", "conversation", "tea/customer/C1"),
        Candidate("reply", "在吗\n到哪了", "亲，昨天到了", "conversation", "tea/customer/C1"),
        Candidate("intent", "到哪了", "物流", "conversation", "tea/customer/C3"),
    ]


@pytest.fixture
def talks(tmp_path: Path):
    with (
        closing(Vault(tmp_path / "persons.db", bytes(32))) as vault,
        closing(Talks(tmp_path / "talks.db", vault)) as opened,
    ):
        yield opened, vault


def test_a_draft_that_staff_sent_otherwise_is_a_correction(talks):
    kept, vault = talks
    mine = kept.begin("tea", "s1", "C1")
    kept.say(mine, "customer", "到哪了")
    kept.say(mine, "staff", "亲，在杭州，明天派送", extra={"draft": "在杭州。"})
    kept.say(mine, "customer", "那退了吧")
    kept.say(mine, "staff", "好的", extra={"draft": "好的"})
    found = list(sources.counter_talks(kept, "tea", label))
    assert [(it.task, it.source, it.completion, it.rejected) for it in found] == [
        ("intent", "conversation", "物流", ""),
        ("reply", "correction", "亲，在杭州，明天派送", "在杭州。"),
        ("reply", "conversation", "好的", ""),
    ]
    kept.say(mine, "customer", "那張訂單呢")
    kept.say(mine, "staff", "親，明天送達", extra={"draft": "預計明天送達。", "facts": ["预计明天送达。"]})
    *_, reply, preferred = sources.counter_talks(kept, "tea", label)
    assert (reply.task, reply.text, reply.rejected) == ("reply", "那張訂單呢", "預計明天送達。")
    assert (preferred.task, preferred.text) == (
        "preference",
        "预计明天送达。",
    )  # the desk words it before it turns the script
    assert (preferred.completion, preferred.rejected) == ("亲，明天送达", "预计明天送达。")
    assert (reply.category, preferred.category) == ("conversation,order", "conversation,order")
    told = {"draft": "有货。", "facts": ["有货。"], "public": True}
    kept.say(mine, "customer", "有货吗")
    kept.say(mine, "staff", "有的哦", extra=told)
    *_, reply, preferred = sources.counter_talks(kept, "tea", label)
    assert (reply.category, preferred.category) == ("conversation", "conversation")
    kept.say(mine, "customer", "有几件")
    kept.say(mine, "desk", "有货，请人工客服来答。")
    kept.say(mine, "staff", "有三件呢", extra={**told, "draft": "有货，三件。"})
    *_, last = sources.counter_talks(kept, "tea", label)
    assert (last.task, last.completion, last.rejected) == ("preference", "有三件呢", "有货，三件。")
    assert {(it.person, it.category) for it in found if it.source == "conversation"} == {
        ("tea/customer/C1", "conversation")
    }
    vault.destroy("tea/customer/C1")
    assert list(sources.counter_talks(kept, "tea", label)) == []


def test_the_example_shop_has_customers_who_agreed_and_others(tmp_path: Path):
    settings = Settings(home=tmp_path / "home")
    with learning.opened(settings, "tea") as house:
        said = {row.record.customer_id for row in house.records.rows("tea", Conversation)}  # type: ignore[union-attr]
        given = {
            customer for customer in said if house.consents.given(f"tea/customer/{customer}", "training")
        }
        assert 10 < len(given) < len(said)
        withdrawn = "tea/customer/C10027"
        assert [row.state for row in house.consents.history(withdrawn)] == ["given", "withdrawn"]
        agrees = house.consents.given("tea/customer/C10033", "training")  # took it back, and agreed again
        assert agrees is not None
        assert agrees.supersedes is not None
        assert "撤回" in house.consents.notice(agrees.notice, agrees.version, agrees.lang)
    assert ledger.take_example_consents(settings) == 0
    with assemble.records(settings) as records:
        assert records.shops() == ["tea"]
