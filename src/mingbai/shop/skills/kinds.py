"""The articles of a kind that a message names: by the shop's own categories, else by what their titles end in."""

from __future__ import annotations

import re

from mingbai.shop.search.normal import folded, stem
from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.records import Product


def of_text(scene: Scene, text: str) -> list[Row[Product]]:
    """Listed articles of the narrowest category whose name stands in the text; of all whose title does, where none does."""
    plain, words = folded(text), {stem(w) for w in re.findall(r"[a-z]+", folded(text))}
    rows = scene.rows(Product, listed=True)
    named: dict[str, list[Row[Product]]] = {}
    for row in rows:
        for part in parts(row.record):
            if _stands(part, plain, words):
                named.setdefault(part, []).append(row)
    if named:
        longest = max(len(part) for part in named)
        found = {row.record.product_no: row for part in named if len(part) == longest for row in named[part]}
        return list(found.values())
    return [row for row in rows if any(_stands(t, plain, words) for t in tails(row.record))]


def parts(product: Product) -> set[str]:
    """The names of its categories in both languages, without the shop-wide first where there is a narrower one."""
    out: set[str] = set()
    english = [value for name, value in product.attributes if name == "category"]
    for path in (product.category, *english):
        names = [folded(p).strip() for p in path.split(">") if p.strip()]
        out.update(n for n in (names[1:] or names) if len(n) > 1)
    return out


def tails(product: Product) -> set[str]:
    """What a title ends in: 盖碗 of 青花缠枝莲盖碗, teapot of Cast-Iron Teapot."""
    han = re.findall(r"[一-龥]+", folded(product.title_zh))
    latin = re.findall(r"[a-z]+", folded(product.title_en))
    return {han[-1][-2:] for _ in han[:1] if len(han[-1]) > 1} | set(latin[-1:])


def _stands(name: str, plain: str, words: set[str]) -> bool:
    if name.isascii():
        own = [stem(w) for w in re.findall(r"[a-z]+", name)]
        return bool(own) and all(w in words for w in own)
    return name in plain


def of(product: Product, words: str) -> bool:
    """Whether the article is of the kind that is named: 盖碗 is 茶具 > 盖碗."""
    plain = folded(words)
    latin = {stem(w) for w in re.findall(r"[a-z]+", plain)}
    return any(_stands(part, plain, latin) for part in parts(product) | tails(product))
