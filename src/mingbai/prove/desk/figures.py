"""The prover's own reader of what can be invented: sums, days, times, codes, addresses of the web, and counted numbers.

Written apart from `turn/said.py` on purpose: what checks and grader both overlooked would be a fault nobody sees.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from mingbai.zh.script import simplify

Kind = Literal["money", "day", "clock", "code", "web", "number"]


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` is comparable: "35 CNY", "2025-11-13" (year 0000: not said), "18:20", "3"; `unit` only of a number."""

    kind: Kind
    value: str
    said: str
    unit: str = ""


_N = r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_HAN = "零〇一二两三四五六七八九十百千万"
_SIGN = {"¥": "CNY", "€": "EUR", "$": "USD", "£": "GBP"}
_NAME = {"元": "CNY", "块": "CNY", "块钱": "CNY", "人民币": "CNY", "rmb": "CNY", "cny": "CNY", "yuan": "CNY", "欧元": "EUR", "eur": "EUR",
         "euro": "EUR", "euros": "EUR", "美元": "USD", "usd": "USD", "dollars": "USD", "€": "EUR", "$": "USD", "£": "GBP"}  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MON = "(?P<mon>" + "|".join(_MONTHS) + r")[a-z]*\.?"
_WEB = re.compile(
    r"(?i)(?:https?://|www\.)[^\s，。；、）)]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:\b[\w-]+\.)+(?:com|cn|net|org|io|shop|top|xyz)\b[^\s，。；、）)]*"
)
_DAY = (
    re.compile(r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})(?!\d)\s*[日号]?"),
    re.compile(r"(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*[日号]?"),
    re.compile(rf"(?P<m>[{_HAN}]{{1,2}})月(?P<d>[{_HAN}]{{1,3}})[日号]"),
    re.compile(rf"(?i)\b{_MON}\s*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,?\s*(?P<y>\d{{4}}))?"),
    re.compile(rf"(?i)(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s*(?:of\s*)?{_MON}(?:,?\s*(?P<y>\d{{4}}))?"),
)  # fmt: skip
_NEAR = {"大后天": 3, "后天": 2, "明天": 1, "明日": 1, "昨天": -1, "前天": -2, "tomorrow": 1, "yesterday": -1}
_NEAR_DAY = re.compile("(?i)" + "|".join(sorted(_NEAR, key=len, reverse=True)))
_CLOCK = re.compile(r"(?<![\d:])(\d{1,2}):(\d{2})(?::\d{2})?(?!\d)")
_MONEY = (
    re.compile(rf"(?P<sign>[¥€$£])\s*(?P<n>{_N})"),
    re.compile(rf"(?i)(?P<n>{_N})\s*(?P<name>块钱|人民币|欧元|美元|元|块|rmb\b|cny\b|yuan\b|eur\b|euros?\b|usd\b|dollars\b|[€$£])"),
    re.compile(rf"(?P<han>[{_HAN}]+)(?P<name>块钱|块|元)"),
)  # fmt: skip
_CODE = re.compile(r"#\d{3,}(?![A-Za-z0-9])|(?<![A-Za-z0-9])#?[A-Za-z0-9][A-Za-z0-9*_-]{4,}(?![A-Za-z0-9])")
# Order 1052 is named, not counted; order 100 pieces is not.
_NAMED = re.compile(
    r"(?i)(?:\b(?:order|request|parcel)s?(?: (?:no\.?|number))? ?|(?:订单|申请|单)号?[ :：是为]{0,2})(?P<code>\d{3,8})(?![\d.,]*\d|[A-Za-z%-])"
    r"(?!\s*(?:[件个只盒套包张笔元块以天]|pieces?\b|pcs\b|items?\b|yuan\b|rmb\b|eur|usd|ml\b|days?\b|hours?\b|or more\b|and (?:above|over)\b))"
)
_FEAST = re.compile(r"双\s?1[12]|双十[一二]|(?<!\d)618(?!\d)|(?i:double\s?(?:11|12))")  # names of campaigns
_COUNTED = re.compile(
    rf"(?<![A-Za-z0-9.])(?P<n>{_N})\s*(?P<unit>%|个?工作日|个月|小时|分钟|毫升|厘米|公斤|千克|[一-鿿]|[a-zA-Z]+)?"
)
_HAN_COUNTED = re.compile(
    rf"(?P<n>[{_HAN}]+)(?P<unit>个?工作日|个月|小时|分钟|天|日|周|年|折|倍|件|个|只|盒|套|包|张|笔|次|点)"
)
_WORDS = {
    w: n
    for n, w in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ]
    )
}
_WORD_COUNTED = re.compile(
    rf"(?i)\b(?P<n>{'|'.join(_WORDS)})[\s-]+(?P<unit>(?:working |business )?days?|hours?|weeks?|months?|years?|parcels?|items?|pieces?)\b"
)
_UNITS = {
    "day": "天 日 号 day days d 工作日 个工作日 工 working business", "hour": "小时 hour hours h hrs 时", "minute": "分钟 minute minutes min",
    "week": "周 week weeks", "month": "个月 month months 月", "year": "年 year years", "piece": "件 个 只 盒 套 包 张 笔 piece pieces pcs item items",
    "ml": "ml 毫升", "cm": "cm 厘米 公分", "kg": "kg 公斤 千克", "g": "g 克", "parcel": "包裹 parcel parcels", "percent": "% percent",
    "zhe": "折", "times": "倍", "jin": "斤", "litre": "L l 升", "watt": "W w", "degree": "度 ℃ °C",
}  # fmt: skip
_UNIT = {said: unit for unit, words in _UNITS.items() for said in words.split()}
_IDLE_ONE = frozenset("个件只款位次种张单套点盒包笔")  # 一个, 一件: no figure


