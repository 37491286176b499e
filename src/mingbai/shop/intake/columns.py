"""Where a profile's words point to: cells of a table by their header, or places in a JSON object by their path.

Both give the same three things (`one`, `many`, `pairs`), so that the rest does not know which it reads. `None` for a word
means that the file has no such column.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, Protocol, TypeAlias

from mingbai.shop.intake.paths import Place, path, said
from mingbai.shop.intake.profile import Profile, normal
from mingbai.values.records import Pairs

# What fields are read from: a row's cells, or a place in an object.
Unit: TypeAlias = Any
One: TypeAlias = Callable[[Unit], str]
Many: TypeAlias = Callable[[Unit], list[str]]
_SLOT = re.compile(r"\{([^{}]+)\}")
_NUMBERED_LIMIT = 50


class Columns(Protocol):
    def one(self, words: str) -> One | None: ...

    def many(self, words: str) -> Many | None: ...

    def pairs(self, name: str, value: str) -> Callable[[Unit], Pairs] | None: ...


class GridColumns:
    """Cells by header. `used` gathers what the profile asked for, to say what it left."""

    def __init__(self, header: Sequence[str], profile: Profile) -> None:
        self.names: dict[str, int] = {}
        for at, name in enumerate(header):
            self.names.setdefault(normal(name), at)
        self.used: set[int] = set()
        self._empty = profile.empty

    def index(self, words: str) -> int | None:
        at = self.names.get(normal(words))
        if at is not None:
            self.used.add(at)
        return at

    def one(self, words: str) -> One | None:
        if "{" in words:
            return _template(words, self.one)
        at = self.index(words)
        if at is None:
            return None
        get: One = itemgetter(at)
        if not self._empty:
            return get
        empty = self._empty

        def cell(unit: Unit) -> str:
            value = get(unit)
            return "" if value in empty else value

        return cell

    def many(self, words: str) -> Many | None:
        get = self.one(words)
        return None if get is None else lambda unit: [cell] if (cell := get(unit)) else []

    def pairs(self, name: str, value: str) -> Callable[[Unit], Pairs] | None:
        if "{n}" not in name:
            return self._columns(name.split("|"))
        bound = []
        for n in range(1, _NUMBERED_LIMIT):
            names, values = self.one(name.replace("{n}", str(n))), self.one(value.replace("{n}", str(n)))
            if names is None or values is None:
                break
            bound.append((names, values))
        if not bound:
            return None
        return lambda unit: tuple((n(unit), v(unit)) for n, v in bound if n(unit) and v(unit))

    def _columns(self, names: Sequence[str]) -> Callable[[Unit], Pairs] | None:
        bound = [(name, get) for name in names if (get := self.one(name)) is not None]
        if not bound:
            return None
        return lambda unit: tuple((name, cell) for name, get in bound if (cell := get(unit)))


class TreeColumns:
    """Places by path; whether an object has them is seen object by object."""

    def one(self, words: str) -> One | None:
        if "{" in words and (slot := _SLOT.search(words)) and slot[1]:
            return _template(words, self.one)
        many = self.many(words)
        return None if many is None else lambda unit: next(iter(many(unit)), "")

    def many(self, words: str) -> Many | None:
        follow = path(words)
        if follow is None:
            return None

        def values(unit: Place) -> list[str]:
            return [word for place in follow(unit) if (word := said(place.value)) is not None]

        return values

    def pairs(self, name: str, value: str) -> Callable[[Unit], Pairs] | None:
        if value:
            names, values = self.many(name), self.many(value)
            if names is None or values is None:
                return None
            return lambda unit: tuple(zip(names(unit), values(unit), strict=False))
        follow = path(name)
        if follow is None:
            return None

        def members(unit: Place) -> Pairs:
            found = []
            for place in follow(unit):
                if isinstance(place.value, dict):
                    found += [
                        (key, word) for key, one in place.value.items() if (word := said(one)) is not None
                    ]
            return tuple(found)

        return members


def _template(words: str, bind: Callable[[str], One | None]) -> One | None:
    """`id:{ID}`; empty when any of its columns is empty."""
    parts = _SLOT.split(words)
    slots = [bind(part) for part in parts[1::2]]
    if any(slot is None for slot in slots):
        return None
    getters = [slot for slot in slots if slot is not None]

    def filled(unit: Unit) -> str:
        cells = [get(unit) for get in getters]
        if not all(cells):
            return ""
        pieces = [parts[0]]
        for cell, after in zip(cells, parts[2::2], strict=True):
            pieces += [cell, after]
        return "".join(pieces)

    return filled
