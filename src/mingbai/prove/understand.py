"""How well messages are understood that no rule and no example was written for: `understand_cases/`, never tuned on.

Printed: the first intent right, the whole set right, how honest the probabilities are, hand-offs asked for and found,
false alarms, and the time a message takes. Written by the same hands as the tables, so real customers will be harder.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from importlib.resources import files

from mingbai.prove.spread import quantile
from mingbai.turn.understand import Understander
from mingbai.values.json import JsonObject
from mingbai.values.turn import Intent, Turn, Understood

NOW = datetime(2025, 11, 12, 10, tzinfo=timezone(timedelta(hours=8)))
BINS = 10


@dataclass(frozen=True, slots=True)
class Case:
    intents: frozenset[Intent]
    handoff: bool
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Graded:
    case: Case
    made: Understood
    seconds: float

    @property
    def found(self) -> frozenset[Intent]:
        return frozenset() if self.made.unsure else frozenset(it.intent for it in self.made.intents)

    @property
    def first_right(self) -> bool:
        return self.made.intents[0].intent in self.case.intents

    @property
    def all_right(self) -> bool:
        return self.found == self.case.intents


def intent_cases() -> list[Case]:
    made = []
    for said, text in _lines("held_out.txt"):
        intents = frozenset(map(Intent, said.split("+")))
        made.append(Case(intents, bool(intents & {Intent.HANDOFF, Intent.COMPLAINT}), text))
    return made


def handoff_cases() -> list[Case]:
    return [Case(frozenset(), said == "yes", text) for said, text in _lines("held_out_handoff.txt")]


def _lines(name: str) -> list[tuple[str, str]]:
    text = files("mingbai.prove").joinpath("understand_cases", name).read_text("utf-8")
    rows = [line.partition(" | ") for line in text.splitlines() if line and not line.startswith("#")]
    return [(said.strip(), message) for said, _, message in rows]


async def graded(understander: Understander, cases: Sequence[Case]) -> list[Graded]:
    out = []
    for case in cases:
        began = time.perf_counter()
        made = await understander.understand(Turn("", "", case.text, NOW))
        out.append(Graded(case, made, time.perf_counter() - began))
    return out


def report(intents: Sequence[Graded], handoffs: Sequence[Graded]) -> JsonObject:
    single = [it for it in intents if len(it.case.intents) == 1]
    double = [it for it in intents if len(it.case.intents) == 2]
    sure = [it for it in intents if not it.made.unsure]
    asked = [it for it in handoffs if it.case.handoff]
    not_asked = [it for it in handoffs if not it.case.handoff]
    elsewhere = [it for it in intents if not it.case.handoff]
    times = [it.seconds * 1000 for it in (*intents, *handoffs)]
    english = [it for it in single if it.case.text.isascii()]
    return {
        "messages": len(intents),
        "first_intent_right": _share(single, lambda it: it.first_right),
        "first_intent_right_zh": _share(
            [it for it in single if it not in english], lambda it: it.first_right
        ),
        "first_intent_right_en": _share(english, lambda it: it.first_right),
        "whole_set_right": _share(intents, lambda it: it.all_right),
        "both_of_two_right": _share(double, lambda it: it.all_right),
        "unsure": _share(intents, lambda it: it.made.unsure),
        "first_right_where_sure": _share(sure, lambda it: it.first_right),
        "calibration_error": round(calibration_error(single), 3),
        "handoff_messages": len(handoffs),
        "handoff_found": _share(asked, lambda it: it.made.handoff),
        "handoff_false_alarms": _share(not_asked, lambda it: it.made.handoff),
        "handoff_false_alarms_elsewhere": _share(elsewhere, lambda it: it.made.handoff),
        "ms_p50": round(quantile(times, 0.5), 2),
        "ms_p95": round(quantile(times, 0.95), 2),
    }


def _share(of: Sequence[Graded], right: object) -> str:
    """「190/200 (95.0 %)」."""
    assert callable(right)
    count = sum(1 for it in of if right(it))
    return f"{count}/{len(of)} ({100 * count / len(of):.1f} %)" if of else "0/0"


def calibration_error(of: Sequence[Graded]) -> float:
    """Expected calibration error: how far, over ten bins of the first intent's p, the share of right ones is from it."""
    total = 0.0
    for at in range(BINS):
        inside = [it for it in of if at / BINS < it.made.intents[0].p <= (at + 1) / BINS]
        if inside:
            right = sum(it.first_right for it in inside) / len(inside)
            claimed = sum(it.made.intents[0].p for it in inside) / len(inside)
            total += len(inside) / len(of) * abs(right - claimed)
    return total


def misses(of: Sequence[Graded]) -> list[str]:
    """A line for each that was not wholly right: what was expected, what was understood, the message."""
    out = []
    for it in of:
        wrong = not it.all_right if it.case.intents else it.made.handoff != it.case.handoff
        if wrong:
            wanted = "+".join(sorted(it.case.intents)) or ("handoff" if it.case.handoff else "no handoff")
            got = " ".join(f"{guess.intent}:{guess.p:.2f}:{guess.by}" for guess in it.made.intents)
            out.append(f"{wanted} ← {got}{' (unsure)' if it.made.unsure else ''} | {it.case.text}")
    return out
