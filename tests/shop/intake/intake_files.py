"""One file per format, written by hand with the traps of that format; persons, shops and numbers are invented."""

from __future__ import annotations

import csv
import io
import zipfile
from xml.sax.saxutils import escape


def rows_of(columns: list[str], rows: list[dict[str, str]], separator: str = ",", end: str = "\r\n") -> str:
    """Cells are quoted as the csv module does it, so a cell `="1930"` must be given as the platform writes it."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator=end)
    writer.writerow(columns)
    writer.writerows([row.get(name, "") for name in columns] for row in rows)
    return out.getvalue()


TAOBAO_COLUMNS = [
    "订单编号",
    "买家会员名",
    "买家支付宝账号",
    "买家应付货款",
    "买家应付邮费",
    "买家支付积分",
    "总金额",
    "返点积分",
    "买家实际支付金额",
    "买家实际支付积分",
    "订单状态",
    "买家留言",
    "收货人姓名",
    "收货地址",
    "运送方式",
    "联系电话",
    "联系手机",
    "订单创建时间",
    "订单付款时间",
    "宝贝标题",
    "宝贝种类",
    "物流单号",
    "物流公司",
    "订单备注",
    "宝贝总数量",
    "店铺Id",
    "店铺名称",
    "订单关闭原因",
    "卖家服务费",
    "买家服务费",
    "发票抬头",
    "是否手机订单",
    "分阶段订单信息",
    "定金排名",
    "修改后的sku",
    "修改后的收货地址",
    "异常信息",
    "天猫卡券抵扣",
    "集分宝抵扣",
    "是否是O2O交易",
    "退款金额",
]
TAOBAO_LINE_COLUMNS = [
    "子订单编号",
    "主订单编号",
    "标题",
    "价格",
    "购买数量",
    "外部系统编号",
    "商品属性",
    "套餐信息",
    "备注",
    "订单状态",
    "商家编码",
    "支付单号",
    "买家应付货款",
    "买家实际支付金额",
    "退款状态",
    "退款金额",
    "订单创建时间",
    "订单付款时间",
]


def taobao_orders() -> bytes:
    """GBK; ="…" around numbers, ' before telephones, 元 behind fees, stars in names, a virtual number, null for nothing."""
    rows = [
        {
            "订单编号": '="1930679858170647"', "买家会员名": "tb茶友_88", "买家应付货款": "268.00", "买家应付邮费": "0.00",
            "总金额": "268.00", "买家实际支付金额": "258.00", "订单状态": "卖家已发货，等待买家确认", "买家留言": "请用礼盒，谢谢",
            "收货人姓名": "林**", "收货地址": "浙江省 杭州市 西湖区 龙井街道 ***(310012)", "运送方式": "快递",
            "联系电话": "null", "联系手机": "'186****2807", "订单创建时间": "2026-11-11 00:03:17",
            "订单付款时间": "2026-11-11 00:04:02", "宝贝标题": "天青釉手工茶壶 200ml", "宝贝种类": "1", "物流单号": "No:75312345678901",
            "物流公司": "中通快递", "宝贝总数量": "1", "卖家服务费": "0元", "买家服务费": "0元", "发票抬头": "null", "退款金额": "0元",
        },
        {
            "订单编号": '="1930679858170648012"', "买家会员名": "王小明的店", "买家应付货款": "1,099.50", "买家应付邮费": "12.00",
            "总金额": "1111.50", "买家实际支付金额": "1111.50", "订单状态": "交易成功", "买家留言": "null",
            "收货人姓名": "王小明", "收货地址": "北京市 北京市 朝阳区 三里屯街道 工体北路8号院(100027)", "联系手机": "13212345774-1234",
            "订单创建时间": "2026-11-01 09:15:00", "订单付款时间": "2026-11-01 09:15:40", "宝贝标题": "盖碗，茶盘", "宝贝种类": "2",
            "物流单号": "SF1234567890123", "物流公司": "顺丰速运", "宝贝总数量": "3", "订单备注": "多给一块茶巾\n客人是老顾客",
        },
        {
            "订单编号": '="1930679858170649"', "买家会员名": "a", "总金额": "59.00", "买家实际支付金额": "0.00",
            "订单状态": "等待买家付款", "收货人姓名": "陈**", "收货地址": "广东省 东莞市 南城街道 ***(523000)",
            "联系手机": "'139****0001", "订单创建时间": "2026-11-24 22:00:00", "订单付款时间": "", "宝贝标题": "茶则",
        },
        {
            "订单编号": '="1930679858170650"', "买家会员名": "b", "总金额": "88.00", "买家实际支付金额": "88.00",
            "订单状态": "卖家已出库，待揽收", "收货人姓名": "李**", "联系手机": "'137****0002",
            "订单创建时间": "2026-11-20 10:00:00", "宝贝标题": "公道杯",
        },
    ]  # fmt: skip
    return rows_of(TAOBAO_COLUMNS, rows).encode("gbk")


