"""Our own lines for training (`sayings/`), filled in and written as people type: 繁體, no marks, slips, a greeting before.

The same seed gives the same rows. Numbers are made up; no word of a customer's is in them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from random import Random

from mingbai.learn.rows import Candidate
from mingbai.turn.understand import table
from mingbai.turn.understand.ask import labels
from mingbai.values.turn import Intent
from mingbai.zh.script import script, traditionalise

LICENCE = "Apache-2.0"
WAYS = 2  # of each line; the first is as it stands
_BRACE = re.compile(r"\{([a-z_]+)\}")
_MARKS = re.compile(r"[，。？！,.?!'’]")
_BEFORE_ZH = ("亲，", "你好 ", "在吗 ", "请问", "那个…", "老板 ", "我想问下 ")
_AFTER_ZH = ("，谢谢", " 急", "？？", "～", "呢", " 麻烦了", "。。。")
_BEFORE_EN = ("hi, ", "Hello. ", "excuse me ", "hey ", "quick question: ")
_AFTER_EN = (" thanks", " asap", "??", " please help", "...")


def own(ways: int = WAYS, seed: int = 0) -> Iterator[Candidate]:
    """Every line of ours `ways` times, as a lesson in intents."""
    words = {intent: word for word, intent in labels().items()}
    for lang in ("zh", "en"):
        for name, lines in _file(f"{lang}.txt").items():
            for line in lines:
                for way in range(ways):
                    dice = Random(f"{seed} {way} {line}")
                    text = filled(line, lang, dice)
                    if way:
                        text = typed(text, lang, dice)
                    yield Candidate(
                        "intent", text, words[Intent(name)], "own", licence=LICENCE, template=named(line)
                    )


def named(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()[:12]


def filled(line: str, lang: str, dice: Random) -> str:
    return _BRACE.sub(lambda hit: _value(hit[1], lang, dice), line)


def typed(text: str, lang: str, dice: Random) -> str:
    """The same as somebody else would have typed it: one or two changes that leave the meaning."""
    ways = [_before, _after, _unmarked, _swapped if lang == "en" else _traditional]
    for change in dice.sample(ways, 1 + (dice.random() < 0.4)):
        text = change(text, lang, dice)
    return text


def _before(text: str, lang: str, dice: Random) -> str:
    return dice.choice(_BEFORE_EN if lang == "en" else _BEFORE_ZH) + text


def _after(text: str, lang: str, dice: Random) -> str:
    return text + dice.choice(_AFTER_EN if lang == "en" else _AFTER_ZH)


def _unmarked(text: str, lang: str, dice: Random) -> str:
    return _MARKS.sub("" if lang == "en" else " ", text).strip().lower()


def _traditional(text: str, lang: str, dice: Random) -> str:
    return traditionalise(text).text if script(text) != "traditional" else text


def _swapped(text: str, lang: str, dice: Random) -> str:
    """Two letters inside a longer word changed places."""
    words = text.split(" ")
    long = [at for at, word in enumerate(words) if len(word) > 4 and word.isalpha()]
    if long:
        at = dice.choice(long)
        word, cut = words[at], dice.randrange(1, len(words[at]) - 2)
        words[at] = word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :]
    return " ".join(words)


_MADE: Mapping[str, Callable[[Random], str]] = {
    "no": lambda dice: (
        f"MB2025{dice.randrange(1, 13):02d}{dice.randrange(1, 29):02d}-{dice.randrange(10_000):04d}"
    ),
    "tail": lambda dice: f"{dice.randrange(10_000):04d}",
    "n": lambda dice: str(dice.randrange(2, 13)),
    "cm": lambda dice: str(dice.randrange(152, 191)),
    "jin": lambda dice: str(dice.randrange(85, 181)),
    "kg": lambda dice: str(dice.randrange(45, 96)),
    "yuan": lambda dice: str(dice.choice((5, 8, 12, 20, 30, 50, 88, 99, 200, 300))),
}


def _value(name: str, lang: str, dice: Random) -> str:
    if name in _MADE:
        return _MADE[name](dice)
    lists = _file("fill.txt")
    return dice.choice(lists.get(f"{name}_{lang}") or lists[name])


@cache
def _file(name: str) -> Mapping[str, Sequence[str]]:
    text = files("mingbai.learn").joinpath("sayings", name).read_text(encoding="utf-8")
    return table.read(text.splitlines())
