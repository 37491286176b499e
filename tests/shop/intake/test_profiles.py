"""Profiles: what is wrong with one is said by name; the merchant's own come first; the header decides."""

from __future__ import annotations

import json
from pathlib import Path

import intake_china as china
import pytest
from intake_home import counts, take, the

from mingbai.shop.intake import choose, mapping
from mingbai.shop.intake.profile import parse
from mingbai.shop.records.home import Records
from mingbai.values.errors import BadInput, NotFound, SettingsError
from mingbai.values.records import Order, OrderState

GOOD = 'header = ["no"]\n[order]\norder_no = "no"\n'
FORMATS_FILE = Path(__file__).parents[4] / "shared" / "data" / "export_formats" / "formats.json"


def test_every_shipped_profile_is_whole_and_guessed_from_its_header() -> None:
    profiles = choose.load(None)
    assert set(profiles) >= {
        "taobao-orders", "taobao-lines", "pinduoduo", "douyin", "wechat-shop", "shopify-orders", "shopify-products",
        "shopify-customers", "amazon-orders", "woocommerce-products", "tau-retail", "vitabench-products",
        "taobao-products", "pinduoduo-products", "douyin-products",
    }  # fmt: skip
    assert all(profile.headers and profile.title.zh and profile.title.en for profile in profiles.values())


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("colour = 1\n" + GOOD, "colour"),
        ('header = "no"\n[order]\norder_no = "no"\ntotl = "x"\n', "totl"),
        ('[order]\norder_no = { from = "no", chop = true }\n', "chop"),
        ('[order]\norder_no = { from = "no", value = "1" }\n', "order_no"),
        ('[orders]\norder_no = "no"\n', "orders"),
        ('states = { paid = "payed" }\n' + GOOD, "payed"),
        ('timezone = "Asia/Bejing"\n' + GOOD, "timezone"),
        ('currency = "yuan"\n' + GOOD, "currency"),
        ('encoding = "rot13"\n' + GOOD, "encoding"),
        ('[order]\nonce = true\norder_no = "no"\n', "group"),
        ('header = ["no"]\n', "order"),
        ("header = [\n", "TOML"),
        ("header = [1]\n" + GOOD[15:], "header"),
    ],
)
def test_a_profile_that_is_wrong_is_refused_by_the_key(text: str, named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        parse(text, "mine")


def test_a_merchants_profile_takes_the_place_of_ours(records: Records, tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    own = 'header = ["订单编号", "订单状态"]\ncurrency = "CNY"\n[order]\norder_no = "订单编号"\nstate_said = "订单状态"\n[states]\n"卖家已出库，待揽收" = "paid"\n'
    (tmp_path / "profiles" / "taobao-orders.toml").write_text(own, encoding="utf-8")
    take(records, {"orders.csv": china.taobao_orders()}, home=tmp_path)
    order = the(records, Order, "1930679858170650")
    assert (order.state, order.total) == (OrderState.PAID, None)


def test_an_unknown_profile_is_told_which_there_are() -> None:
    with pytest.raises(NotFound, match="taobao-orders"):
        choose.named(choose.load(None), "taobo")


def test_a_header_that_fits_two_profiles_is_not_guessed(records: Records, tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    for name in ("one", "two"):
        (tmp_path / "profiles" / f"{name}.toml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(BadInput, match="one, two"):
        take(records, {"x.csv": b"no,b\n1,2\n"}, home=tmp_path)
    assert counts(take(records, {"x.csv": b"no,b\n1,2\n"}, profile="one", home=tmp_path)) == (1, 0, 0, 0)


def test_a_header_below_a_title_and_notes(records: Records) -> None:
    text = "店铺：明白茶具,,,\n导出时间：2026-11-12,,,\n,,,\n订单编号,订单状态,收货地址,订单创建时间\n1,交易成功,杭州,2026-11-11\n"
    assert counts(take(records, {"x.csv": text.encode()})) == (1, 0, 0, 0)


@pytest.mark.skipif(not FORMATS_FILE.exists(), reason="../shared/data/export_formats is not here")
def test_the_column_names_that_public_programs_use_are_recognised() -> None:
    columns = {name: one["columns"] for name, one in json.loads(FORMATS_FILE.read_text("utf-8")).items()}
    profiles = tuple(choose.load(None).values())
    found = {}
    for name, header in columns.items():
        from mingbai.shop.intake.delimited import grid
        from mingbai.shop.intake.encoding import decode

        chosen = choose.grid_header(grid("", decode((",".join(header) + "\n").encode())), profiles)
        found[name] = chosen[0].name if chosen else None
    assert found == {
        "taobao_order_export": "taobao-orders",
        "taobao_order_export_variant": "taobao-orders",
        "shopify_order_export": "shopify-orders",
        "shopify_customer_export": "shopify-customers",
    }


def test_a_proposal_for_a_table_of_ones_own() -> None:
    header = ["单号", "状态", "收件人", "手机号", "地址", "金额", "品名", "数量", "快递单号"]
    assert mapping.about(header) == "orders"
    order = mapping.proposed("order", header)
    assert order == {
        "order_no": "单号", "state_said": "状态", "total": "金额", "recipient": "收件人", "phone": "手机号", "address": "地址",
    }  # fmt: skip
    assert mapping.proposed("line", header)["title"] == "品名"
    assert mapping.lacking("shipment", mapping.proposed("shipment", header)) == frozenset()
    assert mapping.lacking("order", {}) == {"order_no"}


def test_what_the_dialogue_writes_is_a_profile(records: Records, tmp_path: Path) -> None:
    header = ["单号", "状态", "品名", '带"引号"的列', "快递单号"]
    kinds = {
        "order": {"order_no": "单号", "state_said": "状态"},
        "line": {"order_no": "单号", "title": '带"引号"的列'},
        "shipment": {"order_no": "单号", "tracking_no": "快递单号"},
    }
    text = mapping.written(
        "我的表.csv", header, kinds, currency="CNY", timezone="Asia/Shanghai", states={"寄了": "shipped"}
    )
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "mine.toml").write_text(text, encoding="utf-8")
    table = '单号,状态,品名,"带""引号""的列",快递单号\nA1,寄了,壶,大,SF1\n,,杯,小,\n'
    report = take(records, {"我的表.csv": table.encode()}, home=tmp_path)
    assert counts(report) == (2, 0, 0, 0)
    assert the(records, Order, "A1").state is OrderState.SHIPPED


def test_the_page_about_profiles_names_every_key() -> None:
    import re
    from dataclasses import fields
    from importlib import resources

    from mingbai.shop.intake.profile import FieldRule, Profile, RecordRule

    page = resources.files("mingbai.shop.intake").joinpath("profiles", "README.md").read_text("utf-8")
    said = set(re.findall(r"^\| `\[?(\w+)\]?`(?:, `(\w+)`)?", page, re.MULTILINE))
    named = {word for pair in said for word in pair if word}
    ours = {field.name for kind in (Profile, RecordRule, FieldRule) for field in fields(kind)}
    # What the page says in other words than the code.
    same = {"title": "title_zh", "headers": "header", "when": "if", "sources": "from"}
    assert {same.get(name, name) for name in ours} - {"name", "rules", "kind", "record", "fields"} <= named
    example = page.split("```toml\n")[1].split("```")[0]
    assert parse(example, "example").states == {"已寄出": OrderState.SHIPPED}
