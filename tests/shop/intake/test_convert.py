"""Cells to values: tables of cases; what cannot be read without guessing is refused."""

from __future__ import annotations

import contextlib
import time
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from intake_cells import CN, READERS

from mingbai.shop.intake import convert
from mingbai.values.errors import BadInput
from mingbai.values.money import Money


@pytest.mark.parametrize(
    ("cell", "minor"),
    [
        ("12.30", 1230),
        ("0元", 0),
        ("¥1,234.50", 123450),
        ("￥３.５", 350),  # full width
        ("RMB 5", 500),
        ("5 CNY", 500),
        ("-5.00", -500),
        ("(5.00)", -500),  # as accountants write a debt
        ("+5", 500),
        ("12.3000", 1230),
        ("12.299999999999999", 1230),  # a float that was 12.30
        ("1,23,456.00", 12345600),  # Indian grouping is unambiguous
        (".5", 50),
    ],
)
def test_amounts(cell: str, minor: int) -> None:
    assert convert.money(cell, "CNY") == Money(minor, "CNY")


@pytest.mark.parametrize(
    "cell", ["12.345", "1,23", "1.234,50", "$5", "€5", "五元", "12.3.4", "1.93E+18", "12 or 13", "--5", "(5"]
)
def test_amounts_that_would_have_to_be_guessed(cell: str) -> None:
    with pytest.raises(BadInput):
        convert.money(cell, "CNY")


def test_amounts_of_other_currencies() -> None:
    assert convert.money("1.234,50 €", "EUR", True) == Money(123450, "EUR")
    assert convert.money("$5", "SGD") == Money(500, "SGD")
    assert convert.money("1200", "JPY") == Money(1200, "JPY")
    assert convert.money("1.250", "KWD") == Money(1250, "KWD")


@pytest.mark.parametrize("cell", ["", "-", "--", "null", "无", "N/A"])
def test_nothing_is_nothing(cell: str) -> None:
    assert convert.money(cell, "CNY") is None
    assert convert.moment(cell, CN) is None
    assert convert.whole(cell) is None
    assert not convert.yes(cell)


@pytest.mark.parametrize(
    ("cell", "at"),
    [
        ("2026-11-11 20:15:03", datetime(2026, 11, 11, 20, 15, 3, tzinfo=CN)),
        ("2026/11/1 8:05", datetime(2026, 11, 1, 8, 5, tzinfo=CN)),
        ("2026年11月11日 20时15分", datetime(2026, 11, 11, 20, 15, tzinfo=CN)),
        ("2026-11-11T20:15:03.250Z", datetime(2026, 11, 11, 20, 15, 3, 250_000, tzinfo=UTC)),
        (
            "2026-11-11 20:15:03 -0500",
            datetime(2026, 11, 11, 20, 15, 3, tzinfo=timezone(timedelta(hours=-5))),
        ),
        ("2026-11-11T20:15:03+00:00", datetime(2026, 11, 11, 20, 15, 3, tzinfo=UTC)),
        ("20261111201503", datetime(2026, 11, 11, 20, 15, 3, tzinfo=CN)),
        ("25.11.2026 08:00", datetime(2026, 11, 25, 8, 0, tzinfo=CN)),
        ("13/04/2026 5:00 PM", datetime(2026, 4, 13, 17, 0, tzinfo=CN)),
        ("2026-11-11 12:00 AM", datetime(2026, 11, 11, 0, 0, tzinfo=CN)),
    ],
)
def test_times(cell: str, at: datetime) -> None:
    read = convert.moment(cell, CN)
    assert read == at
    assert read is not None
    assert read.utcoffset() == at.utcoffset()


@pytest.mark.parametrize("cell", ["0000-00-00 00:00:00", "1970-01-01 08:00:00"])
def test_never(cell: str) -> None:
    assert convert.moment(cell, CN) is None


@pytest.mark.parametrize(
    "cell",
    [
        "03/04/2026",
        "2026-13-01",
        "2026-02-30",
        "20251",
        "76337.84",
        "yesterday",
        "1066-10-14",
        "2026-11-11 25:00",
    ],
)
def test_times_that_would_have_to_be_guessed(cell: str) -> None:
    with pytest.raises(BadInput):
        convert.moment(cell, CN)


def test_the_days_that_a_spreadsheet_counts() -> None:
    assert convert.moment("45964.336805556", CN) == datetime(2025, 11, 3, 8, 5, tzinfo=CN)
    assert convert.day("45964") == date(2025, 11, 3)


def test_day_and_month_are_told_apart_by_the_profile() -> None:
    assert convert.day("03/04/2026", "dmy") == date(2026, 4, 3)
    assert convert.day("03/04/2026", "mdy") == date(2026, 3, 4)


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("1930679858170647", "1930679858170647"),
        ("'18612342807", "18612342807"),
        ("林**", "林**"),
        ("132123457749-1234", "132123457749-1234"),
        ("SF\u200b123\ufeff", "SF123"),
        ("0091", "0091"),
        ("12E5", "12E5"),  # a code, not a rounded number: no plus
        ("1.0", "1.0"),
        ("1.5E10", "1.5E10"),
        ("13800138000.0", "13800138000"),  # kept as a number by a program; fifteen digits are all there
    ],
)
def test_identifiers(cell: str, kept: str) -> None:
    assert convert.identifier(cell) == kept


@pytest.mark.parametrize(
    "cell",
    [
        "1.93E+18",
        "1.86123E+10",
        "1,93e+18",
        "1.930679858170647E18",  # as Java writes it
        "1930679858170647168.0",
        "合计",
        "合计：",
        "Total",
    ],
)
def test_identifiers_that_are_lost(cell: str) -> None:
    with pytest.raises(BadInput):
        convert.identifier(cell)


@pytest.mark.parametrize(
    ("cell", "count"), [("2", 2), ("2.0", 2), ("x3", 3), ("3件", 3), ("1,200", 1200), ("-1", -1)]
)
def test_counts(cell: str, count: int) -> None:
    assert convert.whole(cell) == count


@pytest.mark.parametrize(
    ("words", "lang"),
    [
        ("手工茶壶", "zh"),
        ("iPhone 手机壳", "zh"),
        ("Longjing 龙井 Green Tea 200g", "en"),
        ("Teapot", "en"),
        ("急須 きゅうす です", "ja"),
    ],
)
def test_languages(words: str, lang: str) -> None:
    assert convert.language(words) == lang


def test_html_in_a_cell() -> None:
    assert (
        convert.plain("<p>Hand <b>thrown</b> &amp; glazed.</p><ul><li>200 ml</li></ul>")
        == "Hand thrown & glazed.\n200 ml"
    )


HOSTILE = [
    sign * 65_536
    for sign in (
        "1",
        "1,",
        "1.",
        "(",
        "<",
        "<a",
        "&",
        "&#",
        "=",
        " ",
        "年",
        "-",
        "'",
        '"',
        "\u200b",
        "e+",
        "0" * 3,
        "::",
    )
]


@pytest.mark.parametrize("cell", HOSTILE, ids=lambda cell: repr(cell[:4]))
def test_64_kb_of_anything_takes_no_time(cell: str) -> None:
    for read in READERS:
        began = time.process_time()
        with contextlib.suppress(BadInput):
            read(cell)
        assert time.process_time() - began <= 0.05
