"""Sizes and measures. Metric 市制: 国务院 1959-06-25 命令 (1 市斤 = 500 g, 3 市尺 = 1 m); 1 lb = 0.45359237 kg, 1 in = 2.54 cm (1959)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingbai.zh import units


def read(text: str) -> list[tuple[str, str, str]]:
    return [
        (
            it.kind,
            f"{it.low.normalize():f}" + (f"-{it.high.normalize():f}" if it.high != it.low else ""),
            it.unit,
        )
        if isinstance(it, units.Measure)
        else (it.kind, it.label, it.system)
        for it in units.find_sizes(text)
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # A bare body weight is in 斤.
        ("身高170体重130", [("height", "170", "cm"), ("body_weight", "65", "kg")]),
        ("身高１７０，體重１３０", [("height", "170", "cm"), ("body_weight", "65", "kg")]),
        ("身高1米75体重140斤", [("height", "175", "cm"), ("body_weight", "70", "kg")]),
        ("身高 180cm 体重 75kg", [("height", "180", "cm"), ("body_weight", "75", "kg")]),
        ("170 130斤穿什么码", [("height", "170", "cm"), ("body_weight", "65", "kg")]),
        ("170/65kg", [("height", "170", "cm"), ("body_weight", "65", "kg")]),
        ("身高165体重52", [("height", "165", "cm"), ("body_weight", "52", "kg")]),  # 26 kg would be no grown person
        ("身高体重170 65", [("height", "170", "cm"), ("body_weight", "65", "kg")]),
        ("体重一百二", [("body_weight", "60", "kg")]),
        ("一米七五", [("height", "175", "cm")]), ("一米七", [("height", "170", "cm")]), ("個子一米八", [("height", "180", "cm")]), ("1米05", [("height", "105", "cm")]),
        ("I'm 5'9\" and 160 lbs", [("height", "175.26", "cm"), ("weight", "72.5747792", "kg")]),
        ("5 ft 9 in", [("height", "175.26", "cm")]),
        ("三斤半", [("weight", "1.75", "kg")]), ("一斤二两", [("weight", "0.6", "kg")]), ("二两", [("weight", "0.1", "kg")]), ("两斤", [("weight", "1", "kg")]),
        ("10公斤半", [("weight", "10.5", "kg")]), ("净含量：357克", [("weight", "0.357", "kg")]), ("100多斤", [("weight", "50-99.5", "kg")]), ("５㎏", [("weight", "5", "kg")]),
        ("2尺1", [("length", "70", "cm")]), ("腰围二尺三寸", [("length", "76.7", "cm")]), ("两尺半", [("length", "83.3", "cm")]),
        ("6寸蛋糕", [("length", "15.24", "cm")]), ("24寸行李箱", [("length", "60.96", "cm")]), ("长30-40cm", [("length", "30-40", "cm")]),
        ("500毫升", [("volume", "500", "ml")]), ("1.5L", [("volume", "1500", "ml")]), ("两升", [("volume", "2000", "ml")]),
        ("39码", [("shoe", "39", "CN")]), ("三十九码", [("shoe", "39", "CN")]), ("39码半", [("shoe", "39.5", "CN")]), ("欧码39", [("shoe", "39", "EU")]), ("39欧码", [("shoe", "39", "EU")]),
        ("US 8.5", [("shoe", "8.5", "US")]), ("美码8", [("shoe", "8", "US")]), ("鞋码250", [("shoe", "250", "mm")]), ("42的鞋", [("shoe", "42", "CN")]),
        ("28码牛仔裤", [("waist", "28", "inch")]), ("5码布", []), ("30码面料", []),
        ("XXL", [("clothing", "XXL", "letter")]), ("2xl有吗", [("clothing", "2XL", "letter")]), ("M码", [("clothing", "M", "letter")]), ("我要M", [("clothing", "M", "letter")]), ("size L", [("clothing", "L", "letter")]),
        ("175/92A", [("clothing", "175/92A", "CN")]), ("加大码", [("clothing", "XL", "letter")]), ("加大加大码有吗", [("clothing", "XXL", "letter")]), ("均码", [("clothing", "one size", "one")]), ("one size", [("clothing", "one size", "one")]),
        ("I'm fine, it's s", []), ("5L的壶 US $8", [("volume", "5000", "ml")]), ("170", []), ("买两个", []),
        ("320G硬盘", []), ("4G手机", []), ("250G装", [("weight", "0.25", "kg")]), ("512M独显", []), ("花169升级", []), ("服务第“一”", []),
        ("有一两声响", []), ("三两下翻完", []), ("一两茶叶", [("weight", "0.05", "kg")]), ("ACER422G32", []), ("SP3两张盘", []), ("得几M了", []), ("特级s外脊", []),
    ],
)  # fmt: skip
def test_found(text, found):
    assert read(text) == found


def test_other_readings_stand_beside():
    [cake] = units.find_sizes("6寸蛋糕")
    assert isinstance(cake, units.Measure)
    assert cake.also == (Decimal("20.0"),)  # as 市寸
    [xxl] = units.find_sizes("XXL")
    assert isinstance(xxl, units.Size)
    assert xxl.also == "2XL"


@given(st.integers(30, 48))
def test_shoe_sizes_and_feet(size):
    assert units.shoe_size(units.shoe_mm(Decimal(size))) == size


def test_a_common_foot():
    assert units.shoe_mm(Decimal(39)) == 245
    assert units.shoe_size(Decimal(250)) == 40


@given(
    st.text(
        st.one_of(st.characters(), st.sampled_from("身高体重一二三半两斤尺寸码米0123456789./'\"cmkgXLSM ，"))
    )
)
def test_any_text(text):
    for it in units.find_sizes(text):
        assert it.said == text[it.start : it.end]
