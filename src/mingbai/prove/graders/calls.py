"""What a grader of tool calls takes and gives, and how several calls are paired with several expected ones.

A wanted call is whatever the suite's grader understands (`bfcl.py`, `acebench.py`); pairing knows only a test on two of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from mingbai.values.json import JsonObject

Wanted = TypeVar("Wanted")


@dataclass(frozen=True, slots=True)
class Call:
    """A call as the client would run it. `arguments` is None when what was written is not a JSON object."""

    name: str
    arguments: JsonObject | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`right` is the suite's own measure; `strict` is the same without leniency for free text; `reason` is the first fault."""

    right: bool
    strict: bool
    reason: str = ""


def pair_up(wanted: Sequence[Wanted], calls: Sequence[Call], fault: Callable[[Wanted, Call], str]) -> str:
    """Gives each wanted call one given call, in any order and none twice. Returns "" or the first fault.

    `fault(wanted, call)` is "" where the two agree. All pairings are considered, so a wanted call that could take two
    given ones never robs another of its only partner. (BFCL's own checker takes the first fit and may fail there.)
    """
    if len(wanted) != len(calls):
        return f"{len(wanted)} calls expected, {len(calls)} made"
    faults = [[fault(want, call) for call in calls] for want in wanted]
    taken: dict[int, int] = {}  # call → wanted

    def place(want: int, tried: set[int]) -> bool:
        for call, text in enumerate(faults[want]):
            if text or call in tried:
                continue
            tried.add(call)
            if call not in taken or place(taken[call], tried):
                taken[call] = want
                return True
        return False

    for index, row in enumerate(faults):
        if not place(index, set()):
            return next((text for text in row if text), "no call is left for an expected one")
    return ""
