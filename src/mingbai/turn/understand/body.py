"""A body's height and weight as people say them: 一七二，一百三十斤; 175高140重; 5 foot 4 and 9 stone; 170-65kg. Pure.

Only for what `measures` did not read. A height is 130 to 215 cm and a weight 25 to 200 kg, and something must say that it is a
body's: a word for one, both side by side, or a message that says nothing else.
"""

from __future__ import annotations

import re
from decimal import Decimal

from mingbai.zh.numerals_read import read

_DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_WORDS = {
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "one": 1,
    "two": 2,
    "three": 3,
}
_N_EN = "|".join(_WORDS)
_ZH = "零〇一二两三四五六七八九十百"
_ABOUT = r"[来多几]?(?:左右|上下|出头|不到)?"
# In this order: the more is said, the surer it is.
_HEIGHTS = (
    (re.compile(rf"(?<![\d.])([4-6]|{_N_EN}|[四五六]) ?(?:ft\.?|foot|feet|'|’|呎|英尺|尺) ?(\d{{1,2}}|{_N_EN}|[{_ZH}]{{1,2}})?(?: ?(?:\"|”|''|in\b|inch(?:es)?|吋|寸|英寸))?", re.I), "feet"),
    (re.compile(r"(?<![\d.])([12])[.](\d{1,2}) ?(?:m\b|米|meters?|metres?)?|(?<![\d.])([12]) ?(?:m|米) ?(\d{1,2})(?!\d)", re.I), "metres"),
    (re.compile(rf"([一1])米([{_ZH[:-2]}]{{1,2}})(?!{_ZH[:-2]})"), "spelled"),
    (re.compile(r"(?<![\d.])(1[3-9]\d|20\d) ?(?:cm|公分|厘米|centimet(?:er|re)s?)", re.I), "cm"),
    (re.compile(r"(?:身?高|个子|height|tall)(?:是|:|：|is|of| )*(1[3-9]\d|20\d)(?!\d)|(?<!\d)(1[3-9]\d|20\d)(?:的?身?高|的个子| tall)", re.I), "cm"),
    (re.compile(r"(?<![一-龥])(一[三四五六七八九][零〇一二三四五六七八九])(?![百十一-九米])"), "digits"),
)  # fmt: skip
_PAIR = re.compile(
    r"(?<![\d.])(1[3-9]\d|20\d)(?:cm|公分|厘米)?\s?(?:高|/|,|，|、|-|–| and | )\s?(?:重|体重)?\s?(\d{2,3}(?:\.\d)?)(?![\d.]|\s?(?:ml|毫升|元|块|个|cm|g\b|克|号|年))\s?(kg|公斤|千克|kilos?|斤|lbs?|磅)?",
    re.IGNORECASE,
)
_UNIT = r"(kg|kgs|公斤|千克|kilos?|kilograms?|斤|lbs?|pounds?|磅|stones?|st\b)"
_WEIGHTS = (
    (re.compile(rf"(?<![\d.])(\d{{1,3}}(?:\.\d)?)\s?{_ABOUT}{_UNIT}", re.I), "unit"),
    (re.compile(rf"(?<![\d.])({_N_EN}) ?(stones?)\b", re.I), "unit"),
    (re.compile(rf"([{_ZH}]{{2,6}}){_ABOUT}{_UNIT}"), "unit"),
    (re.compile(r"(?:体?重|weigh(?:t|s|ing)?)(?:是|:|：|is|of| )*(\d{2,3}(?:\.\d)?)(?![\d.])|(?<!\d)(\d{2,3})(?:的?体?重)(?!庆)", re.I), "bare"),
    (re.compile(rf"(?:体重|[,，、 ]|出头|左右)(?:是|有)?(一百[{_ZH[:-1]}]{{0,3}}|百[一二三四五六七八九])(?![{_ZH}米元块个]|天)"), "bare"),
)  # fmt: skip
_OF_A_BODY = re.compile(
    r"身高|体重|个子|个头|[高矮胖瘦]|我(?!要|想|们|买)|老公|老婆|妈|爸|女朋友|男朋友|对象|穿|码|尺寸|围裙|茶服|上衣|裙|衣服"
    r"|\b(?:i'?m|i am|me|he|she|he's|she's|my|tall|height|weigh\w*|size|fits?|wear|someone|person|wife|husband|apron|jacket|dress)\b",
    re.IGNORECASE,
)
_OF_GOODS = re.compile(
    r"茶叶|[壶饼罐杯盘锅炉桌旗券]|满\d|折(?!痕)|包裹|克重|\b(?:tea(?! (?:jacket|dress))|pot|kettle|tray|table|runner|parcel|package|hold|carry)\b",
    re.IGNORECASE,
)
_SHORT = 16  # characters of a message that says nothing but a measure


