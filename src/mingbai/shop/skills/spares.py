"""Spare parts: what another article's rows say is for this one (泡茶杯硅胶圈（T024 用）), with its number and price."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from mingbai.shop.skills import goods, price, say
from mingbai.shop.skills.goods import Goods, ItemArguments
from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.records import Price, Product, Variant
from mingbai.values.turn import Evidence, Fact, Intent

_PART = r"(?:圈|盖子?|滤网|滤芯|胶垫|垫圈|密封件|内胆|塞子?|壶身|杯身)"
ASKED = re.compile(
    rf"单(?:独)?(?:买|卖|配|售|拍|出)|另(?:外)?(?:买|配|购)|[只光](?:买|要|卖|换)[^，。]{{0,4}}{_PART}|配件|替换|备用|备件|零件|{_PART}[^，。]{{0,8}}(?:[能可]以?换|换得|(?<!互)换吗|换不换|能配|配得|有卖|有得|卖不|卖吗|买得|哪里?买|去哪买|货号)|(?:换|补|买|配)一?(?:个|只|条)?新?的?{_PART}"
    r"|(?i:\bspares?\b|\breplacements?\b|\breplaceable\b|\breplace (?:the |its |a )?(?:lid|seal|ring|gasket|strainer|filter|cap|stopper|body)|\bsold (?:separately|on (?:its|their) own|alone)"
    r"|\b(?:buy|get|order) (?:just |only |a new |another |new )+(?:the |a )?(?:\w+ )?(?:lid|seal|ring|gasket|strainer|filter|cap|stopper|body)|\b(?:lid|seal|ring|gasket|strainer|filter|cap)s? (?:separately|alone|on (?:its|their) own))"
)

# The part itself is asked for: its number, or to buy it.
_BUYS = re.compile(
    r"单(?:独)?(?:买|卖|配|售|拍|出)|另(?:外)?(?:买|配|购)|[只光](?:买|要|卖)|有卖|有得|卖不|卖吗|买得|哪里?买|去哪买|买一?[个只条]|货号|配件|备用|备件|零件"
    r"|(?i:\bspares?\b|\bsold\b|\bbuy\b|\bseparately\b|\b(?:item|part|article|which) number\b)"
)
# It came so: what the shop owes is the answer, and no part for sale.
_CAME = re.compile(
    r"收到|到手|拿到|[发寄送]来|[发寄]给我|到货(?!期|时间)|签收|打开|拆开|[一刚]拆|开箱"
    r"|(?i:\b(?:received|arrived|delivered|sent me|turned up|out of the box|opened)\b|\b(?:came|got|was|were) (?:it |them |mine )?(?:already )?(?:broken|cracked|chipped|damaged|smashed|different)\b)"
)
# Whoever says that something is broken, or is to be exchanged, has a claim first.
CLAIMS = frozenset((Intent.DAMAGED_OR_MISSING, Intent.EXCHANGE, Intent.WARRANTY))


# One part in both languages.
_SAME = (
    ("圈", "seal", "ring", "gasket"),
    ("盖", "lid", "cap"),
    ("滤", "strainer", "filter"),
    ("塞", "stopper"),
    ("壶身", "杯身", "body"),
)


def asked(scene: Scene, words: str) -> bool:
    """Whether a part is asked for of an article for which there is one."""
    return bool(ASKED.search(scene.text)) and bool(tuple(told(scene, words)))


def came_so(text: str) -> bool:
    """Whether it is said of what was just received."""
    return bool(_CAME.search(text))


def first(text: str, intents: Iterable[Intent]) -> bool:
    """Whether the part is the answer: of what is broken or to be exchanged only where it was not received so, and its
    number or its price is asked for."""
    return not came_so(text) and (not CLAIMS & set(intents) or bool(_BUYS.search(text)))


def beside(scene: Scene, found: Evidence, words: str) -> Evidence:
    """A claim with the part that there is for sale, where it did not come so and no order is looked at."""
    if found.intent not in CLAIMS or scene.order or came_so(scene.text):
        return found
    return replace(found, facts=(*found.facts, *told(scene, words)))


def told(scene: Scene, words: str) -> Iterator[Fact]:
    """The parts that there are for the article that is named or looked at, those of the message's words first."""
    if not ASKED.search(scene.text):
        return
    found = goods.find_any(scene, ItemArguments() if scene.item else ItemArguments(words))
    if not isinstance(found, Goods):
        return
    number = found.product.record.product_no
    for row in scene.rows(Product, listed=True):
        product = row.record
        if product.product_no == number or number not in f"{product.description_zh} {product.description_en}":
            continue
        named = _named(product, number)
        part = _parts(scene.text)
        for variant in goods.variants(scene, product.product_no):
            title = f"{variant.record.title_zh} {variant.record.title_en}".casefold()
            if named & _words(title) and (not part or any(p in title for p in part)):
                yield from _one(scene, found, row, variant)


def _parts(text: str) -> list[str]:
    """The parts that the message names, by what tells one from another: 圈 and seal, 盖 and lid."""
    plain = text.casefold()
    return [p for same in _SAME for p in same if any(w in plain for w in same)]


def _named(product: Product, number: str) -> frozenset[str]:
    """The words that stand before the number: 泡茶杯硅胶圈 of 泡茶杯硅胶圈（T024 用）."""
    out: set[str] = set()
    for text in (product.description_zh, product.description_en):
        for hit in re.finditer(rf"([^、，。：,.:;()（）]+?)[（(]\s*{re.escape(number)}", text):
            out |= _words(hit[1])
    return frozenset(out)


def _words(text: str) -> set[str]:
    plain = text.casefold()
    pairs = {
        plain[i : i + 2]
        for i in range(len(plain) - 1)
        if "一" <= plain[i] <= "龥" and "一" <= plain[i + 1] <= "龥"
    }
    return pairs | {w.rstrip("s") for w in re.findall(r"[a-z]{4,}", plain)} - {
        "seal",
        "silicone",
        "spare",
        "part",
    }


def _one(scene: Scene, found: Goods, row: Row[Product], variant: Row[Variant]) -> Iterator[Fact]:
    seen = price.at(scene.rows(Price, sku=variant.record.sku), price.currency_of(scene), scene.now)
    cost_zh, cost_en = (
        (f"，现在 {say.money(seen.row.record.amount)}", f", {say.money(seen.row.record.amount)} now")
        if seen
        else ("", "")
    )
    title_zh, title_en = (
        row.record.title_zh or row.record.title_en,
        row.record.title_en or row.record.title_zh,
    )
    yield scene.fact(
        "product.spare", variant.record.sku, f"有替换件可以单买：《{title_zh}》{goods.variant_zh(variant)}（货号 {variant.record.sku}）{cost_zh}。",
        f"There is a spare part: {title_en}, {goods.variant_en(variant)} (number {variant.record.sku}){cost_en}.", row, variant,
        about=found.product.record.product_no,
    )  # fmt: skip