def taobao_lines(bad: bool = False) -> bytes:
    def line(sub: str, main: str, title: str, price: str, count: str, **more: str) -> dict[str, str]:
        return {
            "子订单编号": f'="{sub}"', "主订单编号": f'="{main}"', "标题": title, "价格": price, "购买数量": count, **more,
        }  # fmt: skip

    rows = [
        line("1930679858170647", "1930679858170647", "天青釉手工茶壶 200ml", "268.00", "1", 商家编码="TH-QY-200",
             商品属性="颜色分类：天青;容量：200ml", 订单状态="卖家已发货，等待买家确认", 买家实际支付金额="258.00", 退款金额="0元"),
        line("1930679858170648013", "1930679858170648012", "白瓷盖碗", "199.75", "2", 商家编码="GW-01", 退款金额="0"),
        line("1930679858170648014", "1930679858170648012", "竹茶盘", "七百" if bad else "700.00", "1", 商家编码="'0091",
             退款状态="没有申请退款"),
        line("1930679858170649", "1930679858170649", "茶则", "59.00", "1", 商家编码="CZ-3"),
        line("1930679858170650", "1930679858170650", "公道杯", "88.00", "1", 商家编码="GDB"),
    ]  # fmt: skip
    return rows_of(TAOBAO_LINE_COLUMNS, rows).encode("gb18030")


def taobao_orders_of_2025() -> bytes:
    columns = [*TAOBAO_COLUMNS, "虚拟号过期时间", "确认收货时间", "发货时间", "商家备忘", "主订单编号"]
    row = {
        "订单编号": '="3049818273645010294"', "买家会员名": "茶客,老王", "总金额": "1099.50元", "买家实际支付金额": "1099.50",
        "订单状态": "交易成功", "收货人姓名": "王小明[4321]", "收货地址": "广东省 深圳市 南山区 粤海街道 ***(518057)",
        "联系手机": "'13212345774-1234", "订单创建时间": "2025-11-03T08:05:00+08:00", "订单关闭原因": "订单未关闭",
        "商家备忘": "送礼🎁", "虚拟号过期时间": "2025-12-01 00:00:00", "主订单编号": '="3049818273645010294"',
    }  # fmt: skip
    return rows_of(columns, [row]).encode("gb18030")


def taobao_lines_of_2025() -> bytes:
    columns = [
        "子订单编号",
        "主订单编号",
        "商品标题",
        "商品价格",
        "购买数量",
        "商品属性",
        "订单状态",
        "商家编码",
    ]
    columns += ["买家实付金额", "退款状态", "退款金额", "商品ID", "物流单号", "物流公司"]
    both = {
        "主订单编号": '="3049818273645010294"', "购买数量": "1", "订单状态": "交易成功", "退款状态": "没有申请退款",
        "退款金额": "无退款申请", "物流单号": "SF1234567890128", "物流公司": "顺丰速运",
    }  # fmt: skip
    rows = [
        {"子订单编号": '="3049818273645010301"', "商品标题": "紫砂壶", "商品价格": "700", "买家实付金额": "700", **both},
        {"子订单编号": '="3049818273645010302"', "商品标题": "茶则", "商品价格": "399.50", "买家实付金额": "399.50", **both},
    ]  # fmt: skip
    return rows_of(columns, rows).encode("gbk")


