"""The questions of one message: 能进洗碗机吗，釉里含铅吗 asks two, "is it dishwasher safe, and is it lead free" as well. Pure."""

from __future__ import annotations

import re

from mingbai.shop.skills import ontology, sentences

_ZH = re.compile(
    r"[，,。；;！!？?\n~～]+|(?<=[一-龥])\s+(?=[一-龥])|(?:还有就是|还有|另外|以及|顺便(?:再)?问一?下?|再问一?下?)(?=[^一-龥]*[一-龥]{3})"
)
_AUX = r"(?:is|are|was|does|do|did|can|could|will|would|should|may|has|have|how|what|when|where|which|who|whose|whether|if)\b"
_EN = re.compile(
    rf"[.?!;\n]+(?=\s|$)|,?\s*\b(?:and|also|plus|but)\b,?\s+(?=(?:also |then |if so,? )?{_AUX})|,\s*(?={_AUX})",
    re.IGNORECASE,
)
# What another skill answers: the price, stock, delivery, a return.
_ELSEWHERE = re.compile(
    r"多少钱|几钱|什么价|价格|几块|贵不贵|有货|现货|库存|补货|几天|发货|快递|运费|包邮|退货|能退|退吗|换货|发票|优惠|券|打折|活动|保修|质保"
    r"|(?i:\bhow much (?:is|are|does it cost|for)\b|\bprices?\b|\bcosts?\b|\bin stock\b|\bstock\b|\bdeliver|\bship|\breturns?\b|\brefund|\binvoice|\bcoupon|\bdiscount|\bwarranty|\bguarantee)"
)
_LEAST_ZH, _LEAST_EN = 2, 6  # characters


def of(text: str) -> tuple[str, ...]:
    """The parts that ask something of an article, in their order."""
    chinese = any("一" <= c <= "龥" for c in text)
    cut, least = (_ZH, _LEAST_ZH) if chinese else (_EN, _LEAST_EN)
    parts = [p.strip() for p in cut.split(text) if p and len(p.strip()) >= least]
    return tuple(p for p in parts if (sentences.asks(p) or ontology.asked(p)) and not _ELSEWHERE.search(p))