def plain(text: str) -> str:
    """Full width made narrow, Traditional made Simplified."""
    return simplify(unicodedata.normalize("NFKC", text).replace("￥", "¥")).text


def figures(text: str, today: date | None = None) -> list[Figure]:
    """Every figure of the text. Tomorrow and yesterday are days where today is known."""
    rest = plain(text)
    found: list[Figure] = []

    def take(pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        nonlocal rest
        for match in list(pattern.finditer(rest)):
            yield match
            rest = rest[: match.start()] + "\n" * (match.end() - match.start()) + rest[match.end() :]

    for _ in take(_FEAST):
        pass
    for m in take(_WEB):
        found.append(Figure("web", m[0].casefold().rstrip("/.,;"), m[0]))
    for pattern in _DAY:
        for m in take(pattern):
            if day := _day(m.groupdict()):
                found.append(Figure("day", day, m[0]))
    if today is not None:
        for m in take(_NEAR_DAY):
            near = today + timedelta(days=_NEAR[m[0].casefold()])
            found.append(Figure("day", near.isoformat(), m[0]))
    for m in take(_CLOCK):
        found.append(Figure("clock", f"{int(m[1])}:{m[2]}", m[0]))
    for pattern in _MONEY:
        for m in take(pattern):
            said = m.groupdict()
            number = said.get("n") or str(numeral(said["han"]))
            currency = _SIGN[said["sign"]] if said.get("sign") else _NAME[said["name"].casefold()]
            found.append(Figure("money", f"{number_of(number)} {currency}", m[0]))
    for m in list(_CODE.finditer(rest)):
        digits = sum(c.isdigit() for c in m[0])
        if (
            m[0].startswith("#")
            or digits >= 5
            or (digits >= 2 and "-" in m[0] and any(c.isalpha() for c in m[0]))
        ):
            found.append(Figure("code", m[0].strip("#*_-").casefold(), m[0]))
            rest = rest[: m.start()] + "\n" * (m.end() - m.start()) + rest[m.end() :]
    for m in take(_NAMED):
        found.append(Figure("code", m["code"], m[0]))
    for m in take(_WORD_COUNTED):
        found.append(Figure("number", str(_WORDS[m["n"].casefold()]), m[0], _unit(m["unit"].split()[-1])))
    for m in take(_COUNTED):
        found.append(Figure("number", number_of(m["n"]), m[0], _unit(m["unit"] or "")))
    for m in take(_HAN_COUNTED):
        value = numeral(m["n"])
        if value > 1 or m["unit"] not in _IDLE_ONE:
            found.append(Figure("number", str(value), m[0], _unit(m["unit"])))
    return found


def number_of(said: str) -> str:
    return f"{Decimal(said.replace(',', '')).normalize():f}"


def numeral(said: str) -> int:
    """三十五 → 35; 一百二 → 102 is not meant to be right, only the same for the same words."""
    total = part = 0
    for char in said:
        if char in "十百千万":
            part = (part or 1) * {"十": 10, "百": 100, "千": 1000, "万": 10000}[char]
            total, part = total + part, 0
        else:
            part = part * 10 + "零一二三四五六七八九".find({"〇": "零", "两": "二"}.get(char, char))
    return total + part


def _day(said: dict[str, str | None]) -> str:
    year = int(said.get("y") or 0)
    month = _MONTHS.index((said["mon"] or "")[:3].casefold()) + 1 if "mon" in said else _either(said["m"])
    day = _either(said["d"])
    return f"{year:04d}-{month:02d}-{day:02d}" if 1 <= month <= 12 and 1 <= day <= 31 else ""


def _either(said: str | None) -> int:
    return int(said) if said and said.isdigit() else numeral(said or "零")


def _unit(said: str) -> str:
    """What is no known unit is the next word: 298买, 115 Size."""
    return _UNIT.get(said.casefold(), "")
