"""Tracking numbers: whose they may be, with the check digits of carriers that have one.

FedEx, UPS, USPS, DHL and YunExpress numbers are the test numbers of tracking_number_data (MIT); S10 from UPU's standard.
Chinese carriers' are made up in the shapes of merchant.md §3.4.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingbai.zh import checks, tracking
from mingbai.zh.carriers import CARRIERS, SHAPES


@pytest.mark.parametrize(
    ("number", "carrier", "check"),
    [
        ("SF1234567890123", "sf", "does not fit"),
        ("JD0012345678901", "jd", "none"),
        ("JDVA12345678901-1-1", "jd", "none"),
        ("YT1234567890123", "yto", "none"),
        ("YT123456789012345", "yto", "none"),
        ("YT2229521272164446", "yunexpress", "none"),  # 16 digits: not YTO
        ("JT1234567890123", "jt", "none"),
        ("LP00123456789012", "cainiao", "none"),
        ("EA123456785CN", "ems", "fits"),
        ("RB123456785GB", "post", "fits"),
        ("RB123456784GB", "post", "does not fit"),
        ("75123456789012", "zto", "none"),
        ("1Z5R89390357567127", "ups", "fits"),
        ("1Z879E930346834440", "ups", "fits"),
        ("1Z410E7W0392751591", "ups", "fits"),
        ("986578788855", "fedex", "fits"),
        ("9611020987654312345672", "fedex", "fits"),
        ("61299998820821171811", "fedex", "fits"),
        ("9361289878700317633795", "usps", "fits"),
        ("420221539101026837331000039521", "usps", "fits"),
        ("0307 1790 0005 2348 3741", "usps", "fits"),
        ("3318810025", "dhl", "fits"),
        ("JJD0099999999", "dhl", "none"),
        ("00340434161094042557", "dhl", "fits"),
        ("4PX1234567890123CN", "4px", "none"),
        ("TBA123456789012", "amazon", "none"),
        ("ＹＴ１２３４５６７８９０１２３", "yto", "none"),
        ("sf1234567890123", "sf", "does not fit"),
    ],
)
def test_likeliest_carrier(number, carrier, check):
    first = tracking.candidates(number)[0]
    assert (first.carrier, first.check) == (carrier, check)
    assert first.reason.zh
    assert first.reason.en


def test_bare_digits_stay_open_until_a_carrier_is_named():
    known = tracking.candidates("312345678901")
    assert {"sf", "zto"} <= {it.carrier for it in known}
    assert all(it.confidence < 0.6 for it in known)
    assert tracking.candidates("312345678901", said="顺丰速运")[0].confidence > 0.7
    (it,) = tracking.find("快递单号 773123456789012")
    assert it.carrier == "sto"
    (it,) = tracking.find("单号312345678901")
    assert it.carrier == ""  # ask


@pytest.mark.parametrize(
    ("text", "said", "carrier"),
    [
        ("顺丰单号 SF1234567890123 到哪了", "SF1234567890123", "sf"),
        ("圓通YT1234567890123", "YT1234567890123", "yto"),
        ("单号是：431234567890123（韵达）", "431234567890123", "yunda"),
        ("韵达4312345678901", "4312345678901", "yunda"),
        ("Tracking 1Z 5R8 939 03 5756 712 7", "1Z 5R8 939 03 5756 712 7", "ups"),
        ("包裹 9400 1112 0108 0805 4830 16 在哪", "9400 1112 0108 0805 4830 16", "usps"),
        ("JD0012345678901-1-1-", "JD0012345678901-1-1", "jd"),
        ("运单ＳＦ１２３４５６７８９０１２３。", "ＳＦ１２３４５６７８９０１２３", "sf"),
        ("my EMS is EA123456785CN", "EA123456785CN", "ems"),
    ],
)
def test_found_in_a_sentence(text, said, carrier):
    (it,) = tracking.find(text)
    assert text[it.start : it.end] == said
    assert it.carrier == carrier
    assert it.number not in repr(it)


@pytest.mark.parametrize(
    "text",
    [
        "我的订单号1234567890123",
        "订单MB20251103-0042",
        "13800138000",
        "312345678901",
        "iPhone15Pro20231212",
        "顺丰几天到",
    ],
)
def test_nothing_is_found_without_a_sign(text):
    assert tracking.find(text) == []


@pytest.mark.parametrize(
    ("number", "wrong"),
    [
        ("1Z5R89390357567128", "校验位"),
        ("RB123456784GB", "校验位"),
        ("1.93E+18", "科学计数"),
        ("ABC", "没有已知"),
        ("SF1234567890123", ""),
    ],
)
def test_only_a_published_check_is_held_against_a_number(number, wrong):
    problem = tracking.problem(number)
    assert wrong in problem.zh if problem and wrong else (problem is None) == (not wrong)


def test_sf_check_digit_tops_up_to_ten():
    # 287|00007190: 0·1 9·3=27→9 1·5=5 7·7=49→13 0 0 0 0: 27 → 3
    assert checks.sf("28700007190") == "3"
    assert tracking.candidates("287000071903")[0].check == "fits"


@pytest.mark.parametrize(
    ("said", "carrier"),
    [
        ("顺丰", "sf"),
        ("順豐速運", "sf"),
        ("用圆通发的", "yto"),
        ("DHL Express", "dhl"),
        ("sfo", ""),
        ("中国邮政", "ems"),
        ("", ""),
    ],
)
def test_carrier_by_name(said, carrier):
    assert tracking.carrier_of(said) == carrier


def test_every_shape_belongs_to_a_carrier():
    assert {it.carrier for it in SHAPES} == set(CARRIERS)


@given(
    st.text("0123456789", min_size=8, max_size=8),
    st.sampled_from(["RB", "EA", "LZ"]),
    st.sampled_from(["CN", "DE", "US"]),
    st.data(),
)
def test_a_made_s10_number_holds_and_one_changed_digit_does_not(serial, service, country, data):
    number = f"{service}{serial}{checks.s10(serial)}{country}"
    assert tracking.problem(number) is None
    at = data.draw(st.integers(0, 7))
    other = data.draw(st.sampled_from("0123456789").filter(lambda it: it != serial[at]))
    slipped = f"{service}{serial[:at]}{other}{serial[at + 1 :]}{number[10:]}"
    # S10 gives 0 both for 10 and, by way of 5, folds 11: a slip across these is rarely missed, never a crash
    assert (tracking.problem(slipped) is None) == (checks.s10(slipped[2:10]) == number[10])
