from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from mingbai.cli.understand import understand
from mingbai.turn.understand import Understander, batch
from mingbai.values.errors import BadInput

TODAY = date(2025, 11, 12)


async def asked(understander: Understander, **row: object) -> dict[str, object]:
    line = json.dumps({"id": "1", **row}, ensure_ascii=False)
    return dict(await batch.understood(understander, batch.asked_of(line, 1), "tea", TODAY))


async def test_the_shapes_of_the_design(understander: Understander) -> None:
    done = await asked(understander, text="昨天35.5元买了两个盖碗，M码L码，什么时候发货")
    assert done["id"] == "1"
    assert done["lang"] == "zh-Hans"
    assert done["handoff"] is False
    assert done["slots"] == {
        "product": "盖碗",
        "size": ["M", "L"],
        "quantity": 2,
        "amount": {"number": 35.5, "currency": "CNY"},
        "date": {"said": "昨天", "iso": "2025-11-11"},
    }
    (first, *_) = done["intents"]  # type: ignore[misc]
    assert set(first) == {"name", "p", "by"}


async def test_turns_are_one_conversation(understander: Understander) -> None:
    done = await asked(
        understander,
        turns=[
            "我的订单到哪了",
            {"role": "assistant", "content": "请告诉我订单号和手机后四位。"},
            {"role": "user", "content": "2807"},
        ],
    )
    assert done["slots"] == {"phone_tail": "2807"}
    assert [it["name"] for it in done["intents"]] == ["where_is_order"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "line",
    [
        "[]",
        "{",
        '{"id":"1"}',
        '{"id":"1","turns":[]}',
        '{"id":"1","turns":[{"role":"assistant","content":"您好"}]}',
        '{"text":5}',
    ],
)
def test_a_line_that_is_no_message_is_named(line: str) -> None:
    with pytest.raises(BadInput, match="7"):
        batch.asked_of(line, 7)


def test_the_command_reads_a_file(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINGBAI_HOME", str(trained))
    file = tmp_path / "messages.jsonl"
    file.write_text('{"id":"a","text":"有货吗"}\n\n{"id":"b","text":"轉人工"}\n', encoding="utf-8")
    done = CliRunner().invoke(understand, [str(file), "--json", "--words-only", "--today", "2025-11-12"])
    assert done.exit_code == 0, done.output
    rows = [json.loads(line) for line in done.output.splitlines()]
    assert [(it["id"], it["lang"], it["intents"][0]["name"], it["handoff"]) for it in rows] == [
        ("a", "zh-Hans", "stock", False),
        ("b", "zh-Hant", "handoff", True),
    ]
