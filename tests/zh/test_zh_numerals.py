"""Numbers as people say them. Colloquial forms after 吕叔湘《现代汉语八百词》and 现代汉语词典."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingbai.zh import numerals


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("零", 0), ("〇", 0), ("两", 2), ("十", 10), ("十五", 15), ("一十", 10), ("二十", 20), ("廿五", 25), ("卅", 30), ("卌二", 42),
        ("一百零五", 105), ("一百一十", 110), ("一百一", 110), ("一百五", 150), ("两百五", 250), ("三千五", 3500), ("一万二", 12000),
        ("一万零二", 10002), ("一万二百", 10200), ("两万五", 25000), ("三亿五", 350_000_000), ("两千零二", 2002), ("两千二", 2200),
        ("十万", 100_000), ("一百二十三万四千五百六十七", 1_234_567), ("一亿零一", 100_000_001), ("一万亿", 10**12),
        ("三万万", 300_000_000), ("一万二千三百亿四千万", 1_230_040_000_000), ("壹佰贰拾", 120), ("貳拾", 20), ("參佰", 300), ("兩萬", 20000),
        ("1.5万", 15000), ("1万5千", 15000), ("1万5", 15000), ("3千5", 3500), ("12w", 120_000), ("1.2k", 1200), ("1万零5", 10005),
        ("一点五万", 15000), ("三点一四", "3.14"), ("零点五", "0.5"), ("1,299.00", 1299), ("１２", 12), ("负三百", -300), ("負二", -2),
        ("二〇二五", 2025), ("幺三八", 138), ("半", "0.5"), ("½", "0.5"), ("1½", "1.5"), ("百分之二十", "0.2"), ("20%", "0.2"),
        ("千分之五", "0.005"), ("四分之三", "0.75"), ("3/4", "0.75"), ("三成", "0.3"), ("三成五", "0.35"), ("百分之百", 1),
        ("twelve", 12), ("twenty-five", 25),
    ],
)  # fmt: skip
def test_one_number(said, number):
    read = numerals.parse(said)
    assert read is not None
    assert read.value == Decimal(number)


@pytest.mark.parametrize(
    ("said", "low", "high", "about"),
    [
        ("二三百", 200, 300, False),
        ("两三", 2, 3, False),
        ("三五百", 300, 500, False),
        ("七八十", 70, 80, False),
        ("十二三", 12, 13, False),
        ("二十七八", 27, 28, False),
        ("一两百", 100, 200, False),
        ("一百二三十", 120, 130, False),
        ("三四万", 30000, 40000, False),
        ("十几", 11, 19, False),
        ("几十", 20, 99, False),
        ("几", 2, 9, False),
        ("好几百", 200, 999, False),
        ("几百万", 2_000_000, 9_999_999, False),
        ("一百多", 100, 199, False),
        ("十多万", 100_000, 199_999, False),
        ("100多", 100, 199, False),
        ("150多", 150, 159, False),
        ("100来", 90, 110, True),  # 来: about, a little less or more
    ],
)
def test_a_range(said, low, high, about):
    read = numerals.parse(said)
    assert read is not None
    assert (read.low, read.high, read.about) == (low, high, about)
    assert read.value is None


@pytest.mark.parametrize(
    "said",
    [
        "",
        "万",
        "百",
        "千万",
        "万一",
        "十分",
        "二两",
        "一百零",
        "一百百",
        "百八十",
        "35,00",
        "三千0五",
        "十两",
        "分之",
        "1/0",
        "一" * 65536,
    ],
)
def test_no_number(said):
    assert numerals.parse(said) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("我要两个，再来一下", ["两"]),
        ("万一不行，千万别买，十分好", []),  # words, not counts
        ("第一次买，统一发货", []),
        ("买了3盒和十几饼", ["3", "十几"]),
        ("共1,299.00，打了三分之一", ["1,299.00", "三分之一"]),
        ("3，500", ["3", "500"]),  # the full-width comma lists
    ],
)
def test_found_in_a_sentence(text, said):
    assert [it.said for it in numerals.find(text)] == said


@pytest.mark.parametrize(
    ("text", "factor"),
    [
        ("打八折", "0.8"), ("85折", "0.85"), ("八五折", "0.85"), ("9.5折", "0.95"), ("九点五折", "0.95"), ("对折", "0.5"),
        ("半折", "0.5"), ("全场７折", "0.7"), ("20% off", "0.8"), ("折叠凳", None), ("打折吗", None), ("100折", None), ("三折扣", None),
    ],
)  # fmt: skip
def test_discounts(text, factor):
    assert [it.factor for it in numerals.find_discounts(text)] == ([Decimal(factor)] if factor else [])


@pytest.mark.parametrize(
    ("number", "plain", "formal"),
    [
        (0, "零", "零"),
        (10, "十", "壹拾"),
        (15, "十五", "壹拾伍"),
        (110, "一百一十", "壹佰壹拾"),
        (1010, "一千零一十", "壹仟零壹拾"),
        (100_000, "十万", "壹拾万"),
        (107_000, "十万七千", "壹拾万柒仟"),
        (100_000_010, "一亿零一十", "壹亿零壹拾"),
        (1_200_000_000_000, "一万二千亿", "壹万贰仟亿"),
        (-3, "负三", "负叁"),
        (Decimal("3.14"), "三点一四", "叁点壹肆"),
    ],
)
def test_spelt(number, plain, formal):
    assert numerals.say(number) == plain
    assert numerals.formal(number) == formal


def test_too_large_to_spell():
    with pytest.raises(ValueError, match="too large"):
        numerals.say(10**16)


@given(st.integers(-(10**16) + 1, 10**16 - 1))
def test_spelt_and_read_again(number):
    for spelt in (numerals.say(number), numerals.formal(number)):
        read = numerals.parse(spelt)
        assert read is not None
        assert read.value == number


@given(st.integers(0, 10**8), st.integers(0, 7))
def test_round_numbers_too(number, zeros):
    number *= 10**zeros
    read = numerals.parse(numerals.say(number))
    assert read is not None
    assert read.value == number


@given(st.text(st.sampled_from("零一二两三十百千万亿几半多来点分之%/.,0159wk负 壹佰"), max_size=45))
def test_any_numeral_like_text_is_read_or_refused(text):
    read = numerals.parse(text)
    assert read is None or read.low <= read.high
    for it in numerals.find(text):
        assert it.said == text[it.start : it.end]
        assert it.number.low <= it.number.high


@given(st.text())
def test_any_text(text):
    numerals.find(text)
    numerals.find_discounts(text)
