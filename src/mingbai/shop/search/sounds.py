"""How Chinese sounds, coarsely: syllables for homophone typos and initials for 「cfcj」.

zh/z, ch/c, sh/s and -ng/-n are one here, as they are for half of the people who type by sound. Tones are left out.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from typing import Any


def _apart(unread: str) -> Any:
    """What pypinyin cannot read, a sign each. Its types know of one string only."""
    return list(unread)


@lru_cache(65536)
def syllables(word: str) -> tuple[str, ...]:
    """One folded syllable a character, read as in this word; a character without a reading stands for itself."""
    from pypinyin import lazy_pinyin

    read = lazy_pinyin(word, v_to_u=False, errors=_apart)
    return tuple(coarse(syllable) for syllable in read) if len(read) == len(word) else tuple(map(alone, word))


@lru_cache(16384)
def alone(character: str) -> str:
    """The character's most common syllable outside any word."""
    from pypinyin import lazy_pinyin

    read = lazy_pinyin(character, errors=_apart)
    return coarse(read[0]) if read else character


def coarse(syllable: str) -> str:
    if syllable[:2] in ("zh", "ch", "sh"):
        syllable = syllable[0] + syllable[2:]
    if syllable.endswith("ng"):
        syllable = syllable[:-1]
    return syllable.replace("v", "u").replace("ü", "u")


@lru_cache(16384)
def initials(word: str) -> str:
    """First letters: 茶具 is cj. A character without a reading breaks the row with a space."""
    return "".join(s[0] if s and s[0].isascii() and s[0].isalpha() else " " for s in syllables(word))


@lru_cache(65536)
def letters(word: str) -> str:
    """As it is typed without spaces and tones: 香炉 is xianglu. Empty where a character has no reading."""
    from pypinyin import lazy_pinyin

    read = lazy_pinyin(word, errors=_apart)
    typed = "".join(read)
    return typed if len(read) == len(word) and typed.isascii() and typed.isalpha() else ""


@cache
def _known() -> frozenset[str]:
    """Every syllable of Mandarin as people type it, before folding."""
    from pypinyin.constants import PINYIN_DICT

    first = (readings.split(",")[0] for readings in PINYIN_DICT.values())
    return frozenset(
        plain for plain in map(_plain, set(first)) if plain.isascii() and set(plain) & set("aeiouv")
    )


def _plain(reading: str) -> str:
    apart = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return "".join(c for c in apart if not unicodedata.combining(c))


@lru_cache(4096)
def typed(letters: str) -> tuple[str, ...]:
    """Letters read as pinyin without spaces: zishahu is zi, sha, hu. Empty when they cannot all be read so."""
    known = _known()
    best: list[tuple[str, ...] | None] = [()] + [None] * len(letters)
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - 6), end):
            before, syllable = best[start], letters[start:end]
            if before is not None and syllable in known:
                now = (*before, syllable)
                shortest = best[end]
                if shortest is None or len(now) < len(shortest):
                    best[end] = now
    return tuple(map(coarse, best[-1] or ()))
