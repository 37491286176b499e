"""Chinese words of the example shop's own catalogue are found by words alone: what Dify's users miss (its issue 24466)."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import pytest
from tiny import ask, found, stand

from mingbai.shop.example import make
from mingbai.shop.search.document import Kind
from mingbai.shop.search.encoder import NoEncoder
from mingbai.shop.search.normal import folded
from mingbai.shop.search.query import Filters
from mingbai.shop.search.search import Search
from mingbai.shop.search.terms import cutter
from mingbai.values.records import PolicyDocument, Product, Review, Variant

PRODUCTS = Filters(kinds=frozenset({Kind.PRODUCT}))
CHINESE = re.compile(r"[一-鿿]{2,3}")


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Search]:
    kinds = (Product, Variant, PolicyDocument, Review)
    rows = [row.record for row in make.rows() if isinstance(row.record, kinds)]
    made = stand(tmp_path_factory.mktemp("home"), rows, NoEncoder(), shop=make.SHOP)
    yield made
    made.records.close()


def texts(search: Search) -> dict[str, str]:
    """All that is written of each product."""
    said: dict[str, list[str]] = {}
    for row in search.records.rows(make.SHOP, Product):
        p = row.record
        assert isinstance(p, Product)
        said[p.product_no] = [
            p.title_zh,
            p.category,
            p.description_zh,
            p.brand,
            *p.tags,
            *(v for pair in p.attributes for v in pair),
        ]
    for row in search.records.rows(make.SHOP, Variant):
        v = row.record
        assert isinstance(v, Variant)
        said[v.product_no] += [v.title_zh, *(value for _, value in v.options)]
    return {number: folded("\n".join(parts)) for number, parts in said.items()}


def test_two_hundred_words_of_two_or_three_characters(search: Search) -> None:
    every = texts(search)
    words = sorted({w for text in every.values() for w in cutter().cut(text) if CHINESE.fullmatch(w)})
    chosen = random.Random(1).sample(words, 200)
    recalls = []
    for word in chosen:
        right = {number for number, text in every.items() if word in text}
        top = found(search, word, PRODUCTS, shop=make.SHOP)
        recalls.append(len(right & set(top)) / min(10, len(right)))
    assert sum(recalls) / len(recalls) >= 0.98


def test_words_that_stand_in_titles_find_those_titles_first(search: Search) -> None:
    for row in search.records.rows(make.SHOP, Product, listed=True):
        product = row.record
        assert isinstance(product, Product)
        first = ask(search, product.title_zh, PRODUCTS, shop=make.SHOP).hits[0]
        assert first.key == product.product_no
