"""Messages of the development suites with what they ask for, by suite: one hand wrote each, so one can be kept from learning.

`intents` is the author's word, exact. Where the author left it open (either would do), `accepted` says what the case's group
allows; a group that allows anything is not here. Conversations of several messages are left out. Blind suites are not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Literal, TypeAlias

from mingbai.prove.desk.case import Case, parse
from mingbai.prove.understand import intent_cases
from mingbai.values.turn import Intent

Suite: TypeAlias = Literal["tea-dev", "tea-dev2", "tea-dev3", "tea-dev4"]
KINDS = ("goods", "orders", "handoff", "mixed", "pairs", "unknown")

GROUPS: Mapping[str, frozenset[Intent]] = {
    "where": frozenset((Intent.WHERE_IS_ORDER, Intent.DELIVERY_TIME)),
    "logistics": frozenset((Intent.WHERE_IS_ORDER, Intent.DELIVERY_TIME)),
    "when": frozenset((Intent.DELIVERY_TIME, Intent.WHERE_IS_ORDER)),
    "cancel": frozenset((Intent.CANCEL_ORDER,)),
    "modify": frozenset((Intent.MODIFY_ORDER, Intent.CHANGE_ADDRESS, Intent.CANCEL_ORDER)),
    "address": frozenset((Intent.CHANGE_ADDRESS,)),
    "refund": frozenset((Intent.REFUND_STATUS,)),
    "return": frozenset((Intent.RETURN_RIGHT, Intent.START_RETURN)),
    "returns": frozenset((Intent.RETURN_RIGHT, Intent.START_RETURN)),
    "exchange": frozenset((Intent.EXCHANGE,)),
    "warranty": frozenset((Intent.WARRANTY, Intent.DAMAGED_OR_MISSING)),
    "damage": frozenset((Intent.DAMAGED_OR_MISSING,)),
    "damaged": frozenset((Intent.DAMAGED_OR_MISSING,)),
    "complaint": frozenset((Intent.COMPLAINT,)),
    "protect": frozenset((Intent.PRICE_PROTECTION,)),
    "size": frozenset((Intent.SIZE_ADVICE,)),
    "stock": frozenset((Intent.STOCK, Intent.DELIVERY_TIME)),
    "price": frozenset((Intent.PRICE, Intent.COUPON)),
    "coupon": frozenset((Intent.COUPON, Intent.PRICE)),
    "compare": frozenset((Intent.PRODUCT_INFO, Intent.PRICE)),
    "fact": frozenset((Intent.PRODUCT_INFO,)),
    "facts": frozenset((Intent.PRODUCT_INFO,)),
    "product": frozenset((Intent.PRODUCT_INFO,)),
    "unknown_goods": frozenset((Intent.PRODUCT_INFO,)),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """`intents` empty: the author left it open."""

    id: str
    text: str = field(repr=False)
    intents: frozenset[Intent]
    accepted: frozenset[Intent]


def of_suite(suite: Suite) -> list[Asked]:
    return [asked for case in _cases(suite) if (asked := _asked(case)) is not None]


def held_out() -> list[Asked]:
    """`understand_cases/held_out.txt` in the same form."""
    return [
        Asked(f"held-{at:03d}", case.text, case.intents, case.intents)
        for at, case in enumerate(intent_cases(), 1)
    ]


def texts(suite: Suite) -> list[str]:
    """Every message of the suite, also those that nobody graded."""
    return [text for case in _cases(suite) for text in case.say]


def _cases(suite: Suite) -> list[Case]:
    folder = files("mingbai.prove") / "suites_desk"
    found = []
    for kind in KINDS:
        if (place := folder / f"{suite}-{kind}.jsonl").is_file():
            found += parse(place.read_text("utf-8").splitlines())
    return found


def _asked(case: Case) -> Asked | None:
    if len(case.say) > 1:
        return None
    intents = frozenset(case.intents)
    if not intents and case.handoff and case.group == "asks":
        intents = frozenset((Intent.HANDOFF,))
    accepted = intents or GROUPS.get(case.group, frozenset())
    return Asked(case.id, case.say[0], intents, accepted) if accepted else None