def pinduoduo() -> bytes:
    columns = [
        "商品",
        "订单号",
        "订单状态",
        "商品总价(元)",
        "邮费(元)",
        "店铺优惠折扣(元)",
        "平台优惠折扣(元)",
        "多多支付立减金额(元)",
        "用户实付金额(元)",
        "商家实收金额(元)",
        "商品数量(件)",
        "订单成交时间",
        "发货时间",
        "确认收货时间",
        "商品id",
        "商品规格",
        "样式ID",
        "商家编码-规格维度",
        "商家编码-商品维度",
        "商家备注",
        "售后状态",
        "快递单号",
        "快递公司",
        "收货人",
        "手机",
        "省",
        "市",
        "区",
        "街道",
    ]
    rows = [
        {
            "商品": "【两只装】功夫茶杯", "订单号": "261111-123456789012345", "订单状态": "已发货，待签收", "商品总价(元)": "39.80",
            "邮费(元)": "0", "店铺优惠折扣(元)": "3", "平台优惠折扣(元)": "1.50", "多多支付立减金额(元)": "0.30",
            "用户实付金额(元)": "35.00", "商家实收金额(元)": "36.80", "商品数量(件)": "2", "订单成交时间": "2026-11-11 08:00:01",
            "发货时间": "2026-11-11 17:30:00\t", "确认收货时间": "-", "商品id": "754299529443", "商品规格": "白瓷,两只",
            "商家编码-规格维度": "B-02", "售后状态": "无售后或售后取消", "快递单号": "JT3012345678901", "快递公司": "极兔速递",
            "收货人": "赵**", "手机": "151****8888", "省": "四川省", "市": "成都市", "区": "武侯区", "街道": "***",
        },
        {
            "商品": "茶巾", "订单号": "261112-000000000000001", "订单状态": "未发货，退款成功", "商品总价(元)": "9.9",
            "用户实付金额(元)": "9.9", "商家实收金额(元)": "0", "商品数量(件)": "1", "订单成交时间": "2026-11-12 09:00:00", "商品id": "754299529444",
            "售后状态": "退款成功",
        },
        {"商品": "总计", "订单号": "合计", "商品总价(元)": "49.70", "商家实收金额(元)": "36.80"},
    ]  # fmt: skip
    return b"\xef\xbb\xbf" + rows_of(columns, rows).encode()


def douyin() -> bytes:
    """Numbers begin with a tab, nothing is a dash, recipients are ciphers, 商品金额 is the price of one."""
    columns = [
        "主订单编号",
        "子订单编号",
        "选购商品",
        "商品规格",
        "商品数量",
        "商品ID",
        "商家编码",
        "商品金额",
        "订单应付金额",
        "运费",
        "收件人",
        "收件人手机号",
        "详细地址",
        "省",
        "市",
        "区",
        "订单提交时间",
        "支付完成时间",
        "发货时间",
        "订单完成时间",
        "订单状态",
        "售后状态",
        "取消原因",
        "平台实际承担优惠金额",
        "商家实际承担优惠金额",
        "达人实际承担优惠金额",
    ]

    def row(main: str, sub: str, **more: str) -> dict[str, str]:
        return {
            "主订单编号": f"\t{main}", "子订单编号": f"\t{sub}", "商品数量": "1", "运费": "0.00", "收件人": "##密文abc",
            "收件人手机号": "$$密文def", "详细地址": "##密文ghi", "省": "福建省", "市": "泉州市", "区": "德化县",
            "订单提交时间": "2026-09-22 00:54:10", "订单完成时间": "-", "取消原因": "-", "售后状态": "-",
            "平台实际承担优惠金额": "0.00", "商家实际承担优惠金额": "0.00", "达人实际承担优惠金额": "0.00", **more,
        }  # fmt: skip

    rows = [
        row("6917926768823643751", "6917926768823643751", 选购商品="德化白瓷茶壶", 商品规格="\t220ml", 商品ID="\t3512345678901234567",
            商家编码="DH-220", 商品金额="128.00", 订单应付金额="108.00", 订单状态="已发货", 平台实际承担优惠金额="15.00",
            商家实际承担优惠金额="5.00"),
        row("6917926768823643752", "6917926768823643760", 选购商品="茶杯", 商品数量="3", 商品金额="19.90", 订单应付金额="59.70",
            商家编码="CB-1", 订单状态="已发货"),
        row("6917926768823643752", "6917926768823643761", 选购商品="茶漏", 商品金额="9.90", 订单应付金额="9.90", 商家编码="CL-1",
            订单状态="待发货"),
    ]  # fmt: skip
    return b"\xef\xbb\xbf" + rows_of(columns, rows, end="\n").encode()


