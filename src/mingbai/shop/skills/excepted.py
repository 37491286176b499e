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

_ON_CONDITION = re.compile(r"拆封|开封|使用过|用过|拆开|(?i:once opened|was opened|were used|after use)")
NOT_SO = re.compile(
    r"(?:没有?|未|不曾|都没)(?:再|全)?(?:拆|用|开|启|动|打开|使用|激活|郁)|未拆封|全新|原封|密封|塑封|封着|封口(?:还在|完好|没)|包装完好|(?i:\bstill (?:sealed|closed|wrapped)\b|\bdid not (?:touch|open|use)\b|\b(?:unopened|sealed|unused|not (?:been )?(?:opened|used)|never (?:opened|used))\b)"
)
OPENED = re.compile(
    r"(?<![没未打不])(?<!没有)(?:(?:拆|开|剪)(?:了|过|封|开|掉)(?!吗)|打开|[喝泡用洗尝](?:了|过|着))"
    r"|(?i:(?<!not )(?<!never )(?<!n't )(?<!been )\b(?:opened|used|tasted|tried|drank|brewed|washed)\b)"
)
_MADE = re.compile(r"定制|刻字|(?i:made to order|engrav|custom)")
_EITHER_WAY = re.compile(r"不管[^。]*不退|(?i:either way)")
HOME = ("CN", "HK", "MO", "TW")  # what is sent from home and by home's rules
_RANGE = re.compile(r"([A-Za-z]+)(\d+)\s*[–—~-]\s*\1?(\d+)")


def of_line(scene: Scene, line: Row[Line], country: str) -> pages.Point | None:
    """The point of the shop's page that excepts this line, or the law's own words for a product marked so."""
    product = scene.get(Product, line.record.product_no) if line.record.product_no else None
    if (found := of_product(scene, product, country) if product else None) is not None:
        return found
    return _made_to_order(scene, country) if _MADE.search(line.record.options) else None


def _made_to_order(scene: Scene, country: str) -> pages.Point | None:
    """The point on what is made to order: of a line bought engraved, whatever holds for the article without."""
    for page in pages.pages(scene, "return_right", "CN" if country in HOME else country):
        for point in pages.points(page):
            if is_exception(point) and _MADE.search(point.zh + point.en):
                return point
    return None


def of_product(scene: Scene, product: Row[Product], country: str) -> pages.Point | None:
    if product.record.no_reason_return and not _is_gift_card(product.record):
        return None
    for page in pages.pages(scene, "return_right", "CN" if country in HOME else country):
        points = [p for p in pages.points(page) if is_exception(p)]
        found = [p for p in points if _speaks_of(p, product.record)]
        if not found and country not in HOME and points and not product.record.no_reason_return:
            found = points
        if found:
            return None if _is_spared(scene, found[0], product.record) else found[0]
    if product.record.no_reason_return:
        return None
    return pages.Point(
        "定作、鲜活易腐等依法不适用无理由退货的商品",
        "goods that the law excepts, such as made-to-order or perishable ones",
    )


def _is_spared(scene: Scene, point: pages.Point, product: Product) -> bool:
    """Whether the point excepts only what was opened or used, and the message says that it is not."""
    unopened = bool(NOT_SO.search(scene.text)) and not OPENED.search(scene.text)
    return unopened and is_on_condition(point, product)


def is_on_condition(point: pages.Point, product: Product) -> bool:
    """Whether the point excepts this article only once it was opened or used."""
    text = point.zh + point.en
    if not _ON_CONDITION.search(text):
        return False
    always = " ".join(s for s in re.split(r"(?<=[。.])", text) if _EITHER_WAY.search(s))
    names = (*_halves(product.title_zh), *(w for w in product.title_en.split() if len(w) > 5))
    return not any(name.casefold() in always.casefold() for name in names)


def _of_this(text: str, product: Product | None) -> str:
    """The point without what it says of another article only: of jasmine tea not what holds for Longjing either way."""
    if product is None:
        return text
    chinese = any("一" <= c <= "龥" for c in text)
    parts = re.split(r"(?<=[。])", text) if chinese else re.split(r"(?<=[.])\s+(?=[A-Z])", text)
    names = (*_halves(product.title_zh), *(w for w in product.title_en.split() if len(w) > 5))
    kept = [s for s in parts if not _EITHER_WAY.search(s) or any(n.casefold() in s.casefold() for n in names)]
    return ("" if chinese else " ").join(kept).strip() or text


def _is_gift_card(product: Product) -> bool:
    return "礼品卡" in product.category or "gift card" in product.category.casefold()


def is_exception(point: pages.Point) -> bool:
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


def fact(
    scene: Scene, zh: str, en: str, ex: pages.Point, about: str, *, must: bool, product: Product | None = None
) -> Fact:
    said_zh, said_en = _of_this(ex.zh, product).rstrip("。"), _of_this(ex.en, product).rstrip(".")
    if _ON_CONDITION.search(ex.zh + ex.en) and OPENED.search(scene.text):
        first_zh = f"《{zh}》用过或拆封以后不能退，不支持无理由退货：{said_zh}。"
        first_en = f"{en} cannot be returned without a reason once it was used or opened: {said_en}."
    elif not _ON_CONDITION.search(ex.zh + ex.en):
        first_zh, first_en = (
            f"《{zh}》不支持无理由退货，属于例外：{said_zh}。",
            f"{en} cannot be returned without a reason; it is an exception: {said_en}.",
        )
    elif any(word in ex.zh for word in ("不退", "不可以", "不能")):
        first_zh, first_en = (
            f"《{zh}》属于无理由退货的例外：{said_zh}。",
            f"{en} is an exception to the no-reason return: {said_en}.",
        )
    else:
        first_zh = f"{said_zh}不支持无理由退货（《{zh}》）；没有这种情况的，签收次日起 7 天内商品完好可以退。"
        first_en = f"{said_en}: these cannot be returned without a reason ({en}); otherwise intact goods can, within the period."
    return scene.fact(
        "return.exception", False, f"{first_zh}质量问题不受影响。", f"{first_en} Faulty goods are a different matter.",
        *(ex.page.rows if ex.page else ()), about=about, must=must, rule=rights.ART_25,
    )  # fmt: skip
