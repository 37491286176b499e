"""What every database does with rows: one contract, SQLite and PostgreSQL."""

from __future__ import annotations

import itertools
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_up import SHANGHAI, any_kind, exactly, many, order, rows

from mingbai.shop.records.home import Records
from mingbai.shop.records.shape import SHAPES
from mingbai.values.errors import BadInput
from mingbai.values.money import Money
from mingbai.values.records import (
    KINDS,
    Customer,
    Line,
    Order,
    OrderState,
    Origin,
    Price,
    Product,
    Record,
    Shipment,
    ShipmentEvent,
    ShipmentState,
    Shop,
    Sourced,
    Variant,
)

# The home is shared by the examples of a property; each example has a shop of its own in it.
of_one_home = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
_shops = itertools.count(1)


def verdicts(records: Records, *taken: Record, **how: object) -> list[str]:
    return [outcome.verdict for outcome in records.take("tea", rows(*taken, **how))]  # type: ignore[arg-type]


def test_the_same_file_twice_changes_nothing(records):
    assert verdicts(records, order("1930679858170647"), order("1930679858170648")) == ["taken", "taken"]
    seq = records.last_seq("tea")
    assert verdicts(records, order("1930679858170647"), order("1930679858170648")) == [
        "unchanged",
        "unchanged",
    ]
    assert records.last_seq("tea") == seq


def test_a_changed_row_says_where_the_change_came_from(records):
    verdicts(records, order("1"), order("2"), file="monday.csv")
    assert verdicts(records, order("1"), order("2", state=OrderState.SHIPPED), file="tuesday.csv") == [
        "unchanged",
        "changed",
    ]
    assert [row.origin for row in records.rows("tea", Order)] == [
        Origin("monday.csv", 2),
        Origin("tuesday.csv", 3),
    ]


def test_only_what_a_file_gives_is_changed(records):
    verdicts(records, order("1", paid=Money(1290, "CNY"), phone="13800138000", buyer_note="送货前打电话"))
    given = frozenset({"order_no", "state", "refunded"})
    assert verdicts(
        records, Order("1", state=OrderState.REFUNDED, refunded=Money(1290, "CNY")), given=given
    ) == ["changed"]
    expected = order(
        "1", paid=Money(1290, "CNY"), phone="13800138000", buyer_note="送货前打电话",
        state=OrderState.REFUNDED, refunded=Money(1290, "CNY"),
    )  # fmt: skip
    assert records.get("tea", Order, "1").record == expected
    assert records.orders_by_phone_tail("tea", "8000") == [records.get("tea", Order, "1")]


def test_a_given_none_empties_the_field(records):
    verdicts(records, order("1", phone="13800138000"))
    assert verdicts(records, Order("1"), given=frozenset({"phone"})) == ["changed"]
    assert records.get("tea", Order, "1").record == order("1")
    assert records.orders_by_phone_tail("tea", "8000") == []


def test_a_misspelt_given_field_is_a_mistake_of_the_program(records):
    with pytest.raises(TypeError, match="has no phnoe"):
        records.take("tea", rows(order("1"), given=frozenset({"phnoe"})))


def test_a_key_that_comes_twice_is_compared_with_its_first_row(records):
    shipped = order("1", state=OrderState.SHIPPED)
    assert verdicts(records, order("1"), order("1"), shipped, order("2")) == [
        "taken",
        "unchanged",
        "changed",
        "taken",
    ]
    assert records.get("tea", Order, "1") == Sourced(shipped, Origin("ExportOrderList202511032200.csv", 4))
    assert [(c.kind, c.key) for c in records.changes("tea")] == [("order", ("1",)), ("order", ("2",))]


@pytest.mark.parametrize(
    "number",
    [
        "1930679858170647123", "0001930679858170647", "１９３０", "a", "A", " 1", "1 ", "1\t", "é", "e\u0301", "𠮷",
        "MB20251103-0042", "'1", "=1", "\"", "\\", "%", "_", "ß", "ss", "İ", "i",
    ],
)  # fmt: skip
def test_an_order_number_is_found_byte_for_byte_and_no_other(records, number):
    others = [
        n
        for n in ("1", "a", "A", "é", "e\u0301", "ss", "i", "1930", "193067985817064712", "\\\\", "%%")
        if n != number
    ]
    verdicts(records, *(order(n) for n in [*others, number]))
    assert records.get("tea", Order, number).record.order_no == number
    assert records.count("tea", Order) == len(others) + 1
    verdicts(records, order(number, state=OrderState.SHIPPED))
    assert [r.record.order_no for r in records.rows("tea", Order, state="shipped")] == [number]


