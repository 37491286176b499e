"""What was done to goods, or came with them, that decides over a return: a tag cut off, a pot brewed in, a present, a part
of an order that had a discount. The shop's page says what becomes of it; here is only how customers and pages name it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mingbai.shop.skills import excepted, house, places
from mingbai.shop.skills.scene import Scene
from mingbai.values.turn import Fact

_NOT = re.compile(
    r"(?:没有?|未|不曾|从没|还没|都没|没怎么)\s*\S{0,2}$|(?i:(?:\bnot|n't|\bnever|\bwithout)\s+(?:\w+\s+)?$)"
)


@dataclass(frozen=True, slots=True)
class Condition:
    """`said` by a customer, `there` on a page; `spoils`: what it happened to cannot go back without a reason."""

    said: re.Pattern[str]
    there: re.Pattern[str]
    spoils: bool = False
    topics: tuple[str, ...] = ("return_right",)


def _c(
    said: str, there: str, *, spoils: bool = False, topics: tuple[str, ...] = ("return_right",)
) -> Condition:
    return Condition(re.compile(said, re.IGNORECASE), re.compile(there, re.IGNORECASE), spoils, topics)


_USED = (
    _c(r"吊牌.{0,6}(?:剪|掉|扯|撕|没了|拆)|(?:剪|扯|撕)[掉了断]*.{0,4}吊牌|\btags?\b.{0,12}\b(?:cut|off|removed|torn)|\b(?:cut|removed|tore)\b.{0,12}\btags?\b",
       r"剪[^。；]*吊牌|tag cut", spoils=True),
    _c(r"开[过了]?壶|煮.{0,8}壶|\bseasoned?\b", r"开过壶|pot seasoned", spoils=True),
    _c(r"泡[过了]|冲[过了]|泡.{0,4}[次回泡]|喝[过了]|煮[过了]|\bbrewed?\b|\bboiled\b|\bmade tea\b|\b(?:used?|tr(?:y|ied)|dr[au]nk|tasted?|made|had)\b.{0,40}\b(?:once|twice|\w+ times|a cup|cups)\b", r"泡过|用过茶|brewed", spoils=True),
    _c(r"(?:洗|下水)[过了]|下过水|过了?水|\bwashed\b|\blaundered\b", r"洗过|washed", spoils=True),
)  # fmt: skip
_BESIDE = (
    _c(r"[拆开打](?:了|开|过)?(?:了|过)?(?:外?包装|[纸外]?箱|盒|包裹)|开箱|拆箱|\bopened the (?:box|parcel|package)\b|\bunpack", r"拆开包装|opening the (?:parcel|box)"),
    _c(r"试[穿了过]|穿[了过上]|\btried (?:it|them)? ?on\b|\btry(?:ing)? (?:it )?on\b", r"试穿|trying on"),
    _c(r"赠品|小样|试[饮吃用]装|送的|附送|\bfree gift|\bsample|\bpresent\b", r"赠品要?一起|赠品[^。]*退|presents? come back"),
    _c(r"满减|倒扣|门槛|凑单|减的钱|\bthreshold\b|\bspend .{0,12}discount", r"达不到[^。；]*(?:差额|扣)|no longer reaches"),
    _c(r"券.{0,10}退|退.{0,10}券|\bcoupon\b.{0,30}\b(?:back|return|restor)", r"用过的券|coupon is restored"),
    _c(r"礼品包装|包装[那的]?[^，。]{0,3}[钱费]|[钱费][^，。]{0,6}包装|\bgift.?wrap", r"包装费不退|wrapping (?:fee|charge|itself)?[^.]*not", topics=("gift",)),
    _c(r"清仓|特价不退|\bclearance\b|\bfinal sale\b", r"清仓|clearance", spoils=True),
)  # fmt: skip
_MADE = _c(
    r"刻.{0,4}[字名]|[刻印].{0,2}(?:logo|名)|改短|定做|定制|\bengrav|\bpersonali[sz]ed\b|\bcustom(?:i[sz]ed)?\b|\bmade to order\b|\bnames? (?:on|in)\b|\bnames\b.{0,20}\b(?:set|cup)|\b(?:wedding|our|your|my) names?\b",
    r"^定制|定制的[：:]|made to order", spoils=True)  # fmt: skip
_OPENED = _c(
    r"",
    r"拆封后不退|拆封[^。；]*不(?:退|能退|支持)|例外[^。]*拆封|tea that was opened|cannot go back once opened|once opened",
    spoils=True,
)
_VALUE = _c(r"", r"贬值|lost value|loss (?:of|in) value")


def told(
    scene: Scene, country: str, of: str = "", *, opened: bool = False, made: bool = False
) -> tuple[Fact, ...]:
    """What the pages say of the conditions that the message names. `opened`, `made`: of goods that the message
    says were opened, or made to order."""
    out = list(_found(scene, country, of))
    if opened and not out and excepted.OPENED.search(scene.text):
        out += _one(scene, _OPENED, country, of)
    if made and not out and _holds(scene, _MADE):
        out += _one(scene, _MADE, country, of)
    if not out and country in places.EU and any(_holds(scene, c) for c in _USED):
        out += _one(scene, _VALUE, country, of)
    return tuple(dict.fromkeys(out))


def spoiled(facts: tuple[Fact, ...]) -> bool:
    return any(f.name == "return.not_intact" for f in facts)


def _found(scene: Scene, country: str, of: str) -> Iterator[Fact]:
    for condition in (*_USED, *_BESIDE):
        if _holds(scene, condition):
            yield from _one(scene, condition, country, of)


def _holds(scene: Scene, condition: Condition) -> bool:
    return any(not _NOT.search(scene.text[: hit.start()]) for hit in condition.said.finditer(scene.text))


def _one(scene: Scene, condition: Condition, country: str, of: str) -> Iterator[Fact]:
    said = house.find(scene, condition.topics, condition.there, "CN" if country in excepted.HOME else country)
    if said is None:
        return
    fact = house.fact(scene, said, of=of)
    name = "return.not_intact" if condition.spoils else "return.condition"
    if not condition.spoils:
        yield scene.fact(name, None, fact.zh, fact.en, *said.page.rows, about=of)
        return
    yield scene.fact(
        name, False, f"这种情况不能无理由退货：{fact.zh}质量问题不受影响。",
        f"In that case it cannot be returned without a reason: {fact.en} Faulty goods are a different matter.",
        *said.page.rows, about=of,
    )  # fmt: skip
