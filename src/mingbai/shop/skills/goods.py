"""Which article is meant: by number or title first, then by search among products, else it is asked.

Options (color, size, volume) pick variants. An option that the article does not have is said so, never swapped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from mingbai.shop.search.document import Kind
from mingbai.shop.skills import pages
from mingbai.shop.skills.scene import Row, Scene
from mingbai.shop.skills.skill import said
from mingbai.values.records import Product, Variant
from mingbai.values.turn import Evidence, Need, Source
from mingbai.zh.width import normalise

CLEAR = 0.06  # by how much the best hit must lead for it to be what was meant
_COLOR_NAMES = ("颜色", "釉色", "泥料", "花色", "color", "colour")
_SIZE_NAMES = ("尺码", "尺寸", "size")
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{2,39}")
_COLORS_EN = {
    "red": "红", "blue": "蓝", "green": "绿", "white": "白", "black": "黑", "grey": "灰", "gray": "灰", "pink": "粉", "yellow": "黄",
    "purple": "紫", "brown": "棕", "orange": "橙", "silver": "银", "gold": "金", "beige": "米",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ItemArguments:
    """Which article and which of its variants."""

    product: str = said("商品名、编号或 SKU", "the article's name, number or SKU")
    color: str = said("颜色", "colour")
    size: str = said("尺码或规格", "size or volume")


@dataclass(frozen=True, slots=True)
class Goods:
    """A product with the variants that fit what was said; `lacking` is an option that none of them has."""

    product: Row[Product]
    variants: tuple[Row[Variant], ...]
    every: tuple[Row[Variant], ...]
    lacking: str = ""

    @property
    def one(self) -> Row[Variant] | None:
        """The single variant that is meant, or that there is."""
        return self.variants[0] if len(self.variants) == 1 and not self.lacking else None

    @property
    def about(self) -> str:
        return self.one.record.sku if self.one else self.product.record.product_no

    @property
    def zh(self) -> str:
        return self.product.record.title_zh or self.product.record.title_en or self.product.record.product_no

    @property
    def en(self) -> str:
        return self.product.record.title_en or self.product.record.title_zh or self.product.record.product_no


def variant_zh(row: Row[Variant]) -> str:
    v = row.record
    return v.title_zh or " ".join(value for _, value in v.options) or v.title_en or v.sku


def variant_en(row: Row[Variant]) -> str:
    v = row.record
    return v.title_en or " ".join(value for _, value in v.options) or v.title_zh or v.sku


def find(scene: Scene, asked: ItemArguments) -> Goods | Evidence:
    """The article that is meant, else an `Evidence` that asks which, or an empty one: we do not have it."""
    found = _product(scene, "" if _is_option(asked) else asked.product)
    if isinstance(found, Evidence):
        return found
    return pick(scene, found, asked)


def _is_option(asked: ItemArguments) -> bool:
    """Whether what was taken for an article is only its size or color: L码, 红色的."""
    words = (
        asked.product.strip()
        .removesuffix("的")
        .removesuffix("码")
        .removesuffix("號")
        .removesuffix("号")
        .strip()
    )
    return bool(words) and words.casefold() in (
        asked.size.casefold(),
        asked.color.casefold(),
        asked.color.removesuffix("色"),
    )


def pick(scene: Scene, found: Row[Product] | Row[Variant], asked: ItemArguments) -> Goods:
    """Its variants, narrowed by what was said of them."""
    if isinstance(found.record, Variant):
        own = Row(found.record, found.source)
        product = scene.get(Product, own.record.product_no) or _of_variant(own)
        if not asked.color and not asked.size:
            return Goods(product, (own,), _variants(scene, product.record.product_no) or (own,))
        return _narrowed(scene, product, asked, own)
    return _narrowed(scene, Row(found.record, found.source), asked, None)


def _product(scene: Scene, words: str) -> Row[Product] | Row[Variant] | Evidence:
    if words:
        return by_number(scene, words) or _by_title(scene, words)
    for number in _NUMBER.findall(normalise(scene.text).text):
        if any(c.isdigit() for c in number) and (found := by_number(scene, number)):
            return found
    if scene.item and (found := by_number(scene, scene.item)):
        return found
    if titled := _in_text(scene):
        return titled
    return Evidence(scene.intent, needs=(_which(()),))


def by_number(scene: Scene, number: str) -> Row[Product] | Row[Variant] | None:
    """By product number, SKU or barcode, byte for byte or in capitals."""
    for form in dict.fromkeys((number.strip(), number.strip().upper())):
        if (product := scene.get(Product, form)) is not None:
            return product
        variants = scene.typed(scene.reader.variants_by_code(scene.shop, form), Variant)
        if len(variants) == 1:
            return variants[0]
    return None


def _by_title(scene: Scene, words: str) -> Row[Product] | Evidence:
    asked = _plain(words)
    hits = scene.find(words, Kind.PRODUCT, 6)
    rows = [(hit, row) for hit in hits if (row := scene.get(Product, hit.key)) is not None]
    if not rows:
        return Evidence(scene.intent)
    exact = [row for _, row in rows if asked in (_plain(row.record.title_zh), _plain(row.record.title_en))]
    if len(exact) == 1:
        return exact[0]
    kind = [row for _, row in rows if asked in [_plain(part) for part in row.record.category.split(" > ")]]
    if kind:
        return kind[0] if len(kind) == 1 else _ask(scene, kind)
    within = [
        row for _, row in rows if asked in _plain(row.record.title_zh) or asked in _plain(row.record.title_en)
    ]
    if len(within) == 1:
        return within[0]
    if len(within) < 2 and (len(rows) == 1 or rows[0][0].score - rows[1][0].score >= CLEAR):
        return rows[0][1]
    if within:
        return _ask(scene, within)
    near = [row for hit, row in rows if rows[0][0].score - hit.score < CLEAR]
    return _ask(scene, near)


def _in_text(scene: Scene) -> Row[Product] | Evidence | None:
    """A product whose words stand in the message although nobody cut them out."""
    hits = scene.find(scene.text, Kind.PRODUCT, 3)
    rows = [(hit, row) for hit in hits if (row := scene.get(Product, hit.key)) is not None]
    text, wanted = _plain(scene.text), pages.grams(scene.text)
    # Words of a field (微波炉, dishwasher) find articles, too; only words of a title name one.
    rows = [
        (hit, row)
        for hit, row in rows
        if wanted & pages.grams(f"{row.record.title_zh} {row.record.title_en}")
    ]
    named = [
        row
        for _, row in rows
        if any(t and _plain(t) in text for t in (row.record.title_zh, row.record.title_en))
    ]
    if len(named) == 1:
        return named[0]
    if rows and (len(rows) == 1 or rows[0][0].score - rows[1][0].score >= CLEAR):
        return rows[0][1]
    return _ask(scene, [row for _, row in rows]) if rows else None


def _ask(scene: Scene, rows: Iterable[Row[Product]]) -> Row[Product] | Evidence:
    """Which of them, unless the message says: the second."""
    rows = tuple(rows)[:4]
    if scene.nth is not None and scene.nth < len(rows):
        return rows[scene.nth]
    return Evidence(scene.intent, needs=(_which(rows, scene.says_zh),))


def _which(rows: tuple[Row[Product], ...], zh: bool = True) -> Need:
    if not rows:
        return Need(
            "product",
            "请问是哪一款商品？可以发商品名称或链接。",
            "Which article do you mean? Its name or link will do.",
        )
    names_zh = "、".join(row.record.title_zh or row.record.title_en for row in rows)
    names_en = ", ".join(row.record.title_en or row.record.title_zh for row in rows)
    choices = tuple((r.record.title_zh if zh else r.record.title_en) or r.record.product_no for r in rows)
    return Need("product", f"请问是哪一款：{names_zh}？", f"Which one do you mean: {names_en}?", choices)


def _variants(scene: Scene, product_no: str) -> tuple[Row[Variant], ...]:
    return tuple(row for row in scene.rows(Variant, product_no=product_no) if row.record.listed)


def _of_variant(row: Row[Variant]) -> Row[Product]:
    """A shop whose files tell variants alone: the variant stands for its product."""
    v = row.record
    return Row(Product(v.product_no or v.sku, v.title_zh, v.title_en), Source("variant", v.sku))


def _narrowed(scene: Scene, product: Row[Product], asked: ItemArguments, focus: Row[Variant] | None) -> Goods:
    every = _variants(scene, product.record.product_no)
    if focus is not None and not every:
        every = (focus,)
    left, lacking = every, ""
    for words, names in ((asked.color, _COLOR_NAMES), (asked.size, _SIZE_NAMES)):
        if words and every:
            fitting = _with(left, words, names) or _with(left, words, ())
            if not fitting:
                lacking = words
            else:
                left = fitting
    if not lacking:
        left = _by_text(left, scene.text)
    if focus is not None and len(left) > 1:
        left = _like(left, focus, asked)
    return Goods(product, left, every, lacking)


def _with(rows: tuple[Row[Variant], ...], words: str, names: tuple[str, ...]) -> tuple[Row[Variant], ...]:
    """Variants one of whose options is what was said: word for word, else the word within it (红色 for 朱红)."""
    asked = _plain(words)
    root = _COLORS_EN.get(asked, asked.removesuffix("色") if len(asked) > 1 else asked)
    same, near = [], []
    for row in rows:
        values = [_plain(v) for n, v in row.record.options if not names or n.casefold() in names]
        if names == _COLOR_NAMES or not names:
            values += [_plain(part) for part in row.record.title_en.split(",")]
        if asked in values or asked in [v.removesuffix("色") for v in values] or f"{asked}色" in values:
            same.append(row)
        elif (len(root) > 0 and not root.isascii() and any(root in v for v in values)) or (
            root.isascii() and len(root) > 3 and any(root in v for v in values)
        ):
            near.append(row)
    return tuple(same or near)


def _by_text(rows: tuple[Row[Variant], ...], text: str) -> tuple[Row[Variant], ...]:
    """Options that stand in the message itself: 150ml, 墨绿, 两条. Letters and digits must stand alone."""
    plain = _plain(text)
    for name in dict.fromkeys(n for row in rows for n, _ in row.record.options):
        values = {dict(row.record.options).get(name, "") for row in rows}
        named = {
            v
            for v in values
            if v and len(_plain(v)) > (1 if v.isascii() else 0) and _stands(_plain(v), plain)
        }
        named = {v for v in named if not any(v != w and _plain(v) in _plain(w) for w in named)}
        if named and len(values) > 1:
            rows = tuple(row for row in rows if dict(row.record.options).get(name) in named)
    if len(rows) > 1:
        said_en = [row for row in rows if row.record.title_en and _stands(_plain(row.record.title_en), plain)]
        rows = tuple(said_en) or rows
    return rows


def _stands(value: str, text: str) -> bool:
    if len(value) < 2 and not value.isascii():
        return False  # one character alone says too little
    for hit in re.finditer(re.escape(value), text):
        before, after = text[: hit.start()][-1:], text[hit.end() :][:1]
        if not (value[0].isascii() and before.isascii() and before.isalnum()) and not (
            value[-1].isascii() and after.isascii() and after.isalnum()
        ):
            return True
    return False


def _like(
    rows: tuple[Row[Variant], ...], focus: Row[Variant], asked: ItemArguments
) -> tuple[Row[Variant], ...]:
    """The variants that keep the other options of the one in focus: 换成红色 keeps the volume."""
    kept = dict(focus.record.options)
    if asked.color:
        kept = {n: v for n, v in kept.items() if n.casefold() not in _COLOR_NAMES}
    if asked.size:
        kept = {n: v for n, v in kept.items() if n.casefold() not in _SIZE_NAMES}
    same = tuple(row for row in rows if all(dict(row.record.options).get(n) == v for n, v in kept.items()))
    return same or rows


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", normalise(text).text).casefold()
