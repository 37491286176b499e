"""What of a text the classifier looks at: pieces of its characters, words and sounds.

Numbers count as numbers, not as themselves. The sounds let 有伙吗 and `you huo ma` be near 有货吗.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Mapping

from mingbai.turn.understand import concepts
from mingbai.zh.pinyin import blurred, looks_like_pinyin, syllables, typed

_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_WORD = re.compile(r"[a-z\u00c0-\u024f]+(?:'[a-z]+)?")
_CODE = re.compile(r"[a-z]{0,4}[0-9][0-9a-z-]{6,}")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_NOISE = re.compile(r"[^\u3400-\u9fffa-z\u00c0-\u024f0-9'?!#]+")
SOUND = 0.5  # a sound proves less than a character
EDGE = 0.7
IDEAS = 0.6  # what the ideas weigh beside the words: chosen on held-out folds


def of(text: str) -> dict[str, float]:
    """Features of a text in the form of `form.plain`: of length 1 together; empty for a text of none."""
    bare = _NOISE.sub(" ", _NUMBER.sub("0", _CODE.sub("#", text.replace("’", "'")))).strip()
    counts: Counter[str] = Counter()
    for run in _HAN_RUN.findall(bare):
        shown = f"^{run}$"
        for size in (1, 2, 3, 4):
            for at in range(len(shown) - size + 1):
                piece = shown[at : at + size]
                counts[piece] += 1.0 if size < 4 else EDGE  # type: ignore[assignment]  # weights, counted the same way
        _sounds(counts, syllables(run))
    words = _WORD.findall(bare)
    for word in words:
        counts["w:" + word] += 2
        for size in (3, 4):
            shown = f"<{word}>"
            for at in range(len(shown) - size + 1):
                counts["c:" + shown[at : at + size]] += SOUND  # type: ignore[assignment]
    for first, second in itertools.pairwise(words):
        counts[f"w:{first} {second}"] += 1
    if words and all(map(looks_like_pinyin, words)):
        _sounds(counts, tuple(syllable for word in words for syllable in typed(word)))
    for mark in "0#?!":
        if mark in bare:
            counts["m:" + mark] += SOUND  # type: ignore[assignment]
    weights = {name: 1 + math.log(count) if count > 1 else count for name, count in counts.items()}
    return _of_length(weights, 1.0)


def with_ideas(text: str) -> dict[str, float]:
    """The same, and beside it what is spoken of whatever the words."""
    return of(text) | _of_length(concepts.features(text), IDEAS)


def _of_length(weights: Mapping[str, float], wanted: float) -> dict[str, float]:
    length = math.sqrt(sum(weight * weight for weight in weights.values()))
    return {name: weight * wanted / length for name, weight in weights.items()}


def _sounds(counts: Counter[str], sounds: tuple[str, ...]) -> None:
    shown = ["^", *map(blurred, sounds), "$"]
    for first, second in itertools.pairwise(shown):
        counts[f"s:{first} {second}"] += SOUND  # type: ignore[assignment]
