"""Amounts of a file: in which currency, of one row, for one of several, and as a sum over an order's rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from mingbai.shop.intake import convert
from mingbai.shop.intake.columns import Columns, Many, One, Unit
from mingbai.shop.intake.convert import NOTHING
from mingbai.shop.intake.fill import ABSENT, Fill, Manner
from mingbai.shop.intake.profile import FieldRule
from mingbai.shop.intake.rows import refused
from mingbai.values.money import Money


def amount(one: FieldRule, words: One, columns: Columns, manner: Manner) -> Fill:
    """As it stands in one row; of one where the profile says by what count it is to be divided."""
    currency, comma = _currency(columns, manner), manner.profile.comma
    count = columns.one(one.per) if one.per else None

    def fill(unit: Unit, group: Sequence[Unit]) -> Any:
        cell = words(unit)
        if cell in NOTHING:
            return ABSENT
        money = convert.money(cell, currency(unit, group), comma)
        if money is not None and one.per:
            money = convert.share(money, convert.whole(count(unit)) if count else None)
        return ABSENT if money is None else money

    return fill


def total(one: FieldRule, columns: Columns, manner: Manner) -> Fill | None:
    """Of all rows of the group: what is added, less what is taken off. Not given unless something is there to add."""
    plus = [get for words in one.add if (get := columns.many(words)) is not None]
    minus = [get for words in one.less if (get := columns.many(words)) is not None]
    if not plus:
        return None
    currency, comma = _currency(columns, manner), manner.profile.comma

    def amounts(getters: Sequence[Many], unit: Unit, group: Sequence[Unit]) -> Iterator[Money]:
        for cell in (cell for each in group for get in getters for cell in get(each)):
            if (
                cell not in NOTHING
                and (amount := convert.money(cell, currency(unit, group), comma)) is not None
            ):
                yield amount

    def fill(unit: Unit, group: Sequence[Unit]) -> Any:
        added = list(amounts(plus, unit, group))
        if not added:
            return ABSENT
        together = added[0]
        for amount in added[1:]:
            together += amount
        for amount in amounts(minus, unit, group):
            together -= Money(abs(amount.minor), amount.currency)
        return together

    return fill


def _currency(columns: Columns, manner: Manner) -> Callable[[Unit, Sequence[Unit]], str]:
    """The file's own column, else what the command line or the profile says. Only an order's first row may say it."""
    fixed = manner.currency
    column = columns.one(manner.profile.currency_column) if manner.profile.currency_column else None

    def currency(unit: Unit, group: Sequence[Unit]) -> str:
        said = fixed
        if column is not None:
            said = column(unit) or (column(group[0]) if group and group[0] is not unit else "") or fixed
            said = said.strip().upper()
        if not (len(said) == 3 and said.isascii() and said.isalpha()):
            raise refused(
                "不知道金额是哪种货币。", "It is not known which currency the amounts are in.",
                "用 --currency 指明，例如 --currency CNY。", "Name it, for example --currency USD.",
            )  # fmt: skip
        return said

    return currency
