"""Working days. China by the State Council's notices (named in holidays.toml), Germany by 'Feiertage' of all states, US by 5 U.S.C. 6103."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingbai.zh import calendar

# Every day of the notices that is not as its weekday would have it.
WORKED_WEEKENDS = {
    2024: "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
    2025: "01-26 02-08 04-27 09-28 10-11",
    2026: "01-04 02-14 02-28 05-09 09-20 10-10",
}
FREE_WEEKDAYS = {
    2024: "01-01 02-12 02-13 02-14 02-15 02-16 04-04 04-05 05-01 05-02 05-03 06-10 09-16 09-17 10-01 10-02 10-03 10-04 10-07",
    2025: "01-01 01-28 01-29 01-30 01-31 02-03 02-04 04-04 05-01 05-02 05-05 06-02 10-01 10-02 10-03 10-06 10-07 10-08",
    2026: "01-01 01-02 02-16 02-17 02-18 02-19 02-20 02-23 04-06 05-01 05-04 05-05 06-19 09-25 10-01 10-02 10-05 10-06 10-07",
}


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_china_as_published(year):
    days = [date(year, 1, 1) + timedelta(days=it) for it in range(365 + (year % 4 == 0))]
    worked = [f"{day:%m-%d}" for day in days if day.weekday() > 4 and calendar.is_workday(day)]
    free = [f"{day:%m-%d}" for day in days if day.weekday() < 5 and not calendar.is_workday(day)]
    assert worked == WORKED_WEEKENDS[year].split()
    assert free == FREE_WEEKDAYS[year].split()
    assert "国务院办公厅" in str(calendar.published(year))


def test_a_year_without_a_notice_knows_the_statutory_days_only():
    assert calendar.published(2027) is None
    assert calendar.holiday(date(2027, 2, 5)).name == "春节"  # 除夕 is free since 2025
    assert calendar.holiday(date(2027, 5, 2)).name == "劳动节"
    assert calendar.is_workday(date(2027, 10, 4))
    assert not calendar.is_make_up_day(date(2027, 10, 9))
    assert calendar.holiday(date(2019, 5, 2)) is None


def test_working_days():
    assert calendar.next_workday(date(2025, 9, 27)) == date(2025, 9, 28)  # a worked Sunday
    assert calendar.next_workday(date(2025, 9, 30)) == date(2025, 10, 9)
    assert calendar.add_workdays(date(2025, 9, 30), 3) == date(2025, 10, 11)
    assert calendar.add_workdays(date(2025, 9, 30), 0) == date(2025, 9, 30)
    assert calendar.workdays_between(date(2025, 10, 1), date(2025, 10, 12)) == 3
    assert calendar.workdays_between(date(2025, 10, 12), date(2025, 10, 1)) == 0
    assert calendar.holiday(date(2023, 12, 31)).name == "元旦"  # of the notice for 2024


def test_bounds():
    with pytest.raises(ValueError, match="ten years"):
        calendar.add_workdays(date(2025, 1, 1), 10**6)
    with pytest.raises(ValueError, match="ten years"):
        calendar.workdays_between(date(1, 1, 1), date(9999, 1, 1))


@pytest.mark.parametrize(
    ("year", "day"),
    [
        (1961, "04-02"),
        (2000, "04-23"),
        (2008, "03-23"),
        (2011, "04-24"),
        (2024, "03-31"),
        (2025, "04-20"),
        (2026, "04-05"),
        (2038, "04-25"),
    ],
)
def test_easter(year, day):
    assert f"{calendar.easter(year):%m-%d}" == day


def test_germany_and_the_united_states():
    german = {it.name: f"{it.first:%m-%d}" for it in calendar.holidays(2026, "DE")}
    assert german["Karfreitag"] == "04-03"
    assert german["Christi Himmelfahrt"] == "05-14"
    assert german["Pfingstmontag"] == "05-25"
    assert not calendar.is_workday(date(2026, 10, 3), "DE")
    american = {it.name: f"{it.first:%m-%d}" for it in calendar.holidays(2026, "US")}
    assert american["Thanksgiving Day"] == "11-26"
    assert american["Independence Day"] == "07-03"  # the 4th is a Saturday
    assert american["Memorial Day"] == "05-25"
    assert not calendar.is_workday(date(2021, 12, 31), "US")  # New Year's Day 2022 is a Saturday


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 40), st.sampled_from(["CN", "DE", "US"]))
def test_adding_days_and_counting_them_agree(day, count, region):
    later = calendar.add_workdays(day, count, region)
    assert calendar.is_workday(later, region)
    assert calendar.workdays_between(day + timedelta(days=1), later, region) == count


@given(st.integers(1950, 2090), st.integers(1, 12), st.integers(0, 6))
def test_nth_weekday(year, month, weekday):
    last = calendar.nth_weekday(year, month, weekday, -1)
    assert last.weekday() == weekday
    assert (last + timedelta(days=7)).month != month
    first = calendar.nth_weekday(year, month, weekday, 1)
    assert (first.month, first.weekday()) == (month, weekday)
    assert first.day <= 7
