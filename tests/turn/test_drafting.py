"""A draft in the shop's own voice: true, or the desk's own; never for a customer, never under the bare base model."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from mingbai.turn.drafting import SYSTEM, drafting, is_public, told
from mingbai.turn.release import release
from mingbai.values.chat import Event, Finished, Message, Piece, Usage
from mingbai.values.errors import Busy, ContextExceeded, EngineUnavailable, Text
from mingbai.values.turn import (
    Admission,
    Evidence,
    Fact,
    Focus,
    Guess,
    Intent,
    Need,
    Reply,
    Slots,
    Source,
    Turn,
    Understood,
)

NOW = datetime(2025, 11, 12, 10, tzinfo=UTC)
FACTS = (
    Fact("order.state", "shipped", "订单 MB20251103-0042 已发货，运输中。", "Order MB20251103-0042 is dispatched and on its way.", about="MB20251103-0042"),
    Fact("parcel.promised_at", date(2025, 11, 13), "预计 11月13日前送达。", "It is expected by Nov 13, 2025."),
)  # fmt: skip
VOICE = "亲，您的订单已发货，正在运输中，预计 11月13日前送达哦。请放心。"


def turn(lang="zh-Hans", *, draft=True, **more) -> Turn:
    evidence = Evidence(Intent.WHERE_IS_ORDER, FACTS, **more)
    understood = Understood(lang, (Guess(Intent.WHERE_IS_ORDER, 0.99, "rule"),), Slots())
    return Turn(
        "t-1", "tea", "到哪了", NOW, focus=Focus(draft=draft), understood=understood, evidence=(evidence,),
        admission=Admission("staff"),
    )  # fmt: skip


class Voice:
    """A tuned model that says this; `adapter` "" is the base model that answered in its place."""

    def __init__(self, text: str, adapter: str = "a" * 64) -> None:
        self.text, self.adapter = text, adapter
        self.asked: list[tuple[Message, ...]] = []

    async def drafter(self, turn: Turn):
        return self.phrase

    async def phrase(
        self, messages: Sequence[Message], most: int, stops: tuple[str, ...]
    ) -> AsyncGenerator[Event, None]:
        self.asked.append(tuple(messages))
        if not self.text:
            raise EngineUnavailable(Text("停了", "down"), Text("等一等", "wait"))
        for at in range(0, len(self.text), 5):
            yield Piece(self.text[at : at + 5])
        yield Finished("stop", Usage(9, 0, 9), adapter=self.adapter)


async def heard(turn: Turn, voice: Voice, **more) -> Reply:
    pieces = [p async for p in drafting(release, voice.drafter, **more)(turn, None)]
    reply = pieces[-1]
    assert isinstance(reply, Reply)
    assert "".join(p for p in pieces[:-1] if isinstance(p, str)) == reply.text
    return reply


async def test_a_true_draft_is_the_shops_own_voice_and_says_which_adapters():
    voice = Voice(VOICE)
    reply = await heard(turn(), voice)
    assert reply.text == VOICE
    assert (reply.phrased_by, reply.by_model, reply.adapter) == ("model", 2, "a" * 64)
    ((system, shown),) = voice.asked
    assert system.content == SYSTEM[0]
    assert shown.content == f"- {FACTS[0].zh}\n- {FACTS[1].zh}"  # and nothing that the customer said
    assert told(turn()) == (FACTS[0].zh, FACTS[1].zh)


def test_what_was_read_from_an_order_is_not_public_nor_what_nobody_knows_the_row_of():
    def of(*kinds: str) -> Turn:
        facts = (replace(FACTS[1], sources=tuple(Source(kind, "1") for kind in kinds)),)
        return replace(turn(), evidence=(Evidence(Intent.PRODUCT_INFO, facts),))

    assert is_public(of("product", "stock"))
    assert not is_public(of("product", "line"))
    assert not is_public(of())
    assert not is_public(turn(handoff=True))


async def test_who_reads_traditional_characters_gets_them():
    assert (
        await heard(turn("zh-Hant"), Voice(VOICE))
    ).text == "親，您的訂單已發貨，正在運輸中，預計 11月13日前送達哦。請放心。"


async def test_a_fact_that_must_be_said_follows_and_one_that_need_not_may_be_left_out():
    said = "亲，订单 MB20251103-0042 已发货，正在运输中哦。"
    assert (await heard(turn(), Voice(said))).text == said + FACTS[1].zh
    light = replace(
        turn(), evidence=(Evidence(Intent.WHERE_IS_ORDER, (FACTS[0], replace(FACTS[1], must=False))),)
    )
    assert (await heard(light, Voice(said))).text == said


@pytest.mark.parametrize(
    ("words", "check"),
    [
        ("亲，预计 11月14日前送达哦。", "figures"),
        ("亲，您的订单已签收。", "states"),
        ("亲，我们保证明天送到。", "promises"),
        ("亲，⟦姓名QK12⟧的订单已发货。", "placeholder"),
        ("Your order is on its way.", "language"),
        ("", "engine"),
        (" ", "draft"),
    ],
)
async def test_what_is_not_true_is_no_draft_and_the_receipt_says_why(words, check):
    reply = await heard(turn(), Voice(words))
    assert reply.text == "".join(f.zh for f in FACTS)
    assert (reply.phrased_by, reply.adapter) == ("template", "")
    assert check in {v.check for v in reply.verdicts if not v.passed}


@pytest.mark.parametrize(
    "error",
    [
        Busy(Text("排满了", "full"), Text("等一等", "wait"), retry_after_seconds=1),
        ContextExceeded(Text("太长", "long"), Text("短些", "cut")),
    ],
)
async def test_where_no_model_can_be_asked_now_the_desks_own_is_the_draft(error):
    class Full(Voice):
        async def phrase(self, messages, most, stops):
            raise error
            yield

    reply = await heard(turn(), Full(VOICE))
    assert reply.text == "".join(f.zh for f in FACTS)
    assert [(v.check, v.found) for v in reply.verdicts if not v.passed] == [("engine", error.code)]


async def test_the_base_models_words_are_nobodys_voice():
    reply = await heard(turn(), Voice(VOICE, adapter=""))
    assert (reply.text, [v.check for v in reply.verdicts]) == ("".join(f.zh for f in FACTS), ["adapter"])


@pytest.mark.parametrize(
    "asked",
    [
        turn(draft=False),
        replace(turn(), admission=Admission("staff", may_phrase=False)),
        turn(needs=(Need("order_no", "请问订单号是？", "Which order?"),)),
        turn(handoff=True),
    ],
    ids=["a customer's", "not allowed", "asks back", "handed over"],
)
async def test_it_is_asked_of_nothing_else(asked):
    voice = Voice(VOICE)
    reply = await heard(asked, voice)
    assert (voice.asked, reply.phrased_by) == ([], "template")
    if not asked.focus.draft:
        assert (await heard(asked, voice, every=True)).text == VOICE
    elif asked.admission.may_phrase:
        assert told(asked) == ()