def test_times_come_back_in_the_zone_they_were_written_in(records):
    said = [
        "2025-11-03T09:30:00+08:00",
        "2025-03-30T01:59:59.999999+01:00",
        "1927-12-31T23:54:08+08:05:43",
        "2025-01-01T00:00:00-03:30",
    ]
    verdicts(records, *(order(str(n), created_at=datetime.fromisoformat(at)) for n, at in enumerate(said)))
    assert [row.record.created_at.isoformat() for row in records.rows("tea", Order)] == said


def test_an_instant_is_one_key_in_every_zone(records):
    def price(at: datetime) -> Price:
        return Price("GW-1", Money(12900, "CNY"), at)

    noon = datetime(2025, 11, 3, 12, tzinfo=SHANGHAI)
    assert verdicts(records, price(noon)) == ["taken"]
    assert verdicts(records, price(noon.astimezone(UTC))) == ["changed"]
    assert verdicts(records, price(noon + timedelta(seconds=1))) == ["taken"]
    found = records.get("tea", Price, "GW-1", "list", "CNY", "2025-11-03T05:00:00+01:00")
    assert found.record.valid_from.isoformat() == "2025-11-03T04:00:00+00:00"
    keys = [change.key for change in records.changes("tea")]
    assert keys == [
        ("GW-1", "list", "CNY", "2025-11-03T04:00:00+00:00"),
        ("GW-1", "list", "CNY", "2025-11-03T04:00:01+00:00"),
    ]
    assert all(records.get("tea", Price, *key) is not None for key in keys)


@of_one_home
@given(data=st.data())
def test_whatever_is_taken_comes_back_as_it_was(records, data):
    shop = f"s{next(_shops)}"
    taken = data.draw(st.lists(any_kind(shop), min_size=1, max_size=8))
    outcomes = records.take(shop, rows(*taken))
    last = {(outcome.kind, outcome.key): record for outcome, record in zip(outcomes, taken, strict=True)}
    for (kind, key), record in last.items():
        found = records.get(shop, type(record), *key)
        assert found is not None, kind
        assert exactly(found.record) == exactly(record)
    assert sum(records.count(shop, record) for record in SHAPES) == len(last)
    assert {o.verdict for o in records.take(shop, rows(*last.values()))} == {"unchanged"}


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (order("2", created_at=datetime(2025, 11, 3)), "没有时区"),
        (order("2", created_at=datetime.max.replace(tzinfo=timezone(timedelta(hours=-8)))), "超出范围"),
        (order("2", created_at=datetime.min.replace(tzinfo=SHANGHAI)), "超出范围"),
        (order("2", address="上海\0市"), "address 里有不能保存的字符"),
        (order("2\ud83c"), "order_no 里有不能保存的字符"),
        (order("2", extra=(("a", "\udc00"),)), "extra 里有不能保存的字符"),
        (order("2", total=Money(2**63, "CNY")), "太大"),
        (Line("2", "1", quantity=-(2**63) - 1), "太大"),
        (order("2", total=Money(1, "元")), "三个大写字母"),
        (Shop("coffee", "咖啡"), "不是 tea"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)  # fmt: skip
def test_a_row_that_cannot_be_kept_keeps_the_others_out_too(records, bad, says):
    with pytest.raises(BadInput, match=says) as refused:
        records.take("tea", rows(order("1"), bad, order("3")))
    assert "上海" not in str(refused.value)
    assert records.shops() == []
    assert list(records.changes("tea")) == []


def test_a_file_name_that_is_no_text_is_refused(records):
    with pytest.raises(BadInput, match="不能保存"):
        records.take("tea", rows(order("1"), file="\udcff.csv"))


@pytest.mark.parametrize("shop", ["", "Tea", "茶", "a/b", "..", "-a", "a" * 65, "tea\n"])
def test_a_shops_short_name_is_plain(records, shop):
    with pytest.raises(BadInput, match="店铺代号"):
        records.take(shop, rows(order("1")))


