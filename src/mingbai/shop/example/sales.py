"""Every plan with its order number and what it costs on its day, with the coupons that held then."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date

from mingbai.shop.example import numbers, offers
from mingbai.shop.example.bargain import Basket, basket
from mingbai.shop.example.crowd import made_up
from mingbai.shop.example.dice import Dice
from mingbai.shop.example.plans import Plan, told
from mingbai.shop.example.prices import Prices
from mingbai.values.records import Coupon

_ONCE = ("NEW10", "VIP88", "SORRY5", "SHIP0")
_FIRST_MADE_UP = 100  # lower numbers of a day belong to the orders told one by one


@dataclass(frozen=True, slots=True)
class Sale:
    """A plan with its number and what it costs."""

    plan: Plan
    order_no: str
    basket: Basket
    line_nos: tuple[str, ...]

    @property
    def seen_by(self) -> str:
        return "zh" if self.plan.person.lang == "zh" else "en"


def sales(today: date, prices: Prices) -> list[Sale]:
    """All of them, the oldest first. Own numbers count within a day, Shopify's from the first order on."""
    found: list[Sale] = []
    used: dict[date, int] = {}
    spent: set[tuple[str, str]] = set()
    shopify = 0
    coupons = [row.record for row in offers.coupons(today)]
    known = {coupon.code: coupon for coupon in coupons if isinstance(coupon, Coupon)}
    everything = sorted((*told(today), *made_up(today)), key=lambda plan: (plan.created, plan.key))
    for plan in everything:
        day = plan.created.date()
        match plan.person.platform:
            case "taobao":
                number = numbers.taobao_order(Dice(f"taobao {plan.key}"))
            case "shopify":
                number, shopify = numbers.shopify_order(shopify), shopify + 1
            case _:
                used[day] = used.get(day, _FIRST_MADE_UP) + plan.dice.between(1, 9)
                number = numbers.own_order(day, plan.serial or used[day])
        priced = basket(
            plan.items,
            plan.person.region,
            plan.person.currency,
            plan.created,
            prices,
            _held(plan, known, spent),
            deposit=bool(plan.stage),
        )
        spent |= {
            (plan.person.customer_id, f"{code}{_period(code, plan)}") for code in (*priced.codes, "NEW10")
        }
        line_nos = tuple(_line_no(plan, number, place) for place in range(1, len(plan.items) + 1))
        found.append(Sale(plan, number, priced, line_nos))
    return found


def _held(plan: Plan, known: Mapping[str, Coupon], spent: Set[tuple[str, str]]) -> dict[str, Coupon]:
    """The customer's coupons that held when the order was made, in its currency; every-300 comes by itself."""
    codes = (*plan.coupons, "EVERY300") if plan.person.country == "CN" else plan.coupons
    return {
        code: coupon
        for code in codes
        if (coupon := known[code]).starts_at is not None
        and coupon.ends_at is not None
        and coupon.starts_at <= plan.created <= coupon.ends_at
        and (code not in _ONCE or (plan.person.customer_id, f"{code}{_period(code, plan)}") not in spent)
        and (coupon.off is None or coupon.off.currency == plan.person.currency)
    }


def _period(code: str, plan: Plan) -> str:
    """Within which a coupon of `_ONCE` is good for one use: VIP88 a month, the others for good."""
    return f" {plan.created:%Y-%m}" if code == "VIP88" else ""


def _line_no(plan: Plan, number: str, place: int) -> str:
    """Taobao's lines have numbers of their own, one after the order's; a single line has the order's."""
    if plan.person.platform != "taobao":
        return str(place)
    return number if len(plan.items) == 1 else str(int(number) + place)
