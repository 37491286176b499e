"""Numbers first: an order, a phone's tail, a tracking number, a SKU or a barcode is looked up, never ranked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mingbai.shop.records.home import Reader
from mingbai.shop.search.query import Exact
from mingbai.values.records import Order, Product, Variant

# Whatever stands between Chinese, spaces and punctuation and holds a digit; Shopify's order numbers begin with #.
NUMBER = re.compile(r"#?[0-9A-Za-z][0-9A-Za-z_.#/-]*[0-9A-Za-z]|[0-9A-Za-z]")
# A whole telephone number, with the signs that people put between its digits.
_PHONE = re.compile(r"(?<![0-9A-Za-z])\+?[0-9](?:[\s().-]{0,2}[0-9]){6,14}(?![0-9A-Za-z])")
_SAME_PHONE = 7  # digits that two writings of one number share at least, whatever stands for the country
AT_MOST = 4  # numbers of one query that are looked up


def exact(reader: Reader, shop: str, text: str) -> tuple[Exact, ...]:
    """Every row that a number in the text names, byte for byte as it was imported."""
    whole = text.strip()
    asked = [whole] if len(whole) <= 64 else []
    asked += [n for n in NUMBER.findall(text) if any(c.isdigit() for c in n) and len(n) >= 4 and n != whole]
    named = [found for number in asked[:AT_MOST] for found in _named(reader, shop, number)]
    named += [found for phone in _PHONE.findall(text)[:AT_MOST] for found in _called(reader, shop, phone)]
    return tuple(dict.fromkeys(named))


def _named(reader: Reader, shop: str, number: str) -> Iterator[Exact]:
    if not number:
        return
    for said in (number, number[1:] if number[0] == "#" else f"#{number}"):
        if said and reader.get(shop, Order, said) is not None:
            yield Exact("order", said, "order_no")
    for row in reader.orders_by_tracking_no(shop, number):
        assert isinstance(row.record, Order)
        yield Exact("order", row.record.order_no, "tracking_no")
    variants = reader.variants_by_code(shop, number)
    for row in () if variants else reader.orders_by_sku(shop, number):  # sold, though the catalogue lacks it
        assert isinstance(row.record, Order)
        yield Exact("order", row.record.order_no, "sku")
    for row in variants:
        assert isinstance(row.record, Variant)
        yield Exact("variant", row.record.sku, "sku" if row.record.sku == number else "barcode")
    if reader.get(shop, Product, number) is not None:
        yield Exact("product", number, "product_no")
    if len(number) == 4 and number.isdecimal():
        for row in reader.orders_by_phone_tail(shop, number)[:20]:
            assert isinstance(row.record, Order)
            yield Exact("order", row.record.order_no, "phone_tail")


def _called(reader: Reader, shop: str, phone: str) -> Iterator[Exact]:
    """The orders of one telephone number, however it is written; a number with stars is known by its tail only."""
    asked = _digits(phone).lstrip("0")
    for row in reader.orders_by_phone_tail(shop, asked[-4:]):
        assert isinstance(row.record, Order)
        there = _digits(row.record.phone or "").lstrip("0")
        shorter, longer = sorted((asked, there), key=len)
        if len(shorter) >= _SAME_PHONE and (longer.startswith(shorter) or longer.endswith(shorter)):
            yield Exact("order", row.record.order_no, "phone_tail")


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdecimal())
