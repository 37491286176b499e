"""Holidays and working days: mainland China with make-up work days (holidays.toml), Germany and the United States.

Not covered: Germany's holidays of single states, Hong Kong, Macau and Taiwan, and Chinese years whose notice is not out
(`published` says so): there only the statutory days are free and no weekend is worked.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib import resources
from typing import Literal

from mingbai.zh import solar
from mingbai.zh.lunar import Lunar, last_day, to_common

Region = Literal["CN", "DE", "US"]
_LONGEST = 3660  # days walked at most: ten years


@dataclass(frozen=True, slots=True)
class Holiday:
    """Free from `first` to `last`; in China this includes the weekends and exchanged days of the notice."""

    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class _Notice:
    source: str
    off: tuple[Holiday, ...]
    work: frozenset[date]


def holiday(day: date, region: Region = "CN") -> Holiday | None:
    """The public holiday that makes this day free, if one does."""
    years = (day.year, day.year + 1)  # a new year's holiday may begin in December
    return next((it for year in years for it in holidays(year, region) if it.first <= day <= it.last), None)


def is_workday(day: date, region: Region = "CN") -> bool:
    """Whether offices and carriers' desks work that day; 调休 Saturdays and Sundays are work days."""
    if holiday(day, region):
        return False
    return day.weekday() < 5 or (region == "CN" and is_make_up_day(day))


def is_make_up_day(day: date) -> bool:
    """A Chinese Saturday or Sunday that is worked in exchange for a holiday."""
    notice = _notices().get(day.year)
    return notice is not None and day in notice.work


def published(year: int) -> str | None:
    """The State Council notice that fixes China's holidays of the year, None when we have none."""
    notice = _notices().get(year)
    return notice.source if notice else None


def next_workday(day: date, region: Region = "CN") -> date:
    """The first working day after `day`."""
    return add_workdays(day, 1, region)


def add_workdays(day: date, count: int, region: Region = "CN") -> date:
    """`count` working days later; the day itself is not counted. Raises ValueError beyond ten years."""
    for step in range(1, _LONGEST):
        if count <= 0:
            break
        count -= is_workday(day + timedelta(days=step), region)
        if count <= 0:
            return day + timedelta(days=step)
    if count > 0:
        raise ValueError("more working days than ten years have")
    return day


def workdays_between(first: date, last: date, region: Region = "CN") -> int:
    """Working days from `first` to `last`, both included. Raises ValueError beyond ten years."""
    days = (last - first).days + 1
    if days > _LONGEST:
        raise ValueError("more than ten years")
    return sum(is_workday(first + timedelta(days=it), region) for it in range(days))


@lru_cache(maxsize=256)
def holidays(year: int, region: Region = "CN") -> tuple[Holiday, ...]:
    """The public holidays of a year, in order."""
    match region:
        case "CN":
            notice = _notices().get(year)
            return notice.off if notice else _statutory(year)
        case "DE":
            return _german(year)
        case "US":
            return _american(year)


@cache
def _notices() -> dict[int, _Notice]:
    data = tomllib.loads(resources.files("mingbai.zh").joinpath("holidays.toml").read_text(encoding="utf-8"))
    return {
        int(year): _Notice(it["source"], tuple(Holiday(**off) for off in it["off"]), frozenset(it["work"]))
        for year, it in data.items()
    }


def _statutory(year: int) -> tuple[Holiday, ...]:
    """《全国年节及纪念日放假办法》, since 2025 with 除夕 and 5月2日 (国务院令第795号)."""
    eve = last_day(year - 1)
    dragon_boat, mid_autumn = to_common(Lunar(year, 5, 5)), to_common(Lunar(year, 8, 15))
    newer = 1 if year >= 2025 else 0
    found = [Holiday("元旦", date(year, 1, 1), date(year, 1, 1))]
    if eve:
        found.append(Holiday("春节", eve + timedelta(days=1 - newer), eve + timedelta(days=3)))
    if 1900 <= year <= 2100:
        tomb = solar.term(year, "清明")
        found.append(Holiday("清明节", tomb, tomb))
    found.append(Holiday("劳动节", date(year, 5, 1), date(year, 5, 1 + newer)))
    found += [
        Holiday(name, day, day) for name, day in (("端午节", dragon_boat), ("中秋节", mid_autumn)) if day
    ]
    found.append(Holiday("国庆节", date(year, 10, 1), date(year, 10, 3)))
    return tuple(sorted(found, key=lambda it: it.first))


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones, Butcher)."""
    golden, century, rest = year % 19, year // 100, year % 100
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth Monday (0) … Sunday (6) of a month; -1 is the last. Raises ValueError when there is none."""
    if nth < 0:
        after = date(year + month // 12, month % 12 + 1, 1)
        return after - timedelta(days=(after.weekday() - 1 - weekday) % 7 + 1)
    first = date(year, month, 1)
    return date(year, month, 1 + (weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _german(year: int) -> tuple[Holiday, ...]:
    """The nine that all states share."""
    sunday = easter(year)
    days = {
        "Neujahr": date(year, 1, 1),
        "Karfreitag": sunday - timedelta(days=2),
        "Ostermontag": sunday + timedelta(days=1),
        "Tag der Arbeit": date(year, 5, 1),
        "Christi Himmelfahrt": sunday + timedelta(days=39),
        "Pfingstmontag": sunday + timedelta(days=50),
        "Tag der Deutschen Einheit": date(year, 10, 3),
        "1. Weihnachtstag": date(year, 12, 25),
        "2. Weihnachtstag": date(year, 12, 26),
    }
    return tuple(sorted((Holiday(name, day, day) for name, day in days.items()), key=lambda it: it.first))


def _american(year: int) -> tuple[Holiday, ...]:
    """Federal holidays (5 U.S.C. 6103): one on a Saturday is kept on Friday, one on a Sunday on Monday."""
    fixed = {
        "New Year's Day": date(year, 1, 1),
        "Juneteenth": date(year, 6, 19),
        "Independence Day": date(year, 7, 4),
        "Veterans Day": date(year, 11, 11),
        "Christmas Day": date(year, 12, 25),
    }
    moved = {
        "Martin Luther King Jr. Day": nth_weekday(year, 1, 0, 3),
        "Washington's Birthday": nth_weekday(year, 2, 0, 3),
        "Memorial Day": nth_weekday(year, 5, 0, -1),
        "Labor Day": nth_weekday(year, 9, 0, 1),
        "Columbus Day": nth_weekday(year, 10, 0, 2),
        "Thanksgiving Day": nth_weekday(year, 11, 3, 4),
    }
    kept = {name: day + timedelta(days={5: -1, 6: 1}.get(day.weekday(), 0)) for name, day in fixed.items()}
    days = [Holiday(name, day, day) for name, day in {**kept, **moved}.items()]
    return tuple(sorted(days, key=lambda it: it.first))
