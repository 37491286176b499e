"""What an article is: the remarks of its rows that answer the question, a page of the shop where that says it, and what the
rows do not say said as that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from mingbai.shop.search.document import Kind
from mingbai.shop.skills import (
    browse,
    choosing,
    compare,
    coupon,
    fitting,
    goods,
    ontology,
    pages,
    person,
    price,
    questions,
    remarks,
    sentences,
    spares,
    stated,
    stock,
)
from mingbai.shop.skills.choosing import Chosen
from mingbai.shop.skills.fitting import Article, Fit
from mingbai.shop.skills.goods import Goods, ItemArguments, Several
from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.records import Product, Review
from mingbai.values.turn import Evidence, Fact, Intent, Passage
from mingbai.zh.width import normalise

_MOST_OTHERS = 6
_NEAR = 0.4  # of likeness and own words, for what is nearest to be told where nothing else is known
_SPEAKS = 0.4  # of a message beside its article's name, for a remark to be what it asks for
_STRANGE = 0.3  # of a message's weight, in words that no page and no article has
_BESIDE = 0.3  # of the rest of a message that a remark has, for it to be told beside what is not known
_SURELY = 0.3  # what speaks for an article of which several questions are asked
_NAMED = 0.3  # that speaks for an article, for it to be the one that was named
_CARE = re.compile(r"开壶|养壶|养护|保养|怎么养|茶垢|怎么存|储存|保存|season|care for|clean|store")
_HAVE = re.compile(r"(?:还|都|现在)?有(?:货|现货)?(?:吗|么|没有?|不)\s*[?？。!！~]*$")
_OTHERS_SAY = re.compile(
    r"评价|好评|差评|口碑|买过的|大家觉得|反馈|(?i:\breviews?\b|others say|customers say)"
)
_OPTION = re.compile(
    r"有(?:没有)?[^，。？?]{0,10}(?:色|款|号|码|的|版)?[^，。？?]{0,2}(?:吗|么|没|不|嘛)|(?i:\b(?:come|available|have|made|get|is there)\b.{0,20}\b(?:in|a|an|any|one)\b)"
)


def product_info(scene: Scene, asked: ItemArguments) -> Evidence:
    """What the rows say on each question of the message; a page where that says it; else that it is not known."""
    if facts := beside_others(scene, asked):
        return Evidence(scene.intent, facts=facts)
    if facts := tuple(spares.told(scene, asked.product)):
        return Evidence(scene.intent, facts=facts)
    found = _whole(scene, asked)
    parts = questions.of(scene.text)
    if len(parts) < 2 or found.needs or found.handoff:
        return found
    return _each_question(scene, asked, found, parts)


def _each_question(scene: Scene, asked: ItemArguments, found: Evidence, parts: Sequence[str]) -> Evidence:
    """With what the answer to the whole message leaves of its single questions."""
    article = choosing.choose(scene, choosing.candidates(scene, asked), scene.text).article
    if article is None or not any(f.name.startswith("product.") for f in found.facts):
        return found
    article = replace(article, prior=max(article.prior, _SURELY))
    told = {f.zh for f in found.facts if f.must and f.name != "product.not_said"}
    more: list[Fact] = []
    for part in parts:
        own = _of_part(replace(scene, text=part, before=""), article, part)
        if not any(f.zh in told for f in own):
            more += own
    if not more:
        return found
    known = [
        f for f in found.facts if f.name != "product.not_said" or not any(m.name == f.name for m in more)
    ]
    if not any(f.name != "product.title" for f in known):
        known = []
    return replace(found, facts=tuple(dict.fromkeys((*known, *more))), passages=())


def _of_part(scene: Scene, article: Article, part: str) -> list[Fact]:
    """What answers one question of an article that is known: its remark, a page's sentence, or that it is not known."""
    chosen = choosing.choose(scene, [article], part)
    picked = goods.pick(scene, article.row, ItemArguments())
    thing = choosing.unmet(scene, article, chosen.told, part)
    if chosen.told and (not thing or any(fit.asked or fit.own >= _BESIDE for fit in chosen.told)):
        facts = [_fact(scene, picked, fit, must=True) for fit in chosen.told[:2]]
        return [*facts, *_unknown_with(scene, picked, thing)] if thing else facts
    if cited := sentences.told(scene):
        return list(cited)
    wanted = fitting.wanted(article, part, scene.says_zh)
    return list(_unknown_with(scene, picked, thing)) if thing or wanted else []


