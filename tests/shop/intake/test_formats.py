"""Each platform's file with its traps: numbers byte-equal, money to the fen, every row accounted for, twice changes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import intake_abroad as abroad
import intake_china as china
import intake_files as files
import intake_workbooks as workbooks
import pytest
from intake_home import all_of, counts, reasons, take, the

from mingbai.shop.records.home import Records
from mingbai.values.money import Money
from mingbai.values.records import Customer, Line, Order, OrderState, Price, Product, Shipment, Stock, Variant

CN = ZoneInfo("Asia/Shanghai")


def yuan(amount: str) -> Money:
    return Money.of(amount, "CNY")


def test_taobao_orders_and_their_lines(records: Records) -> None:
    report = take(records, {"lines.csv": china.taobao_lines(), "orders.csv": china.taobao_orders()})
    assert counts(report) == (9, 0, 0, 0)
    assert [sheet.profile for sheet in report.sheets] == ["taobao-orders", "taobao-lines"]

    order = the(records, Order, "1930679858170647")
    assert order.platform == "taobao"
    assert (order.state, order.state_said) == (OrderState.SHIPPED, "卖家已发货，等待买家确认")
    assert (order.total, order.paid, order.refunded) == (yuan("268"), yuan("258"), yuan("0"))
    assert (order.recipient, order.phone) == ("林**", "186****2807")
    assert order.address == "浙江省 杭州市 西湖区 龙井街道 ***(310012)"
    assert order.created_at == datetime(2026, 11, 11, 0, 3, 17, tzinfo=CN)

    other = the(records, Order, "1930679858170648012")
    assert other.phone == "13212345774-1234"
    assert other.goods == yuan("1099.50")
    assert other.seller_note == "多给一块茶巾\n客人是老顾客"
    assert other.buyer_note == ""
    assert the(records, Shipment, "1930679858170647", "75312345678901").carrier == "中通快递"

    assert [line.line_no for line in all_of(records, Line) if line.order_no == "1930679858170648012"] == [
        "1930679858170648013",
        "1930679858170648014",
    ]
    line = the(records, Line, "1930679858170648012", "1930679858170648014")
    assert (line.sku, line.unit_price, line.quantity) == ("0091", yuan("700"), 1)


def test_taobao_files_of_2025(records: Records) -> None:
    """The report of orders ends with 主订单编号, the report of lines says 商品标题; names seen in public programs."""
    orders, lines = china.taobao_orders_of_2025(), china.taobao_lines_of_2025()
    report = take(records, {"ExportOrderList.csv": orders, "ExportItemList.csv": lines})
    assert [sheet.profile for sheet in report.sheets] == ["taobao-orders", "taobao-lines"]
    assert counts(report) == (3, 0, 0, 0)
    order = the(records, Order, "3049818273645010294")
    assert (order.close_reason, order.seller_note) == ("", "送礼🎁")
    assert ("虚拟号过期时间", "2025-12-01 00:00:00") in order.extra
    line = the(records, Line, "3049818273645010294", "3049818273645010302")
    assert (line.title, line.unit_price, line.paid, line.refunded) == (
        "茶则",
        yuan("399.50"),
        yuan("399.50"),
        None,
    )
    assert the(records, Shipment, order.order_no, "SF1234567890128").carrier == "顺丰速运"


def test_taobao_lines_without_numbers_of_their_own(records: Records) -> None:
    text = "订单编号,标题,价格,购买数量,外部系统编号,商品属性,套餐信息,备注,订单状态,商家编码\n"
    text += '"=""1930679858170648012""",紫砂壶,700,1,,款式：西施,,,交易成功,ZS-01\n'
    text += '"=""1930679858170648012""",茶则,399.50,2,,,,,交易成功,CZ-01\n'
    assert counts(take(records, {"ExportOrderDetailList.csv": text.encode("gbk")})) == (2, 0, 0, 0)
    lines = [(line.line_no, line.title, line.quantity) for line in all_of(records, Line)]
    assert lines == [("1", "紫砂壶", 1), ("2", "茶则", 2)]


def test_an_unknown_state_is_kept_as_it_was_said_and_reported(records: Records) -> None:
    report = take(records, {"orders.csv": china.taobao_orders()})
    order = the(records, Order, "1930679858170650")
    assert (order.state, order.state_said) == (OrderState.UNKNOWN, "卖家已出库，待揽收")
    [(note, times, line)] = report.sheets[0].notes
    assert (note.en, times, line) == ("unknown order state: 卖家已出库，待揽收", 1, 6)


