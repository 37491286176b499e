"""Numbers with a check: what passes, what is wrong with what does not, and where they stand in a sentence.

Sources: GB 11643-1999's own example (11010519491231002X), unified codes of listed companies from the public register,
the Bundeszentralamt's example of a VAT number, ISO/IEC 7812's Luhn examples.
"""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingbai.zh import bank_card, codes, mail, resident_id, tax_codes
from mingbai.zh.divisions import table


@pytest.mark.parametrize(
    ("number", "wrong"),
    [
        ("11010519491231002X", ""),
        ("11010519491231002x", ""),
        ("110105194912310021", "校验码"),
        ("110105491231002", ""),  # 15 digits, before 1999: no check
        ("110105491331002", "日期"),  # the 33rd day
        ("11010519490229002X", "日期"),  # 1949 was no leap year
        ("99010519491231002X", "省级"),
        ("1101051949123100", "18 位"),
        (
            "１１０１０５１９４９１２３１００２Ｘ",
            "18 位",
        ),  # a check takes plain characters; finding takes any
        ("", "18 位"),
    ],
)
def test_resident_id(number, wrong):
    problem = resident_id.problem(number)
    assert wrong in problem.zh if problem and wrong else (problem is None) == (not wrong)


def test_resident_id_says_what_it_says():
    read = resident_id.read("11010519491231002X")
    assert read is not None
    assert (read.born, read.woman, read.place) == (date(1949, 12, 31), True, "北京市朝阳区")
    assert resident_id.problem("11010520991231002X", today=date(2026, 11, 25)) is not None
    assert "1101" not in repr(read)


def test_a_withdrawn_division_is_still_known():
    assert resident_id.known_place("110103")  # 崇文区, merged in 2010
    assert resident_id.known_place("512221")  # 万县市's county, gone with Chongqing's founding
    assert not resident_id.known_place("110199")


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("91330100799655058B", ""),
        ("9144030071526726XG", ""),
        ("914403001922038216", ""),
        ("91110000802100433b", ""),
        ("91330100799655058C", "校验码"),
        ("91330100799655O58B", "是否应为 0"),
        ("9133010079965505", "16 位"),
        ("9133O100799655058B", "O"),
        ("91AB0100799655058B", "行政区划"),
    ],
)
def test_unified_credit_code(code, wrong):
    problem = tax_codes.uscc_problem(code)
    assert wrong in problem.zh if problem and wrong else (problem is None) == (not wrong)


def test_organisation_code_inside_has_its_own_check():
    assert tax_codes.organisation_code("91330100799655058B") == "79965505-8"
    assert tax_codes.organisation_check_character("79965505") == "8"
    assert tax_codes.old15_problem("330100799655058") is None
    assert "校验" in tax_codes.old15_problem("330100799655059").zh


@pytest.mark.parametrize(
    ("number", "right"),
    [("DE136695976", True), ("DE 136 695 976", True), ("DE136695978", False), ("DE036695976", False)],
)
def test_german_vat(number, right):
    assert (tax_codes.de_vat_problem(number) is None) == right


