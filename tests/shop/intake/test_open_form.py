"""What export writes, import reads into an empty home: equal rows, in both forms, with every trap of text."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import intake_china as china
import intake_files as files
import pytest
from intake_home import SHOP, counts, take

from mingbai.shop.export import Form, export
from mingbai.shop.records.home import Records
from mingbai.values.money import Money
from mingbai.values.records import (
    KINDS,
    Coupon,
    Customer,
    Line,
    Order,
    OrderState,
    Origin,
    Product,
    Record,
    Return,
    ReturnState,
    Review,
    ShipmentEvent,
    ShipmentState,
    Sourced,
    Stock,
)

AT = datetime(2026, 11, 11, 20, 15, 3, tzinfo=UTC)
NASTY: tuple[Record, ...] = (
    Product("=1+1", title_zh="@SUM(A1)", title_en="\t-2", tags=("a,b", '"q"'), attributes=(("", "'"), ("=x", "1;2"))),
    Customer("+8613800138000", name="", email=None, address="two\nlines\r\n\rend", tags=()),
    Order(
        "0001930679858170647123", state=OrderState.PAID, state_said=" 前后 ", total=Money(-1, "JPY"), created_at=AT, phone="'186",
        freight_insurance=False, extra=(("宝贝种类", "1"),),
    ),
    Line("0001930679858170647123", "1", title="\u3000全角\u3000", unit_price=Money(1, "KWD")),
    Stock("1.93E+18", on_hand=None, restock_on=date(2026, 12, 1)),
    ShipmentEvent("SF1", 1, AT, ShipmentState.CUSTOMS, text_zh="“海关”"),
    Return("R1", "0001930679858170647123", "return", ReturnState.REQUESTED),
    Coupon("双11", "percent", percent_off=12, categories=("茶具 > 茶壶",)),
    Review("r1", "=1+1", "🍵 好！\u2028second line", rating=5),
)  # fmt: skip


def everything(records: Records) -> list[Record]:
    return [row.record for _, kind, _ in KINDS for row in records.rows(SHOP, kind)]


def exported(records: Records, folder: Path, form: Form) -> dict[str, bytes]:
    export(records, [SHOP], folder, form, each=False)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_export_and_import_into_an_empty_home(records: Records, tmp_path: Path, form: Form) -> None:
    for name, make in files.FORMATS.items():
        take(records, {name: make()}, currency="EUR")
    take(
        records,
        {"小店.xlsx": china.wechat(), "returns.en.md": b"# Returns\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n"},
    )
    records.take(SHOP, [Sourced(record, Origin("hand", 1)) for record in NASTY])
    before = everything(records)
    assert len(before) > 60
    written = exported(records, tmp_path / "out", form)
    with Records.open(tmp_path / "second.db") as second:
        report = take(second, written)
        assert report.count("refused") == 0
        assert [name for name, _ in report.passed_over] == ["manifest.json"]
        assert everything(second) == before
        assert counts(take(second, written)) == (0, 0, len(before), 0)


def test_tabs_in_texts_do_not_look_like_separators(records: Records, tmp_path: Path) -> None:
    """The only row has as many tabs as it takes to be split by them, its text more lines than the file has."""
    records.take(SHOP, [Sourced(Line("\t=1", "m\x0b1\x1e", options="红\t大"), Origin("hand", 1))])
    written = exported(records, tmp_path / "out", "csv")
    with Records.open(tmp_path / "second.db") as second:
        assert take(second, written).count("refused") == 0
        assert [row.record for row in second.rows(SHOP, Line)] == [
            row.record for row in records.rows(SHOP, Line)
        ]


def test_a_file_of_ours_that_was_changed_by_hand(records: Records) -> None:
    order = b'{"order_no":"1","state":"paid"}\n{"order_no":"2","state":"lost"}\n{"order_no":"3","colour":"red"}\n{"order_no":"4"'
    line = b'{"order_no":"1","line_no":"1"}\n{"order_no":"2","line_no":"1"}\n'
    report = take(records, {"order.jsonl": order, "line.jsonl": line})
    assert counts(report) == (2, 0, 0, 4)
    orders, lines = report.sheets
    assert sorted(fault.line for fault in orders.faults) == [2, 3, 4]
    assert [(fault.line, fault.why.en) for fault in lines.faults] == [
        (2, "a row of the same order or article cannot be used: order.jsonl:2")
    ]
    assert orders.faults[0].why.en == "state of the order has a value that is not acceptable."


def test_a_file_that_only_has_such_a_name_is_read_by_its_header(records: Records) -> None:
    report = take(records, {"order.csv": china.taobao_orders()})
    assert report.sheets[0].profile == "taobao-orders"
