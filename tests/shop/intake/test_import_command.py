"""`mingbai import` as a person and as a program meets it."""

from __future__ import annotations

import json
from pathlib import Path

import intake_abroad as abroad
import intake_china as china
import pytest
from click.testing import CliRunner, Result

from mingbai.cli import assemble
from mingbai.cli.export import export
from mingbai.cli.import_ import import_
from mingbai.shop.records.home import Records
from mingbai.values.records import KINDS, Order, Shop
from mingbai.values.settings import Settings


def opened(home: Path) -> Records:
    return assemble.records(Settings(home=home))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MINGBAI_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def run(*arguments: object, answers: str | None = None) -> Result:
    return CliRunner().invoke(import_, [str(one) for one in arguments], input=answers)


def folder(tmp_path: Path, **contents: bytes) -> Path:
    inside = tmp_path / "files"
    (inside / "deep").mkdir(parents=True)
    for name, data in contents.items():
        (inside / name.replace("__", "/").replace("_dot_", ".")).write_bytes(data)
    return inside


def test_a_folder_into_an_empty_home(home: Path, tmp_path: Path) -> None:
    inside = folder(
        tmp_path,
        ExportOrderList_dot_csv=china.taobao_orders(),
        deep__ExportOrderDetailList_dot_csv=china.taobao_lines(),
        deep__rules_dot_md="# 规则\n\n七天。\n".encode(),
        photo_dot_jpg=b"\xff\xd8",
    )
    (inside / "~$open.xlsx").write_bytes(b"x")
    done = run(inside)
    assert done.exit_code == 0, done.output
    assert "新收 / taken 4" in done.output
    assert "unknown order state: 卖家已出库，待揽收" in done.output
    with opened(home) as records:
        assert records.shops() == ["shop"]
        [shop] = [row.record for row in records.rows("shop", Shop)]
        assert isinstance(shop, Shop)
        assert (shop.currency, shop.timezone) == ("CNY", "Asia/Shanghai")
        assert records.count("shop", Order) == 4


def test_a_currency_that_is_said_later_is_the_shops_as_long_as_nothing_has_a_price(
    home: Path, tmp_path: Path
) -> None:
    inside = folder(
        tmp_path, orders_dot_csv=abroad.shopify_orders(), products_dot_csv=abroad.shopify_products()
    )

    def currency() -> str:
        with opened(home) as records:
            [shop] = [row.record for row in records.rows("shop", Shop)]
        assert isinstance(shop, Shop)
        return shop.currency

    assert run(inside).exit_code == 3  # an export of goods says no currency
    assert currency() == "CNY"
    assert run(inside, "--currency", "EUR").exit_code == 0
    assert currency() == "EUR"
    assert run(inside, "--currency", "USD").exit_code == 0
    assert currency() == "EUR"


def test_what_was_refused_is_named_and_the_exit_code_says_so(home: Path, tmp_path: Path) -> None:
    inside = folder(
        tmp_path, orders_dot_csv=china.taobao_orders(), lines_dot_csv=china.taobao_lines(bad=True)
    )
    done = run(inside / "orders.csv", inside / "lines.csv")
    assert done.exit_code == 3
    assert "第 4 行「价格」：这一格 不是能确定的金额。" in done.output
    assert "line 4, 价格: this cell is not an amount that can be read with certainty." in done.output
    assert "→ 请改正这一格" in done.output


def test_json_accounts_for_every_row(home: Path, tmp_path: Path) -> None:
    inside = folder(tmp_path, pdd_dot_csv=china.pinduoduo())
    done = run(inside / "pdd.csv", "--json", "--shop", "pdd-shop")
    said = json.loads(done.stdout)
    assert done.exit_code == 3
    assert (said["shop"], said["taken"], said["refused"]) == ("pdd-shop", 2, 1)
    [sheet] = said["sheets"]
    assert (sheet["rows"], sheet["lines"]) == (3, {"taken": "2-3", "refused": "4"})
    assert sheet["refusals"][0]["en"] == "This is a line of totals, not data."
    assert "155" not in done.stdout
    again = json.loads(run(inside / "pdd.csv", "--json").stdout)
    assert (again["taken"], again["changed"], again["unchanged"]) == (0, 0, 2)


def test_no_personal_data_is_printed(home: Path, tmp_path: Path) -> None:
    inside = folder(tmp_path, orders_dot_csv=china.taobao_orders(), shopify_dot_csv=abroad.shopify_orders())
    for form in ((), ("--json",), ("--dry-run",)):
        output = run(inside, *form).output
        assert not [
            word for word in ("王小明", "13212345774", "lena.vogt", "Hauptstraße", "三里屯") if word in output
        ]


def test_one_bad_file_does_not_stop_the_others(home: Path, tmp_path: Path) -> None:
    inside = folder(tmp_path, good_dot_csv=china.taobao_orders(), bad_dot_xlsx=china.wechat()[:-300])
    done = run(inside)
    assert done.exit_code == 3
    assert "✗ bad.xlsx" in done.output
    assert "The file is broken or encrypted" in done.output
    assert "新收 / taken 4" in done.output


