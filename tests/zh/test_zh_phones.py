"""Telephone numbers in every dress customers and platforms give them, and the last four digits of one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingbai.zh import phones

CASES = [
    ("手机13800138000", "mobile", "13800138000"),  # no \b between a Han character and a digit
    ("138-0013-8000", "mobile", "13800138000"),
    ("138 0013 8000", "mobile", "13800138000"),
    ("1 3 8 0 0 1 3 8 0 0 0", "mobile", "13800138000"),
    ("+86 138 0013 8000", "mobile", "13800138000"),
    ("008613800138000", "mobile", "13800138000"),
    ("１３８００１３８０００", "mobile", "13800138000"),
    ("①③⑧00138000", "mobile", "13800138000"),
    ("138\u200b0013\u200b8000", "mobile", "13800138000"),
    ("1️⃣3️⃣800138000", "mobile", "13800138000"),
    ("一三八零零一三八零零零", "mobile", "13800138000"),
    ("幺三八洞洞幺三八洞洞洞", "mobile", "13800138000"),
    ("壹叁捌零零壹叁捌零零零", "mobile", "13800138000"),
    ("138O0138OOO", "mobile", "13800138000"),
    ("199 1234 5678", "mobile", "19912345678"),
    (
        "138 00138000转8",
        "mobile",
        "13800138000",
    ),  # an extension of one digit is a house phone's, not a platform's
    ("13212345774-1234", "virtual_mobile", "13212345774-1234"),
    ("132123457749-1234", "virtual_mobile", "132123457749-1234"),  # WeChat Shop's sample has 12 digits
    ("13212345774转1234", "virtual_mobile", "13212345774-1234"),
    ("13212345774 转 1234", "virtual_mobile", "13212345774-1234"),
    ("183****2807", "masked_mobile", "183****2807"),
    ("183xxxx2807", "masked_mobile", "183****2807"),
    ("010-68582233-2200", "landline", "010-68582233-2200"),  # CrossWOZ
    ("01063553377", "landline", "010-63553377"),
    ("（0571）87654321", "landline", "0571-87654321"),
    ("0571 8765 4321 转 8003", "landline", "0571-87654321-8003"),
    ("+86 10 6355 3377", "landline", "010-63553377"),
    ("电话：68582233", "landline", "68582233"),  # without an area code only beside a word for it
    ("400-820-8820", "landline", "4008208820"),
    ("8008108888", "landline", "8008108888"),
    ("+49 30 1234567", "mobile", "+49301234567"),
    ("+1 (212) 555-0123", "mobile", "+12125550123"),
    ("+852 9123 4567", "mobile", "+85291234567"),
    ("0912-345-678", "mobile", "0912345678"),  # Taiwan
]


@pytest.mark.parametrize(("text", "kind", "value"), CASES)
@pytest.mark.parametrize("around", ["{}", "我的号是{}，谢谢", "(tel){}。"])
def test_found(text, kind, value, around):
    said = around.format(text)
    (it,) = phones.find(said)
    assert (it.kind, it.value) == (kind, value)
    assert said[it.start : it.end].strip("（") in text
    assert value not in repr(it)


@pytest.mark.parametrize(
    "text",
    [
        "订单 13800138000123",  # longer
        "MB13800138000",  # part of a code
        "12800138000",  # 128 is no prefix
        "2025-11-03 12345678",
        "QQ 87654321",
        "0099-1234567",  # no such area
        "价格 1380.0138",
        "一三八，零零",
        "型号 400820",
    ],
)
def test_not_found(text):
    assert phones.find(text) == []


def test_two_numbers_in_one_breath():
    assert [it.value for it in phones.find("13800138000，13900139000")] == ["13800138000", "13900139000"]
    assert [it.value for it in phones.find("电话是01059056235,01059056237。")] == [
        "010-59056235",
        "010-59056237",
    ]


@pytest.mark.parametrize(
    ("text", "tail"),
    [
        ("尾号2807", "2807"),
        ("手机后四位是 2807", "2807"),
        ("手机號後四位：２８０７", "2807"),
        ("手机尾号为二八零七", "2807"),
        ("2807是我的手机尾号", "2807"),
        ("last four digits 2807", "2807"),
        ("the phone ends in 2807", "2807"),
        ("last 4 digits of my phone are 2807", "2807"),
        ("尾号28071", ""),
        ("订单2807", ""),
        ("后四位是什么", ""),
    ],
)
def test_tail(text, tail):
    assert "".join(it.value for it in phones.find_tails(text)) == tail


@pytest.mark.parametrize(
    ("number", "tail"),
    [
        ("13800138000", "8000"),
        ("183****2807", "2807"),
        ("132123457749-1234", "7749"),
        ("+86 138 0013 8000", "8000"),
        ("138****", ""),
    ],
)
def test_tail_of_a_number(number, tail):
    assert phones.tail(number) == tail


def test_area_codes():
    assert phones.area_codes()["010"] == ("北京市",)
    assert phones.area_codes()["0571"] == ("杭州市",)


@given(
    st.from_regex("1[3-9][0-9]{9}", fullmatch=True),
    st.lists(st.sampled_from(["", "", " ", "-"]), min_size=10, max_size=10),
)
def test_every_mobile_is_found_however_it_is_grouped(number, gaps):
    said = "".join(digit + gap for digit, gap in zip(number, [*gaps, ""], strict=True))
    assert [(it.kind, it.value) for it in phones.find(f"电话{said}。")] == [("mobile", number)]
