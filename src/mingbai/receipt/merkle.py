"""The Merkle tree of RFC 6962 (section 2.1): hashes, roots, proofs that an entry is in it and that it only grew.

Pure. Who holds a tree gives its complete subtrees by `Fetch`; who checks needs only the proof and two roots.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import TypeAlias

HASH_BYTES = 32
# (level, index) → the hash over leaves index·2^level … (index + 1)·2^level, all of them in the tree.
Fetch: TypeAlias = Callable[[int, int], bytes]

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(fetch: Fetch, size: int) -> bytes:
    """The root over the first `size` leaves."""
    return EMPTY_ROOT if size == 0 else _over(fetch, 0, size)


def inclusion(fetch: Fetch, index: int, size: int) -> tuple[bytes, ...]:
    """The audit path of leaf `index` in the tree of the first `size` leaves, from the leaf up. Raises ValueError."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} among {size}")
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_over(fetch, middle, high))
            high = middle
        else:
            path.append(_over(fetch, low, middle))
            low = middle
    return tuple(reversed(path))


def consistency(fetch: Fetch, old: int, size: int) -> tuple[bytes, ...]:
    """That the tree of the first `old` leaves is a beginning of the tree of the first `size`. Raises ValueError."""
    if not 0 < old <= size:
        raise ValueError(f"no tree of {old} leaves at the beginning of {size}")
    path: list[bytes] = []
    low, high, whole = 0, size, True  # `whole`: the old tree's own root is this subtree
    while old != high:
        middle = low + _split(high - low)
        if old <= middle:
            path.append(_over(fetch, middle, high))
            high = middle
        else:
            path.append(_over(fetch, low, middle))
            low, whole = middle, False
    if not whole:
        path.append(_over(fetch, low, high))
    return tuple(reversed(path))


def includes(leaf: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes) -> bool:
    """Whether `path` shows that the leaf of that hash is number `index` of the tree with that root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or any(len(p) != HASH_BYTES for p in path):
        return False
    at, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(sibling, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and found == expected


def extends(old: int, old_root: bytes, size: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether `path` shows that the tree of `old` leaves is a beginning of the tree of `size` (RFC 9162, 2.1.4.2)."""
    if not 0 < old <= size or any(len(p) != HASH_BYTES for p in path):
        return False
    if old == size:
        return not path and old_root == new_root
    steps = list(path)
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        return False
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = steps[0]
    for sibling in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def fold(hashes: Sequence[bytes]) -> bytes:
    """The root over hashes whose number is a power of two."""
    row = list(hashes)
    while len(row) > 1:
        row = [node_hash(row[i], row[i + 1]) for i in range(0, len(row), 2)]
    return row[0]


def _over(fetch: Fetch, low: int, high: int) -> bytes:
    """The hash over leaves low … high; `low` is where a complete subtree of that width may begin."""
    width = high - low
    if width & (width - 1) == 0:
        level = width.bit_length() - 1
        return fetch(level, low >> level)
    middle = low + _split(width)
    return node_hash(_over(fetch, low, middle), _over(fetch, middle, high))


def _split(width: int) -> int:
    """The largest power of two below `width` (> 1)."""
    return 1 << (width - 1).bit_length() - 1
