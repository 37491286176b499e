"""One slip of the finger between two words."""

from __future__ import annotations


def one_slip(word: str, meant: str) -> bool:
    """One letter added, lost or changed, or two swapped; nothing is no slip."""
    if word == meant or abs(len(word) - len(meant)) > 1:
        return False
    head = 0
    while head < min(len(word), len(meant)) and word[head] == meant[head]:
        head += 1
    a, b = word[head:], meant[head:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[:2][::-1] and a[2:] == b[2:])
