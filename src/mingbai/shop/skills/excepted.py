"""Which articles cannot go back without a reason, in the words of the shop's own page; else in the law's."""

from __future__ import annotations

import re

from mingbai.shop.skills import pages, rights
from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.records import (
    Line,
    Product,
)
from mingbai.values.turn import Fact

HOME = ("CN", "HK", "MO", "TW")  # what is sent from home and by home's rules
_RANGE = re.compile(r"([A-Za-z]+)(\d+)\s*[–—~-]\s*\1?(\d+)")


def of_line(scene: Scene, line: Row[Line], country: str) -> pages.Point | None:
    """The point of the shop's page that excepts this line, or the law's own words for a product marked so."""
    product = scene.get(Product, line.record.product_no) if line.record.product_no else None
    return of_product(scene, product, country) if product else None


def of_product(scene: Scene, product: Row[Product], country: str) -> pages.Point | None:
    if product.record.no_reason_return and not _is_gift_card(product.record):
        return None
    for page in pages.pages(scene, "return_right", "CN" if country in HOME else country):
        points = [p for p in pages.points(page) if _is_exception(p)]
        if found := [p for p in points if _speaks_of(p, product.record)]:
            return found[0]
        if country not in HOME and points and not product.record.no_reason_return:
            return points[0]
    if product.record.no_reason_return:
        return None
    return pages.Point(
        "定作、鲜活易腐等依法不适用无理由退货的商品",
        "goods that the law excepts, such as made-to-order or perishable ones",
    )


def _is_gift_card(product: Product) -> bool:
    return "礼品卡" in product.category or "gift card" in product.category.casefold()


def _is_exception(point: pages.Point) -> bool:
    return (
        any(w in point.heading_zh + point.zh for w in ("不支持", "例外", "除外"))
        or "xception" in point.heading_zh + point.en
    )


def _speaks_of(point: pages.Point, product: Product) -> bool:
    """By number, within a range of numbers (T046–T053), by title, category or tag."""
    text = point.zh + point.en
    own = re.fullmatch(r"([A-Za-z]+)(\d+)", product.product_no)
    for prefix, first, last in _RANGE.findall(text):
        if own and own[1] == prefix and int(first) <= int(own[2]) <= int(last):
            return True
    parts = [w for w in product.category.split(" > ") if len(w) > 1]
    words = [
        product.product_no,
        product.title_zh,
        *parts,
        *(t for t in product.tags if len(t) > 1),
        *_halves(product.title_zh),
    ]
    return any(w and w in text for w in words)


def _halves(title: str) -> list[str]:
    """Runs of four characters of a title: 刻字主人 is said of 刻字主人杯（定制）."""
    return [title[i : i + 4] for i in range(len(title) - 3)]


def fact(scene: Scene, zh: str, en: str, ex: pages.Point, about: str, *, must: bool) -> Fact:
    return scene.fact(
        "return.exception", False, f"《{zh}》属于无理由退货的例外：{ex.zh.rstrip('。')}。质量问题不受影响。",
        f"{en} is an exception to the no-reason return: {ex.en.rstrip('.')}. Defects are another matter.",
        *(ex.page.rows if ex.page else ()), about=about, must=must, rule=rights.ART_25,
    )  # fmt: skip
