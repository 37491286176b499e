"""The many orders that nobody tells: who bought what and when, and how far it has come, thrown with dice of their own.

Each is thought backwards from today: the last thing that happened, before it the way, before that the packing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from mingbai.shop.example import content
from mingbai.shop.example.catalogue import Article, articles
from mingbai.shop.example.dice import Dice
from mingbai.shop.example.people import Person, people
from mingbai.shop.example.plans import Plan
from mingbai.values.records import OrderState, Origin

# How many of each state are made up, and how long ago the last thing happened to them, in days.
STATES: tuple[tuple[OrderState, int, int, int], ...] = (
    (OrderState.COMPLETED, 178, 1, 190),
    (OrderState.DELIVERED, 52, 0, 9),
    (OrderState.SHIPPED, 66, 0, 0),
    (OrderState.PAID, 38, 0, 1),
    (OrderState.PART_SHIPPED, 8, 0, 0),
    (OrderState.UNPAID, 18, 0, 0),
    (OrderState.CANCELLED, 30, 2, 160),
    (OrderState.REFUNDED, 30, 2, 170),
    (OrderState.UNKNOWN, 4, 0, 0),
)

_FESTIVE_DAYS = 60  # nobody buys a mid-autumn box in spring
_DUTY_FREE = 15000  # EUR 150, content/policies/zh/customs.md


def made_up(today: date) -> Iterator[Plan]:
    crowd = list(people().values())
    place = 0
    for state, count, least, most in STATES:
        for number in range(count):
            dice = Dice(f"{state} {number}")
            person = dice.one_of(crowd)
            ago = dice.between(least, most)
            yield _one(f"{state}-{number}", person, state, ago, today, dice, Origin("crowd.py", place + 1))
            place += 1


def _one(
    key: str, person: Person, state: OrderState, ago: int, today: date, dice: Dice, origin: Origin
) -> Plan:
    """`ago`: how many days ago the last thing happened."""
    lag = dice.between(0, 1) if person.country == "CN" else dice.between(0, 2)
    way = dice.between(person.region.least_days, person.region.most_days)
    split = state is OrderState.PART_SHIPPED
    items = _choose(person, dice, presale=split, ago=ago)
    local = all(_held(articles()[sku], person.warehouse) for sku, _ in items)
    if not local:
        way = dice.between(8, 15)  # straight from Hangzhou, with customs
    if local and person.country == "US":
        lag = max(1, lag)  # an afternoon in Los Angeles is the next morning in Hangzhou
    trouble = ""
    shipped_day = arrives_day = closed_day = None
    match state:
        case OrderState.COMPLETED | OrderState.REFUNDED:
            closed_day = -ago
            arrives_day = closed_day - dice.between(1, 7 if state is OrderState.COMPLETED else 5)
        case OrderState.DELIVERED:
            arrives_day = -max(1, ago)
            trouble = "locker" if person.country == "CN" and dice.chance(0.12) else ""
        case OrderState.SHIPPED | OrderState.PART_SHIPPED:
            way = max(2, way)  # it left yesterday at the latest and comes tomorrow at the earliest
            arrives_day = dice.between(0 if person.country == "CN" else 1, max(1, way - 1))
            trouble = _trouble(person, way, local, dice) if not split else ""
            if trouble in ("failed", "stuck"):
                arrives_day = -1
        case _:
            pass
    if arrives_day is not None:
        if local and person.country in ("DE", "US"):
            arrives_day = _open(today, arrives_day, 6)
            way = arrives_day - _open(today, min(arrives_day - way, -1), 5)
        shipped_day = arrives_day - way if trouble != "stuck" else -max(4, way + 1)
        created_day = shipped_day - lag
    else:
        created_day = -ago if state is not OrderState.PAID else -dice.between(0, 1)
    if created_day == 0:
        created = content.at(today, 0, f"{dice.between(0, 8):02d}:{dice.between(5, 49):02d}")
    else:
        hour = dice.between(8, 15) if lag == 0 and shipped_day is not None else dice.between(8, 23)
        created = content.at(today, created_day, f"{hour:02d}:{dice.between(0, 59):02d}")
    ship_hour, arrive_hour = {"DE": ((17, 22), (16, 22)), "US": ((2, 7), (1, 7))}.get(
        person.country if local else "CN", ((17, 20), (9, 19))
    )
    if arrives_day == 0:
        arrive_hour = (11, 13)  # with the courier by now
    if closed_day is not None and arrives_day is not None and closed_day <= arrives_day:
        closed_day = arrives_day + 1
    cancelled_paid = state is OrderState.CANCELLED and dice.chance(0.45)
    paid = created + timedelta(minutes=dice.between(1, 25))
    return Plan(
        key=key,
        person=person,
        items=items,
        state=state,
        created=created,
        paid=None
        if state is OrderState.UNPAID or (state is OrderState.CANCELLED and not cancelled_paid)
        else paid,
        shipped=_clock(today, shipped_day, ship_hour, dice),
        arrives=_clock(today, arrives_day, arrive_hour, dice),
        closed=_closing(
            state, created, paid if cancelled_paid else None, _clock(today, closed_day, (8, 9), dice), dice
        ),
        origin=origin,
        trouble=trouble,
        parcels=2 if split or (len(items) > 2 and person.country == "CN" and dice.chance(0.08)) else 1,
        coupons=_coupons(person, dice),
    )


def _open(today: date, day: int, first_closed: int) -> int:
    """Off a closed day of the week abroad (5 Saturday, 6 Sunday): a past one back, a coming one on."""
    while (today + timedelta(days=day)).weekday() >= first_closed:
        day += 1 if day > 0 else -1
    return day


def _closing(
    state: OrderState, created: datetime, paid: datetime | None, planned: datetime | None, dice: Dice
) -> datetime | None:
    """A cancelled order closes soon after it was paid, or a day after it was not."""
    if state is not OrderState.CANCELLED:
        return planned
    return paid + timedelta(minutes=dice.between(8, 300)) if paid else created + timedelta(hours=24)


def _clock(today: date, day: int | None, hours: tuple[int, int], dice: Dice) -> datetime | None:
    return (
        None
        if day is None
        else content.at(today, day, f"{dice.between(*hours):02d}:{dice.between(0, 59):02d}")
    )


def _trouble(person: Person, way: int, local: bool, dice: Dice) -> str:
    if person.country != "CN":
        return "inspected" if not local and dice.chance(0.3) else ""
    if dice.chance(0.08):
        return "failed"
    return "stuck" if way <= 4 and dice.chance(0.1) else ""


def _coupons(person: Person, dice: Dice) -> tuple[str, ...]:
    """What the customer has at hand; the basket takes what fits."""
    if person.currency != "CNY":
        return ("EU10", "US10") if dice.chance(0.4) else ()
    if person.country != "CN":
        return ("TEA50", "TEA20") if dice.chance(0.3) else ()
    pocket = dice.between(0, 9)
    codes: tuple[str, ...] = ()
    if pocket < 4:
        codes = ("TEA120", "TEA50", "TEA20", "T618")
    elif pocket == 4:
        codes = ("MUG15",)
    elif person.regular:
        codes = ("VIP88",)
    elif pocket == 6:
        codes = ("NEW10",)
    elif pocket == 8:
        codes = ("SORRY5",)
    elif pocket == 7:
        codes = ("CLOTH30", "LEAF25", "KETTLE40")
    return (*codes, "SHIP0") if dice.chance(0.15) else codes


def _choose(person: Person, dice: Dice, *, presale: bool, ago: int) -> tuple[tuple[str, int], ...]:
    """One to four articles sold there; from Hangzhou as well if the warehouse there lacks one."""
    home = [a for a in articles().values() if _sold(a, person, ago) and _held(a, person.warehouse)]
    count = 2 if presale else dice.one_of((1, 1, 1, 2, 2, 3, 4))
    far = person.currency != "CNY" and not presale and dice.chance(0.2)
    shelf = (
        [a for a in articles().values() if _sold(a, person, ago) and _held(a, "hangzhou")] if far else home
    )
    chosen = dice.some_of(shelf, count)
    if far and sum(article.list_price[person.currency].minor for article in chosen) > _DUTY_FREE // 2:
        chosen = chosen[:1]  # what is dearer leaves only from the warehouse nearby
    lines = [
        (article.sku, 2 if article.list_price[person.currency].minor < 8000 and dice.chance(0.2) else 1)
        for article in chosen
    ]
    if presale:
        lines[-1] = (dice.one_of([a.sku for a in _presale(person)]), 1)
    return tuple(lines)


def _sold(article: Article, person: Person, ago: int) -> bool:
    return (
        person.currency in article.list_price
        and article.product.category not in ("礼品卡", "礼盒 > 商务")
        and not article.sku.startswith("T048-T")
        and (ago <= _FESTIVE_DAYS or article.product.category != "礼盒 > 节庆")
        and (article.product.product_no != "T026" or person.country == "CN")
        and (
            article.product.no_reason_return
            or article.product.category.startswith("茶叶")
            or person.country == "CN"
        )
    )


def _presale(person: Person) -> list[Article]:
    return [
        a
        for a in articles().values()
        if person.currency in a.list_price
        and (shelf := a.shelves.get(person.warehouse)) is not None
        and shelf.on_hand == 0
        and (shelf.presale_in_days or shelf.restock_in_days)
    ]


def _held(article: Article, warehouse: str) -> bool:
    shelf = article.shelves.get(warehouse)
    return shelf is not None and shelf.on_hand > 0
