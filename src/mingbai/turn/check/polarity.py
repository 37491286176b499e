"""A no in the facts is no yes in the answer, and the other way round: what only stands denied there may not be affirmed."""

from __future__ import annotations

import re

from mingbai.turn.basis import Basis

# What customers ask yes or no about, and what stands before (zh) or around (en) it when it is denied.
ZH_TOLD = ("支持", "可以退", "能退", "可以换", "能换", "可以取消", "能取消", "可以改", "能改", "可以用", "能用", "可以叠加", "叠加", "免费", "包邮",
           "适用", "符合", "在期限内", "可以机洗", "可以洗碗机", "可以微波", "可用于", "在保", "需要", "发货", "到账", "参加", "享受", "保修")  # fmt: skip
ZH_DENIED = re.compile(r"(?:不|未|没|无|非|别|勿|还没|没有|不再|不能|无法|不可|不予|并不|不是)[一-鿿]{0,3}$")
EN_TOLD = ("can be returned", "returnable", "can be exchanged", "can be cancelled", "can be changed", "can be used", "can be combined",
           "stackable", "free", "eligible", "covered", "supported", "dishwasher-safe", "dishwasher safe", "microwave-safe", "possible",
           "available", "refundable", "applies", "included", "dispatched", "required")  # fmt: skip
EN_DENIED = re.compile(
    r"(?i)(?:\bnot\b|n't\b|\bno\b|\bnever\b|\bwithout\b|\bcannot\b|\bneither\b|\bnon-?)[\w ,'-]{0,24}$"
)


def polarity(sentence: str, basis: Basis) -> str:
    told, denied = (EN_TOLD, EN_DENIED) if basis.english else (ZH_TOLD, ZH_DENIED)
    for words in told:
        here = _ways(words, sentence, denied)
        there = _ways(words, basis.text, denied)
        if here and there and not here & there:
            return words
    return ""


def _ways(words: str, text: str, denied: re.Pattern[str]) -> set[bool]:
    """Is it affirmed (True), denied (False), both, or not spoken of?"""
    return {
        denied.search(text[max(0, m.start() - 28) : m.start()]) is None
        for m in re.finditer(re.escape(words), text, re.IGNORECASE)
    }