def test_pinduoduo(records: Records) -> None:
    report = take(records, {"pdd.csv": china.pinduoduo()})
    assert counts(report) == (2, 0, 0, 1)
    assert reasons(report) == {4: "This is a line of totals, not data."}
    order = the(records, Order, "261111-123456789012345")
    assert order.state is OrderState.SHIPPED
    assert (order.discount, order.paid) == (yuan("4.80"), yuan("35"))
    assert order.closed_at is None
    assert order.address == "四川省 成都市 武侯区 ***"
    line = the(records, Line, "261111-123456789012345", "1")
    assert (line.unit_price, line.quantity, line.sku) == (yuan("19.90"), 2, "B-02")
    assert the(records, Order, "261112-000000000000001").state is OrderState.REFUNDED


def test_pinduoduo_with_few_columns_and_a_state_of_its_newer_pages(records: Records) -> None:
    text = "订单号,订单状态,商品id,商家编码-规格维度,商品数量(件),商家实收金额(元),订单成交时间\n"
    text += "260517-607198974342268\t,已发货，待收货,754299529443\t,JZ-01,2,57.80,2026-05-17 08:05:00\t\n"
    text += "总计,,,,2,57.80,刚刚\n"
    report = take(records, {"pdd.csv": text.encode("utf-8-sig")})
    assert counts(report) == (1, 0, 0, 1)
    assert reasons(report) == {3: "This is a line of totals, not data."}
    assert the(records, Order, "260517-607198974342268").state is OrderState.SHIPPED


def test_the_column_that_a_reason_names_is_one_of_the_file(records: Records) -> None:
    text = "订单号,订单状态,商品id,商品数量(件),订单成交时间\n260517-1,已发货,1,1,刚刚\n"
    [sheet] = take(records, {"pdd.csv": text.encode()}).sheets
    assert {fault.column for fault in sheet.faults} == {"订单成交时间"}


def test_douyin(records: Records) -> None:
    report = take(records, {"douyin.csv": china.douyin()})
    assert counts(report) == (3, 0, 0, 0)
    order = the(records, Order, "6917926768823643751")
    assert (order.recipient, order.phone) == ("##密文abc", "$$密文def")
    assert (order.total, order.discount, order.close_reason) == (yuan("108"), yuan("20"), "")
    line = the(records, Line, "6917926768823643751", "6917926768823643751")
    assert (line.product_no, line.options, line.unit_price) == ("3512345678901234567", "220ml", yuan("128"))
    # Two sub-orders in two states: some of it is on its way.
    both = the(records, Order, "6917926768823643752")
    assert (both.state, both.state_said) == (OrderState.PART_SHIPPED, "已发货 / 待发货")
    assert both.total == yuan("69.60")


def test_wechat_shop_with_merged_cells_and_two_sheets(records: Records) -> None:
    report = take(records, {"小店.xlsx": china.wechat()})
    assert counts(report) == (2, 0, 0, 0)
    assert [name for name, _ in report.passed_over] == ["小店.xlsx › 说明"]
    order = the(records, Order, "3705115058471208928")
    assert order.phone == "132123457749-1234"
    assert order.created_at == datetime(2026, 11, 11, 20, 15, 5, tzinfo=CN)
    assert (order.paid, order.refunded) == (yuan("320.30"), yuan("12.30"))
    assert order.state is OrderState.SHIPPED
    lines = list(all_of(records, Line))
    assert [(line.line_no, line.sku, line.product_no, line.quantity) for line in lines] == [
        ("1", "00812", "10000123456789", 1),
        ("2", "00813", "10000123456790", 2),
    ]
    assert the(records, Shipment, order.order_no, "SF3456789012345").carrier == "顺丰速运"


def test_a_file_saved_by_wps(records: Records) -> None:
    rows = [["" if cell is None else str(cell) for cell in row] for row in china.wechat_rows()]
    rows[1][1] = "2026/11/11 20:15"
    rows[2][0] = rows[1][0]
    report = take(records, {"wps.xlsx": workbooks.wps(rows)})
    assert counts(report) == (2, 0, 0, 0)
    assert the(records, Order, "3705115058471208928").created_at == datetime(2026, 11, 11, 20, 15, tzinfo=CN)


