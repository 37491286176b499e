"""What a customer sees of what a model says: true sentences as they are, false ones never."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingbai.turn.basis import Basis
from mingbai.turn.check import checked
from mingbai.turn.release import release, sentences
from mingbai.turn.templates import CONFIRM, PERSON, UNKNOWN, templated
from mingbai.values.chat import Event, Finished, Message, Piece, Usage
from mingbai.values.errors import EngineUnavailable, Text
from mingbai.values.money import Money
from mingbai.values.turn import (
    Evidence,
    Fact,
    Guess,
    Intent,
    Need,
    Proposal,
    Refusal,
    Reply,
    Slots,
    Turn,
    Understood,
)

NOW = datetime(2025, 11, 12, 10, tzinfo=UTC)
FACTS = (
    Fact("order.state", "shipped", "订单 MB20251103-0042 已发货，运输中。", "Order MB20251103-0042 is dispatched and on its way.", about="MB20251103-0042"),
    Fact("parcel.last_event", datetime(2025, 11, 11, 18, 20, tzinfo=UTC), "最近一条物流：11月11日 18:20，到达 杭州转运中心。", "Last scan: Nov 11, 2025 18:20, arrived at Hangzhou hub."),
    Fact("parcel.promised_at", date(2025, 11, 13), "预计 11月13日前送达。", "It is expected by Nov 13, 2025."),
    Fact("price.paid", Money(12900, "CNY"), "实付 ¥129.00，不支持七天无理由退货。", "You paid ¥129.00; the 7-day return is not supported."),
)  # fmt: skip


def turn(lang="zh-Hans", evidence=None, text="到哪了", intent=Intent.WHERE_IS_ORDER) -> Turn:
    evidence = (Evidence(intent, FACTS),) if evidence is None else evidence
    understood = Understood(lang, (Guess(intent, 0.99, "rule"),), Slots())
    return Turn("t-1", "tea", text, NOW, understood=understood, evidence=evidence)


def saying(*answers: str):
    """A model that gives these answers, one a try, in pieces of three characters."""
    left = list(answers)

    async def phrase(messages: Sequence[Message], most: int) -> AsyncGenerator[Event, None]:
        text, most = left.pop(0), 4 * most  # characters
        for at in range(0, min(len(text), most), 3):
            yield Piece(text[at : min(at + 3, most)])
        yield Finished("length" if len(text) > most else "stop", Usage())

    return phrase


async def heard(turn, phrase) -> tuple[str, Reply]:
    pieces = [p async for p in release(turn, phrase)]
    assert isinstance(pieces[-1], Reply)
    assert "".join(p for p in pieces[:-1] if isinstance(p, str)) == pieces[-1].text
    return pieces[-1].text, pieces[-1]


GOOD = "您的订单 MB20251103-0042 已发货，运输中，最近一条物流是11月11日 18:20，到达 杭州转运中心，预计 11月13日前送达，实付 ¥129.00，不支持七天无理由退货。"


async def test_a_true_answer_is_the_models_own():
    text, reply = await heard(turn(), saying(GOOD))
    assert text == GOOD
    assert reply.phrased_by == "model"
    assert reply.verdicts == ()


@pytest.mark.parametrize(
    ("lie", "check"),
    [
        ("您的订单 MB20251103-0042 已签收。", "states"),
        ("预计 11月14日前送达。", "figures"),
        ("实付 ¥128.00。", "figures"),
        ("您的运单号是 SF1234567890123。", "figures"),
        ("这一单支持七天无理由退货。", "polarity"),
        ("我们保证明天送到。", "promises"),
        ("承运的是圆通速递。", "names"),
        ("请看 https://evil.example/pay 。", "figures"),
        ("Your parcel is on the way to you now.", "language"),
        ("请联系张三，电话13812345678。", "figures"),
        ("三天后送达。", "figures"),
    ],
)
async def test_a_false_sentence_is_never_shown_and_the_facts_are_said_all_the_same(lie, check):
    text, reply = await heard(turn(), saying(lie, lie))
    assert lie not in text
    assert text == "".join(f.zh for f in FACTS)
    assert reply.phrased_by == "template"
    assert check in {v.check for v in reply.verdicts if not v.passed}
    assert reply.tries == 2


async def test_a_second_phrasing_may_do_better():
    text, reply = await heard(turn(), saying("已签收。", GOOD))
    assert text == GOOD
    assert (reply.phrased_by, reply.tries) == ("model", 2)
    assert reply.verdicts[0].check == "states"


async def test_one_sentence_leads_and_the_facts_say_the_rest():
    half = "您的订单 MB20251103-0042 已发货，运输中。预计 12月1日送达。"
    text, reply = await heard(turn(), saying(half))
    assert text.startswith("您的订单 MB20251103-0042 已发货，运输中。")
    assert "12月1日" not in text
    assert "预计 11月13日前送达。" in text
    assert reply.phrased_by == "model"
    assert reply.verdicts == ()  # what it would have said next was never read


async def test_a_needed_fact_that_the_model_left_out_is_added():
    text, _ = await heard(turn(), saying("您的订单 MB20251103-0042 已发货，运输中。"))
    assert "¥129.00" in text
    assert "11月13日" in text


async def test_a_sentence_that_the_tokens_cut_is_not_shown():
    long = "您的订单 MB20251103-0042 已发货，运输中，" * 12
    text, reply = await heard(turn(), saying(long, long))
    assert text == "".join(f.zh for f in FACTS)
    assert reply.phrased_by == "template"


async def test_english_is_answered_in_english():
    good = "Your order MB20251103-0042 is dispatched and on its way"
    text, reply = await heard(turn("en"), saying(good + "; 您的包裹在路上。"))
    assert text.startswith(good + ". Last scan: Nov 11, 2025 18:20, arrived at Hangzhou hub.")
    assert "您" not in text
    assert "Nov 13, 2025" in text
    assert reply.phrased_by == "model"


async def test_traditional_is_answered_in_traditional_with_codes_untouched():
    text, reply = await heard(turn("zh-Hant"), None)
    assert "訂單 MB20251103-0042 已發貨，運輸中。" in text
    assert reply.tries == 0


async def test_an_engine_that_fails_is_said_and_the_template_answers():
    async def broken(messages, most):
        raise EngineUnavailable(Text("没有模型", "no model"), Text("", ""))
        yield Piece("")

    text, reply = await heard(turn(), broken)
    assert text == templated(turn())
    assert reply.phrased_by == "template"
    assert [(v.check, v.found) for v in reply.verdicts] == [("engine", "engine_unavailable")]


async def test_a_question_back_a_refusal_and_a_proposal_are_never_the_models():
    need = Evidence(
        Intent.WHERE_IS_ORDER,
        needs=(Need("order_no", "请告诉我订单号。", "Please tell me the order number."),),
    )
    refused = Evidence(
        Intent.REFUND_STATUS, refusals=(Refusal("needs_proof", "请提供订单号和手机尾号。", "…"),)
    )
    asked = Evidence(
        Intent.CANCEL_ORDER,
        proposal=Proposal("cancel", (), "将取消订单 1001。", "Order 1001 will be cancelled."),
    )
    for evidence, words in (
        (need, "请告诉我订单号。"),
        (refused, "请提供订单号和手机尾号。"),
        (asked, CONFIRM[0]),
    ):
        text, reply = await heard(turn(evidence=(evidence,)), saying("不该问我"))
        assert words in text
        assert reply.tries == 0


async def test_nothing_known_is_said_and_a_person_offered():
    text, _ = await heard(turn(evidence=(Evidence(Intent.PRODUCT_INFO),)), saying("有的，很好用"))
    assert text == UNKNOWN[0]


async def test_a_person_is_announced_first():
    handed = Evidence(
        Intent.COMPLAINT,
        (Fact("handoff.hours", None, "人工客服每天 9:00–22:00。", "9:00–22:00."),),
        handoff=True,
    )
    text, _ = await heard(turn(evidence=(handed,)), None)
    assert text.startswith(PERSON[0])


@given(
    st.lists(
        st.sampled_from(
            [
                "好的。",
                "已签收。",
                "¥1.00",
                "11月12日",
                "保证",
                "\n",
                "，",
                "SF9999999999999",
                "七天",
                " 100% ",
            ]
        ),
        max_size=20,
    ),
    st.integers(1, 5),
)
def test_whatever_a_model_says_nothing_false_comes_out(parts, size):
    import asyncio

    async def phrase(messages, most):
        text = "".join(parts)
        for at in range(0, len(text), size):
            yield Piece(text[at : at + size])
        yield Finished("stop", Usage())

    text, _ = asyncio.run(heard(turn(), phrase))
    for lie in ("已签收", "¥1.00", "11月12日", "保证", "SF9999999999999", "100%"):
        assert lie not in text


@given(st.text(alphabet="好。！a. \n；", max_size=40), st.integers(1, 7))
def test_sentences_put_together_are_the_text(text, size):
    import asyncio

    async def pieces():
        for at in range(0, len(text), size):
            yield Piece(text[at : at + size])

    async def whole():
        return [s async for s in sentences(pieces())]

    cut = asyncio.run(whole())
    assert "".join("".join(cut).split()) == "".join(text.split())


def test_a_rule_said_in_numerals_is_the_same_as_in_digits():
    basis = Basis.of(turn())
    assert all(v.passed for v in checked("不支持7天无理由退货。", basis))
    assert not all(v.passed for v in checked("不支持15天无理由退货。", basis))


def test_a_year_that_the_facts_do_not_say_is_refused():
    basis = Basis.of(turn())
    assert all(v.passed for v in checked("预计 2025年11月13日前送达。", basis))
    assert not all(v.passed for v in checked("预计 2024年11月13日前送达。", basis))


def test_the_customers_own_words_are_no_ground():
    claimed = replace(turn(), text="你们说过退我500元的")
    assert not all(v.passed for v in checked("会退您500元。", Basis.of(claimed)))
