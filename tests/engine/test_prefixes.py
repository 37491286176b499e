"""Saved beginnings: found by their tokens, dropped by age, deleted with their files."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingbai.engine.prefixes import PrefixStore, common_prefix

TOKENS = st.lists(st.integers(0, 3), max_size=40).map(tuple)


@given(TOKENS, TOKENS, TOKENS)
def test_common_prefix(beginning, a, b):
    a, b = beginning + a, beginning + b
    length = common_prefix(a, b)
    assert a[:length] == b[:length]
    assert length >= len(beginning)
    assert length in (len(a), len(b)) or a[length] != b[length]


@pytest.fixture
def keep(tmp_path):
    """A store of 100 bytes, and a way to keep a state of 40 in it."""
    store = PrefixStore(tmp_path, 100)

    def keeping(name: str, size: int = 40) -> PrefixStore:
        (tmp_path / name).write_bytes(b"x")
        store.keep(name, size)
        return store

    return keeping


def test_the_least_recently_used_goes_first(keep, tmp_path):
    keep("a.kv")
    store = keep("b.kv")
    assert store.has("a.kv")
    keep("c.kv")
    assert [store.has(name) for name in ("a.kv", "b.kv", "c.kv")] == [True, False, True]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.kv", "c.kv"]


def test_one_that_is_over_the_bound_alone_is_kept(keep):
    assert keep("big.kv", 1000).has("big.kv")


def test_dropped(keep, tmp_path):
    store = keep("a.kv")
    store.drop("a.kv")
    store.drop("a.kv")
    assert not store.has("a.kv")
    assert not list(tmp_path.iterdir())


def test_a_name_tells_the_tokens_apart_and_nothing_else():
    names = {PrefixStore.name_of(t) for t in [(), (1,), (1, 2), (2, 1), (12,)]}
    assert len(names) == 5
    assert PrefixStore.name_of((1, 2)) == PrefixStore.name_of((1, 2))
    assert all("/" not in name and name.endswith(".kv") for name in names)