def _whole(scene: Scene, asked: ItemArguments) -> Evidence:
    """As if one question were asked."""
    if scene.before and not ontology.asked(scene.text) and (same := ontology.phrases(scene.before)):
        scene = replace(scene, text=f"{scene.text}，{same}")  # 那岩茶呢: the same is asked of another
    if asked.product and _HAVE.search(normalise(scene.text).text) and not asks_for_more(scene, asked):
        return stock.stock(replace(scene, intent=Intent.STOCK), asked)
    if person.asks_shop(scene.text) and not asked.product:
        return person.shop_facts(scene, person.PersonArguments())
    if codes := coupon.by_code(scene):
        return coupon.coupon(replace(scene, intent=Intent.COUPON), coupon.CouponArguments(code=codes))
    nameless = not asked.product and not scene.item
    if nameless and pages.prefers_page(scene, scene.text) and (told := sentences.told(scene)):
        return Evidence(scene.intent, facts=told)
    articles = choosing.candidates(scene, asked)
    chosen = choosing.choose(scene, articles, scene.text)
    unnamed = chosen.article is None or not (chosen.article.prior or chosen.titled)
    if nameless and unnamed and (told := sentences.told(scene)):
        return Evidence(scene.intent, facts=told)
    if (
        asked.color
        and _OPTION.search(scene.text)
        and (facts := tuple(_in_color(scene, asked, articles, chosen)))
    ):
        return Evidence(scene.intent, facts=facts)
    if chosen.alike:
        said = [choosing.unmet(scene, f.article, (f,), scene.text) for f in chosen.alike]
        if all(said):
            near = [of_article(scene, f) for f in chosen.alike if f.asked]
            unknown = _unknown_of_all(scene, [f.article for f in chosen.alike], said[0])
            return Evidence(scene.intent, facts=(unknown, *near))
        return _of_several(scene, chosen.alike)
    if chosen.article is not None and chosen.told:
        return _of_one(scene, asked, chosen)
    return _not_said(scene, asked, chosen)


def beside_others(scene: Scene, asked: ItemArguments) -> tuple[Fact, ...]:
    """Articles compared, the most of a kind, or several to choose from; nothing where it asks for none of that."""
    if facts := tuple(compare.compared(scene, asked)):
        return facts
    return tuple(browse.offers(scene, asked.product)) if browse.wanted(scene) else ()


def speaks(scene: Scene, asked: ItemArguments) -> bool:
    """Whether the rows of an article plainly answer the message, whatever it was taken for."""
    chosen = choosing.choose(scene, choosing.candidates(scene, asked), scene.text)
    best = (*chosen.told, *chosen.alike)[:1]
    if best:
        return bool(best[0].asked - {"kinds"}) or best[0].own >= _SPEAKS
    # An article by its name and something to be asked of articles: that it is not known is an answer, too.
    return (
        chosen.article is not None
        and chosen.article.prior >= _NAMED
        and bool(fitting.wanted(chosen.article, scene.text, scene.says_zh))
    )


def asks_unknown(scene: Scene, asked: ItemArguments) -> bool:
    """Whether it asks something of one article, by its name or looked at, in words that the shop has nowhere."""
    if not sentences.asks(scene.text) or not (asked.product or scene.item):
        return False
    chosen = choosing.choose(scene, choosing.candidates(scene, asked), scene.text)
    article = chosen.article
    if article is None or article.prior < _NAMED:
        return False
    return sentences.strange(scene) >= _STRANGE or bool(
        choosing.unmet(scene, article, chosen.told, scene.text)
    )


def asks_for_more(scene: Scene, asked: ItemArguments) -> bool:
    """Whether it asks more of an article than if it is there: 露营用的茶具有吗, and not 200ml的盖碗有吗."""
    if ontology.asked(scene.text) or browse.wanted(scene):
        return True
    chosen = choosing.choose(scene, choosing.candidates(scene, asked), scene.text)
    best = (*chosen.told, *chosen.alike)[:1]
    return bool(best) and best[0].own >= _SPEAKS and not states_option(scene, asked)


