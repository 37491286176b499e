"""Numbers first: an order, a phone's tail, a tracking number, a SKU or a barcode is looked up, never ranked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mingbai.shop.records.home import Reader
from mingbai.shop.search.query import Exact
from mingbai.values.records import Order, Product, Variant

# Whatever stands between Chinese, spaces and punctuation and holds a digit.
NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.#/-]*[0-9A-Za-z]|[0-9A-Za-z]")
AT_MOST = 4  # numbers of one query that are looked up


def exact(reader: Reader, shop: str, text: str) -> tuple[Exact, ...]:
    """Every row that a number in the text names, byte for byte as it was imported."""
    whole = text.strip()
    asked = [whole] if len(whole) <= 64 else []
    asked += [n for n in NUMBER.findall(text) if any(c.isdigit() for c in n) and len(n) >= 4 and n != whole]
    return tuple(dict.fromkeys(found for number in asked[:AT_MOST] for found in _named(reader, shop, number)))


def _named(reader: Reader, shop: str, number: str) -> Iterator[Exact]:
    if not number:
        return
    if reader.get(shop, Order, number) is not None:
        yield Exact("order", number, "order_no")
    for row in reader.orders_by_tracking_no(shop, number):
        assert isinstance(row.record, Order)
        yield Exact("order", row.record.order_no, "tracking_no")
    for row in reader.variants_by_code(shop, number):
        assert isinstance(row.record, Variant)
        yield Exact("variant", row.record.sku, "sku" if row.record.sku == number else "barcode")
    if reader.get(shop, Product, number) is not None:
        yield Exact("product", number, "product_no")
    if len(number) == 4 and number.isdecimal():
        for row in reader.orders_by_phone_tail(shop, number)[:20]:
            assert isinstance(row.record, Order)
            yield Exact("order", row.record.order_no, "phone_tail")
