"""Every reader of a cell, for tests that give all of them the same odd text."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from mingbai.shop.intake import convert

CN = ZoneInfo("Asia/Shanghai")
READERS: tuple[Callable[[str], object], ...] = (
    lambda cell: convert.money(cell, "CNY"),
    lambda cell: convert.money(cell, "EUR", True),
    lambda cell: convert.moment(cell, CN),
    convert.whole,
    convert.yes,
    convert.identifier,
    convert.country,
    convert.plain,
    convert.language,
    convert.text,
)