def states_option(scene: Scene, asked: ItemArguments) -> bool:
    """Whether a colour, a size or a version of the article that is meant is said."""
    chosen = choosing.choose(scene, choosing.candidates(scene, asked), scene.text)
    meant = [chosen.article] if chosen.article else [f.article for f in chosen.alike]
    return any(stated.count(scene.text, v) for a in meant for v in a.listed if len(a.listed) > 1)


def _of_one(scene: Scene, asked: ItemArguments, chosen: Chosen) -> Evidence:
    article = chosen.article
    assert article is not None
    found = goods.pick(scene, article.row, replace(asked, product=""))
    facts = [_fact(scene, found, fit, must=True) for fit in chosen.told]
    facts = list(dict.fromkeys([*_of_options(scene, found, asked), *facts]))
    if thing := choosing.unmet(scene, article, chosen.told, scene.text):
        unknown = _unknown_with(scene, found, thing)
        if not any(fit.asked or fit.own >= _BESIDE for fit in chosen.told):
            return Evidence(scene.intent, facts=unknown)
        facts += unknown
    others = [_fact(scene, found, fit, must=False) for fit in chosen.others if fit.remark.kind == "field"]
    facts += [f for f in others if (f.name, f.zh) not in {(g.name, g.zh) for g in facts}][:_MOST_OTHERS]
    title = _title(scene, found, must=not _is_plain(scene, article))
    return Evidence(scene.intent, facts=(title, *facts), passages=_cited(scene, found))


def _of_options(scene: Scene, found: Goods, asked: ItemArguments) -> Iterator[Fact]:
    """Whether there is one in the colour or size that was asked for."""
    if found.lacking and _OPTION.search(scene.text):
        yield price.lacking(scene, found)
    elif (
        (asked.color or asked.size) and len(found.variants) < len(found.every) and _OPTION.search(scene.text)
    ):
        zh = "、".join(goods.variant_zh(v) for v in found.variants)
        en = "; ".join(goods.variant_en(v) for v in found.variants)
        yield scene.fact(
            "product.variants", len(found.variants), f"《{found.zh}》有：{zh}。", f"{found.en}: there is {en}.",
            found.product, *found.variants, about=found.about,
        )  # fmt: skip


def _in_color(scene: Scene, asked: ItemArguments, articles: list[Article], chosen: Chosen) -> Iterator[Fact]:
    """Of several articles of the name, those that there are in the colour."""
    named = [a for a in articles if a.prior > 0]
    if len(named) < 2 or len(named) > choosing.MOST_ARTICLES or any(a.focus for a in named):
        return
    for article in named:
        found = goods.pick(scene, article.row, replace(asked, product=""))
        if not found.lacking:
            yield from _of_options(scene, found, asked)


def _is_plain(scene: Scene, article: Article) -> bool:
    """Whether nobody needs to be told which article is meant: it is looked at, or named by its whole title."""
    focus = choosing.in_focus(scene)
    if focus is not None and focus.record.product_no == article.row.record.product_no:
        return True
    return choosing.is_named(scene, article)


def _fact(scene: Scene, found: Goods, fit: Fit, *, must: bool) -> Fact:
    remark = fit.remark
    value = remark.zh.partition("：")[2].rstrip("。") if remark.kind == "field" else None
    rows = found.variants if remark.kind in ("option", "weight") else ()
    return scene.fact(
        remark.name, value or None, _ended(remark.zh), _ended(remark.en), found.product, *rows, about=found.about, must=must
    )  # fmt: skip


def _ended(text: str) -> str:
    return text.rstrip("；;") + ("。" if text.endswith("；") else "." if text.endswith(";") else "")


def _title(scene: Scene, found: Goods, *, must: bool) -> Fact:
    row, one = found.product, found.one
    zh, en = f"您问的是《{found.zh}》", f"This is about {found.en}"
    if one is not None and len(found.every) > 1:
        zh, en = f"{zh}{goods.variant_zh(one)}", f"{en}, {goods.variant_en(one)}"
    return scene.fact("product.title", found.zh, f"{zh}。", f"{en}.", row, one, about=found.about, must=must)


