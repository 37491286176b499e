"""Keys: hashed at rest, scoped, expiring, shown once, revoked for every process."""

from __future__ import annotations

import sqlite3
import stat
import time

import pytest

from mingbai.serve.keys import KeyStore, Scope
from mingbai.values.errors import NotFound, Unauthenticated


@pytest.fixture
def keys(tmp_path):
    return KeyStore(tmp_path / "home" / "keys.db")


def test_a_key_is_checked(keys):
    made = keys.create(Scope.STAFF, shop="茶铺", label="前台", days=7)
    key = keys.check(made.secret)
    assert key == made.key
    assert (key.scope, key.shop, key.label, key.revoked) == (Scope.STAFF, "茶铺", "前台", None)
    assert key.expires - key.created == 7 * 86_400
    assert keys.list() == (key,)


def test_nothing_at_rest_is_the_key(keys, tmp_path):
    secrets = [keys.create(scope, label="x").secret for scope in Scope]
    assert len(set(secrets)) == 4
    files = list((tmp_path / "home").iterdir())
    data = b"".join(file.read_bytes() for file in files)
    assert len(data) > 4096
    for secret in secrets:
        assert len(secret) > 40
        assert secret.encode() not in data
        assert secret[3:15].encode() not in data
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file.name
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700


def test_the_secret_is_in_no_repr(keys):
    made = keys.create(Scope.OWNER)
    assert made.secret not in repr(made) + repr(made.key) + repr(keys) + str(made)


@pytest.mark.parametrize("secret", ["", "mb-", "mb-x", "' OR 1=1 --", "\x00", "mb-店主", "é" * 5000])
def test_what_is_no_key(keys, secret):
    keys.create(Scope.OWNER)
    with pytest.raises(Unauthenticated) as refused:
        keys.check(secret)
    assert not secret or secret not in str(refused.value)


def test_a_key_ends(keys, monkeypatch):
    made = keys.create(Scope.OWNER, days=0.5)
    end = made.key.expires
    for now, good in [(end - 1, True), (end, False), (end + 1, False)]:
        monkeypatch.setattr(time, "time", lambda now=now: now)
        if good:
            assert keys.check(made.secret) == made.key
        else:
            with pytest.raises(Unauthenticated, match="过期"):
                keys.check(made.secret)


def test_revoked_in_one_process_is_revoked_in_another(keys, tmp_path):
    there = KeyStore(tmp_path / "home" / "keys.db")
    lost, kept = keys.create(Scope.OWNER), keys.create(Scope.STAFF)
    assert there.check(lost.secret) == lost.key
    assert keys.revoke(lost.key.id).revoked is not None
    with pytest.raises(Unauthenticated, match="收回"):
        there.check(lost.secret)
    assert there.check(kept.secret) == kept.key
    first = there.revoke(lost.key.id)
    assert there.revoke(lost.key.id) == first, "revoking again changes nothing"


def test_a_key_made_in_another_process_is_good_at_once(keys, tmp_path):
    there = KeyStore(tmp_path / "home" / "keys.db")
    assert keys.check(there.create(Scope.OWNER).secret).scope is Scope.OWNER


def test_no_such_id(keys):
    with pytest.raises(NotFound, match="没有编号为 0000"):
        keys.revoke("0000")


def test_a_secret_is_not_an_id(keys):
    made = keys.create(Scope.OWNER)
    with pytest.raises(NotFound):
        keys.revoke(made.secret)


def test_keys_outlive_the_service(tmp_path):
    first = KeyStore(tmp_path / "keys.db")
    made = first.create(Scope.OWNER)
    first.close()
    with pytest.raises(sqlite3.ProgrammingError):
        first.check(made.secret)
    assert KeyStore(tmp_path / "keys.db").check(made.secret) == made.key