WECHAT_COLUMNS = [
    "订单号",
    "订单下单时间",
    "订单发货时间",
    "订单确认收货时间",
    "订单状态",
    "收件人姓名",
    "收件人地址",
    "省",
    "市",
    "区",
    "收件人手机",
    "买家备注",
    "商家备注",
    "商品总价",
    "订单实际支付金额",
    "订单实际收款金额",
    "订单运费",
    "支付方式",
    "支付时间",
    "物流公司",
    "快递单号",
    "商品名称",
    "商品编码(平台)",
    "商品编码(自定义)",
    "SKU编码(自定义)",
    "商品属性",
    "商品价格(单件)",
    "商品实际价格(总共)",
    "是否预售",
    "商品数量",
    "商品售后",
    "商品已退款金额",
]


def wechat_rows() -> list[list[str | int | float | None]]:
    """The cells of a sheet: an order with two goods has its order columns merged over both rows."""
    first = {
        "订单号": "3705115058471208928", "订单下单时间": 46337.8438078704, "订单状态": "待收货", "收件人姓名": "周**",
        "收件人地址": "***", "省": "上海市", "市": "上海市", "区": "静安区", "收件人手机": "132123457749-1234", "商品总价": 337.0,
        "订单实际支付金额": 320.3, "订单运费": 0, "支付方式": "微信支付", "支付时间": "2026-11-11 20:15:20", "物流公司": "顺丰速运",
        "快递单号": "SF3456789012345", "商品名称": "紫砂壶", "商品编码(平台)": 10000123456789, "SKU编码(自定义)": "00812",
        "商品属性": "泥料:紫泥;容量:180ml", "商品价格(单件)": 299.0, "商品实际价格(总共)": 284.2, "是否预售": "否", "商品数量": 1,
        "商品已退款金额": 0,
    }  # fmt: skip
    second: dict[str, str | int | float | None] = {
        "商品名称": "品茗杯", "商品编码(平台)": 10000123456790, "SKU编码(自定义)": "00813", "商品价格(单件)": 19.0,
        "商品实际价格(总共)": 36.1, "是否预售": "否", "商品数量": 2, "商品已退款金额": 12.299999999999999,
    }  # fmt: skip
    cells: list[dict[str, str | int | float | None]] = [dict(first), second]
    return [list(WECHAT_COLUMNS), *[[row.get(name) for name in WECHAT_COLUMNS] for row in cells]]


