"""Telephone numbers as customers and platforms write them: mobile, landline, virtual with extension, part-masked,
400/800, foreign in E.164; and the last four digits by which an order is looked up.

Prefixes: 电信网编号计划 (MIIT 2017) and later assignments: 13x, 14x, 15x (not 154), 16x, 17x, 18x, 19x; 170, 171, 162, 165,
167 are resellers, 140-144 machines. Every 1[3-9] is taken as a mobile so that a new range is masked the day it is sold.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import TypeAlias

from mingbai.values.errors import Text
from mingbai.zh.found import Found, apart, found_at
from mingbai.zh.mapped import Mapped
from mingbai.zh.width import narrow

# Seven digits with little between them: where a text has none, most of the shapes below need no look.
_DIGITS_ENOUGH = re.compile(r"[0-9](?:[ .·_()-]{0,3}[0-9]){6}")
_EDGE = r"(?<![0-9A-Za-z])(?<![0-9][.-])"  # \b is useless between 机 and 1: both are word characters
_END = r"(?![0-9A-Za-z])"
_SEP = "[ .·_-]{0,2}"
_EXTENSION = r"(?: ?(?:转|轉|分机|分機|ext\.?|x|#|-) ?(?P<ext>\d{1,6}))?"

# Each shape begins with a character of its own, and what may not stand before is asked after it: the engine skips to those.
_FIRST = r"(?<![0-9A-Za-z].)"
_MOBILE = re.compile(
    rf"[(+018]{_FIRST}(?:(?<=1)|(?:(?<=\()(?:\+ ?|00)?86|(?<=\+) ?86|(?<=0)086|(?<=8)6)\)?{_SEP}1)"
    rf"{_SEP}[3-9](?:{_SEP}\d){{9}}(?P<end>){_EXTENSION}{_END}",
    re.IGNORECASE,
)
# 12 digits with an extension are how WeChat Shop and Taobao hide a number (132123457749-1234).
_VIRTUAL = re.compile(
    rf"(?<![0-9A-Za-z])(?:\+ ?|00)?(?:86[ -]?)?(?P<no>1[3-9]\d{{9,10}}|0\d{{2,3}}[ -]?\d{{7,8}}|95\d{{3,12}})"
    rf" ?(?:-|转|轉|#|分机号?|\[|ext\.?) ?(?P<ext>\d{{3,4}})\]?{_END}",
    re.IGNORECASE,
)
_MASKED = re.compile(
    rf"(?<![0-9A-Za-z*])(?:\+ ?86 ?)?1[3-9]\d{_SEP}[*×xX＊•●]{{3,6}}{_SEP}\d{{2,4}}(?![0-9A-Za-z*])"
)
_SERVICE = re.compile(rf"{_EDGE}[48]00{_SEP}\d(?:{_SEP}\d){{6}}{_END}")
_LANDLINE = re.compile(
    rf"{_EDGE}(?:(?P<cc>\+86|0086)[ -]?\(?0?(?P<area0>10|2\d|[3-9]\d{{2}})\)?|[(（]?(?P<area>0(?:10|2\d|[3-9]\d{{2}}))[)）]?)[ -]{{0,2}}"
    rf"(?P<no>[2-9]\d{{2,3}} ?-? ?\d{{4}})(?P<more>/\d{{1,4}})?{_EXTENSION}{_END}",
    re.IGNORECASE,
)
_LOCAL = re.compile(
    rf"[2-9]{_FIRST}(?<![0-9][.-].)\d{{2,3}}[ -]?\d{{4}}(?P<end>){_EXTENSION}{_END}", re.IGNORECASE
)
# Country codes of ITU E.164.
_COUNTRIES = r"1|7|2(?:0|7|[1-6]|9)|3[0-9]|4[0-9]|5[0-9]|6[0-9]|8[0-9]|9[0-8]"
_FOREIGN = re.compile(
    rf"[+0](?<![0-9A-Za-z+].)(?<![0-9][ -].)(?:(?<=\+)|(?<=0)0)(?=(?:{_COUNTRIES}))(?:[ ().-]{{0,2}}\d){{8,14}}{_END}"
)
_HONG_KONG = re.compile(rf"(?<![0-9A-Za-z+])(?:\+|00)?(?:852|853)[ -]?[235689]\d{{3}}[ -]?\d{{4}}{_END}")
_TAIWAN = re.compile(
    rf"{_EDGE}(?:\(?0[2-8]\)?[ -]\d{{4}}[ -]?\d{{4}}|09\d{{2}}[ -]?\d{{3}}[ -]?\d{{3}}){_END}"
)

# 一三八零零…, 幺三八洞洞: read digit by digit. 两 and 十 never stand in a number so read.
_SPOKEN_DIGITS = {**dict(zip("零一二三四五六七八九", "0123456789", strict=True)), "〇": "0", "○": "0", "洞": "0", "幺": "1",
                  "么": "1", "拐": "7", "勾": "9", "壹": "1", "贰": "2", "叁": "3", "肆": "4", "伍": "5", "陆": "6", "柒": "7", "捌": "8",
                  "玖": "9", "貳": "2", "參": "3", "陸": "6", "兩": "2", "两": "2", "O": "0", "o": "0", "l": "1"}  # fmt: skip
_SPOKEN = re.compile(
    rf"[0-9{''.join(_SPOKEN_DIGITS)}]{_FIRST}(?:{_SEP}[0-9{''.join(_SPOKEN_DIGITS)}]){{10}}(?![0-9A-Za-z])"
)
_SPOKEN_TABLE = {ord(said): digit for said, digit in _SPOKEN_DIGITS.items()}

CUE = re.compile(
    r"电话|電話|记一下|记下|記一下|手机|手機|号码|號碼|联系|聯繫|聯絡|致电|拨打|热线|熱線|座机|传真|tel|phone|mobile|call|fax|cell|☎|📞|📱",
    re.IGNORECASE,
)
CUE_WINDOW = 14
# Cheap questions before dear ones: what a shape below, or a word, cannot do without.
_CUE_BEGINS = re.compile("[电電记記手号號联聯致拨热熱座传tTpPmMcCfF☎📞📱]")
_FREE = re.compile(r"[0-9(+](?<![0-9A-Za-z].)")  # all shapes begin so
_EXTENDS = re.compile(r"[-转轉#分\[]|[eE][xX][tT]")
_LONG_DISTANCE = re.compile(r"\+86|0086|[(（]?0[1-9]")
_ISLAND = re.compile(r"0[2-8]\)?[ -]|09")
_NO_DIGIT = re.compile("[^0-9]")
_STARS = re.compile("[*×xX＊•●]{3}")
_SPOKEN_DIGIT = re.compile(f"[{''.join(set(_SPOKEN_DIGITS) - {'1'})}]")
_Take: TypeAlias = Callable[[str, re.Match[str], str, float], None]
_TAIL_CUE = r"(?:尾号|尾號|尾数|尾數|末四位|末4位|后四位|後四位|后4位|後4位|后面四位|最后四位|最後四位|最后4位|最后四个数|last (?:four|4)(?: digits?)?|ends? (?:in|with)|ending (?:in|with)?)"
_TAIL = re.compile(
    rf"{_TAIL_CUE}(?:[^0-9\n]{{0,24}}?)(?P<tail>[0-9](?: ?[0-9]){{3}})(?![0-9])|(?P<before>(?<![0-9])[0-9]{{4}}) ?(?:是|为|這|这)?(?:我的?)?(?:手机|电话|手機|電話)?(?:号码?|號碼?)?(?:的)?(?:尾号|尾號|后四位|後四位|末四位)",
    re.IGNORECASE,
)
_TAIL_SPOKEN = re.compile(
    rf"{_TAIL_CUE}[^0-9\n]{{0,8}}?(?P<tail>[{''.join(_SPOKEN_DIGITS)}]{{4}})", re.IGNORECASE
)


@cache
def area_codes() -> dict[str, tuple[str, ...]]:
    """Long-distance codes with their zero, and the cities that share them."""
    text = resources.files("mingbai.zh").joinpath("area_codes.txt").read_text(encoding="utf-8")
    rows = (line.split() for line in text.splitlines() if not line.startswith("#"))
    return {row[0]: tuple(row[1:]) for row in rows}


def mobile_problem(digits: str) -> Text | None:
    if not re.fullmatch("1[3-9][0-9]{9}", digits):
        return Text(
            "手机号应是以 13 至 19 开头的 11 位数字。",
            "A mobile number has 11 digits and begins with 13 to 19.",
        )
    return None


def find(text: str) -> list[Found]:
    """Numbers of kind mobile, landline, virtual_mobile or masked_mobile; `value` is digits (with -extension, * and +)."""
    return find_in(narrow(text))


def find_in(shown: Mapped) -> list[Found]:
    text = shown.text
    out: list[Found] = []

    def take(kind: str, hit: re.Match[str], value: str, confidence: float) -> None:
        start, end = shown.back(*hit.span())
        out.append(found_at((start, end, kind, value, None, confidence)))

    cued = _CUE_BEGINS.search(text) is not None

    def announced(hit: re.Match[str]) -> bool:
        at = hit.start()
        return cued and CUE.search(text, max(0, at - CUE_WINDOW), at) is not None

    if _FREE.search(text) and _DIGITS_ENOUGH.search(text):
        _take_plain(text, take, announced, cued)
    for hit in _MASKED.finditer(text) if _STARS.search(text) else ():
        take(
            "masked_mobile",
            hit,
            re.sub(r"[^0-9*]", "", re.sub("[×xX＊•●]", "*", hit[0]).removeprefix("+86")),
            0.97,
        )
    for hit in _SPOKEN.finditer(text) if _SPOKEN_DIGIT.search(text) else ():
        number = re.sub(r"[^0-9]", "", hit[0].translate(_SPOKEN_TABLE))
        if not mobile_problem(number) and not hit[0].isdigit():
            take("mobile", hit, number, 0.9)
    return apart(out)


def _take_plain(text: str, take: _Take, announced: Callable[[re.Match[str]], bool], cued: bool) -> None:
    """The numbers that are written in digits, whole. `cued`: some word may announce one."""
    for hit in _VIRTUAL.finditer(text) if _EXTENDS.search(text) else ():
        number = _digits(hit["no"])
        if number[0] == "1" and (len(number) == 12 or len(hit["ext"]) == 4):
            take("virtual_mobile", hit, f"{number}-{hit['ext']}", 0.99)
    for hit in _MOBILE.finditer(text):
        digits, extension = _digits(text[hit.start() : hit.start("end")]), hit["ext"]
        if extension and len(extension) >= 3:
            take("virtual_mobile", hit, f"{digits[-11:]}-{extension}", 0.98)
        else:
            sure = 0.97 if len(digits) > 11 or (cued and announced(hit)) else 0.95
            take("mobile", hit, digits[-11:], sure)
    for hit in _SERVICE.finditer(text) if "400" in text or "800" in text else ():
        take("landline", hit, _digits(hit[0]), 0.9 if announced(hit) or not hit[0].isdigit() else 0.8)
    for hit in _LANDLINE.finditer(text) if _LONG_DISTANCE.search(text) else ():
        area = hit["area"] or "0" + hit["area0"]
        if area not in area_codes():
            continue
        extension = f"-{hit['ext']}" if hit["ext"] else ""
        separated = not hit[0].replace("(", "").replace(")", "").isdigit()
        take(
            "landline",
            hit,
            f"{area}-{_digits(hit['no'])}{extension}",
            0.95 if separated or announced(hit) else 0.85,
        )
    for hit in _LOCAL.finditer(text) if cued else ():
        if announced(hit):
            extension = f"-{hit['ext']}" if hit["ext"] else ""
            take("landline", hit, f"{_digits(text[hit.start() : hit.start('end')])}{extension}", 0.75)
    for hit in _HONG_KONG.finditer(text) if "852" in text or "853" in text else ():
        digits = _digits(hit[0]).removeprefix("00")
        kind = "mobile" if digits[3] in "569" else "landline"
        if announced(hit) or hit[0][0] in "+0" or not hit[0].isdigit():
            take(kind, hit, f"+{digits}", 0.9)
    for hit in _TAIWAN.finditer(text) if _ISLAND.search(text) else ():
        if announced(hit) or hit[0].startswith("09"):
            take("mobile" if hit[0].startswith("09") else "landline", hit, _digits(hit[0]), 0.8)
    for hit in _FOREIGN.finditer(text) if "+" in text or "00" in text else ():
        if not _digits(hit[0]).removeprefix("00").startswith("86"):
            take("mobile", hit, "+" + _digits(hit[0]).removeprefix("00"), 0.9)


def find_tails(text: str) -> list[Found]:
    """Last four digits that are said to be that: 尾号2807, 后四位是 2807, last four digits 2807. Kind `phone_tail`."""
    shown = narrow(text)
    out = []
    for hit in _TAIL.finditer(shown.text):
        group = "tail" if hit["tail"] else "before"
        out.append(Found(*shown.back(*hit.span(group)), "phone_tail", _digits(hit[group]), None, 0.95))
    for hit in _TAIL_SPOKEN.finditer(shown.text):
        tail = hit["tail"].translate(_SPOKEN_TABLE)
        out.append(Found(*shown.back(*hit.span("tail")), "phone_tail", tail, None, 0.9))
    return apart(out)


def tail(number: str) -> str:
    """The four digits a shop asks for, of any form above: 183****2807 → 2807. "" where fewer are known."""
    body = re.split("-|转|轉", number)[0] if re.match(r"\+?(86)?1[3-9]", number) else number
    end = re.sub("[^0-9*]", "", body)[-4:]
    return end if len(end) == 4 and end.isdigit() else ""


def _digits(text: str) -> str:
    return text if text.isascii() and text.isdigit() else _NO_DIGIT.sub("", text)
