"""What of a text can be wrong: its numbers with their units, days, sums, sizes, codes and addresses, and vague times.
One reading serves facts and answers.

Days are month and day (with the year where one is said); amounts are sums with a currency; counts are numbers with
their unit, a range being one count; `vague` is what says a time or a part without a number (下周五, half price), which
may only be copied. Pure and linear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from mingbai.zh import numerals
from mingbai.zh.width import narrow

Kind = Literal["code", "web", "amount", "day", "clock", "count", "size", "vague"]


@dataclass(frozen=True, slots=True)
class Piece:
    """`value` is what two texts must share; `said` is how this one says it."""

    kind: Kind
    value: str
    said: str
    start: int


_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_MONTHS = _MONTH.split("|")
_SIGNS = {"¥": "CNY", "￥": "CNY", "€": "EUR", "$": "USD", "£": "GBP", "元": "CNY", "块": "CNY", "块钱": "CNY", "人民币": "CNY", "yuan": "CNY",
          "rmb": "CNY", "cny": "CNY", "eur": "EUR", "euro": "EUR", "euros": "EUR", "欧元": "EUR", "欧": "EUR", "usd": "USD", "dollars": "USD",
          "美元": "USD", "美金": "USD", "hk$": "HKD", "nt$": "TWD", "港币": "HKD", "港元": "HKD", "台币": "TWD", "日元": "JPY", "英镑": "GBP",
          "pounds": "GBP", "yen": "JPY", "dollar": "USD", "gbp": "GBP"}  # fmt: skip
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_TO = r"\s?(?:-|~|～|至|到|to\b)\s?"
_WEB = re.compile(
    r"(?i)https?://\S{1,300}|www\.\S{1,300}|[\w.+*-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}"
    r"|(?<![\w.])[a-z][a-z0-9-]{1,40}\.(?:com|cn|net|org|shop|io|top|xyz|store|example|de|eu)\b\S{0,200}"
)
_CODE = re.compile(r"#?[A-Za-z0-9][A-Za-z0-9_*#-]{2,63}")
_HAN_NUMBER = "[一二三四五六七八九十廿]{1,3}"
_DAYS = (
    re.compile(r"(?:(?P<y>\d{4})\s?年\s?)?(?P<m>\d{1,2})\s?月\s?(?P<d>\d{1,2})\s?[日号]?"),
    re.compile(rf"(?P<m>{_HAN_NUMBER})月(?P<d>{_HAN_NUMBER})[日号]?"),
    re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)"),
    re.compile(rf"(?i)\b(?P<n>{_MONTH})[a-z]{{0,6}}\.? (?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])(?:,? (?P<y>\d{{4}}))?"),
    re.compile(rf"(?i)\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\.? (?:of )?(?P<n>{_MONTH})[a-z]{{0,6}}\.?(?:,? (?P<y>\d{{4}}))?"),
    re.compile(r"(?<![\d/.])(?P<m>\d{1,2})/(?P<d>\d{1,2})(?![\d/])"),
)  # fmt: skip
_LATER_DAY = re.compile(r"\s?(?:-|~|至|到)\s?(\d{1,2})\s?[日号]")
_DAY_ALONE = re.compile(r"(?i)(?<![\d.A-Za-z-])(\d{1,2})\s?(?:[日号](?![码楼线店])|(?:st|nd|rd|th)\b)")
_HAN_DAY_ALONE = re.compile(
    rf"(?<![一-鿿])({_HAN_NUMBER})号(?![码楼线店])|(?<=[，,。在于到]){_HAN_NUMBER}号(?![码楼线店])"
)
_CLOCK = re.compile(r"(?i)(?<![\d:])(\d{1,2}):(\d{2})(?!\d)(?:\s?([ap])\.?m\b)?")
_SPOKEN_CLOCK = re.compile(
    r"(?i)(?P<part>早上|上午|中午|下午|晚上|傍晚|凌晨)?\s?(?<!\d)(?P<h>\d{1,2})\s?点(?:(?P<half>半)|(?P<m>\d{1,2})分?)?(?!\d)"
    r"|(?<![\d:.])(?P<e>\d{1,2})\s?(?P<ap>[ap])\.?m\b"
)
_SIGNED = re.compile(
    rf"(?i)(hk\$|nt\$|[¥￥€$£])\s?({_NUMBER}|[一二三四五六七八九十百千万零两]{{1,12}}(?:\.\d+)?)"
)
_UNITED = re.compile(
    rf"(?i)({_NUMBER})\s?(块钱|人民币|欧元|美元|美金|港币|港元|台币|日元|英镑|元|块|欧|yuan\b|rmb\b|cny\b|euros?\b|eur\b|usd\b|gbp\b|dollars?\b|"
    rf"pounds\b|yen\b|[€$£])"
)
_OFF = re.compile(
    r"(?i)(\d{1,2}(?:\.\d)?|[一二三四五六七八九]{1,2})\s?折(?![叠扣断痕旧腾磨磕射])|(\d{1,2}(?:\.\d+)?)\s?%\s?(?:off|discount)\b"
)
_SIZE = re.compile(r"(?<![A-Za-z0-9'.-])(XXS|XS|S|M|L|XL|XXL|XXXL|[2-5]XL)(?![A-Za-z0-9'-])")
_UNIT = r"%|‰|个?工作日|个?小时|个月|分钟|毫升|厘米|毫米|公斤|千克|平方|[a-zA-Z]{1,12}|℃|°C|[一-鿿]"
_COUNT = re.compile(rf"(?<![A-Za-z0-9_.])({_NUMBER})(?:{_TO}({_NUMBER}))?(?:-(?=[a-zA-Z])|\s?)({_UNIT})?")
_SAID_UNITS = {"個": "个", "hours": "hour", "days": "day", "hrs": "hour", "h": "hour", "pieces": "piece", "pcs": "piece", "items": "item",
               "sets": "set", "日": "天", "months": "month", "weeks": "week", "years": "year", "parcels": "parcel", "percent": "%", "号": "天",
               "小时": "时", "个小时": "时", "working": "workday", "business": "workday", "个工作日": "工作日", "个月": "月", "毫升": "ml", "厘米": "cm",
               "毫米": "mm", "公斤": "kg", "千克": "kg", "克": "g", "升": "l", "liters": "l", "litres": "l", "minutes": "minute", "min": "minute",
               "mins": "minute", "℃": "°c", "watts": "w", "grams": "g", "周": "周", "礼拜": "周", "year": "year", "yrs": "year"}  # fmt: skip
_ONES = dict(zip(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"], range(20), strict=True))  # fmt: skip
_TENS = dict(
    zip(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
        range(20, 100, 10),
        strict=True,
    )
)
_SPELT = "|".join((*_TENS, *sorted(_ONES, key=len, reverse=True), "hundred", "thousand"))
_ENGLISH = re.compile(
    rf"(?i)\b((?:an? (?=hundred|thousand))?(?:{_SPELT})(?:(?: and |[ -])(?:{_SPELT}))*)(?:[ -](?:more )?([a-z]+))?"
)
_COUNTED = frozenset(
    (
        "day",
        "hour",
        "week",
        "month",
        "year",
        "parcel",
        "piece",
        "item",
        "set",
        "%",
        "workday",
        "minute",
        "yuan",
        "euro",
        "left",
    )
)
_AN = re.compile(r"(?i)\b(?:an?|one) (day|week|month|year|hour|minute)\b")
# What says a time, a part or a number without one. It may stand in an answer only as it stands in the facts.
_VAGUE = re.compile(
    r"今天|今日|今晚|今早|今夜|明天|明日|明早|明晚|后天|昨天|昨日|昨晚|前天|(?:本|这|下下?|上)个?(?:周末?|星期|礼拜)[一二三四五六日天末]?|"
    r"(?:周|星期|礼拜)[一二三四五六日末天](?![期年])|周末|(?:本|这个?|下个?|上个?)月|[月年]底|[月年]初|近期|过几|好几|几个?(?:小时|工作日|天|分钟|周|月|折|元|件)|"
    r"半价|半(?:个月|天|小时|年|个小时)|(?:两三|三四|三五|四五|五六|七八|八九|十几|几十|几百)[一-鿿]|很快|马上|立即|立刻|尽快|稍后|随即|即将|随时|当天|当日|"
    r"(?i:\b(?:today|tonight|tomorrow|yesterday|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekends?|soon|shortly|immediately|asap|right away|"
    r"promptly|instantly|any ?time|(?:next|this|last) (?:week|month|year|time)|end of (?:the |this )?(?:day|week|month|year)|christmas|new year'?s?|"
    r"within (?:hours|days|minutes|weeks)|(?:a |in a )?(?:few|couple of|several|some) (?:\w+ )?(?:minutes?|hours?|days?|weeks?|months?|left|pieces?)|"
    r"fortnights?|dozens?|half(?: |-)(?:price|off|an? \w+)|half))"
)
_VAGUE_SAME = {"当日": "当天", "今日": "今天", "明日": "明天", "昨日": "昨天"}


def read(text: str) -> list[Piece]:
    """Every piece, in the order said; none inside another."""
    plain = list(narrow(text, keep="，").text)
    found: list[Piece] = []

    def take(match: re.Match[str], kind: Kind, value: str) -> None:
        found.append(Piece(kind, value, match[0], match.start()))
        plain[match.start() : match.end()] = "\x00" * (match.end() - match.start())

    def here() -> str:
        return "".join(plain)

    for match in _WEB.finditer(here()):
        take(match, "web", match[0].rstrip(".,;!?。，").casefold())
    for pattern in _DAYS:
        whole = here()
        for match in pattern.finditer(whole):
            groups = match.groupdict()
            month = _number(groups["m"]) if groups.get("m") else _MONTHS.index(groups["n"].casefold()[:3]) + 1
            year = groups.get("y")
            take(match, "day", f"{int(year) if year else 0}-{month}-{_number(groups['d'])}")
            later = _LATER_DAY.match(whole, match.end())
            if later is not None:
                take(later, "day", f"0-{month}-{int(later[1])}")
    for match in _CLOCK.finditer(here()):
        take(match, "clock", _time(int(match[1]), int(match[2]), (match[3] or "").casefold() == "p"))
    for match in _SPOKEN_CLOCK.finditer(here()):
        if match["e"]:
            take(match, "clock", _time(int(match["e"]), 0, match["ap"].casefold() == "p"))
        else:
            late = match["part"] in ("下午", "晚上", "傍晚")
            take(match, "clock", _time(int(match["h"]), 30 if match["half"] else int(match["m"] or 0), late))
    for match in _SIGNED.finditer(here()):
        take(match, "amount", f"{_plain(match[2])} {_SIGNS[match[1].casefold()]}")
    for match in _UNITED.finditer(here()):
        take(match, "amount", f"{_plain(match[1])} {_SIGNS[match[2].casefold()]}")
    for match in _CODE.finditer(here()):
        digits = sum(c.isdigit() for c in match[0])
        if digits >= 6 or (digits >= 2 and re.match(r"#?[A-Z]+[-\dA-Z]*\d", match[0])):
            take(match, "code", match[0].strip("#*-_").casefold())
    for match in _DAY_ALONE.finditer(here()):
        take(match, "day", f"0-0-{int(match[1])}")
    for match in _HAN_DAY_ALONE.finditer(here()):
        take(match, "day", f"0-0-{_number(match[0][:-1])}")
    for match in _OFF.finditer(here()):
        take(match, "count", f"{_factor(match)} 折")
    for match in _COUNT.finditer(here()):
        number = _plain(match[1]) + (f"-{_plain(match[2])}" if match[2] else "")
        take(match, "count", f"{number} {_unit(match[3] or '')}".strip())
    for match in _SIZE.finditer(here()):
        take(match, "size", match[1])
    for match in _AN.finditer(here()):
        take(match, "count", f"1 {match[1].casefold()}")
    for match in _VAGUE.finditer(here()):
        said = match[0].casefold()
        take(match, "vague", _VAGUE_SAME.get(said, said))
    rest = here()
    for match in _ENGLISH.finditer(rest):
        spelt, unit = _spelt(match[1]), _unit((match[2] or "").casefold())
        if unit in _COUNTED or spelt >= 10:
            kind: Kind = "amount" if unit in ("yuan", "euro") else "count"
            take(match, kind, f"{spelt} {_SIGNS.get(unit, unit)}".strip())
    rest = here()
    for number_found in numerals.find(rest):
        start, end, low, high = (
            number_found.start,
            number_found.end,
            number_found.number.low,
            number_found.number.high,
        )
        following = re.match(_UNIT, rest[end:])
        unit = _unit(following[0]) if following else ""
        if "百分之" in number_found.said:
            unit, low, high = "%", low * 100, high * 100
        if low == high and (low >= 10 or unit in _MEASURES or (low > 1 and unit in _PIECES)):
            said, amount = rest[start : end + 1], unit in ("元", "块")
            found.append(
                Piece(
                    "amount" if amount else "count",
                    f"{_plain(str(low))} {'CNY' if amount else unit}".strip(),
                    said,
                    start,
                )
            )
        elif low != high:
            found.append(Piece("vague", rest[start : end + 1], rest[start : end + 1], start))
    return sorted(found, key=lambda piece: piece.start)


# After a numeral in characters only these make it a count: 一下, 一起, 万一 say no number.
_MEASURES = frozenset(("天", "时", "工作日", "周", "月", "年", "倍", "元", "块", "%", "分钟", "ml"))
_PIECES = frozenset("件个只套包盒袋张次份单种块瓶台支把条码")


def _number(said: str) -> int:
    if said.isdigit():
        return int(said)
    number = numerals.parse(said)
    return int(number.low) if number is not None else 0


def _time(hour: int, minute: int, late: bool) -> str:
    return f"{hour + 12 if late and hour < 12 else hour}:{minute:02d}"


def _factor(match: re.Match[str]) -> Decimal:
    """What is still paid: 85 折, 八五折, 8.5 折, 15 % off are 0.85."""
    if match[2]:
        return (1 - Decimal(match[2]) / 100).normalize()
    digits = match[1].translate(str.maketrans("一二三四五六七八九", "123456789"))
    return (Decimal(digits) / (100 if "." not in digits and len(digits) == 2 else 10)).normalize()


def _spelt(said: str) -> int:
    total = part = 0
    for word in re.split(r"[ -]+", said.casefold()):
        if word in ("hundred", "thousand"):
            part = max(part, 1) * (100 if word == "hundred" else 1000)
        elif word not in ("a", "an", "and"):
            part += _ONES.get(word, 0) or _TENS.get(word, 0)
    return total + part


def _unit(said: str) -> str:
    return _SAID_UNITS.get(said.casefold(), said.casefold())


def _plain(number: str) -> str:
    try:
        value = Decimal(number.replace(",", ""))
    except ArithmeticError:  # in characters
        whole, _, rest = number.partition(".")
        known = numerals.parse(whole)
        value = Decimal(f"{known.low if known else 0}{'.' + rest if rest else ''}")
    return f"{value.normalize():f}"
