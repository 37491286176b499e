"""What is asked for beside what the facts tell, and no row and no page has: the courier's phone, the plane, a serial number.

The facts stay; that the rest is not known is said before them. Where nothing was found, the answer is that alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from mingbai.shop.search.document import Kind
from mingbai.shop.search.normal import folded
from mingbai.shop.skills import choosing, places, remarks, sentences, wished
from mingbai.shop.skills.scene import Scene
from mingbai.shop.skills.wished import Thing
from mingbai.values.records import Product
from mingbai.values.turn import Evidence, Fact, Intent

_OF_ORDERS = frozenset(
    (
        Intent.WHERE_IS_ORDER, Intent.REFUND_STATUS, Intent.CHANGE_ADDRESS, Intent.WARRANTY, Intent.DELIVERY_TIME,
        Intent.CANCEL_ORDER, Intent.MODIFY_ORDER,
    )
)  # fmt: skip
_FEW = 4  # articles that are looked at for a word
_HAS = 0.8  # of a word that a hit must have for an article to be known by it
# What orders, parcels and refunds are spoken of with; what is told answers it in other words.
_TOLD_ZH = re.compile(
    r"订单|单子|发票|抬头|单号|运单|快递|包裹|物流|东西|宝贝|退款|进度|状态|阶段|环节|账户|账号|消息|动静|地址|地方|位置|公司|期限|日期|日子|理由|原因|说法|结果|问题|情况|流程|步骤|材料|凭证"
    r"|保修|质保|赠品|师傅|小哥|快递员|骑手|客服|人工|小时|机器人|海?关|清关|^.?[货件款钱费站仓天号票家省市区县国年月周券卡]$"
)
_TOLD_EN = re.compile(
    r"(?:parcel|package|deliver(?:y|ies)|tracking|carrier|courier|shipment|shipping|refund|invoice|status|address|update|news|location|postage|return|exchange"
    r"|warranty|date|deadline|reason|step|process|policy|fee|charge|cancellation|guarantee|country|progress|state|stage|customs|card|bank|account|email|balance"
    r"|charged?|billed?|paid|total|percent|coupon|voucher|code|discount|rule|limit|window|period|eta)s?"
)
# The hour of a delivery: carriers promise days.
_WHAT_HOUR = re.compile(
    r"[几幾][点點](?!儿?心)[^，。]{0,4}(?:送|到|来|來|派)|精确到(?:小时|分钟|几点)|具体(?:几点|时间点|到几点)|(?i:\b(?:what|which) (?:time|hour)\b.{0,30}\b(?:arrive|come|deliver\w*|be here|get here)|\bexact (?:hour|time slot|time)\b)"
)


def completed(scene: Scene, found: Evidence) -> Evidence:
    """With what of an order is asked for and not told, said to be not known."""
    if not found.facts or found.handoff or found.proposal or found.done or found.needs:
        return found
    if found.intent not in _OF_ORDERS or (
        found.intent is Intent.DELIVERY_TIME and not any(f.about for f in found.facts)
    ):
        return found
    thing = _hour(scene, found.facts) or _missing(scene, found.facts)
    return replace(found, facts=(not_known(scene, thing), *found.facts)) if thing else found


def not_known(scene: Scene, thing: str) -> Fact:
    return scene.fact(
        "order.not_said", None,
        f"“{thing}”我们的记录里没有，我不知道，不乱说；需要的话回复“转人工”，请人工客服帮您查。",
        f'Our records do not have "{thing}"; I do not know and will not guess. A person can check it for you: just say “agent”.',
    )  # fmt: skip


def _hour(scene: Scene, facts: Sequence[Fact]) -> str:
    under_way = any(f.name in ("parcel.promised_at", "parcel.overdue") for f in facts)
    if not under_way or not _WHAT_HOUR.search(scene.text):
        return ""
    return "具体几点送到" if scene.says_zh else "the exact hour"


def _missing(scene: Scene, facts: Sequence[Fact]) -> str:
    zh = scene.says_zh
    texts = [f.zh if zh else f.en for f in facts]
    said, terms = folded(" ".join(texts)), [remarks.terms(t) for t in texts]
    for thing in wished.things(scene.text, zh):
        if not thing.bound:
            continue
        word = thing.words[0]
        known = (
            _TOLD_ZH.search(word) is not None
            if zh
            else _TOLD_EN.fullmatch(word) is not None or _is_place(word)
        )
        if not known and not choosing.has(word, said, terms) and not _is_article(scene, word):
            return word
    return ""


def asks_in_vain(scene: Scene, found: Evidence) -> bool:
    """Whether an order's number is asked for, for what no order would tell."""
    asks = bool(found.needs) and all(
        n.slot in ("order_no", "phone_tail") and not n.choices for n in found.needs
    )
    return asks and not found.facts and not scene.order and bool(nowhere(scene))


def nowhere(scene: Scene) -> str:
    """The thing that a message asks for and that no page and no article has a word of."""
    return next((t.words[0] for t in wished.things(scene.text, scene.says_zh) if _is_nowhere(scene, t)), "")


def _is_nowhere(scene: Scene, thing: Thing) -> bool:
    return all(
        not (_is_place(word) or sentences.has(scene, word) or _is_described(scene, word))
        and (not scene.says_zh or _TOLD_ZH.search(word) is None)
        and not _TOLD_EN.fullmatch(word)
        for word in thing.words
    )


def _is_article(scene: Scene, word: str) -> bool:
    """Whether some article is called so."""
    rows = [scene.get(Product, hit.key) for hit in scene.find(word, Kind.PRODUCT, _FEW)]
    names = [
        f"{r.record.title_zh} {r.record.title_en} {r.record.category} {' '.join(r.record.tags)}"
        for r in rows
        if r
    ]
    return any(choosing.has(word, folded(name), [remarks.terms(name)]) for name in names)


def _is_described(scene: Scene, word: str) -> bool:
    return any(hit.coverage >= _HAS for hit in scene.find(word, Kind.PRODUCT, 1))


def _is_place(word: str) -> bool:
    return places.read(word) is not None
