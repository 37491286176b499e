"""Answers made of the facts' own sentences, as a customer reads them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mingbai.turn.basis import Basis
from mingbai.turn.templates import (
    CONFIRM,
    LEAVE,
    PASSAGE_LONGEST,
    PERSON,
    PERSON_LATER,
    UNKNOWN,
    lines,
    templated,
)
from mingbai.values.turn import (
    Evidence,
    Fact,
    Guess,
    Intent,
    Need,
    Passage,
    Proposal,
    Slots,
    Turn,
    Understood,
)

NOW = datetime(2025, 11, 12, 10, tzinfo=UTC)


def turn(*evidence: Evidence, lang="zh-Hans", unsure=False, intents=(Intent.PRODUCT_INFO,)) -> Turn:
    understood = Understood(lang, tuple(Guess(i, 0.5, "rule") for i in intents), Slots(), unsure=unsure)
    return Turn("t", "tea", "", NOW, understood=understood, evidence=evidence)


def fact(name, zh, en="", must=True, value=None) -> Fact:
    return Fact(name, value, zh, en or zh, must=must)


@pytest.mark.parametrize("lang", ["zh-Hans", "en"])
def test_a_proposal_asks_once_and_a_no_is_no_word_for_yes(lang):
    side = 1 if lang == "en" else 0
    plain = Proposal("cancel_order", (), "要取消订单 1001。", "Order 1001 would be cancelled.")
    asking = Proposal(
        "cancel_order",
        (),
        "要取消订单 1001。确认的话请回复“确认”。",
        'Order 1001 would be cancelled. Please reply "yes" to confirm.',
    )
    for proposal, ending in ((plain, CONFIRM), (asking, LEAVE)):
        text = templated(turn(Evidence(Intent.CANCEL_ORDER, proposal=proposal), lang=lang))
        assert text.endswith(ending[side])
        assert text.count("确认”") + text.count("yes") == 1
        assert "回复“取消”" not in text
        assert "“cancel”" not in text


@pytest.mark.parametrize(("open_now", "said"), [(True, PERSON), (False, PERSON_LATER)])
def test_nobody_is_said_to_come_while_the_desk_is_closed(open_now, said):
    handed = Evidence(Intent.HANDOFF, (fact("handoff.open_now", "现在…", value=open_now),), handoff=True)
    assert templated(turn(handed)).startswith(said[0])


def test_a_page_in_the_other_language_is_not_cited():
    zh = Passage("policy", "p", "发货", "现货当天发出。", "zh")
    assert templated(turn(Evidence(Intent.DELIVERY_TIME, passages=(zh,)), lang="en")) == UNKNOWN[1]
    assert templated(turn(Evidence(Intent.DELIVERY_TIME, passages=(zh,)))) == "《发货》：现货当天发出。"


def test_a_cited_page_is_cut_after_a_sentence_and_its_lines_become_clauses():
    text = "Germany\nfree from EUR 59.90. " + "We pay the way back for defects, No. 5 of the rules. " * 20
    said = templated(
        turn(
            Evidence(Intent.RETURN_RIGHT, passages=(Passage("policy", "p", "Returns", text, "en"),)),
            lang="en",
        )
    )
    assert said.startswith("Returns: Germany; free from EUR 59.90. We pay")
    assert said.endswith("No. 5 of the rules.")
    assert len(said) < PASSAGE_LONGEST + 60


def test_a_list_ends_with_a_full_stop():
    page = Passage("policy", "p", "保修", "凭订单号：\n电热水壶：1 年；\n茶秤：1 年", "zh")
    assert (
        templated(turn(Evidence(Intent.WARRANTY, passages=(page,))))
        == "《保修》：凭订单号：电热水壶：1 年；茶秤：1 年。"
    )


def test_of_a_size_chart_only_the_advised_row_is_shown():
    chart = [
        fact("size.chart", f"{s} 码：胸围 {n} cm。", must=False) for s, n in (("S", 88), ("M", 92), ("L", 98))
    ]
    said = templated(turn(Evidence(Intent.SIZE_ADVICE, (fact("size.advice", "建议选 M 码。"), *chart))))
    assert said == "建议选 M 码。M 码：胸围 92 cm。"
    assert "98 cm" in templated(turn(Evidence(Intent.SIZE_ADVICE, tuple(chart))))


def test_an_attribute_that_was_asked_does_not_bring_the_whole_card():
    card = [fact("product.title", "您问的是《盖碗》。", must=False)]
    card += [fact(f"product.p{n}", f"第{n}项。", must=False) for n in range(8)]
    shown = lines(
        made := turn(Evidence(Intent.PRODUCT_INFO, (fact("product.capacity", "容量：130 ml。"), *card))),
        Basis.of(made),
    )
    assert [line.text for line in shown] == ["容量：130 ml。", "您问的是《盖碗》。"]


def test_asking_back_is_one_question():
    unsure = turn(unsure=True, intents=(Intent.PRICE, Intent.STOCK))
    assert templated(unsure) == "请问您想问的是价格、有没有货，还是转人工？"
    english = turn(unsure=True, intents=(Intent.PRICE, Intent.STOCK), lang="en")
    assert templated(english) == "Do you mean a price, stock, or a person?"


def test_a_question_that_nothing_answers_is_said_not_to_be_found_before_it_is_asked_what_is_meant():
    guesses = (Guess(Intent.SIZE_ADVICE, 0.2, "examples"), Guess(Intent.STOCK, 0.1, "examples"))
    need = Evidence(Intent.SIZE_ADVICE, needs=(Need("intent", "", ""),))
    asked = replace(
        turn(need), text="防晒系数多少", understood=Understood("zh-Hans", guesses, Slots(), unsure=True)
    )
    assert templated(asked) == "这个我没有查到，不能随便回答您。请问您想问的是尺码、有没有货，还是转人工？"
    assert templated(replace(asked, text="那个茶服")) == "请问您想问的是尺码、有没有货，还是转人工？"
