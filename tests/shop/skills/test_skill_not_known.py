"""A rule of the shop in general is no answer to a question that was only likened to it."""

from __future__ import annotations

from dataclasses import replace

from counter import Counter

from mingbai.values.turn import Evidence, Guess, Intent

PICK_UP = "请问可以选7-11店到店、取货再付款吗"


def likened(tea: Counter, text: str, p: float) -> Evidence:
    turn = tea.turn(text, "return_right")
    assert turn.understood is not None
    guesses = (Guess(Intent.RETURN_RIGHT, p, "examples"),)
    (found,) = tea.grounder.ground(replace(turn, understood=replace(turn.understood, intents=guesses)))
    return found


def test_what_has_no_word_of_the_rule_is_not_answered_by_it(tea: Counter) -> None:
    assert likened(tea, PICK_UP, 0.57) == Evidence(Intent.RETURN_RIGHT)


def test_the_rule_answers_what_it_is_about_and_what_was_plainly_asked(tea: Counter) -> None:
    assert likened(tea, "不喜欢了可以寄回来吗", 0.57).facts
    assert likened(tea, PICK_UP, 0.95).facts


def test_a_price_of_next_year_is_in_no_row(tea: Counter) -> None:
    assert tea.ask("明年三月才搬家，那会儿铸铁壶大概卖多少钱", "price", product="铸铁壶") == Evidence(
        Intent.PRICE
    )
    assert tea.ask("铸铁壶现在卖多少钱", "price", product="铸铁壶").facts
