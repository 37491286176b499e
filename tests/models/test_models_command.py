"""`mingbai models`: what a person and what a program gets."""

from __future__ import annotations

import json

import pytest
import tiny_gguf as tiny
from click.testing import CliRunner

from mingbai.cli.models import models
from mingbai.values.errors import ModelNotFound, NotWhole, WrongDigest


@pytest.fixture
def call(tmp_path, monkeypatch):
    """Runs a subcommand in a home of its own; our errors rise, as they do for main()."""
    monkeypatch.setenv("MINGBAI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MINGBAI_WEIGHTS_DIR", str(tmp_path / "weights"))

    def calling(*arguments):
        result = CliRunner().invoke(models, list(map(str, arguments)), catch_exceptions=False)
        assert result.exit_code == 0
        return result

    return calling


@pytest.fixture
def mine(tmp_path):
    path = tmp_path / "mine.gguf"
    path.write_bytes(tiny.GOOD)
    return path


def test_list(call, tmp_path):
    rows = json.loads(call("list", "--json").stdout)
    assert [(row["id"], row["default"], row["state"]) for row in rows] == [
        ("qwen2.5-coder-1.5b-instruct", True, "absent"),
        ("qwen2.5-coder-0.5b-instruct", False, "absent"),
    ]
    assert rows[0]["path"] == str(tmp_path / "weights" / "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf")
    assert "* qwen2.5-coder-1.5b-instruct  1.12 GB  Q4_K_M  未下载 / absent" in call("list").stdout


def test_add_pull_verify(call, mine):
    added = call("add", mine, "--name", "my-model")
    assert "已登记 / added: my-model" in added.stdout
    assert "计算 SHA-256 / hashing: 100%" in added.stderr
    row = json.loads(call("pull", "my-model", "--json").stdout)
    assert (row["path"], row["state"], row["source"]) == (str(mine), "verified", None)
    assert row["sha256"] in call("verify", "my-model").stdout
    mine.write_bytes(tiny.GOOD[:-1] + b"?")
    with pytest.raises(WrongDigest):
        call("verify", "my-model")
    mine.write_bytes(tiny.GOOD[:-1])
    with pytest.raises(NotWhole):
        call("add", mine, "--name", "my-model")


def test_unknown_model(call):
    with pytest.raises(ModelNotFound):
        call("pull", "gpt-4")


def test_fit(call):
    answers = json.loads(call("fit", "--json").stdout)
    assert [answer["model"] for answer in answers] == [
        "qwen2.5-coder-1.5b-instruct",
        "qwen2.5-coder-0.5b-instruct",
    ]
    assert answers[0]["needed_bytes"] > answers[1]["needed_bytes"] > 0
    assert set(answers[0]["reason"]) == {"zh", "en"}
    assert "tokens/s" in call("fit", "qwen2.5-coder-0.5b-instruct").stdout or not answers[1]["fits"]
