"""What is asked of the shop itself and of no article: instalments, wholesale, picking up, a visit. Its own pages answer;
where they have no word of it, that it is not known is the answer, whatever intent the words were likened to.

The matters are in data/services.toml, which a merchant may extend.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from mingbai.shop.search.normal import folded
from mingbai.shop.skills import attributes, house, sentences
from mingbai.shop.skills.scene import Scene
from mingbai.values.records import PolicyDocument
from mingbai.values.turn import Evidence, Fact, Intent

_PIECE = re.compile(r"(?<=[，,。；;！!？?\n])|(?<=\.)\s+|(?<=[一-龥])\s+(?=[一-龥])")
# What is fetched from a locker or a station is a parcel's matter; so is an order's own person and return.
_OF_A_PARCEL = re.compile(
    r"退(?!税)|7-?11|便利店|超商|全家|店到店|看到钱|驿站|快递柜|丰巢|菜鸟|网点|代收点|取件码|退款|退货|寄回|(?i:\b(?:locker|parcel|refund|return(?:s|ed)?)\b)"
)
# What asks something else, beside a shop's matter in the same clause: 直播间买的茶壶什么时候发货 asks when it leaves.
_ELSE = re.compile(
    r"到哪|到货|到了[没吗]|[发寄送]了[没吗]|发货|出货|(?:什么时候|什么时间|几时|多久|哪天|几号|啥时候|何时)[^，。]{0,6}(?:[发寄送出补]|收到|到$|到[账手?？吗呢]|能到$|能到[?？])"
    r"|快递单|运单|单号|物流|订单[^，。]{0,4}(?:状态|进度|[怎到在发])|[那这下的]单(?!独)|取消|改地址|赠品|失败|扣了|扣款|付不了|没付成|重复"
    r"|券|有货|没货|库存|现货|缺货|补货"
    r"|(?i:\bwhere(?: is| are|'s)? (?:\w+ ){0,3}(?:order|parcel|package|delivery)\b|\b(?:check|track|find|see|status of)\b.{0,12}\border\b|\border (?:status|number)\b|\btracking\b"
    r"|\bwhen (?:will|does|do|is|are|was|did)\b.{0,40}\b(?:ship|arriv\w+|come|delivered|sent|leave|dispatch\w*)\b|\bhow (?:long|soon)\b.{0,24}\b(?:take|until|till|before|get|arrive|deliver\w*)\b"
    r"|\bby (?:(?:this|next) )?(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\bby (?:tomorrow|tonight|christmas|the weekend)\b"
    r"|\b(?:in|out of) stock\b|\bcoupon|\bvoucher|\bdiscount code|\bcharged\b|\bdeclined\b|\bfailed\b|\btwice\b)"
)
_COST = re.compile(r"多少钱|什么价|几块|几钱|怎么卖|(?i:\bhow much\b|\bprice (?:of|for)\b)")
# Pages on what goes back: 不收到付件 says nothing of how one may pay.
_AFTERWARDS = frozenset(("return_right", "refund", "exchange", "freight_insurance"))
_NEVER = frozenset((Intent.COMPLAINT, Intent.HANDOFF, Intent.REFUND_STATUS, Intent.DAMAGED_OR_MISSING))
# What a rule finds of an order, and of an order that is at hand.
_OF_ORDERS = frozenset((Intent.WHERE_IS_ORDER, Intent.CANCEL_ORDER, Intent.CHANGE_ADDRESS))
_AT_HAND = _OF_ORDERS | {
    Intent.DELIVERY_TIME, Intent.MODIFY_ORDER, Intent.STOCK, Intent.PRICE, Intent.COUPON, Intent.INVOICE,
    Intent.PRICE_PROTECTION, Intent.EXCHANGE, Intent.START_RETURN, Intent.RETURN_RIGHT, Intent.WARRANTY,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Service:
    zh: str
    en: str
    asked: re.Pattern[str]
    says: re.Pattern[str]
    priced: bool = False

    def is_in(self, text: str) -> bool:
        return self.asked.search(folded(text)) is not None

    def is_asked_of(self, text: str) -> bool:
        """Whether nothing else is asked in a clause that has its words."""
        left = self.asked.sub(" □ ", folded(text))
        return not _ELSE.search(left) and (self.priced or not _COST.search(left))


@dataclass(frozen=True, slots=True)
class Wanted:
    """The matters that a message asks about, and what of it asks for something else."""

    services: tuple[Service, ...]
    rest: str


@cache
def services() -> tuple[Service, ...]:
    table = tomllib.loads((files("mingbai.shop.skills") / "data" / "services.toml").read_text("utf-8"))
    return tuple(
        Service(
            str(row["zh"]), str(row["en"]), _any(row["asked"]), _any(row["says"]), bool(row.get("priced"))
        )
        for row in table["service"]
    )


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in patterns))


def asked(text: str) -> Wanted | None:
    """None where the message asks for nothing of the sort, or says it of a parcel."""
    if _OF_A_PARCEL.search(text) or not sentences.asks(text):
        return None
    pieces = [p for p in _PIECE.split(text) if p and p.strip()]
    found = tuple(s for s in services() if s.is_in(text) and _is_asked(s, pieces, text))
    if not found:
        return None
    rest = [p for p in pieces if not any(s.is_in(p) and s.is_asked_of(p) for s in found)]
    return Wanted(found, "".join(rest).strip() if any(sentences.asks(p) for p in rest) else "")


def _is_asked(service: Service, pieces: list[str], text: str) -> bool:
    """Whether a clause asks it; one that only tells (我用花呗付的，什么时候发货) does so where no other asks something else."""
    own = [p for p in pieces if service.is_in(p)]
    if not own:  # its words reach over a comma
        return service.is_asked_of(text)
    if any(sentences.asks(p) and service.is_asked_of(p) for p in own):
        return True
    others = [p for p in pieces if p not in own]
    return all(service.is_asked_of(p) for p in own) and not any(_ELSE.search(folded(p)) for p in others)


def may_be(intents: list[Intent], by_rule: frozenset[Intent], *, at_hand: bool) -> bool:
    """`at_hand`: an order was named or is looked at, so that what a rule found is asked of it."""
    return not _NEVER & set(intents) and not by_rule & (_AT_HAND if at_hand else _OF_ORDERS)


def told(scene: Scene, found: Wanted) -> Evidence:
    """Of each matter the page's own sentence, or that it is not known."""
    return Evidence(scene.intent, facts=tuple(_one(scene, service) for service in found.services[:2]))


def _one(scene: Scene, service: Service) -> Fact:
    for zh, en in attributes.pairs(scene.shop_row.record.facts):
        if service.says.search(folded(f"{zh[0]} {zh[1]} {en[0]} {en[1]}")):
            return scene.fact(
                "shop.fact", zh[1], f"{zh[0]}：{zh[1]}。", f"{en[0][:1].upper()}{en[0][1:]}: {en[1]}.", scene.shop_row
            )  # fmt: skip
    topics = sorted({row.record.topic for row in scene.rows(PolicyDocument)} - _AFTERWARDS)
    if (said := house.find(scene, topics, service.says)) is not None:
        return house.fact(scene, said)
    return scene.fact(
        "shop.not_said", None,
        f"“{service.zh}”我们的资料里没有写，我不知道，不能确定，也不乱说；需要的话回复“转人工”，请人工客服答复您。",
        f"Our pages do not say anything on {service.en}; I do not know and will not guess. A person can tell you: just say “agent”.",
        scene.shop_row,
    )  # fmt: skip
