"""Which article is meant: by number or title first, then by search among products, else it is asked.

Options (color, size, volume) pick variants. An option that the article does not have is said so, never swapped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from mingbai.shop.search.document import Kind
from mingbai.shop.skills import naming, options, pages, stated
from mingbai.shop.skills.scene import Row, Scene
from mingbai.shop.skills.skill import said
from mingbai.values.records import Product, Variant
from mingbai.values.turn import Evidence, Need, Source
from mingbai.zh.width import normalise

MOST_CHOICES = 4
_LOOKED_AT = 12  # of the articles that search finds, for the options that a message states
CLEAR = 0.06  # by how much the best hit must lead for it to be what was meant
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{2,39}")


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


@dataclass(frozen=True, slots=True)
class Several:
    """Articles of which any may be meant."""

    rows: tuple[Row[Product], ...]


def find(scene: Scene, asked: ItemArguments) -> Goods | Evidence:
    """The article that is meant, else an `Evidence` that asks which, or an empty one: we do not have it."""
    found = find_any(scene, asked)
    return ask(scene, found) if isinstance(found, Several) else found


def find_any(scene: Scene, asked: ItemArguments) -> Goods | Several | Evidence:
    """As `find`, with all the articles that may be meant where it is several."""
    found = _product(scene, "" if _is_option(asked) else asked.product)
    return found if isinstance(found, Evidence | Several) else pick(scene, found, asked)


def rows_of(found: Goods | Several | Evidence, name: str = "") -> tuple[Row[Product], ...]:
    """The articles that may be meant, of several those that bear the name; none where it has to be asked."""
    match found:
        case Goods():
            return (found.product,)
        case Several():
            low = name.casefold()
            named = tuple(
                r for r in found.rows if low and low in f"{r.record.title_zh} {r.record.title_en}".casefold()
            )
            return named or found.rows
        case _:
            return ()


def ask(scene: Scene, several: Several) -> Evidence:
    return Evidence(scene.intent, needs=(_which(several.rows[:MOST_CHOICES], scene.says_zh),))


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
        every = variants(scene, product.record.product_no) or (own,)
        if not asked.color and not asked.size and not _states_another(scene, own, every):
            return Goods(product, (own,), every)
        return _narrowed(scene, product, asked, own)
    return _narrowed(scene, Row(found.record, found.source), asked, None)


def _states_another(scene: Scene, own: Row[Variant], every: tuple[Row[Variant], ...]) -> bool:
    """Whether the message states an option that the one in focus does not have and others do: and the 220?"""
    meant = options.by_text(every, scene.text)
    return len(meant) < len(every) and all(row.record.sku != own.record.sku for row in meant)


def pointed(scene: Scene) -> Goods | None:
    """The one article that a few words point at by its title or options; None where none stands out."""
    wanted = pages.grams(stated.form(scene.text))
    rows = [
        row
        for hit in scene.find(scene.text, Kind.PRODUCT, _LOOKED_AT)
        if (row := scene.get(Product, hit.key))
    ]
    rows = [row for row in rows if wanted & _title_grams(row) or _stated_options(scene, row)]
    scored = _scored(scene, rows)
    best = [row for score, row in scored if score == scored[0][0]]
    return _narrowed(scene, best[0], ItemArguments(), None) if len(best) == 1 else None


def _product(scene: Scene, words: str) -> Row[Product] | Row[Variant] | Several | Evidence:
    if words:
        if found := by_number(scene, words):
            return found
        named = _by_title(scene, words)
        focus = (
            _in_focus(scene, words, named) if not isinstance(named, Row) else _in_view(scene, words, named)
        )
        if focus is not None:
            return focus
        if (
            named == Evidence(scene.intent)
            and (pointed := _by_options(scene))
            and _are_options(scene, words, pointed)
        ):
            return pointed
        return named
    for number in _NUMBER.findall(normalise(scene.text).text):
        if any(c.isdigit() for c in number) and (found := by_number(scene, number)):
            return found
    if scene.item and (found := by_number(scene, scene.item)):
        return found
    titled = _in_text(scene)
    if not isinstance(titled, Row) and (pointed := _by_options(scene)):
        return pointed
    return titled or Evidence(scene.intent, needs=(_which(()),))


def _in_focus(scene: Scene, words: str, named: Several | Evidence) -> Row[Product] | Row[Variant] | None:
    """The article in focus, where the words that were said are words of it: 盖碗 beside the page of one."""
    found = by_number(scene, scene.item) if scene.item else None
    if found is None:
        return None
    product = product_of(scene, found).record
    if isinstance(named, Several) and any(row.record.product_no == product.product_no for row in named.rows):
        return found
    own = f"{product.title_zh} {product.category} {product.title_en} {' '.join(product.tags)}"
    said = stated.form(words)
    its = (
        said in stated.form(own)
        if not said.isascii()
        else said.rstrip("s") in re.findall(r"[a-z]+", stated.form(own))
    )
    return found if its or len(said) == 1 else None


def _in_view(scene: Scene, words: str, named: Row[Product]) -> Row[Product] | Row[Variant] | None:
    """The article in focus, where the word is one of its own and the message has as much of it as of the one that search
    finds: 白色细嘴壶 on the page of a kettle that comes in white."""
    focus = _in_focus(scene, words, Several(()))
    if focus is None:
        return None
    own = product_of(scene, focus)
    if own.record.product_no == named.record.product_no:
        return None
    scores = {row.record.product_no: score for score, row in _scored(scene, [own, named])}
    return focus if scores[own.record.product_no] >= scores[named.record.product_no] else None


def product_of(scene: Scene, found: Row[Product] | Row[Variant]) -> Row[Product]:
    if isinstance(found.record, Product):
        return Row(found.record, found.source)
    return scene.get(Product, found.record.product_no) or _of_variant(Row(found.record, found.source))


def _by_options(scene: Scene) -> Row[Product] | Several | None:
    """The article that has the options which the message states although it names none: 靛蓝XL."""
    rows = [
        row
        for hit in scene.find(scene.text, Kind.PRODUCT, _LOOKED_AT)
        if (row := scene.get(Product, hit.key))
    ]
    scored = _scored(scene, [row for row in rows if _stated_options(scene, row)])
    best = [row for score, row in scored if score == scored[0][0]]
    return None if not best else best[0] if len(best) == 1 else Several(tuple(best))


def _are_options(scene: Scene, words: str, pointed: Row[Product] | Several) -> bool:
    """Whether what was taken for an article is an option of those: 青灰, EU plug."""
    rows = pointed.rows if isinstance(pointed, Several) else (pointed,)
    every = [v.record for row in rows for v in variants(scene, row.record.product_no)]
    if max((stated.count(scene.text, v) for v in every), default=0) > 1:
        return True
    return any(stated.states(words, value, name) for v in every for name, value in stated.values(v))


def _stated_options(scene: Scene, row: Row[Product]) -> int:
    return max(
        (stated.count(scene.text, v.record) for v in variants(scene, row.record.product_no)), default=0
    )


def _scored(scene: Scene, rows: Iterable[Row[Product]], common: str = "") -> list[tuple[float, Row[Product]]]:
    """By how much of the message each accounts for, most first."""
    found = []
    for row in rows:
        own = [v.record for v in variants(scene, row.record.product_no)]
        found.append((stated.score(scene.text, row.record, own, common), row))
    return sorted(found, key=lambda pair: -pair[0])


def _of_several(scene: Scene, rows: list[Row[Product]], words: str) -> Row[Product] | Several:
    """Of articles that bear the same name, the one whose other words or options the message states; else all of them.

    An article outside of them may be what is named, and they only what it is asked about: 除垢剂紫砂壶能用吗.
    """
    if scene.nth is not None and scene.nth < len(rows):
        return rows[scene.nth]
    keys = {row.record.product_no for row in rows}
    text = pages.grams(stated.form(scene.text)) - pages.grams(stated.form(words))
    others = [
        row
        for hit in scene.find(scene.text, Kind.PRODUCT, _LOOKED_AT)
        if hit.key not in keys and (row := scene.get(Product, hit.key)) is not None
        and text & (_title_grams(row) | _option_grams(scene, row)) and _scored(scene, [row], words)[0][0] > 1
    ]  # fmt: skip
    scored = _scored(scene, [*rows, *others], words)
    best = [row for score, row in scored if score == scored[0][0]]
    if len(best) == 1:
        return best[0]
    left = [row for row in best if row.record.product_no in keys] or rows
    return left[0] if len(left) == 1 else Several(tuple(left))


def _option_grams(scene: Scene, row: Row[Product]) -> set[str]:
    every = variants(scene, row.record.product_no)
    return {
        gram
        for v in every
        for _, value in stated.values(v.record)
        for gram in pages.grams(stated.form(value))
    }


def _title_grams(row: Row[Product]) -> set[str]:
    return pages.grams(stated.form(f"{row.record.title_zh} {row.record.title_en}"))


def by_number(scene: Scene, number: str) -> Row[Product] | Row[Variant] | None:
    """By product number, SKU or barcode, byte for byte or in capitals."""
    for form in dict.fromkeys((number.strip(), number.strip().upper())):
        if (product := scene.get(Product, form)) is not None:
            return product
        variants = scene.typed(scene.reader.variants_by_code(scene.shop, form), Variant)
        if len(variants) == 1:
            return variants[0]
    return None


def _by_title(scene: Scene, words: str) -> Row[Product] | Several | Evidence:
    asked = options.plain(words)
    hits = scene.find(words, Kind.PRODUCT, 8)
    rows = [(hit, row) for hit in hits if (row := scene.get(Product, hit.key)) is not None]
    if not rows:
        return Evidence(scene.intent)
    exact = [
        row
        for _, row in rows
        if asked in (options.plain(row.record.title_zh), options.plain(row.record.title_en))
    ]
    if len(exact) == 1:
        return exact[0]
    kind = [
        row for _, row in rows if asked in [options.plain(part) for part in row.record.category.split(" > ")]
    ]
    within = [
        row
        for _, row in rows
        if asked in options.plain(row.record.title_zh) or asked in options.plain(row.record.title_en)
    ]
    titled = [row for row in kind if row in within]
    if kind and len(titled) == 1:
        return titled[0]  # 茶服 is the kind of both, and the name of one
    if kind:
        return kind[0] if len(kind) == 1 else _of_several(scene, kind, words)
    if len(within) == 1:
        return within[0]
    bearing = [r for _, r in rows if not within and naming.covers(words, r.record, [v.record for v in variants(scene, r.record.product_no)]) == 1]  # fmt: skip
    if bearing:  # 鹅颈壶 is what leaves characters of 温控鹅颈电热水壶 out
        return bearing[0] if len(bearing) == 1 else _of_several(scene, bearing, words)
    if len(within) < 2 and (len(rows) == 1 or rows[0][0].score - rows[1][0].score >= CLEAR):
        return rows[0][1]
    near = within or [row for hit, row in rows if rows[0][0].score - hit.score < CLEAR]
    return _of_several(scene, near, words)


def _in_text(scene: Scene) -> Row[Product] | Several | None:
    """A product whose words stand in the message although nobody cut them out."""
    hits = scene.find(scene.text, Kind.PRODUCT, 3)
    rows = [(hit, row) for hit in hits if (row := scene.get(Product, hit.key)) is not None]
    text, wanted = options.plain(scene.text), pages.grams(scene.text)
    # Words of a field (微波炉, dishwasher) find articles, too; only words of a title name one.
    rows = [
        (hit, row)
        for hit, row in rows
        if wanted & pages.grams(f"{row.record.title_zh} {row.record.title_en}")
    ]
    named = [
        row
        for _, row in rows
        if any(t and options.plain(t) in text for t in (row.record.title_zh, row.record.title_en))
    ]
    if len(named) == 1:
        return named[0]
    if rows and (len(rows) == 1 or rows[0][0].score - rows[1][0].score >= CLEAR):
        return rows[0][1]
    return _of_several(scene, [row for _, row in rows], "") if rows else None


def _which(rows: tuple[Row[Product], ...], zh: bool = True) -> Need:
    if not rows:
        return Need(
            "product",
            "请问是哪一款商品？可以发商品名称或链接。",
            "Which item do you mean? Its name or a link will do.",
        )
    names_zh = "、".join(row.record.title_zh or row.record.title_en for row in rows)
    names_en = ", ".join(row.record.title_en or row.record.title_zh for row in rows)
    choices = tuple((r.record.title_zh if zh else r.record.title_en) or r.record.product_no for r in rows)
    return Need("product", f"请问是哪一款：{names_zh}？", f"Which one do you mean: {names_en}?", choices)


def variants(scene: Scene, product_no: str) -> tuple[Row[Variant], ...]:
    return tuple(row for row in scene.rows(Variant, product_no=product_no) if row.record.listed)


def _of_variant(row: Row[Variant]) -> Row[Product]:
    """A shop whose files tell variants alone: the variant stands for its product."""
    v = row.record
    return Row(Product(v.product_no or v.sku, v.title_zh, v.title_en), Source("variant", v.sku))


def _narrowed(scene: Scene, product: Row[Product], asked: ItemArguments, focus: Row[Variant] | None) -> Goods:
    every = variants(scene, product.record.product_no)
    if focus is not None and not every:
        every = (focus,)
    left, lacking = every, ""
    now = stated.form(scene.text)
    for words, names in ((asked.color, options.COLOR_NAMES), (asked.size, options.SIZE_NAMES)):
        if words and stated.form(words) not in now and options.says_other(every, names, words, scene.text):
            continue  # what was said before; now it is another: 白的呢
        if words and every:
            fitting = options.having(left, words, names) or options.having(left, words, ())
            if not fitting and options.is_of_name(product, words):
                continue  # the gold of a gold rim, the white of white tea
            if not fitting:
                lacking = words
            else:
                left = fitting
    if not lacking:
        narrowed = options.by_text(left, scene.text)
        left = options.by_text(left, scene.before) if narrowed == left and scene.before else narrowed
    if focus is not None and len(left) > 1:
        left = options.like(left, focus, color=bool(asked.color), size=bool(asked.size))
    return Goods(product, left, every, lacking)
