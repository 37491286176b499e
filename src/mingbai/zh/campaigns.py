"""The shop's sales days: a table that the merchant keeps (campaigns.toml is the one we ship), never the model's memory."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources

from mingbai.values.errors import BadInput, Text
from mingbai.zh.calendar import nth_weekday
from mingbai.zh.lunar import Lunar, to_common

_RULES = ("black friday", "cyber monday")
_KEYS = {"name", "said", "on", "from", "lunar", "rule"}


@dataclass(frozen=True, slots=True)
class Campaign:
    """`said` are the words for it, lower case. Either month and day are given, or the `rule` that finds the day."""

    name: str
    said: tuple[str, ...]
    month: int = 0
    day: int = 0
    lunar: bool = False
    rule: str = ""
    from_month: int = 0
    from_day: int = 0

    def in_year(self, year: int) -> tuple[date, date] | None:
        """The first and last day in a year; None where there is none (29 February, years without a lunar table)."""
        last = self._day(year)
        if last is None or not self.from_month:
            return (last, last) if last else None
        try:
            first = date(year, self.from_month, self.from_day)
        except ValueError:
            return (last, last)
        return (min(first, last), last)

    def _day(self, year: int) -> date | None:
        if self.rule:
            return nth_weekday(year, 11, 3, 4) + timedelta(days=1 if self.rule == "black friday" else 4)
        if self.lunar:
            # The twelfth month of one lunar year mostly falls into the next common year.
            days = (to_common(Lunar(it, self.month, self.day)) for it in (year - 1, year))
            return next((it for it in days if it and it.year == year), None)
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return None


@cache
def shipped() -> tuple[Campaign, ...]:
    """Our own table."""
    return parse(resources.files("mingbai.zh").joinpath("campaigns.toml").read_text(encoding="utf-8"))


def parse(text: str) -> tuple[Campaign, ...]:
    """A table in the form of campaigns.toml. Raises BadInput that names the entry."""
    try:
        entries = tomllib.loads(text).get("campaign", [])
    except tomllib.TOMLDecodeError as error:
        raise _refused("campaign", str(error)) from error
    if not isinstance(entries, list):
        raise _refused("campaign", "[[campaign]] is a list of tables")
    return tuple(_campaign(entry, at) for at, entry in enumerate(entries, 1))


def _campaign(entry: object, at: int) -> Campaign:
    where = f"campaign {at}"
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        raise _refused(where, "name is missing")
    if unknown := set(entry) - _KEYS:
        raise _refused(where, f"unknown key {sorted(unknown)[0]}")
    said = entry.get("said", [])
    if not isinstance(said, list) or not all(isinstance(it, str) and it for it in said):
        raise _refused(where, "said is a list of words")
    rule = entry.get("rule", "")
    if rule and rule not in _RULES:
        raise _refused(where, f"rule is one of {', '.join(_RULES)}")
    month, day = _month_day(entry.get("on", ""), where) if not rule else (0, 0)
    from_month, from_day = _month_day(entry["from"], where) if "from" in entry else (0, 0)
    words = tuple(dict.fromkeys(it.lower() for it in (entry["name"], *said)))
    return Campaign(entry["name"], words, month, day, entry.get("lunar") is True, rule, from_month, from_day)


def _month_day(said: object, where: str) -> tuple[int, int]:
    try:
        on = date.fromisoformat(f"2000-{said}")
    except ValueError as error:
        raise _refused(where, f"{said!r} is no month and day such as 11-11") from error
    return on.month, on.day


def _refused(where: str, why: str) -> BadInput:
    return BadInput(
        Text(f"活动表的 {where} 不能用：{why}。", f"{where} of the campaign table cannot be used: {why}."),
        Text("请照 campaigns.toml 的写法改。", "Write it as campaigns.toml does."),
    )
