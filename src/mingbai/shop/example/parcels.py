"""Shipments of an order and what the carrier's scanner saw by ten o'clock today, told with content/carriers.toml."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from mingbai.shop.example import content, numbers
from mingbai.shop.example.catalogue import articles
from mingbai.shop.example.dice import Dice
from mingbai.shop.example.plans import Plan, now
from mingbai.shop.example.sales import Sale
from mingbai.values.records import OrderState, Shipment, ShipmentEvent, ShipmentState, Sourced

_FRAGILE_OR_DEAR = ("T007", "T008", "T009", "T016", "T029", "T030", "T031", "T032")
_HUB = re.compile("(?:转运|集散)中心$")
_STUCK_HOURS = 50  # the last scan of a stuck parcel is older than this


@dataclass(frozen=True, slots=True)
class _Step:
    part: float
    state: ShipmentState
    place: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class _Parcel:
    tracking_no: str
    carrier: str
    lines: tuple[str, ...]
    shipped: datetime
    arrives: datetime


def parcels(sale: Sale, today: date) -> Iterator[Sourced]:
    """Shipments, each followed by its events."""
    if sale.plan.shipped is None or sale.plan.arrives is None:
        return
    for parcel in _parcels(sale):
        dice = Dice(f"way {parcel.tracking_no}")
        events = [e for e in _events(sale.plan, parcel, dice, today) if e.at <= now(today)]
        if not events:
            continue
        last = events[-1].state
        yield Sourced(
            Shipment(
                order_no=sale.order_no,
                tracking_no=parcel.tracking_no,
                carrier=_carriers()[parcel.carrier]["name"],
                state=last,
                shipped_at=parcel.shipped,
                promised_at=_promised(sale.plan, parcel),
                delivered_at=events[-1].at if last is ShipmentState.DELIVERED else None,
                lines=parcel.lines,
            ),
            sale.plan.origin,
        )
        for event in events:
            yield Sourced(event, sale.plan.origin)


def _parcels(sale: Sale) -> Iterator[_Parcel]:
    plan = sale.plan
    assert plan.shipped is not None
    assert plan.arrives is not None
    groups = sorted(
        _groups(sale), key=lambda group: group[0] != "hangzhou"
    )  # the last to come is the first told
    for place, (warehouse, lines) in enumerate(groups):
        carrier = plan.carrier or _carrier(sale, warehouse)
        dice = Dice(f"parcel {plan.key} {place}")
        later = timedelta(hours=2 * place, minutes=7 * place)
        yield _Parcel(
            tracking_no=numbers.tracking(carrier, dice),
            carrier=carrier,
            lines=lines if len(groups) > 1 or len(lines) < len(sale.line_nos) else (),
            shipped=plan.shipped - later,
            arrives=_arrives(plan, warehouse, split=len(groups) > 1) - later,
        )


def _arrives(plan: Plan, warehouse: str, *, split: bool) -> datetime:
    """What comes from the warehouse nearby does not wait for what comes from Hangzhou."""
    assert plan.shipped is not None
    assert plan.arrives is not None
    if not split or warehouse == "hangzhou":
        return plan.arrives
    near = plan.arrives.replace(year=plan.shipped.year, month=plan.shipped.month, day=plan.shipped.day)
    return min(plan.arrives, near + timedelta(days=plan.person.region.most_days))


def _groups(sale: Sale) -> list[tuple[str, tuple[str, ...]]]:
    """Which lines travel together, and from where. What is not there yet stays behind."""
    home = sale.plan.person.warehouse
    by_place: dict[str, list[str]] = {}
    for line_no, (sku, _) in zip(sale.line_nos, sale.plan.items, strict=True):
        shelf = articles()[sku].shelves.get(home)
        there = shelf is not None and shelf.on_hand > 0
        if sale.plan.state is OrderState.PART_SHIPPED and not there:
            continue
        warehouse = sale.plan.story.get("from") or (home if there else "hangzhou")
        by_place.setdefault(warehouse, []).append(line_no)
    if sale.plan.state is not OrderState.PART_SHIPPED and sale.plan.parcels == 2 and len(by_place) == 1:
        (warehouse, lines), *_ = by_place.items()
        return [(warehouse, tuple(lines[:1])), (warehouse, tuple(lines[1:]))]
    return [(warehouse, tuple(lines)) for warehouse, lines in by_place.items()]


def _carrier(sale: Sale, warehouse: str) -> str:
    person = sale.plan.person
    if person.country in ("DE", "US"):
        return "yun" if warehouse == "hangzhou" else f"dhl_{person.country.lower()}"
    if person.region.abroad:
        return "sf_abroad"
    better = sale.basket.total.minor >= 29900 or any(
        sku[:4] in _FRAGILE_OR_DEAR for sku, _ in sale.plan.items
    )
    return sale.plan.dice.one_of(("sf", "sf", "jd") if better else ("zto", "yto"))


def _promised(plan: Plan, parcel: _Parcel) -> datetime:
    most = 15 if parcel.carrier == "yun" else plan.person.region.most_days
    return (parcel.shipped + timedelta(days=most)).replace(hour=22, minute=0)


def _events(plan: Plan, parcel: _Parcel, dice: Dice, today: date) -> list[ShipmentEvent]:
    if "events" in plan.story:
        return _told(plan.story["events"], parcel.tracking_no, today)
    steps = _with_trouble(_steps(_carriers()[parcel.carrier]["steps"]), plan.trouble)
    words = {
        "city": plan.person.city, "city_en": plan.person.city_en, "hub": _hub(plan, parcel), "hub_city": _HUB.sub("", _hub(plan, parcel)), "hub_en": plan.person.region.hub_en,
        "courier": dice.one_of(_carriers()["words"]["couriers"]),
    }  # fmt: skip
    at: list[datetime] = []
    for step in steps:
        moment = parcel.shipped + (parcel.arrives - parcel.shipped) * step.part
        if step.state is ShipmentState.OUT_FOR_DELIVERY:
            moment = max(moment, parcel.arrives - timedelta(minutes=dice.between(40, 230)))
        if step.state is ShipmentState.FAILED:
            moment = max(moment, parcel.arrives - timedelta(minutes=20))
        if plan.trouble == "stuck":
            moment = min(moment, now(today) - timedelta(hours=_STUCK_HOURS + 3 * (len(steps) - len(at))))
        at.append(
            max(moment.replace(second=0, microsecond=0), at[-1] + timedelta(minutes=3)) if at else moment
        )
    return [
        ShipmentEvent(
            tracking_no=parcel.tracking_no,
            seq=seq,
            at=moment,
            state=step.state,
            place=step.place.format(**words),
            text_zh=step.zh.format(**words),
            text_en=step.en.format(**words),
        )
        for seq, (step, moment) in enumerate(zip(steps, at, strict=True), 1)
    ]


def _hub(plan: Plan, parcel: _Parcel) -> str:
    if parcel.carrier == "yun":
        return {"DE": "Leipzig", "US": "Los Angeles"}[plan.person.country]
    return plan.person.region.hub


def _told(block: str, tracking_no: str, today: date) -> list[ShipmentEvent]:
    events = []
    for seq, (when, state, place, zh, en) in enumerate(content.bars(block, 5), 1):
        day, clock = when.split()
        moment = content.at(today, int(day), clock)
        events.append(ShipmentEvent(tracking_no, seq, moment, ShipmentState(state), place, zh, en))
    return events


def _with_trouble(steps: Sequence[_Step], trouble: str) -> list[_Step]:
    if not trouble:
        return list(steps)
    if trouble == "stuck":
        return [step for step in steps if step.part < 0.3]
    wrong = _carriers()["trouble"][trouble]
    state, _, part = wrong["after"].partition("@")
    until = float(part) if part else max(s.part for s in steps if s.state == state)
    kept = [
        s
        for s in steps
        if s.part <= until and (trouble != "locker" or s.state is not ShipmentState.DELIVERED)
    ]
    return kept + _steps(wrong["steps"])


def _steps(block: str) -> list[_Step]:
    return [
        _Step(float(part), ShipmentState(state), place, zh, en)
        for part, state, place, zh, en in content.bars(block, 5)
    ]


@cache
def _carriers() -> Mapping[str, Any]:
    return content.table("carriers.toml")
