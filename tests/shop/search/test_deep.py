"""The second encoder: languages are apart before their means are taken off, and together after."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from tiny import SHOP, ask, sourced, stand

from mingbai.shop.search import deep
from mingbai.shop.search.encoder import Universal
from mingbai.shop.search.search import Search
from mingbai.values.records import Product

DATA = files("mingbai.shop.search") / "data"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("紫砂壶", "zh"),
        ("紫砂壶 200ml", "mixed"),
        ("teapot", "en"),
        ("订单 order", "mixed"),
        ("12345", "en"),
        ("Tee für zwei", "en"),
        ("T恤", "zh"),
    ],
)
def test_a_texts_language_is_its_script(text: str, language: str) -> None:
    assert deep.language(text.lower()) == language


def test_a_shelf_finds_what_was_put_on_it_and_drops_what_is_gone() -> None:
    vectors = np.eye(3, 8, dtype=np.float32)
    first = deep.shelf(["a", "b", "c"], vectors, None, np.zeros(0, np.uint64))
    wanted = np.array([deep.text_hash(t) for t in ("b", "x")], np.uint64)
    rows, there = first.find(wanted)
    assert there.tolist() == [True, False]
    assert first.cosines(rows[there], vectors[1])[0] == pytest.approx(1, abs=0.01)
    second = deep.shelf(["d"], vectors[:1], first, wanted)
    assert len(second) == 2
    assert second.find(wanted)[1].tolist() == [True, False]


@pytest.mark.slow  # the encoder's weights
def test_the_means_that_ship_are_those_of_the_lines_that_ship() -> None:
    lines = [
        line for line in (DATA / "centre.txt").read_text("utf-8").splitlines() if not line.startswith("#")
    ]
    made = deep.centres_of(deep.default(), lines)
    shipped = json.loads((DATA / "centres.json").read_text("utf-8"))
    for side, by_language in made.items():
        for language, mean in by_language.items():
            assert mean == pytest.approx(shipped[side][language], abs=2e-3)


@pytest.mark.slow
def test_a_query_is_nearer_to_its_translation_than_to_its_own_language() -> None:
    encoder = deep.default()
    texts = ["保温杯 500 毫升", "Thermos bottle, 500 ml", "退货运费由买家承担", "Car tyres, set of four"]
    asked = encoder.encode(["bottle that keeps tea hot"], "query")[0]
    near = encoder.encode(texts, "passage") @ asked
    assert set(np.argsort(-near)[:2]) == {0, 1}


@pytest.mark.slow
def test_reading_goes_on_where_it_stopped_and_reads_no_text_twice(tmp_path: Path) -> None:
    by_words = stand(tmp_path)
    search = Search(tmp_path, by_words.records, Universal(), deep=deep.default())
    search.refresh(SHOP)
    assert search.deepen(SHOP, seconds=0) > 0
    assert search.deepen(SHOP, seconds=60) == 0
    counted: list[int] = []
    search.records.take(SHOP, sourced([Product("T9", "遇水变色的小和尚茶宠")]))
    search.refresh(SHOP)
    assert search.deepen(SHOP, seconds=60, progress=lambda done, of: counted.append(of)) == 0
    assert counted == [1]
    answer = ask(search, "little monk that changes its colour when wet")
    first = (answer.hits or answer.nearest)[0]
    assert first.key == "T9"
    assert first.deep_cosine is not None
