"""Names and values as the shop's files keep them: a Chinese pair, and the same in English after it."""

from __future__ import annotations

from typing import TypeAlias

from mingbai.values.records import Pairs

Pair: TypeAlias = tuple[str, str]


def pairs(given: Pairs) -> list[tuple[Pair, Pair]]:
    """Chinese and English pairs side by side; one that stands alone serves for both languages."""
    out: list[tuple[Pair, Pair]] = []
    rest = list(given)
    while rest:
        first = rest.pop(0)
        if not first[0].isascii() and rest and rest[0][0].isascii():
            out.append((first, rest.pop(0)))
        else:
            out.append((first, first))
    return out
