"""Which articles fit a wish: of a kind, for a purpose, within a budget; each with its lowest price and why it fits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from mingbai.shop.search.document import Kind
from mingbai.shop.skills import choosing, fitting, goods, kinds, ontology, price, say
from mingbai.shop.skills.fitting import Article, Fit
from mingbai.shop.skills.scene import Row, Scene
from mingbai.shop.skills.shelves import on_hand
from mingbai.values.money import Money
from mingbai.values.records import Price, Product, Stock
from mingbai.values.turn import Fact
from mingbai.zh import amounts

# A wish for several to choose from, whatever else is said.
_WISH = re.compile(
    r"推荐|推薦|预算|預算|选什么|买什么|买(?:点|个|些)?(?:什么|啥)好|求(?:一|个|款|推)|挑一|帮我(?:选|挑)|以内|以下|之内|左右[^，。]{0,6}的"
    r"|(?i:recommend|suggest|\bbudget\b|\bunder (?:¥|€|\$|CNY|EUR|USD)? ?\d|\bless than (?:¥|€|\$)? ?\d)"
)
# A present: a wish where nothing else is asked of an article.
_PRESENT = re.compile(
    r"(?:送|给)[^，。？]{1,8}(?:什么|啥|哪|好|合适)|送礼|送人|送(?:长辈|领导|老师|客户|朋友|同事|爸|妈|男|女|老)"
    r"|(?i:\bpresent for\b|\bgift for\b|\bto gift\b|\bas a (?:gift|present)\b|\blooking for\b)"
)
# A question which there are; of one article it asks for its colours and pieces instead.
_WHICH = re.compile(
    r"有哪些|哪些|哪款|哪几款|有什么[^优活色味用区]|都有什么|有没有.{0,8}(?:适合|款|推荐)|卖(?:什么|哪些|不卖)"
    r"|(?i:which (?:ones|tea|kind|of (?:your|the|these))|what (?:kinds?|sorts?|teapots|gaiwans|cups|teas|mugs) (?:do|are|of)|do you have any)"
)
_HOW_MANY = re.compile(  # a figure is asked for, and what it is to stay under: how many mg of caffeine, under 200
    r"(?i:\bhow (?:many|much) (?:mg|grams?|ml|calories|kcal|watts?|degrees)\b)|多少(?:毫克|毫升|大卡|卡路里|瓦|度)"
)
_MOST = 4
_POOL = 24
_NEAR = 0.6  # of the best one's worth, for another to be offered beside it


def wanted(scene: Scene) -> bool:
    """Whether it asks for articles to choose from, and not for what one of them is."""
    if _WISH.search(scene.text):
        return not _HOW_MANY.search(scene.text)
    if (
        _PRESENT.search(scene.text)
        and not scene.item
        and not {a.id for a in ontology.asked(scene.text)} - {"suited"}
    ):
        return True
    if not _WHICH.search(scene.text) or scene.item:
        return False
    return not {a.id for a in ontology.asked(scene.text)} & {
        "colour",
        "kinds",
        "contents",
        "material",
        "origin",
    }


def budget_said(scene: Scene) -> bool:
    return bool(_WISH.search(scene.text)) and budget(scene.text, price.currency_of(scene)) is not None


def offers(scene: Scene, words: str) -> Iterator[Fact]:
    """Up to four listed articles that are to be had, within the budget if one was said, those that fit best first."""
    most = budget(scene.text, price.currency_of(scene))
    currency = most.currency if most else price.currency_of(scene)
    affordable: list[tuple[Fit, Row[Price]]] = []
    for fit in _fitting(scene, words):
        cheapest = _cheapest(scene, fit.article.row, currency)
        if cheapest is not None and (most is None or cheapest.record.amount.minor <= most.minor):
            affordable.append((fit, cheapest))
        if len(affordable) == _MOST:
            break
    for fit, cheapest in affordable:
        if fit.score < _NEAR * affordable[0][0].score:
            continue
        row = fit.article.row
        zh = row.record.title_zh or row.record.title_en
        en = row.record.title_en or row.record.title_zh
        amount = cheapest.record.amount
        why_zh, why_en = (
            (fit.remark.zh.rstrip("；"), f" {fit.remark.en}") if choosing.answers(fit) else ("", "")
        )
        yield scene.fact(
            "product.offer", amount, f"《{zh}》{say.money(amount)} 起。{why_zh}", f"{en}, from {say.money(amount)}.{why_en}", row, cheapest,
            about=row.record.product_no,
        )  # fmt: skip


def _fitting(scene: Scene, words: str) -> list[Fit]:
    """The best remark of each article, those of the kind that is named before the others."""
    text = _without_amounts(scene.text, price.currency_of(scene))
    of_kind = kinds.of_text(scene, words) if words else kinds.of_text(scene, text)
    rows = {row.record.product_no: row for row in of_kind}
    for said in (words, text):
        for hit in scene.near(said, Kind.PRODUCT, _POOL) if said else ():
            if (row := scene.get(Product, hit.key)) is not None and row.record.listed:
                rows.setdefault(hit.key, row)
    kind = {row.record.product_no for row in of_kind}
    articles = [
        Article(row, goods.variants(scene, key), 0.25 if key in kind else 0.0) for key, row in rows.items()
    ]
    found: dict[str, Fit] = {}
    for fit in fitting.ranked(replace(scene, text=text), articles, text):
        found.setdefault(fit.article.row.record.product_no, fit)
    return list(found.values())


def _without_amounts(text: str, currency: str) -> str:
    for found in sorted(amounts.find(text, currency, bare=True), key=lambda a: -a.start):
        text = f"{text[: found.start]} {text[found.end :]}"
    return text


def budget(text: str, currency: str) -> Money | None:
    """The most that may be spent, a third more where it was said as near; None where no amount was."""
    found = [
        replace(a.high, minor=a.high.minor * 4 // 3) if a.about else a.high
        for a in amounts.find(text, currency, bare=True)
        if a.bound != "at_least"
    ]
    return max((m for m in found if m.currency == found[0].currency), default=None, key=lambda m: m.minor)


def _cheapest(scene: Scene, row: Row[Product], currency: str) -> Row[Price] | None:
    """Of the variants that can be ordered now."""
    prices = []
    for variant in goods.variants(scene, row.record.product_no):
        shelves = scene.rows(Stock, sku=variant.record.sku)
        asked = price.at(scene.rows(Price, sku=variant.record.sku), currency, scene.now)
        if asked is not None and (not shelves or on_hand(shelves)):
            prices.append(asked.row)
    return min(prices, key=lambda found: found.record.amount.minor, default=None)
