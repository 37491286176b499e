"""The coupon that a message describes by what it gives: 满300减40, 40 off 300, 八五折, 15 % off."""

from __future__ import annotations

import re
from decimal import Decimal

from mingbai.shop.skills import pages
from mingbai.shop.skills.campaigns import PLAIN_WORDS
from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.records import Coupon

_THRESHOLD = re.compile(
    r"满\s*(?P<least>\d+(?:\.\d+)?)\s*(?:元|块)?\s*(?:立?减|-)\s*(?P<off>\d+(?:\.\d+)?)"
    r"|(?i:\b(?P<off_en>\d+(?:\.\d+)?) off (?:every |from |over |of )?(?P<least_en>\d+(?:\.\d+)?)\b)"
)
_PERCENT = re.compile(
    r"(?P<zhe>\d(?:\.\d)?|\d{2}|[一二三四五六七八九]{1,2})\s*折|(?i:\b(?P<share>\d{1,2}) ?% off)"
)
_DIGITS = {c: str(n) for n, c in enumerate("一二三四五六七八九", 1)}
# What is said of an offer is no amount of goods.
OFFER = re.compile(rf"每?(?:{_THRESHOLD.pattern})|(?<=减)\s*\d+|{_PERCENT.pattern}")


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
    return list({row.record.code: row for row in out}.values())


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
