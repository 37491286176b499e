"""What a customer sees of what a model says: true sentences as they are, false ones never."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingbai.turn import keep
from mingbai.turn.basis import Basis
from mingbai.turn.check import checked
from mingbai.turn.release import release, sentences
from mingbai.turn.templates import CONFIRM, PERSON, UNKNOWN, Line, templated
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
    Rule,
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

    async def phrase(
        messages: Sequence[Message], most: int, stops: tuple[str, ...]
    ) -> AsyncGenerator[Event, None]:
        text, most = left.pop(0), 4 * most  # characters
        for at in range(0, min(len(text), most), 3):
            yield Piece(text[at : min(at + 3, most)])
        yield Finished("length" if len(text) > most else "stop", Usage(100, 80, 20))

    return phrase


async def heard(turn, phrase) -> tuple[str, Reply]:
    pieces = [p async for p in release(turn, phrase)]
    assert isinstance(pieces[-1], Reply)
    assert "".join(p for p in pieces[:-1] if isinstance(p, str)) == pieces[-1].text
    return pieces[-1].text, pieces[-1]


LEAD = FACTS[0].zh
GOOD = "最近一条物流是11月11日 18:20，到达 杭州转运中心，预计 11月13日前送达，实付 ¥129.00，不支持七天无理由退货。"


async def test_the_first_fact_leads_and_a_true_sentence_is_the_models_own():
    text, reply = await heard(turn(), saying(GOOD))
    assert text == LEAD + GOOD
    assert (reply.phrased_by, reply.by_model) == ("model", 1)
    assert reply.verdicts == ()
    assert reply.usage == Usage(100, 80, 20)
    assert {"compose", "generate", "check", "worded"} == {name for name, _ in reply.seconds}


async def test_the_first_fact_is_shown_before_the_model_has_said_anything():
    asked = []

    async def phrase(messages, most, stops):
        asked.append(messages[-1].content)
        yield Piece(GOOD)
        yield Finished("stop", Usage())

    said = release(turn(), phrase)
    assert await anext(said) == LEAD
    assert asked == []
    assert await anext(said) == GOOD
    assert "订单 MB20251103-0042" not in asked[0]  # what was said need not be read again
    assert "到哪了" not in asked[0]  # and no words of the customer's can turn the sentence
    await said.aclose()


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
    assert text == LEAD + GOOD
    assert (reply.phrased_by, reply.tries) == ("model", 2)
    assert reply.usage == Usage(200, 160, 40)
    assert reply.verdicts[0].check == "states"


async def test_what_the_model_would_say_after_its_sentence_is_never_read():
    text, reply = await heard(turn(), saying(GOOD + "预计 12月1日送达。"))
    assert text == LEAD + GOOD
    assert (reply.phrased_by, reply.verdicts) == ("model", ())


async def test_a_sentence_that_leaves_a_fact_out_is_not_shown_and_not_asked_for_again():
    text, reply = await heard(turn(), saying("预计 11月13日前送达。"))
    assert text == "".join(f.zh for f in FACTS)
    assert (reply.phrased_by, reply.tries, reply.verdicts[0].check) == ("template", 1, "strays")


@pytest.mark.parametrize(
    ("said", "strays"),
    [
        ("这是活动价，平时 ¥98.00，活动到 11月14日，工艺是手绘釉下青花。", ""),
        (
            "活动价 ¥98.00，活动到 11月14日，工艺是手绘釉下青花。",
            "¥98.00",
        ),  # the usual price under the other's name
        ("这是活动价，平时 ¥98.00，活动到 11月14日，材质是手绘釉下青花。", "手绘釉下青花"),
        ("这是活动价，平时 ¥98.00，活动到 11月14日。", "工艺：手绘釉下青花"),
        ("有什么活动吗？", "有什么活动吗？"),
    ],
)
def test_a_sentence_keeps_each_figure_and_value_with_what_it_was_said_of(said, strays):
    facts = [Fact("price.usual", None, "这是活动价，平时 ¥98.00，活动到 11月14日。", ""),
             Fact("product.craft", None, "工艺：手绘釉下青花。", "")]  # fmt: skip
    basis = Basis("zh-Hans", (Evidence(Intent.PRICE, tuple(facts)),))
    found = keep.strays(said, [Line(f.zh, f) for f in facts], basis)
    assert found.strip("。") == strays.strip("。")


def test_a_fact_is_said_when_each_of_its_clauses_is():
    fact = Fact("product.dishwasher", None, "洗碗机：可以，放上层。", "Dishwasher: yes, upper rack.")
    for lang, half, whole in (
        ("zh-Hans", "《白瓷杯》可以放洗碗机。", "可以放洗碗机的上层。"),
        ("en", "Yes, it is dishwasher-safe.", "Yes, on the upper rack of a dishwasher."),
    ):
        basis = Basis(lang, (Evidence(Intent.PRODUCT_INFO, (fact,)),))
        line = Line(basis.say(fact), fact)
        assert (keep.says(half, line, basis), keep.says(whole, line, basis)) == (False, True)


def test_a_like_fact_of_another_article_is_not_said_yet():
    one, other = (
        Fact("product.craft", None, f"《宜兴紫砂{name}壶》工艺：{how}。", "") for name, how in (("西施", "全手工"), ("石瓢", "半手工"))
    )  # fmt: skip
    basis = Basis("zh-Hans", (Evidence(Intent.PRODUCT_INFO, (one, other)),))
    assert not keep.says(one.zh, Line(other.zh, other), basis)
    assert keep.says(one.zh + other.zh, Line(other.zh, other), basis)


QUOTED = (
    Fact("page.refund", None, "定金不退。", ""),
    Fact("return.postage", None, "运费由我们承担。", "", rule=Rule("r", "", "", "law")),
    Fact("price.threshold", None, "满 ¥199.00 减 ¥20.00。", ""),
    Fact("refund.at", None, "到账时间以银行为准。", ""),
    Fact("parcel.tracking_no", None, "承运：顺丰速运，运单号 SF1823924197465。", ""),
    Fact("stock.restock", None, "预计 12月17日补货。", ""),  # alone it says itself
)


@pytest.mark.parametrize("fact", QUOTED, ids=[f.name for f in QUOTED])
async def test_pages_rights_conditions_and_a_sentence_alone_are_quoted_without_asking_the_model(fact):
    text, reply = await heard(turn(evidence=(Evidence(Intent.STOCK, (FACTS[0], fact)),)), saying("不该问我"))
    assert text == LEAD + fact.zh
    assert (reply.phrased_by, reply.tries, reply.usage) == ("template", 0, Usage())


async def test_a_label_alone_is_made_a_sentence_and_a_list_is_not():
    label = Fact("product.material", None, "材质：高白泥瓷。", "")
    text, _ = await heard(
        turn(evidence=(Evidence(Intent.PRODUCT_INFO, (FACTS[0], label)),)), saying("材质是高白泥瓷。")
    )
    assert text == LEAD + "材质是高白泥瓷。"
    _, reply = await heard(
        turn(evidence=(Evidence(Intent.PRODUCT_INFO, (FACTS[0], label, replace(label, zh="材质：玻璃。"))),)),
        saying("材质是玻璃。"),
    )
    assert reply.tries == 0


async def test_a_sentence_that_the_tokens_cut_is_not_shown():
    long = "您的订单 MB20251103-0042 已发货，运输中，" * 12
    text, reply = await heard(turn(), saying(long, long))
    assert text == "".join(f.zh for f in FACTS)
    assert reply.phrased_by == "template"


async def test_english_is_answered_in_english():
    good = (
        "The last scan was on Nov 11, 2025 18:20, arrived at Hangzhou hub, and it is expected by Nov 13, 2025"
    )
    facts = turn("en", (Evidence(Intent.WHERE_IS_ORDER, FACTS[:3]),))
    text, reply = await heard(facts, saying(good))
    assert text == f"{FACTS[0].en} {good}."
    assert reply.phrased_by == "model"
    text, reply = await heard(facts, saying(good + "，您的包裹在路上。", good))
    assert "您" not in text
    assert (reply.phrased_by, reply.tries) == ("model", 2)


async def test_a_sentence_stopped_within_a_short_form_is_none():
    text, _ = await heard(turn("en"), saying("It is expected by Nov 13, 2025, approx"))
    assert "approx" not in text


async def test_an_engine_is_told_where_a_sentence_ends_so_that_it_says_what_it_used():
    told = []

    async def phrase(messages, most, stops):
        told.append(stops)
        yield Finished("stop", Usage())

    for lang in ("zh-Hans", "en"):
        await heard(turn(lang), phrase)
    assert ["。" in told[0], ". " in told[1]] == [True, True]
    assert all(len(stops) <= 4 for stops in told)  # as many as OpenAI's protocol takes


async def test_traditional_is_answered_in_traditional_with_codes_untouched():
    text, reply = await heard(turn("zh-Hant"), None)
    assert "訂單 MB20251103-0042 已發貨，運輸中。" in text
    assert reply.tries == 0


async def test_an_engine_that_fails_is_said_and_the_template_answers():
    async def broken(messages, most, stops):
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

    async def phrase(messages, most, stops):
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
        return [s async for s in sentences(pieces(), [])]

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
