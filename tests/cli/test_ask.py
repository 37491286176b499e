"""`mingbai ask`, in rehearsal: what a person and what a program gets."""

from __future__ import annotations

import json

from click.testing import CliRunner

from mingbai.cli.ask import ask


def test_for_people_it_says_that_no_model_answered():
    said = CliRunner().invoke(ask, ["你好", "--rehearse"], catch_exceptions=False)
    assert said.stdout == "（彩排）你说：你好\n"
    assert "不是模型的回答" in said.stderr


def test_for_programs():
    said = CliRunner().invoke(
        ask, ["你好", "--rehearse", "--json", "--max-tokens", "2"], catch_exceptions=False
    )
    assert json.loads(said.stdout) == {
        "text": "（彩排）",
        "place": "rehearsal",
        "finish_reason": "length",
        "prompt_tokens": 2,
        "completion_tokens": 2,
    }


def test_what_is_refused():
    for wrong in ([], ["x", "--temperature", "3"], ["x", "--max-tokens", "0"]):
        assert CliRunner().invoke(ask, wrong).exit_code == 2
