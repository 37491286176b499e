"""Which remarks of which articles answer a message: by its words, by what it asks for, by how alike they are in meaning.

A message names an article and asks something of it in one breath, often without a name that anybody could cut out; so both
are decided together. `named` is the share of the message that names the article, `titled` the share that its title has word
for word, `own` the share of the rest that the remark accounts for.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files

from mingbai.shop.search import vocabulary as words_of
from mingbai.shop.search.feature import Parsed
from mingbai.shop.search.normal import folded
from mingbai.shop.search.parse import of_query
from mingbai.shop.skills import ontology, remarks, sentences
from mingbai.shop.skills.ontology import Attribute
from mingbai.shop.skills.remarks import Remark
from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.records import Product, Variant

READ = 64  # remarks whose meaning is looked at, of those whose words fit best
_NAMED = 0.9  # of a word that names the article, beside one that the remark itself has
_FIELD, _SPEAKS = 0.5, 0.2  # what is asked for is what a field holds, or what a sentence speaks of
_NAMES_IT = 0.1  # of a message, for a remark to have the one thing that is asked for by its name
_TITLED = 0.3  # for a message that has the whole title
_MANY = 300  # remarks at least, among which a word is rare or not
_STRANGE = 4.0  # what a word weighs that no remark has, where it is asked how much of the rest is answered
_SOUNDS = ("sound", "initials", "character")
_EXACT = ("word", "phrase", "pair", "unit", "part")


@dataclass(frozen=True, slots=True)
class Article:
    """An article that may be meant. `prior` is what speaks for it beside the message's words: it is in focus, it was named."""

    row: Row[Product]
    variants: tuple[Row[Variant], ...]
    prior: float = 0.0
    focus: bool = False

    @property
    def listed(self) -> tuple[Variant, ...]:
        return tuple(v.record for v in self.variants)


@dataclass(frozen=True, slots=True)
class Fit:
    """`worth` is what the remark is worth by itself, `score` with what speaks for its article."""

    article: Article
    remark: Remark
    score: float = 0.0
    worth: float = 0.0
    named: float = 0.0
    titled: float = 0.0
    own: float = 0.0
    alike: float = 0.0
    asked: frozenset[str] = frozenset()  # of the attributes that are asked for, those that the remark is of
    wanted: bool = False  # whether any attribute is asked for


