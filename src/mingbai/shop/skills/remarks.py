"""What the rows say of an article, remark by remark: each field, the values of each option, weights, each sentence of its
description. Chinese and English side by side; a remark that has one language serves for both. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from mingbai.shop.search.terms import of_text
from mingbai.shop.skills import attributes, ontology
from mingbai.values.records import Product, Variant

_SIZE_CHART = re.compile(r"^(?:尺码|size) ")
_SENTENCE = re.compile(r"(?<=[。！？!?；])|(?<=[.;!?] )(?=[A-Z0-9])")
_HIDDEN = frozenset(("category",))


@dataclass(frozen=True, slots=True)
class Remark:
    """`name` is the fact's, stable; `attributes` are ids of the ontology that it is of."""

    kind: Literal["field", "option", "weight", "text"]
    name: str
    zh: str
    en: str
    attributes: frozenset[str]
    near_zh: frozenset[str]
    near_en: frozenset[str]

    def near(self, zh: bool) -> frozenset[str]:
        return self.near_zh if zh else self.near_en

    def said(self, zh: bool) -> str:
        return self.zh if zh else self.en


@lru_cache(4096)
def of(product: Product, variants: tuple[Variant, ...]) -> tuple[Remark, ...]:
    """Fields first, then options and weights, then the description in its order."""
    fields = list(_fields(product))
    held = {i for each in fields for i in each.attributes}
    options = [each for each in _options(variants) if not each.attributes & held]
    weights = [] if "weight" in held else list(_weights(variants))
    return (*fields, *options, *weights, *_sentences(product))


@lru_cache(4096)
def context(product: Product, variants: tuple[Variant, ...], zh: bool) -> frozenset[str]:
    """The terms that name the article: its number, titles, category, tags and options."""
    titles = (product.title_zh, product.title_en) if zh else (product.title_en, product.title_zh)
    said = [product.product_no, *(titles if zh else titles[:1] if titles[0] else titles), product.category]
    said += list(product.tags)
    for each in variants:
        said += [each.title_zh if zh else each.title_en, *(value for _, value in each.options)]
    return frozenset(term for text in said if text for term in of_text(text, short=True))


def sentences(text: str) -> list[str]:
    return [s.strip() for line in text.splitlines() for s in _SENTENCE.split(line) if s.strip()]


def _fields(product: Product) -> Iterator[Remark]:
    for zh, en in attributes.pairs(product.attributes):
        if _SIZE_CHART.match(zh[0]) or zh[0] in _HIDDEN:
            continue
        said_zh, said_en = f"{zh[0]}：{zh[1]}。", f"{en[0][:1].upper()}{en[0][1:]}: {en[1]}."
        name = f"product.{_slug(en[0] if en[0].isascii() else zh[0])}"
        ids = ontology.called(zh[0]) | ontology.called(en[0])
        yield Remark("field", name, said_zh, said_en, ids, terms(said_zh), terms(said_en))


def _options(variants: Sequence[Variant]) -> Iterator[Remark]:
    """Which colours, volumes … there are."""
    listed = [v for v in variants if v.listed]
    for name in dict.fromkeys(n for v in listed for n, _ in v.options):
        own = sorted(
            (v for v in listed if dict(v.options).get(name)), key=lambda v: _measure(dict(v.options)[name])
        )
        values = list(dict.fromkeys(dict(v.options)[name] for v in own))
        english = list(dict.fromkeys(_english(v, name) for v in own))
        if not values:
            continue
        ids = ontology.called(name) | {"kinds"}
        first = next((ontology.by_id()[i].title_en for i in sorted(ids) if i != "kinds"), "options")
        said_zh = f"{name}：{'、'.join(values)}。"
        said_en = f"{first[:1].upper()}{first[1:]}: {(', ' if not any(',' in e for e in english) else '; ').join(english or values)}."
        yield Remark(
            "option",
            f"product.options.{_slug(first)}",
            said_zh,
            said_en,
            ids,
            terms(said_zh),
            terms(said_en),
        )


def _measure(value: str) -> float:
    """The number that an option begins with, so that 110ml stands before 200ml; others keep their order."""
    found = re.match(r"\d+(?:\.\d+)?", value)
    return float(found[0]) if found else 0.0


def _english(variant: Variant, name: str) -> str:
    """The part of the English title that stands where the option stands; all of it where they do not pair."""
    parts = [p.strip() for p in variant.title_en.split(",") if p.strip()]
    names = [n for n, _ in variant.options]
    if len(parts) == len(names):
        return parts[names.index(name)]
    return variant.title_en or dict(variant.options)[name]


def _weights(variants: Sequence[Variant]) -> Iterator[Remark]:
    weighed = [v for v in variants if v.listed and v.weight_grams]
    grams = list(dict.fromkeys(v.weight_grams for v in weighed))
    if not grams:
        return
    if len(grams) == 1:
        zh, en = f"重量：{grams[0]} 克", f"Weight: {grams[0]} g"
    else:
        zh = "重量：" + "，".join(f"{v.title_zh or v.title_en or v.sku} {v.weight_grams} 克" for v in weighed)
        en = "Weight: " + "; ".join(
            f"{v.title_en or v.title_zh or v.sku} {v.weight_grams} g" for v in weighed
        )
    zh, en = f"{zh}（以实物为准）。", f"{en}."
    yield Remark("weight", "product.weight", zh, en, frozenset(("weight",)), terms(zh), terms(en))


def _sentences(product: Product) -> Iterator[Remark]:
    for zh, en in paired(product.description_zh, product.description_en):
        ids = ontology.spoken_of(zh) | ontology.spoken_of(en)
        yield Remark("text", "product.description", zh, en, ids, terms(zh), terms(en))


@lru_cache(4096)
def paired(zh: str, en: str) -> tuple[tuple[str, str], ...]:
    """Sentences side by side: by their place in the paragraph, the paragraph as a whole where they differ in number."""
    if not zh or not en:
        return tuple((s, s) for s in sentences(zh or en))
    mine, theirs = [p for p in zh.splitlines() if p.strip()], [p for p in en.splitlines() if p.strip()]
    if len(mine) != len(theirs):
        mine, theirs = [zh], [en]
    out: list[tuple[str, str]] = []
    for a, b in zip(mine, theirs, strict=True):
        one, other = sentences(a), sentences(b)
        if len(one) == len(other):
            out += zip(one, other, strict=True)
        else:
            out += [(s, _nearest(s, n / len(one), other)) for n, s in enumerate(one)]
            told = {e for _, e in out}
            out += [(_nearest(s, n / len(other), one), s) for n, s in enumerate(other) if s not in told]
    return tuple(out)


def _nearest(sentence: str, place: float, others: Sequence[str]) -> str:
    """Of the other language's sentences the one with the same figures, else the one at the same place."""
    figures = set(re.findall(r"\d+(?:\.\d+)?", sentence))
    scored = [
        (len(figures & set(re.findall(r"\d+(?:\.\d+)?", o))), -abs(n / len(others) - place), n)
        for n, o in enumerate(others)
    ]
    return others[max(scored)[2]]


def _slug(name: str) -> str:
    return re.sub(r"\W+", "_", name.strip().casefold()) or "field"


@lru_cache(4096)
def terms(text: str) -> frozenset[str]:
    return frozenset(of_text(text, short=True))
