from __future__ import annotations

import pytest

from mingbai.turn.understand import lang
from mingbai.values.turn import Lang


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我的订单到哪了", "zh-Hans"),
        ("我的訂單到哪了", "zh-Hant"),
        ("where is my order", "en"),
        ("我的 order 什么时候 ship", "zh-Hans"),
        ("Where is my 青花缠枝莲盖碗?", "en"),
        ("Do you have 316不锈钢保温杯 in stock?", "en"),
        ("Blue-and-White Gaiwan 还有货吗", "zh-Hans"),
        ("iPhone 15 手机壳有吗", "zh-Hans"),
        ("龙井", "zh-Hans"),
        ("zhuan rengong", "zh-Hans"),
        ("you huo ma", "zh-Hans"),
        ("human", "en"),
        ("唔該轉人工", "zh-Hant"),
        ("有冇真人", "zh-Hant"),  # the same in both scripts: Cantonese
        ("rgkf", "zh-Hans"),
        ("MB20251103-0042", "zh-Hans"),
        ("👍", "zh-Hans"),
        ("", "zh-Hans"),
        ("Wo ist meine Bestellung?", "en"),  # the three we answer in; German is not among them
    ],
)
def test_the_frame_of_the_sentence_decides(text: str, expected: Lang) -> None:
    assert lang.of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("#1048 / 0107", "en"), ("MB20251103-0042 2807", "zh-Hans"), ("2807", "zh-Hans")]
)
def test_the_number_of_an_order_abroad_alone_is_answered_in_english(text: str, expected: Lang) -> None:
    assert lang.of(text) == expected


@pytest.mark.parametrize(
    ("text", "before", "expected"),
    [
        ("2807", "en", "en"),
        ("#1048 / 0107", "en", "en"),
        ("OK", "zh-Hant", "zh-Hant"),
        ("你好", "zh-Hant", "zh-Hant"),
        ("你好", "en", "zh-Hans"),
        ("现在呢", "zh-Hant", "zh-Hans"),
        ("and the blue one?", "zh-Hans", "en"),
    ],
)
def test_what_says_nothing_stays_in_the_language_of_before(text: str, before: Lang, expected: Lang) -> None:
    assert lang.of(text, before) == expected
