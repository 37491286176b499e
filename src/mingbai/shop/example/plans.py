"""What shall happen to an order, before anything is counted; and the orders that content/orders.toml tells one by one.

A plan may reach into the future; what has happened by ten o'clock today is decided by who reads it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from mingbai.shop.example import content, offers
from mingbai.shop.example.dice import Dice
from mingbai.shop.example.people import Person, people
from mingbai.values.records import Campaign, OrderState, Origin

NOW = "10:00"


@dataclass(frozen=True, slots=True)
class Plan:
    """`shipped`, `arrives` and `closed` are when these things happen or should; None: never."""

    key: str
    person: Person = field(repr=False)
    items: tuple[tuple[str, int], ...]
    state: OrderState
    created: datetime
    paid: datetime | None
    shipped: datetime | None
    arrives: datetime | None
    closed: datetime | None
    origin: Origin
    serial: int | None = None
    carrier: str = ""
    trouble: str = ""
    parcels: int = 1
    coupons: tuple[str, ...] = ()
    stage: str = ""  # deposit | balance
    story: Mapping[str, Any] = field(default_factory=dict)  # the rest of its entry in orders.toml

    @property
    def dice(self) -> Dice:
        return Dice(self.key)


def now(today: date) -> datetime:
    return content.at(today, 0, NOW)


def told(today: date) -> list[Plan]:
    """The orders of content/orders.toml that can have happened by today."""
    found = (_told(raw, today) for raw in content.table("orders.toml")["order"])
    return [plan for plan in found if plan is not None]


def _told(raw: Mapping[str, Any], today: date) -> Plan | None:
    """None for a pre-sale whose campaign has not come so far."""
    person = people()[raw["customer"]]
    campaign = offers.latest(today, "D11")
    state = OrderState(raw["state"])
    stage = raw.get("stage", "")
    if stage:
        assert campaign.deposit_from is not None
        created = campaign.deposit_from + timedelta(hours=raw["deposit_after_hours"])
        paid = created + timedelta(minutes=3)
        if paid > now(today) or not _still_open(campaign, now(today)):
            return None
    else:
        created = content.at(today, raw["days"], raw["at"])
        paid = created + timedelta(minutes=2)
    shipped, arrives, closed = (
        content.at(today, *raw[key]) if key in raw else None for key in ("ship", "arrive", "closed")
    )
    if state is OrderState.COMPLETED and closed is None:
        closed = paid + timedelta(minutes=4)  # nothing is sent: a gift card
    return Plan(
        key=raw["key"],
        person=person,
        items=tuple(_item(said) for said in raw["items"]),
        state=state,
        created=created,
        paid=paid,
        shipped=shipped,
        arrives=arrives,
        closed=closed or (now(today) - timedelta(days=2) if state is OrderState.REFUNDED else None),
        origin=Origin("orders.toml", content.line_of(f'key = "{raw["key"]}"', "orders.toml")),
        serial=raw.get("serial"),
        carrier=raw.get("carrier", ""),
        trouble=raw.get("trouble", ""),
        parcels=raw.get("parcels", 1),
        coupons=tuple(raw.get("coupons", ())),
        stage=stage,
        story=raw,
    )


def _still_open(campaign: Campaign, moment: datetime) -> bool:
    assert campaign.balance_from is not None
    assert campaign.balance_to is not None
    return campaign.balance_from <= moment <= campaign.balance_to


def _item(said: str) -> tuple[str, int]:
    sku, count = re.fullmatch(r"(\S+) x(\d+)", said).groups()  # type: ignore[union-attr]  # our own file
    return sku, int(count)
