"""Search as a shop's people use it: a tiny shop, something asked, and what comes out. By words alone, without weights."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny import SHOP, SINCE, ask, found, product, sourced, stand

from mingbai.shop.search.document import Kind
from mingbai.shop.search.query import Filters
from mingbai.shop.search.search import Search
from mingbai.values.money import Money
from mingbai.values.records import Line, Order, PolicyDocument, Price, Product, Review, Stock, Variant


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("紫砂壶", "T1"),
        ("teapot", "T1"),
        ("紫砂壺", "T1"),  # 繁體
        ("紫沙胡", "T1"),  # sounds the same
        ("zishahu", "T1"),
        ("zsh", "T1"),  # initials
        ("teapto", "T1"),  # two letters swapped
        ("tea pot", "T1"),
        ("６.８ fl oz teapot", "T1"),  # nearly 200 ml, in full width
        ("两百毫升的壶", "T1"),
        ("三才碗", "T2"),  # a synonym
        ("gaiwan 盖碗", "T2"),
        ("gaiwna", "T2"),
        ("分茶器", "T3"),
        ("茶海", "T3"),
        ("行動電源", "T4"),  # Taiwan's word
        ("尿袋", "T4"),  # Hong Kong's
        ("power bank", "T4"),
        ("mug", "T5"),
        ("半斤龙井", "T6"),
        ("dragon well", "T6"),
        ("怎么退货", "returns"),
        ("send back", "returns"),
        ("退火", "returns"),  # a homophone that is a word
        ("开发票", "invoices"),
        ("fa piao", "invoices"),
        ("出水利索的评价", "R1"),
    ],
)
def test_what_is_meant_comes_first(search: Search, said: str, first: str) -> None:
    assert found(search, said)[:1] == [first]


@pytest.mark.parametrize(
    "said",
    ["汽车轮胎", "how to fix a flat tyre", "明天天气", "口红", "", "   ", "？！", "😀", "\0", "a" * 9000],
)
def test_nothing_is_found_where_nothing_fits(search: Search, said: str) -> None:
    answer = ask(search, said)
    assert answer.hits == ()
    assert answer.abstained


def test_a_score_is_the_sum_of_its_parts_and_says_why(search: Search) -> None:
    hit = ask(search, "紫沙壶 200ml").hits[0]
    assert hit.score == pytest.approx(hit.keyword_share + hit.dense_share + hit.prior, abs=1e-5)
    assert {part.said: part.route for part in hit.parts} == {"紫沙壶": "sound", "200ml": "unit"}
    assert sum(part.weight for part in hit.parts) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize(
    ("filters", "keys"),
    [
        (Filters(), {"T1", "T2", "T3", "T5"}),
        (Filters(in_stock=True), {"T1", "T2", "T5"}),
        (Filters(most=Money(7000, "CNY")), {"T2", "T3", "T5"}),
        (Filters(least=Money(4000, "CNY"), most=Money(7000, "CNY")), {"T2", "T5"}),
        (Filters(in_stock=True, most=Money(4000, "CNY")), set()),
        (Filters(most=Money(100_000, "EUR")), set()),  # no price in euros, and no rate here
        (Filters(category="茶具 > 盖碗"), {"T2"}),
        (Filters(category="盖碗"), {"T2"}),
        (Filters(category="茶具/盖碗"), {"T2"}),
        (Filters(category="服装"), set()),
        (Filters(kinds=frozenset({Kind.REVIEW})), set()),
        (Filters(kinds=frozenset({Kind.PRODUCT, Kind.REVIEW})), {"T1", "T2", "T3", "T5"}),
    ],
)
def test_filters(search: Search, filters: Filters, keys: set[str]) -> None:
    assert set(found(search, "茶具", filters)) == keys


def test_only_reviews(search: Search) -> None:
    assert found(search, "泡岩茶", Filters(kinds=frozenset({Kind.REVIEW}))) == ["R1"]


def test_one_variant_must_be_both_in_stock_and_within_the_price(tmp_path: Path) -> None:
    rows = [
        *product("T1", "茶壶", yuan=50, stock=0),
        Variant("T1-B", "T1"),
        Price("T1-B", Money(50_000, "CNY"), SINCE),
        Stock("T1-B", "", 9),
    ]
    search = stand(tmp_path, rows)
    assert found(search, "茶壶", Filters(in_stock=True)) == ["T1"]
    assert found(search, "茶壶", Filters(most=Money(10_000, "CNY"))) == ["T1"]
    assert found(search, "茶壶", Filters(in_stock=True, most=Money(10_000, "CNY"))) == []


@pytest.mark.parametrize(
    ("said", "kind", "key", "by"),
    [
        ("MB20251103-0042", "order", "MB20251103-0042", "order_no"),
        ("订单 MB20251103-0042 到哪了？", "order", "MB20251103-0042", "order_no"),
        ("1234", "order", "MB20251103-0042", "phone_tail"),
        ("SF1234567890123", "order", "MB20251103-0042", "tracking_no"),
        ("T1-A", "variant", "T1-A", "sku"),
        ("6900000000001", "variant", "T1-A", "barcode"),
        ("T1", "product", "T1", "product_no"),
    ],
)
def test_numbers_are_looked_up_before_anything_is_ranked(
    search: Search, said: str, kind: str, key: str, by: str
) -> None:
    answer = ask(search, said)
    assert (kind, key, by) in {(e.kind, e.key, e.by) for e in answer.exact}
    assert not answer.abstained


def test_a_sku_that_only_orders_know_leads_to_them(tmp_path: Path) -> None:
    search = stand(
        tmp_path,
        [*product("T1", "茶壶"), Order("1"), Line("1", "1", "旧款", sku="OLD-1"), Line("1", "2", sku="T1-A")],
    )
    assert [(e.kind, e.key, e.by) for e in ask(search, "OLD-1 还有吗").exact] == [("order", "1", "sku")]
    assert [(e.kind, e.key, e.by) for e in ask(search, "T1-A").exact] == [("variant", "T1-A", "sku")]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("#1002", {"#1002"}),
        ("where is my order #1002?", {"#1002"}),
        ("订单1002到哪了", {"#1002"}),
        ("我的电话 138 0013 8000", {"plain", "abroad"}),
        ("+86 13800138000", {"plain", "abroad"}),
        ("0221-5550100", {"köln"}),
        ("13212345774", {"virtual"}),
        ("13212345774-4321", {"virtual"}),
        ("13900138000", set()),  # the same tail is not the same number
        ("18612342807", set()),  # nor is one with stars: who knows
    ],
)
def test_orders_by_a_number_with_a_hash_and_by_a_whole_telephone_number(
    tmp_path: Path, said: str, found: set[str]
) -> None:
    orders = {
        "#1002": "", "plain": "13800138000", "abroad": "+86 138-0013-8000", "köln": "+49 221 5550100",
        "virtual": "13212345774-4321", "masked": "186****2807",
    }  # fmt: skip
    search = stand(tmp_path, [Order(number, phone=phone or None) for number, phone in orders.items()])
    assert {e.key for e in search.exact(SHOP, said)} == found
    search.records.close()


def test_a_number_that_nothing_has_finds_nothing(search: Search) -> None:
    assert ask(search, "MB20251103-0043").exact == ()


def test_a_single_changed_row_is_searchable_at_once(search: Search) -> None:
    assert found(search, "朱泥") == []
    search.records.take(SHOP, sourced([Product("T7", "朱泥水平壶")]))
    assert found(search, "朱泥") == ["T7"]
    search.records.take(SHOP, sourced([Product("T7", "段泥石瓢壶")]))
    assert found(search, "朱泥") == []
    assert found(search, "石瓢") == ["T7"]
    search.records.remove(SHOP, Product, "T7")
    assert found(search, "石瓢") == []


def test_a_new_price_a_new_stock_and_a_moved_variant_are_seen(search: Search) -> None:
    cheap = Filters(most=Money(1000, "CNY"))
    search.records.take(SHOP, sourced([Price("T2-A", Money(900, "CNY"), SINCE)]))
    assert found(search, "盖碗", cheap) == ["T2"]
    search.records.take(SHOP, sourced([Stock("T3-A", "", 1)]))
    assert found(search, "公道杯", Filters(in_stock=True))[:1] == ["T3"]
    search.records.take(SHOP, sourced([Variant("T2-A", "T5")]))
    assert found(search, "盖碗", cheap) == []
    search.records.remove(SHOP, Variant, "T3-A")
    assert "T3" not in found(search, "公道杯", Filters(in_stock=True))


def test_what_is_not_listed_is_not_found(search: Search) -> None:
    search.records.take(SHOP, sourced([Product("T2", "青花盖碗", "Blue-and-white gaiwan", listed=False)]))
    assert "T2" not in found(search, "盖碗")


def test_both_languages_of_a_rule_are_one_hit_and_outlive_each_other(search: Search) -> None:
    rules = Filters(kinds=frozenset({Kind.POLICY}))
    assert found(search, "退货 returns", rules) == ["returns"]
    search.records.remove(SHOP, PolicyDocument, "returns", "en")
    assert found(search, "七天无理由", rules) == ["returns"]
    search.records.remove(SHOP, PolicyDocument, "returns", "zh")
    assert found(search, "七天无理由", rules) == []


def test_what_was_removed_leaves_no_trace_on_the_disk(search: Search) -> None:
    search.records.take(SHOP, sourced([Review("R2-secret", "T1", "送给王小明先生的生日礼物")]))
    assert found(search, "王小明 生日礼物 评价") == ["R2-secret"]
    folder = search.index(SHOP).folder
    assert any(b"R2-secret" in file.read_bytes() for file in folder.iterdir())
    search.records.remove(SHOP, Review, "R2-secret")
    search.refresh(SHOP)
    for file in folder.iterdir():
        assert b"R2-secret" not in file.read_bytes()


def test_no_word_of_the_shop_stands_in_the_index(search: Search) -> None:
    search.refresh(SHOP)
    every = b"".join(file.read_bytes() for file in search.index(SHOP).folder.iterdir())
    for word in ("紫砂", "出水", "电子发票", "Yixing"):
        assert word.encode() not in every


def test_numbers_that_somebody_is_reached_by_are_not_indexed(search: Search) -> None:
    texts = {
        "R7": "壶很好，有事打 138-0013 8000", "R8": "客服加我微信 qinghe_77 了，杯子 200ml", "R9": "写信到 qinghe@example.com",
        "R10": "１３８００１３８０００ 是我",
    }  # fmt: skip
    search.records.take(SHOP, sourced([Review(number, "T1", text) for number, text in texts.items()]))
    for asked in ("13800138000", "qinghe_77", "qinghe@example.com", "qinghe"):
        assert not set(found(search, asked)) & set(texts), asked
    assert "R8" in found(search, "杯子 200ml")


def test_a_rebuilt_index_answers_the_same(search: Search) -> None:
    search.records.take(SHOP, sourced([Product("T8", "紫砂侧把壶")]))
    before = {text: found(search, text) for text in ("紫砂壶", "退货", "马克杯", "侧把")}
    search.rebuild(SHOP)
    assert {text: found(search, text) for text in before} == before


def test_many_small_changes_are_merged(search: Search) -> None:
    for n in range(30):
        search.records.take(SHOP, sourced([Product(f"N{n}", f"新品 {n} 号茶宠")]))
        search.refresh(SHOP)
    assert len(list(search.index(SHOP).folder.glob("*.segment"))) <= 7
    assert len(found(search, "茶宠", limit=100)) == 30
    assert found(search, "紫砂壶")[:1] == ["T1"]


def test_a_shop_that_nobody_knows_has_nothing(search: Search) -> None:
    assert ask(search, "紫砂壶", shop="other").abstained
