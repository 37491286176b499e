"""The open forms: a record as JSON and as CSV cells, and back."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up import NASTY, any_kind, exactly, order, texts

from mingbai.shop.records.csvform import from_cells, header, to_cells
from mingbai.shop.records.jsonform import from_json, to_json
from mingbai.shop.records.phones import ends
from mingbai.shop.records.shape import BY_KIND, SHAPES
from mingbai.shop.records.tables import TABLES
from mingbai.values.errors import BadInput
from mingbai.values.money import Money
from mingbai.values.records import (
    KINDS,
    PERSONAL,
    Customer,
    Order,
    OrderState,
    PolicyDocument,
    Price,
    Product,
    Record,
    Stock,
)

FORMULAS = "=+-@\t\r\n＝＋－＠"


def kind_of(record: Record) -> str:
    return SHAPES[type(record)].kind


def through_csv(records: list[Record]) -> list[Record]:
    """Written and read by the standard library's csv, as import does."""
    kind = kind_of(records[0])
    out = io.StringIO(newline="")
    csv.writer(out).writerows([header(kind), *map(to_cells, records)])
    names, *cells = csv.reader(io.StringIO(out.getvalue(), newline=""))
    return [from_cells(kind, dict(zip(names, row, strict=True))) for row in cells]


def test_json_says_money_times_and_lists_plainly():
    said = to_json(
        Order(
            "0042", "taobao", OrderState.PAID, total=Money(-1230, "CNY"), tax=Money(5, "JPY"), refunded=Money(1, "KWD"),
            created_at=datetime.fromisoformat("2025-11-03T09:30:00+08:00"), coupon_codes=("双11",), buyer_note="",
            extra=(("颜色", "天青"), ("颜色", "月白")), freight_insurance=False,
        )
    )  # fmt: skip
    assert said == {
        "order_no": "0042",
        "platform": "taobao",
        "state": "paid",
        "state_said": "",
        "total": {"amount": "-12.30", "currency": "CNY"},
        "tax": {"amount": "5", "currency": "JPY"},
        "refunded": {"amount": "0.001", "currency": "KWD"},
        "created_at": "2025-11-03T09:30:00+08:00",
        "close_reason": "",
        "coupon_codes": ["双11"],
        "freight_insurance": False,
        "country": "",
        "buyer_note": "",
        "extra": [["颜色", "天青"], ["颜色", "月白"]],
    }


@settings(max_examples=120)
@given(any_kind("tea"))
def test_every_record_comes_back_from_json(record):
    back = from_json(kind_of(record), json.loads(json.dumps(to_json(record))))
    assert exactly(back) == exactly(record)


@settings(max_examples=120)
@given(any_kind("tea"))
def test_every_record_comes_back_from_csv_and_no_cell_begins_a_formula(record):
    assert [exactly(back) for back in through_csv([record])] == [exactly(record)]
    assert not [cell for cell in to_cells(record) if cell[:1] and cell[0] in FORMULAS]


@given(st.lists(texts, min_size=1, max_size=5), st.none() | texts)
def test_text_is_text_and_none_is_none_in_csv(values, note):
    records: list[Record] = [Order(value, buyer_note=note, seller_note=value) for value in values]
    assert through_csv(records) == records


@pytest.mark.parametrize("value", NASTY)
def test_nasty_text_comes_back(value):
    assert through_csv([Customer(value, name=value, tags=(value,))]) == [
        Customer(value, name=value, tags=(value,))
    ]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+8613800138000", "'+8613800138000"),
        ("-", "'-"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("＝1", "'＝1"),
        ("'=1", "''=1"),
        ("'", "''"),
        ("1930679858170647123", "'1930679858170647123"),
        ("0042", "'0042"),
        ("0", "0"),
        ("42", "42"),
        ("13800138000", "13800138000"),
        ("a=1", "a=1"),
        (" =1", " =1"),  # a cell that begins with a space is text
        ("林**", "林**"),
    ],
)
def test_a_cell_is_guarded(text, cell):
    assert to_cells(Customer(text))[0] == cell
    assert from_cells("customer", {"customer_id": cell}) == Customer(text)


