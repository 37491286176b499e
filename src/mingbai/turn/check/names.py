"""A name between quotation marks, and a carrier's or bank's name, stands in the facts."""

from __future__ import annotations

import re

from mingbai.turn.basis import Basis
from mingbai.zh.carriers import CARRIERS

QUOTED = re.compile(r"[「『《“\"]([^」』》”\"\n]{1,60})[」』》”\"]")
OTHERS = ("支付宝", "微信支付", "银行卡", "花呗", "Alipay", "WeChat Pay", "PayPal", "淘宝", "天猫", "京东", "拼多多", "抖音", "亚马逊", "Amazon", "Shopify", "eBay")  # fmt: skip


def names(sentence: str, basis: Basis) -> str:
    known = _bare(basis.text + "\n" + "\n".join(f.zh + f.en for f in basis.facts))
    for match in QUOTED.finditer(sentence):
        if _bare(match[1]) not in known:
            return match[0]
    low = sentence.casefold()
    for name in (*OTHERS, *_carriers()):
        if _named(name, low) and _bare(name) not in known:
            return name
    return ""


def _named(name: str, low: str) -> bool:
    return re.search(rf"\b{re.escape(name.casefold())}\b", low) is not None if name.isascii() else name in low


def _carriers() -> tuple[str, ...]:
    return tuple(n for c in CARRIERS.values() for n in (c.name.zh, c.name.en) if len(n) > 1)


def _bare(text: str) -> str:
    return re.sub(r"[\s\W_]+", "", text.casefold())
