"""The lunar table against published new years, against other formulas, and both ways for every day of two centuries."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from astronomy import new_moon

from mingbai.zh import lunar, solar
from mingbai.zh.lunar import Lunar

# 春节 as published: Hong Kong Observatory, 公历与农历日期对照表; before 1949 the calendars of the time.
NEW_YEARS = [
    "1900-01-31",
    "1901-02-19",
    "1911-01-30",
    "1912-02-18",
    "1916-02-03",
    "1919-02-01",
    "1921-02-08",
    "1930-01-30",
    "1937-02-11",
    "1945-02-13",
    "1949-01-29",
    "1950-02-17",
    "1954-02-03",
    "1958-02-18",
    "1960-01-28",
    "1966-01-21",
    "1970-02-06",
    "1976-01-31",
    "1978-02-07",
    "1979-01-28",
    "1980-02-16",
    "1984-02-02",
    "1985-02-20",
    "1988-02-17",
    "1990-01-27",
    "1995-01-31",
    "1997-02-07",
    "1998-01-28",
    "1999-02-16",
    "2000-02-05",
    "2001-01-24",
    "2002-02-12",
    "2003-02-01",
    "2004-01-22",
    "2005-02-09",
    "2006-01-29",
    "2007-02-18",
    "2008-02-07",
    "2009-01-26",
    "2010-02-14",
    "2011-02-03",
    "2012-01-23",
    "2013-02-10",
    "2014-01-31",
    "2015-02-19",
    "2016-02-08",
    "2017-01-28",
    "2018-02-16",
    "2019-02-05",
    "2020-01-25",
    "2021-02-12",
    "2022-02-01",
    "2023-01-22",
    "2024-02-10",
    "2025-01-29",
    "2026-02-17",
    "2027-02-06",
    "2028-01-26",
    "2029-02-13",
    "2030-02-03",
    "2031-01-23",
    "2032-02-11",
    "2033-01-31",
    "2034-02-19",
    "2035-02-08",
    "2036-01-28",
    "2037-02-15",
    "2038-02-04",
    "2039-01-24",
    "2040-02-12",
    "2044-01-30",
    "2050-01-23",
]
LEAP_MONTHS = {
    1984: 10, 1985: 0, 1987: 6, 1990: 5, 1993: 3, 1995: 8, 1998: 5, 2001: 4, 2004: 2, 2006: 7, 2009: 5, 2012: 4, 2014: 9, 2017: 6,
    2020: 4, 2023: 2, 2024: 0, 2025: 6, 2028: 5, 2031: 3, 2033: 11, 2036: 6,  # 2033: 闰冬月, which many old tables have wrong
}  # fmt: skip


@pytest.mark.parametrize("said", NEW_YEARS)
def test_chinese_new_year(said):
    day = date.fromisoformat(said)
    assert lunar.of_common(day) == Lunar(day.year, 1, 1)
    assert lunar.to_common(Lunar(day.year, 1, 1)) == day
    assert lunar.last_day(day.year - 1) == (day - timedelta(days=1) if day.year > 1900 else None)


def test_leap_months():
    assert {year: lunar.leap_month(year) for year in LEAP_MONTHS} == LEAP_MONTHS


@pytest.mark.parametrize(
    ("day", "lunar_day", "name"),
    [
        ("2024-09-17", Lunar(2024, 8, 15), "八月十五"),
        ("2025-10-06", Lunar(2025, 8, 15), "八月十五"),
        ("2026-09-25", Lunar(2026, 8, 15), "八月十五"),
        ("2025-05-31", Lunar(2025, 5, 5), "五月初五"),
        ("2026-06-19", Lunar(2026, 5, 5), "五月初五"),
        ("2025-08-29", Lunar(2025, 7, 7), "七月初七"),
        ("2025-07-25", Lunar(2025, 6, 1, leap=True), "闰六月初一"),
        ("2026-02-16", Lunar(2025, 12, 29), "腊月廿九"),
        ("1978-09-17", Lunar(1978, 8, 15), "八月十五"),  # a day later than older almanacs had it
        ("2033-12-22", Lunar(2033, 11, 1, leap=True), "闰冬月初一"),
        ("1949-10-01", Lunar(1949, 8, 10), "八月初十"),
    ],
)
def test_known_days(day, lunar_day, name):
    assert lunar.of_common(date.fromisoformat(day)) == lunar_day
    assert str(lunar_day) == name


def test_every_day_there_and_back():
    day, last = date(1900, 1, 31), date(2101, 1, 28)
    before = None
    while day <= last:
        here = lunar.of_common(day)
        assert here is not None
        assert lunar.to_common(here) == day
        assert here != before
        before = here
        day += timedelta(days=1)
    assert lunar.of_common(date(1900, 1, 30)) is None
    assert lunar.of_common(last + timedelta(days=1)) is None


def test_days_that_do_not_exist():
    assert lunar.to_common(Lunar(2025, 5, 1, leap=True)) is None
    assert lunar.to_common(Lunar(2025, 12, 30)) is None
    assert lunar.to_common(Lunar(2025, 13, 1)) is None
    assert lunar.to_common(Lunar(2101, 1, 1)) is None
    assert lunar.month_length(2025, 12) == 29
    assert lunar.month_length(2025, 5, leap=True) is None


def test_each_month_begins_on_the_day_of_the_new_moon():
    """By formulas the table was not made with; what is within five minutes of midnight may go either way."""
    moons = [new_moon(it) + timedelta(hours=8) for it in range(-1240, 1252)]
    allowed = {
        at.date(): {(at - timedelta(minutes=5)).date(), (at + timedelta(minutes=5)).date()} for at in moons
    }
    # As printed then, by Beijing local time (lunar.txt): within a quarter of an hour of midnight.
    historical = {date(1914, 11, 17), date(1916, 2, 3), date(1920, 11, 10)}
    days = {day for near in allowed.values() for day in near} | historical
    starts = [
        start
        for year in range(1901, 2100)
        for month in range(1, 13)
        for leap in (False, True)
        if (start := lunar.to_common(Lunar(year, month, 1, leap)))
    ]
    assert len(starts) > 2400
    assert [start for start in starts if start not in days] == []


def test_the_winter_solstice_is_in_the_eleventh_month():
    for year in range(1900, 2101):
        here = lunar.of_common(solar.term(year, "冬至"))
        assert here is not None
        assert (here.month, here.leap) == (11, False), year


# 清明 and 冬至 as published (Purple Mountain Observatory, as printed in the holiday notices and calendars).
@pytest.mark.parametrize(
    ("year", "name", "day"),
    [
        (2019, "清明", "04-05"), (2020, "清明", "04-04"), (2021, "清明", "04-04"), (2023, "清明", "04-05"), (2024, "清明", "04-04"),
        (2025, "清明", "04-04"), (2026, "清明", "04-05"), (2027, "清明", "04-05"), (2021, "冬至", "12-21"),  # 53 seconds before midnight
        (2023, "冬至", "12-22"),
        (2025, "冬至", "12-21"), (2025, "立春", "02-03"), (2024, "立春", "02-04"),
        (2020, "大雪", "12-07"),  # nine minutes after midnight
    ],
)  # fmt: skip
def test_solar_terms(year, name, day):
    assert f"{solar.term(year, name):%m-%d}" == day


def test_terms_come_in_order():
    for year in range(1900, 2101):
        days = [solar.term(year, name) for name in ("小寒", "立春", "清明", "夏至", "秋分", "冬至")]
        assert days == sorted(days)
        assert all(day.year == year for day in days)