SHOPIFY_COLUMNS = [
    "Name",
    "Email",
    "Financial Status",
    "Paid at",
    "Fulfillment Status",
    "Fulfilled at",
    "Accepts Marketing",
    "Currency",
    "Subtotal",
    "Shipping",
    "Taxes",
    "Total",
    "Discount Code",
    "Discount Amount",
    "Shipping Method",
    "Created at",
    "Lineitem quantity",
    "Lineitem name",
    "Lineitem price",
    "Lineitem compare at price",
    "Lineitem sku",
    "Lineitem requires shipping",
    "Lineitem taxable",
    "Lineitem fulfillment status",
    "Billing Name",
    "Billing Street",
    "Billing Address1",
    "Billing Address2",
    "Billing Company",
    "Billing City",
    "Billing Zip",
    "Billing Province",
    "Billing Country",
    "Billing Phone",
    "Shipping Name",
    "Shipping Street",
    "Shipping Address1",
    "Shipping Address2",
    "Shipping Company",
    "Shipping City",
    "Shipping Zip",
    "Shipping Province",
    "Shipping Country",
    "Shipping Phone",
    "Notes",
    "Note Attributes",
    "Cancelled at",
    "Payment Method",
    "Payment Reference",
    "Refunded Amount",
    "Vendor",
    "Outstanding Balance",
    "Employee",
    "Location",
    "Device ID",
    "Id",
    "Tags",
    "Risk Level",
    "Source",
    "Lineitem discount",
]


def shopify_orders() -> bytes:
    """Order columns on the first row only; a zip code with an apostrophe; a note over two lines; one euro, one dollar."""
    rows = [
        {
            "Name": "#1001", "Email": "lena.vogt@example.org", "Financial Status": "paid", "Paid at": "2026-11-05 10:02:11 +0100",
            "Fulfillment Status": "fulfilled", "Fulfilled at": "2026-11-06 15:00:00 +0100", "Currency": "EUR", "Subtotal": "64.80",
            "Shipping": "4.90", "Taxes": "11.13", "Total": "69.70", "Discount Code": "HERBST10", "Discount Amount": "7.20",
            "Created at": "2026-11-05 10:02:09 +0100", "Lineitem quantity": "2", "Lineitem name": "Teekanne Celadon - 200 ml",
            "Lineitem price": "32.40", "Lineitem sku": "TH-QY-200", "Lineitem fulfillment status": "fulfilled",
            "Shipping Name": "Lena Vogt", "Shipping Street": "Hauptstraße 5, Hinterhaus", "Shipping Address1": "Hauptstraße 5",
            "Shipping Address2": "Hinterhaus", "Shipping City": "Köln", "Shipping Zip": "'01067", "Shipping Province": "",
            "Shipping Country": "DE", "Shipping Phone": "'+49 221 5550100", "Notes": "Bitte klingeln.\n2. Stock",
            "Refunded Amount": "0.00", "Id": "5512345678901234", "Source": "web",
        },
        {"Name": "#1001", "Email": "lena.vogt@example.org", "Lineitem quantity": "1", "Lineitem name": "Teesieb, fein",
         "Lineitem price": "7.20", "Lineitem sku": "TS-01", "Lineitem fulfillment status": "fulfilled"},
        {
            "Name": "#1002", "Email": "j.doe@example.com", "Financial Status": "refunded", "Fulfillment Status": "unfulfilled",
            "Currency": "USD", "Subtotal": "21.00", "Shipping": "5.00", "Taxes": "0.00", "Total": "26.00", "Discount Amount": "0.00",
            "Created at": "2026-11-07 23:59:59 -0500", "Lineitem quantity": "1", "Lineitem name": "Gaiwan", "Lineitem price": "21.00",
            "Lineitem sku": "GW-01", "Lineitem fulfillment status": "pending", "Shipping Name": "J Doe", "Shipping City": "Austin",
            "Shipping Zip": "78704", "Shipping Province": "TX", "Shipping Country": "US",
            "Cancelled at": "2026-11-08 08:00:00 -0500", "Refunded Amount": "26.00",
        },
    ]  # fmt: skip
    return rows_of(SHOPIFY_COLUMNS, rows, end="\n").encode()


