"""Slips in Chinese: what was meant is asked instead, and what is a word stays as it was typed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tiny import ROWS, SHOP, found, product, stand

from mingbai.shop.search import keyword, slips
from mingbai.shop.search.query import Query
from mingbai.shop.search.search import Search
from mingbai.shop.search.vocabulary import vocabulary


@pytest.fixture
def search(tmp_path: Path) -> Iterator[Search]:
    made = stand(tmp_path, [*ROWS, *product("T8", "黑檀茶道六君子"), *product("T9", "陶瓷密封茶叶罐")])
    yield made
    made.records.close()


def meant(search: Search, text: str) -> str:
    segments = [part.segment for part in search.refresh(SHOP).living]
    return slips.meant(text, vocabulary(), segments, keyword.carriers).text


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("荼叶罐", "茶叶罐"),  # looks alike
        ("密封荼叶罐", "密封茶叶罐"),
        ("马克怀", "马克杯"),
        ("西湖龙并", "西湖龙井"),
        ("紫沙壶", "紫砂壶"),  # sounds alike
        ("六军子", "六君子"),
        ("公到杯", "公道杯"),
        ("保温怀", "保温杯"),  # the shop has none: it is a word that people say
        ("要一个马克怀 白的", "要一个马克杯 白的"),  # the rest is left alone
    ],
)
def test_a_character_that_makes_no_word_is_taken_for_one_that_does(
    search: Search, typed: str, read: str
) -> None:
    assert meant(search, typed) == read


@pytest.mark.parametrize(
    "typed",
    [
        "紫砂壶", "盖碗", "茶几", "滤茶网", "小盅", "龙井 250g", "手机壳", "能写贺卡吗", "电饭煲", "狗粮", "空调不制冷",
        "teapott", "MB20251103-0042", "", "😀", "茶" * 60,
    ],
)  # fmt: skip
def test_what_is_a_word_or_like_none_stays_as_it_was_typed(search: Search, typed: str) -> None:
    assert meant(search, typed) == typed


def test_what_was_mended_is_found_and_explained_as_a_slip(search: Search) -> None:
    assert found(search, "荼叶罐")[:1] == ["T9"]
    parts = search.ask(SHOP, Query("荼叶罐")).hits[0].parts
    assert {part.route for part in parts} == {"spelling"}
    assert search.plan(Query("荼叶罐"), search.refresh(SHOP)).meant.text == "茶叶罐"


def test_a_slip_counts_a_little_less_than_the_word(search: Search) -> None:
    right, wrong = (search.ask(SHOP, Query(text)).hits[0].score for text in ("茶叶罐", "荼叶罐"))
    assert 0 < wrong < right