_SAYS_MORE = re.compile(r"[a-z0-9]|(?![它这那其个款的是有呢啊吗嘛呀了请问])[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class _Names:
    """The terms that name an article, those of its title, and what is asked for apart from its own name."""

    every: frozenset[str]
    title: frozenset[str]
    wanted: frozenset[str]
    exact: frozenset[str]


def ranked(scene: Scene, articles: Sequence[Article], text: str) -> list[Fit]:
    """Every remark of every article, best first."""
    zh = scene.says_zh
    every = [(a, r) for a in articles for r in remarks.of(a.row.record, a.listed)]
    if not every:
        return []
    names = {a.row.record.product_no: _names(a, text, zh) for a in articles}
    question = _question(text, [r.near(zh) for _, r in every], [each.every for each in names.values()])
    part = ontology.part(text)
    found = [_by_words(a, r, names[a.row.record.product_no], question, part, zh) for a, r in every]
    found.sort(key=lambda fit: -fit.score)
    head, tail = found[:READ], found[READ:]
    alike = scene.like(text, [f"{_title(f.article, zh)} {f.remark.said(zh)}" for f in head])
    head = [
        replace(f, alike=near, score=f.score + near, worth=f.worth + near)
        for f, near in zip(head, alike, strict=True)
    ]
    return sorted([*head, *tail], key=lambda fit: -fit.score)


def _by_words(
    article: Article, remark: Remark, names: _Names, question: _Question, part: str, zh: bool
) -> Fit:
    named, titled, own, met = question.met(names, remark.near(zh))
    asked = names.wanted & remark.attributes
    if own < _NAMES_IT:
        asked -= names.exact
    if part and part not in folded(remark.said(zh)):
        asked, own = frozenset(), 0.0  # of the whole article, where it is asked of a part
    bonus = 0.0
    if asked:
        bonus = _SPEAKS if remark.kind == "text" else _FIELD if asked - {"kinds"} else _FIELD / 2
    score = met + bonus + article.prior + _TITLED * titled
    return Fit(
        article, remark, score, own + bonus, named, titled, own, asked=asked, wanted=bool(names.wanted)
    )


def _names(article: Article, text: str, zh: bool) -> _Names:
    product = article.row.record
    zh = zh or not (product.title_en or product.description_en)
    title = _title(article, zh)
    asks_alone = _asks_alone(text)
    own = text if asks_alone else _without(text, f"{title} {product.category}")
    wanted = frozenset(each.id for each in ontology.asked(own))
    every = remarks.context(product, article.listed, zh)
    called = frozenset() if asks_alone else remarks.terms(title)
    return _Names(every, called, wanted, ontology.by_name_only(own))


@lru_cache(1024)
def _asks_alone(text: str) -> bool:
    """Whether nothing is said but the question (这个多大容量): then no title is meant that happens to have its words."""
    plain = folded(text)
    for phrase in sorted(filter(None, ontology.phrases(text).split("，")), key=len, reverse=True):
        plain = plain.replace(phrase, "")
    return plain != folded(text) and not _SAYS_MORE.search(plain)


def wanted(article: Article, text: str, zh: bool) -> tuple[Attribute, ...]:
    """The attributes that are asked for, apart from what the article is called: 电陶炉吵不吵 asks for no stove."""
    ids = _names(article, text, zh).wanted
    return tuple(each for each in ontology.attributes() if each.id in ids)


def _without(text: str, title: str) -> str:
    """The message without the parts of three characters or more that the title has, too."""
    plain, have = folded(text), folded(title)
    if plain.isascii():
        words = {w for w in have.split() if len(w) > 2}
        return " ".join("" if w.strip("?.,!'") in words else w for w in plain.split())
    out, at = "", 0
    while at < len(plain):
        end = at
        while end < len(plain) and plain[at : end + 1] in have:
            end += 1
        if end - at >= 3 and plain[at] >= "㐀":
            out, at = out + "，", end
        else:
            out, at = out + plain[at], at + 1
    return out


def _title(article: Article, zh: bool) -> str:
    product = article.row.record
    first, other = (product.title_zh, product.title_en) if zh else (product.title_en, product.title_zh)
    return first or other


@dataclass(frozen=True, slots=True)
class _Question:
    """A message's words with what each weighs among these remarks."""

    parsed: Parsed
    weights: tuple[float, ...]
    strange: tuple[bool, ...]

    def met(self, names: _Names, near: frozenset[str]) -> tuple[float, float, float, float]:
        """The shares that name the article, and that its title has; of the rest what the remark has; and of both."""
        size = len(self.weights)
        by_name, by_title, by_remark = [0.0] * size, [0.0] * size, [0.0] * size
        for feature in self.parsed.features:
            if feature.route in _SOUNDS:
                continue
            exact = feature.route in _EXACT
            for terms, got in ((names.every, by_name), (near, by_remark), (names.title, by_title)):
                if (exact or got is not by_title) and terms.issuperset(feature.terms):
                    for i in range(feature.start, feature.end):
                        got[i] = max(got[i], feature.quality)
        total = sum(self.weights) or 1.0
        named = sum(w * n for w, n in zip(self.weights, by_name, strict=True))
        titled = sum(w * n for w, n in zip(self.weights, by_title, strict=True))
        both = sum(w * max(_NAMED * n, r) for w, n, r in zip(self.weights, by_name, by_remark, strict=True))
        new = rest = 0.0
        for w, odd, title, remark in zip(self.weights, self.strange, by_title, by_remark, strict=True):
            w = w * _STRANGE if odd else w
            rest += w * (1.0 - title)
            new += w * max(0.0, remark - title)
        own = new / rest if rest > 0.05 * total else 0.0
        return named / total, titled / total, own, both / total


def _question(text: str, documents: Sequence[frozenset[str]], names: Sequence[frozenset[str]]) -> _Question:
    """A word weighs by how few remarks have it, and how few articles are called so."""
    words = vocabulary()
    parsed = of_query(text, words)
    weights, strange = [0.0] * len(parsed.said), [False] * len(parsed.said)
    many = max(len(documents), _MANY)
    for start, end in parsed.words:
        if "".join(parsed.said[start:end]) in words.empty:
            continue
        routes = [f for f in parsed.features if f.start <= start and end <= f.end and f.route not in _SOUNDS]
        count = sum(any(terms.issuperset(f.terms) for f in routes) for terms in documents)
        count += 3 * sum(any(terms.issuperset(f.terms) for f in routes) for terms in names)
        worth = math.log1p((many - count + 0.5) / (count + 0.5)) if count else 1.0
        for i in range(start, end):
            weights[i], strange[i] = worth / (end - start), not count
    return _Question(parsed, tuple(weights), tuple(strange))


@cache
def vocabulary() -> words_of.Vocabulary:
    """Search's words for the same thing, the pages', and those that customers use of goods."""
    base = sentences.vocabulary()
    lines = (files("mingbai.shop.skills") / "data" / "goods_words.txt").read_text("utf-8").splitlines()
    own = words_of.read((line for line in lines if "," in line), ())
    groups = dict(base.groups)
    for said, others in own.groups.items():
        groups[said] = (*groups.get(said, ()), *others)
    empty = {line.strip() for line in lines if line.strip() and "," not in line and not line.startswith("#")}
    return words_of.Vocabulary(groups, base.empty | empty)


@cache
def said_alike() -> words_of.Vocabulary:
    """Words for the very same thing; search's own also leads from a place to its tea (狮峰, 龙井)."""
    lines = (files("mingbai.shop.skills") / "data" / "goods_words.txt").read_text("utf-8").splitlines()
    return words_of.read((line for line in [*lines, *sentences.SAME] if "," in line), ())


def of_texts(scene: Scene, question: str, texts: Sequence[str], about: str = "") -> list[tuple[float, float]]:
    """Of each text, how much of the question it accounts for, and how alike in meaning it is. The words of `about`, which
    all of them are about, tell none apart."""
    documents = [remarks.terms(text) for text in texts]
    asked = _question(question, documents, ())
    common = _Names(frozenset(), remarks.terms(about), frozenset(), frozenset())
    owns = [asked.met(common, terms)[2] for terms in documents]
    return list(zip(owns, scene.like(question, texts), strict=True))
