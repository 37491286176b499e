"""A hit as people read it: what it is, what it costs, is it there, and why it was found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from mingbai.shop.records.home import Reader
from mingbai.shop.search.document import Kind
from mingbai.shop.search.documents import current, in_stock
from mingbai.shop.search.query import Exact, Hit
from mingbai.values.money import Money
from mingbai.values.records import PolicyDocument, Price, Product, Review, Stock, Variant

ROUTES = {
    "word": "原词/word", "phrase": "原词/word", "pair": "部分/part", "part": "部分/part", "character": "单字/character", "synonym": "同义/synonym",
    "sound": "读音/sound", "initials": "首字母/initials", "unit": "数量/quantity", "spelling": "拼写/spelling", "none": "无/none",
}  # fmt: skip
BY = {
    "order_no": "订单号 / order number", "phone_tail": "手机尾号 / phone tail", "tracking_no": "运单号 / tracking number",
    "sku": "SKU", "barcode": "条码 / barcode", "product_no": "商品号 / product number",
}  # fmt: skip


def exact_line(row: Exact) -> str:
    return f"={row.kind} {row.key}  （{BY[row.by]}）"


def hit_lines(number: int, hit: Hit, reader: Reader, shop: str) -> Iterator[str]:
    match hit.kind:
        case Kind.PRODUCT:
            title, facts = _product(reader, shop, hit.key)
        case Kind.POLICY:
            title, facts = _policy(reader, shop, hit.key)
        case Kind.REVIEW:
            title, facts = _review(reader, shop, hit.key)
    yield f"{number}. {title}  [{hit.key}]  {hit.score:.2f}"
    if facts:
        yield f"   {facts}"
    yield f"   {_why(hit)}"


def _why(hit: Hit) -> str:
    words = [f"{p.said} {ROUTES[p.route]} {p.met:.0%}" for p in hit.parts if p.met > 0]
    near = f"意思 / meaning {hit.cosine:.2f}" + (
        f", {hit.deep_cosine:.2f}" if hit.deep_cosine is not None else ""
    )
    shares = f"{hit.keyword_share:.2f} + {hit.dense_share:.2f}" + (f" {hit.prior:+.2f}" if hit.prior else "")
    return "；".join([*words, near]) + f"  ({shares})"


def _product(reader: Reader, shop: str, key: str) -> tuple[str, str]:
    row = reader.get(shop, Product, key)
    variants = [r.record for r in reader.rows(shop, Variant, product_no=key) if isinstance(r.record, Variant)]
    titles = (
        (row.record.title_zh, row.record.title_en)
        if row and isinstance(row.record, Product)
        else (variants[0].title_zh, "")
        if variants
        else ("", "")
    )
    now = datetime.now(UTC)
    asked: dict[str, list[int]] = {}
    there = False
    for variant in (v for v in variants if v.listed):
        prices = [r.record for r in reader.rows(shop, Price, sku=variant.sku) if isinstance(r.record, Price)]
        for currency, minor in current(prices, now):
            asked.setdefault(currency, []).append(minor)
        there = there or in_stock(
            [r.record for r in reader.rows(shop, Stock, sku=variant.sku) if isinstance(r.record, Stock)]
        )
    costs = [_range(currency, minors) for currency, minors in sorted(asked.items())]
    stock = "有货 / in stock" if there else "无货 / out of stock"
    return " · ".join(t for t in titles if t) or key, "  ".join([*costs, stock])


def _range(currency: str, minors: list[int]) -> str:
    low, high = min(minors), max(minors)
    return (
        str(Money(low, currency)) if low == high else f"{Money(low, currency).major}–{Money(high, currency)}"
    )


def _policy(reader: Reader, shop: str, key: str) -> tuple[str, str]:
    pages = [r.record for r in reader.rows(shop, PolicyDocument, document_no=key)]
    return " · ".join(p.title for p in pages if isinstance(p, PolicyDocument)) or key, ""


def _review(reader: Reader, shop: str, key: str) -> tuple[str, str]:
    row = reader.get(shop, Review, key)
    if row is None or not isinstance(row.record, Review):
        return key, ""
    text = " ".join(row.record.text.split())
    stars = "★" * row.record.rating if row.record.rating else ""
    return f"{stars} {text[:60]}{'…' if len(text) > 60 else ''}", f"评价 / review of {row.record.product_no}"
