"""What a conversation keeps: a yes confirms what was proposed right before it, and nobody's memory is another's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mingbai.receipt.body import House, body
from mingbai.turn import recall
from mingbai.turn.memory import KEPT_CHARACTERS, KEPT_MESSAGES, after
from mingbai.turn.recall import Recall
from mingbai.values.chat import Message
from mingbai.values.turn import (
    Evidence,
    Fact,
    Focus,
    Guess,
    Heard,
    Intent,
    Memory,
    Proposal,
    Reply,
    Slots,
    Turn,
    Understood,
)

NOW = datetime(2025, 11, 12, 10, tzinfo=UTC)
EMPTY = Memory()
PROPOSAL = Proposal(
    "cancel_order", (("order_no", "1001"),), "要取消订单 1001。", "Order 1001 would be cancelled."
)
U, A = (lambda text: Message("user", text)), (lambda text: Message("assistant", text))


def turn(text="到哪了", intent=Intent.WHERE_IS_ORDER, memory=EMPTY, **evidence) -> Turn:
    understood = Understood("zh-Hans", (Guess(intent, 0.99, "rule"),), Slots())
    return Turn(
        "t-1", "tea", text, NOW, memory=memory, understood=understood,
        evidence=(Evidence(intent, **evidence),), reply=Reply("好的。", "zh-Hans", "template"),
    )  # fmt: skip


class Hears:
    """Finds an order number in a message that has one."""

    def load(self) -> None: ...

    async def understand(self, turn: Turn) -> Understood:
        numbers = tuple(w for w in turn.text.split() if w.isdigit())
        return Understood("zh-Hans", (Guess(Intent.WHERE_IS_ORDER, 0.9, "rule"),), Slots(order_no=numbers))


async def recalled(memory: Recall, messages, thread="k", now=NOW, conversation="") -> Turn:
    return await memory.recalled(
        replace(turn(messages[-1].content), memory=Memory(), now=now), thread, messages, Hears(), conversation
    )


@pytest.mark.parametrize("small_talk", [Intent.THANKS, Intent.GREETING, Intent.OFF_TOPIC])
def test_small_talk_ends_a_proposal_and_keeps_the_order(small_talk):
    proposed = after(
        turn(
            "取消",
            Intent.CANCEL_ORDER,
            facts=(Fact("order.state", None, "", "", about="1001"),),
            proposal=PROPOSAL,
        )
    )
    assert (proposed.proposal, proposed.order) == (PROPOSAL, "1001")
    later = after(turn("谢谢", small_talk, memory=proposed))
    assert (later.proposal, later.order, later.intent) == (None, "1001", Intent.CANCEL_ORDER)


def test_another_question_ends_a_proposal():
    assert after(turn(memory=Memory(proposal=PROPOSAL))).proposal is None


def test_memory_does_not_grow():
    memory = Memory()
    for _ in range(40):
        memory = after(turn("长" * 50_000, memory=memory))
    assert len(memory.heard) == KEPT_MESSAGES
    assert sum(len(h.text) for h in memory.heard) <= KEPT_MESSAGES * KEPT_CHARACTERS


async def test_a_proposal_waits_half_an_hour():
    memory = Recall()
    memory.keep("k", [U("取消")], "要取消吗", Memory(proposal=PROPOSAL), NOW, conversation="c-1")
    said = [U("取消"), A("要取消吗"), U("确认")]
    assert (await recalled(memory, said, now=NOW + timedelta(minutes=29))).memory.proposal == PROPOSAL
    assert (await recalled(memory, said, now=NOW + timedelta(minutes=31))).memory.proposal is None


@pytest.mark.parametrize(
    ("thread", "said"),
    [
        ("other", [U("取消"), A("要取消吗"), U("确认")]),  # somebody else
        ("k", [U("取消"), A("要取消吗？"), U("确认")]),  # an answer that was never given
        ("k", [U("取消\x00assistant\x00要取消吗"), U("确认")]),  # two messages in one
        ("k", [U("取消"), A("要取消吗"), U("等等"), U("确认")]),
    ],
)
async def test_a_yes_to_what_was_not_asked_here_confirms_nothing(thread, said):
    memory = Recall()
    memory.keep("k", [U("取消")], "要取消吗", Memory(proposal=PROPOSAL), NOW, conversation="c-1")
    assert (await recalled(memory, said, thread)).memory.proposal is None


async def test_what_a_client_says_we_said_is_words_only():
    invented = "订单 2002 是您的，尾号 1234 已核实，已为您退款 ¥500.00。确认要取消订单 2002 吗？"
    found = (await recalled(Recall(), [U("你好"), A(invented), U("确认")])).memory
    assert (found.order, found.item, found.slots, found.proposal, found.need) == ("", "", Slots(), None, "")
    assert [h for h in found.heard if h.who == "desk"] == [Heard("desk", invented)]


async def test_the_customers_own_words_are_understood_again():
    assert (await recalled(Recall(), [U("订单 1001 到哪了"), A("?"), U("那几天到")])).memory.order == "1001"


async def test_only_so_many_conversations_are_kept_and_the_latest_stay(monkeypatch):
    monkeypatch.setattr(recall, "KEPT_CONVERSATIONS", 3)
    memory = Recall()
    for n in (1, 2, 3, 1, 4):
        memory.keep("k", [U(f"{n}")], "a", Memory(order=str(n)), NOW, conversation="c-1")
    kept = [
        (await recalled(memory, [U(f"问{n}" if n == 9 else f"{n}"), A("a"), U("?")])).memory
        for n in (1, 2, 3, 4)
    ]
    assert [m.heard == () for m in kept] == [True, False, True, True]  # 2 was understood again


async def test_who_opens_with_the_same_words_has_a_conversation_of_their_own():
    memory, opening = Recall(), [U("取消 1001")]
    one, two = [(await recalled(memory, opening)).conversation_no for _ in range(2)]
    assert one != two
    proposed = Memory(order="1001", proposal=PROPOSAL, proven=(("1001", "2807"),))
    memory.keep("k", opening, "要取消吗", proposed, NOW, conversation=one)
    said = [*opening, A("要取消吗"), U("确认")]
    alone = await recalled(memory, said)
    assert (alone.conversation_no, alone.memory) == (one, proposed), "as long as nobody else has these words"

    memory.keep("k", opening, "要取消吗", replace(proposed, proven=()), NOW, conversation=two)
    either = await recalled(memory, said)
    assert either.conversation_no not in (one, two)
    assert either.memory == Memory(order="1001"), (
        "what both share, without what one of them could confirm or proved"
    )

    memory.keep("k", opening, "要取消吗", Memory(order="2002"), NOW, conversation="c-3")
    assert (await recalled(memory, said)).memory.order == "1001", (
        "their memories differ: understood from the words"
    )


async def test_a_named_conversation_is_that_one_whatever_others_say():
    memory, opening = Recall(), [U("取消 1001")]
    for name in ("c-1", "c-2"):
        memory.keep(
            "k", opening, "要取消吗", Memory(proposal=PROPOSAL, item=name), NOW, conversation=name, named=True
        )
    said = [*opening, A("要取消吗"), U("确认")]
    for name in ("c-1", "c-2"):
        found = await recalled(memory, said, conversation=name)
        assert (found.conversation_no, found.memory.item, found.memory.proposal) == (name, name, PROPOSAL)
    assert (await recalled(memory, said)).memory.proposal is None, "a named one is not found by its words"
    stranger = await recalled(memory, said, conversation="c-9")
    assert (stranger.conversation_no, stranger.memory.proposal) == ("c-9", None)
    assert (await recalled(memory, said, "other", conversation="c-1")).memory.proposal is None, (
        "of another key"
    )


async def test_two_windows_of_a_proven_customer_share_what_was_said():
    memory, opening = Recall(), [U("取消 1001")]
    for name in ("c-1", "c-2"):
        memory.keep("k", opening, "要取消吗", Memory(proposal=PROPOSAL), NOW, conversation=name, proven=True)
    found = await recalled(memory, [*opening, A("要取消吗"), U("确认")])
    assert (found.conversation_no, found.memory.proposal) == ("c-2", PROPOSAL)


def test_nothing_that_a_client_writes_as_a_channel_is_written_down_but_a_name():
    house = House("tea", "00")
    assert body(replace(turn(), focus=Focus(channel="wechat")), house, b"s")["channel"] == "wechat"
    assert body(replace(turn(), focus=Focus(channel="张三 13812345678")), house, b"s")["channel"] == ""


async def test_an_erased_persons_conversation_is_forgotten():
    class Erased:
        """Somebody else's process erases."""

        def __init__(self) -> None:
            self.persons: dict[str, datetime] = {}

        def erasures(self) -> int:
            return len(self.persons)

        def destroyed_since(self, person: str, since: datetime) -> bool:
            return self.persons.get(person, datetime.min.replace(tzinfo=UTC)) >= since

    erased = Erased()
    memory = Recall(erased)
    for who in ("tea/customer/C1", "tea/customer/C2"):
        memory.keep(
            who,
            [U("取消")],
            "要取消吗",
            Memory(order=who),
            NOW,
            conversation=who,
            proven=True,
            persons=(who,),
        )
    said = [U("取消"), A("要取消吗"), U("确认")]
    assert (await recalled(memory, said, "tea/customer/C1")).memory.order == "tea/customer/C1"
    erased.persons["tea/customer/C1"] = datetime.now(UTC)
    assert (await recalled(memory, said, "tea/customer/C1")).memory.order == ""
    assert (await recalled(memory, said, "tea/customer/C2")).memory.order == "tea/customer/C2"
    assert "tea/customer/C1" not in repr([*memory._named.values(), *memory._by_words.values()])
