"""What there is of a kind: 盖碗有哪些, 送人的推荐, within a budget. Articles found by search, each with its lowest price."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mingbai.shop.search.document import Kind
from mingbai.shop.skills import price, say, stock
from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.money import Money
from mingbai.values.records import Price, Product, Stock, Variant
from mingbai.values.turn import Fact
from mingbai.zh import amounts

ASKED = re.compile(
    r"有哪些|哪些|推荐|推薦|哪款|哪种|哪個|有什么[^优活]|有没有.{0,8}(?:送|适合|款)|以内|以下|左右|预算|送人|送礼"
    r"|(?i:recommend|which (?:ones|tea|kind|of)|what (?:kinds?|sorts?|teapots|gaiwans|cups|teas)|do you have any|under (?:¥|€|\$|CNY|EUR|USD)? ?\d|suggest|budget|present for|gift for)"
)
_MOST = 4


def offers(scene: Scene, words: str) -> Iterator[Fact]:
    """Up to four listed articles that are to be had, within the budget if one was said."""
    most = budget(scene.text, price.currency_of(scene))
    currency = most.currency if most else price.currency_of(scene)
    count = 0
    hits = scene.find(words or scene.text, Kind.PRODUCT, 16)
    rows = [row for hit in hits if (row := scene.get(Product, hit.key)) is not None and row.record.listed]
    for row in sorted(rows, key=lambda found: not _is_kind(found.record, words)):
        if count == _MOST:
            return
        cheapest = _cheapest(scene, row, currency)
        if cheapest is None or (most is not None and cheapest.record.amount.minor > most.minor):
            continue
        count += 1
        zh = row.record.title_zh or row.record.title_en
        en = row.record.title_en or row.record.title_zh
        amount = cheapest.record.amount
        yield scene.fact(
            "product.offer", amount, f"《{zh}》{say.money(amount)} 起。", f"{en}, from {say.money(amount)}.", row, cheapest,
            about=row.record.product_no,
        )  # fmt: skip


def _is_kind(product: Product, words: str) -> bool:
    """Whether it is of the kind that was asked for by the shop's own categories: 盖碗 is 茶具 > 盖碗."""
    parts = [part.casefold() for part in product.category.split(" > ")]
    parts += [v.casefold() for n, v in product.attributes if n == "category"]
    low = words.casefold().rstrip("s")
    return bool(low) and any(low in part for part in parts)


def budget(text: str, currency: str) -> Money | None:
    """The most that may be spent, as it was said; None where no amount was."""
    found = [a.high for a in amounts.find(text, currency, bare=True)]
    return max((m for m in found if m.currency == found[0].currency), default=None)


def _cheapest(scene: Scene, row: Row[Product], currency: str) -> Row[Price] | None:
    """Of the variants that can be ordered now."""
    prices = []
    for variant in scene.rows(Variant, product_no=row.record.product_no):
        if not variant.record.listed:
            continue
        shelves = scene.rows(Stock, sku=variant.record.sku)
        asked = price.at(scene.rows(Price, sku=variant.record.sku), currency, scene.now)
        if asked is not None and (not shelves or stock.on_hand(shelves)):
            prices.append(asked.row)
    return min(prices, key=lambda found: found.record.amount.minor, default=None)
