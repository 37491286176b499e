"""The same question in two ways: the same facts, or the step at which the answers part."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from desk_talks import DUE, STATE, WHERE, answer, talk

from mingbai.prove.desk.case import SUITES, Case, suite
from mingbai.prove.desk.same import Pair, pairs, parted, reported, twins
from mingbai.prove.desk.talk import Talk
from mingbai.values.turn import Evidence, Fact, Intent, Passage, Slots

CASE = Case("c1", "logistics", "zh-Hans", ("订单到哪了",), intents=(Intent.STOCK,))


def understood(made: Talk, **changes: object) -> Talk:
    turn = made.last.turn
    assert turn is not None
    assert turn.understood is not None
    changed = replace(turn, understood=replace(turn.understood, **changes))  # type: ignore[arg-type]
    return replace(made, answers=(replace(made.last, turn=changed),))


def test_the_same_question_is_asked_in_both_scripts_and_by_two_customers() -> None:
    made = list(pairs([CASE], ("C1", "C2")))
    assert [(p.way, p.one.say, p.other.say) for p in made] == [
        ("script", ("订单到哪了",), ("訂單到哪了",)),
        ("customer", ("订单到哪了",), ("订单到哪了",)),
    ]
    assert [p.other.lang for p in made] == ["zh-Hant", "zh-Hans"]
    assert not list(pairs([replace(CASE, lang="en", say=("hi",), customer="C1")], ("C1", "C2")))


def test_other_words_for_the_same_facts_are_the_same_answer() -> None:
    pair = Pair("script", CASE, replace(CASE, lang="zh-Hant"))
    assert parted(pair, talk("运输中"), talk("訂單運輸中")) is None


@pytest.mark.parametrize(
    ("other", "cause"),
    [
        (talk("x", Evidence(Intent.WHERE_IS_ORDER, facts=(STATE,))), "row"),
        (talk("x", Evidence(Intent.STOCK, facts=(STATE,))), "intent"),
        (understood(talk("x", Evidence(Intent.WHERE_IS_ORDER)), slots=Slots(order_no=("MB1",))), "slot"),
        (understood(talk("x", Evidence(Intent.WHERE_IS_ORDER)), lang="en"), "language"),
        (replace(talk("x"), answers=(replace(answer(""), turn=None, error="busy"),)), "error"),
    ],
)
def test_a_difference_has_the_cause_of_the_first_step_that_parts(other: Talk, cause: str) -> None:
    pair = Pair("script", CASE, replace(CASE, id="c2", lang="zh-Hant"))
    one = talk("x", WHERE)
    found = parted(pair, one, other)
    assert found is not None
    assert found[0] == cause
    report = reported([(pair, one, one), (pair, one, other)])
    assert (report.same().hits, report.same().of, dict(report.causes)) == (1, 2, {cause: 1})
    assert DUE.value is not None


def test_a_sentence_besides_is_named_so_and_what_may_be_left_out_is_no_difference() -> None:
    pair = Pair("english", CASE, replace(CASE, id="c2", lang="zh-Hans"))
    spare = Fact("order.lines", "x", "商品：盖碗。", "Articles: gaiwan.", STATE.about, must=False)
    besides = Fact("page.delivery", None, "当天发。", "It leaves the same day.")
    one = talk("x", Evidence(Intent.WHERE_IS_ORDER, facts=(STATE, DUE)))
    assert parted(pair, one, talk("x", Evidence(Intent.WHERE_IS_ORDER, facts=(STATE, DUE, spare)))) is None
    found = parted(pair, one, talk("x", Evidence(Intent.WHERE_IS_ORDER, facts=(STATE, DUE, besides))))
    assert found is not None
    assert found[0] == "sentence"


def test_the_name_of_what_the_facts_are_of_is_no_fact_of_its_own() -> None:
    pair = Pair("english", CASE, replace(CASE, id="c2", lang="zh-Hans"))
    title, size = (
        Fact("product.title", "盖碗", "盖碗。", "Gaiwan.", "T1"),
        Fact("product.size", "9 cm", "9 cm。", "9 cm.", "T1"),
    )
    one, other = (talk("x", Evidence(Intent.PRODUCT_INFO, facts=f)) for f in ((title, size), (size,)))
    assert parted(pair, one, other) is None
    assert (
        parted(pair, one, talk("x", Evidence(Intent.PRODUCT_INFO, facts=(replace(size, about="T2"),))))
        is not None
    )


def test_a_sentence_told_is_the_same_as_its_paragraph_cited() -> None:
    pair = Pair("english", CASE, replace(CASE, id="c2", lang="zh-Hans"))
    told = Evidence(
        Intent.EXCHANGE,
        facts=(Fact("page.exchange", None, "换码一次免运费。", "One change of size is free."),),
    )
    cited = Evidence(
        Intent.EXCHANGE, passages=(Passage("policy", "exchange", "换货", "先申请。换码一次免运费。", "zh"),)
    )
    other = Evidence(Intent.EXCHANGE, passages=(Passage("policy", "exchange", "换货", "先申请。", "zh"),))
    assert parted(pair, talk("x", told), talk("x", cited)) is None
    assert parted(pair, talk("x", told), talk("x", other)) is not None


def test_every_twin_is_of_a_case_of_a_suite() -> None:
    cases = {case.id: case for name in SUITES for case in suite(name)}
    assert len(twins()) >= 150
    for name, said in twins().items():
        assert len(cases[name].say) == len(said), name
        # A code that is named in one is named in the other.
        one, other = (
            set(re.findall(r"MB[\d-]+|#\d{3,}|\d{8,}", " ".join(each))) for each in (cases[name].say, said)
        )
        assert one == other, name
