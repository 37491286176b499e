"""Where the words of a field come from: the first column that has any, several joined, a constant; translated and stripped."""

from __future__ import annotations

from collections.abc import Sequence

from mingbai.shop.intake.columns import Columns, One
from mingbai.shop.intake.profile import FieldRule, normal


def said(rule: FieldRule, columns: Columns) -> str:
    """The column that the field is read from in this file, for what a person reads."""
    pointed = rule.sources or rule.join or rule.add or rule.pairs or ("",)
    return next((words for words in pointed if words and columns.one(words) is not None), pointed[0])


def first(sources: Sequence[str], columns: Columns) -> One | None:
    getters = [get for words in sources if (get := columns.one(words)) is not None]
    if len(getters) <= 1:
        return getters[0] if getters else None
    return lambda unit: next((cell for get in getters if (cell := get(unit))), "")


def joined(one: FieldRule, columns: Columns) -> One | None:
    getters = [get for words in one.join if (get := columns.one(words)) is not None]
    if not getters:
        return None
    return lambda unit: one.between.join(cell for get in getters if (cell := get(unit)))


def constant(value: str) -> One:
    return lambda unit: value


def worded(one: FieldRule, words: One, columns: Columns) -> One:
    """An object of options as the line's words: color:blue;size:M."""
    pairs = columns.pairs(one.sources[0], "") if len(one.sources) == 1 else None
    if pairs is None:
        return words
    return lambda unit: words(unit) or ";".join(f"{name}:{value}" for name, value in pairs(unit))


def translated(meanings: dict[str, str], words: One) -> One:
    return lambda unit: meanings.get(normal(cell := words(unit)), cell)


def stripped(front: str, words: One) -> One:
    return lambda unit: words(unit).removeprefix(front).strip()
