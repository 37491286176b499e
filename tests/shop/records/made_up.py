"""Rows for tests: any that the types allow (for hypothesis), and a small tea shop."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from mingbai.shop.records.shape import SHAPES, FieldShape
from mingbai.values.money import Money
from mingbai.values.records import Line, Order, OrderState, Origin, Record, Sourced

SHANGHAI = timezone(timedelta(hours=8))
NASTY = (
    "", "'", "''", "'=1", "=HYPERLINK(\"x\")", "+8613800138000", "-1+2", "@SUM(A1)", "\t=1", "\r\n", "\n", "\r", "a\rb",
    "＝1", "＋1", "－1", "＠x", "0012", "00", "1930679858170647123", "1.93E+18", "1,5", "\"", "；;,", " 前后 ", "\u3000",
    "𠮷野家", "🍵", "e\u0301", "é", "null", "None", "true", "[]", "\ufeff", "\x7f", "\u2028", "张三\x1f李四",
)  # fmt: skip

texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12),
)
numbers = st.integers(-(2**63), 2**63 - 1)
offsets = st.one_of(
    st.sampled_from(
        [UTC, SHANGHAI, timezone(timedelta(hours=-3, minutes=-30)), timezone(timedelta(hours=5, minutes=45))]
    ),
    st.timedeltas(timedelta(hours=-23), timedelta(hours=23)).map(
        lambda d: timezone(timedelta(seconds=int(d.total_seconds())))
    ),
)
times = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=offsets)
money = st.builds(Money, numbers, st.sampled_from(["CNY", "EUR", "USD", "JPY", "KWD"]))


def of(record: type[Record], shop: str) -> st.SearchStrategy[Record]:
    """Any record of this kind. A `Shop` is the shop itself."""
    given: dict[str, st.SearchStrategy[Any]] = {f.name: _any(f) for f in SHAPES[record].fields}
    if "shop" in given:
        given["shop"] = st.just(shop)
    return st.builds(record, **given)


def _any(field: FieldShape) -> st.SearchStrategy[Any]:
    match field.form:
        case "text" | "phone":
            some: st.SearchStrategy[Any] = texts
        case "number":
            some = numbers
        case "flag":
            some = st.booleans()
        case "day":
            some = st.dates()
        case "time":
            some = times
        case "money":
            some = money
        case "pairs":
            some = st.lists(st.tuples(texts, texts), max_size=3).map(tuple)
        case "list":
            some = st.lists(texts, max_size=3).map(tuple)
        case "word":
            assert field.word is not None
            some = st.sampled_from(field.word)
    return st.none() | some if field.optional else some


def any_kind(shop: str) -> st.SearchStrategy[Record]:
    return st.sampled_from(list(SHAPES)).flatmap(lambda record: of(record, shop))


def exactly(record: Record) -> list[object]:
    """Every field as text that shows what == forgives: the offset of a time, True beside 1."""
    return [repr(_shown(getattr(record, f.name))) for f in fields(record)]


def _shown(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime | date) else value


def order(number: str, **rest: Any) -> Order:
    at = datetime(2025, 11, 3, 9, 30, tzinfo=SHANGHAI)
    return Order(number, **{"platform": "taobao", "state": OrderState.PAID, "created_at": at, **rest})


def rows(
    *records: Record, file: str = "ExportOrderList202511032200.csv", given: frozenset[str] | None = None
) -> list[Sourced]:
    return [Sourced(record, Origin(file, line), given) for line, record in enumerate(records, 2)]


def many(orders: int, lines: int) -> list[Sourced]:
    """Orders with their lines, as wide as a platform's export."""
    at = datetime(2025, 11, 3, 9, 30, tzinfo=SHANGHAI)
    made: list[Record] = [
        order(
            f"19306798581{n:08}", customer_id=f"tb{n % 3000}", total=Money(n + 100, "CNY"), paid=Money(n, "CNY"),
            goods=Money(n, "CNY"), shipping=Money(0, "CNY"), paid_at=at, recipient="林**", phone=f"183****{n % 10000:04}",
            address="浙江省 杭州市 西湖区 文三路 1 号", extra=(("店铺名称", "明白茶具"), ("宝贝种类", "1")),
        )
        for n in range(orders)
    ]  # fmt: skip
    made += [
        Line(
            f"19306798581{n % orders:08}", f"{n}", "青瓷盖碗 手工 功夫茶具", sku=f"GW-{n % 200}", quantity=1 + n % 3,
            options="颜色:天青;容量:150ml", unit_price=Money(12900, "CNY"), paid=Money(12900, "CNY"),
        )
        for n in range(lines)
    ]  # fmt: skip
    return rows(*made)
