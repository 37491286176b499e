"""`mingbai mask`: one text for people, a file of messages for programs."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from mingbai.cli.mask import mask
from mingbai.values.errors import BadInput


def test_a_text_is_masked_and_explained():
    done = CliRunner().invoke(mask, ["手机13800138000"])
    assert done.exit_code == 0
    first, second = done.output.splitlines()
    assert first.startswith("手机⟦手机")
    assert "mobile" in second


def test_a_file_of_messages(tmp_path):
    file = tmp_path / "said.jsonl"
    rows = [
        {"id": "a", "text": "手机１３８00138000，谢谢"},
        {"id": 2, "text": "包邮吗"},
        {"id": "t", "turns": [{"text": "你好"}, {"text": "QQ12345678"}]},
    ]
    file.write_text("\n".join(json.dumps(it, ensure_ascii=False) for it in rows) + "\n\n", encoding="utf-8")
    done = CliRunner().invoke(mask, [str(file), "--json"])
    assert [json.loads(line) for line in done.output.splitlines()] == [
        {"id": "a", "spans": [{"start": 2, "end": 13, "kind": "mobile", "text": "１３８00138000"}]},
        {"id": 2, "spans": []},
        {"id": "t", "spans": [{"start": 5, "end": 13, "kind": "qq", "text": "12345678"}]},
    ]


def test_standard_input():
    done = CliRunner().invoke(
        mask, ["-", "--json", "--no-names"], input='{"id":1,"text":"我叫张伟 a@qq.com"}\n'
    )
    assert [it["kind"] for it in json.loads(done.output)["spans"]] == ["email"]


@pytest.mark.parametrize(
    "line", ["13800138000", '{"id":1}', '["13800138000"]', '{"id":1,"text":13800138000}']
)
def test_a_line_that_is_none_is_named_not_repeated(line):
    done = CliRunner().invoke(mask, ["-", "--json"], input=line + "\n")
    assert isinstance(done.exception, BadInput)
    assert "1" in str(done.exception)
    assert "138" not in str(done.exception)
