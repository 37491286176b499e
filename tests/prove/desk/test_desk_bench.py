"""Contestants are told apart by the same words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from desk_talks import NOW, WHERE, talk

from mingbai.prove.desk.basis import of_texts
from mingbai.prove.desk.bench import Row, in_words, paired, right, table, timed
from mingbai.prove.desk.case import Case
from mingbai.prove.desk.report import graded
from mingbai.prove.desk.talk import Answered, Talk
from mingbai.prove.peers import rival
from mingbai.prove.peers.kept import Kept
from mingbai.values.chat import Usage

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
    row = Row("peer", talks)
    assert row.tokens == 100
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


def by_model(prompt: int, cached: int) -> Talk:
    """One of ours with a sentence of the model's."""
    made = talk("订单已发货。", WHERE)
    old = made.last
    assert old.turn is not None
    assert old.turn.reply is not None
    reply = replace(old.turn.reply, phrased_by="model", by_model=1, usage=Usage(prompt, cached, 9))
    seconds = (*old.turn.seconds, ("generate", 0.9), ("worded", 1.1))
    return replace(made, answers=(replace(old, turn=replace(old.turn, reply=reply, seconds=seconds)),))


def test_what_the_model_worded_is_timed_apart_from_what_the_rows_said_at_once() -> None:
    lines = timed("alone", graded((by_model(300, 250), talk("订单已发货。", WHERE))))
    assert ["n 2" in lines[0], "n 1" in lines[1]] == [True, True]
    assert "worded 1.10 1.10" in lines[1]
    assert len(timed("alone", graded((talk("订单已发货。", WHERE),)))) == 1


def test_tokens_are_those_that_the_engine_said_it_used() -> None:
    row = Row("ours", (by_model(300, 250), talk("订单已发货。", WHERE)))
    assert (row.tokens, row.cached) == (150, 125)


def test_a_peer_that_got_to_some_questions_is_compared_on_those() -> None:
    other = replace(CASE, id="c2")
    ours = Row("ours", (told("¥35.00", "price 35.00 CNY"), replace(told("不知道"), case=other)))
    line = paired(ours, Row("peer", (told("不知道"),)))[0]
    assert "n 1 " in line
    assert "right 1 / 0" in line
    assert "only ours 1" in line


def test_a_bench_goes_on_where_it_stopped(tmp_path: Path) -> None:
    file = tmp_path / "peers.jsonl"
    heard = {
        "id": "c1",
        "say": "多少钱",
        "answer": "35",
        "first": 1.0,
        "last": 2.0,
        "error": "",
        "seen": [],
        "tokens": 9,
    }
    Kept(file, "m").keep("rag", heard)
    file.write_text(file.read_text("utf-8") + '{"by": "ra', "utf-8")  # killed while it wrote
    again = Kept(file, "m")
    assert (again.get("rag", CASE) or {})["answer"] == "35"
    assert again.get("qwen-agent", CASE) is None
    assert again.get("rag", replace(CASE, say=("多少钱啊",))) is None  # other words are another question
    assert Kept(file, "other").get("rag", CASE) is None


class Answers:
    """A peer that says nothing any more after so many questions."""

    def __init__(self, questions: int) -> None:
        self.left = questions

    async def tell(self, obj: object) -> None:
        self.left -= 1

    async def hear(self) -> dict[str, object]:
        if self.left < 0:
            raise TimeoutError
        return {"id": "c1", "answer": "35", "first": 1.0, "last": 2.0, "error": ""}


async def test_a_peer_that_never_ends_is_asked_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    async def none(service: object) -> int:
        return 0

    monkeypatch.setattr(rival, "prompt_tokens", none)  # of a service that does not run here
    said = [h async for h in rival.within(1.0, Answers(1), [CASE, CASE, CASE], None, None, None)]  # type: ignore[arg-type]  # neither tools nor rows are asked for
    assert [h["error"] for h in said] == ["", "TimeoutError"]
    assert [h async for h in rival.within(-1.0, Answers(1), [CASE], None, None, None)] == []  # type: ignore[arg-type]  # no time
