from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingbai.turn.understand import form
from mingbai.turn.understand.parts import split


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("订单到哪了?能开发票吗", ["订单到哪了?", "能开发票吗"]),
        ("订单到哪了,另外能开发票吗", ["订单到哪了", ",另外能开发票吗"]),
        ("还有货吗", ["还有货吗"]),
        ("is it in stock and how much is it", ["is it in stock", " and how much is it"]),
        ("salt and pepper set", ["salt and pepper set"]),
        (
            "how long is the warranty, plus can i use a coupon",
            ["how long is the warranty", ", plus can i use a coupon"],
        ),
        (
            "it hasn't shipped yet, has it? can i change the address?",
            ["it hasn't shipped yet, has it? can i change the address?"],
        ),
        ("还没发货吧?能改地址吗", ["还没发货吧?能改地址吗"]),
        ("0.9 L kettle", ["0.9 L kettle"]),
        ("", [""]),
    ],
)
def test_where_another_question_may_begin(text: str, expected: list[str]) -> None:
    assert [it.text for it in split(text)] == expected


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        ("cancel this one please, and when do i get my money back?", [False, True]),  # 取消这单，钱什么时候退
        ("where is my order? and can i get an invoice?", [False, False]),
        ("i'd like to return this, also how long does the refund take?", [False, False]),
    ],
)
def test_a_mere_and_begins_no_sentence(text: str, beside: list[bool]) -> None:
    assert [it.beside for it in split(text)] == beside


@given(st.text(max_size=200))
def test_parts_stand_where_they_say(text: str) -> None:
    for part in split(text):
        assert text[part.start : part.end] == part.text


@given(st.text(max_size=200))
def test_the_plain_form_leads_back(text: str) -> None:
    shown = form.plain(text)
    for at in range(len(shown.text)):
        first, last = shown.back(at, at + 1)
        assert 0 <= first <= last <= len(text)
