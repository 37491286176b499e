"""Which remarks of which articles answer a message: by its words, by what it asks for, by how alike they are in meaning.

A message names an article and asks something of it in one breath, often without a name that anybody could cut out; so both
are decided together. `named` is the share of the message that names the article, `own` the share of the rest that the
remark accounts for.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mingbai.shop.search.feature import Parsed
from mingbai.shop.search.parse import of_query
from mingbai.shop.skills import ontology, remarks, sentences
from mingbai.shop.skills.ontology import Attribute
from mingbai.shop.skills.remarks import Remark
from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.records import Product, Variant

READ = 64  # remarks whose meaning is looked at, of those whose words fit best
_NAMED = 0.9  # of a word that names the article, beside one that the remark itself has
_FIELD, _SPEAKS = 0.5, 0.2  # what is asked for is what a field holds, or what a sentence speaks of
_SOUNDS = ("sound", "initials", "character")


@dataclass(frozen=True, slots=True)
class Article:
    """An article that may be meant. `prior` is what speaks for it beside the message's words: it is in focus, it was named."""

    row: Row[Product]
    variants: tuple[Row[Variant], ...]
    prior: float = 0.0

    @property
    def listed(self) -> tuple[Variant, ...]:
        return tuple(v.record for v in self.variants)


@dataclass(frozen=True, slots=True)
class Fit:
    """`worth` is what the remark is worth by itself, `score` with what speaks for its article."""

    article: Article
    remark: Remark
    score: float
    worth: float
    named: float
    own: float
    alike: float
    asked: frozenset[str]  # of the attributes that are asked for, those that the remark is of


def ranked(scene: Scene, articles: Sequence[Article], text: str) -> list[Fit]:
    """Every remark of every article, best first."""
    zh = scene.says_zh
    wanted = ontology.asked(text)
    every = [(a, r) for a in articles for r in remarks.of(a.row.record, a.listed)]
    if not every:
        return []
    names = {
        a.row.record.product_no: remarks.context(
            a.row.record, a.listed, zh or not _has(a.row.record, english=True)
        )
        for a in articles
    }
    question = _question(text, [r.near(zh) | names[a.row.record.product_no] for a, r in every])
    found = [_by_words(a, r, names[a.row.record.product_no], question, wanted, zh) for a, r in every]
    found.sort(key=lambda fit: -fit.score)
    head, tail = found[:READ], found[READ:]
    alike = scene.like(text, [f"{_title(f.article, zh)} {f.remark.said(zh)}" for f in head])
    head = [_with(f, near) for f, near in zip(head, alike, strict=True)]
    return sorted([*head, *tail], key=lambda fit: -fit.score)


def _by_words(
    article: Article,
    remark: Remark,
    names: frozenset[str],
    question: _Question,
    wanted: Sequence[Attribute],
    zh: bool,
) -> Fit:
    named, own, met = question.met(names, remark.near(zh))
    asked = frozenset(each.id for each in wanted) & remark.attributes
    bonus = 0.0
    if asked:
        bonus = _SPEAKS if remark.kind == "text" else _FIELD if asked - {"kinds"} else _FIELD / 2
    worth = own + bonus
    return Fit(article, remark, met + bonus + article.prior, worth, named, own, 0.0, asked)


def _with(fit: Fit, alike: float) -> Fit:
    return Fit(
        fit.article, fit.remark, fit.score + alike, fit.worth + alike, fit.named, fit.own, alike, fit.asked
    )


def _has(product: Product, *, english: bool) -> bool:
    return bool(product.title_en or product.description_en) if english else bool(product.title_zh)


def _title(article: Article, zh: bool) -> str:
    product = article.row.record
    first, other = (product.title_zh, product.title_en) if zh else (product.title_en, product.title_zh)
    return first or other


@dataclass(frozen=True, slots=True)
class _Question:
    """A message's words with what each weighs among these remarks."""

    parsed: Parsed
    weights: tuple[float, ...]

    def met(self, names: frozenset[str], near: frozenset[str]) -> tuple[float, float, float]:
        """The share that names the article, of the rest the share that the remark has, and the share of both."""
        by_name, by_remark = [0.0] * len(self.weights), [0.0] * len(self.weights)
        for feature in self.parsed.features:
            if feature.route in _SOUNDS:
                continue
            for terms, got in ((names, by_name), (near, by_remark)):
                if terms.issuperset(feature.terms):
                    for i in range(feature.start, feature.end):
                        got[i] = max(got[i], feature.quality)
        total = sum(self.weights) or 1.0
        named = sum(w * n for w, n in zip(self.weights, by_name, strict=True))
        new = sum(w * max(0.0, r - n) for w, n, r in zip(self.weights, by_name, by_remark, strict=True))
        both = sum(w * max(_NAMED * n, r) for w, n, r in zip(self.weights, by_name, by_remark, strict=True))
        rest = total - named
        return named / total, new / rest if rest > 0.05 * total else 0.0, both / total


def _question(text: str, documents: Sequence[frozenset[str]]) -> _Question:
    vocabulary = sentences.vocabulary()
    parsed = of_query(text, vocabulary)
    weights = [0.0] * len(parsed.said)
    for start, end in parsed.words:
        if "".join(parsed.said[start:end]) in vocabulary.empty:
            continue
        routes = [f for f in parsed.features if f.start <= start and end <= f.end and f.route not in _SOUNDS]
        count = sum(any(terms.issuperset(f.terms) for f in routes) for terms in documents)
        worth = math.log1p((len(documents) - count + 0.5) / (count + 0.5)) if count else 1.0
        for i in range(start, end):
            weights[i] = worth / (end - start)
    return _Question(parsed, tuple(weights))


def priors(focus: str, named: Mapping[str, float]) -> dict[str, float]:
    """What speaks for articles beside words: `named` by a name that was cut out, `focus` the one that is looked at."""
    out = dict(named)
    if focus:
        out[focus] = out.get(focus, 0.0) + 0.25
    return out
