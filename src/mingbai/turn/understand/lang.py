"""Which language and script the answer is written in: by the frame of the sentence, not by the goods it names."""

from __future__ import annotations

import re
from functools import cache

from mingbai.turn.understand.table import sections
from mingbai.turn.understand.table import words as listed
from mingbai.values.turn import Lang
from mingbai.zh import order_numbers
from mingbai.zh.pinyin import looks_like_pinyin, typed
from mingbai.zh.script import script

# Characters that build Chinese sentences and seldom stand in the name of goods (不锈钢, 有机 are names).
_FRAME_ZH = re.compile(
    "[的了吗嗎呢吧啊呀我你您他她这這那哪什怎麼么几幾没沒能想请請问問帮幫给給把是到还還都也跟嘛咋冇嘅咗嚟佢哋唔喺]"
)
_WORD = re.compile(r"[a-z\u00c0-\u024f]+(?:['’][a-z]+)*", re.IGNORECASE)
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]")
# Characters that Cantonese is written with: they are the same in both scripts, and who writes them reads 繁體.
_CANTONESE = re.compile(
    "有冇|冇|咩|嗰|嘅|咗|嚟|佢|哋|唔|喺|啲|嘢|噉|乜|攞|畀|揾|搵|睇|琴日|聽日|邊度|幾時|係咪"
)
_HAN_ENDS = re.compile(r"^\W*[\u3400-\u9fff](?:.*[\u3400-\u9fff])?\W*$", re.DOTALL)
_CODE = re.compile(r"\S*@\S*|https?://\S+|[A-Za-z]*[0-9][A-Za-z0-9-]*")


def of(text: str, before: Lang | None = None) -> Lang:
    """`before` is the language of the conversation so far: it decides what neither words nor script do (👍, 1234, OK).
    Without it, who writes no more than the number of an order of a platform abroad (#1048) is answered in English."""
    bare = _CODE.sub(" ", text)
    han = len(_HAN.findall(bare))
    words = [word.lower().replace("’", "'") for word in _WORD.findall(bare)]
    if not han and not words:
        return before or ("en" if _abroad(text) else "zh-Hans")
    if not han:
        if pinyin(words) or all(word in listed("initials") for word in words):
            return before if before and before != "en" else "zh-Hans"
        return (
            before
            if before and len(words) == 1 and words[0] in ("ok", "okay", "bye", "hi", "hello", "vip", "thx")
            else "en"
        )
    frame_zh, frame_en = len(_FRAME_ZH.findall(bare)), sum(1 for word in words if word in listed("frame_en"))
    if han > len(words) and _HAN_ENDS.search(bare):
        frame_en = 0  # 翻译一下 I love you 用法语: English stands inside Chinese
    if (frame_en > frame_zh and frame_en >= 2) or (not frame_zh and frame_en and len(words) > han / 1.6):
        return "en"
    written = script(bare)
    if written != "simplified" and _CANTONESE.search(bare):
        return "zh-Hant"
    if written == "neither":
        return before if before in ("zh-Hans", "zh-Hant") else "zh-Hans"
    return "zh-Hant" if written == "traditional" else "zh-Hans"


def _abroad(text: str) -> bool:
    found = [it.platform for number in order_numbers.find(text) for it in number.candidates[:1]]
    return any(platform in ("shopify", "amazon", "ebay") for platform in found)


def pinyin(words: list[str]) -> bool:
    """Whether all of a message's Latin words are Chinese typed without its characters: zhuan rengong, you huo ma.

    `you` and `can` may be either; a word that is nothing but pinyin must be among them, and none that is only English.
    """
    if sum(1 for word in words if not typed(word)) > (1 if len(words) > 2 else 0) or not all(map(cut, words)):
        return False
    english = listed("frame_en") | _english()
    plain = [word for word in words if looks_like_pinyin(word) and word not in english]
    return len(plain) * 3 >= len(words) and bool(plain)


def cut(word: str) -> tuple[str, ...]:
    """A word's syllables, two of its letters swapped back where that is what it takes: zhaun is zhuan."""
    swapped = (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1))
    return typed(word) or next(
        (found for it in swapped if len(word) > 3 and len(found := typed(it)) == 1), ()
    )


@cache
def _english() -> frozenset[str]:
    """Words of the English examples: human and agent can be cut into syllables too."""
    said = " ".join(line for lines in sections("examples", "en.txt").values() for line in lines).lower()
    return frozenset(_WORD.findall(said)) | listed("not_pinyin")
