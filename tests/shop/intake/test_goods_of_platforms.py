"""Catalogues as Taobao's, Pinduoduo's and Douyin's back offices export them; goods, numbers and brands are invented."""

from __future__ import annotations

import csv
import io

import intake_workbooks as workbooks
from intake_home import all_of, counts, reasons, take, the

from mingbai.shop.records.home import Records
from mingbai.values.money import Money
from mingbai.values.records import Price, Product, Stock, Variant

# As 淘宝助理 writes them, in both languages (public programs that read and write the file: 64 columns at most).
TAOBAO = {
    "title": "宝贝名称", "cid": "宝贝类目", "seller_cids": "店铺类目", "stuff_status": "新旧程度", "location_state": "省", "location_city": "城市",
    "item_type": "出售方式", "price": "宝贝价格", "auction_increment": "加价幅度", "num": "宝贝数量", "valid_thru": "有效期", "freight_payer": "运费承担",
    "post_fee": "平邮", "ems_fee": "EMS", "express_fee": "快递", "has_invoice": "发票", "has_warranty": "保修", "approve_status": "放入仓库",
    "has_showcase": "橱窗推荐", "list_time": "开始时间", "description": "宝贝描述", "cateProps": "宝贝属性", "postage_id": "邮费模版ID",
    "has_discount": "会员打折", "modified": "修改时间", "upload_fail_msg": "上传状态", "picture_status": "图片状态", "auction_point": "返点比例",
    "picture": "新图片", "video": "视频", "skuProps": "销售属性组合", "inputPids": "用户输入ID串", "inputValues": "用户输入名-值对", "outer_id": "商家编码",
    "propAlias": "销售属性别名", "auto_fill": "代充类型", "num_id": "数字ID", "local_cid": "本地ID", "navigation_type": "宝贝分类", "user_name": "用户名称",
    "syncStatus": "宝贝状态", "is_lighting_consigment": "闪电发货", "is_xinpin": "新品", "features": "尺码库", "barcode": "商品条形码",
    "sku_barcode": "sku 条形码", "newprepay": "7天退货", "subtitle": "宝贝卖点", "cpv_memo": "属性值备注", "input_custom_cpv": "自定义属性值",
}  # fmt: skip


