"""In which language and script is a text? Counted by letters, with the codes, links and quoted names left out."""

from __future__ import annotations

import re
from functools import cache

from mingbai.zh.script import simplify, traditionalise

_APART = re.compile(
    r"https?://\S+|[\w.+-]+@[\w.-]+|#?[A-Za-z0-9*_-]*\d[A-Za-z0-9*_-]*(?:\s?(?:ml|cm|mm|kg|g|L|oz)\b)?|《[^》]*》|「[^」]*」|\"[^\"]*\"|“[^”]*”"
)
_HAN = re.compile(r"[㐀-鿿]")
_LATIN = re.compile(r"[A-Za-z]{2,}")  # XL and PU are words, too, but few
# Both scripts know these, so that they tell nothing: 后 (queen), 里 (mile), 台 (terrace) …
_BOTH = frozenset(
    "后里台面干发云只几出系制表卷谷丑伙准松范胡采斗志刮凶漓于余御愿曲合占吊同向回家布师托扎挨据杯柜核欲漆炉着秋胜致舍药群众裡"
)


def language(text: str) -> str:
    """zh, en, or "" where there are no words."""
    rest = _APART.sub(" ", text)
    han, words = len(_HAN.findall(rest)), len(_LATIN.findall(rest))
    if not han and not words:
        return ""
    return (
        "zh" if han > words else "en"
    )  # one word is about two characters; a title may be in the other language


def script(text: str) -> str:
    """Hans, Hant, or "" where the characters are the same in both."""
    rest = _APART.sub(" ", text)
    hans, hant = _only(rest)
    return "" if hans == hant else "Hans" if hans > hant else "Hant"


def wrong(text: str, lang: str) -> str:
    """What is wrong with the language of an answer in `lang`; or ""."""
    found = language(text)
    wanted = "en" if lang == "en" else "zh"
    if found and found != wanted:
        return f"{found} instead of {wanted}"
    written = script(text) if wanted == "zh" else ""
    meant = "Hant" if lang == "zh-Hant" else "Hans"
    return f"{written} instead of {meant}" if wanted == "zh" and written and written != meant else ""


def _only(text: str) -> tuple[int, int]:
    """How many characters are Simplified alone, and Traditional alone."""
    kinds = [_kind(char) for char in _HAN.findall(text) if char not in _BOTH]
    return kinds.count("Hans"), kinds.count("Hant")


@cache
def _kind(char: str) -> str:
    if simplify(char).text != char:
        return "Hant"
    return "Hans" if traditionalise(char).text != char else ""
