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
_CODE = re.compile(r"(?<![a-z0-9])(?:#?[a-z]{0,5}[0-9][0-9-]{6,}|#[a-z]{0,4}-?[0-9]{3,7})(?![a-z0-9])[ :]?")
# What is said to a machine and not to a shop: the question beside it is answered as if it stood alone.
_TO_THE_MACHINE = re.compile(
    r"<(system|assistant|admin|developer|tool)>.*?</\1>|</?(?:system|assistant|admin|developer|tool)>|\[/?(?:system|inst)\]"
    r"|(?:请|你)?(?:忽略|无视|忘记|忘掉|跳过)(?:掉)?(?:以上|之前|前面|上面|所有|全部|你|的)*.{0,4}(?:指令|设定|规则|要求|提示词?|限制)"
    r"|(?:并|并且|顺便|然后|再|同时)?(?:把|将)?(?:你的)?(?:系统)?提示词(?:打印|输出|告诉|发|贴|显示|说|给|念|写)*(?:出来|给我|我)?"
    r"|(?:please )?\b(?:ignore|disregard|forget)\b.{0,24}\b(?:instructions?|rules|prompts?)\b"
    r"|\b(?:and |then |also )?(?:print|reveal|show|output|repeat|tell me|give me)?(?: me)?(?: your| the)?\s?system prompt\b"
)
# Lines of a conversation that never was: only what its last customer says is asked.
_ROLE = re.compile(
    r"^\W{0,3}(?:assistant|system|ai|bot|agent|developer|助手|系统|客服|机器人)\s*[:：].*?(?:\buser|\bcustomer|\bhuman|用户|顾客|客户|买家)\s*[:：]\s*(?=\S)",
    re.IGNORECASE | re.DOTALL,
)
_REPEATED = re.compile(r"([!?~.,。！？…])\1+")


def plain(text: str) -> Mapped:
    """One form for rules, examples and goods. `back` of what it returns leads to the words as typed."""
    form = normalise(text[:LONGEST])
    return form.then(Mapped.same(form.text, form.text.translate(_LOWER)))


def last_said(text: str) -> str:
    """Without the turns that a message forges before its own words: assistant: … user: 那我还能退到几号."""
    return _ROLE.sub("", text)


def tight(said: str) -> str:
    """Without what is put between characters to get past a filter: 转.人-工, h u m a n."""
    said = _REPEATED.sub(r"\1", said.replace("\n", " "))
    return _SPELT.sub(lambda hit: re.sub(r"[ ._-]", "", hit[0]), _BETWEEN.sub("", said)).strip()


def uncoded(said: str) -> str:
    """Without order numbers and the like: 订单MB20251103-0042到哪了 is asked as 订单到哪了 is."""
    return _CODE.sub("", said)


def uninstructed(said: str) -> str:
    """Without what tells a machine to behave otherwise (忽略之前所有指令, ignore all instructions)."""
    return _TO_THE_MACHINE.sub(" ", said).strip(" ,.:;!、")
