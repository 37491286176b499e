"""What a message speaks of, by the trade's own ideas and not by its words: to cancel, not sent yet, the money, an address.

Read by `features`: 「趁没打包撤了吧」 and "call it off before it ships" are the same row of ideas, so examples in one
language teach the other. Words that stand for none are passed over. Not covered: who does what to whom.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from mingbai.turn.understand.table import sections

NEAR = 4  # ideas between which an order is looked at


def of(text: str) -> list[str]:
    """The ideas in the order said. `text` is in the form of `form.plain`."""
    out: list[str] = []
    names = _names()
    for hit in _pattern().finditer(text.replace("’", "'")):
        name = names.get(hit[0]) or next(name for stem, name in _stems() if hit[0].startswith(stem))
        if not out or out[-1] != name:
            out.append(name)
    return out


def features(text: str) -> Counter[str]:
    """Ideas, and pairs of them in their order."""
    found = of(text)
    counts: Counter[str] = Counter(f"k:{name}" for name in found)
    for at, first in enumerate(found):
        counts.update(f"k:{first} {later}" for later in dict.fromkeys(found[at + 1 : at + 1 + NEAR]))
    return counts


@cache
def _entries() -> tuple[tuple[str, str], ...]:
    made = [
        (entry.strip(), name)
        for name, lines in sections("rules", "concepts.txt").items()
        for entry in ",".join(lines).split(",")
        if entry.strip()
    ]
    return tuple(sorted(made, key=lambda it: -len(it[0])))


@cache
def _names() -> dict[str, str]:
    """A word that stands in two sections is what the earlier one says."""
    made: dict[str, str] = {}
    for entry, name in _entries():
        made.setdefault(entry, name)
    return made


@cache
def _stems() -> tuple[tuple[str, str], ...]:
    return tuple((entry[:-1], name) for entry, name in _entries() if entry.endswith("*"))


@cache
def _pattern() -> re.Pattern[str]:
    han = "|".join(re.escape(entry) for entry, _ in _entries() if not entry.isascii())
    latin = "|".join(
        re.escape(entry.removesuffix("*")) + ("[a-z']*" if entry.endswith("*") else "")
        for entry, _ in _entries()
        if entry.isascii()
    )
    return re.compile(rf"{han}|(?<![a-z0-9])(?:{latin})(?![a-z])")
