"""Whether a person is asked for in words that a table knows; `wish` weighs its verdict and finds the other wordings.

Three ways of looking: the table `rules/handoff.txt`, words that sound like 转人工 (赚人功), and English words one slip
away from agent or human. Not covered: languages other than Chinese and English, and a wish that no word of it names.
"""

from __future__ import annotations

import re
from functools import cache

from mingbai.turn.understand.form import tight
from mingbai.turn.understand.rules import Section, compiled
from mingbai.turn.understand.slips import one_slip
from mingbai.turn.understand.table import sections, words
from mingbai.zh.pinyin import blurred, syllables

_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_WORD = re.compile(r"[a-z]{4,}")
_MEANT = (
    "human",
    "agent",
    "operator",
    "representative",
    "supervisor",
    "manager",
    "person",
    "speak",
    "connect",
    "transfer",
)
_SLANG = {"hooman": "human", "humon": "human", "hoomans": "humans", "reprezentative": "representative", "represntative": "representative",
          "rep": "rep", "sumone": "someone", "somone": "someone", "sombody": "somebody", "persn": "person", "oprator": "operator", "agnt": "agent"}  # fmt: skip


@cache
def _table(name: str) -> Section:
    return compiled(sections("rules", "handoff.txt")[name])


def asked(text: str) -> bool:
    """`text` is in the form of `form.plain`."""
    said = tight(text).rstrip(" ?!.,~")
    chinese = _table("zh")
    looked_at = chinese.masked(said)
    if chinese.strong and chinese.strong.search(looked_at):
        return True
    if _HAN_RUN.search(said) and _sounds_so(looked_at):
        return True
    if not re.search(r"[a-z]{2}", said):
        return False
    english = _table("en")
    mended = english.masked(_WORD.sub(lambda hit: _mended(hit[0]), said))
    return bool(english.strong and english.strong.search(mended))


def meant_otherwise(text: str) -> bool:
    """Whether a person or an agent is spoken of without being asked for: 人工费, 真人实拍, are you a human."""
    said = tight(text)
    return not asked(text) and any(_table(name).masked(said) != said for name in ("zh", "en"))


def _sounds_so(said: str) -> bool:
    """Only where a character differs from the word: what is written right is for the table to judge."""
    for run in _HAN_RUN.findall(said):
        sounds = tuple(map(blurred, syllables(run)))
        if len(sounds) != len(run):
            continue
        for word, wanted in _wanted():
            for at in range(len(sounds) - len(wanted) + 1):
                piece = run[at : at + len(wanted)]
                if sounds[at : at + len(wanted)] == wanted and piece != word and piece not in _NAMES:
                    return True
    return False


_NAMES = frozenset(("专人工", "撰人工", "专人客"))


@cache
def _wanted() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(
        (word, tuple(map(blurred, syllables(word)))) for word in sections("rules", "handoff.txt")["sounds"]
    )


def _mended(word: str) -> str:
    if word in _SLANG:
        return _SLANG[word]
    if word in words("not_slips"):
        return word
    return next((meant for meant in _MEANT if len(word) >= 5 and one_slip(word, meant)), word)
