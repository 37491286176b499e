"""Two shops in one home: no query of one returns a row of the other. And what kill -9, torn and foreign files leave behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny import SHOP, found, product, sourced, stand

from mingbai.shop.records.home import Records
from mingbai.shop.search.encoder import Hashed, NoEncoder
from mingbai.shop.search.query import Query
from mingbai.shop.search.search import Search
from mingbai.values.records import PolicyDocument, Product, Review

WORDS = ["紫砂壶", "盖碗", "龙井", "马克杯", "退货", "teapot", "mug", "青花", "200ml", "保温"]


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Search:
    """Shops `ann` and `ben` with nearly the same goods; every key says whose it is."""
    home = tmp_path_factory.mktemp("two")
    search = stand(home, [], Hashed(), shop="ann")
    for shop in ("ann", "ben"):
        rows = [
            r
            for n, word in enumerate(WORDS)
            for r in product(f"T{n}-{shop}", f"{word} {n}号", f"{word} no {n}")
        ]
        rows += [
            PolicyDocument(f"rule-{shop}", "zh", "退货规则", "七天内退货。"),
            Review(f"R-{shop}", f"T0-{shop}", "紫砂壶不错"),
        ]
        search.records.take(shop, sourced(rows))
    return search


@given(
    text=st.one_of(
        st.text(max_size=30),
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join),
        st.sampled_from(["T0-ben", "T0-ben-A", "T1-ann-A", "R-ben"]),
    ),
    shop=st.sampled_from(["ann", "ben"]),
)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_query_of_one_shop_returns_a_row_of_the_other(two: Search, text: str, shop: str) -> None:
    answer = two.ask(shop, Query(text, limit=100))
    keys = [*(hit.key for hit in (*answer.hits, *answer.nearest)), *(row.key for row in answer.exact)]
    assert all(shop in key for key in keys)


def test_a_change_in_one_shop_leaves_the_others_index_as_it_is(two: Search) -> None:
    two.refresh("ann"), two.refresh("ben")
    before = {f.name: f.read_bytes() for f in two.index("ben").folder.iterdir()}
    two.records.take("ann", sourced([Product("T99-ann", "新品")]))
    two.refresh("ann")
    assert {f.name: f.read_bytes() for f in two.index("ben").folder.iterdir()} == before


def test_two_databases_of_one_home_do_not_share_an_index(tmp_path: Path) -> None:
    one, other = Records.open(tmp_path / "one.db"), Records.open(tmp_path / "other.db")
    with one, other:
        one.take(SHOP, sourced([Product("T1", "紫砂壶")]))
        other.take(SHOP, sourced([Product("T2", "紫砂壶")]))
        assert found(Search(tmp_path, one, NoEncoder(), source="one"), "紫砂壶") == ["T1"]
        assert found(Search(tmp_path, other, NoEncoder(), source="other"), "紫砂壶") == ["T2"]


def test_two_processes_see_each_others_changes(tmp_path: Path) -> None:
    search = stand(tmp_path)
    code = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
from tiny import SHOP, found, sourced
from mingbai.shop.records.home import Records
from mingbai.shop.search.encoder import NoEncoder
from mingbai.shop.search.search import Search
from mingbai.values.records import Product
with Records.open(Path({str(tmp_path / "shop.db")!r})) as records:
    search = Search(Path({str(tmp_path)!r}), records, NoEncoder())
    print(found(search, "紫砂壶")[0], flush=True)
    records.take(SHOP, sourced([Product("T9", "柴烧壶")]))
    print(found(search, "柴烧")[0], flush=True)
"""
    assert found(search, "紫砂壶")[0] == "T1"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["T1", "T9"]
    assert found(search, "柴烧") == ["T9"]


CHILD = """
import sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from tiny import SHOP, found, sourced
from mingbai.shop.records.home import Records
from mingbai.shop.search.encoder import Hashed
from mingbai.shop.search.search import Search
from mingbai.values.records import Product
with Records.open(Path({home!r}) / "shop.db") as records:
    search = Search(Path({home!r}), records, Hashed())
    n = 0
    while True:
        n += 1
        records.take(SHOP, sourced([Product(f"K{{n}}", f"货架 {{n}} 号")]))
        search.refresh(SHOP)
        print(n, flush=True)
"""


@pytest.mark.parametrize("after_seconds", [0.0, 0.013, 0.11])
def test_kill_9_while_the_index_is_written_loses_no_row(tmp_path: Path, after_seconds: float) -> None:
    stand(tmp_path).records.close()
    code = CHILD.format(tests=str(Path(__file__).parent), home=str(tmp_path))
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for _ in range(8):  # it is well under way
            child.stdout.readline()
        time.sleep(after_seconds)
        os.kill(child.pid, signal.SIGKILL)
        said = child.stdout.read().split()
    acknowledged = int(said[-1]) if said else 8
    with Records.open(tmp_path / "shop.db") as records:
        search = Search(tmp_path, records, Hashed())
        for n in range(1, acknowledged + 1):
            assert f"K{n}" in found(search, f"货架 {n} 号", limit=100)
        assert not list(search.index(SHOP).folder.glob("*.part"))


@pytest.mark.parametrize(
    "harm", ["cut", "bit", "empty", "gone", "manifest cut", "manifest foreign", "manifest list"]
)
def test_a_torn_index_is_seen_and_made_again(tmp_path: Path, harm: str) -> None:
    search = stand(tmp_path)
    search.refresh(SHOP)
    folder = search.index(SHOP).folder
    segment, manifest = next(folder.glob("*.segment")), folder / "index.json"
    match harm:
        case "cut":
            segment.write_bytes(segment.read_bytes()[:-100])
        case "bit":
            raw = bytearray(segment.read_bytes())
            raw[-70] ^= 1
            segment.write_bytes(raw)
        case "empty":
            segment.write_bytes(b"")
        case "gone":
            segment.unlink()
        case "manifest cut":
            manifest.write_bytes(manifest.read_bytes()[:-3])
        case "manifest foreign":
            manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "version": 0}))
        case "manifest list":
            manifest.write_text("[]")
    again = Search(tmp_path, search.records, NoEncoder())
    assert found(again, "紫砂壶")[:1] == ["T1"]
    assert found(Search(tmp_path, search.records, NoEncoder()), "紫砂壶")[:1] == ["T1"]


def test_an_index_of_another_encoder_is_not_used(tmp_path: Path) -> None:
    search = stand(tmp_path, encoder=Hashed())
    search.refresh(SHOP)
    assert found(Search(tmp_path, search.records, NoEncoder()), "紫砂壶")[:1] == ["T1"]
