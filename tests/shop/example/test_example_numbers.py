"""Numbers have the shape and the check digit of their kind, computed here once more, and belong to nobody."""

import re

from mingbai.values.records import (
    KINDS,
    Customer,
    InvoiceRequest,
    Order,
    PolicyDocument,
    Product,
    Return,
    Review,
    Said,
    Shipment,
    Shop,
    Variant,
)


def _sf_fits(number: str) -> bool:
    """merchant.md §3.4: without the first three digits, from the right times 1, 3, 5 …, the digits of each product added."""
    digits = number.removeprefix("SF")
    total = sum(
        sum(map(int, str(int(digit) * weight)[-2:]))
        for digit, weight in zip(reversed(digits[3:-1]), range(1, 99, 2), strict=False)
    )
    return (total + int(digits[-1])) % 10 == 0


def _gs1_fits(number: str) -> bool:
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(number)))
    return total % 10 == 0


_SHAPES = {
    "顺丰速运": (r"SF\d{13}", _sf_fits),
    "顺丰国际": (r"SF\d{13}", _sf_fits),
    "京东快递": (r"JD\d{13}", None),
    "中通快递": (r"78\d{12}", None),
    "圆通速递": (r"YT\d{13}", None),
    "云途物流": (r"YT\d{16}", None),
    "DHL": (
        r"00340\d{15}|\d{10}",
        lambda number: _gs1_fits(number) if len(number) == 20 else int(number[:9]) % 7 == int(number[9]),
    ),
}


def test_tracking_numbers_are_of_their_carrier_and_come_once(shop):
    numbers = [it.tracking_no for it in shop.all(Shipment)] + [
        it.tracking_no for it in shop.all(Return) if it.tracking_no
    ]
    assert len(numbers) == len(set(numbers))
    for it in shop.all(Shipment):
        shape, fits = _SHAPES[it.carrier]
        assert re.fullmatch(shape, it.tracking_no), it
        assert fits is None or fits(it.tracking_no), it
    assert {it.carrier for it in shop.all(Shipment)} == set(_SHAPES)


def test_tax_codes_have_their_check_character(shop):
    """GB 32100-2015."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    codes = {it.tax_code for it in shop.all(InvoiceRequest) if it.kind != "personal"}
    assert len(codes) >= 6
    for code in codes:
        total = sum(alphabet.index(c) * w for c, w in zip(code[:17], weights, strict=True))
        assert code[17] == alphabet[-total % 31], code
    assert all(it.tax_code is None for it in shop.all(InvoiceRequest) if it.kind == "personal")


def test_invoice_numbers_have_twenty_digits(shop):
    numbers = [it.invoice_no for it in shop.all(InvoiceRequest) if it.invoice_no]
    assert all(re.fullmatch(r"\d{20}", number) for number in numbers)
    assert len(numbers) == len(set(numbers)) > 5


def test_order_numbers_are_of_their_platform(shop):
    shapes = {"mingbai": r"MB(\d{8})-\d{4}", "taobao": r"\d{19}", "shopify": r"#\d{4}"}
    for order in shop.all(Order):
        found = re.fullmatch(shapes[order.platform], order.order_no)
        assert found, order.order_no
        if order.platform == "mingbai":
            assert found[1] == f"{order.created_at:%Y%m%d}"


def test_bar_codes_are_for_use_inside_a_shop(shop):
    codes = [variant.barcode for variant in shop.all(Variant)]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"20\d{11}", code) and _gs1_fits(code) for code in codes)


def test_telephones_are_assigned_to_nobody(shop):
    """154 is no carrier's; German film blocks; 555-01xx; and the shapes are those of real ones."""
    nobody = re.compile(
        r"154\d{8}|154\*{4}\d{4}|154\d{8}-\d{4}|\+852 5550 \d{4}|0900-\d{3}-\d{3}"
        r"|\+49 (?:30 23125|69 90009|40 66969|221 4710|89 99998) \d{3}|\+1 \d{3} 555 01\d{2}"
    )
    for it in (*shop.all(Customer), *shop.all(Order)):
        assert nobody.fullmatch(it.phone), "a telephone that may be somebody's"


def test_mail_goes_nowhere(shop):
    for it in (*shop.all(Customer), *shop.all(Order), *shop.all(InvoiceRequest)):
        assert it.email is None or re.fullmatch(r"[a-z0-9.]+@example\.(?:com|org)", it.email), (
            "a real mailbox"
        )
    for text in _texts(shop):
        for domain in re.findall(r"@([\w.]*\w)", text):
            assert domain.endswith((".example", "example.com", "example.org"))


# Names of makers and shops that a text about tea, kettles and thermos bottles easily slips in. Carriers and platforms may stand.
_OTHERS = re.compile(
    r"(?i)tritan|pyrex|飘逸|膳魔师|象印|虎牌|哈尔斯|美的|苏泊尔|九阳|小米|飞利浦|小熊电器|大益|八马|天福|竹叶青|立顿|三顿半|星巴克"
    r"|thermos®|zojirushi|stanley|hario|bodum|philips|xiaomi|midea|bosch|lipton|twinings|starbucks|ikea|宜家|无印|muji|华为|苹果手机"
)


def test_no_text_names_another_makers_brand(shop):
    for text in _texts(shop):
        found = _OTHERS.search(text)
        assert not found, f"{found[0]} in {text[:60]}"


def test_no_text_boasts(shop):
    """广告法 art. 9 forbids superlatives of this sort; `最晚` and the like are none."""
    for product in shop.all(Product):
        assert not re.search(
            r"国家级|最高级|最佳|最好|第一品牌|绝对|顶级|极品|治疗|疗效|best in the world",
            product.description_zh + product.title_zh,
        )


def _texts(shop) -> list[str]:
    texts = []
    for product in shop.all(Product):
        texts += [
            product.title_zh,
            product.title_en,
            product.description_zh,
            product.description_en,
            str(product.attributes),
        ]
    texts += [page.text for page in shop.all(PolicyDocument)]
    texts += [review.text + review.reply for review in shop.all(Review)]
    texts += [said.text for said in shop.all(Said)]
    texts += [str(it.facts) + it.hours_zh + it.hours_en for it in shop.all(Shop)]
    return texts


def test_every_row_knows_the_file_and_line_it_came_from(shop):
    assert len({type(row.record) for row in shop.sourced}) == len(KINDS)
    for row in shop.sourced:
        assert row.origin.file
        assert row.origin.line >= 1
        assert "/" not in row.origin.file or row.origin.file.split("/")[0] in ("zh", "en")
