"""Places in Latin letters, as customers abroad write them."""

from __future__ import annotations

import pytest

from mingbai.zh.romanised import names, place


@pytest.mark.parametrize(
    ("letters", "chinese"),
    [
        ("Guangdong", "广东"),
        ("Yili", "伊犁"),
        ("macau", "澳门"),
        ("Shaanxi", "陕西"),
        ("Lishui", "丽水"),
        ("Xi'an", "西安"),
    ],
)
def test_a_place_is_known_by_its_letters(letters: str, chinese: str) -> None:
    assert place(letters) == chinese


@pytest.mark.parametrize("word", ["Jian", "Puer", "Yulin", "teapot", ""])
def test_what_two_places_sound_like_and_what_names_goods_is_no_place(word: str) -> None:
    assert place(word) == ""
    assert word.casefold() not in names()
