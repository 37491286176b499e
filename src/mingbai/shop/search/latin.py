"""Latin letters in a query: pinyin without spaces, initials, one word written as two, and one wrong letter."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from mingbai.shop.search.feature import Feature
from mingbai.shop.search.normal import Token
from mingbai.shop.search.terms import INITIALS_LONGEST
from mingbai.shop.search.vocabulary import spelt
from mingbai.zh.pinyin import coarse_initials, typed_coarse


def letters(found: list[Token]) -> Iterator[Feature]:
    """Latin letters as pinyin without spaces, as initials, or as one word written as two."""
    i = 0
    while i < len(found):
        if found[i].kind != "word" or not found[i].text.isascii():
            i += 1
            continue
        end = i
        read: list[tuple[int, str]] = []
        while end < len(found) and found[end].kind == "word" and found[end].text.isascii():
            heard = typed_coarse(found[end].text) if len(found[end].text) <= 40 else ()
            if not heard:
                break
            read += [(end, syllable) for syllable in heard]
            end += 1
        for a in range(i, end):
            for b in range(a + 1, min(end, a + 5) + 1):
                typed_as_one = "".join(found[k].text for k in range(a, b))
                if len(typed_as_one) >= 4:
                    yield Feature((f"y:{typed_as_one}",), a, b, 0.92, "sound")
        for (a, x), (b, y) in pairwise(read):
            yield Feature((f"p:{x} {y}",), a, b + 1, 0.7, "sound")
        yield from _initials(found, i)
        if i + 1 < len(found) and found[i + 1].kind == "word":
            yield Feature((f"e:{spelt(found[i])}{spelt(found[i + 1])}",), i, i + 2, 1.0, "word")
        i = max(end, i + 1) if end > i + 1 else i + 1


def _initials(found: list[Token], i: int) -> Iterator[Feature]:
    word = found[i].text
    end = i + 1
    while (
        end < len(found) and end - i < 4 and found[end].kind == "han" and found[end].glued and len(word) <= 4
    ):
        end += 1
    if end > i + 1:  # zs壶: letters and characters mixed
        mixed = word + "".join(coarse_initials(t.text) for t in found[i + 1 : end])
        if 2 <= len(mixed) <= INITIALS_LONGEST and " " not in mixed:
            yield Feature((f"i:{mixed}",), i, end, 0.7, "initials")
    if 2 <= len(word) <= 12:
        pieces = (
            [word] if len(word) <= INITIALS_LONGEST else [word[:INITIALS_LONGEST], word[-INITIALS_LONGEST:]]
        )
        yield Feature(tuple(f"i:{piece}" for piece in pieces), i, i + 1, 0.85, "initials")


def forgiven(word: str) -> list[str]:
    """Every string one edit away from a Latin word: a letter lost, added, wrong, or two swapped."""
    if not 4 <= len(word) <= 24 or not word.isascii():
        return []
    letters = "abcdefghijklmnopqrstuvwxyz"
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    edits = {a + b[1:] for a, b in cuts if b}
    edits |= {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    edits |= {a + c + b[1:] for a, b in cuts if b for c in letters}
    edits |= {a + c + b for a, b in cuts for c in letters}
    return sorted(edits - {word})


def trust(word: str) -> float:
    """How likely a spelling one edit away is what was meant: of short words most are other words."""
    return {4: 0.45, 5: 0.55}.get(len(word), 0.8)
