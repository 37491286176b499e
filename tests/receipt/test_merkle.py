"""Trees and proofs: our own, by the definition of RFC 6962, and by somebody else's verifier."""

from __future__ import annotations

import hashlib
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scitt_cose import merkle as theirs

from mingbai.receipt.merkle import (
    EMPTY_ROOT,
    consistency,
    extends,
    fold,
    includes,
    inclusion,
    leaf_hash,
    node_hash,
    root,
)

ENTRIES = [f"entry {i}".encode() for i in range(300)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]


@cache
def fetch(level, at):
    return fold(LEAVES[at << level : (at + 1) << level])


def defined(leaves):
    """MTH of RFC 6962, 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(defined(leaves[:k]), defined(leaves[k:]))


def test_the_vectors_that_every_log_has():
    # Certificate Transparency's own reference vectors (RFC 6962 test data of the `certificate-transparency` project).
    entries = [
        bytes.fromhex(h)
        for h in (
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        )
    ]
    leaves = [leaf_hash(e) for e in entries]
    assert root(lambda level, at: fold(leaves[at << level : (at + 1) << level]), 8).hex() == (
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    )
    assert root(lambda level, at: b"", 0) == EMPTY_ROOT


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 63, 64, 65, 128, 255, 256, 257, 300])
def test_every_leaf_and_every_older_tree_of_a_size(size):
    top = root(fetch, size)
    assert top == defined(LEAVES[:size])
    for index in range(size):
        path = inclusion(fetch, index, size)
        assert includes(LEAVES[index], index, size, path, top)
        hexes = [p.hex() for p in path]
        assert theirs.root_from_inclusion_proof(ENTRIES[index].hex(), index, size, hexes) == top.hex()
    for old in range(1, size + 1):
        path = consistency(fetch, old, size)
        assert extends(old, root(fetch, old), size, top, path)
        hexes = [p.hex() for p in path]
        assert theirs.verify_consistency(root(fetch, old).hex(), top.hex(), old, size, hexes)


@given(st.data())
def test_no_other_proof_passes(data):
    size = data.draw(st.integers(2, 300))
    index = data.draw(st.integers(0, size - 1))
    top, path = root(fetch, size), list(inclusion(fetch, index, size))
    kind = data.draw(st.sampled_from(["flip", "drop", "add", "index", "leaf", "swap"]))
    at = data.draw(st.integers(0, len(path) - 1))
    leaf = LEAVES[index]
    if kind == "flip":
        path[at] = bytes([path[at][0] ^ 1]) + path[at][1:]
    elif kind == "drop":
        del path[at]
    elif kind == "add":
        path.insert(at, path[at])
    elif kind == "index":
        index = data.draw(st.integers(0, size + 2).filter(lambda other: other != index))
    elif kind == "leaf":
        leaf = node_hash(leaf, leaf)
    else:
        path[at] = path[at] + b"\x00"
    assert not includes(leaf, index, size, path, top)


def test_a_tree_that_forked_is_no_extension():
    forked = [*LEAVES[:99], leaf_hash(b"another"), *LEAVES[100:]]
    other = root(lambda level, at: fold(forked[at << level : (at + 1) << level]), 200)
    for old in (100, 128, 150, 199):
        assert not extends(old, root(fetch, old), 200, other, consistency(fetch, old, 200))


def test_what_cannot_be_proved():
    with pytest.raises(ValueError, match="no leaf"):
        inclusion(fetch, 5, 5)
    with pytest.raises(ValueError, match="no tree"):
        consistency(fetch, 6, 5)
    assert not extends(0, EMPTY_ROOT, 5, root(fetch, 5), [])
