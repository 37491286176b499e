"""Traditional and simplified characters (OpenCC's dictionaries), which of the two a text is in, and its language.

Conversion keeps offsets. What it does not know: which Latin-script language a text is in (all of it counts as English),
and whether a text without telling characters (你好) comes from the mainland or from Taiwan.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Literal

from mingbai.zh.mapped import Mapped

if TYPE_CHECKING:
    from opencc import OpenCC

Script = Literal["simplified", "traditional", "neither"]
Language = Literal["zh", "en", "mixed", "other"]

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_HAN_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]+")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+(?:['’-][A-Za-z\u00c0-\u024f]+)*+")
# What makes a Latin word a name or code rather than a word of a language: iPhone, USB, XL, type-C, B2B.
_NAME = re.compile(r".*[a-z][A-Z]|[A-Z]{1,5}(?:$|-)|[A-Za-z]-|[xX]+[lL]$")
# Letters of scripts that neither Chinese nor English is written in: kana, Hangul, Cyrillic, Greek, Arabic, Thai.
_FOREIGN = re.compile(r"[\u3040-\u30ff\uac00-\ud7af\u0370-\u052f\u0590-\u06ff\u0e00-\u0e7f\u0900-\u097f]")

# 看著 is 看着; OpenCC's t2s leaves it, and its tw2s spoils 显著 and 干么. 著 stays where it means written or eminent.
_ASPECT = re.compile(r"(?<![名显顯土原专專巨论論编編译譯合卓昭遗遺拙大])著(?![名作者称稱述录錄书書文])")


def simplify(text: str, *, regional: bool = False) -> Mapped:
    """繁 → 简. With `regional`, Taiwan's words become the mainland's too (滑鼠 → 鼠标), and offsets get as coarse as a word."""
    plain = _convert("t2s", text)
    if "著" in plain:
        plain = _ASPECT.sub("着", plain)
    if not regional:
        return Mapped.same(text, plain)
    runs = list(_HAN_RUN.finditer(text))
    said = _regional([run.group() for run in runs])
    if all(len(words) == len(run.group()) for run, words in zip(runs, said, strict=True)):
        at_hand = iter(said)
        return Mapped.same(text, _HAN_RUN.sub(lambda _: next(at_hand), text))
    made: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    here = 0
    for run, words in zip(runs, said, strict=True):
        first, last = run.span()
        made += text[here:first], words
        if len(words) == last - first:
            first = last
        starts += range(here, first)
        ends += range(here + 1, first + 1)
        for start, end in _aligned(plain[first:last], words) if first < last else ():
            starts.append(first + start)
            ends.append(first + end)
        here = last
    made.append(text[here:])
    starts += range(here, len(text))
    ends += range(here + 1, len(text) + 1)
    return Mapped(text, "".join(made), starts, ends)


def _regional(runs: list[str]) -> list[str]:
    """Each run of Chinese as the mainland says it: one call for all of them, as a call costs more than a run."""
    return _ASPECT.sub("着", _convert("tw2sp", "\n".join(runs))).split("\n") if runs else []


def traditionalise(text: str) -> Mapped:
    """简 → 繁 (OpenCC's standard forms). Words decide where a character has two: 后天 → 後天, 皇后 stays."""
    return Mapped.same(text, _convert("s2t", text))


def script(text: str) -> Script:
    """By characters that only one of the two has; 台 and 后 belong to both and say nothing."""
    simplified_only, traditional_only = _telling()
    simple = sum(1 for character in text if character in simplified_only)
    traditional = sum(1 for character in text if character in traditional_only)
    if simple == traditional == 0:
        return "neither"
    return "simplified" if simple >= traditional else "traditional"


def language(text: str) -> Language:
    """By script ratios: a Latin word weighs as much as 1.6 Han characters, product names and sizes weigh nothing.

    `iPhone 15 手机壳` is zh, `order状态` is mixed. A statistical detector is wrong on such short texts.
    """
    han = len(_HAN.findall(text))
    foreign = len(_FOREIGN.findall(text))
    if foreign > han and foreign > sum(map(len, _WORD.findall(text))):
        return "other"
    words = _WORD.findall(text)
    spoken = len(words) if not han else sum(1 for word in words if not _NAME.match(word[:40]))
    if not han:
        return "en" if spoken else "other"
    share = spoken / (spoken + han / 1.6)
    if share < 0.25:
        return "zh"
    return "en" if share > 0.9 else "mixed"


def _convert(config: str, text: str) -> str:
    if text.isascii():
        return text
    converter = _converter(config)
    if not _SURROGATE.search(text):
        return _whole(converter.convert(text))
    # Half a surrogate pair (cut emoji from a spreadsheet) is no UTF-8: it goes around the converter.
    halves = iter(_SURROGATE.findall(text))
    return re.sub("\ufffe", lambda _: next(halves), _whole(converter.convert(_stood_in(text))))


def _stood_in(text: str) -> str:
    """U+FFFE, no character in any text, stands for half a pair; a real one would be told apart by nobody."""
    return _SURROGATE.sub("\ufffe", text.replace("\ufffe", "\ufffd"))


def _whole(converted: object) -> str:
    if not isinstance(converted, str):
        raise TypeError("OpenCC returned no text")
    return converted


def _aligned(plain: str, words: str) -> list[tuple[int, int]]:
    """For each character of `words` the part of `plain` it stands for: equal ends one by one, the middle as one block."""
    if len(plain) == len(words):
        return [(at, at + 1) for at in range(len(words))]
    shorter = min(len(plain), len(words))
    head = next((at for at in range(shorter) if plain[at] != words[at]), shorter)
    tail = next((at for at in range(shorter - head) if plain[-1 - at] != words[-1 - at]), shorter - head)
    middle = (head, len(plain) - tail)
    if middle[0] == middle[1]:  # words were only added: they stand where they were put, beside what is there
        middle = (max(0, head - 1), min(len(plain), head + 1))
    block = [middle] * (len(words) - head - tail)
    after = range(len(plain) - tail, len(plain))
    return [(at, at + 1) for at in range(head)] + block + [(at, at + 1) for at in after]


@cache
def _converter(config: str) -> OpenCC:
    from opencc import OpenCC

    return OpenCC(f"{config}.json", include_tofu_risk_dictionaries=False)


@cache
def _telling() -> tuple[frozenset[str], frozenset[str]]:
    """Characters of simplified text only, and of traditional text only.

    A simplified one changes under s2t and has no place in Big5 (Taiwan's standard); a traditional one changes under
    t2s and has none in GB 2312.
    """
    block = "".join(map(chr, range(0x4E00, 0xA000)))
    to_traditional = [_convert("s2t", character) for character in block]
    to_simplified = [_convert("t2s", character) for character in block]
    pairs = list(zip(block, to_traditional, to_simplified, strict=True))
    return (
        frozenset(it for it, traditional, _ in pairs if it != traditional and not _in("big5", it)),
        frozenset(it for it, _, simple in pairs if it != simple and not _in("gb2312", it)),
    )


def _in(encoding: str, character: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
