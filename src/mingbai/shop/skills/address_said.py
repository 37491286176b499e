"""The new address that a message gives: Chinese, of Hong Kong and Macau, or abroad, cut out as it was written."""

from __future__ import annotations

import re

from mingbai.zh.address_text import find

_WORD = r"[A-Za-zÀ-ÿß.'’-]+"
_NAME = r"[A-ZÀ-Þ][A-Za-zÀ-ÿß.'’-]*"
_SMALL = r"(?:am|an|der|den|dem|im|zur|zum|auf|vor|von|de|la|le|du|des|di|del)"
# Street and number, then the place with its postcode: Hauptstraße 5, 60313 Frankfurt.
_STREET_FIRST = re.compile(
    rf"{_NAME}(?: (?:{_SMALL} )?{_NAME}){{0,3}} \d{{1,5}} ?[A-Za-z]?(?:[-/]\d+)?(?:,? ?(?:Apt|App?\.|Wohnung|Whg\.?|c/o)[^,\n]{{1,30}})?,? (?:[A-Z]{{1,2}}-)?\d{{4,5}} {_NAME}(?: (?:{_SMALL} )?{_NAME}){{0,3}}(?:, ?[A-Z][A-Za-z ]{{2,30}})?"
)
# Number and street, then the place: 77 Garfield Ct, San Gabriel, CA 91776, USA; 10 Downing Street, London SW1A 2AA.
_NUMBER_FIRST = re.compile(
    rf"\d{{1,6}}[A-Za-z]? (?:{_WORD} ){{0,4}}{_WORD}(?:,? ?(?:Apt|Unit|Suite|Ste|Flat|#) ?[\w-]{{1,8}})?(?:, ?[A-Z][A-Za-z .'’-]{{1,30}}){{1,2}},? ?(?:\d{{5}}(?:-\d{{4}})?|[A-Z]{{1,2}}\d[A-Z\d]? ?\d[A-Z]{{2}})(?:, ?[A-Z][A-Za-z ]{{1,30}})?"
)
# Hong Kong and Macau have no districts in the official list; the road with its number is what makes one whole.
_ISLANDS = re.compile(
    r"(?:(?:中國|中国)?(?:香港|澳門|澳门)(?:特別行政區|特别行政区)?[ ,，]{0,2})?(?:九龍|九龙|新界|香港島|香港岛|港島|港岛|氹仔|路環|路环|[\u3400-\u9fff]{0,2}半島)[^，。！？!?\n嗎吗呢]{2,40}?\d+ ?[號号](?:[ ,，]{0,2}[^，。！？!?\n嗎吗呢]{1,20}?(?:樓|楼|室|座|[A-Z]))*"
)
_OUTSIDE = {"HK": "香港", "MO": "澳門"}


def said(text: str, country: str = "") -> str:
    """The address in the message, "" where there is none. `country` is where the order goes."""
    if country in _OUTSIDE and (hit := _ISLANDS.search(text)):
        where = _OUTSIDE[country]
        return hit[0].strip() if where in hit[0] or "澳门" in hit[0] else where + hit[0].strip()
    if found := find(text):
        best = max(found, key=lambda each: each.end - each.start)
        return text[best.start : best.end]
    for pattern in (_STREET_FIRST, _NUMBER_FIRST, _ISLANDS):
        if hit := pattern.search(text):
            return hit[0].strip()
    return ""


# What is right and what was wrong: 18号不是8号, number 33 not 3, 是18号，不是8号.
_RIGHT_FIRST = re.compile(
    r"(?P<right>\d[\w-]*|[\u4e00-\u9fff]{1,6}\d*)(?:号|號|室|栋|幢|单元|楼)?[,，、 ]*(?:而?不是|不是|并非|(?i:not))\s*(?P<wrong>\d[\w-]*|[\u4e00-\u9fff]{1,6}\d*?)(?=[号號室栋幢单楼\s，。,.!！]|$)"
)
_WRONG_FIRST = re.compile(
    r"(?<![\d.])(?P<wrong2>\d[\w-]*)(?:号|號|室|栋|幢|单元|楼)?[,，、 ]*(?:应该是|应为|要改成|改成|改为|(?i:should (?:be|read)|must be|->|=>))\s*(?P<right2>\d[\w-]*)"
    r"|(?:不是|(?i:\bnot))\s*(?P<wrong>\d[\w-]*)(?:号|號|室|栋|幢|单元|楼)?[,，、 ]*(?:而?是|应该是|(?i:but|it is|it's))\s*(?:(?i:number )\s*)?(?P<right>\d[\w-]*)"
)


# 是5栋: the only number with that word in the address is another; make it Brühl 30: the street is the same.
_UNIT = re.compile(
    r"(?<![\dA-Za-z])(?P<right>\d{1,5}[A-Za-z]?)\s?(?P<unit>号楼|號樓|号|號|栋|棟|幢|单元|單元|室|楼|樓|层|層|弄)"
)
_STREET = re.compile(rf"(?P<name>{_NAME}) (?P<right>\d{{1,5}}[A-Za-z]?)(?![\d])")
_LONGEST = 90  # characters of a message that only corrects


def corrected(before: str, text: str) -> str:
    """The address that was said before with what the message corrects in it; "" where it corrects nothing of it."""
    found = _RIGHT_FIRST.search(text) or _WRONG_FIRST.search(text)
    if found is not None:
        said = {name.removesuffix("2"): value for name, value in found.groupdict().items() if value}
        wrong = re.compile(rf"(?<!\d){re.escape(said['wrong'])}(?!\d)")
        if said["right"] != said["wrong"] and len(wrong.findall(before)) == 1:
            return wrong.sub(said["right"], before)
    return _one_part(before, text) if before and len(text) <= _LONGEST else ""


def _one_part(before: str, text: str) -> str:
    units, streets = list(_UNIT.finditer(text)), list(_STREET.finditer(text))
    if len(units) == 1 and not streets:
        there = re.compile(rf"(?<!\d)\d{{1,5}}[A-Za-z]?(?=\s?{units[0]['unit']})")
    elif streets and not units:
        there = re.compile(rf"(?<={re.escape(streets[-1]['name'])} )\d{{1,5}}[A-Za-z]?")
        units = streets[-1:]
    else:
        return ""
    if len(there.findall(before)) != 1:
        return ""
    made = there.sub(units[0]["right"], before)
    return made if made != before else ""
