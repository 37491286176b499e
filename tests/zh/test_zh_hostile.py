"""Any text at all: no crash, spans that lie inside and in order, and 64 KB of the worst in milliseconds.

The limit of issue 3 is 50 ms on a quiet machine; CPU time is measured, the best of three, and allowed a factor for a busy one.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hostile import TEXTS, check_growth
from hypothesis import example, given
from hypothesis import strategies as st

from mingbai.zh import (
    address,
    address_text,
    bank_card,
    codes,
    invoice,
    mail,
    order_numbers,
    phones,
    politeness,
    recipient,
    resident_id,
    tax_codes,
    tracking,
)
from mingbai.zh.order_numbers import own_shapes
from mingbai.zh.words import Words

LIMIT_SECONDS = 0.05
BUSY = 3  # other work on the same two cores

OWN = own_shapes(["MB20251103-0042"])
FINDERS: dict[str, Callable[[str], object]] = {
    "addresses": address_text.find,
    "places": address_text.find_places,
    "bank cards": bank_card.find,
    "resident ids": resident_id.find,
    "tax codes": tax_codes.find,
    "mail": mail.find,
    "orders": lambda text: order_numbers.find(text, OWN),
    "phones": phones.find,
    "tails": phones.find_tails,
    "tracking": tracking.find,
    "courtesies": politeness.find,
    "words": Words().of,
}
READERS: dict[str, Callable[[str], object]] = {
    "codes": codes.find,
    "address": address.parse,
    "invoice": invoice.read,
    "bare": politeness.bare,
    "tracking problem": tracking.problem,
    "carrier": tracking.carrier_of,
    "ruined": order_numbers.ruined,
    "tail": phones.tail,
    "recipient": recipient.read,
}
PIECES = [
    "1", "1 ", "13", "1-3-", "A1", "A-1-", "1.9E+18 ", "１", "①", "1\u200b", "一三八", "零 ", "110105194912310021 ", "13800138000 ", "13800138000转",
    "183**", "0571-", "+1(", "4002", "电话2222", "尾号", "尾号1 ", "单号1234567890123 ", "SF1234567890123 ", "订单1234567890123456 ", "MB20251103-0042 ",
    "订单", "顺丰", "sf ", "AB12 ", "12345 ", "order number is ", "#", "a@", "a.", "a[at]", "a@b.", "x#qq", "税号1", "91330100799655058B ", "6222-", "省市区县",
    "北京", "北京路", "北京市朝阳区", "路1号", "浙江省杭州市西湖区文三路1号，", "地址是", "村", "号", "吉林", "大街(", "东西南北", "一二三四五六七八九十路", "、路", "寄到",
    "市辖区", "(((路", "海南海南省", "内蒙古自治区 ", "朝阳区", "抬头", "公司", "发票", "发票杭州", "抬头：公司，", "开户行", "账号1", "发票 Abc ", "亲", "hi ", "垃圾", "紫砂壶",
    "teapots ", "\u0301", "𠮷", "\ud83d", " ", "\n", "，",
]  # fmt: skip
WORST = [
    "1 ",
    "110105194912310021 ",
    "单号1234567890123 ",
    "浙江省杭州市西湖区文三路1号，",
    "北京路",
    "发票杭州",
    "紫砂壶",
]


def hostile(piece: str, size: int = 1 << 16) -> str:
    return piece * (size // len(piece.encode("utf-8", "surrogatepass")))


def _cut(text: str) -> str:
    return text.encode("utf-8", "surrogatepass")[: 1 << 16].decode("utf-8", "ignore")


@pytest.fixture(scope="module", autouse=True)
def warm():
    """Tables and dictionaries are read once; that is not the parser's time."""
    for read in (*FINDERS.values(), *READERS.values()):
        read("亲，订单 MB20251103-0042 寄到浙江省杭州市西湖区文三路1号，电话138００138000，發票抬頭明白公司")


@pytest.mark.parametrize("name", [*FINDERS, *READERS])
@pytest.mark.parametrize("which", ["worst", pytest.param("all", marks=pytest.mark.slow)])  # all: 15 s of CPU
def test_64_kb_of_the_worst(name, which):
    read = FINDERS.get(name) or READERS[name]
    parts = 4 if name == "codes" else 1  # four recognisers in one
    slow = {}
    pieces = {piece: hostile(piece) for piece in (PIECES if which == "all" else WORST)}
    if which == "all":
        pieces |= {title: _cut(text) for title, text in TEXTS.items() if "again" not in title}
    for piece, text in pieces.items():
        best = _seconds(read, text)
        if best > LIMIT_SECONDS * parts:
            best = min(best, *(_seconds(read, text) for _ in range(3)))
        if best > LIMIT_SECONDS * parts * BUSY:
            slow[piece] = round(best * 1000)
    assert slow == {}, f"{name}: milliseconds"


@pytest.mark.slow
@pytest.mark.parametrize("name", [*FINDERS, *READERS])
def test_four_times_the_text_costs_about_four_times_as_much(name):
    check_growth(FINDERS.get(name) or READERS[name])


def _seconds(read: Callable[[str], object], text: str) -> float:
    start = time.process_time()
    read(text)
    return time.process_time() - start


pieces = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@given(st.one_of(st.text(max_size=200), pieces))
@example("税号000000000000000:91330100799600008B")
def test_spans_lie_inside_and_in_order(text):
    for read in FINDERS.values():
        at = 0
        for it in read(text):  # type: ignore[attr-defined]
            assert at <= it.start < it.end <= len(text)
            at = it.start


@given(st.one_of(st.text(max_size=200), pieces))
def test_no_text_breaks_a_reader(text):
    for read in READERS.values():
        read(text)
    for it in address_text.find(text):
        assert it.address in it.readings


@given(st.text(max_size=40))
def test_no_text_breaks_a_check(text):
    for check in (
        resident_id.problem,
        tax_codes.uscc_problem,
        tax_codes.old15_problem,
        tax_codes.de_vat_problem,
        bank_card.problem,
        mail.problem,
        invoice.title_problem,
        invoice.account_problem,
    ):
        problem = check(text)
        assert problem is None or (problem.zh and problem.en)
