"""How words may leave for a place, by the policy: as they are, with placeholders, or not at all.

Whose law protects a person is not known before their rows are read, so a rule must allow it for everybody whom the shop
serves. Who runs the tools of a raw chat holds a key of staff, owner or engineer: which one is not known to an engine, so
real values go into their arguments only where all three may see them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import get_args

from mingbai.permit.mask.masked import Terms
from mingbai.permit.policy.decide import Caller, PlaceTerms, Policy, Region, See, Send
from mingbai.values.errors import Text

EVERYBODY: tuple[Region, ...] = get_args(Region)
_RUN_TOOLS: tuple[Caller, ...] = ("staff", "owner", "engineer")


@dataclass(frozen=True, slots=True)
class Passage:
    """`plain` and `masked`: may personal data leave like this. `by`, `why`: the rules that decided of the masked ones."""

    plain: bool
    masked: bool
    tools: bool
    by: tuple[str, ...]
    why: tuple[Text, ...] = field(repr=False)

    @property
    def terms(self) -> Terms:
        return Terms(self.masked, self.tools, self.why)


def passage(policy: Policy, place: PlaceTerms, regions: Sequence[Region] = EVERYBODY) -> Passage:
    here = [Send(place, "personal", region, route=place.route(region)) for region in regions]
    there = [Send(place, "personal", region, route=place.route(region), masked=True) for region in regions]
    tools = [See(caller, "personal", "other") for caller in _RUN_TOOLS]
    plain, masked, seen = (policy.decide_all(asked) for asked in (here, there, tools))
    deciding = [it for it in masked if not it.allowed] or masked
    return Passage(
        plain=bool(plain) and all(it.allowed for it in plain),
        masked=bool(masked) and all(it.allowed for it in masked),
        tools=all(it.allowed for it in seen),
        by=tuple(dict.fromkeys(rule for it in deciding for rule in it.by)),
        why=tuple(dict.fromkeys(said for it in deciding for said in it.why)),
    )
