"""`mingbai keys`: what a person and what a program gets."""

from __future__ import annotations

import json
import stat

import pytest
from click.testing import CliRunner, Result

from mingbai.cli.keys import SCOPES, keys
from mingbai.serve.keys import KeyStore, Scope
from mingbai.values.errors import NotFound


@pytest.fixture
def call(tmp_path, monkeypatch):
    """Runs a subcommand in a home of its own; our errors rise, as they do for main()."""
    monkeypatch.setenv("MINGBAI_HOME", str(tmp_path / "home"))

    def calling(*arguments: str) -> Result:
        return CliRunner().invoke(keys, arguments, catch_exceptions=False)

    return calling


@pytest.fixture
def store(tmp_path):
    return KeyStore(tmp_path / "home" / "keys.db")


def test_a_key_is_shown_once_and_alone_on_stdout(call, store, tmp_path):
    made = call("create", "--scope", "staff", "--label", "前台")
    secret = made.stdout.strip()
    assert secret.startswith("mb-")
    assert "无法再看到" in made.stderr
    key = store.check(secret)
    assert (key.scope, key.label) == (Scope.STAFF, "前台")
    assert secret not in call("list").output + call("list", "--json").output
    assert stat.S_IMODE((tmp_path / "home" / "keys.db").stat().st_mode) == 0o600


def test_for_programs(call, store):
    made = json.loads(call("create", "--scope", "owner", "--shop", "茶铺", "--days", "7", "--json").stdout)
    assert made["expires"] - made["created"] == 7 * 86_400
    secret = made.pop("key")
    assert store.check(secret).id == made["id"]
    assert json.loads(call("list", "--json").stdout) == [made]


def test_revoke(call, store):
    made = json.loads(call("create", "--scope", "owner", "--json").stdout)
    assert f"✓ {made['id']} 已收回" in call("revoke", made["id"]).stdout
    (row,) = json.loads(call("list", "--json").stdout)
    assert row["revoked"] is not None
    assert "已收回 / revoked" in call("list").stdout
    with pytest.raises(NotFound):
        call("revoke", "00000000")


def test_the_scopes_are_those_of_the_service():
    assert {scope.value for scope in Scope} == set(SCOPES)


@pytest.mark.parametrize("wrong", [["--scope", "root"], [], ["--scope", "owner", "--days", "0"]])
def test_what_is_refused(call, wrong):
    assert call("create", *wrong).exit_code == 2