def test_shopify_orders(records: Records) -> None:
    report = take(records, {"orders_export.csv": abroad.shopify_orders()})
    assert counts(report) == (3, 0, 0, 0)
    order = the(records, Order, "#1001")
    assert order.total == Money.of("69.70", "EUR")
    assert order.created_at == datetime(2026, 11, 5, 10, 2, 9, tzinfo=timezone(timedelta(hours=1)))
    assert (order.postcode, order.phone, order.country) == ("01067", "+49 221 5550100", "DE")
    assert order.address == "Hauptstraße 5, Hinterhaus, Köln"
    assert order.buyer_note == "Bitte klingeln.\n2. Stock"
    assert order.coupon_codes == ("HERBST10",)
    assert (order.state, order.state_said) == (OrderState.SHIPPED, "paid + fulfilled")
    assert the(records, Line, "#1001", "2").unit_price == Money.of("7.20", "EUR")
    cancelled = the(records, Order, "#1002")
    assert (cancelled.state, cancelled.refunded) == (OrderState.CANCELLED, Money.of("26", "USD"))


@pytest.mark.parametrize(
    ("financial", "fulfilment", "state"),
    [
        ("refunded", "restocked", OrderState.REFUNDED),
        ("voided", "restocked", OrderState.CANCELLED),
        ("authorized", "partial", OrderState.PART_SHIPPED),
        ("partially_refunded", "", OrderState.PAID),
        ("paid", "restocked", OrderState.UNKNOWN),  # paid and not to be sent: nobody knows which it is
    ],
)
def test_shopify_states(records: Records, financial: str, fulfilment: str, state: OrderState) -> None:
    text = "Name,Financial Status,Fulfillment Status,Created at,Lineitem quantity,Lineitem name\n"
    text += f"#1,{financial},{fulfilment},2025-11-03 08:05:00 +0100,1,Cup\n"
    take(records, {"orders_export.csv": text.encode()})
    assert the(records, Order, "#1").state is state


def test_shopify_products(records: Records) -> None:
    report = take(records, {"products_export.csv": abroad.shopify_products()}, currency="EUR")
    assert counts(report) == (3, 0, 1, 0)  # the row with only a picture belongs to its product
    pot = the(records, Product, "celadon-teapot")
    assert (pot.title_zh, pot.title_en) == ("", "Celadon Teapot")
    assert pot.description_en == "Hand thrown & glazed.\n200 ml"
    assert pot.tags == ("tea", "celadon", "gift")
    assert (the(records, Product, "cha-ze").title_zh, the(records, Product, "cha-ze").listed) == (
        "紫竹茶则",
        False,
    )
    assert the(records, Variant, "TH-QY-200").barcode == "06901234567892"
    assert the(records, Variant, "celadon-teapot/300 ml").options == (("Size", "300 ml"),)
    assert the(records, Stock, "celadon-teapot/300 ml", "").on_hand == -1
    assert {price.sku: price.amount for price in all_of(records, Price)} == {
        "TH-QY-200": Money.of("32.40", "EUR"),
        "celadon-teapot/300 ml": Money.of("39", "EUR"),
        "CZ-3": Money.of("6", "EUR"),
    }


def test_amounts_without_a_currency_are_refused(records: Records) -> None:
    report = take(records, {"products_export.csv": abroad.shopify_products()})
    assert counts(report) == (0, 0, 0, 4)
    assert "It is not known which currency the amounts are in." in reasons(report).values()


def test_shopify_customers(records: Records) -> None:
    take(records, {"customers_export.csv": abroad.shopify_customers()})
    lena = the(records, Customer, "7012345678901")
    assert (lena.name, lena.phone, lena.country, lena.tags) == (
        "Lena Vogt",
        "+492215550100",
        "DE",
        ("vip", "tea"),
    )
    assert lena.address == "Hauptstraße 5, Köln, 01067"
    assert the(records, Customer, "7012345678902").name == ""


def test_amazon_orders(records: Records) -> None:
    report = take(records, {"amazon.txt": abroad.amazon_orders()})
    assert counts(report) == (3, 0, 0, 0)
    order = the(records, Order, "302-1234567-7654321")
    assert (order.goods, order.tax, order.shipping) == tuple(
        Money.of(a, "EUR") for a in ("79.98", "12.77", "3.99")
    )
    assert (order.address, order.postcode) == ("Köln, NRW", "01067")
    assert (order.recipient, order.total) == (None, None)
    first, second = (the(records, Line, order.order_no, number) for number in "12")
    assert (first.title, first.unit_price) == ('Teetablett 12" Bambus', Money.of("29.99", "EUR"))
    assert second.unit_price is None  # 20.00 for three pieces: the price of one is not known
    pending = the(records, Order, "111-0000000-0000001")
    assert (pending.goods, pending.state) == (None, OrderState.UNPAID)