def shopify_products() -> bytes:
    columns = [
        "Handle",
        "Title",
        "Body (HTML)",
        "Vendor",
        "Product Category",
        "Type",
        "Tags",
        "Published",
        "Option1 Name",
        "Option1 Value",
        "Option2 Name",
        "Option2 Value",
        "Option3 Name",
        "Option3 Value",
        "Variant SKU",
        "Variant Grams",
        "Variant Inventory Qty",
        "Variant Price",
        "Variant Barcode",
        "Image Src",
        "Status",
    ]
    rows = [
        {
            "Handle": "celadon-teapot", "Title": "Celadon Teapot", "Body (HTML)": "<p>Hand <b>thrown</b> &amp; glazed.</p><ul><li>200 ml</li></ul>",
            "Vendor": "Mingbai", "Type": "Teapots", "Tags": "tea, celadon, gift", "Published": "true", "Option1 Name": "Size",
            "Option1 Value": "200 ml", "Variant SKU": "TH-QY-200", "Variant Grams": "420", "Variant Inventory Qty": "7",
            "Variant Price": "32.40", "Variant Barcode": "'06901234567892", "Image Src": "https://img.example/1.jpg", "Status": "active",
        },
        {"Handle": "celadon-teapot", "Option1 Value": "300 ml", "Variant Grams": "560", "Variant Inventory Qty": "-1", "Variant Price": "39.00"},
        {"Handle": "celadon-teapot", "Image Src": "https://img.example/2.jpg"},
        {"Handle": "cha-ze", "Title": "紫竹茶则", "Option1 Name": "Title", "Option1 Value": "Default Title", "Variant SKU": "CZ-3",
         "Variant Price": "6.00", "Variant Inventory Qty": "0", "Status": "draft"},
    ]  # fmt: skip
    return rows_of(columns, rows, end="\n").encode()


def shopify_customers() -> bytes:
    columns = [
        "Customer ID",
        "First Name",
        "Last Name",
        "Email",
        "Accepts Email Marketing",
        "Company",
        "Address1",
        "Address2",
        "City",
        "Province",
        "Province Code",
        "Country",
        "Country Code",
        "Zip",
        "Phone",
        "Accepts SMS Marketing",
        "Total Spent",
        "Total Orders",
        "Tags",
        "Note",
        "Tax Exempt",
    ]
    rows = [
        {"Customer ID": "'7012345678901", "First Name": "Lena", "Last Name": "Vogt", "Email": "lena.vogt@example.org", "Address1": "Hauptstraße 5",
         "City": "Köln", "Zip": "'01067", "Country": "Germany", "Country Code": "DE", "Phone": "'+492215550100", "Tags": "vip, tea"},
        {"Customer ID": "'7012345678902", "Email": "j.doe@example.com", "Country Code": "US"},
    ]  # fmt: skip
    return rows_of(columns, rows, end="\n").encode()


def amazon_orders() -> bytes:
    """Tab separated, Windows-1252, a bare quotation mark, one order over two rows, an order still without prices."""
    columns = [
        "amazon-order-id",
        "merchant-order-id",
        "purchase-date",
        "last-updated-date",
        "order-status",
        "fulfillment-channel",
        "sales-channel",
        "order-channel",
        "url",
        "ship-service-level",
        "product-name",
        "sku",
        "asin",
        "item-status",
        "quantity",
        "currency",
        "item-price",
        "item-tax",
        "shipping-price",
        "shipping-tax",
        "gift-wrap-price",
        "gift-wrap-tax",
        "item-promotion-discount",
        "ship-promotion-discount",
        "ship-city",
        "ship-state",
        "ship-postal-code",
        "ship-country",
        "promotion-ids",
        "is-business-order",
        "purchase-order-number",
        "price-designation",
    ]
    rows = [
        {"amazon-order-id": "302-1234567-7654321", "purchase-date": "2026-11-11T19:03:04+00:00", "order-status": "Shipped",
         "fulfillment-channel": "Merchant", "sales-channel": "Amazon.de", "product-name": 'Teetablett 12" Bambus', "sku": "TB-12",
         "asin": "B0TEAXXXX1", "item-status": "Shipped", "quantity": "2", "currency": "EUR", "item-price": "59.98", "item-tax": "9.58",
         "shipping-price": "3.99", "item-promotion-discount": "6.00", "ship-city": "Köln", "ship-state": "NRW",
         "ship-postal-code": "01067", "ship-country": "DE", "is-business-order": "false"},
        {"amazon-order-id": "302-1234567-7654321", "purchase-date": "2026-11-11T19:03:04+00:00", "order-status": "Shipped",
         "product-name": "Teeschaufel", "sku": "CZ-3", "asin": "B0TEAXXXX2", "item-status": "Shipped", "quantity": "3", "currency": "EUR",
         "item-price": "20.00", "item-tax": "3.19", "ship-city": "Köln", "ship-country": "DE"},
        {"amazon-order-id": "111-0000000-0000001", "purchase-date": "2026-11-12T01:00:00+00:00", "order-status": "Pending",
         "product-name": "Gaiwan", "sku": "GW-01", "asin": "B0TEAXXXX3", "item-status": "Pending", "quantity": "0", "ship-country": "US"},
    ]  # fmt: skip
    lines = ["\t".join(columns), *("\t".join(row.get(name, "") for name in columns) for row in rows)]
    return "\n".join([*lines, ""]).encode("cp1252")


