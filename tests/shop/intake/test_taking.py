"""What becomes of rows: whole orders or none, reasons with lines, prices with their history."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import intake_abroad as abroad
import intake_china as china
import intake_tables as tables
import intake_workbooks as workbooks
import pytest
from intake_home import NOW, SHOP, all_of, counts, reasons, take, the

from mingbai.shop.intake import choose
from mingbai.shop.intake.sources import Choice, Opened, open_file
from mingbai.shop.intake.taking import BATCH
from mingbai.shop.records.home import Records
from mingbai.values.money import Money
from mingbai.values.records import Line, Order, PolicyDocument, Price, Shop

PROFILES = choose.load(None)


@pytest.mark.parametrize("kept_rows", [100, 0], ids=["kept", "read again"])
def test_a_refused_line_refuses_its_order_in_every_file_of_the_command(
    records: Records, kept_rows: int
) -> None:
    both = {"orders.csv": china.taobao_orders(), "lines.csv": china.taobao_lines(bad=True)}
    report = take(records, both, kept_rows=kept_rows)
    orders, lines = report.sheets
    assert (orders.counts()["refused"], lines.counts()["refused"]) == (1, 2)
    assert [fault.line for fault in orders.faults] == [3]
    assert orders.faults[0].why.en == "a row of the same order or article cannot be used: lines.csv:4"
    assert {fault.line: fault.why.en for fault in lines.faults} == {
        4: "this cell is not an amount that can be read with certainty.",
        3: "it belongs to the same order or article as line 4",
    }
    assert lines.faults[0].column == "价格"
    assert {order.order_no for order in all_of(records, Order)} == {
        "1930679858170647",
        "1930679858170649",
        "1930679858170650",
    }
    assert "1930679858170648012" not in {line.order_no for line in all_of(records, Line)}


def test_a_file_that_was_not_written_to_its_end(records: Records) -> None:
    data = china.taobao_lines()
    whole = data.rstrip().rfind(b"\r\n")
    report = take(records, {"lines.csv": data[: whole + 30]})
    assert counts(report) == (4, 0, 0, 1)
    assert reasons(report) == {6: "the file breaks off in this line"}


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-16-le"])
def test_wherever_a_file_breaks_off_the_orders_before_are_whole(encoding: str) -> None:
    text = china.taobao_lines().decode("gb18030")
    data = text.encode(encoding)
    last = len(text[: text.rstrip().rfind("\r\n") + 2].encode(encoding))
    for cut in range(last + 1, len(data) - 2 * len("\r\n,".encode(encoding))):
        opened = Opened()
        open_file("lines.csv", data[:cut], Choice(PROFILES), opened)
        bundles = [bundle for reading in opened.readings for bundle in reading.bundles()]
        assert [bundle.key for bundle in bundles if not bundle.faults] == [
            "1930679858170647",
            "1930679858170648012",
            "1930679858170649",
        ]
        assert sum(len(bundle.lines) for bundle in bundles) == 5


def test_numbers_in_the_cells_of_a_spreadsheet(records: Records) -> None:
    header: list[workbooks.Cell] = ["订单编号", "订单状态", "收货地址", "订单创建时间"]
    rows: list[list[workbooks.Cell]] = [
        header,
        [1930679858170647123, "交易成功"],
        [1.9306798581706499e18, "交易成功"],
    ]
    report = take(records, {"x.xlsx": workbooks.excel({"s": rows})})
    assert [order.order_no for order in all_of(records, Order)] == ["1930679858170647123"]
    assert "its digits are lost" in reasons(report)[3]


def test_numbers_that_a_spreadsheet_shows_in_powers_of_ten(records: Records) -> None:
    data = china.taobao_orders().replace(b'="1930679858170647"'.replace(b'"', b'""'), b"1.93068E+15")
    report = take(records, {"orders.csv": data})
    assert counts(report)[3] == 1
    assert "its digits are lost" in reasons(report)[2]


def test_numbers_that_java_has_written_into_a_spreadsheet(records: Records) -> None:
    header = ["订单号", "订单状态", "商品编码(平台)", "商品名称", "商品数量", "收件人手机", "下单时间"]
    whole: list[workbooks.Cell] = [
        "3730000000000000512",
        "待发货",
        "1",
        "盖碗",
        1,
        13800138000,
        45964.336805556,
    ]
    lost: list[workbooks.Cell] = [3.73e18, "待发货", "2", "公道杯", 1, None, None]
    data = workbooks.excel({"订单": [list(header), whole, lost]})
    with_java = workbooks.edited(
        data, {b">3.73e+18<": b">3.730000000000001E18<", b">13800138000<": b">1.3800138E10<"}
    )
    report = take(records, {"poi.xlsx": with_java})
    assert counts(report) == (1, 0, 0, 1)
    [fault] = report.sheets[0].faults  # said once, though order, line and shipment are all read from it
    assert (fault.line, "its digits are lost" in fault.why.en) == (3, True)
    order = the(records, Order, "3730000000000000512")
    assert order.phone == "13800138000"
    assert order.created_at == datetime(2025, 11, 3, 8, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert "a bare number was read as a spreadsheet's date" in report.sheets[0].notes[0][0].en


def test_a_line_of_totals_is_nobodys(records: Records) -> None:
    """Below merged cells an empty order number means the order above: the totals must not become one more line of it."""
    rows: list[list[workbooks.Cell]] = [
        ["订单号", "订单状态", "商品编码(平台)", "商品名称", "商品数量", "商品价格"],
        ["3730000000000000512", "待发货", "1", "盖碗", 1, "160.15"],
        [None, None, "2", "公道杯", 2, "80"],
        [None, None, None, "合计：", 3, "320.15"],
    ]
    report = take(records, {"小店.xlsx": workbooks.excel({"订单": rows})})
    assert counts(report) == (2, 0, 0, 1)
    assert reasons(report) == {4: "This is a line of totals, not data."}
    assert [line.title for line in all_of(records, Line)] == ["盖碗", "公道杯"]


def test_a_note_beside_the_table_costs_no_order(records: Records) -> None:
    rows: list[list[workbooks.Cell]] = [
        ["订单编号", "订单状态", "收货地址", "订单创建时间"],
        ["1", "交易成功", "杭州", "2026-11-11", None, "客人催过"],
    ]
    report = take(records, {"x.xlsx": workbooks.excel({"订单": rows})})
    assert counts(report) == (1, 0, 0, 0)
    assert [(note.en, line) for note, _, line in report.sheets[0].notes] == [
        ("cells beside the table, below no column's name, were not read", 2)
    ]
    text = "订单编号,订单状态,收货地址,订单创建时间,\n2,交易成功,杭州,2026-11-11,催过\n3,交易成功,杭,州,2026-11-11,\n"
    report = take(records, {"x.csv": text.encode()})
    assert counts(report) == (1, 0, 0, 1)  # a comma that is not quoted is still seen
    assert "is not quoted" in reasons(report)[3]


def test_numbers_whose_last_digits_a_spreadsheet_has_made_zeros(records: Records) -> None:
    columns = ["订单编号", "订单状态", "收货地址", "订单创建时间", "总金额"]
    lost = [{"订单编号": f"19306798581706{n}0000", "总金额": "1"} for n in range(3)]
    report = take(records, {"lost.csv": tables.rows_of(columns, lost).encode()})
    assert counts(report) == (0, 0, 0, 3)
    assert "its digits are lost" in reasons(report)[2]


def test_a_number_that_ends_in_zeros_by_chance_is_no_reason(records: Records) -> None:
    columns = ["订单编号", "订单状态", "收货地址", "订单创建时间", "总金额"]
    rows = [
        {"订单编号": "1930679858170640000", "总金额": "1"},
        {"订单编号": "1930679858170647123", "总金额": "1"},
    ]
    report = take(records, {"fine.csv": tables.rows_of(columns, rows).encode()})
    assert counts(report) == (2, 0, 0, 0)
    assert the(records, Order, "1930679858170640000").total == Money.of("1", "CNY")


def test_one_order_said_twice_in_two_ways(records: Records) -> None:
    columns = ["订单编号", "订单状态", "收货地址", "订单创建时间", "总金额"]
    rows = [
        {"订单编号": "1", "总金额": "5"},
        {"订单编号": "2", "总金额": "5"},
        {"订单编号": "1", "总金额": "6"},
        {"订单编号": "2", "总金额": "5"},
    ]
    report = take(records, {"x.csv": tables.rows_of(columns, rows).encode()})
    assert counts(report) == (1, 0, 1, 2)
    assert "lines 2 and 4 are about one and the same record and differ" in reasons(report).values()
    assert [order.order_no for order in all_of(records, Order)] == ["2"]


def test_a_comma_and_a_line_break_without_quotes(records: Records) -> None:
    text = "订单编号,订单状态,收货地址,订单创建时间\n1,交易成功,杭州,西湖区,2026-11-11\n2,交易成功,杭州\n西湖区,2026-11-11\n3,交易成功,杭州,2026-11-11\n"
    report = take(records, {"x.csv": text.encode()})
    assert counts(report) == (1, 0, 0, 3)
    assert sorted(reasons(report)) == [2, 3, 4]


def test_a_changed_row_is_changed_and_keeps_what_the_file_does_not_say(records: Records) -> None:
    take(records, {"orders.csv": china.taobao_orders()})
    later = "订单编号,订单状态,收货地址,订单创建时间\n1930679858170649,交易关闭,,\n"
    assert counts(take(records, {"later.csv": later.encode()})) == (0, 1, 0, 0)
    order = the(records, Order, "1930679858170649")
    assert (order.state, order.total, order.recipient) == ("cancelled", Money.of("59", "CNY"), "陈**")
    assert order.created_at is not None  # an empty cell takes no time away


def test_a_price_without_a_date_begins_when_it_is_seen_and_ends_when_it_changes(records: Records) -> None:
    products = abroad.shopify_products()
    take(records, {"products.csv": products}, currency="EUR")
    later = NOW + timedelta(days=3)
    dearer = products.replace(b",32.40,", b",35.00,")
    assert counts(take(records, {"products.csv": dearer}, currency="EUR", now=later)) == (1, 0, 3, 0)
    history = sorted(
        (p.valid_from, p.valid_to, str(p.amount)) for p in all_of(records, Price) if p.sku == "TH-QY-200"
    )
    assert history == [(NOW, later, "32.40 EUR"), (later, None, "35.00 EUR")]
    assert counts(take(records, {"products.csv": dearer}, currency="EUR", now=later + timedelta(1))) == (
        0,
        0,
        4,
        0,
    )


def test_a_dry_run_writes_nothing(records: Records) -> None:
    report = take(records, {"orders.csv": china.taobao_orders()}, dry_run=True)
    assert (counts(report), report.dry_run) == ((4, 0, 0, 0), True)
    assert records.shops() == []


def test_the_first_import_makes_the_shop(records: Records) -> None:
    take(records, {"orders.csv": china.taobao_orders()})
    assert [shop.shop for shop in all_of(records, Shop)] == [SHOP]


def test_a_value_that_the_database_refuses_costs_only_its_order(records: Records) -> None:
    columns = ["订单编号", "订单状态", "收货地址", "订单创建时间", "总金额"]
    rows = [{"订单编号": f"{n}", "总金额": "92233720368547758.08" if n == 3 else "1"} for n in range(5)]
    report = take(records, {"x.csv": tables.rows_of(columns, rows).encode()})
    assert counts(report) == (4, 0, 0, 1)
    assert list(reasons(report)) == [5]


def test_several_batches(records: Records) -> None:
    columns = ["订单编号", "订单状态", "收货地址", "订单创建时间"]
    rows = [{"订单编号": f"A{n}", "订单状态": "交易成功"} for n in range(BATCH + 7)]
    report = take(records, {"x.csv": tables.rows_of(columns, rows).encode()})
    assert counts(report) == (BATCH + 7, 0, 0, 0)
    assert report.sheets[0].lines("taken") == f"2-{BATCH + 8}"


def test_amounts_that_differ_between_the_rows_of_an_order_are_said(records: Records, tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    own = 'header = ["单号", "金额"]\ngroup = "单号"\ncurrency = "CNY"\n[order]\nonce = true\norder_no = "单号"\ntotal = {}\n'
    table = {"x.csv": "单号,金额\n1,88\n1,20\n2,5\n2,5\n3,7\n3,\n".encode()}
    for total, first in (('"金额"', "88"), ('{ add = "金额" }', "108")):
        (tmp_path / "profiles" / "own.toml").write_text(own.replace("{}", total), encoding="utf-8")
        [sheet] = take(records, table, home=tmp_path).sheets
        assert the(records, Order, "1").total == Money.of(first, "CNY")
        assert [(times, line) for _, times, line in sheet.notes] == ([(1, 3)] if first == "88" else [])


def test_rows_of_an_order_may_stand_apart(records: Records) -> None:
    columns = ["主订单编号", "标题", "购买数量", "子订单编号"]
    rows = [
        {"主订单编号": a, "子订单编号": b, "标题": "t", "购买数量": c}
        for a, b, c in [("1", "1", "1"), ("2", "2", "1"), ("1", "3", "x")]
    ]
    report = take(records, {"x.csv": tables.rows_of(columns, rows).encode()})
    assert counts(report) == (1, 0, 0, 2)  # the bad third row refuses the first


def test_order_numbers_only_on_the_first_row(records: Records, tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "mine.toml").write_text(
        'header = ["单号", "品名", "数量"]\ngroup = "单号"\ncarry = ["单号"]\n[order]\nonce = true\norder_no = "单号"\n'
        '[line]\norder_no = "单号"\ntitle = "品名"\nquantity = "数量"\n',
        encoding="utf-8",
    )
    report = take(records, {"x.csv": "单号,品名,数量\nA1,壶,1\n,杯,2\nA2,碗,1\n".encode()}, home=tmp_path)
    assert counts(report) == (3, 0, 0, 0)
    assert [(line.order_no, line.line_no, line.title) for line in all_of(records, Line)] == [
        ("A1", "1", "壶"),
        ("A1", "2", "杯"),
        ("A2", "1", "碗"),
    ]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file(records: Records, data: bytes) -> None:
    report = take(records, {"x.csv": data})
    assert (report.sheets, [name for name, _ in report.passed_over]) == ([], ["x.csv"])


def test_an_archive_of_exports(records: Records) -> None:
    data = workbooks.zipped(
        {
            "orders.csv": china.taobao_orders(),
            "readme.pdf.exe": b"MZ",
            "退货.md": "# 退货\n\n七天。\n".encode(),
        }
    )
    report = take(records, {"export.zip": data})
    assert counts(report) == (5, 0, 0, 0)
    assert the(records, PolicyDocument, "退货", "zh").title == "退货"
