"""Of the remarks that fit a message, those that answer it: of one article, of several alike, or of none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mingbai.shop.search.document import Kind
from mingbai.shop.search.normal import folded
from mingbai.shop.skills import fitting, goods, ontology
from mingbai.shop.skills.fitting import Article, Fit
from mingbai.shop.skills.goods import Goods, ItemArguments, Several
from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.records import Product

NEAR = 12  # articles that search finds nearest, beside those that are named or looked at
_BY_NAME, _BY_KIND, _IN_FOCUS = 0.3, 0.2, 0.3
_SAME = 0.18  # by which the best remarks of two articles may differ for either to be meant
_KNOWN = 0.12  # of a message, for an article to be known by it
_OWN = 0.3  # of the rest of a message, for a remark to answer it
_ALIKE = 0.5  # in meaning, for a remark that has less of it
_BESIDE = 0.35  # of the best remark's worth, by which another is still told
MOST = 3  # remarks told of one article
MOST_ARTICLES = 6


@dataclass(frozen=True, slots=True)
class Chosen:
    """`told` are the remarks to tell of `article`, the best first; `others` need not be told. `alike`: the best remark of
    each of several articles that may be meant. `article` without `told`: it is meant, and the rows do not say it."""

    article: Article | None = None
    told: tuple[Fit, ...] = ()
    others: tuple[Fit, ...] = ()
    alike: tuple[Fit, ...] = ()
    named: bool = False


def candidates(scene: Scene, asked: ItemArguments) -> list[Article]:
    """The articles that may be meant: by number or name, in focus, and what search finds nearest."""
    found = goods.find_any(scene, asked)
    priors: dict[str, float] = {}
    if isinstance(found, Goods):
        priors[found.product.record.product_no] = _BY_NAME if asked.product or not scene.item else 0.0
    elif isinstance(found, Several):
        priors = {row.record.product_no: _BY_KIND for row in found.rows}
    rows: dict[str, Row[Product]] = {}
    if isinstance(found, Goods):
        rows[found.product.record.product_no] = found.product
    if (focus := in_focus(scene)) is not None:
        priors[focus.record.product_no] = priors.get(focus.record.product_no, 0.0) + _IN_FOCUS
        rows[focus.record.product_no] = focus
    keys = [*priors, *(hit.key for words in (scene.text, asked.product) if words for hit in scene.near(words, Kind.PRODUCT, NEAR))]  # fmt: skip
    for key in dict.fromkeys(keys):
        if key not in rows and (row := scene.get(Product, key)) is not None and row.record.listed:
            rows[key] = row
    return [Article(row, goods.variants(scene, key), priors.get(key, 0.0)) for key, row in rows.items()]


def in_focus(scene: Scene) -> Row[Product] | None:
    found = goods.by_number(scene, scene.item) if scene.item else None
    return None if found is None else goods.product_of(scene, found)


def choose(scene: Scene, articles: Sequence[Article], text: str) -> Chosen:
    """What answers this text, of these articles."""
    fits = fitting.ranked(scene, articles, text)
    if not fits:
        return Chosen()
    best = _best_of_each(fits)
    top = best[0]
    rivals = [
        f for f in best[1:]
        if top.score - f.score < _SAME and answers(f) == answers(top) and abs(f.article.prior - top.article.prior) < 0.05
    ]  # fmt: skip
    known = top.article.prior > 0 or top.named >= _KNOWN or (top.own >= _OWN and top.alike >= 0.3)
    if not known:
        return Chosen()
    if not answers(top):
        return Chosen(article=None if rivals and not top.article.prior else top.article, named=True)
    if rivals and not _stands_out(top, rivals):
        return Chosen(alike=(top, *rivals)[:MOST_ARTICLES])
    own = [f for f in fits if f.article is top.article]
    told = _told(own, text)
    return Chosen(top.article, told, tuple(f for f in own if f not in told), named=True)


def answers(fit: Fit) -> bool:
    """Whether the remark says what is asked, and is not merely the nearest."""
    if fit.remark.kind != "text" and fit.asked - {"kinds"}:
        return True
    if fit.asked and (fit.remark.kind != "text" or fit.own > 0 or fit.alike >= 0.25 or fit.article.prior):
        return True
    return fit.own >= _OWN or (fit.own >= _OWN / 2 and fit.alike >= _ALIKE)


def _stands_out(top: Fit, rivals: Sequence[Fit]) -> bool:
    """Whether the best is named by words that the others are not."""
    return all(top.named - f.named >= 0.15 for f in rivals)


def _best_of_each(fits: Sequence[Fit]) -> list[Fit]:
    found: dict[str, Fit] = {}
    for fit in fits:
        found.setdefault(fit.article.row.record.product_no, fit)
    return list(found.values())


def _told(own: Sequence[Fit], text: str) -> tuple[Fit, ...]:
    """The best remark; what else is asked for and it does not say; and what is nearly as good."""
    told = [own[0]]
    wanted = [each.id for each in ontology.asked(text)]
    for each in wanted:
        if any(each in f.asked for f in told):
            continue
        more = next((f for f in own if each in f.asked and answers(f)), None)
        if more is not None and len(told) < MOST + 1:
            told.append(more)
    for fit in own[1:]:
        if len(told) >= MOST:
            break
        if (
            fit not in told
            and answers(fit)
            and fit.worth >= own[0].worth * (1 - _BESIDE)
            and not _repeats(fit, told)
        ):
            told.append(fit)
    return tuple(told)


def _repeats(fit: Fit, told: Sequence[Fit]) -> bool:
    return any(fit.remark.zh in f.remark.zh or fit.remark.zh == f.remark.zh for f in told)


def is_named(scene: Scene, article: Article) -> bool:
    """Whether the message says the article's whole title."""
    product, text = article.row.record, folded(scene.text).replace(" ", "")
    return any(t and folded(t).replace(" ", "") in text for t in (product.title_zh, product.title_en))
