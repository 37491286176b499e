"""Campaigns of the year and coupons. A campaign stands on its days of the calendar, whatever `today` is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from mingbai.shop.example import content
from mingbai.values.records import Campaign, Coupon, Origin, Sourced

AHEAD = timedelta(days=120)  # a campaign is announced at most so early
_FILE = "campaigns.toml"
_TIMES = ("starts", "ends", "deposit_from", "deposit_to", "balance_from", "balance_to")


@cache
def campaigns(today: date) -> tuple[Sourced, ...]:
    """Of each campaign the last two that have begun, and the next if it is near."""
    return tuple(_campaigns(today))


def _campaigns(today: date) -> Iterator[Sourced]:
    for raw in content.table(_FILE)["campaign"]:
        years = [_in_year(raw, year) for year in range(today.year - 2, today.year + 2)]
        begun = [campaign for campaign in years if _start(campaign) <= content.at(today, 1)]
        coming = [c for c in years if content.at(today, 1) < _start(c) <= content.at(today, 1) + AHEAD]
        origin = Origin(_FILE, content.line_of(f'no = "{raw["no"]}"', _FILE))
        for campaign in (*begun[-2:], *coming[:1]):
            yield Sourced(campaign, origin)


def latest(today: date, name: str) -> Campaign:
    """The campaign of this name that began last: D11, 618, NHJ, BF."""
    begun = [
        row.record
        for row in campaigns(today)
        if isinstance(row.record, Campaign) and row.record.campaign_no.startswith(name + "-")
    ]
    return [campaign for campaign in begun if _start(campaign) <= content.at(today, 1)][-1]


def every(today: date, name: str) -> list[Campaign]:
    """All of this name that are known, the oldest first."""
    found = [row.record for row in campaigns(today)]
    return [c for c in found if isinstance(c, Campaign) and c.campaign_no.startswith(name + "-")]


def sale_of(campaign: Campaign) -> tuple[datetime, datetime]:
    """When its sale prices and coupons hold: the balance phase, if it has deposits, else all of it."""
    starts = campaign.balance_from or campaign.starts_at
    ends = campaign.balance_to or campaign.ends_at
    assert starts is not None
    assert ends is not None
    return starts, ends


def coupons(today: date) -> Iterator[Sourced]:
    for raw in content.table("coupons.toml")["coupon"]:
        origin = Origin("coupons.toml", content.line_of(f'code = "{raw["code"]}"', "coupons.toml"))
        yield Sourced(_coupon(raw, today), origin)


def _coupon(raw: dict[str, Any], today: date) -> Coupon:
    coupon = Coupon(
        code=raw["code"],
        kind=raw["kind"],
        name_zh=raw["name_zh"],
        name_en=raw["name_en"],
        threshold=content.money(raw["threshold"]) if "threshold" in raw else None,
        off=content.money(raw["off"]) if "off" in raw else None,
        percent_off=raw.get("percent_off"),
        every=raw.get("every", False),
        stackable=raw.get("stackable", False),
        categories=tuple(raw.get("categories", ())),
    )
    if "days" in raw:
        first, last = raw["days"]
        return replace(coupon, starts_at=content.at(today, first), ends_at=content.at(today, last, "23:59"))
    campaign = every(today, raw["campaign"])[-1]
    starts, ends = sale_of(campaign)
    return replace(coupon, starts_at=starts, ends_at=ends, campaign_no=campaign.campaign_no)


def _in_year(raw: dict[str, Any], year: int) -> Campaign:
    times = {
        f"{key}_at" if key in ("starts", "ends") else key: _moment(year, raw[key])
        for key in _TIMES
        if key in raw
    }
    return Campaign(
        campaign_no=f"{raw['no']}-{year}",
        name_zh=f"{year} {raw['name_zh']}",
        name_en=f"{raw['name_en']} {year}",
        price_protection_days=raw["price_protection_days"],
        text_zh=raw["text_zh"],
        text_en=raw["text_en"],
        **times,
    )


def _moment(year: int, said: str) -> datetime:
    return datetime.strptime(f"{year}-{said}", "%Y-%m-%d %H:%M").replace(tzinfo=content.SHANGHAI)


def _start(campaign: Campaign) -> datetime:
    assert campaign.starts_at is not None
    return campaign.starts_at
