"""What a sentence tells stands in the facts: beside their words only such as tell nothing (请, 目前, your, takes).

This is what stops a claim without a figure, of which there is no list: a place, a cause, a deed, a property. A true
sentence in a word that is not here is stopped, too; the fact's own words are shown instead.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from mingbai.turn.basis import Basis, stem
from mingbai.turn.check.states import SAME_ZH
from mingbai.turn.said import read

# Another word for the same thing stands where one of these stands.
SAME = (
    *SAME_ZH,
    ("能用", "可以用", "使用"), ("包邮", "免运费", "免邮"), ("次日", "第二天"), ("邮箱", "@"), ("保存", "储存", "存放"), ("揽收", "取件"), ("快递", "承运", "物流"),
    ("打", "折"), ("可以退", "能退", "可退", "退货"), ("发", "发货", "发出", "寄出"), ("退", "退款", "退货"), ("寄", "寄回", "退货地址"), ("送到", "送达", "到货"),
    ("开好", "开出", "开具"), ("换", "换货"), ("减", "立减"), ("券", "优惠券"), ("放", "洗碗机", "微波炉"), ("洗", "洗碗机"), ("水", "℃"), ("茶", "冲泡"),
    ("泡", "冲泡"), ("产自", "产地", "来自"), ("保修期", "保修"), ("退回", "退出", "原路"), ("路上", "运输中", "在途"), ("支持", "属于", "可以", "能"), ("寄到", "发到"), ("收到", "到仓库"),
    ("质保", "保修"), ("售价", "单价", "页面价", "¥"), ("有货", "现货"), ("叠加", "一起", "优惠后", "一单用一张"), ("收到", "签收"), ("已经", "已"), ("发往", "送往"), ("拍", "有货"),
)  # fmt: skip
SAME_ENGLISH = (
    ("ship", "dispatch"), ("arriv", "expect", "deliver"), ("pend", "wait"), ("decreas", "drop", "cheaper", "lower", "chang"), ("warranty", "cover"),
    ("microwav", "dishwasher"), ("saf", "dishwasher", "microwav"), ("parcel", "packag", "shipment"), ("allow", "possibl", "can"), ("sent", "send", "dispatch"),
    ("back", "return", "refund", "withdrawal"), ("return", "withdrawal"), ("open", "expir", "pass", "left"), ("offer", "campaign"), ("approv", "approval"),
    ("cancel", "cancellation"), ("fre", "postag"), ("sold", "stock"),
)  # fmt: skip


@cache
def plain(lang: str) -> frozenset[str]:
    """Words that tell nothing by themselves, or only what other checks look after."""
    text = (files("mingbai.turn") / "check" / f"plain.{lang}.txt").read_text("utf-8")
    return frozenset(text.split())


def words(sentence: str, basis: Basis) -> str:
    left = list(sentence)
    for piece in read(sentence):  # the figures' own check reads these
        left[piece.start : piece.start + len(piece.said)] = " " * len(piece.said)
    rest = "".join(left)
    return _english(rest, basis) if basis.english else _chinese(rest, basis)


def _chinese(rest: str, basis: Basis) -> str:
    run: str
    for run in re.findall(r"[一-鿿]+", rest):
        if odd := _uncovered(run, basis):
            return odd
    known = basis.told.casefold()
    return next((m[0] for m in re.finditer(r"[A-Za-z]{2,}", rest) if m[0].casefold() not in known), "")


def _uncovered(run: str, basis: Basis) -> str:
    """The first stretch that neither the facts nor the list holds, in the cutting that leaves the fewest such."""
    size = len(run)
    best: list[tuple[int, int]] = [(0, 0)] * (
        size + 1
    )  # from here on: characters left over, length of the first word
    for at in range(size - 1, -1, -1):
        best[at] = (best[at + 1][0] + 1, -1)
        for end in range(at + 1, min(size, at + 12) + 1):
            word = run[at:end]
            better = best[end][0] < best[at][0] or (best[end][0] == best[at][0] and best[at][1] < 0)
            if better and (word in plain("zh") or _known(word, basis)):
                best[at] = (best[end][0], end - at)
    if not best[0][0]:
        return ""
    at = 0
    while at < size:
        step = best[at][1]
        if step < 0:
            return run[at : at + 4]
        at += step
    return ""


def _known(word: str, basis: Basis) -> bool:
    if word in basis.told if len(word) > 1 else word in basis.lone:
        return True
    return any(
        word in group and any(other in basis.told for other in group if other != word) for group in SAME
    )


def _english(rest: str, basis: Basis) -> str:
    known = basis.stems
    word: str
    for word in re.findall(r"[A-Za-z]+(?:'[a-z]+)?", rest):
        low = word.casefold()
        if (
            len(low) > 1
            and low not in plain("en")
            and not _stands(stem(low), known)
            and low.partition("'")[0] not in plain("en")
        ):
            return word
    return ""


def _stands(said: str, known: frozenset[str]) -> bool:
    return said in known or any(said in group and not known.isdisjoint(group) for group in SAME_ENGLISH)