def test_a_removed_row_is_gone_and_the_feed_says_so(records):
    verdicts(records, order("1"), order("2"))
    seen = records.last_seq("tea")
    assert records.remove("tea", Order, "1")
    assert not records.remove("tea", Order, "1")
    assert records.get("tea", Order, "1") is None
    assert [(c.record, c.key) for c in records.changes("tea", seen)] == [(Order, ("1",))]
    assert verdicts(records, order("1")) == ["taken"]
    assert [c.seq for c in records.changes("tea", seen)] == [seen + 2]


def test_the_feed_tells_each_row_once_and_goes_on_where_it_was_left(records):
    verdicts(records, *(order(f"{n:05}") for n in range(2500)))
    seen = [change.seq for change in records.changes("tea")]
    assert seen == list(range(1, 2501))
    verdicts(records, order("00007", state=OrderState.SHIPPED))
    verdicts(records, order("00007", state=OrderState.DELIVERED))
    assert [(c.key, c.seq) for c in records.changes("tea", 2500)] == [(("00007",), 2502)]
    assert len(list(records.changes("tea"))) == 2500


def test_rows_come_in_the_order_of_their_keys_however_many(records):
    events = [
        ShipmentEvent(f"SF{n % 3}", n // 3 + 1, datetime(2025, 11, 3, tzinfo=UTC), ShipmentState.IN_TRANSIT)
        for n in range(3600)
    ]
    verdicts(records, *reversed(events))
    keys = [(e.record.tracking_no, e.record.seq) for e in records.rows("tea", ShipmentEvent)]
    assert keys == sorted((e.tracking_no, e.seq) for e in events)
    assert [e.record.seq for e in records.rows("tea", ShipmentEvent, tracking_no="SF1")] == list(
        range(1, 1201)
    )
    verdicts(records, *(order(n) for n in ("b", "B", "一", "𠮷", "ﬁ", "1")))
    assert [row.record.order_no for row in records.rows("tea", Order)] == ["1", "B", "b", "一", "ﬁ", "𠮷"]


def test_rows_may_be_asked_for_by_what_a_column_holds(records):
    verdicts(
        records, order("1"), order("2", state=OrderState.SHIPPED), Product("P1", listed=False), Product("P2")
    )
    assert [row.record.order_no for row in records.rows("tea", Order, state=OrderState.SHIPPED)] == ["2"]
    assert [row.record.product_no for row in records.rows("tea", Product, listed=False)] == ["P1"]
    with pytest.raises(TypeError, match="no column orderno"):
        next(records.rows("tea", Order, orderno="1"))


def test_look_ups(records):
    verdicts(
        records,
        order("1", phone="183****2807", customer_id="li"),
        order("2", phone="13212345774-1234"),
        order("3", customer_id="li"),
        order("4", phone="1836666****"),
        Customer("li", phone="+86 138 0013 2807"),
        Shipment("2", "SF1234567890123"),
        Shipment("3", "SF1234567890123"),
        Variant("GW-1", "P1", barcode="6901234567892"),
        Variant("GW-2", "P1", barcode="6901234567892"),
        Variant("6901234567892", "P2"),
    )

    def numbers(found: list[Sourced]) -> list[str]:
        return [row.record.order_no for row in found]  # type: ignore[union-attr]

    assert numbers(records.orders_by_phone_tail("tea", "2807")) == ["1", "3"]
    assert numbers(records.orders_by_phone_tail("tea", "5774")) == ["2"]
    assert numbers(records.orders_by_phone_tail("tea", "1234")) == ["2"]
    assert records.orders_by_phone_tail("tea", "") == records.orders_by_phone_tail("tea", "6666") == []
    assert numbers(records.orders_by_tracking_no("tea", "SF1234567890123")) == ["2", "3"]
    assert records.orders_by_tracking_no("tea", "sf1234567890123") == []
    assert numbers(records.orders_by_customer("tea", "li")) == ["1", "3"]
    assert [r.record.sku for r in records.variants_by_code("tea", "GW-2")] == ["GW-2"]
    assert [r.record.sku for r in records.variants_by_code("tea", "6901234567892")] == ["6901234567892"]
    records.remove("tea", Variant, "6901234567892")
    assert [r.record.sku for r in records.variants_by_code("tea", "6901234567892")] == ["GW-1", "GW-2"]
    assert records.variants_by_code("tea", "") == []


def test_what_was_sold_is_found_by_its_sku(records):
    """Also when the catalogue does not have it, or no longer."""
    verdicts(
        records,
        *(order(str(number)) for number in range(1, 5)),
        *(Line(str(number), "1", "壶", sku="OLD-1") for number in (1, 3, 4)),
        Line("3", "2", "壶", sku="OLD-1"),
        Line("2", "1", "杯"),
    )

    def numbers(sku: str, **most: int) -> list[str]:
        return [row.record.order_no for row in records.orders_by_sku("tea", sku, **most)]

    assert numbers("OLD-1") == ["1", "3", "4"]
    assert numbers("OLD-1", most=2) == ["3", "4"]
    assert numbers("old-1") == numbers("") == []
    assert records.orders_by_sku("other", "OLD-1") == []


def test_one_reading_sees_one_moment(records):
    verdicts(records, order("1"))
    with records.reading() as reader:
        assert reader.count("tea", Order) == 1
        verdicts(records, order("2"), Line("2", "1"))
        assert (reader.count("tea", Order), reader.count("tea", Line)) == (1, 0)
    assert records.count("tea", Order) == 2


def test_an_import_may_write_while_rows_are_being_read(records):
    verdicts(records, *(order(f"{n:05}") for n in range(1500)))
    seen = 0
    for row in records.rows("tea", Order):
        if seen % 500 == 0:
            verdicts(records, order(row.record.order_no, state=OrderState.SHIPPED))
        seen += 1
    assert seen == 1500
    assert len(list(records.rows("tea", Order, state="shipped"))) == 3


def test_writers_of_one_shop_take_turns(records):
    def write(writer: int) -> None:
        for turn in range(5):
            records.take("tea", rows(*(order(f"{n}", state_said=f"{writer} {turn}") for n in range(40))))

    seen: dict[tuple[str, ...], int] = {}
    last = 0
    with ThreadPoolExecutor(4) as pool:
        writers = [pool.submit(write, writer) for writer in range(4)]
        while not all(writer.done() for writer in writers):
            for change in records.changes("tea", last):
                assert change.seq > last
                last, seen[change.key] = change.seq, change.seq
            time.sleep(0.001)
        for writer in writers:
            writer.result()
    seen.update((change.key, change.seq) for change in records.changes("tea", last))
    assert seen == {change.key: change.seq for change in records.changes("tea")}
    assert len({row.record.state_said for row in records.rows("tea", Order)}) == 1


def test_the_only_shop_need_not_be_named(records):
    with pytest.raises(BadInput, match="还没有店铺"):
        records.the_shop(None)
    verdicts(records, Product("P1"))
    assert records.the_shop(None) == records.the_shop("tea") == "tea"
    with pytest.raises(BadInput, match="没有店铺 coffee"):
        records.the_shop("coffee")
    records.take("coffee", rows(Product("P1")))
    with pytest.raises(BadInput, match="--shop"):
        records.the_shop(None)


def test_stats_count_what_is_there(records):
    late, early = datetime(2025, 11, 3, 1, tzinfo=SHANGHAI), datetime(2025, 11, 2, 18, tzinfo=UTC)
    verdicts(
        records,
        order("1", created_at=late),
        order("2", created_at=early, state=OrderState.SHIPPED),
        file="a.csv",
    )
    verdicts(records, order("3", created_at=None), Product("P1"), file="b.csv")
    with records.reading() as reader:
        stats = reader.stats("tea")
    assert stats.rows == {"product": 1, "order": 3}
    assert stats.orders_by_state == {"paid": 2, "shipped": 1}
    assert (stats.first_order_at.isoformat(), stats.last_order_at.isoformat()) == (
        "2025-11-03T01:00:00+08:00",
        "2025-11-02T18:00:00+00:00",
    )
    assert stats.files == {"a.csv": 2, "b.csv": 2}


def test_every_kind_has_its_shape():
    assert [(shape.kind, record) for record, shape in SHAPES.items()] == [
        (kind, record) for kind, record, _ in KINDS
    ]
    for shape in SHAPES.values():
        # What the open form leaves out is None again when it is read.
        assert all(field.name not in shape.required for field in shape.fields if field.optional)


@pytest.mark.slow
def test_ten_thousand_orders_are_taken_in_seconds(records):
    batch = many(10_000, 25_000)
    for verdict in ("taken", "unchanged"):
        began = time.perf_counter()
        outcomes = records.take("tea", batch)
        assert time.perf_counter() - began < 10
        assert {outcome.verdict for outcome in outcomes} == {verdict}
