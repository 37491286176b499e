"""What a basket costs: sale prices, discounts in the order the shop's page tells, delivery, taxes, to the fen.

The same rules as content/policies/zh/coupons.md and regions.md: every-300 discount, then one shop coupon or one
percentage coupon, thresholds counted on goods at sale prices, free delivery counted after discounts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mingbai.shop.example.catalogue import Article, articles
from mingbai.shop.example.people import Region
from mingbai.shop.example.prices import Prices
from mingbai.values.money import Money
from mingbai.values.records import Coupon

SHOP_COUPONS = ("TEA120", "TEA50", "TEA20", "CLOTH30", "LEAF25", "KETTLE40", "T618", "EU10", "US10")
DEPOSIT, DEPOSIT_COUNTS = 2000, 4000  # CNY 20 counts for 40


@dataclass(frozen=True, slots=True)
class Item:
    article: Article
    quantity: int
    unit: Money
    paid: Money  # its share after discounts

    @property
    def goods(self) -> Money:
        return self.unit * self.quantity


@dataclass(frozen=True, slots=True)
class Basket:
    items: tuple[Item, ...]
    goods: Money
    discount: Money
    shipping: Money
    tax: Money | None  # within the total in Germany, added to it in the US, none told in China
    tax_added: bool
    total: Money
    codes: tuple[str, ...]


def basket(
    wanted: Sequence[tuple[str, int]],
    region: Region,
    currency: str,
    moment: datetime,
    prices: Prices,
    coupons: Mapping[str, Coupon],
    *,
    deposit: bool = False,
) -> Basket:
    """`coupons`: those the customer may use then, by code. `deposit`: a pre-sale whose deposit counts double."""
    lines = [(articles()[sku], count, prices.at(sku, currency, moment)) for sku, count in wanted]
    worth = [unit.minor * count for _, count, unit in lines]
    off = [0] * len(lines)
    codes: list[str] = []
    if deposit:
        off = [(DEPOSIT_COUNTS - DEPOSIT) * count for _, count, _ in lines]
    for code, share in _discounts(lines, worth, coupons):
        codes.append(code)
        off = [before + more for before, more in zip(off, share, strict=True)]
    goods, discount = sum(worth), sum(off)
    shipping = _shipping(lines, goods - discount, region, coupons, codes)
    items = tuple(
        Item(article, count, unit, Money(whole - less, currency))
        for (article, count, unit), whole, less in zip(lines, worth, off, strict=True)
    )
    tax = _tax(items, shipping, region, currency)
    added = currency == "USD"
    return Basket(
        items=items,
        goods=Money(goods, currency),
        discount=Money(discount, currency),
        shipping=Money(shipping, currency),
        tax=None if tax is None else Money(tax, currency),
        tax_added=added,
        total=Money(goods - discount + shipping + (tax or 0 if added else 0), currency),
        codes=tuple(codes),
    )


def _discounts(
    lines: Sequence[tuple[Article, int, Money]], worth: Sequence[int], coupons: Mapping[str, Coupon]
) -> list[tuple[str, list[int]]]:
    found: list[tuple[str, list[int]]] = []
    whole = [w if lines[n][0].product.category != "礼品卡" else 0 for n, w in enumerate(worth)]
    left = list(whole)
    if "EVERY300" in coupons and sum(whole) >= 30000:
        share = spread(sum(whole) // 30000 * 4000, whole)
        found.append(("EVERY300", share))
        left = [amount - less for amount, less in zip(left, share, strict=True)]
    for code in (*SHOP_COUPONS, "MUG15", "VIP88", "NEW10"):
        coupon = coupons.get(code)
        if coupon is None:
            continue
        fits = [_fits(line[0], coupon) for line in lines]
        counted = [amount if fit else 0 for amount, fit in zip(whole, fits, strict=True)]
        open_ = [amount if fit else 0 for amount, fit in zip(left, fits, strict=True)]
        off = _off(coupon, sum(counted), sum(open_))
        if off:
            found.append((code, spread(off, open_)))
            break  # one of these an order
    if "SORRY5" in coupons and any(left):
        found.append(("SORRY5", spread(500, left)))
    return found


def _off(coupon: Coupon, counted: int, left: int) -> int:
    if coupon.percent_off is not None:
        return (left * coupon.percent_off + 50) // 100
    assert coupon.off is not None
    if coupon.threshold is not None and counted < coupon.threshold.minor:
        return 0
    return min(coupon.off.minor, left)


def _fits(article: Article, coupon: Coupon) -> bool:
    return not coupon.categories or any(article.product.category.startswith(c) for c in coupon.categories)


def spread(off: int, over: Sequence[int]) -> list[int]:
    """An amount over lines by what they are worth; the last that is worth anything takes the odd fen."""
    whole = sum(over)
    shares = [off * amount // whole for amount in over]
    last = max(place for place, amount in enumerate(over) if amount)
    shares[last] += off - sum(shares)
    return shares


def _shipping(
    lines: Sequence[tuple[Article, int, Money]],
    after: int,
    region: Region,
    coupons: Mapping[str, Coupon],
    codes: list[str],
) -> int:
    if (
        all(article.product.category == "礼品卡" for article, _, _ in lines)
        or after >= region.free_from.minor
    ):
        return 0
    if "SHIP0" in coupons and region.fee.currency == "CNY" and not region.abroad:
        codes.append("SHIP0")
        return 0
    return region.fee.minor


def _tax(items: Sequence[Item], shipping: int, region: Region, currency: str) -> int | None:
    if currency == "EUR":
        return sum(
            _within(item.paid.minor, 7 if item.article.product.category.startswith("茶叶") else 19)
            for item in items
        ) + _within(shipping, 19)
    if currency == "USD":
        return sum((item.paid.minor * region.tax_basis_points + 5000) // 10000 for item in items)
    return None


def _within(amount: int, percent: int) -> int:
    """The tax that an amount holds, rounded half up."""
    return (amount * percent * 2 + 100 + percent) // (2 * (100 + percent))
