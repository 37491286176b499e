"""What the rows say in their own words, what the model may word, and what it is shown for that: a beginning that is the
same for every customer of a language (its state is saved, so it costs nothing), then two or three facts.

The model joins facts into one sentence. What the customer typed is not shown to it: that is understood by then, the first
fact answers it, and with the question before them these weights took words from it that no fact holds (a price that was
asked about, a deed that was hoped for); so no words of a customer's can turn a sentence either.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from mingbai.turn.basis import Basis
from mingbai.turn.keep import labelled
from mingbai.turn.said import read
from mingbai.turn.templates import Line
from mingbai.values.chat import Message
from mingbai.values.turn import Fact, Turn

MOST_TOKENS = 60  # one sentence
MOST_WORDED = 3  # facts for one sentence; each token that is read costs 9 ms
WORDED_LONGEST = 70, 150  # characters of these together, Chinese and English
# The sentence ends there. At most four, which is what a place elsewhere takes.
STOPS = ("。", "；", "！", "\n"), (". ", "! ", "? ", "\n")
# With one of these a fact holds only sometimes, and a sentence that leaves the condition out would be false.
CONDITION = (
    re.compile(
        r"如|若|要是|；|除|仅|只(?!装)|的话|为准|的[，、；]|通常|一般|可能|满|凭|看|须|以内|以上|起[，。；]"
    ),
    re.compile(
        r"(?i);|\b(?:if|unless|except|only|when|while|provided|usually|normally|depend\w*|over|within|from|for (?:orders|returns))\b"
    ),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """`lead` is said at once, word for word; `worded` is for the model, and without any it is not asked."""

    lead: tuple[Line, ...]
    worded: tuple[Line, ...]


def planned(turn: Turn, basis: Basis, told: Sequence[Line]) -> Plan:
    """The first fact leads, as the rows say it. Of the others the model may word what holds without a condition and names
    no number of a parcel or paper: a page's sentence, what the law gives, and the rows of a list are only ever quoted."""
    first = next((at for at, line in enumerate(told) if line.fact is not None), None)
    if first is None or any(
        e.proposal or e.needs or e.refusals or e.done or e.handoff for e in turn.evidence
    ):
        return Plan((), ())
    rest = first + 1
    while rest < len(told) and _is_title(told[rest]):
        rest += 1
    room = WORDED_LONGEST[basis.english]
    worded: list[Line] = []
    names = Counter(line.fact.name for line in told if line.fact)
    for line in told[rest:]:
        if line.fact is None or names[line.fact.name] > 1 or not _may_be_worded(line.fact, line.text, basis):
            continue
        room -= len(line.text)
        if room < 0 or len(worded) == MOST_WORDED:
            break
        worded.append(line)
    if len(worded) == 1 and not labelled(worded[0].text)[0]:
        worded = []  # a sentence alone says itself: there is nothing to put together
    return Plan(tuple(told[:rest]), tuple(worded))


def _is_title(line: Line) -> bool:
    return line.fact is not None and line.fact.name.endswith(".title")


def _may_be_worded(fact: Fact, text: str, basis: Basis) -> bool:
    if fact.name.startswith("page.") or fact.rule or CONDITION[basis.english].search(text):
        return False
    return all(p.kind != "code" or p.value == fact.about.casefold() for p in read(text))


@cache
def system_text(english: bool) -> str:
    name = "desk.en.md" if english else "desk.zh.md"
    return (files("mingbai.turn") / "prompts" / name).read_text("utf-8").strip()


def compose(plan: Plan, *, english: bool, avoid: str = "") -> tuple[Message, ...]:
    """The messages for one phrasing. `avoid` is what an earlier phrasing was stopped for."""
    facts = "\n".join(f"- {line.text}" for line in plan.worded)
    if english:
        hint = f"(Do not write “{avoid}”.)\n" if avoid else ""
        text = f"Facts:\n{facts}\n{hint}Answer:"
    else:
        hint = f"（不要写“{avoid}”。）\n" if avoid else ""
        text = f"事实：\n{facts}\n{hint}回答："
    return Message("system", system_text(english)), Message("user", text)
