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
        ("0.9 L kettle", ["0.9 L kettle"]),
        ("", [""]),
    ],
)
def test_where_another_question_may_begin(text: str, expected: list[str]) -> None:
    assert [it.text for it in split(text)] == expected


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
