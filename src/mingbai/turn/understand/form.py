"""A message in the form that is looked at: simplified, narrow, small letters, nothing invisible; with the way back."""

from __future__ import annotations

import re

from mingbai.zh.mapped import Mapped
from mingbai.zh.width import normalise

LONGEST = 2000  # characters of a message that are read; a letter of complaint has fewer

_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
_HAN = "\u3400-\u9fff"
_BETWEEN = re.compile(rf"(?<=[{_HAN}])[\s.,。、~…·*_\-/|+=^]+(?=[{_HAN}])")
_SPELT = re.compile(r"(?<![a-z])[a-z](?:[ ._-]+[a-z](?![a-z]))+")
_CODE = re.compile(r"(?<![a-z0-9])#?[a-z]{0,5}[0-9][0-9-]{6,}(?![a-z0-9])[ :]?")
_REPEATED = re.compile(r"([!?~.,。！？…])\1+")


def plain(text: str) -> Mapped:
    """One form for rules, examples and goods. `back` of what it returns leads to the words as typed."""
    form = normalise(text[:LONGEST])
    return form.then(Mapped.same(form.text, form.text.translate(_LOWER)))


def tight(said: str) -> str:
    """Without what is put between characters to get past a filter: 转.人-工, h u m a n."""
    said = _REPEATED.sub(r"\1", said.replace("\n", " "))
    return _SPELT.sub(lambda hit: re.sub(r"[ ._-]", "", hit[0]), _BETWEEN.sub("", said)).strip()


def uncoded(said: str) -> str:
    """Without order numbers and the like: 订单MB20251103-0042到哪了 is asked as 订单到哪了 is."""
    return _CODE.sub("", said)
