"""The coupon that a message describes by what it gives: 满300减40, 40 off 300, 八五折, 15 % off."""

from __future__ import annotations

import re
from decimal import Decimal

from mingbai.shop.skills import pages, price
from mingbai.shop.skills.campaigns import PLAIN_WORDS
from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.records import Coupon

_THRESHOLD = re.compile(
    r"满\s*(?P<least>\d+(?:\.\d+)?)\s*(?:元|块)?\s*(?:立?减|-)\s*(?P<off>\d+(?:\.\d+)?)"
    r"|(?i:\b(?P<off_en>\d+(?:\.\d+)?) off (?:every |from |over |of )?(?P<least_en>\d+(?:\.\d+)?)\b)"
)
_PERCENT = re.compile(
    r"(?P<zhe>\d(?:\.\d)?|\d{2}|[一二三四五六七八九]{1,2})\s*折|(?i:\b(?P<share>\d{1,2}) ?(?:%|percent|per cent)[ -]off)"
)
_OFF_ALONE = re.compile(
    r"减\s*(\d{1,3})\s*(?:元|块钱?|蚊|刀|欧)?的?(?:那[张種种个]|嗰张|优惠)?(?:券|卷|红包)|(\d{1,3})\s*(?:元|块钱?|蚊)?的?(?:那[张个])?(?:优惠)?(?:券|卷)|那张\s*(\d{1,3})\s*(?:元|块)?的"
    r"|(?i:\b(\d{1,3}|five|ten|fifteen|twenty|thirty|forty|fifty)[ -](?:bucks? |euros? |eur |usd |yuan |dollars? )?off\b|\b(?:coupon|voucher) (?:of|for) (\d{1,3})\b)"
)
_SPELLED = {
    "five": "5",
    "ten": "10",
    "fifteen": "15",
    "twenty": "20",
    "thirty": "30",
    "forty": "40",
    "fifty": "50",
}
_DIGITS = {c: str(n) for n, c in enumerate("一二三四五六七八九", 1)}
# What is said of an offer is no amount of goods.
OFFER = re.compile(
    rf"(?i:(?:[$€¥￥]\s?)?\b(?:\d{{1,3}}|five|ten|fifteen|twenty|thirty|forty|fifty) ?(?:bucks?|dollars?|euros?|eur|usd|yuan|cny)? off\b)|每?(?:{_THRESHOLD.pattern})|(?<=减)\s*\d+|{_PERCENT.pattern}"
)


def described(scene: Scene) -> list[Row[Coupon]]:
    """The coupons that give what the message says; where several do, those whose name it has a word of besides."""
    offers = [
        (Decimal(hit["least"] or hit["least_en"]), Decimal(hit["off"] or hit["off_en"]))
        for hit in _THRESHOLD.finditer(scene.text)
    ]
    shares = [_share(hit) for hit in _PERCENT.finditer(scene.text)]
    out: list[Row[Coupon]] = []
    wanted = pages.grams(scene.text) - PLAIN_WORDS
    for least, off in offers:
        fitting = [row for row in scene.rows(Coupon) if _gives(row.record, least, off)]
        out += _narrowed(fitting, wanted)
    for share in shares:
        out += _narrowed([row for row in scene.rows(Coupon) if row.record.percent_off == share], wanted)
    if not out:
        out += _by_off(scene, wanted)
    return list({row.record.code: row for row in out}.values())


def _by_off(scene: Scene, wanted: set[str]) -> list[Row[Coupon]]:
    """By what it takes off alone, where one coupon does or its name is said besides: 减15块那张, the 25-off-tea coupon."""
    hit = _OFF_ALONE.search(scene.text)
    if hit is None:
        return []
    said = next(g for g in hit.groups() if g).casefold()
    off, own = Decimal(_SPELLED.get(said, said)), price.currency_of(scene)
    giving = [row for row in scene.rows(Coupon) if row.record.off is not None and row.record.off.major == off]
    fitting = [row for row in giving if row.record.off and row.record.off.currency == own] or giving
    named = _narrowed(fitting, wanted)
    return named if len(named) == 1 else []


def _gives(coupon: Coupon, least: Decimal, off: Decimal) -> bool:
    return (
        coupon.threshold is not None
        and coupon.off is not None
        and (coupon.threshold.major, coupon.off.major) == (least, off)
    )


def _narrowed(rows: list[Row[Coupon]], wanted: set[str]) -> list[Row[Coupon]]:
    named = [r for r in rows if wanted & pages.grams(f"{r.record.name_zh} {r.record.name_en}")]
    return named or rows


def _share(hit: re.Match[str]) -> int:
    """八五折 leaves 85 of 100, so 15 are off."""
    if hit["share"]:
        return int(hit["share"])
    left = Decimal("".join(_DIGITS.get(c, c) for c in hit["zhe"]))
    return int(100 - (left * 10 if left < 10 else left))
