"""Tiny conversations to grade, without a desk."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from mingbai.prove.desk.basis import of_words
from mingbai.prove.desk.case import Case
from mingbai.prove.desk.talk import Answered, Talk
from mingbai.values.turn import Evidence, Fact, Guess, Intent, Reply, Slots, Turn, Understood

NOW = datetime(2025, 11, 12, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
STATE = Fact(
    "order.state",
    "shipped",
    "订单 MB20251103-0042 运输中。",
    "Order MB20251103-0042 is in transit.",
    "MB20251103-0042",
)
DUE = Fact(
    "parcel.due",
    NOW.date().replace(day=14),
    "预计 11月14日前送达。",
    "It is expected by Nov 14, 2025.",
    "MB20251103-0042",
)
WHERE = Evidence(Intent.WHERE_IS_ORDER, facts=(STATE, DUE))


def turn(text: str, *evidence: Evidence, said: str = "订单到哪了", **more: Any) -> Turn:
    intents = tuple(Guess(e.intent, 0.9, "rule") for e in evidence)
    understood = Understood("zh-Hans", intents, Slots(), confirms=more.pop("confirms", None))
    reply = Reply(text, "zh-Hans", more.pop("phrased_by", "template"))
    return Turn(
        "t1",
        "tea",
        said,
        NOW,
        understood=understood,
        evidence=evidence,
        reply=reply,
        seconds=(("understand", 0.1),),
        **more,
    )


def answer(text: str, *evidence: Evidence, **more: Any) -> Answered:
    made = turn(text, *evidence, **more)
    return Answered(text, 0.2, 0.5, made, words=of_words(made))


def talk(text: str, *evidence: Evidence, case: Case | None = None, **wanted: Any) -> Talk:
    asked = case or Case("c1", "logistics", "zh-Hans", ("订单到哪了",))
    return Talk(replace(asked, **wanted), (answer(text, *(evidence or (WHERE,))),))
