"""The same question in Chinese and in English is answered with the same values."""

from __future__ import annotations

from typing import Any

import pytest
from counter import Counter

from mingbai.shop.skills import offers, wished
from mingbai.values.turn import Evidence


def told(found: Evidence) -> set[tuple[str, str, str]]:
    return {
        (f.name, f.about, str(f.value))
        for f in found.facts
        if f.must and not f.name.endswith((".title", "description"))
    }


# What is asked, in both languages; the intent; what was understood of each.
ALIKE: list[tuple[str, str, str, dict[str, Any], dict[str, Any]]] = [
    ("青花盖碗150毫升的多少钱", "How much is the blue and white gaiwan, the 150 ml one?", "price",
     {"product": "青花盖碗", "size": "150毫升"}, {"product": "blue and white gaiwan"}),
    ("甜白的六只装多少钱", "How much is the set of six sweet white tasting cups?", "price",
     {"product": "甜白釉品茗杯六只装", "quantity": 6}, {"product": "tasting cups", "quantity": 6}),
    ("大号乌金石茶盘还有没有", "is the big black stone tray still there", "stock",
     {"product": "乌金石茶盘"}, {"product": "black stone tray"}),
    ("紫砂壶保修多久", "How long is the warranty on your Yixing teapots?", "warranty",
     {"product": "紫砂壶"}, {"product": "yixing teapots"}),
    ("往新疆寄包邮吗", "Do you ship to Xinjiang for free?", "delivery_time", {"city": "新疆"}, {"city": "Xinjiang"}),
    ("寄到柏林要多久，运费多少", "How long does delivery to Berlin take and what does it cost?", "delivery_time",
     {"city": "柏林"}, {"city": "Berlin"}),
    ("新人首单有优惠吗", "Is there a discount for first-time customers?", "coupon", {}, {}),
    ("茶叶减25的券过期了吗", "Has the 25-off tea coupon expired?", "coupon", {}, {}),
    ("马克杯85折到几号", "Until when is the 15 percent off mugs?", "coupon", {}, {}),
    ("折叠茶台能承重多少", "How much weight can the folding picnic table carry?", "product_info",
     {"product": "折叠茶台"}, {"product": "folding picnic table"}),
]  # fmt: skip


@pytest.mark.parametrize(("zh", "en", "intent", "mine", "theirs"), ALIKE, ids=[row[1] for row in ALIKE])
def test_both_are_told_the_same(
    tea: Counter, zh: str, en: str, intent: str, mine: dict[str, Any], theirs: dict[str, Any]
) -> None:
    one, other = told(tea.ask(zh, intent, **mine)), told(tea.ask(en, intent, lang="en", **theirs))
    assert one == other
    assert one


@pytest.mark.parametrize(
    ("no", "zh", "en"),
    [
        ("MB20251109-0114", "宜昌这边下雨，走到哪一站了", "Raining in Yichang. Where is it?"),
        ("MB20251108-0133", "影青盖碗的退款到账没", "Has the refund for the celadon gaiwan arrived?"),
        ("MB20251029-0133", "退款到哪一步了", "How far along is my refund?"),
        ("2890115584099451201", "我的茶服哪天能收到", "Which day will my tea jacket get here?"),
    ],
)
def test_of_an_order_both_are_told_the_same(tea: Counter, no: str, zh: str, en: str) -> None:
    intent = "refund_status" if "refund" in en else "where_is_order"
    one, other = told(tea.own(no, zh, intent)), told(tea.own(no, en, intent, lang="en"))
    assert one == other
    assert one


@pytest.mark.parametrize("text", ["我的茶服哪天能收到", "发货最晚拖到哪天算违约", "包裹哪号能到", "哪年产的"])
def test_a_day_that_is_asked_for_is_no_thing(text: str) -> None:
    assert not wished.things(text, zh=True)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("冬日围炉减15的券几时能用", {"SNOW15"}), ("the 15 off for winter, from which day", {"SNOW15"}),
        ("Is the 25-off-tea coupon still any good?", {"LEAF25"}), ("15 percent off mugs", {"MUG15"}), ("减15斤", set()),
    ],
)  # fmt: skip
def test_a_coupon_by_what_comes_off(tea: Counter, text: str, codes: set[str]) -> None:
    lang = "en" if text.isascii() else "zh-Hans"
    turn = tea.turn(text, "coupon", lang=lang)
    with tea.records.reading() as reader:
        scene = tea.grounder._scene(turn, reader, turn.understood.intents[0].intent, turn.understood.slots)  # type: ignore[union-attr]
        assert {row.record.code for row in offers.described(scene)} == codes


def test_a_title_over_a_table_answers_nothing(tea: Counter) -> None:
    """立领 has the 领 of 可以领, and is no coupon."""
    names = {f.name for f in tea.ask("现在有什么优惠券可以领", "coupon").facts}
    assert "coupon.open" in names
    assert "page.size" not in names
