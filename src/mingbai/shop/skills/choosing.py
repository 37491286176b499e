"""Of the remarks that fit a message, those that answer it: of one article, of several alike, or of none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mingbai.shop.search.document import Kind
from mingbai.shop.search.normal import folded
from mingbai.shop.search.parse import of_query
from mingbai.shop.skills import fitting, goods, naming, ontology, remarks, wished
from mingbai.shop.skills.fitting import Article, Fit
from mingbai.shop.skills.goods import Goods, ItemArguments, Several
from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.records import Product

NEAR = 12  # articles that search finds nearest, beside those that are named or looked at
_BY_NUMBER, _BY_NAME, _BY_KIND, _IN_FOCUS = 0.5, 0.4, 0.1, 0.3
_FEW = 3  # articles of one name; more are a kind
_BEARS = 0.6  # of a name that was said, for an article to be meant by it
_SAME = 0.18  # by which the best remarks of two articles may differ for either to be meant
_KNOWN = 0.08  # of a message, for an article to be known by it
_NAMED_APART = (
    0.2  # of a message that another's title has, for it to be meant instead of the one that is looked at
)
_OWN = 0.3  # of the rest of a message, for a remark to answer it
_OWN_BESIDE = 0.5  # the same, where an attribute is asked for that the remark is not of
_ALIKE = 0.5  # in meaning, for a remark that has less of it
_LOOSE = ("sound", "initials", "character", "pair")
_FIGURE = re.compile(
    r"\d|[零一二两三四五六七八九十百千半](?!切|样|定|般|致|起|直)|无限|不限|(?i:\b(?:one|two|three|four|five|six|seven|eight|nine|ten|half|twice)\b)"
)
_LEADS = 0.1  # of worth, by which a remark leads all others of its article
_BESIDE = 0.35  # of the best remark's worth, by which another is still told
_WITH_IT = 0.3  # in meaning, for a sentence that is told with a field
_CLAUSE = re.compile(r"[，,。；;！!？?\n]+|\s+(?=[一-龥])|(?<=[一-龥])\s+|\. |\b(?:and|also)\b")
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
    titled: float = 0.0  # how much of the message its title has


def candidates(scene: Scene, asked: ItemArguments) -> list[Article]:
    """The articles that may be meant: by number or name, in focus, and what search finds nearest."""
    found = goods.find_any(scene, asked)
    priors: dict[str, float] = {}
    rows: dict[str, Row[Product]] = {}
    if isinstance(found, Goods):
        rows[found.product.record.product_no] = found.product
        number = goods.by_number(scene, asked.product) is not None if asked.product else False
        if number or not (asked.product or scene.item):
            priors[found.product.record.product_no] = _BY_NUMBER if number else _BY_KIND
    elif isinstance(found, Several):
        rows |= {row.record.product_no: row for row in found.rows}
        priors = {row.record.product_no: _BY_KIND for row in found.rows}
    focus = in_focus(scene)
    if focus is not None:
        rows[focus.record.product_no] = focus
    for words in (scene.text, asked.product):
        for hit in scene.near(words, Kind.PRODUCT, NEAR) if words else ():
            if hit.key not in rows and (row := scene.get(Product, hit.key)) is not None and row.record.listed:
                rows[hit.key] = row
    every = [(row, goods.variants(scene, key)) for key, row in rows.items()]
    if len(asked.product) > 1:
        borne = {
            r.record.product_no: naming.covers(asked.product, r.record, [v.record for v in own])
            for r, own in every
        }
        most = max(borne.values(), default=0.0)
        bearing = [key for key, share in borne.items() if share >= max(_BEARS, most - 0.01)]
        for key in bearing:
            by = _BY_NAME * borne[key] / (1 if len(bearing) == 1 else 2) if len(bearing) <= _FEW else _BY_KIND
            priors[key] = max(priors.get(key, 0.0), by)
    looked_at = focus.record.product_no if focus is not None else ""
    return [
        Article(row, own, priors.get(row.record.product_no, 0.0) + (_IN_FOCUS if row.record.product_no == looked_at else 0.0),
                row.record.product_no == looked_at)
        for row, own in every
    ]  # fmt: skip


def in_focus(scene: Scene) -> Row[Product] | None:
    found = goods.by_number(scene, scene.item) if scene.item else None
    return None if found is None else goods.product_of(scene, found)


def choose(scene: Scene, articles: Sequence[Article], text: str) -> Chosen:
    """What answers this text, of these articles."""
    fits = _of_the_named(fitting.ranked(scene, articles, text))
    if not fits:
        return Chosen()
    best = _best_of_each(fits)
    top = _in_view(best)
    if not answers(top):
        top = next((f for f in fits if f.article is top.article and answers(f)), top)
    rivals = [
        f for f in best
        if f is not top and abs(top.score - f.score) < _SAME and answers(f) == answers(top)
        and abs(f.article.prior - top.article.prior) < 0.05
    ]  # fmt: skip
    known = top.article.prior > 0 or top.named >= _KNOWN or (top.own >= _OWN and top.alike >= 0.3)
    if not known:
        return Chosen()
    if not answers(top) and _leads(top, fits):
        others = tuple(f for f in fits if f.article is top.article and f is not top)
        return Chosen(top.article, (top,), others, titled=top.titled)
    if not answers(top):
        return Chosen(article=None if rivals and not top.article.prior else top.article, titled=top.titled)
    if rivals and not _stands_out(top, rivals):
        return Chosen(alike=tuple(_same_of(f, top, fits) for f in (top, *rivals)[:MOST_ARTICLES]))
    own = [f for f in fits if f.article is top.article]
    told = _with_clauses(scene, top.article, _told(own), text)
    return Chosen(top.article, told, tuple(f for f in own if f not in told), titled=top.titled)


def _of_the_named(fits: list[Fit]) -> list[Fit]:
    """Without articles that nobody named where one was named: that of matcha nothing is said of sugar is no reason to tell of
    jasmine. Another that the message has by its title stays: 除垢剂能泡紫砂壶吗."""
    named = [f.article.prior for f in fits if not f.article.focus and f.article.prior >= _BY_NAME - 0.01]
    if not named:
        return fits
    least = max((f.titled for f in fits if f.article.prior >= _BY_NAME - 0.01), default=0.0)
    return [f for f in fits if f.article.prior > 0 or f.article.focus or f.titled - least >= _NAMED_APART / 2]


def _same_of(fit: Fit, top: Fit, fits: Sequence[Fit]) -> Fit:
    """Of another article the field on the same, so that they can be laid side by side."""
    own = (
        f
        for f in fits
        if f.article is fit.article and f.remark.kind == "field" and f.asked & (top.asked or fit.asked)
    )
    return next(own, fit)


def _in_view(best: Sequence[Fit]) -> Fit:
    """The best; of the article that is looked at where it answers, too, and nobody named the other."""
    top = best[0]
    focus = next((f for f in best if f.article.focus), None)
    if focus is None or focus is top:
        return top
    apart = top.titled - focus.titled >= _NAMED_APART or top.article.prior > focus.article.prior
    return top if apart or (answers(top) and not answers(focus) and top.titled > 0) else focus


def answers(fit: Fit) -> bool:
    """Whether the remark says what is asked, and is not merely the nearest."""
    if fit.remark.kind != "text" and fit.asked - {"kinds"}:
        return True
    if fit.asked and (fit.remark.kind != "text" or fit.own >= 0.1 or fit.alike >= 0.35):
        return True
    if fit.wanted:  # what is asked for by its name is another thing
        return fit.own >= _OWN_BESIDE
    return fit.own >= _OWN or (fit.own >= _OWN / 2 and fit.alike >= _ALIKE)


def _leads(top: Fit, fits: Sequence[Fit]) -> bool:
    """Whether of one article that is surely meant one remark is far nearer than all else: 耳够大吗, of a handle."""
    if top.article.prior < _IN_FOCUS or top.wanted or top.own < _OWN / 2.5 or top.alike < 0.25:
        return False
    others = [f.worth for f in fits if f.article is top.article and not _repeats(f, (top,))]
    return top.worth - max(others, default=0.0) >= _LEADS


def _stands_out(top: Fit, rivals: Sequence[Fit]) -> bool:
    """Whether the best is named by words that the others are not."""
    return all(top.named - f.named >= 0.15 or top.titled - f.titled >= 0.1 for f in rivals)


def _best_of_each(fits: Sequence[Fit]) -> list[Fit]:
    found: dict[str, Fit] = {}
    for fit in fits:
        found.setdefault(fit.article.row.record.product_no, fit)
    return list(found.values())


def _told(own: Sequence[Fit]) -> tuple[Fit, ...]:
    """The best remark; what else is asked for and it does not say; a sentence on the same beside a field; and what is nearly
    as good."""
    told = [_listing(own)]
    for each in dict.fromkeys(a for f in own for a in sorted(f.asked)):
        if not any(each in f.asked for f in told) and len(told) < MOST:
            told += [f for f in own if each in f.asked and answers(f)][:1]
    if own[0].asked and own[0].remark.kind != "text":
        told += _with_it(own, told)[:1]
    answered = own[0].asked if own[0].remark.kind == "field" else frozenset()
    for fit in own[1:]:
        if len(told) >= MOST:
            break
        if answered and not answered & fit.asked:
            continue  # the very field answers: what is only near is not wanted
        near = fit.worth >= own[0].worth * (1 - _BESIDE)
        if fit not in told and near and answers(fit) and not _repeats(fit, told):
            told.append(fit)
    return tuple(told)


def _listing(own: Sequence[Fit]) -> Fit:
    """The best; of what is in a box, what lists most: 一壶四杯一盘 before 茶盘不含."""
    first = own[0]
    if first.remark.kind != "text" or not any(ontology.by_id()[each].lists for each in first.asked):
        return first
    same = [f for f in own if f.asked & first.asked]
    return max(
        same,
        key=lambda f: (f.remark.kind == "field", f.remark.zh.count("、") + f.remark.en.count(","), f.score),
    )


def _with_it(own: Sequence[Fit], told: Sequence[Fit]) -> list[Fit]:
    """Sentences on what is asked for beside its field; those that list most first, where it is what is in a box."""
    found = [
        f for f in own
        if f not in told and f.remark.kind == "text" and f.asked & told[0].asked
        and (f.alike >= _WITH_IT or f.own >= _OWN / 2) and not _repeats(f, told)
    ]  # fmt: skip
    if any(ontology.by_id()[each].lists for each in told[0].asked):
        found.sort(key=lambda f: -(f.remark.zh.count("、") + f.remark.en.count(",")))
    return found


def _with_clauses(scene: Scene, article: Article, told: tuple[Fit, ...], text: str) -> tuple[Fit, ...]:
    """With what answers each further clause of the message: 会裂吗，裂了赔吗."""
    out = list(told)
    clauses = [c for c in _CLAUSE.split(text) if len(c.strip()) > 2]
    for clause in clauses if len(clauses) > 1 else ():
        fits = fitting.ranked(scene, [article], clause)
        best = next((f for f in fits if answers(f) and (f.asked or f.own >= _OWN_BESIDE)), None)
        if (
            best is not None
            and len(out) <= MOST
            and not any(f.remark is best.remark for f in out)
            and not _repeats(best, out)
        ):
            out.append(best)
    return tuple(out)


def unmet(scene: Scene, article: Article, told: Sequence[Fit], text: str) -> str:
    """The thing that is asked for and that nothing of the article says: 酸奶 of 能不能做酸奶, organic of is it organic. Of a part
    (电源线多长) what is told must speak of that part."""
    zh = scene.says_zh
    every = remarks.of(article.row.record, article.listed)
    names = [remarks.context(article.row.record, article.listed, lang) for lang in (True, False)]
    named = folded(
        f"{article.row.record.title_zh} {article.row.record.title_en} {article.row.record.category}"
    )
    answered = frozenset(each for fit in told for each in fit.asked)
    phrases = ontology.phrases(text, answered)
    new, missed, parted, bound = 0, [], False, False
    for thing in wished.things(text, zh):
        if all(has(word, named, names) or _short_for(word, named) for word in thing.words):
            continue
        own = frozenset(each for r in every for each in r.attributes)
        if not thing.unit and any(ontology.called(word) & own for word in thing.words):
            continue  # 容量 is no part of the article
        new += 1
        of = [fit.remark for fit in told] if thing.part and told else every
        said = folded(" ".join(r.said(zh) for r in of))
        near = [r.near(zh) for r in of]
        if thing.count and not any(
            _figure_of(word, r.said(zh), thing.unit) for r in of for word in thing.words
        ):
            met = False
        else:
            met = any(_speaks_of(word, phrases) or has(word, said, near) for word in thing.words)
        if not met:
            missed.append(thing.words[0])
            parted |= thing.part
            bound |= thing.bound
    speaks = answered or any(fit.own >= _OWN for fit in told)
    if not missed or (not zh and speaks and not parted and not bound and len(missed) * 2 <= new):
        return ""
    return "、".join(missed[:2]) if zh else " ".join(missed[:3])


def _speaks_of(word: str, phrases: str) -> bool:
    """Whether the word is of what was asked and answered: 嗡嗡响 of a noise."""
    if len(word) == 1:
        return False  # an element by its name: 铅
    return word in phrases or any(len(p) > 1 and p in word for p in phrases.split("，"))


def _short_for(word: str, named: str) -> bool:
    """Whether it is the everyday word for what the article is called: 裙子 of 长裙."""
    return len(word) == 2 and word[1] in "子儿" and word[0] in named


def _figure_of(word: str, said: str, unit: str = "") -> bool:
    """Whether a remark that has this word has a figure, too, in the unit that was asked for where that tells."""
    if unit and not re.search(rf"\d\s*个?{unit}", said):
        return False
    return bool(_FIGURE.search(said)) and has(word, folded(said), [remarks.terms(said)])


def has(word: str, said: str, terms: Sequence[frozenset[str]]) -> bool:
    """Whether a text has a word, or another one for the same."""
    if not word.isascii() and len(word) > 1 and word in said:
        return True
    parsed = of_query(word, fitting.said_alike())
    return any(each.issuperset(f.terms) for each in terms for f in parsed.features if f.route not in _LOOSE)


def _repeats(fit: Fit, told: Sequence[Fit]) -> bool:
    zh, en = _bare(fit.remark.zh), _bare(fit.remark.en)
    return any(zh in _bare(f.remark.zh) or en in _bare(f.remark.en) for f in told)


def _bare(text: str) -> str:
    """Without blanks and marks: 适合 3 岁以上 is said in 适合：3 岁以上儿童."""
    return re.sub(r"[\W_]+", "", text).casefold()


def is_named(scene: Scene, article: Article) -> bool:
    """Whether the message says the article's whole title."""
    product, text = article.row.record, folded(scene.text).replace(" ", "")
    return any(t and folded(t).replace(" ", "") in text for t in (product.title_zh, product.title_en))
