"""What an article's rows say, and which of it answers: by words and attributes alone, without an encoder."""

from __future__ import annotations

import pytest
from counter import Counter, counter_of, facts, product, variant, words

from mingbai.shop.skills import naming, ontology, remarks
from mingbai.values.records import Product, Variant
from mingbai.values.turn import Heard, Memory

LAMP = Product(
    "L1", "北欧风折叠台灯", "Nordic Folding Desk Lamp", "灯具 > 台灯",
    "灯臂可以折叠，收起来只有 8 cm 厚。\n开关在底座上，轻触三档调光；不能装 40 W 以上的灯泡。",
    "The arm folds down to 8 cm.\nThe switch is on the base, three levels; no bulbs above 40 W.",
    attributes=(("功率", "9 W"), ("power", "9 W"), ("材质", "铝合金"), ("material", "aluminium"), ("重量", "1.2 kg"), ("weight", "1.2 kg")),
    tags=("护眼", "学生"),
)  # fmt: skip
FLOOR = Product(
    "L2", "铸铁落地灯", "Cast-Iron Floor Lamp", "灯具 > 落地灯", "底座很稳，猫撞不倒。", "The base is steady; no cat knocks it over.",
    attributes=(("功率", "20 W"), ("power", "20 W"), ("重量", "6.5 kg"), ("weight", "6.5 kg")),
)  # fmt: skip
LAMPS = (
    LAMP, FLOOR,
    Variant("L1-W", "L1", "白", "White", (("颜色", "白"),)), Variant("L1-B", "L1", "黑", "Black", (("颜色", "黑"),)),
    Variant("L2-B", "L2", "黑", "Black", (("颜色", "黑"),)),
)  # fmt: skip


@pytest.mark.parametrize(
    ("question", "attribute"),
    [
        ("这灯多少瓦", "power"), ("how many watts", "power"), ("多重啊", "weight"), ("是什么做的", "material"), ("几件套，里面有啥", "contents"),
        ("哪里产的", "origin"), ("谁设计的", "maker"), ("能放洗碗机吗", "dishwasher"), ("保质期多久", "shelf"), ("含咖啡因吗", "allergens"),
    ],
)  # fmt: skip
def test_a_question_asks_for_an_attribute_in_either_language(question: str, attribute: str) -> None:
    assert attribute in [each.id for each in ontology.asked(question)]


def test_where_an_article_goes_is_not_where_it_comes_from() -> None:
    assert "origin" not in [each.id for each in ontology.asked("哪天会出货")]


def test_quantities_are_read_in_one_unit() -> None:
    assert [m.amount for m in ontology.measures("中号 9.5 kg，大号 16 公斤", "mass")] == [9500, 16000]
    assert [m.amount for m in ontology.measures("36 个月, 2 years", "duration")] == [36 * 43200, 2 * 525600]


def test_remarks_are_fields_options_weights_and_sentences() -> None:
    made = remarks.of(
        LAMP,
        (Variant("L1-W", "L1", options=(("颜色", "白"),)), Variant("L1-B", "L1", options=(("颜色", "黑"),))),
    )
    assert [r.kind for r in made] == ["field"] * 3 + ["option"] + ["text"] * 3
    assert made[3].zh == "颜色：白、黑。"
    assert (made[4].zh, made[4].en) == ("灯臂可以折叠，收起来只有 8 cm 厚。", "The arm folds down to 8 cm.")


def test_a_name_may_leave_characters_out() -> None:
    assert naming.covers("折叠灯", LAMP, ()) == 1
    assert naming.covers("黑色台灯", LAMP, [Variant("L1-B", "L1", options=(("颜色", "黑色"),))]) == 1
    assert naming.covers("折叠床", LAMP, ()) < 0.5


def test_what_a_field_or_a_sentence_has_is_told_of_the_right_article(tmp_path) -> None:
    with counter_of(tmp_path, LAMPS) as shop:
        assert (
            facts(shop.ask("台灯功率多大", "product_info", product="台灯"))["product.power"].zh
            == "功率：9 W。"
        )
        assert "猫撞不倒" in words(shop.ask("落地灯会不会被猫撞倒", "product_info", product="落地灯"))
        assert "no bulbs above 40 W" in words(
            shop.ask("can it take bulbs of 60 W", "product_info", item="L1", lang="en")
        )


def test_what_no_row_has_is_said_as_not_known(tmp_path) -> None:
    with counter_of(tmp_path, LAMPS) as shop:
        told = facts(shop.ask("落地灯是谁设计的", "product_info", product="落地灯"))["product.not_said"]
        assert "没有写作者" in told.zh
        assert "人工" in told.zh
        assert "product.not_said" in facts(shop.ask("台灯的电源线多长", "product_info", product="台灯"))


def test_two_are_compared_and_the_most_of_a_kind_is_told(tmp_path) -> None:
    with counter_of(tmp_path, LAMPS) as shop:
        found = shop.ask("台灯和落地灯哪个重", "product_info")
        assert [f.about for f in found.facts if f.name == "product.weight"] == ["L1", "L2"]
        assert facts(found)["product.more_weight"].value == "L2"


def test_a_follow_up_asks_the_same_of_another(tea: Counter) -> None:
    before = Memory(heard=(Heard("customer", "龙井要用几度的水泡"),), item="T046")
    found = tea.ask("那茉莉花茶呢", "product_info", product="茉莉花茶", memory=before, by="memory")
    assert "85 ℃" in words(found)


def test_an_option_that_there_is_not_is_said(tmp_path) -> None:
    with counter_of(
        tmp_path, [product(), variant(), variant("P1-B", title_zh="蓝", options=(("颜色", "蓝"),))]
    ) as shop:
        assert "没有“绿色”" in words(
            shop.ask("小茶杯有绿色的吗", "product_info", product="小茶杯", color="绿色")
        )
        assert "有：蓝" in words(shop.ask("小茶杯有蓝色的吗", "product_info", product="小茶杯", color="蓝色"))
