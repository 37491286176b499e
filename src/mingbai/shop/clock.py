"""What time it is in a shop: its own zone's, or a fixed day where the shop's facts or the caller fix one.

The example shop's rows are of one autumn; its fact `clock` holds the moment they are told at.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from mingbai.shop.records.home import Records
from mingbai.values.records import Shop

CLOCK = "clock"
FIXED_HOUR = time(10, 0)


def clock_of(records: Records, today: date | None = None) -> Callable[[str], datetime]:
    """The moment it is in a shop, with its zone."""

    def clock(shop: str) -> datetime:
        found = records.get(shop, Shop, shop)
        row = found.record if found else None
        zone = ZoneInfo(row.timezone) if isinstance(row, Shop) else UTC
        if today is not None:
            return datetime.combine(today, FIXED_HOUR, zone)
        fixed = dict(row.facts).get(CLOCK) if isinstance(row, Shop) else None
        return datetime.fromisoformat(fixed) if fixed else datetime.now(zone)

    return clock
