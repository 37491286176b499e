"""What the rules for dates share: the day that is today, which way an open date leans, and the arithmetic of months."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from datetime import time as Clock
from typing import Literal

from mingbai.zh.numerals_read import whole

Leaning = Literal["past", "future"]
Side = Literal["on", "before", "after"]
Granularity = Literal["hour", "part", "day", "span", "week", "month", "quarter", "year"]
Order = Literal["mdy", "dmy"]

NUMBER = r"(?:(?<![0-9.,/])[0-9]{1,4}|[一二三四五六七八九十两廿卅百几半]{1,6})"
DAY = r"(?:[0-9]{1,2}|[一二三四五六七八九十廿卅]{1,3})"
YEAR = (
    r"(?:(?:(?P<y>(?<![0-9])(?:[0-9]{4}|[0-9]{2})|[〇零一二三四五六七八九]{4}|[二][〇零一二三四五六七八九])年"
    r"|(?P<yw>大?前年|大?后年|今年|去年|明年|本年))的?\s?)?"
)
_YEAR_WORDS = {"大前年": -3, "前年": -2, "去年": -1, "今年": 0, "本年": 0, "明年": 1, "后年": 2, "大后年": 3}


@dataclass(frozen=True, slots=True)
class Scene:
    """`leaning` is None when neither the caller nor the words beside the date say past or future."""

    today: date
    leaning: Leaning | None = None
    order: Order = "mdy"
    chinese: bool = True
    now: Clock | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """What a rule made of its words. `also`: other readings, likeliest first. `open`: a word beside it may turn it round."""

    first: date
    last: date
    granularity: Granularity = "day"
    side: Side = "on"
    also: tuple[tuple[date, date], ...] = ()
    time: Clock | None = None
    until: Clock | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """`pattern` is matched at one place; `read` says what it means, None when it means no date after all."""

    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], Scene], Read | None]


def day(on: date, *also: date) -> Read:
    return Read(on, on, also=tuple((it, it) for it in also if it != on))


def number(said: str) -> int | None:
    if said.isascii():
        return int(said) if said.isdecimal() else None
    return whole(said)


def safe(year: int, month: int, day_of_month: int) -> date | None:
    """None for the 31st of June and years beyond the calendar."""
    try:
        return date(year, month, day_of_month)
    except (ValueError, OverflowError):
        return None


def shifted(on: date, days: int) -> date | None:
    try:
        return on + timedelta(days=days)
    except OverflowError:
        return None


def months_later(on: date, months: int) -> date | None:
    """The same day of another month, or its last: a month after 31 January is 28 or 29 February."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    if not 1 <= year <= 9998:
        return None
    return date(year, month + 1, min(on.day, days_in(year, month + 1)))


def days_in(year: int, month: int) -> int:
    return monthrange(year, month)[1]


def year_of(match: re.Match[str], scene: Scene, *, end: str = "") -> int | None:
    """The year said in front, None when none was. Two digits are of this century. `end` marks a second YEAR of a pattern."""
    word, year = match[f"yw{end}"], match[f"y{end}"]
    if word:
        return scene.today.year + _YEAR_WORDS.get(word, 0)
    said = number(year) if year else None
    return None if said is None else said + 2000 if len(year) == 2 else said


def said_year(match: re.Match[str]) -> bool:
    return bool(match["y"] or match["yw"])


def nearest(options: Iterable[date | None], scene: Scene) -> tuple[date, ...]:
    """The options, likeliest first: by leaning, else by how near they are to today."""
    known = sorted({it for it in options if it is not None}, key=lambda it: abs((it - scene.today).days))
    match scene.leaning:
        case "future":
            fitting = [it for it in known if it >= scene.today]
        case "past":
            fitting = [it for it in known if it <= scene.today]
        case _:
            fitting = known
    return tuple(fitting or known)


def year_open(month: int, day_of_month: int, scene: Scene) -> Read | None:
    """A month and day without a year."""
    options = nearest((safe(scene.today.year + it, month, day_of_month) for it in (-1, 0, 1)), scene)
    if not options:
        leap = nearest((safe(scene.today.year + it, month, day_of_month) for it in range(-8, 9)), scene)
        return day(leap[0]) if leap else None
    return day(*options[:2])


def week_of(on: date, weeks: int) -> Read | None:
    """Monday to Sunday of a week, 0 this one."""
    monday = shifted(on, 7 * weeks - on.weekday())
    sunday = shifted(monday, 6) if monday else None
    return Read(monday, sunday, "week") if monday and sunday else None


def month_of(on: date, months: int) -> Read | None:
    first = months_later(on.replace(day=1), months)
    return Read(first, first.replace(day=days_in(first.year, first.month)), "month") if first else None


def year_span(year: int) -> Read | None:
    first, last = safe(year, 1, 1), safe(year, 12, 31)
    return Read(first, last, "year") if first and last else None


def part_of_month(month: Read, part: str) -> Read:
    """月初 and 月底 are its first and last days (现代汉语词典): five here; 旬 are ten days each."""
    first, last = month.first, month.last
    bounds = {
        "初": (1, 5), "上旬": (1, 10), "中": (11, 20), "中旬": (11, 20), "下旬": (21, last.day),
        "底": (last.day - 4, last.day), "末": (last.day - 4, last.day),
    }  # fmt: skip
    low, high = bounds[part]
    return replace(month, first=first.replace(day=low), last=first.replace(day=high), granularity="span")
