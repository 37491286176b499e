"""What the model is shown: a beginning that is the same for every customer of a language (its state is saved, so it
costs nothing), then the question and the facts of this turn. What a customer typed stands there as data, on one line.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from mingbai.turn.basis import Basis
from mingbai.turn.templates import Line
from mingbai.values.chat import Message
from mingbai.values.turn import Turn

QUESTION_LONGEST = 120  # characters of the customer's words: what is asked is already understood
MOST_TOKENS = 64  # one sentence; the facts it leaves out follow in their own words
MOST_LINES = 5
LINE_LONGEST = 160


@cache
def system_text(english: bool) -> str:
    name = "desk.en.md" if english else "desk.zh.md"
    return (files("mingbai.turn") / "prompts" / name).read_text("utf-8").strip()


def compose(turn: Turn, basis: Basis, told: Sequence[Line], *, avoid: str = "") -> tuple[Message, ...]:
    """The messages for one phrasing of those lines. `avoid` is what an earlier phrasing was stopped for."""
    question = " ".join(turn.text.split())[:QUESTION_LONGEST]
    facts = "\n".join(f"- {line.text[:LINE_LONGEST]}" for line in told[:MOST_LINES])
    if basis.english:
        hint = f"(Do not write “{avoid}”.)\n" if avoid else ""
        text = f"Customer: {question}\nFacts:\n{facts}\n{hint}Answer:"
    else:
        hint = f"（不要写“{avoid}”。）\n" if avoid else ""
        text = f"顾客：{question}\n事实：\n{facts}\n{hint}回答："
    return Message("system", system_text(basis.english)), Message("user", text)