def _of_several(scene: Scene, fits: tuple[Fit, ...]) -> Evidence:
    """What is asked of a kind of article: once where all say the same, else of each, and which one is asked."""
    rows = tuple(fit.article.row for fit in fits)
    first = fits[0].remark
    if all(fit.remark.zh == first.zh for fit in fits):
        zh = "、".join(f"《{_zh(row.record)}》" for row in rows)
        en = ", ".join(_en(row.record) for row in rows)
        value = first.zh.partition("：")[2].rstrip("。") or None
        fact = scene.fact(
            first.name, value, f"{first.zh.rstrip('。；')}（{zh}都一样）。", f"{first.en.rstrip('.;')} (the same for {en}).", *rows
        )  # fmt: skip
        return Evidence(scene.intent, facts=(fact,), passages=_on_care(scene))
    facts = tuple(of_article(scene, fit) for fit in fits)
    need = goods.ask(scene, Several(rows)).needs
    return Evidence(scene.intent, facts=facts, needs=need, passages=_on_care(scene))


def of_article(scene: Scene, fit: Fit) -> Fact:
    """A remark with the name of its article."""
    product = fit.article.row.record
    return scene.fact(
        fit.remark.name, None, f"《{_zh(product)}》{_ended(fit.remark.zh)}", f"{_en(product)}: {_ended(fit.remark.en)}",
        fit.article.row, about=product.product_no,
    )  # fmt: skip


def _not_said(scene: Scene, asked: ItemArguments, chosen: Chosen) -> Evidence:
    """A page, or the question which article, or that its rows do not say it."""
    found = goods.find_any(scene, asked)
    article = chosen.article
    if article is None and isinstance(found, Goods):
        article = Article(found.product, found.variants)
    several = found if isinstance(found, Several) else None
    if cited := (_on_care(scene) if article is None else _cited_of(scene, article)):
        return Evidence(scene.intent, passages=cited)
    if told := sentences.told(scene, (), 0.5 if article is None else sentences.SURE):
        return Evidence(scene.intent, facts=told)
    if article is not None:
        picked = goods.pick(scene, article.row, replace(asked, product=""))
        options = tuple(_of_options(scene, picked, asked))
        if options:
            return Evidence(scene.intent, facts=(*options, _title(scene, picked, must=False)))
        if sentences.asks(scene.text) or ontology.asked(scene.text):
            thing = choosing.unmet(scene, article, (), scene.text)
            near = () if thing or _is_wanted(scene, article) else tuple(_nearest(scene, picked, article))
            unknown = (_unknown_but(scene, picked),) if near else _unknown_with(scene, picked, thing)
            return Evidence(scene.intent, facts=(*unknown, *near))
        return _brief(scene, picked)
    if several is not None:
        of = [Article(row, goods.variants(scene, row.record.product_no)) for row in several.rows]
        things = [choosing.unmet(scene, a, (), scene.text) for a in of]
        if len(of) <= goods.MOST_CHOICES and all(things):
            return Evidence(scene.intent, facts=(_unknown_of_all(scene, of, things[0]),))
        return goods.ask(scene, several)
    if isinstance(found, Evidence) and found.needs and not asked.product:
        return found
    return Evidence(scene.intent, passages=pages.searched(scene, scene.text) if not asked.product else ())


def _is_wanted(scene: Scene, article: Article) -> bool:
    return bool(fitting.wanted(article, scene.text, scene.says_zh))


def _nearest(scene: Scene, found: Goods, article: Article) -> Iterator[Fact]:
    """What of the article is nearest to a question of which no word says what it is about: it may be in other words."""
    fits = fitting.ranked(scene, [article], scene.text)
    best = max((f for f in fits if f.alike or f.own), key=lambda f: f.worth, default=None)
    if best is not None and best.alike + best.own >= _NEAR:
        yield _fact(scene, found, best, must=True)


def _unknown_with(scene: Scene, found: Goods, thing: str) -> tuple[Fact, ...]:
    """That it is not known, and the one sentence of a page that has the word: 铅 is in no row of a cup, the page has reports."""
    words = thing.split("、") if scene.says_zh else thing.split()
    near = next((f for w in words if w and (f := sentences.having(scene, w)) is not None), None)
    return (_unknown(scene, found, thing), *((near,) if near is not None else ()))


