"""Articles beside each other: which of two is larger, lighter, keeps longer; and the cheapest, largest … of a kind.

What is told are the rows' own values; who has more is concluded only where every value has a measure of the same kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from mingbai.shop.search.normal import folded
from mingbai.shop.skills import (
    attributes,
    choosing,
    fitting,
    goods,
    kinds,
    ontology,
    pages,
    price,
    remarks,
    say,
    versions,
)
from mingbai.shop.skills.fitting import Article
from mingbai.shop.skills.goods import Goods, ItemArguments
from mingbai.shop.skills.ontology import Attribute
from mingbai.shop.skills.remarks import Remark
from mingbai.shop.skills.scene import Row, Scene
from mingbai.shop.skills.shelves import on_hand
from mingbai.values.money import Money
from mingbai.values.records import Price, Product, Stock, Variant
from mingbai.values.turn import Fact

_COMPARES = re.compile(
    r"哪(?:个|款|种|一个|一款|只|把|套)|差(?:在|很多|多少|几|价|了多少)|(?:贵|便宜|省|多)(?:多少|几|了多少)|合算|划算|更[大小贵轻重好久长短高]|区别|差别|差异|不同|差在|相比|比较|比[^，。]{1,10}[大小贵轻重好久长高]|谁[更大小贵轻重好久]|选哪"
    r"|(?i:\bvs\b|\bversus\b|\bdifferen|\bcompare|\bwhich\b|\bhow much (?:more|less|cheaper|dearer|do i save)\b|\bbetter (?:value|deal)\b|\bsav(?:e|ing)\b|\b(?:bigger|larger|smaller|cheaper|heavier|lighter|longer|better)\b)"
)
_AND = re.compile(
    r"和|跟|与|還是|还是|、|，|,|;|；|\+|比|(?<=[一-龥])\s+(?=[一-龥])|(?i:\bvs\.?\b|\bversus\b|\bor\b|\band\b|\bthan\b|\bwith\b)"
)
_WHICH = re.compile(r"\s*哪(?:一)?[个款种只把套]")
_CHEAP = re.compile(r"便宜|实惠|划算|(?i:\bcheap)")
_DEAR = re.compile(r"[更最较]?贵(?!州|阳|妃)|(?i:\bexpensive|\bdear(?:er|est)\b|\bpric(?:y|ier))")
ASKS_APART = re.compile(r"区别|差别|差异|不同|差在|(?i:\bdifferen)")
_BY_PRICE = re.compile(
    r"差价|价(?:钱|格)?差|价[钱格][^，。]{0,4}差|差[^，。]{0,3}(?:钱|块|元)|合算|省(?:多少|几|钱|点)|(?i:\bhow much (?:more|less|do i save)\b|\bprice difference\b|\bdifference in price\b|\bbetter (?:value|deal)\b|\bsav(?:e|ing)\b)"
)
_MOST = re.compile(r"最|(?i:\b(?:\w+est)\b|\bmost\b|\bleast\b)")
_NO_MOST = re.compile(
    r"最(?:多|少|近|后|晚|早|低|快|迟|好|新|终)|(?i:\b(?:best|latest|nearest|test|request|interest\w*|honest|west|rest|guest|suggest)\b)"
)
_OF_MANY = re.compile(r"哪|什么|啥|谁|推荐|有没有|多少钱|(?i:\b(?:which|what|recommend|suggest|any|your)\b)")
_SIDES = 3
_DESCRIBED = 0.4  # of a few words, that an article's title or one of its remarks has
Way = Literal["more", "less"]


@dataclass(frozen=True, slots=True)
class _Value:
    """A measure of an article, or of one of its variants, in the words of the rows."""

    amount: float
    article: Article
    zh: str
    en: str
    rows: tuple[Row[Variant] | Row[Price], ...] = ()


def compared(scene: Scene, asked: ItemArguments) -> Iterator[Fact]:
    """What was asked of several articles that the message names, or which of a kind has most; nothing where it is neither."""
    plain = folded(scene.text)
    if _MOST.search(_NO_MOST.sub(" ", plain)) and _OF_MANY.search(plain) and not asked_of_one(scene, asked):
        yield from _superlative(scene)
        return
    if not _COMPARES.search(plain):
        return
    sides = _with_focus(scene, _sides(scene))
    if len(sides) > 1:
        yield from _beside(scene, sides[:_SIDES])
    elif _CHEAP.search(plain) or _DEAR.search(plain) or _BY_PRICE.search(plain):
        yield from versions.compared(scene, asked)


def asked_of_one(scene: Scene, asked: ItemArguments) -> bool:
    """Whether one article is looked at and pointed at: 这款最大的多少毫升."""
    return bool(scene.item) and bool(re.search(r"这|(?i:\bthis\b|\bit\b)", scene.text))


def _sides(scene: Scene) -> list[Goods]:
    """The articles named side by side, each with the variants that were said."""
    found: list[Goods] = []
    for part in _AND.split(scene.text):
        if len(part.strip()) < 2 or _WHICH.match(part):
            continue
        alone = replace(scene, text=part, item="", nth=None)
        pointed = goods.pointed(alone) or _meant(alone)
        if pointed is not None and all(
            pointed.product.record.product_no != g.product.record.product_no for g in found
        ):
            found.append(pointed)
    return found


def _with_focus(scene: Scene, sides: list[Goods]) -> list[Goods]:
    """The article that is looked at, beside one other that is named: 这个和茶水分离那个."""
    looked_at = (
        goods.find_any(replace(scene, text=""), ItemArguments()) if scene.item and len(sides) == 1 else None
    )
    if (
        not isinstance(looked_at, Goods)
        or looked_at.product.record.product_no == sides[0].product.record.product_no
    ):
        return sides
    return [looked_at, *sides]


def _meant(scene: Scene) -> Goods | None:
    """The article that a few words describe: 上下两仓的."""
    chosen = choosing.choose(scene, choosing.candidates(scene, ItemArguments()), scene.text)
    described = bool(chosen.told) and chosen.told[0].own >= _DESCRIBED
    if chosen.article is None:
        return None
    product = chosen.article.row.record
    shared = pages.grams(scene.text) & pages.grams(f"{product.title_zh} {product.title_en}")
    if not (described or (shared and chosen.titled >= _DESCRIBED)):
        return None
    return Goods(chosen.article.row, chosen.article.variants, chosen.article.variants)


def _beside(scene: Scene, sides: Sequence[Goods]) -> Iterator[Fact]:
    if _CHEAP.search(scene.text) or _DEAR.search(scene.text) or _BY_PRICE.search(scene.text):
        yield from _prices(scene, sides)
        if ASKS_APART.search(scene.text):
            yield from _all_round(scene, sides)
        yield from _each(
            scene, sides, [a for a in ontology.asked(scene.text) if a.id not in ("kinds", "price")]
        )
        return
    wanted = _wanted(scene.text)
    told = False
    for attribute in wanted:
        pairs = [(g, r) for g in sides if (r := _of(g, attribute)) is not None]
        if len(pairs) < len(sides):
            continue
        told = True
        yield from (_fact(scene, g, r) for g, r in pairs)
        yield from _more(scene, [(g, r) for g, r in pairs], attribute)
        break
    if not told:
        yield from _all_round(scene, sides)


def _each(scene: Scene, sides: Sequence[Goods], wanted: Sequence[Attribute]) -> Iterator[Fact]:
    """What else is asked of each of them: 都是景德镇的吗."""
    for attribute in wanted[:2]:
        pairs = [(g, r) for g in sides if (r := _of(g, attribute)) is not None]
        if len(pairs) == len(sides):
            yield from (_fact(scene, g, r) for g, r in pairs)


def _wanted(text: str) -> list[Attribute]:
    """The attributes by which it is compared: those that are asked for, else those that 大 or 轻 is of."""
    wanted = [a for a in ontology.asked(text) if a.id != "kinds"]
    plain = folded(text)
    by_words = [
        a for a in ontology.attributes()
        if a.unit and a.id in ("capacity", "dimensions", "weight") and a not in wanted
        and ((a.more and a.more.search(plain)) or (a.less and a.less.search(plain)))
    ]  # fmt: skip
    return [*wanted, *by_words]


def _of(found: Goods, attribute: Attribute) -> Remark | None:
    every = remarks.of(found.product.record, tuple(v.record for v in found.every))
    fitting_it = [r for r in every if attribute.id in r.attributes]
    return min(fitting_it, key=lambda r: ("field", "option", "weight", "text").index(r.kind), default=None)


def _more(scene: Scene, pairs: Sequence[tuple[Goods, Remark]], attribute: Attribute) -> Iterator[Fact]:
    """Who has more of it, where each has one measure, or all of one article's are above the other's."""
    spans = []
    for found, remark in pairs:
        amounts = [m.amount for m in ontology.measures(remark.zh, attribute.unit)] if attribute.unit else []
        if not amounts:
            return
        spans.append((min(amounts), max(amounts), found))
    spans.sort(key=lambda s: -s[1])
    if len(spans) != 2 or spans[0][0] <= spans[1][1] or attribute.id == "warmth":
        return
    first, other = spans[0][2], spans[1][2]
    zh = {"weight": "更重", "shelf": "更长", "burning": "更久"}.get(attribute.id, "更大")
    en = {"weight": "heavier", "shelf": "longer", "burning": "longer"}.get(attribute.id, "larger")
    yield scene.fact(
        f"product.more_{attribute.id}", first.product.record.product_no, f"{attribute.zh}：《{first.zh}》{zh}。",
        f"{first.en} is {en} than {other.en}.", first.product, other.product,
    )  # fmt: skip


def _all_round(scene: Scene, sides: Sequence[Goods]) -> Iterator[Fact]:
    """Of each what fits the message best, and its volume or material."""
    for found in sides:
        article = Article(found.product, found.every)
        fits = fitting.ranked(scene, [article], scene.text)
        told = [f.remark for f in fits if f.remark.kind == "text"][:1]
        told += [r for a in ("warmth", "capacity", "craft", "material") if (r := _of(found, ontology.by_id()[a])) and r.kind == "field"][:2]  # fmt: skip
        yield from (_fact(scene, found, r) for r in dict.fromkeys(told))


def _fact(scene: Scene, found: Goods, remark: Remark) -> Fact:
    return scene.fact(
        remark.name, None, f"《{found.zh}》{remark.zh.rstrip('；')}", f"{found.en}: {remark.en.rstrip(';')}", found.product,
        about=found.product.record.product_no,
    )  # fmt: skip


def _prices(scene: Scene, sides: Sequence[Goods]) -> Iterator[Fact]:
    found = [v for g in sides if (v := _cheapest(scene, Article(g.product, g.variants))) is not None]
    if len(found) < len(sides):
        return
    for value in found:
        yield _told(scene, value, "price.from")
    low, high = min(found, key=lambda v: v.amount), max(found, key=lambda v: v.amount)
    if low.amount < high.amount:
        cheap, dear = low.article.row.record, high.article.row.record
        less = say.money(Money(int(high.amount - low.amount), price.currency_of(scene)))
        yield scene.fact(
            "price.cheaper", cheap.product_no, f"《{cheap.title_zh or cheap.title_en}》比《{dear.title_zh or dear.title_en}》便宜 {less}。",
            f"{cheap.title_en or cheap.title_zh} is {less} cheaper than {dear.title_en or dear.title_zh}.", low.article.row, high.article.row,
        )  # fmt: skip


# ---- the most of a kind


def _superlative(scene: Scene) -> Iterator[Fact]:
    text = scene.text
    rows = kinds.of_text(scene, text)
    articles = [Article(row, goods.variants(scene, row.record.product_no)) for row in rows]
    if len(articles) == 1:
        return  # of one article it is asked how far it goes: 电子秤最大称多重
    if _CHEAP.search(text) or _DEAR.search(text):
        if not articles:
            return
        way: Way = "less" if _CHEAP.search(text) else "more"
        values = [v for a in articles for v in _priced(scene, a)]
        yield from _best(scene, values, way, "price.most")
        return
    for attribute in _wanted(text):
        if not attribute.unit:
            continue
        scope = articles
        if not scope:
            every = scene.rows(Product, listed=True)
            scope = [Article(r, goods.variants(scene, r.record.product_no)) for r in every] if attribute.id not in ("capacity", "dimensions", "weight") else []  # fmt: skip
        plain = folded(text)
        way = "less" if attribute.less and attribute.less.search(plain) else "more"
        values = [v for a in scope for v in _measured(a, attribute)]
        if values:
            yield from _best(scene, values, way, f"product.most_{attribute.id}")
            return


def _best(scene: Scene, values: Sequence[_Value], way: Way, name: str) -> Iterator[Fact]:
    if not values:
        return
    limit = (min if way == "less" else max)(v.amount for v in values)
    best = [v for v in values if v.amount == limit]
    for value in best[:_SIDES]:
        yield _told(scene, value, name)


def _told(scene: Scene, value: _Value, name: str) -> Fact:
    product = value.article.row.record
    title_zh, title_en = product.title_zh or product.title_en, product.title_en or product.title_zh
    return scene.fact(
        name, None, f"《{title_zh}》{value.zh}。", f"{title_en}{value.en}.", value.article.row, *value.rows, about=product.product_no
    )  # fmt: skip


def _measured(article: Article, attribute: Attribute) -> Iterator[_Value]:
    """By variant where the option has the measure, else the largest in the field."""
    options = False
    for row in article.variants:
        for name, value in row.record.options:
            if attribute.id in ontology.called(name):
                for m in ontology.measures(value, attribute.unit):
                    options = True
                    zh, en = goods.variant_zh(row), goods.variant_en(row)
                    yield _Value(m.amount, article, f"（{zh}）", f", {en}", (row,))
    if options:
        return
    for chinese, english in attributes.pairs(article.row.record.attributes):
        if attribute.id in ontology.called(chinese[0]) | ontology.called(english[0]):
            found = list(ontology.measures(chinese[1], attribute.unit)) or list(
                ontology.measures(english[1], attribute.unit)
            )
            if found:
                yield _Value(
                    max(m.amount for m in found),
                    article,
                    f"，{chinese[0]}：{chinese[1]}",
                    f", {english[0]}: {english[1]}",
                )
                return
    if attribute.id == "weight":
        for row in article.variants:
            if row.record.weight_grams:
                grams = row.record.weight_grams
                yield _Value(grams, article, f"（{goods.variant_zh(row)}），重 {grams} 克", f", {goods.variant_en(row)}: {grams} g", (row,))  # fmt: skip


def _priced(scene: Scene, article: Article) -> Iterator[_Value]:
    """Each variant that can be ordered now, with its price."""
    currency = price.currency_of(scene)
    for row in article.variants:
        shelves = scene.rows(Stock, sku=row.record.sku)
        asked = price.at(scene.rows(Price, sku=row.record.sku), currency, scene.now)
        if asked is not None and (not shelves or on_hand(shelves)):
            amount: Money = asked.row.record.amount
            zh, en = goods.variant_zh(row), goods.variant_en(row)
            yield _Value(
                amount.minor,
                article,
                f"（{zh}）{say.money(amount)}",
                f", {en}: {say.money(amount)}",
                (asked.row,),
            )


def _cheapest(scene: Scene, article: Article) -> _Value | None:
    values = list(_priced(scene, article))
    if not values:
        return None
    low = min(values, key=lambda v: v.amount)
    more = any(v.amount != low.amount for v in values)
    return replace(
        low, zh=f"{low.zh}{'起' if more else ''}", en=low.en.replace(": ", ": from ") if more else low.en
    )