def read_body(text: str) -> tuple[Decimal | None, Decimal | None]:
    """Height in cm and weight in kg, each where it is said. Simplified."""
    pair = _PAIR.search(text)
    height, weight = _height(text), None
    for pattern, how in _WEIGHTS:
        if weight is None and (hit := pattern.search(text)) is not None:
            unit = hit[2] if how == "unit" else ""
            weight = _kilos(_number(next(g for g in hit.groups() if g)), unit or "", height)
    if pair is not None and (height is None or weight is None):
        height = height or Decimal(pair[1])
        weight = weight or _kilos(Decimal(pair[2]), pair[3] or "", height)
    both = height is not None and weight is not None
    alone = len(text) <= _SHORT and not _OF_GOODS.search(text)
    if not both and not alone and (not _OF_A_BODY.search(text) or _OF_GOODS.search(text)):
        return None, None
    return height, weight


def _height(text: str) -> Decimal | None:
    for pattern, how in _HEIGHTS:
        for hit in pattern.finditer(text):
            found = [g for g in hit.groups() if g]
            cm = _centimetres(found, how)
            if cm is not None and 130 <= cm <= 215:
                return cm
    return None


def _centimetres(said: list[str], how: str) -> Decimal | None:
    numbers = [_number(each) for each in said]
    if any(n is None for n in numbers):
        return None
    first, *rest = [n for n in numbers if n is not None]
    second = rest[0] if rest else Decimal(0)
    if how == "feet":
        return (first * 12 + second) * Decimal("2.54") if second < 12 else None
    if how == "metres":
        return first * 100 + (second * 10 if len(said[1]) == 1 else second)
    if how == "spelled":
        return first * 100 + (second * 10 if len(said[1]) == 1 else second)
    return first


def _number(said: str) -> Decimal | None:
    low = said.lower()
    if low.replace(".", "", 1).isdigit():
        return Decimal(low)
    if low in _WORDS:
        return Decimal(_WORDS[low])
    if all(c in _DIGITS for c in low):
        return Decimal("".join(str(_DIGITS[c]) for c in low))
    if low.startswith("百"):
        low = "一" + low
    if len(low) == 3 and low[1] == "百" and low[2] in _DIGITS:  # 一百二 is 120
        return Decimal(_DIGITS[low[0]] * 100 + _DIGITS[low[2]] * 10)
    found = read(low)
    return found.value if found is not None and found.value is not None else None


def _kilos(said: Decimal | None, unit: str, height: Decimal | None) -> Decimal | None:
    """斤 where nothing is said, but kg where a body of so many 斤 cannot be."""
    if said is None:
        return None
    unit = unit.lower()
    if unit.startswith(("kg", "kilo", "公", "千")):
        kilos = said
    elif unit.startswith(("lb", "pound", "磅")):
        kilos = said * Decimal("0.45359237")
    elif unit.startswith("st"):
        kilos = said * Decimal("6.35029")
    elif unit == "斤":
        kilos = said / 2
    else:
        metres = (height or Decimal(165)) / 100
        kilos = said if said / 2 / metres**2 < 15 <= said / metres**2 else said / 2
    return kilos if 25 <= kilos <= 200 else None
