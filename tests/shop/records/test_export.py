"""A shop leaves: every row, in files that come back as they were."""

from __future__ import annotations

import csv
import hashlib
import itertools
import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from made_up import any_kind, exactly, order, rows

from mingbai.cli import assemble
from mingbai.cli.export import export as export_command
from mingbai.cli.import_ import import_
from mingbai.cli.shop import shop as shop_command
from mingbai.shop.export import export
from mingbai.shop.records.csvform import from_cells
from mingbai.shop.records.home import Records
from mingbai.shop.records.jsonform import from_json
from mingbai.shop.records.shape import SHAPES
from mingbai.values.errors import BadInput, NotFound
from mingbai.values.records import Line, Order, OrderState, Origin, Product, Record, Shop, Sourced
from mingbai.values.settings import Settings

_shops = itertools.count(1)


def read(folder: Path) -> Iterator[Sourced]:
    """What a manifest names, and nothing else is there."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert (manifest["format"], manifest["version"]) == ("mingbai-shop", 1)
    assert {file["file"] for file in manifest["files"]} == {path.name for path in folder.iterdir()} - {
        "manifest.json"
    }
    for file in manifest["files"]:
        path = folder / file["file"]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == file["sha256"]
        found = list(_records(path, file["kind"], manifest["form"]))
        assert len(found) == file["rows"]
        yield from (Sourced(record, Origin(path.name, line)) for line, record in enumerate(found, 1))


def _records(path: Path, kind: str, form: str) -> Iterator[Record]:
    if form == "jsonl":
        for line in path.read_bytes().splitlines():
            yield from_json(kind, json.loads(line))
        return
    with path.open(encoding="utf-8-sig", newline="") as text:
        for cells in csv.DictReader(text):
            yield from_cells(kind, cells)


def whole(records: Records, shop: str) -> list[list[object]]:
    return [exactly(row.record) for record in SHAPES for row in records.rows(shop, record)]


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_export_and_import_give_equal_rows(records, tmp_path, form, data):
    shop = f"s{next(_shops)}"
    taken = data.draw(st.lists(any_kind(shop), min_size=1, max_size=6))
    records.take(shop, rows(*taken))
    (done,) = export(records, [shop], tmp_path / shop, form, each=False)
    with Records.open(tmp_path / f"{shop}.db") as empty:
        empty.take(shop, list(read(done.folder)))
        assert whole(empty, shop) == whole(records, shop)
        assert {o.verdict for o in empty.take(shop, list(read(done.folder)))} == {"unchanged"}
        (again,) = export(empty, [shop], tmp_path / f"{shop}-again", form, each=False)
    assert again.files == done.files  # the same rows, the same bytes


@pytest.mark.slow  # two homes and a whole import for each example
@settings(
    max_examples=20,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # making an example smaller takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_the_import_command_reads_what_was_exported(tmp_path, monkeypatch, form, data):
    number = next(_shops)
    folder, here, there = (tmp_path / f"{name}{number}" for name in ("out", "here", "there"))
    taken = data.draw(st.lists(any_kind("tea"), min_size=1, max_size=6))
    with Records.open(here / "shop.db") as records:
        records.take("tea", rows(Shop("tea", "明白茶具"), *taken))
        export(records, ["tea"], folder, form, each=False)
        wanted = whole(records, "tea")
    monkeypatch.setenv("MINGBAI_HOME", str(there))
    done = CliRunner().invoke(import_, [str(folder), "--shop", "tea"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    with assemble.records(Settings(home=there)) as records:
        assert whole(records, "tea") == wanted


def test_every_shop_gets_a_folder(records, tmp_path):
    records.take("tea", rows(order("1"), Line("1", "1")))
    records.take("coffee", rows(Product("P1")))
    done = export(records, records.shops(), tmp_path / "out", "jsonl", each=True)
    assert [(one.shop, one.folder, [f.file for f in one.files]) for one in done] == [
        ("coffee", tmp_path / "out/coffee", ["product.jsonl"]),
        ("tea", tmp_path / "out/tea", ["order.jsonl", "line.jsonl"]),
    ]
    top = json.loads((tmp_path / "out/manifest.json").read_text("utf-8"))
    assert top == {"format": "mingbai-shop", "version": 1, "shops": ["coffee", "tea"]}
    assert [row.record for row in read(tmp_path / "out/coffee")] == [Product("P1")]


def test_only_the_owner_may_read_it(records, tmp_path):
    records.take("tea", rows(order("1")))
    export(records, ["tea"], tmp_path / "out", "csv", each=True)
    modes = {
        path.relative_to(tmp_path): stat.S_IMODE(path.stat().st_mode)
        for path in (tmp_path / "out").rglob("*")
    }
    assert set(modes.values()) == {0o700, 0o600}
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700


def test_what_is_there_is_not_written_over(tmp_path):
    with Records.open(tmp_path / "shop.db") as records:
        records.take("tea", rows(order("1")))
        (tmp_path / "full").mkdir()
        (tmp_path / "full" / "mine.txt").write_text("mine")
        (tmp_path / "file").write_text("mine")
        for there in ("full", "file"):
            with pytest.raises(BadInput, match="已经有内容"):
                export(records, ["tea"], tmp_path / there, "jsonl", each=False)
        (tmp_path / "empty").mkdir()
        export(records, ["tea"], tmp_path / "empty", "jsonl", each=False)
        assert (tmp_path / "empty" / "order.jsonl").exists()
        with pytest.raises(BadInput, match="写不进去"):
            export(records, ["tea"], tmp_path / "file" / "under", "jsonl", each=False)
    assert (tmp_path / "full" / "mine.txt").read_text() == (tmp_path / "file").read_text() == "mine"
    assert {path.name for path in tmp_path.iterdir()} == {"shop.db", "full", "file", "empty"}


def test_an_export_that_fails_half_way_leaves_nothing(tmp_path, monkeypatch):
    with Records.open(tmp_path / "shop.db") as records:
        records.take("tea", rows(order("1"), Line("1", "1")))

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("mingbai.shop.export.os.fsync", full)
        with pytest.raises(BadInput, match="No space left"):
            export(records, ["tea"], tmp_path / "out", "jsonl", each=False)
    assert {path.name for path in tmp_path.iterdir()} == {"shop.db"}


@pytest.fixture
def call(tmp_path, monkeypatch):
    """Runs a command in a home of its own; our errors rise, as they do for main()."""
    monkeypatch.setenv("MINGBAI_HOME", str(tmp_path / "home"))

    def calling(command, *arguments, code=0):
        result = CliRunner().invoke(command, list(map(str, arguments)), catch_exceptions=False)
        assert result.exit_code == code, result.output
        return result

    return calling


@pytest.fixture
def home(tmp_path) -> Path:
    with Records.open(tmp_path / "home" / "shop.db") as records:
        about = Shop("tea", "明白茶具", "Mingbai Teaware", facts=(("发货", "当天 16:00 前"),))
        records.take(
            "tea", rows(about, Product("P1"), order("1"), order("2", state=OrderState.SHIPPED), file="a.csv")
        )
    return tmp_path


def test_shop_list_show_stats(call, home):
    assert json.loads(call(shop_command, "list", "--json").stdout) == [
        {"shop": "tea", "name_zh": "明白茶具", "name_en": "Mingbai Teaware", "products": 1, "orders": 2}
    ]
    assert "tea  明白茶具 Mingbai Teaware" in call(shop_command, "list").stdout
    assert json.loads(call(shop_command, "show", "--json").stdout)["facts"] == [["发货", "当天 16:00 前"]]
    shown = call(shop_command, "show", "tea").stdout
    assert "name_zh: 明白茶具\n" in shown
    assert "发货: 当天 16:00 前\n" in shown
    assert "来自 / from: a.csv:2" in shown
    assert json.loads(call(shop_command, "stats", "--json").stdout) == {
        "shop": "tea",
        "rows": {"shop": 1, "product": 1, "order": 2},
        "orders_by_state": {"paid": 1, "shipped": 1},
        "first_order_at": "2025-11-03T09:30:00+08:00",
        "last_order_at": "2025-11-03T09:30:00+08:00",
        "files": {"a.csv": 4},
    }
    assert "        4  a.csv" in call(shop_command, "stats").stdout
    with pytest.raises(BadInput, match="没有店铺 coffee"):
        call(shop_command, "show", "coffee")


def test_a_home_without_shops_says_what_to_do(call, tmp_path):
    assert call(shop_command, "list", "--json").stdout == "[]\n"
    assert "mingbai import" in call(shop_command, "list").stderr
    for words in ([tmp_path / "out"], ["--all", tmp_path / "out"]):
        with pytest.raises(BadInput, match="还没有店铺"):
            call(export_command, *words)


def test_export_command(call, home):
    said = call(export_command, home / "out")
    assert f"tea → {home / 'out'}" in said.stdout
    assert "2  order.jsonl" in said.stdout
    assert "个人信息" in said.stderr
    told = json.loads(call(export_command, "--all", "--format", "csv", home / "all", "--json").stdout)
    assert (told["shop"], told["folder"]) == ("tea", str(home / "all" / "tea"))
    assert [file["file"] for file in told["files"]] == ["shop.csv", "product.csv", "order.csv"]
    assert [row.record.order_no for row in read(home / "all" / "tea") if isinstance(row.record, Order)] == [
        "1",
        "2",
    ]


def test_export_of_nobody_says_how_a_person_is_named(call, home):
    """A person's export: tests/permit/test_rights.py."""
    with pytest.raises(NotFound, match="没有这个人") as refused:
        call(export_command, "tb-li", home / "out")
    assert "order:" in refused.value.mend.zh
    assert not (home / "out").exists()


@pytest.mark.parametrize(
    "words", [[], ["--all"], ["a", "b", "c"], ["--all", "a", "b"], ["--all", "--shop", "tea", "a"]]
)
def test_export_with_the_wrong_words_explains_itself(call, home, words):
    assert "Usage" in call(export_command, *words, code=2).stderr


def test_a_database_elsewhere_is_used_when_settings_say_so(call, home, monkeypatch):
    with Records.open(home / "elsewhere.db") as records:
        records.take("coffee", rows(Product("P1")))
    monkeypatch.setenv("MINGBAI_DATABASE", str(home / "elsewhere.db"))
    assert json.loads(call(shop_command, "list", "--json").stdout)[0]["shop"] == "coffee"
    monkeypatch.setenv("MINGBAI_DATABASE", "postgresql://shop:hunter2@db/tea")
    with pytest.raises(BadInput, match="写了密码"):
        call(shop_command, "list")
