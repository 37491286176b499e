"""What of a text can be wrong: its numbers with their units, days, codes and addresses. One reading serves facts and answers.

Days are month and day (with the year where one is said); amounts are sums with a currency; counts are numbers with
the unit that follows them. Pure and linear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from mingbai.zh import numerals
from mingbai.zh.width import narrow

Kind = Literal["code", "web", "amount", "day", "clock", "count"]


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
          "美元": "USD", "美金": "USD", "hk$": "HKD", "nt$": "TWD"}  # fmt: skip
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_WEB = re.compile(r"(?i)https?://\S{1,300}|www\.\S{1,300}|[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}")
_CODE = re.compile(r"#?[A-Za-z0-9][A-Za-z0-9_*#-]{3,63}")
_DAYS = (
    re.compile(r"(?:(?P<y>\d{4})\s?年\s?)?(?P<m>\d{1,2})\s?月\s?(?P<d>\d{1,2})\s?[日号]?"),
    re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)"),
    re.compile(rf"(?i)\b(?P<n>{_MONTH})[a-z]{{0,6}}\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<y>\d{{4}}))?"),
    re.compile(rf"(?i)\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\.? (?:of )?(?P<n>{_MONTH})[a-z]{{0,6}}\.?(?:,? (?P<y>\d{{4}}))?"),
)  # fmt: skip
_CLOCK = re.compile(r"(?<![\d:])(\d{1,2}):(\d{2})(?!\d)")
_SIGNED = re.compile(rf"(?i)(hk\$|nt\$|[¥￥€$£])\s?({_NUMBER})")
_UNITED = re.compile(
    rf"(?i)({_NUMBER})\s?(块钱|人民币|欧元|美元|美金|元|块|欧|yuan\b|rmb\b|cny\b|euros?\b|eur\b|usd\b|dollars\b|[€$£])"
)
_COUNT = re.compile(rf"(?<![\w.])({_NUMBER})\s?(%|％|[a-zA-Z]{{1,12}}|[一-鿿])?")
_SAID_UNITS = {"％": "%", "個": "个", "hours": "hour", "days": "day", "hrs": "hour", "h": "hour", "pieces": "piece", "pcs": "piece", "items": "item",
               "sets": "set", "日": "天", "months": "month", "weeks": "week", "years": "year", "parcels": "parcel", "percent": "%", "号": "天",
               "小": "时", "钟": "时", "点": "时", "工": "天", "working": "day", "business": "day"}  # fmt: skip
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
_ENGLISH = re.compile(rf"(?i)\b({'|'.join(_WORDS)})\b[ -]([a-z]+)")
_COUNTED = frozenset(("day", "hour", "week", "month", "year", "parcel", "piece", "item", "set", "%"))


def read(text: str) -> list[Piece]:
    """Every piece, in the order said; none inside another."""
    plain = list(narrow(text).text)
    found: list[Piece] = []

    def take(match: re.Match[str], kind: Kind, value: str) -> None:
        found.append(Piece(kind, value, match[0], match.start()))
        plain[match.start() : match.end()] = "\x00" * (match.end() - match.start())

    for match in _WEB.finditer("".join(plain)):
        take(match, "web", match[0].rstrip(".,;!?。，").casefold())
    for pattern in _DAYS:
        for match in pattern.finditer("".join(plain)):
            groups = match.groupdict()
            month = int(groups["m"]) if groups.get("m") else _MONTHS.index(groups["n"].casefold()[:3]) + 1
            take(match, "day", f"{int(groups['y']) if groups['y'] else 0}-{month}-{int(groups['d'])}")
    for match in _CLOCK.finditer("".join(plain)):
        take(match, "clock", f"{int(match[1])}:{match[2]}")
    for match in _SIGNED.finditer("".join(plain)):
        take(match, "amount", f"{_plain(match[2])} {_SIGNS[match[1].casefold()]}")
    for match in _UNITED.finditer("".join(plain)):
        take(match, "amount", f"{_plain(match[1])} {_SIGNS[match[2].casefold()]}")
    for match in _CODE.finditer("".join(plain)):
        digits = sum(c.isdigit() for c in match[0])
        if digits >= 6 or (
            digits >= 2 and re.search(r"[A-Z]", match[0]) and re.search(r"[-\dA-Z]{5}", match[0])
        ):
            take(match, "code", match[0].strip("#*-_").casefold())
    for match in _COUNT.finditer("".join(plain)):
        take(match, "count", f"{_plain(match[1])} {_unit(match[2] or '')}".strip())
    rest = "".join(plain)
    for match in _ENGLISH.finditer(rest):
        if _unit(match[2].casefold()) in _COUNTED:
            take(match, "count", f"{_WORDS[match[1].casefold()]} {_unit(match[2].casefold())}")
    for number in numerals.find("".join(plain)):
        low, unit = number.number.low, _unit(rest[number.end]) if number.end < len(rest) else ""
        if unit in _MEASURES and low == number.number.high:
            said = rest[number.start : number.end + 1]
            found.append(Piece("count", f"{_plain(str(low))} {unit}", said, number.start))
    return sorted(found, key=lambda piece: piece.start)


# After a numeral in characters only these make it a count: 一下, 一起, 万一 say no number.
_MEASURES = frozenset("天时周月年折倍元块")


def _unit(said: str) -> str:
    return _SAID_UNITS.get(said, said)


def _plain(number: str) -> str:
    value = Decimal(number.replace(",", ""))
    return f"{value.normalize():f}"
