"""The page in traditional characters says what the zh kit would say: its table is of this source and of nothing older."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from mingbai.zh.script import traditionalise

WEB = Path(__file__).parents[2] / "web"
spec = importlib.util.spec_from_file_location("hant", WEB / "hant.py")
assert spec is not None
assert spec.loader is not None
hant = importlib.util.module_from_spec(spec)
spec.loader.exec_module(hant)


def test_the_table_is_of_what_the_page_says_now():
    assert (WEB / "src/hant.ts").read_text("utf-8") == hant.made(), "run make fix"


def test_all_that_the_page_says_comes_out_as_the_kit_has_it():
    table = hant.characters()
    found = hant.words(hant.said(), table)
    assert len(hant.said()) > 500
    for run in hant.said():
        assert hant.turned(run, found, table) == traditionalise(run).text, run
    assert hant.turned("柜台的回复", found, table) == "櫃檯的回覆"
    assert hant.turned("发票", {}, table) == "發票"


def test_what_becomes_of_a_piece_has_its_length():
    table = hant.characters()
    for piece, made in {**table, **hant.words(["头发干了以后"], table)}.items():
        assert len(piece) == len(made)
