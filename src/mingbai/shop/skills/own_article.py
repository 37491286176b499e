"""Which article of the order in focus a question about goods means: 这碗能进洗碗机吗 of a customer who looks at an order.

What is only being looked for (有没有大一点的, which do you recommend) is no article of an order, and what the order does
not hold is not taken for what it holds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mingbai.shop.skills import articles, pages, proof
from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.records import Line, Order

_LOOKS_FOR = re.compile(
    r"有没有(?!.{0,4}(?:毒|铅|味))|哪些|哪[款种个只]|推荐|还有别|别的|其[他它]|另[外一]|区别|差别|对比|比较|再买|想买|加购|送礼|适合送|[跟和与](?:.{1,8})(?:比|哪)"
    r"|(?i:\bdo you (?:have|sell|carry|stock)\b|\bany other\b|\banother\b|\bwhich (?:one|of)\b|\brecommend|\bdifference\b|\bcompare|\bvs\b|\bbuy (?:a|an|one|another)\b)"
)


def meant(scene: Scene, named: Sequence[str]) -> str:
    """Its number; "" where none of the order's is meant, or it is not known which."""
    if not scene.order or len(named) > 1 or _LOOKS_FOR.search(scene.text):
        return ""
    row = scene.get(Order, scene.order)
    if row is None or not proof.may_see(scene, row.record):
        return ""
    lines = [line for line in scene.rows(Line, order_no=scene.order) if line.record.product_no]
    numbers = list(dict.fromkeys(line.record.product_no for line in lines))
    if scene.item in numbers and not named:
        return ""
    if named:
        held = [n for n in numbers if _bears(scene, [x for x in lines if x.record.product_no == n], named[0])]
        return held[0] if len(held) == 1 else ""
    if scene.item:
        return ""
    if len(numbers) == 1:
        return numbers[0]
    said = pages.grams(scene.text)
    scores = {
        n: max(len(said & _words(scene, x)) for x in lines if x.record.product_no == n) for n in numbers
    }
    best = max(scores.values(), default=0)
    first = [n for n, score in scores.items() if score == best]
    return first[0] if best and len(first) == 1 else ""


def _words(scene: Scene, line: Row[Line]) -> frozenset[str]:
    title, options = articles.title(scene, line.record), articles.options(scene, line.record)
    return frozenset(pages.grams(f"{title.zh} {title.en} {options.zh} {options.en}"))


def _bears(scene: Scene, lines: Sequence[Row[Line]], name: str) -> bool:
    """Whether the article is called so, in either language."""
    wanted = name.casefold().strip()
    stem = wanted.removesuffix("子") if len(wanted) > 1 else wanted
    for line in lines:
        title = articles.title(scene, line.record)
        if stem and stem in f"{title.zh} {title.en}".casefold():
            return True
        if wanted in (line.record.sku.casefold(), line.record.product_no.casefold()):
            return True
    return False
