"""How much of a name that was said an article bears: 鹅颈壶 of 温控鹅颈电热水壶, 天青盖碗 of 影青刻花盖碗 in 天青. Pure.

Chinese shortens a name by leaving characters out and keeps their order; options, tags and kinds may stand before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from mingbai.shop.search.normal import folded, stem
from mingbai.values.records import Product, Variant

_HAN = re.compile(r"[㐀-鿿]")
_FILLER = re.compile(r"[的那个這个款只把套那种]")
_NO_HEAD = 0.5  # of a name whose last character, the thing itself, the article does not have


def covers(name: str, product: Product, variants: Iterable[Variant]) -> float:
    """0 to 1."""
    plain = folded(name)
    return _han(plain, product, variants) if _HAN.search(plain) else _latin(plain, product, variants)


def _han(plain: str, product: Product, variants: Iterable[Variant]) -> float:
    wanted = "".join(_HAN.findall(_FILLER.sub("", plain))) + "".join(re.findall(r"[a-z0-9]+", plain))
    if not wanted:
        return 0.0
    title = folded(product.title_zh or product.title_en).replace(" ", "")
    others = [folded(t) for t in product.tags] + [folded(p).strip() for p in product.category.split(">")]
    for v in variants:
        others += [folded(value) for _, value in v.options]
    best = _in_order(wanted, title)
    for word in others:
        word = word.replace(" ", "")
        if len(word) > 1 and word in wanted:
            rest = wanted.replace(word, "", 1)
            best = max(best, len(word) + _in_order(rest, title))
    head = wanted[-1] in title or any(wanted.endswith(w[-1:]) for w in others if w)
    return min(1.0, best / len(wanted)) * (1.0 if head else _NO_HEAD)


def _in_order(wanted: str, title: str) -> int:
    """The most characters of `wanted` that stand in the title in this order."""
    row = [0] * (len(title) + 1)
    for sign in wanted:
        before = 0
        for at, other in enumerate(title, 1):
            held = row[at]
            row[at] = before + 1 if sign == other else max(row[at], row[at - 1])
            before = held
    return row[-1]


def _latin(plain: str, product: Product, variants: Iterable[Variant]) -> float:
    wanted = [stem(w) for w in re.findall(r"[a-z0-9]+", plain) if len(w) > 1]
    if not wanted:
        return 0.0
    texts = [product.title_en, *product.tags, *(v.title_en for v in variants)]
    texts += [value for name, value in product.attributes if name == "category"]
    have = {stem(w) for text in texts for w in re.findall(r"[a-z0-9]+", folded(text))}
    return sum(w in have for w in wanted) / len(wanted)
