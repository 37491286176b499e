"""Chinese typed in Latin letters, read back into the characters that the examples have for its sounds.

`tuihuo youfei shui chu` becomes 退货邮费谁出, and rules, examples and the look-out for a wish for a person read that. The
likeliest row of characters is found by how often two stand side by side in the examples; a sound they do not have
stays in letters. Not a typing engine: names and addresses do not come out of it.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from functools import cache

from mingbai.turn.understand import lang
from mingbai.turn.understand.form import plain
from mingbai.turn.understand.table import sections
from mingbai.zh.pinyin import blurred, syllables

_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_LETTERS = re.compile(r"(?<![a-z0-9#])[a-zü']+(?:[ ]+[a-zü']+)*(?![a-z0-9])")
_WORD = re.compile(r"[a-zü']+")
_NOT_EXACT = 2.0  # log odds that a blurred sound loses to a right one: sui for shui
_ALONE = 6.0  # log odds of two characters that no example has side by side
_LONGEST = 40  # syllables that are read


def read_back(said: str) -> str:
    """`said` in the form of `form.plain`; unchanged unless its Latin words are pinyin."""
    words = _WORD.findall(re.sub(r"\S*[0-9]\S*", " ", said))
    if not words or _HAN_RUN.search(said) or not lang.pinyin(words):
        return said
    return _LETTERS.sub(lambda hit: _characters(hit[0]), said)


def _characters(letters: str) -> str:
    sounds = [syllable for word in _WORD.findall(letters) for syllable in lang.cut(word)]
    if not sounds or len(sounds) > _LONGEST:
        return letters
    table = _table()
    best: dict[str, tuple[float, str]] = {"^": (0.0, "")}
    for sound in (*sounds, "$"):
        choices = _choices(sound) if sound != "$" else {"$": 0.0}
        if not choices:
            return letters
        now: dict[str, tuple[float, str]] = {}
        for character, cost in choices.items():
            now[character] = min(
                (
                    (before + cost + table.cost(last, character), row + character)
                    for last, (before, row) in best.items()
                ),
                key=lambda it: it[0],
            )
        best = now
    return best["$"][1].removesuffix("$")


def _choices(sound: str) -> dict[str, float]:
    exact, near = _table().exact.get(sound, ()), _table().near.get(blurred(sound), ())
    return {**dict.fromkeys(near, _NOT_EXACT), **dict.fromkeys(exact, 0.0)}


class _Table:
    """Characters of the examples by their sound, and how often one follows another."""

    def __init__(self, texts: list[str]) -> None:
        self.exact: dict[str, set[str]] = defaultdict(set)
        self.near: dict[str, set[str]] = defaultdict(set)
        self._single: Counter[str] = Counter()
        self._pair: Counter[str] = Counter()
        for text in texts:
            for run in _HAN_RUN.findall(text):
                for character, sound in zip(run, syllables(run), strict=False):
                    self.exact[sound].add(character)
                    self.near[blurred(sound)].add(character)
                shown = f"^{run}$"
                self._single.update(shown)
                self._pair.update(shown[at : at + 2] for at in range(len(shown) - 1))
        self._all = sum(self._single.values())

    def cost(self, first: str, second: str) -> float:
        together = self._pair[first + second]
        if together:
            return -math.log(together / self._single[first])
        return _ALONE - 0.5 * math.log((self._single[second] + 1) / self._all)


@cache
def _table() -> _Table:
    lines = [line for found in sections("examples", "zh.txt").values() for line in found]
    return _Table([plain(line).text for line in lines])
