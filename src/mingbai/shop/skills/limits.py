"""What may be written without a person: how much money, how often, per role, and less at night. Set by the owner.

A currency that is not named may not be moved at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from mingbai.values.errors import SettingsError, Text
from mingbai.values.json import JsonObject, JsonValue
from mingbai.values.money import Money, exponent
from mingbai.values.turn import Refusal

Role = Literal["customer", "staff", "owner"]

OVER_AMOUNT = Refusal(
    "over_limit", "这个金额超过了自动处理的上限，由人工为您处理。",
    "The amount is above what is done automatically; one of our team will take it on.",
)  # fmt: skip
OVER_COUNT = Refusal(
    "over_limit", "这一小时的自动修改次数已满，由人工为您处理。",
    "The number of automatic changes for this hour is used up; one of our team will take it on.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limit:
    """`most`: one amount per currency. `per_hour` of one asker; `shop_per_hour` of all askers of the role together."""

    most: tuple[Money, ...] = ()
    per_hour: int = 6
    shop_per_hour: int = 120


@dataclass(frozen=True, slots=True)
class Limits:
    """None: the owner has set no bound for the role. Between `night_from` and `night_to` everything is halved."""

    # A desk that nobody watches should not be able to give away more than a shop loses on one bad parcel.
    customer: Limit | None = Limit((Money(30000, "CNY"), Money(4000, "EUR"), Money(4000, "USD")))
    staff: Limit | None = Limit((Money(200000, "CNY"), Money(25000, "EUR"), Money(25000, "USD")), 60, 600)
    owner: Limit | None = None
    night_from: int = 23
    night_to: int = 8

    @staticmethod
    def set_by(amounts: str, per_hour: int) -> Limits:
        """The customer's limit as the settings say it: 300.00 CNY, 40.00 EUR. Raises `SettingsError` for what is no amount."""
        return Limits(
            customer=Limit(tuple(_amount(text) for text in amounts.split(",") if text.strip()), per_hour)
        )

    @staticmethod
    def from_json(said: JsonObject) -> Limits:
        """Raises `SettingsError` for an amount that is none, KeyError or TypeError for what is not of this form."""
        roles = {
            role: _limit(cast("JsonObject | None", said[role])) for role in ("customer", "staff", "owner")
        }
        night_from, night_to = said["night_from"], said["night_to"]
        if not all(isinstance(hour, int) and 0 <= hour <= 24 for hour in (night_from, night_to)):
            raise TypeError("night_from, night_to")
        return Limits(**roles, night_from=cast(int, night_from), night_to=cast(int, night_to))

    def as_json(self) -> JsonObject:
        def limit(of: Limit | None) -> JsonValue:
            if of is None:
                return None
            most: list[JsonValue] = [f"{m.major:.{exponent(m.currency)}f} {m.currency}" for m in of.most]
            return {"most": most, "per_hour": of.per_hour, "shop_per_hour": of.shop_per_hour}

        return {
            "customer": limit(self.customer), "staff": limit(self.staff), "owner": limit(self.owner),
            "night_from": self.night_from, "night_to": self.night_to,
        }  # fmt: skip

    def of(self, role: Role, now: datetime) -> Limit | None:
        limit = {"customer": self.customer, "staff": self.staff, "owner": self.owner}[role]
        if limit is None or not self.is_night(now):
            return limit
        halved = tuple(Money(m.minor // 2, m.currency) for m in limit.most)
        return Limit(halved, limit.per_hour // 2, limit.shop_per_hour // 2)

    def is_night(self, now: datetime) -> bool:
        if self.night_from <= self.night_to:
            return self.night_from <= now.hour < self.night_to
        return now.hour >= self.night_from or now.hour < self.night_to


def _limit(said: JsonObject | None) -> Limit | None:
    if said is None:
        return None
    per_hour, shop_per_hour = said["per_hour"], said["shop_per_hour"]
    if not all(isinstance(n, int) and n >= 0 for n in (per_hour, shop_per_hour)):
        raise TypeError("per_hour, shop_per_hour")
    most = tuple(_amount(str(text)) for text in cast("list[JsonValue]", said["most"]))
    return Limit(most, cast(int, per_hour), cast(int, shop_per_hour))


def _amount(text: str) -> Money:
    number, _, currency = text.strip().partition(" ")
    try:
        money = Money.of(number, currency)
    except (ValueError, ArithmeticError):
        money = Money(-1, currency)
    if money.minor < 0 or not re.fullmatch("[A-Z]{3}", currency):
        raise SettingsError(
            Text(
                f"shop.write_limits 里的 {text!r} 不是金额。", f"{text!r} in shop.write_limits is no amount."
            ),
            Text("写成 300.00 CNY, 40.00 EUR 的样子。", "Write it like 300.00 CNY, 40.00 EUR."),
        )
    return money


def over_amount(limit: Limit | None, amount: Money | None) -> Refusal | None:
    """Whether so much money may be moved without a person."""
    if limit is None or amount is None or amount.minor <= 0:
        return None
    most = next((m for m in limit.most if m.currency == amount.currency), None)
    return None if most is not None and amount.minor <= most.minor else OVER_AMOUNT


def over_count(limit: Limit | None, by_asker: int, by_role: int) -> Refusal | None:
    """Whether one more write is allowed this hour."""
    if limit is None or (by_asker < limit.per_hour and by_role < limit.shop_per_hour):
        return None
    return OVER_COUNT