def test_no_row_is_blank():
    """A blank row is what spreadsheets leave at the end of a file: readers skip it."""
    assert to_cells(Product(""))[0] == "'"
    assert through_csv([Product("")]) == [Product("")]


def test_numbers_are_guarded_like_text():
    price = Price("GW-1", Money(-1290, "CNY"), datetime(2025, 11, 3, tzinfo=UTC))
    assert to_cells(price)[1:3] == ["'-12.90", "CNY"]
    assert to_cells(Stock("GW-1", on_hand=-3))[2] == "'-3"
    assert through_csv([Stock("GW-1", on_hand=-3)]) == [Stock("GW-1", on_hand=-3)]


def test_a_spreadsheets_own_ways_are_read():
    assert from_cells("stock", {"sku": "GW-1", "available": "FALSE"}) == Stock("GW-1", available=False)
    assert from_cells("product", {"product_no": "P1", "title_zh": ""}) == Product("P1")


FULL = {"order_no": "1", "total": {"amount": "1.00", "currency": "CNY"}}


@pytest.mark.parametrize(
    ("kind", "obj", "says"),
    [
        ("orders", {}, "没有 orders 这一种"),
        ("order", {**FULL, "totl": 1}, "order 的 totl 不是这种记录的字段"),
        ("order", {}, "order 的 order_no 没有给出"),
        ("order", {"order_no": 1}, "order_no 的值不合要求.*文本"),
        ("order", {"order_no": None}, "order_no 的值不合要求"),
        ("order", {**FULL, "state": "PAID"}, "state 的值不合要求.*unpaid、paid"),
        ("order", {**FULL, "total": "1.00"}, "total 的值不合要求.*金额"),
        ("order", {**FULL, "total": {"amount": 1.0, "currency": "CNY"}}, "total"),
        ("order", {**FULL, "total": {"amount": "1.001", "currency": "CNY"}}, "total"),
        ("order", {**FULL, "total": {"amount": "1e3", "currency": "CNY"}}, "total"),
        ("order", {**FULL, "total": {"amount": "NaN", "currency": "CNY"}}, "total"),
        ("order", {**FULL, "total": {"amount": "１", "currency": "CNY"}}, "total"),
        ("order", {**FULL, "total": {"amount": "1", "currency": "元"}}, "total"),
        ("order", {**FULL, "total": {"amount": "1"}}, "total"),
        ("order", {**FULL, "total": {"amount": "1", "currency": "CNY", "x": 1}}, "total"),
        ("order", {**FULL, "created_at": "2025-11-03 10:00"}, "created_at 的值不合要求.*时区"),
        ("order", {**FULL, "created_at": 1762135800}, "created_at"),
        ("order", {**FULL, "freight_insurance": 1}, "freight_insurance"),
        ("order", {**FULL, "coupon_codes": "a"}, "coupon_codes"),
        ("order", {**FULL, "coupon_codes": [1]}, "coupon_codes"),
        ("order", {**FULL, "extra": {"a": "b"}}, "extra"),
        ("order", {**FULL, "extra": [["a"]]}, "extra"),
        ("line", {"order_no": "1", "line_no": "1", "quantity": True}, "quantity 的值不合要求.*整数"),
        ("line", {"order_no": "1", "line_no": "1", "quantity": 1.0}, "quantity"),
        ("stock", {"sku": "1", "restock_on": "2025-02-30"}, "restock_on"),
        ("stock", {"sku": "1", "restock_on": "20250228"}, "restock_on"),
        ("policy", {"document_no": "1", "lang": "zh", "title": ""}, "policy 的 text 没有给出"),
    ],
)  # fmt: skip
def test_json_that_is_not_a_record_is_refused_by_the_field(kind, obj, says):
    with pytest.raises(BadInput, match=says):
        from_json(kind, obj)


def test_a_refusal_never_repeats_a_value():
    with pytest.raises(BadInput) as refused:
        from_json("order", {"order_no": "1", "phone": 13800138000, "address": ["浙江省杭州市"]})
    assert refused.value.param == "phone"
    assert "13800138000" not in str(refused.value)
    assert "杭州" not in str(refused.value)