def taobao(*goods: dict[str, str]) -> bytes:
    """UTF-16 with its mark, tabs, a version line and two lines of header; texts are quoted and hold tabs and line ends."""
    out = io.StringIO()
    out.write("version 1.00\r\n")
    writer = csv.writer(out, delimiter="\t", lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow(TAOBAO)
    writer.writerow(TAOBAO.values())
    for one in goods:
        writer.writerow([one.get(name, "") for name in TAOBAO.values()])
    return out.getvalue().encode("utf-16")


POT = {
    "宝贝名称": "紫砂壶 西施 手工茶壶", "宝贝类目": "50006298", "宝贝价格": "168", "宝贝数量": "12", "放入仓库": "1", "商家编码": "ZS-01", "数字ID": "678901234567890123",
    "宝贝描述": '<p style="color:red">宜兴紫泥，\t容量 <b>180ml</b></p>\r\n<img src="https://img.example/1.jpg"><p>首次使用请先"开壶"。</p>',
    "宝贝属性": "20000:84533669;1627207:-1001;1627207:-1002;20509:28383", "用户输入ID串": "20000,13021751,99887766", "用户输入名-值对": "明白,ZS-2026,手工",
    "销售属性组合": "168:5:ZS-01-Z:1627207:-1001;20509:28383;199.5:0:0091:1627207:-1002;20509:28383;0:7::1627207:-1003;20509:28383;",
    "销售属性别名": "20509:28383:180ml;", "自定义属性值": "1627207:-1001:紫泥;1627207:-1002:朱泥: 限量;", "sku 条形码": "6901234567892;;6901234567893;",
    "宝贝卖点": "宜兴紫泥，手工",
}  # fmt: skip
TOWEL = {
    "宝贝名称": "茶巾", "宝贝价格": "9.90", "宝贝数量": "300", "放入仓库": "2", "商家编码": "=\"0012\"", "数字ID": "678901234567890124",
    "商品条形码": "'6901234567894", "宝贝描述": "<p>纯棉</p>",
}  # fmt: skip
DRAFT = {
    "宝贝名称": "Gaiwan, white porcelain",
    "宝贝价格": "88",
    "宝贝数量": "3",
    "放入仓库": "0",
    "商家编码": "GW-01",
}
SPOILT = {**POT, "数字ID": "678901234567890125", "销售属性组合": "168:5:A:1627207:-1001;坏的"}


def yuan(amount: str) -> Money:
    return Money.of(amount, "CNY")


def prices(records: Records) -> dict[tuple[str, str], Money]:
    return {(price.sku, price.kind): price.amount for price in all_of(records, Price)}


def test_taobao_products(records: Records) -> None:
    report = take(records, {"宝贝.csv": taobao(POT, TOWEL, DRAFT, SPOILT)})
    assert [sheet.profile for sheet in report.sheets] == ["taobao-products"]
    assert counts(report) == (3, 0, 0, 1)
    assert "not of the form price:number:code" in next(iter(reasons(report).values()))
    assert {fault.column for fault in report.sheets[0].faults} == {"销售属性组合"}

    pot = the(records, Product, "678901234567890123")
    assert (pot.title_zh, pot.brand, pot.listed) == ("紫砂壶 西施 手工茶壶", "明白", True)
    assert pot.attributes == (("货号", "ZS-2026"), ("属性 99887766", "手工"))
    assert pot.description_zh == '宜兴紫泥， 容量 180ml\n首次使用请先"开壶"。'
    assert pot.category == ""  # the file has a number only, which is no category
    first, second = the(records, Variant, "ZS-01-Z"), the(records, Variant, "0091")
    assert first.options == (("颜色分类", "紫泥"), ("尺码", "180ml"))
    assert second.options == (("颜色分类", "朱泥: 限量"), ("尺码", "180ml"))
    assert (first.barcode, second.barcode) == ("6901234567892", "")
    # Without a code of its own a variant goes by its product's number and its properties; 0 is no price.
    third = the(records, Variant, "678901234567890123/1627207:-1003;20509:28383")
    assert third.options[0] == ("颜色分类", "-1003")
    assert prices(records) == {
        ("ZS-01-Z", "list"): yuan("168"), ("0091", "list"): yuan("199.5"), ("0012", "list"): yuan("9.90"), ("GW-01", "list"): yuan("88"),
    }  # fmt: skip
    assert [the(records, Stock, sku, "").on_hand for sku in ("ZS-01-Z", "0091", third.sku, "0012")] == [
        5,
        0,
        7,
        300,
    ]

    towel = the(records, Product, "678901234567890124")
    assert (towel.listed, the(records, Variant, "0012").barcode) == (False, "6901234567894")
    gaiwan = the(records, Product, "GW-01")
    assert (gaiwan.title_zh, gaiwan.title_en) == ("", "Gaiwan, white porcelain")
    assert "宝贝类目" in report.sheets[0].left

    assert counts(take(records, {"宝贝.csv": taobao(POT, TOWEL, DRAFT)})) == (0, 0, 3, 0)


def test_one_code_for_all_variants_of_a_product_is_told_apart(records: Records) -> None:
    same = {
        **POT,
        "销售属性组合": "168:5:ZS:1627207:-1001;188:4:ZS:1627207:-1002;99:3:TAO:1627207:-1003;",
        "sku 条形码": "",
    }
    assert counts(take(records, {"宝贝.csv": taobao(same)})) == (1, 0, 0, 0)
    assert prices(records) == {
        ("ZS/1627207:-1001", "list"): yuan("168"), ("ZS/1627207:-1002", "list"): yuan("188"), ("TAO", "list"): yuan("99"),
    }  # fmt: skip


def test_a_taobao_file_saved_again_as_gbk(records: Records) -> None:
    data = taobao(POT).decode("utf-16").encode("gb18030")
    assert counts(take(records, {"宝贝.csv": data})) == (1, 0, 0, 0)
    assert the(records, Variant, "ZS-01-Z").options == (("颜色分类", "紫泥"), ("尺码", "180ml"))


PINDUODUO = [
    "商品ID", "商品名称", "商品一级类目", "商品二级类目", "商品状态", "材质", "商品规格", "样式ID", "规格编码", "拼单价(元)", "单买价(元)", "库存(件)", "规格状态",
    "商品描述", "30天销量",
]  # fmt: skip


def pinduoduo() -> bytes:
    """Product cells merged over their variants, an id of 12 digits as a number, prices as money and as text."""
    rows: list[list[workbooks.Cell]] = [
        ["商品导出 2026-11-25"],
        [*PINDUODUO],
        [754299529443, "【两只装】功夫茶杯", "家居生活", "茶具", "已上架", "白瓷", "白瓷,两只", "1234567890123456789", "B-02", 35.0, "39.80元", 12, "上架",
         "<p>手绘<br>青花</p>", "1,024"],
        [None, None, None, None, None, None, "青瓷,两只", "1234567890123456790", None, 36.9, 39.8, 0, "下架", None, 3],
        [754299529444, "茶巾", "家居生活", None, "已下架", None, "默认", "1234567890123456791", "0007", 9.9, None, 5, "上架", None, 0],
        [754299529445, "茶漏", "家居生活", None, "审核中", None, "默认", "1234567890123456792", "CL-1", "面议", 12, 5, "上架", None, 0],
    ]  # fmt: skip
    return workbooks.excel(
        {"商品": rows}, tuple(f"{workbooks.letters(at)}3:{workbooks.letters(at)}4" for at in range(6))
    )


def test_pinduoduo_products(records: Records) -> None:
    report = take(records, {"goods.xlsx": pinduoduo()})
    assert [sheet.profile for sheet in report.sheets] == ["pinduoduo-products"]
    assert counts(report) == (3, 0, 0, 1)
    assert set(reasons(report)) == {6}

    cup = the(records, Product, "754299529443")
    assert (cup.title_zh, cup.category, cup.listed) == ("【两只装】功夫茶杯", "家居生活 > 茶具", True)
    assert (cup.attributes, cup.description_zh) == ((("材质", "白瓷"),), "手绘\n青花")
    white, green = the(records, Variant, "B-02"), the(records, Variant, "1234567890123456790")
    assert white.options == (("商品规格", "白瓷,两只"),)
    assert (white.listed, green.listed) == (True, False)
    assert prices(records) == {
        ("B-02", "list"): yuan("39.80"), ("B-02", "sale"): yuan("35"), ("1234567890123456790", "list"): yuan("39.80"),
        ("1234567890123456790", "sale"): yuan("36.90"), ("0007", "sale"): yuan("9.90"),
    }  # fmt: skip
    assert [the(records, Stock, sku, "").on_hand for sku in ("B-02", green.sku, "0007")] == [12, 0, 5]
    assert the(records, Product, "754299529444").listed is False
    assert "30天销量" in report.sheets[0].left
    assert counts(take(records, {"goods.xlsx": pinduoduo()})) == (0, 0, 3, 1)


DOUYIN = [
    "商品ID", "商品名称", "商品类型", "一级类目", "二级类目", "三级类目", "四级类目", "商品状态", "规格ID（SKUID）", "商品规格", "商家SKU编码", "价格", "库存", "商品详情",
]  # fmt: skip


def douyin() -> bytes:
    """Ids of 19 digits as text, one of them eaten by a spreadsheet; / for no category; the sheet says that it has one cell."""
    same = ["普通商品", "家居", "茶具", "茶壶", "/"]
    rows: list[list[workbooks.Cell]] = [
        [*DOUYIN],
        ["3512345678901234567", "德化白瓷茶壶", *same, "售卖中", "1700000000000000001", "220ml", "DH-220", "128.00", 40, "<div>德化<br/>白瓷</div>"],
        ["3512345678901234567", "德化白瓷茶壶", *same, "售卖中", "1700000000000000002", "300ml", "-", "￥158.00", "", ""],
        ["3512345678901234568", "Tea strainer", *same, "已下架", "1700000000000000003", "/", "CL-1", 9.9, 3, ""],
        [3.512345678901235e18, "茶杯", *same, "售卖中", "1700000000000000004", "一只", "CB-1", 19.9, 3, ""],
    ]  # fmt: skip
    wrong = {b"<sheetData>": b'<dimension ref="A1:A1"/><sheetData>'}
    return workbooks.edited(workbooks.excel({"商品信息": rows}), wrong)


def test_douyin_products(records: Records) -> None:
    report = take(records, {"商品.xlsx": douyin()})
    assert [sheet.profile for sheet in report.sheets] == ["douyin-products"]
    assert counts(report) == (3, 0, 0, 1)
    assert "its digits are lost" in reasons(report)[5]

    pot = the(records, Product, "3512345678901234567")
    assert (pot.category, pot.listed, pot.description_zh) == ("家居 > 茶具 > 茶壶", True, "德化\n白瓷")
    assert the(records, Variant, "DH-220").options == (("商品规格", "220ml"),)
    assert the(records, Variant, "CL-1").options == ()
    # No code of the merchant's: the platform's own number, byte for byte.
    assert prices(records) == {
        ("DH-220", "list"): yuan("128"), ("1700000000000000002", "list"): yuan("158"), ("CL-1", "list"): yuan("9.90"),
    }  # fmt: skip
    assert {stock.sku for stock in all_of(records, Stock)} == {"DH-220", "CL-1"}
    strainer = the(records, Product, "3512345678901234568")
    assert (strainer.title_zh, strainer.title_en, strainer.listed) == ("", "Tea strainer", False)
    assert counts(take(records, {"商品.xlsx": douyin()})) == (0, 0, 3, 1)
