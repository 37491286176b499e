"""Dialect is read in the words of the standard language, beside what was written."""

from __future__ import annotations

import pytest

from mingbai.turn.understand import follow, form, rules
from mingbai.values.turn import Intent
from mingbai.zh import dialect


@pytest.mark.parametrize(
    ("said", "standard"),
    [
        ("可唔可以改地址", "可不可以改地址"), ("几时先出货", "什么时候才出货"), ("咋个退", "怎么退"), ("有冇货", "有没有货"),
        ("可不可以改地址", "可不可以改地址"), ("where is it", "where is it"), ("", ""),
    ],
)  # fmt: skip
def test_words_of_the_grammar_are_read(said: str, standard: str) -> None:
    assert dialect.standard(said) == standard
    assert dialect.standard(dialect.standard(said)) == standard


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("地址可唔可以改", Intent.CHANGE_ADDRESS), ("我張單去咗邊", Intent.WHERE_IS_ORDER), ("退返啲錢要幾耐", Intent.REFUND_STATUS),
        ("隻碗可唔可以換返隻", Intent.EXCHANGE), ("这个能退伐", Intent.RETURN_RIGHT),
    ],
)  # fmt: skip
def test_a_rule_for_one_is_a_rule_for_all(said: str, intent: Intent) -> None:
    assert intent in {hit.intent for hit in rules.hits(form.plain(said).text) if hit.strong}


@pytest.mark.parametrize(
    ("said", "names"), [("我要取消", True), ("帮我取消吧", True), ("对，取消", False), ("确认", False)]
)
def test_what_is_to_be_done_is_named_without_a_question_before(said: str, names: bool) -> None:
    assert follow.names_what(form.plain(said).text) is names
