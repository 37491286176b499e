"""Order numbers of platforms and of the shop itself, and those that a spreadsheet ruined.

Sources: merchant.md §3.3; Pinduoduo, Douyin and WeChat Shop samples of their public interfaces' documentation.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingbai.zh import order_numbers
from mingbai.zh.order_numbers import own_shapes

OWN = own_shapes(["MB20251103-0042", "MB20251101-0001", "MB20241231-9999"])


@pytest.mark.parametrize(
    ("text", "number", "platform", "mended"),
    [
        ("订单 MB20251103-0042 到哪了？", "MB20251103-0042", "own", False),
        ("ＭＢ２０２５１１０３－００４２", "MB20251103-0042", "own", False),
        ("mb20251103 0042", "MB20251103-0042", "own", True),
        ("MB2025 1103 0042", "MB20251103-0042", "own", True),
        ("MB20251103—0042", "MB20251103-0042", "own", False),
        ("MB202511030042", "MB20251103-0042", "own", True),
        ("1930679858170647123 这单", "1930679858170647123", "taobao", False),
        ("订单号1930679858170647", "1930679858170647", "taobao", False),
        ("订单 1930 6798 5817 0647 123", "1930679858170647123", "taobao", True),
        ("251103-123456789012345 查一下", "251103-123456789012345", "pinduoduo", False),
        ("251103 - 123456789012345", "251103-123456789012345", "pinduoduo", True),
        ("6925123456789012345", "6925123456789012345", "douyin", False),
        ("3705115058471208928", "3705115058471208928", "wechat_shop", False),
        ("京东订单 312345678901", "312345678901", "jd", False),
        ("order #1001 please", "#1001", "shopify", False),
        ("Order 112-1234567-1234567", "112-1234567-1234567", "amazon", False),
        ("4200001234202511031234567890", "4200001234202511031234567890", "wechat_pay", False),
    ],
)
def test_found(text, number, platform, mended):
    (it,) = order_numbers.find(text, OWN)
    assert (it.number, it.candidates[0].platform, it.mended) == (number, platform, mended)
    assert it.problem is None
    assert it.number not in repr(it)


def test_an_unknown_shape_is_still_what_the_customer_calls_an_order():
    (it,) = order_numbers.find("订单ABC-12345 呢")
    assert (it.number, it.candidates) == ("ABC-12345", ())


def test_19_digits_may_be_from_two_platforms():
    assert [it.platform for it in order_numbers.candidates("6925123456789012345")] == ["douyin", "taobao"]


@pytest.mark.parametrize(
    "text",
    [
        "快递单号 773123456789012345",
        "手机13800138000",
        "我买了2025年的挂历",
        "1930 6798 5817 0647",
        "251399-123456789012345",
        "#1",
        "卡号 411111111111",
    ],
)
def test_not_found(text):
    assert order_numbers.find(text, OWN) == []


@pytest.mark.parametrize(
    ("number", "ruined"),
    [
        ("1.93E+18", True),
        ("1.93068E+18", True),
        ("1.93e18", True),
        ("１．９３Ｅ＋１８", True),
        ('="1.93E+18"', True),
        ("1930679858170640000", True),  # a spreadsheet keeps 15 digits
        ("1930679858170647123", False),
        ("1.5E+2", False),
        ("2E5", False),
        ("MB20251103-0042", False),
        ("", False),
    ],
)
def test_a_number_that_a_spreadsheet_ruined(number, ruined):
    assert (order_numbers.ruined(number) is not None) == ruined


def test_a_ruined_number_in_a_sentence_says_so():
    (it,) = order_numbers.find("订单编号：1.93E+18")
    assert it.candidates == ()
    assert "科学计数" in it.problem.zh
    assert "scientific" in it.problem.en


def test_shapes_are_learned_from_the_shop():
    assert [it.template for it in own_shapes(["#1001", "#1002", "A-1-x", "没有数字"])] == ["#9999", "A-9-X"]


@given(
    st.integers(0, 99999999),
    st.integers(0, 9999),
    st.sampled_from(["", " ", "-", "－", " - "]),
    st.booleans(),
)
def test_an_own_number_comes_back_whole(first, second, dash, small):
    number = f"MB{first:08d}-{second:04d}"
    said = f"MB{first:08d}{dash}{second:04d}"
    (it,) = order_numbers.find(f"查{said.lower() if small else said}。", OWN)
    assert it.number == number


@given(st.text(max_size=60))
def test_learning_from_anything(number):
    for it in own_shapes([number]):
        order_numbers.find(number, [it])
