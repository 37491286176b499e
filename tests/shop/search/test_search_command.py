"""`mingbai search`, as people and programs call it, with the real encoders."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tiny import stand

pytestmark = pytest.mark.slow  # the encoders' weights


@pytest.fixture
def home(tmp_path: Path) -> Path:
    stand(tmp_path).records.close()
    return tmp_path


def mingbai(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "MINGBAI_HOME": str(home)}
    return subprocess.run(
        [sys.executable, "-m", "mingbai.cli", *words], env=env, capture_output=True, text=True, check=False
    )


def test_people_see_title_price_stock_and_why(home: Path) -> None:
    said = mingbai(home, "search", "紫沙壶").stdout
    first = said.splitlines()[:3]
    assert "宜兴紫砂壶 200ml · Yixing clay teapot, 200 ml" in first[0]
    assert "398.00 CNY" in first[1]
    assert "in stock" in first[1]
    assert "读音" in first[2]


def test_nothing_fits_is_said(home: Path) -> None:
    said = mingbai(home, "search", "汽车轮胎怎么换")
    assert said.returncode == 0
    assert "Nothing fits" in said.stdout


def test_programs_get_one_line_a_query(home: Path, tmp_path: Path) -> None:
    queries = tmp_path / "queries.jsonl"
    asked = [
        ("a", "蓋碗"),
        ("b", "how do I send it back"),
        ("c", "who won the football"),
        (4, "SF1234567890123"),
    ]
    queries.write_text("".join(json.dumps({"id": i, "text": t}) + "\n" for i, t in asked), encoding="utf-8")
    said = [json.loads(line) for line in mingbai(home, "search", str(queries), "--json").stdout.splitlines()]
    assert [row["id"] for row in said] == ["a", "b", "c", 4]
    assert [row["abstained"] for row in said] == [False, False, True, False]
    assert said[0]["hits"][0]["id"] == "T2"
    assert (said[1]["hits"][0]["id"], said[1]["hits"][0]["kind"]) == ("returns", "policy")
    assert said[2]["hits"] == []
    assert (said[3]["hits"][0]["id"], said[3]["hits"][0]["kind"]) == ("MB20251103-0042", "order")


def test_filters_and_their_mistakes(home: Path) -> None:
    hits = json.loads(mingbai(home, "search", "茶具", "--max-price", "70", "--in-stock", "--json").stdout)[
        "hits"
    ]
    assert {hit["id"] for hit in hits} == {"T2", "T5"}
    assert mingbai(home, "search", "茶具", "--max-price", "cheap").returncode == 2
    assert "mingbai import" in mingbai(home, "search", "茶具", "--shop", "other").stderr or "other" in (
        mingbai(home, "search", "茶具", "--shop", "other").stderr
    )


def test_a_broken_line_is_named(home: Path, tmp_path: Path) -> None:
    queries = tmp_path / "queries.jsonl"
    queries.write_text('{"id": 1, "text": "x"}\n{"id": 2}\n')
    said = mingbai(home, "search", str(queries), "--json")
    assert said.returncode == 1
    assert "2" in said.stderr
    assert "queries.jsonl" in said.stderr
