"""The shop's pages say what its rows say: fees, sizes, dates, terms, and the sum of the coupon page's example."""

import re

import pytest

from mingbai.shop.example import offers
from mingbai.shop.example.bargain import basket
from mingbai.shop.example.make import TODAY
from mingbai.shop.example.people import regions
from mingbai.shop.example.prices import prices
from mingbai.shop.skills.page_sentences import blocks
from mingbai.values.money import Money
from mingbai.values.records import Campaign, Coupon, Order, PolicyDocument, Product, Shipment, Shop


@pytest.fixture(scope="module")
def pages(shop):
    return {(page.document_no, page.lang): page.text for page in shop.all(PolicyDocument)}


def test_delivery_fees(pages):
    table = {}
    for names, fee, free in re.findall(
        r"^\| (.+?) \| (\d+) 元 \| 满 (\d+) 元 \|$", pages["regions", "zh"], re.M
    ):
        for name in names.split("、"):
            table[name] = (Money(int(fee) * 100, "CNY"), Money(int(free) * 100, "CNY"))
    rest = table.pop("中国大陆（下列偏远地区除外）")
    for region in regions().values():
        named = next((fees for name, fees in table.items() if region.name.startswith(name)), rest)
        assert (region.fee, region.free_from) == named, region.name
    assert len(table) == 9


def test_orders_paid_those_fees(shop):
    for order in shop.all(Order):
        if order.country == "DE":
            free = order.goods.minor - order.discount.minor >= 5900
            assert order.shipping == Money(0 if free else 490, "EUR")
        if order.country == "TW":
            free = order.goods.minor - order.discount.minor >= 59900
            assert order.shipping == Money(0 if free else 3500, "CNY")


def test_the_size_guide_is_the_chart_of_the_product(shop, pages):
    facts = dict(shop.by(Product)["T044"].attributes)
    rows = re.findall(
        r"^\| (S|M|L|XL|XXL) \| (\S+) \| (\S+) \| (\S+) \| (\d+) \| (\d+) \|$",
        pages["size-guide", "zh"],
        re.M,
    )
    assert len(rows) == 5
    for size, height, weight, jin, chest, length in rows:
        said = f"身高 {height} cm，体重 {weight} kg，胸围 {chest} cm，衣长 {length} cm".replace("–", "-")
        assert facts[f"尺码 {size}"] == said
        assert [int(half) * 2 for half in weight.split("–")] == [int(whole) for whole in jin.split("–")]


def test_the_days_of_double_eleven(shop, pages):
    (campaign,) = [it for it in shop.all(Campaign) if it.campaign_no == "D11-2025"]
    for start, end in (
        (campaign.deposit_from, campaign.deposit_to),
        (campaign.balance_from, campaign.balance_to),
    ):
        zh = f"{start.month} 月 {start.day} 日 {start:%H:%M} – {end.month} 月 {end.day} 日 {end:%H:%M}"
        en = f"{start.day} {start:%B} {start:%H:%M} – {end.day} {end:%B} {end:%H:%M}"
        assert zh in pages["double11", "zh"]
        assert en in pages["double11", "en"]
    assert campaign.price_protection_days == 30


def test_warranty_terms_are_those_of_the_page(shop):
    terms = {"电器": 365, "保温": 730, "茶具 > 茶壶 > 紫砂壶": 90, "茶具 > 泡茶杯": 180, "配件 > 电子秤": 365}
    for product in shop.all(Product):
        term = next((days for category, days in terms.items() if product.category.startswith(category)), None)
        assert product.warranty_days == term, product.product_no


def test_tea_and_custom_goods_are_the_exceptions_of_the_returns_page(shop):
    excepted = {product.product_no for product in shop.all(Product) if not product.no_reason_return}
    tea = {product.product_no for product in shop.all(Product) if product.category.startswith("茶叶")}
    assert tea == {f"T{number:03d}" for number in range(46, 54)}
    assert excepted == tea | {"T020", "T055"}


def test_the_example_of_the_coupon_page(shop, pages):
    """138 + 199 = 337; 40 off every 300: 297; 20 off 199: 277, delivery free."""
    assert (
        "共 337 元。每满 300 减 40 后 297 元，还可以用满 199 减 20，实付 277 元，包邮"
        in pages["coupons", "zh"]
    )
    (end,) = [it.balance_to for it in shop.all(Campaign) if it.campaign_no == "D11-2025"]
    known = {row.record.code: row.record for row in offers.coupons(TODAY) if isinstance(row.record, Coupon)}
    sum_up = basket(
        [("T001-QH-200", 1), ("T039-BAI-10", 1)],
        regions()["浙江省"],
        "CNY",
        end.replace(day=20),
        prices(TODAY),
        {code: known[code] for code in ("EVERY300", "TEA20")},
    )
    assert sum_up.goods == Money(33700, "CNY")
    assert sum_up.total == Money(27700, "CNY")
    assert sum_up.codes == ("EVERY300", "TEA20")


def test_dear_orders_to_germany_leave_from_frankfurt(shop):
    orders = shop.by(Order)
    far = [orders[it.order_no] for it in shop.all(Shipment) if it.carrier == "云途物流"]
    assert far
    assert all(order.total.minor <= 15000 for order in far if order.country == "DE")


def test_only_regulars_have_their_coupon_and_once_a_month(shop):
    from mingbai.values.records import Customer

    tags = {customer.customer_id: customer.tags for customer in shop.all(Customer)}
    used = [
        (order.customer_id, f"{order.created_at:%Y-%m}")
        for order in shop.all(Order)
        if "VIP88" in order.coupon_codes
    ]
    assert len(used) == len(set(used)) > 3
    assert all("老茶客" in tags[customer] for customer, _ in used)


def test_the_shop_tells_where_returns_go(shop):
    (it,) = shop.all(Shop)
    facts = dict(it.facts)
    for name in (
        "国内退货地址",
        "德国退货地址",
        "美国退货地址",
        "return address in China",
        "发货承诺",
        "dispatch promise",
    ):
        assert facts[name]


def test_both_languages_have_the_same_points_and_sentences(pages):
    """So that a sentence found in one language is told in the other's words, and not by the paragraph around it."""
    for number in sorted({number for number, _ in pages}):
        zh, en = (blocks(pages[number, lang]) for lang in ("zh", "en"))
        assert [block.place for block in zh] == [block.place for block in en], number
        for one, other in zip(zh, en, strict=True):
            assert len(one.sentences) == len(other.sentences), (number, one.sentences, other.sentences)