def woocommerce_products() -> bytes:
    columns = [
        "ID",
        "Type",
        "SKU",
        "Name",
        "Published",
        "Is featured?",
        "Visibility in catalog",
        "Short description",
        "Description",
        "Date sale price starts",
        "Date sale price ends",
        "Tax status",
        "In stock?",
        "Stock",
        "Sale price",
        "Regular price",
        "Categories",
        "Tags",
        "Images",
        "Parent",
        "Attribute 1 name",
        "Attribute 1 value(s)",
        "Attribute 1 visible",
        "Attribute 1 global",
        "Attribute 2 name",
        "Attribute 2 value(s)",
    ]
    rows = [
        {"ID": "11", "Type": "variable", "SKU": "", "Name": "Gaiwan", "Published": "1", "Categories": "Tea > Cups, Gifts", "Tags": "white, gift",
         "Description": "<p>Porcelain</p>", "In stock?": "1", "Attribute 1 name": "Colour", "Attribute 1 value(s)": "White, Blue"},
        {"ID": "12", "Type": "variation", "SKU": "GW-W", "Name": "Gaiwan - White", "Published": "1", "In stock?": "1", "Stock": "5",
         "Regular price": "21", "Sale price": "18.50", "Date sale price starts": "2026-11-20", "Parent": "id:11",
         "Attribute 1 name": "Colour", "Attribute 1 value(s)": "White"},
        {"ID": "13", "Type": "variation", "SKU": "", "Name": "Gaiwan - Blue", "Published": "-1", "In stock?": "backorder", "Regular price": "22",
         "Parent": "id:11", "Attribute 1 name": "Colour", "Attribute 1 value(s)": "Blue"},
        {"ID": "14", "Type": "simple, virtual", "SKU": "KURS", "Name": "茶艺课", "Published": "0", "In stock?": "0", "Regular price": "99.00"},
    ]  # fmt: skip
    return b"\xef\xbb\xbf" + rows_of(columns, rows, end="\n").encode()


FORMATS = {
    "ExportOrderList202611120905.csv": taobao_orders,
    "ExportOrderDetailList202611120905.csv": taobao_lines,
    "pdd.csv": pinduoduo,
    "douyin.csv": douyin,
    "orders_export.csv": shopify_orders,
    "products_export.csv": shopify_products,
    "customers_export.csv": shopify_customers,
    "amazon.txt": amazon_orders,
    "wc-products.csv": woocommerce_products,
}


# --- spreadsheets -------------------------------------------------------------------------------------------------

Cell = str | int | float | None
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd hh:mm:ss"/>'
    '<numFmt numFmtId="165" formatCode="00000"/></numFmts><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="164"/>'
    '<xf numFmtId="14"/><xf numFmtId="165"/></cellXfs></styleSheet>'
)


