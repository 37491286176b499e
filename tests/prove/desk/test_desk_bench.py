"""Contestants are told apart by the same words."""

from __future__ import annotations

from dataclasses import replace

from desk_talks import NOW

from mingbai.prove.desk.basis import of_texts
from mingbai.prove.desk.bench import Row, in_words, right, table
from mingbai.prove.desk.case import Case
from mingbai.prove.desk.talk import Answered, Talk

CASE = Case("c1", "price", "zh-Hans", ("多少钱",), has=(("¥35",),))


def told(text: str, *seen: str, error: str = "") -> Talk:
    return Talk(
        CASE,
        (
            Answered(
                text, 1.0, 2.0, words=of_texts(seen, NOW.date()), error=error, tokens=100, today=NOW.date()
            ),
        ),
    )


def test_a_peer_is_right_when_its_words_are_and_nothing_is_invented() -> None:
    talks = (
        told("¥35.00", "price 35.00 CNY"),
        told("¥35.00，明天到", "price 35.00 CNY"),
        told("不知道"),
        told("", error="Timeout"),
    )
    assert [right(t) for t in talks] == [True, False, False, False]
    row = Row("peer", talks, tokens=100.0)
    assert (row.right.hits, row.invented, row.errors, row.seconds("last", 0.5)) == (1, 1, 1, 2.0)
    assert "1/4" in table([row])[1]
    assert [d["right"] for d in row.details()] == [True, False, False, False]


def test_questions_that_words_alone_can_answer() -> None:
    cases = [
        CASE,
        replace(CASE, say=("a", "b")),
        replace(CASE, has=()),
        replace(CASE, has=(), unknown=True),
        replace(CASE, needs="order_no"),
    ]
    assert in_words(cases) == [CASE, cases[3]]