def test_a_mistaken_column_in_csv_is_refused():
    with pytest.raises(BadInput, match="order 的 收件人 不是这种记录的字段"):
        from_cells("order", {"order_no": "1", "收件人": "林"})
    with pytest.raises(BadInput, match="extra 不是有效的 JSON"):
        from_cells("order", {"order_no": "1", "extra": "颜色:天青"})
    with pytest.raises(BadInput, match="total 的值不合要求"):
        from_cells("order", {"order_no": "1", "total": "12.30"})
    with pytest.raises(BadInput, match="没有 orders 这一种"):
        from_cells("orders", {})
    with pytest.raises(BadInput, match="freight_insurance 的值不合要求"):
        from_cells("order", {"order_no": "1", "freight_insurance": "yes"})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=120)
@given(st.sampled_from(KINDS), st.data())
def test_any_json_is_a_record_or_refused(kind, data):
    names = st.sampled_from([field.name for field in SHAPES[kind[1]].fields]) | texts
    obj = data.draw(st.dictionaries(names, json_values, max_size=6))
    try:
        record = from_json(kind[0], obj)
    except BadInput:
        return
    assert exactly(from_json(kind[0], to_json(record))) == exactly(record)


@settings(max_examples=120)
@given(st.sampled_from(KINDS), st.data())
def test_any_cells_are_a_record_or_refused(kind, data):
    cells = data.draw(st.dictionaries(st.sampled_from(header(kind[0])) | texts, texts, max_size=6))
    try:
        record = from_cells(kind[0], cells)
    except BadInput:
        return
    assert exactly(through_csv([record])[0]) == exactly(record)


def test_a_deep_nest_in_a_cell_is_refused():
    with pytest.raises(BadInput, match="extra"):
        from_cells("order", {"order_no": "1", "extra": "[" * 65_536})


@pytest.mark.parametrize(
    ("phone", "tail", "extension"),
    [
        ("13800132807", "2807", None),
        ("+86 138 0013 2807", "2807", None),
        ("183****2807", "2807", None),
        ("1836666****", None, None),
        ("13212345774-1234", "5774", "1234"),
        ("13212345774转1234", "5774", "1234"),
        ("１３８００１３２８０７", "2807", None),
        ("0571-88886666", "6666", None),
        ("021-5555-1234", "1234", None),
        ("400-820-8820", "8820", None),
        ("(020) 8888 (66) 77", "6677", None),
        ("110", None, None),
        ("", None, None),
        ("电话", None, None),
        ("138" * 40, None, None),
    ],
)
def test_the_ends_of_a_phone(phone, tail, extension):
    assert ends(phone) == (tail, extension)


@given(st.text(max_size=64) | st.text("0123456789-* 转#,", max_size=64))
def test_any_text_has_ends_or_none(phone):
    for end in ends(phone):
        assert end is None or (end.isascii() and end.isdigit() and len(end) <= 6)


def test_personal_fields_have_no_columns():
    """What is sealed, and reads as if it had never been given once its person is erased. A new personal field belongs here."""
    from mingbai.shop.records.tables import METADATA

    assert [f"{kind}.{field} {what}" for kind, field, what in PERSONAL] == [
        "customer.name name", "customer.phone mobile", "customer.email email", "customer.address address",
        "order.close_reason text", "order.recipient name", "order.phone mobile", "order.email email", "order.address address",
        "order.postcode address", "order.buyer_note text", "order.seller_note text", "order.extra text",
        "line.extra text", "event.place address", "event.text_zh text", "event.text_en text", "return.reason text",
        "invoice.title name", "invoice.tax_code uscc", "invoice.email email", "invoice.reason text",
        "review.text text", "review.reply text", "said.text text",
    ]  # fmt: skip
    columns = {
        shape.kind: {column.name for column in TABLES[record].columns} for record, shape in SHAPES.items()
    }
    assert not [field for kind, field, _ in PERSONAL if field in columns[kind]]
    sealed = {table.name for table in METADATA.tables.values() if "sealed" in table.columns}
    assert sealed == {TABLES[BY_KIND[kind].record].name for kind, _, _ in PERSONAL} | {"actions"}


def test_a_policy_of_a_hundred_pages_comes_back():
    page = PolicyDocument("return", "zh", "退货", "签收后七天内，\n" * 30_000)
    assert from_json("policy", to_json(page)) == page
    assert order("1") == from_json("order", to_json(order("1")))