def test_amazon_orders_of_other_marketplaces(records: Records) -> None:
    """Japan writes Shift_JIS; in a long German file there are bytes that no Chinese encoding has."""
    header = "amazon-order-id\tpurchase-date\torder-status\tproduct-name\tsku\tquantity\tcurrency\titem-price\tship-city"
    row = "{}-1234567-{:07}\t2025-11-03T08:05:00+00:00\tShipped\t{}\t0091\t1\t{}\t{}\t{}"
    japan = [row.format(250, n, "青磁の急須 200ml（ギフト）", "JPY", "4800", "千代田区") for n in range(40)]
    europe = [row.format(302, n, "Weiß & Grün à 0,2 l", "EUR", "39.00", "Gießen") for n in range(40)]
    for name, lines, encoding in (("jp.txt", japan, "cp932"), ("de.txt", europe, "cp1252")):
        data = "\r\n".join([header, *lines, ""]).encode(encoding)
        assert counts(take(records, {name: data})) == (40, 0, 0, 0), name
    assert the(records, Line, "250-1234567-0000007", "1").title == "青磁の急須 200ml（ギフト）"
    assert the(records, Line, "302-1234567-0000007", "1").title == "Weiß & Grün à 0,2 l"


def test_woocommerce_products(records: Records) -> None:
    report = take(records, {"wc.csv": abroad.woocommerce_products()}, currency="USD")
    assert counts(report) == (4, 0, 0, 0)
    parent = the(records, Product, "id:11")
    assert (parent.category, parent.tags, parent.title_en) == ("Tea > Cups", ("white", "gift"), "Gaiwan")
    white = the(records, Variant, "GW-W")
    assert (white.product_no, white.options) == ("id:11", (("Colour", "White"),))
    assert {(p.kind, str(p.amount)) for p in all_of(records, Price) if p.sku == "GW-W"} == {
        ("list", "21.00 USD"),
        ("sale", "18.50 USD"),
    }
    assert (the(records, Stock, "GW-W", "").on_hand, the(records, Stock, "id:13", "").available) == (5, True)
    assert the(records, Stock, "KURS", "").available is False
    assert the(records, Product, "KURS").title_zh == "茶艺课"
    assert not records.get("mine", Variant, "id:11")


@pytest.mark.parametrize("name", [*files.FORMATS, "wechat.xlsx"])
def test_the_same_file_twice_changes_nothing(records: Records, name: str) -> None:
    data = china.wechat() if name == "wechat.xlsx" else files.FORMATS[name]()
    first = take(records, {name: data}, currency="EUR")
    before = records.last_seq("mine")
    second = take(records, {name: data}, currency="EUR")
    taken, _, pictures, refused = counts(first)
    assert taken > 0
    assert counts(second) == (0, 0, taken + pictures, refused)
    assert records.last_seq("mine") == before


@pytest.mark.parametrize("name", [*files.FORMATS])
def test_every_row_of_a_file_is_accounted_for(records: Records, name: str) -> None:
    import csv
    import io

    data = files.FORMATS[name]()
    text = data.decode(
        "utf-8-sig" if b"\xe5" in data[:40] or data[:1] in b"\xefNHCI" else "gb18030", "replace"
    )
    separator = "\t" if name == "amazon.txt" else ","
    quoting = csv.QUOTE_NONE if name == "amazon.txt" else csv.QUOTE_MINIMAL
    rows = sum(
        1
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=quoting)
        if any(row)
    )
    [sheet] = take(records, {name: data}, currency="EUR").sheets
    assert len(sheet.verdicts) == rows - 1


def test_old_excel_and_a_number_it_could_not_hold(records: Records) -> None:
    """The file was made by xlwt: two orders, the second's number typed as a number."""
    data = (Path(__file__).parent / "files" / "old-excel.xls").read_bytes()
    report = take(records, {"订单.xls": data})
    assert counts(report) == (1, 0, 0, 1)
    assert "its digits are lost" in reasons(report)[3]
    order = the(records, Order, "261111-123456789012345")
    assert order.paid_at == datetime(2026, 11, 11, 8, 0, 1, tzinfo=CN)
    assert (order.paid, the(records, Line, order.order_no, "1").product_no) == (yuan("35"), "754299529443")


def test_a_web_page_that_calls_itself_excel(records: Records) -> None:
    rows = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>"
        for row in [
            ["订单编号", "订单状态", "收货地址", "订单创建时间"],
            ["1930679858170647123", "交易成功", "杭州&nbsp;西湖", "2026/11/11"],
        ]
    )
    page = f'<html><meta charset="gb2312"><table>{rows}</table></html>'
    assert counts(take(records, {"订单.xls": page.encode("gbk")})) == (1, 0, 0, 0)
    assert the(records, Order, "1930679858170647123").address == "杭州 西湖"