def test_nothing_that_can_be_read(home: Path, tmp_path: Path) -> None:
    inside = folder(tmp_path, mystery_dot_csv=b"alpha,beta\n1,2\n")
    done = run(inside)
    assert done.exit_code == 1
    assert "This header is not known: alpha、beta" in done.output


@pytest.mark.parametrize(
    "wrong", [(), ("--example", "x.csv"), ("x.csv", "--currency", "yuan"), ("x.csv", "--timezone", "Mars")]
)
def test_wrong_options(home: Path, wrong: tuple[str, ...]) -> None:
    assert run(*wrong).exit_code == 2


def test_a_dry_run_leaves_the_home_as_it_is(home: Path, tmp_path: Path) -> None:
    inside = folder(tmp_path, orders_dot_csv=china.taobao_orders())
    done = run(inside, "--dry-run")
    assert "checked only, nothing was written" in done.output
    assert "可用 / usable 4" in done.output
    with opened(home) as records:
        assert records.shops() == []


def test_the_dialogue_for_a_table_of_ones_own(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "我的订单.csv"
    table.write_bytes("单号,状态,客户,品名,数量,快递单号\nA1,寄了,林**,壶,1,SF1\n,,,杯,2,\n".encode("gbk"))
    monkeypatch.setattr("mingbai.cli.import_._at_a_terminal", lambda: True)
    # An empty answer agrees with the proposal.
    done = run(table, answers="\n" * 100)
    assert done.exit_code == 0, done.output
    [saved] = (home / "profiles").iterdir()
    assert 'order_no = "单号"' in saved.read_text("utf-8")
    with opened(home) as records:
        assert records.get("shop", Order, "A1") is not None
    again = run(table)
    assert "无变化 / unchanged 2" in again.output


def test_a_shop_must_be_named_when_there_are_two(home: Path, tmp_path: Path) -> None:
    inside = folder(tmp_path, orders_dot_csv=china.taobao_orders())
    assert run(inside, "--shop", "one").exit_code == 0
    assert run(inside, "--shop", "two").exit_code == 0
    done = run(inside)
    assert done.exit_code != 0
    assert "several shops" in str(done.exception)


def test_the_exports_of_several_shops_are_never_poured_into_one(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = folder(tmp_path, orders_dot_csv=china.taobao_orders())
    for name in ("one", "two"):
        done = run(inside, "--shop", name)
        assert f"shop {name}（新建 / new）" in done.output
        assert json.loads(run(inside, "--shop", name, "--json").stdout)["new_shop"] is False
    out = tmp_path / "out"
    assert CliRunner().invoke(export, ["--all", str(out)]).exit_code == 0
    monkeypatch.setenv("MINGBAI_HOME", str(tmp_path / "second"))
    for options in ((), ("--shop", "one")):
        done = run(out, *options)
        assert (done.exit_code, "several shops: one, two" in str(done.exception)) == (1, True)
    # One by one each goes to the shop that its export names, also when the home holds another already.
    assert (run(out / "one").exit_code, run(out / "two").exit_code) == (0, 0)
    with opened(tmp_path / "second") as records:
        assert [(shop, records.count(shop, Order)) for shop in records.shops()] == [("one", 4), ("two", 4)]


def test_a_folder_without_a_file_that_can_be_read(home: Path, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_bytes(b"\xff\xd8")
    done = run(tmp_path / "photos")
    assert (done.exit_code, "no file in photos" in str(done.exception)) == (1, True)


def test_the_example_shop(home: Path) -> None:
    done = run("--example", "--json")
    assert done.exit_code == 0
    said = json.loads(done.stdout)
    assert (said["shop"], said["refused"]) == ("tea", 0)
    assert said["taken"] > 1_000
    again = json.loads(run("--example", "--json").stdout)
    assert (again["taken"], again["changed"], again["unchanged"]) == (0, 0, said["taken"])


def test_what_the_export_command_writes_makes_an_equal_home(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = folder(tmp_path, orders_dot_csv=china.taobao_orders(), lines_dot_csv=china.taobao_lines())
    assert run(inside, "--shop", "first").exit_code == 0
    out = tmp_path / "out"
    assert CliRunner().invoke(export, [str(out)]).exit_code == 0
    monkeypatch.setenv("MINGBAI_HOME", str(tmp_path / "second"))
    done = run(out)
    assert done.exit_code == 0, done.output
    with opened(home) as one, opened(tmp_path / "second") as two:
        assert two.shops() == ["first"]
        for _, kind, _ in KINDS:
            rows = [[row.record for row in records.rows("first", kind)] for records in (one, two)]
            assert rows[0] == rows[1]
    # Under another name it is another shop, also by its own row.
    assert run(out, "--shop", "copy").exit_code == 0
    with opened(tmp_path / "second") as records:
        assert records.shops() == ["copy", "first"]