def _unknown(scene: Scene, found: Goods, thing: str = "") -> Fact:
    """That the rows of the article do not say it, by the name of what was asked where that is known."""
    wanted = fitting.wanted(Article(found.product, found.every), scene.text, scene.says_zh)
    zh = f"“{thing}”" if thing else "、".join(a.zh for a in wanted[:2]) or "这一点"
    en = f'"{thing}"' if thing else " or ".join(a.en for a in wanted[:2]) or "that"
    return scene.fact(
        "product.not_said", None,
        f"《{found.zh}》的资料里没有写{zh}，我不能确定，不乱说；需要的话回复“转人工”，请人工客服帮您核实。",
        f"What we have on {found.en} does not say {en}; I do not know and will not guess. A person can check it for you: just say “agent”.",
        found.product, about=found.about,
    )  # fmt: skip


def _unknown_but(scene: Scene, found: Goods) -> Fact:
    """That the rows do not say it in these words, before what is nearest."""
    return scene.fact(
        "product.not_said", None,
        f"《{found.zh}》的资料里没有直接写您问的这一点，我不能确定；最接近的是后面这句，需要的话回复“转人工”，请人工客服帮您核实。",
        f"What we have on {found.en} does not say that in so many words; I do not know for sure. The nearest to it follows; a person can check it for you: just say “agent”.",
        found.product, about=found.about,
    )  # fmt: skip


def _unknown_of_all(scene: Scene, articles: Sequence[Article], thing: str) -> Fact:
    """That the rows of none of them say it: which one is meant need not be asked."""
    rows = [a.row for a in articles]
    zh, en = "、".join(f"《{_zh(r.record)}》" for r in rows), ", ".join(_en(r.record) for r in rows)
    return scene.fact(
        "product.not_said", None,
        f"{zh}的资料里都没有写“{thing}”，我不能确定，不乱说；需要的话回复“转人工”，请人工客服帮您核实。",
        f'What we have on {en} does not say "{thing}"; I do not know and will not guess. A person can check it for you: just say “agent”.',
        *rows,
    )  # fmt: skip


def _brief(scene: Scene, found: Goods) -> Evidence:
    """An article that was only named: its first sentence and its fields."""
    every = remarks.of(found.product.record, tuple(v.record for v in found.every))
    first = [r for r in every if r.kind == "text"][:1]
    article = Article(found.product, found.every)
    facts = [
        _fact(scene, found, Fit(article, r), must=r in first)
        for r in (*first, *(r for r in every if r.kind == "field"))
    ]
    return Evidence(scene.intent, facts=(_title(scene, found, must=False), *facts[: _MOST_OTHERS + 1]))


def _on_care(scene: Scene) -> tuple[Passage, ...]:
    """A page on how to care for that kind of article, whichever of them it is."""
    if not _CARE.search(scene.text):
        return ()
    hits = scene.find(scene.text, Kind.POLICY, 2)
    found = [
        page for hit in hits if (page := pages.page(scene, hit.key)) and page.of(scene).record.topic == "care"
    ]
    return tuple(pages.passage(scene, page, scene.text) for page in found[:1])


def _cited_of(scene: Scene, article: Article) -> tuple[Passage, ...]:
    return _cited(scene, Goods(article.row, article.variants, article.variants))


def _cited(scene: Scene, found: Goods) -> tuple[Passage, ...]:
    """A page on care where it is asked for, and a review where the question is what others think."""
    out: list[Passage] = []
    if _CARE.search(scene.text):
        words = f"{scene.text} {found.zh}"
        for hit in scene.find(words, Kind.POLICY, 2):
            page = pages.page(scene, hit.key)
            if page is not None and page.of(scene).record.topic == "care" and _speaks_of(page, found.product):
                out.append(pages.passage(scene, page, words))
                break
    if _OTHERS_SAY.search(scene.text):
        reviews = [row.record for row in scene.rows(Review, product_no=found.product.record.product_no)]
        lang = "zh" if scene.says_zh else "en"
        for review in sorted(reviews, key=lambda r: (r.lang != lang, -(r.rating or 0)))[:2]:
            out.append(Passage("review", review.review_no, "", review.text[:200], review.lang))
    return tuple(out)


def _speaks_of(page: pages.Page, row: Row[Product]) -> bool:
    """Whether a page on care is of this kind of article: by the last word of its category or a tag."""
    product = row.record
    words = [*product.category.split(" > "), *product.tags]
    texts = " ".join(r.record.title + r.record.text for r in page.rows)
    return any(len(w) > 1 and w in texts for w in words)


def _zh(product: Product) -> str:
    return product.title_zh or product.title_en or product.product_no


def _en(product: Product) -> str:
    return product.title_en or product.title_zh or product.product_no
