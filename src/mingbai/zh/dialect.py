"""Cantonese and other dialects in the words of the standard language, and English as it is typed in haste spelled out, so that
a rule or an example for one is one for all.

Only words of the grammar are read so (可唔可以, 几时, 咋整, whats); the tables are `dialect.txt`. Pure.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0002ffff]")
_LATIN = re.compile(r"[A-Za-z]")


def standard(text: str) -> str:
    """The same text where nothing of it is dialect. Simplified and narrow."""
    if not _HAN.search(text):
        return text
    words, table = _table("standard")
    return words.sub(lambda hit: table[hit[0]], text)


def spelled(text: str) -> str:
    """English with its short forms spelled: whats is what's, u is you. What is not English comes back as it is."""
    if _HAN.search(text) or not _LATIN.search(text):
        return text
    words, table = _table("english")
    return words.sub(lambda hit: table[hit[0].lower()], text)


def read(text: str) -> str:
    """Either."""
    return spelled(standard(text))


@cache
def _table(name: str) -> tuple[re.Pattern[str], dict[str, str]]:
    table = dict(line.split(" ", 1) for line in _sections()[name])
    any_of = "|".join(map(re.escape, sorted(table, key=len, reverse=True)))
    return re.compile(rf"(?i)(?<![a-z0-9'])(?:{any_of})(?![a-z0-9'])" if name == "english" else any_of), table


@cache
def _sections() -> dict[str, list[str]]:
    made: dict[str, list[str]] = {}
    for line in files("mingbai.zh").joinpath("dialect.txt").read_text("utf-8").splitlines():
        line = line.strip()
        if line.startswith("["):
            here = made.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            here.append(line)
    return made
