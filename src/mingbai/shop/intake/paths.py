"""Short paths into JSON objects, as profiles write them.

address.zip                       a member of a member
items[]   variants{}              every element of a list; every value of an object
history[type=payment].amount      only the elements where that member is that word
^.order_id                        one object further out: from an element of `items[]` back to its order
.                                 the value itself
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from mingbai.shop.intake.rows import Node

_STEP = re.compile(r"([^.\[\]{}^]+)?(\[\]|\{\}|\[[^\[\]=]+=[^\[\]=]*\])?")


@dataclass(frozen=True, slots=True)
class Place:
    """A value with the place it was reached from."""

    value: Node
    outer: Place | None = None


Follow: TypeAlias = Callable[[Place], list[Place]]


def path(words: str) -> Follow | None:
    """What the path leads to from a place; None when `words` are no path. Never raises on any JSON."""
    steps: list[tuple[str, str]] = []
    if words == ".":
        return lambda place: [place]
    for part in words.split("."):
        if part == "^":
            steps.append(("^", ""))
            continue
        found = _STEP.fullmatch(part)
        if not found or not part:
            return None
        steps.append((found[1] or "", found[2] or ""))

    def follow(place: Place) -> list[Place]:
        here: list[tuple[Place, Node]] = [
            (place, place.value)
        ]  # the record a value belongs to, and the value
        for name, all_of in steps:
            here = [there for owner, value in here for there in _step(owner, value, name, all_of)]
            if not here:
                break
        return [owner if owner.value is value else Place(value, owner) for owner, value in here]

    return follow


def _step(owner: Place, value: Node, name: str, all_of: str) -> list[tuple[Place, Node]]:
    if name == "^":
        return [(owner.outer, owner.outer.value)] if owner.outer else []
    if name:
        if not isinstance(value, dict) or name not in value:
            return []
        value = value[name]
    if not all_of:
        return [(owner, value)]
    inner: list[Node] = list(value.values()) if all_of == "{}" and isinstance(value, dict) else []
    if all_of != "{}" and isinstance(value, list):
        inner = value
    if "=" in all_of:
        member, _, word = all_of[1:-1].partition("=")
        inner = [one for one in inner if isinstance(one, dict) and said(one.get(member)) == word]
    return [(Place(one, owner), one) for one in inner]


def said(value: Node) -> str | None:
    """A single value as text; None for what is absent, null, a list or an object."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case _:
            return None
