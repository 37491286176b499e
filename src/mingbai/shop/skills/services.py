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
# Pages on what goes back: 不收到付件 says nothing of how one may pay.
_AFTERWARDS = frozenset(("return_right", "refund", "exchange", "freight_insurance"))
_NEVER = frozenset((Intent.COMPLAINT, Intent.HANDOFF, Intent.REFUND_STATUS, Intent.DAMAGED_OR_MISSING))


@dataclass(frozen=True, slots=True)
class Service:
    zh: str
    en: str
    asked: re.Pattern[str]
    says: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The matters that a message asks about, and what of it asks for something else."""

    services: tuple[Service, ...]
    rest: str


@cache
def services() -> tuple[Service, ...]:
    table = tomllib.loads((files("mingbai.shop.skills") / "data" / "services.toml").read_text("utf-8"))
    return tuple(
        Service(str(row["zh"]), str(row["en"]), _any(row["asked"]), _any(row["says"]))
        for row in table["service"]
    )


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in patterns))


def asked(text: str) -> Wanted | None:
    """None where the message asks for nothing of the sort, or says it of a parcel."""
    if _OF_A_PARCEL.search(text):
        return None
    plain = folded(text)
    found = tuple(s for s in services() if s.asked.search(plain))
    if not found or not sentences.asks(text):
        return None
    pieces = [p for p in _PIECE.split(text) if p and p.strip()]
    rest = [p for p in pieces if not any(s.asked.search(folded(p)) for s in found)]
    return Wanted(found, "".join(rest).strip() if any(sentences.asks(p) for p in rest) else "")


def may_be(intents: list[Intent]) -> bool:
    return not _NEVER & set(intents)


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
