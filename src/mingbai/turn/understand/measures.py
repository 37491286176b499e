"""Body height and weight, sizes and quantities of a message. zh.units reads each; here is what they are of.

`30 × 120 cm` and `3斤茶叶` are goods; `170 cm and 65 kg` and `165/110` are a body. A bare weight is in 斤 (zh.units).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from mingbai.turn.understand.body import read_body
from mingbai.zh.numerals_read import read
from mingbai.zh.script import simplify
from mingbai.zh.sizes import Size
from mingbai.zh.units import Measure, find_sizes

_BODY = re.compile(
    r"身高|体重|个子|个头|我(?!要|想|们|买|的)|老公|老婆|妈|爸|女生|男生|孩子|[穿码]|尺码|\b(?:i'?m|i am|me|he|she|my|weighs?|tall|height|weight|size|fit|wear|someone|person)\b",
    re.IGNORECASE,
)
_PAIR = re.compile(
    r"(?<![0-9.])(1[3-9][0-9]|20[0-9])(?:cm)?\s?[/,，、 ]\s?([3-9][0-9]|[12][0-9]{2})(?![0-9.]|\s?(?:ml|毫升|元|块|个|cm|g\b|克|-))(斤|kg|公斤)?"
)
_WEIGH = re.compile(
    r"\bweighs?(?:\s(?:about|around))?\s([0-9]{2,3}(?:\.[0-9])?)\s?(kg|kilos?|kilograms?|lbs?|pounds?)\b",
    re.IGNORECASE,
)
_KILOS = re.compile(r"(?<![0-9.])([0-9]{2,3}(?:\.[0-9])?)\s?(?:kilos?|kilograms?)\b", re.IGNORECASE)
_LETTER = re.compile(
    r"(?<![a-z0-9'])(xs|s|m|l|xl|xxl)(?=\s(?:or|size|and)\s?)|(?<=\bor\s)(xs|s|m|l|xl|xxl)(?![a-z0-9'])|(?<=\b(?:an|in)\s)(xs|s|m|l|xl|xxl)(?![a-z0-9'])|(?<=\bthe\s)(xs|s|m|l|xl|xxl)(?![a-z0-9'])|(?<=\ba\s)(xs|s|m|l|xl|xxl)(?![a-z0-9'])"
    r"|\bsize\s(xs|s|m|l|xl|xxl|small|medium|large)\b|\b(small|medium|large)(?=\s(?:size|or|fit|ones?\b)|\?|$)|(?<=[\u3400-\u9fff])\s?(xs|s|m|l)(?=\s?[\u3400-\u9fff,?]|\s?$)",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?:特大|超大|大|中|小)(?:号|码)(?!线)")
_VOLUME = re.compile(r"(?<![0-9.])[0-9]{2,4}\s?(?:ml|毫升)", re.IGNORECASE)

_N = r"[0-9]{1,4}|[一二两三四五六七八九十俩仨]{1,3}|半打|一打"
_COUNT = r"(?:个|只|把|套|盒|件|条|包|罐|箱|瓶|双|份|片|支|盏|枚|块|张|饼|袋|提|台|本|对|打)"
_BUY = r"(?:买|拍|订|要|来|下单|购|加|添|拿|发|寄|退|换|换成|改成|改为|变成|碎|坏|破|裂|少|漏|缺|多|剩|共|总共|一共|收到|留|送|取消|再|到|有|需要|卖|那|这)了?(?:我|错|掉)?"
_MANY = re.compile(
    rf"(?<![0-9.第几一二三四五六七八九十])({_N})\s?{_COUNT}(?!装|套|月|工作日|小时|钱|半|人|问题|小问题|字|礼拜|星期|多月|装|头|孔|意思|杯盖|五一)"
)
_OF_MONEY = re.compile(r"(?:差|省|便宜|贵|减|补|加|返|少|多付|多收)(?:了|那|这|我|个)?$")
_NO_GOODS = re.compile(
    r"\s*(?:钱|[,，。.!！?？、;；]|$|退|补|给|还|差|返|呢|吧|吗|嘛|啊|能|可|就|才|怎|行|要|我|够|不|没|也|都|到|凑)"
)
_ONE_BOUGHT = re.compile(rf"{_BUY}(一)\s?{_COUNT}(?!下|月|问题|装|字|意思|小时|礼拜|星期)")
# 来仨, 要俩: a number that counts by itself.
_BY_ITSELF = re.compile(rf"(?:{_BUY}|[的杯壶碗盘盒罐垫])(俩|仨)(?!人|月|字|小时|礼拜|星期)")
_QUANTITY_OF = re.compile(r"数量(?:改成|改为|是|换成|:|：|\s)*([0-9]{1,4}|[一二两三四五六七八九十]{1,3})")
_EN_WORDS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
    "eleven": 11,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "hundred": 100,
    "dozen": 12,
}
_EN_N = "[0-9]{1,4}|" + "|".join(_EN_WORDS)
_EN_MANY = re.compile(
    rf"\b(?:qty|quantity|quantity of|quantity to)\s?:?\s?({_EN_N})\b|\b({_EN_N})\s?x\s(?=[a-z])|\bx\s?([0-9]{{1,3}})\b"
    rf"|(?<![-.#0-9])(?<!set of )(?<!pack of )(?<!box of )\b({_EN_N})\s(?:(?!(?:of|days?|weeks?|months?|years?|hours?|minutes?|times?|stars?|digits?|questions?|orders?|people|persons?|kg|cm|ml|lbs?|pounds?|percent|star|and|or|the|more day)\b)[a-z'-]+\s){{0,3}}"
    r"(?:pieces?|pcs|sets?|units?|pairs?|boxes|box|cups?|mugs?|teapots?|pots?|gaiwans?|kettles?|bottles?|bags|cakes?|tins?|cans?|trays?|towels?|aprons?|dress(?:es)?|jackets?|coasters?|items?|copies|lids?|cards?|thermoses|strainers?|shirts?|shoes|of (?:them|these|those|it)|more)\b"
    rf"|\b(?:buy|order|ordered|need|want|make it|change (?:it )?to|take|get)\s({_EN_N})(?=\s(?:of|instead)|[?.!]|$)"
    rf"|\bmake (?:it|that) (?:just |only )?({_EN_N})\b|\b({_EN_N}) of (?:the|these|those|your|our|them)\b|\bhow much (?:\w+ ){{0,3}}for ({_EN_N})(?=[?.!,]|$)",
    re.IGNORECASE,
)


# A thing in the singular is not counted: the number names its kind.
_OF_ONE = re.compile(
    r"(?<!ss)(?<! of )\b(?:piece|set|unit|pair|box|cup|mug|teapot|pot|gaiwan|kettle|bottle|cake|tin|can|tray|towel|apron|dress|jacket|coaster|item|lid|card|thermos|strainer|shirt)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Measured:
    height_cm: tuple[Decimal, ...] = ()
    weight_kg: tuple[Decimal, ...] = ()
    size: tuple[str, ...] = ()
    quantity: tuple[int, ...] = ()


def measured(text: str, taken: Iterable[tuple[int, int]] = ()) -> Measured:
    """`taken` are spans that are codes, dates or amounts; what stands in them is no size and no quantity."""
    free = text
    for start, end in taken:
        free = free[:start] + "¦" * (end - start) + free[end:]
    free = simplify(free).text  # as long as it was: 7餅 counts as 7饼 does
    found = find_sizes(free)
    heights, weights = _body(free, [it for it in found if isinstance(it, Measure)])
    if not (heights and weights):
        height, weight = read_body(free)
        heights = heights or ((_rounded(height),) if height is not None else ())
        weights = weights or ((_rounded(weight),) if weight is not None else ())
    counted = free
    for it in found:
        counted = counted[: it.start] + "¦" * (it.end - it.start) + counted[it.end :]
    return Measured(heights, weights, _sizes(free, found), tuple(_quantities(counted)))


def _body(text: str, found: list[Measure]) -> tuple[tuple[Decimal, ...], tuple[Decimal, ...]]:
    heights = {it.start: it.low for it in found if it.kind == "height"}
    weights = {it.start: it.low for it in found if it.kind == "body_weight"}
    lengths = [it for it in found if it.kind == "length" and 80 <= it.low <= 215]
    loads = [it for it in found if it.kind == "weight" and 25 <= it.low <= 200]
    if _BODY.search(text) or (len(text) < 40 and lengths and loads):
        beside = loads and any(abs(length.start - load.start) < 16 for length in lengths for load in loads)
        if lengths and (beside or re.search(r"身高|个子|\btall\b|\bi'?m\b|height|我", text, re.IGNORECASE)):
            heights.update((it.start, it.low) for it in lengths)
        if loads and (
            beside
            or heights
            or re.search(r"体重|\bweigh|\bi'?m\b|weight|穿|码|\bfit|\bsize", text, re.IGNORECASE)
        ):
            weights.update((it.start, it.low) for it in loads)
    if (
        not heights
        and not weights
        and (pair := _PAIR.search(text))
        and (_BODY.search(text) or len(text) <= 14)
    ):
        heights[pair.start()] = Decimal(pair[1])
        weights[pair.start(2)] = _weight(Decimal(pair[2]), pair[3] or "", Decimal(pair[1]))
    if heights and not weights and len(heights) == 1:
        ((at, height),) = heights.items()
        if after := re.search(
            r"\s?(?:cm|公分|厘米)?\s?[,，、/ ]\s?([3-9][0-9]|[12][0-9]{2})(?![0-9.a-z]|\s?(?:ml|元|块|个|号|码))",
            text[at:],
            re.IGNORECASE,
        ):
            weights[at + after.start(1)] = _weight(Decimal(after[1]), "", height)
    if not weights and (said := _WEIGH.search(text) or (_BODY.search(text) and _KILOS.search(text))):
        pounds = said.re is _WEIGH and said[2].lower()[0] in "lp"
        weights[said.start()] = Decimal(said[1]) * (Decimal("0.45359237") if pounds else 1)
    return tuple(map(_rounded, dict(sorted(heights.items())).values())), tuple(
        map(_rounded, dict(sorted(weights.items())).values())
    )


def _weight(said: Decimal, unit: str, height_cm: Decimal) -> Decimal:
    """As zh.units reads it: 斤 where nothing is said, but kg where a body of so many 斤 cannot be."""
    if unit in ("kg", "公斤"):
        return said
    in_jin = said / 2
    metres = height_cm / 100
    return said if not unit and in_jin / metres**2 < 13 <= said / metres**2 else in_jin


def _rounded(value: Decimal) -> Decimal:
    short = value.quantize(Decimal("0.1"), ROUND_HALF_UP).normalize()
    return short.quantize(Decimal(1)) if short == short.to_integral_value() else short


def _sizes(text: str, found: list[Measure | Size]) -> tuple[str, ...]:
    named = {it.start: it.label for it in found if isinstance(it, Size)}
    spans = [(it.start, it.end) for it in found if isinstance(it, Size)]
    for pattern in (_LETTER, _NAMED, _VOLUME):
        for hit in pattern.finditer(text):
            label = next((group for group in hit.groups() if group), hit[0]) if hit.re is _LETTER else hit[0]
            if all(hit.end() <= start or hit.start() >= end for start, end in spans):
                named[hit.start()] = (
                    label.upper()
                    if len(label) <= 3 and label.isascii() and label.isalpha()
                    else label.replace(" ", "").lower()
                )
                spans.append(hit.span())
    return tuple(dict.fromkeys(named[at] for at in sorted(named)))


def _quantities(text: str) -> Iterable[int]:
    counted: dict[int, int] = {}
    for pattern in (_QUANTITY_OF, _MANY, _BY_ITSELF, _ONE_BOUGHT):
        for hit in pattern.finditer(text):
            number = {"俩": 2, "仨": 3, "一打": 12, "半打": 6}.get(hit[1]) or _whole(hit[1])
            if (
                hit[0].endswith("块")
                and _OF_MONEY.search(text[: hit.start(1)])
                and _NO_GOODS.match(text, hit.end())
            ):
                continue  # 差那两块 is money
            if number and (number > 1 or pattern is not _MANY):
                counted[hit.start(1)] = number
    for hit in _EN_MANY.finditer(text):
        said = next(group for group in hit.groups() if group).lower()
        number = int(said) if said.isdigit() else _EN_WORDS[said]
        if number > 1 and _OF_ONE.search(hit[0]):
            continue  # a 500 gift card, a 15 bag box
        if number > 1 or hit[1] or hit[2] or hit[3] or hit[5] or hit[6]:
            counted[hit.start()] = number
    return [counted[at] for at in sorted(counted)]


def _whole(said: str) -> int | None:
    number = read(said)
    if number is None or number.value is None or number.value != number.value.to_integral_value():
        return None
    return int(number.value)