def letters(column: int) -> str:
    return (letters(column // 26 - 1) if column >= 26 else "") + chr(65 + column % 26)


def excel(
    sheets: dict[str, list[list[Cell]]], merged: tuple[str, ...] = (), styles: dict[str, int] | None = None
) -> bytes:
    """As Excel saves: shared strings, styles, relative paths. `styles`: a cell's style by its reference."""
    strings: dict[str, int] = {}
    files = {"xl/styles.xml": STYLES}
    for number, rows in enumerate(sheets.values(), 1):
        lines = []
        for at, row in enumerate(rows, 1):
            cells = []
            for column, value in enumerate(row):
                reference = f"{letters(column)}{at}"
                style = f' s="{(styles or {}).get(reference, 0)}"'
                if isinstance(value, str):
                    cells.append(
                        f'<c r="{reference}"{style} t="s"><v>{strings.setdefault(value, len(strings))}</v></c>'
                    )
                elif value is not None:
                    cells.append(f'<c r="{reference}"{style}><v>{value!r}</v></c>')
            lines.append(f'<row r="{at}">{"".join(cells)}</row>')
        areas = "".join(f'<mergeCell ref="{area}"/>' for area in merged) if number == 1 else ""
        areas = f"<mergeCells>{areas}</mergeCells>" if areas else ""
        files[f"xl/worksheets/sheet{number}.xml"] = (
            f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}</sheetData>{areas}</worksheet>'
        )
    items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in strings)
    files["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{items}</sst>'
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, 1)
    )
    files["xl/workbook.xml"] = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets>{listed}</sheets></workbook>'
    )
    relations = [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
    relations += [("rId90", "styles", "styles.xml"), ("rId91", "sharedStrings", "sharedStrings.xml")]
    files["xl/_rels/workbook.xml.rels"] = _relations(relations)
    files["_rels/.rels"] = _relations([("rId1", "officeDocument", "xl/workbook.xml")])
    files["[Content_Types].xml"] = "<Types/>"
    return zipped(files)


def wps(rows: list[list[str]]) -> bytes:
    """As WPS and its web version save: inline strings, a prefix, absolute paths, no styles, no references on cells."""
    lines = "".join(
        "<x:row>"
        + "".join(f'<x:c t="inlineStr"><x:is><x:t>{escape(cell)}</x:t></x:is></x:c>' for cell in row)
        + "</x:row>"
        for row in rows
    )
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": _relations([("a", "officeDocument", "/xl/workbook.xml")]),
            "xl/_rels/workbook.xml.rels": _relations([("b", "worksheet", "/xl/worksheets/sheet1.xml")]),
            "xl/workbook.xml": f'<x:workbook xmlns:x="{MAIN}" xmlns:r="{REL}"><x:sheets>'
            '<x:sheet name="订单" sheetId="1" r:id="b"/></x:sheets></x:workbook>',
            "xl/worksheets/sheet1.xml": f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{lines}</x:sheetData></x:worksheet>',
        }
    )


def edited(data: bytes, exchanges: dict[bytes, bytes]) -> bytes:
    """The workbook with these bytes of its sheets exchanged, for what only other programs write."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for before, after in exchanges.items():
        assert any(before in part for part in parts.values()), before
        parts = {name: part.replace(before, after) for name, part in parts.items()}
    return zipped({**parts})


def _relations(relations: list[tuple[str, str, str]]) -> str:
    each = "".join(
        f'<Relationship Id="{key}" Type="{REL}/{kind}" Target="{target}"/>' for key, kind, target in relations
    )
    return f'<Relationships xmlns="{PACKAGE}">{each}</Relationships>'


def zipped(files: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def wechat() -> bytes:
    """Two sheets (the first is a note), order columns merged over two rows, dates as numbers, a 19-digit number as text."""
    rows = wechat_rows()
    both = [letters(WECHAT_COLUMNS.index(name)) for name in WECHAT_COLUMNS[:21]]
    merged = (*tuple(f"{letter}3:{letter}4" for letter in both), "A1:F1")
    sheet: list[list[Cell]] = [["2026年11月 订单"], *rows]
    return excel({"订单": sheet, "说明": [["导出时间", "2026-11-12"], ["备注", "无"]]}, merged, {"B3": 1})
