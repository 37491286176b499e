"""The Chinese lunar calendar 1900 to 2100, both ways. The table and how it was made: lunar.txt."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources

FIRST_YEAR, LAST_YEAR = 1900, 2100
MONTHS = ("正月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "冬月", "腊月")
_TEN = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True, order=True)
class Lunar:
    """A day of the lunar calendar; `leap` marks the second of two months with one number (闰六月)."""

    year: int
    month: int
    day: int
    leap: bool = False

    def __str__(self) -> str:
        return f"{'闰' if self.leap else ''}{MONTHS[self.month - 1]}{day_name(self.day)}"


@dataclass(frozen=True, slots=True)
class _Year:
    first: date
    leap: int
    lengths: tuple[int, ...]


def to_common(lunar: Lunar) -> date | None:
    """The common date, or None where that day does not exist (大月三十 of a small month, a leap month of another year)."""
    year = _years().get(lunar.year)
    if year is None or not 1 <= lunar.month <= 12 or (lunar.leap and year.leap != lunar.month):
        return None
    at = lunar.month - 1 + (1 if lunar.leap or 0 < year.leap < lunar.month else 0)
    if not 1 <= lunar.day <= year.lengths[at]:
        return None
    return year.first + timedelta(days=sum(year.lengths[:at]) + lunar.day - 1)


def of_common(day: date) -> Lunar | None:
    """The lunar date of a day from 1900-01-31 to 2101-01-28, None outside."""
    years = _years()
    at = bisect_right(_firsts(), day) - 1
    if at < 0:
        return None
    number = FIRST_YEAR + at
    year, rest = years[number], (day - years[number].first).days
    for index, length in enumerate(year.lengths):
        if rest < length:
            after_leap = 0 < year.leap <= index
            return Lunar(
                number, index + (0 if after_leap else 1), rest + 1, after_leap and index == year.leap
            )
        rest -= length
    return None


def last_day(year: int) -> date | None:
    """除夕: the day before the next new year."""
    known = _years().get(year)
    return known.first + timedelta(days=sum(known.lengths) - 1) if known else None


def month_length(year: int, month: int, *, leap: bool = False) -> int | None:
    """29 or 30, None where there is no such month."""
    if to_common(Lunar(year, month, 1, leap)) is None:
        return None
    return 30 if to_common(Lunar(year, month, 30, leap)) else 29


def leap_month(year: int) -> int:
    """The month that comes twice, 0 in most years. Raises KeyError outside the table."""
    return _years()[year].leap


def day_name(day: int) -> str:
    """初一, 十五, 廿三, 三十."""
    if day <= 10:
        return "初" + _TEN[day - 1]
    if day in (20, 30):
        return f"{_TEN[day // 10 - 1]}十"
    return "十廿"[day // 10 - 1] + _TEN[day % 10 - 1]


@cache
def _years() -> dict[int, _Year]:
    text = resources.files("mingbai.zh").joinpath("lunar.txt").read_text(encoding="utf-8")
    years = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        number, first, leap, lengths = line.split()
        years[int(number)] = _Year(
            date.fromisoformat(f"{number}-{first}"), int(leap), tuple(29 + int(it) for it in lengths)
        )
    return years


@cache
def _firsts() -> tuple[date, ...]:
    return tuple(year.first for year in _years().values())
