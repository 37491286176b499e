"""The state of an order: the platform's words to ours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mingbai.shop.intake.columns import Columns, Unit
from mingbai.shop.intake.convert import NOTHING
from mingbai.shop.intake.fill import ABSENT, Fill, Manner, quotable
from mingbai.shop.intake.profile import normal
from mingbai.values.errors import Text
from mingbai.values.records import OrderState


def state(words: Fill, columns: Columns, manner: Manner) -> Fill:
    """Lines of one order in two states make one state only where that is certain."""
    profile = manner.profile
    filled = [(get, told) for column, told in profile.state_if if (get := columns.one(column)) is not None]

    def fill(unit: Unit, group: Sequence[Unit]) -> Any:
        for get, told in filled:
            if get(unit) not in NOTHING:
                return told
        said = words(unit, group)
        if not isinstance(said, str) or not said:
            return ABSENT
        if normal(said) in profile.states:
            return profile.states[normal(said)]
        found = {profile.states.get(normal(word)) for word in said.split(" / ")}
        known = {one for one in found if one is not None}
        together = _together(known) if len(known) == len(found) else None
        if together is None:
            manner.warn(Text(f"不认识的订单状态：{quotable(said)}", f"unknown order state: {quotable(said)}"))
            return OrderState.UNKNOWN
        return together

    return fill


def _together(states: set[OrderState]) -> OrderState | None:
    open_states = states - {OrderState.CANCELLED, OrderState.REFUNDED}
    if len(states) == 1:
        return next(iter(states))
    if len(open_states) == 1:
        return next(iter(open_states))
    if open_states and open_states <= {OrderState.PAID, OrderState.SHIPPED, OrderState.PART_SHIPPED}:
        return OrderState.PART_SHIPPED
    if not open_states and states:
        return OrderState.REFUNDED
    return None
