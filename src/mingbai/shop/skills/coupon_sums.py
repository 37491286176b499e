"""Coupon arithmetic, to the fen: what a coupon takes off an amount, why one does not apply, and the best allowed set.

The order of steps: page price (sales included) → 每满 → one threshold or fixed coupon → percent → shipping. A coupon
that may be stacked goes with all others; of those that may not, one is used. Thresholds look at the goods' price
before other discounts, within the coupon's categories. Pure: knows no rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Literal

from mingbai.values.money import Money
from mingbai.values.records import Coupon

Why = Literal["", "not_yet", "over", "below", "category", "currency"]


@dataclass(frozen=True, slots=True)
class Goods:
    """Goods of one category path; the basket is several."""

    minor: int
    category: str = ""


@dataclass(frozen=True, slots=True)
class Basket:
    goods: tuple[Goods, ...]
    currency: str

    @property
    def total(self) -> Money:
        return Money(sum(g.minor for g in self.goods), self.currency)


@dataclass(frozen=True, slots=True)
class Judged:
    """A coupon on a basket: `off` of it alone, or why not; `short` is what is missing to the threshold."""

    coupon: Coupon
    off: Money
    why: Why = ""
    short: Money | None = None


def judge(coupon: Coupon, basket: Basket, now: datetime) -> Judged:
    """By its dates, its currency, its categories and its threshold."""
    nothing = Money(0, basket.currency)
    if coupon.starts_at is not None and now < coupon.starts_at:
        return Judged(coupon, nothing, "not_yet")
    if coupon.ends_at is not None and now > coupon.ends_at:
        return Judged(coupon, nothing, "over")
    if any(m is not None and m.currency != basket.currency for m in (coupon.off, coupon.threshold)):
        return Judged(coupon, nothing, "currency")
    counted = within(coupon, basket)
    if coupon.kind != "shipping" and counted == 0:
        return Judged(coupon, nothing, "category")
    if coupon.threshold is not None and counted < coupon.threshold.minor:
        return Judged(coupon, nothing, "below", Money(coupon.threshold.minor - counted, basket.currency))
    return Judged(coupon, Money(_off(coupon, counted, counted), basket.currency))


def within(coupon: Coupon, basket: Basket) -> int:
    """What the coupon counts of the basket."""
    return sum(g.minor for g in basket.goods if fits(coupon, g.category))


def fits(coupon: Coupon, category: str) -> bool:
    """A category counts with everything below it."""
    return not coupon.categories or any(
        category == c or category.startswith(c + " ") for c in coupon.categories
    )


def _off(coupon: Coupon, counted: int, left: int) -> int:
    """`counted` meets the threshold; `left` is what remains to take from. Half a fen is rounded up."""
    if coupon.percent_off is not None:
        return (left * coupon.percent_off + 50) // 100
    if coupon.off is None:
        return 0
    times = (
        counted // coupon.threshold.minor
        if coupon.every and coupon.threshold and coupon.threshold.minor
        else 1
    )
    return min(coupon.off.minor * times, left)


@dataclass(frozen=True, slots=True)
class Deal:
    """A set of coupons used together, in the order in which they are taken, and what is left to pay for the goods."""

    used: tuple[tuple[Coupon, Money], ...]
    total: Money

    @property
    def off(self) -> Money:
        return Money(sum(m.minor for _, m in self.used), self.total.currency)


def deal(coupons: Sequence[Coupon], basket: Basket) -> Deal:
    """These coupons on this basket, each from what those before it left."""
    left = basket.total.minor
    used = []
    for coupon in sorted(coupons, key=_step):
        counted = within(coupon, basket)
        off = min(_off(coupon, counted, min(left, counted)), left)
        left -= off
        used.append((coupon, Money(off, basket.currency)))
    return Deal(tuple(used), Money(left, basket.currency))


def best(coupons: Iterable[Coupon], basket: Basket, now: datetime) -> Deal:
    """The allowed set that takes off most; every stackable one that applies, and the best of the others."""
    good = [j.coupon for j in (judge(c, basket, now) for c in coupons) if not j.why and j.off.minor]
    stack = [c for c in good if c.stackable]
    alone = [c for c in good if not c.stackable]
    deals = [deal([*stack, *one], basket) for n in (0, 1) for one in combinations(alone, n)]
    return min(deals, key=lambda d: (d.total.minor, len(d.used)))


def _step(coupon: Coupon) -> tuple[int, str]:
    order = (
        0 if coupon.every else 2 if coupon.percent_off is not None else 3 if coupon.kind == "shipping" else 1
    )
    return (order, coupon.code)