@pytest.mark.parametrize(
    ("digits", "wrong", "scheme"),
    [
        ("4111111111111111", "", "visa"),
        ("5555555555554444", "", "mastercard"),
        ("378282246310005", "", "amex"),
        ("3530111333300000", "", "jcb"),
        ("6222020200112233441", "校验", "unionpay"),
        ("4111111111111112", "校验", "visa"),
        ("1234567890123452", "开头", ""),
        ("411111", "12 至 19", ""),
    ],
)
def test_bank_card(digits, wrong, scheme):
    problem = bank_card.problem(digits)
    assert wrong in problem.zh if problem and wrong else (problem is None) == (not wrong)
    assert bank_card.scheme(digits) == scheme


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("身份证11010519491231002X，谢谢", [("resident_id", "11010519491231002X", True)]),
        (
            "身份证号 110105 1949 1231 0021",
            [("resident_id", "110105194912310021", False)],
        ),  # mistyped is no less personal
        ("１１０１０５１９４９１２３１００２Ｘ", [("resident_id", "11010519491231002X", True)]),
        ("1101051949\u200b1231002X", [("resident_id", "11010519491231002X", True)]),
        ("1101O519491231OO2X", [("resident_id", "11010519491231002X", False)]),  # letters for noughts
        ("卡号6222 0202 0011 2233 441", [("bank_card", "6222020200112233441", False)]),
        ("信用卡4111-1111-1111-1111付的", [("bank_card", "4111111111111111", True)]),
        ("订单号4111111111111111", []),  # one order number in ten passes Luhn
        ("税号91330100799655058B", [("uscc", "91330100799655058B", True)]),
        ("税号：9133 0100 7996 5505 8C", [("uscc", "91330100799655058C", False)]),
        ("老税号 330100799655058", [("tax_code_old15", "330100799655058", True)]),
        ("VAT DE136695976", [("vat", "DE136695976", True)]),
        ("发到ａbc＠ｑｑ．ｃｏｍ吧", [("email", "abc@qq.com", True)]),
        ("foo[at]qq.com 或 foo艾特163点com", [("email", "foo@qq.com", True), ("email", "foo@163.com", True)]),
        ("a@qq.con", [("email", "a@qq.con", False)]),
        ("foo#qq.com", [("email", "foo@qq.com", True)]),
        ("版本 10.2.3.1，价格@2", []),
        ("型号 A1234567890123456789", []),
    ],
)
def test_codes_in_a_sentence(text, found):
    assert [(it.kind, it.value, it.valid) for it in codes.find(text)] == found
    for it in codes.find(text):
        assert it.value not in repr(it)


def test_a_slip_of_the_domain_is_named_not_mended():
    (it,) = mail.find("发到 a@gmial.com")
    assert it.value == "a@gmial.com"
    assert "gmail.com" in it.problem.zh


digits = st.text("0123456789", min_size=1)
known_codes = sorted(code for code in table().codes if not code.endswith("00"))


@given(
    st.sampled_from(known_codes), st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 999), st.data()
)
def test_a_made_resident_id_holds_and_one_changed_digit_does_not(code, born, order, data):
    first = f"{code}{born:%Y%m%d}{order:03d}"
    number = first + resident_id.check_character(first)
    assert resident_id.problem(number) is None
    assert resident_id.known_place(number)
    at = data.draw(st.integers(0, 16))
    other = data.draw(st.sampled_from("0123456789").filter(lambda it: it != number[at]))
    assert (
        resident_id.problem(number[:at] + other + number[at + 1 :]) is not None
    )  # MOD 11-2 sees every single slip


@given(
    st.sampled_from(sorted(tax_codes.KINDS)),
    st.sampled_from(known_codes),
    st.text(tax_codes.ALPHABET, min_size=9, max_size=9),
    st.data(),
)
def test_a_made_credit_code_holds_and_one_changed_character_does_not(kind, code, inner, data):
    first = kind + code + inner
    number = first + tax_codes.uscc_check_character(first)
    assert tax_codes.uscc_problem(number) is None
    at = data.draw(st.integers(0, 17))
    other = data.draw(st.sampled_from(tax_codes.ALPHABET).filter(lambda it: it != number[at]))
    assert tax_codes.uscc_problem(number[:at] + other + number[at + 1 :]) is not None


@given(st.text("0123456789", min_size=15, max_size=15), st.data())
def test_luhn_sees_every_single_slip(body, data):
    number = next(body + last for last in "0123456789" if bank_card.luhn(body + last))
    at = data.draw(st.integers(0, 15))
    other = data.draw(st.sampled_from("0123456789").filter(lambda it: it != number[at]))
    assert not bank_card.luhn(number[:at] + other + number[at + 1 :])


def test_the_table_of_divisions_is_whole():
    names = {it.name for it in table().divisions}
    assert len([it for it in table().divisions if it.level == "province"]) == 34
    assert {"仙桃市", "神农架林区", "济源市", "东莞市", "嘉峪关市", "油尖旺区", "大安区"} <= names
    assert table().codes["110105"].path() == "北京市朝阳区"
    assert all(re.fullmatch(r"\d{6}", it) for it in [*table().codes, *table().withdrawn])
