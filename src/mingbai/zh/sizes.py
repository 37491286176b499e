"""Clothing and shoe sizes: XXL, 2XL, M码, 均码, 175/92A, 39码, 欧码39, US 8.5, 245mm.

China's shoe sizes are lengths of the foot in millimetres (GB/T 3293.1-1998); 39码 is the older count, two per centimetre
less ten, which matches EU sizes. No US or UK conversion: makers differ, the shop's own table decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from mingbai.zh.mapped import Mapped

SizeKind = Literal["clothing", "shoe", "waist"]
System = Literal["letter", "CN", "EU", "US", "UK", "mm", "inch", "one"]

_ALPHA = r"(?:[xX]{1,4}|[2-6][xX])[sSlL]|[xX][sSlL]"
SIZE = re.compile(
    r"(?=[0-9A-Za-z三四均双加特大中小欧美英鞋尺码])(?:"
    # 175/92A: height, chest or waist, build (GB/T 1335)
    r"(?P<model>1[0-9]{2}/(?<![0-9A-Za-z/]1[0-9]{2}/)[0-9]{2,3}[ABCYabcy])(?![0-9A-Za-z])"
    rf"|(?<![0-9A-Za-z'])(?P<alpha>{_ALPHA})(?![0-9A-Za-z])(?:码|号)?"
    r"|(?![0-9])(?:"  # the rest but one begins with no digit: hostile texts have little else
    r"(?<![0-9A-Za-z'])(?P<single>[smlSML])(?:码|号|\ssize\b)|\b(?:size|尺码|码数|码)\s?[:：]?\s?(?P<sized>[smlSML])(?![0-9A-Za-z'])"
    r"|(?<=[\u4e00-\u9fff，,、/])(?<![几多])(?P<between>(?-i:[SML]))(?=[\u4e00-\u9fff，,、/。？！?!]|\Z)"
    r"|(?P<free>均码|\bone size\b|\bfree size\b)|(?P<loose>(?:加大加大|双加大|加加大|特加大|加大|特大)码|大码|中码|小码)"
    r"|(?P<system>欧码|美码|英码|\bEUR?|\bUS|\bUK|鞋码|鞋号)\s?(?:是|穿|:|：)?\s?(?P<said>[0-9]{1,3}(?:\.5)?)(?![0-9.]|\s?(?:\$|元|块|dollar))(?:码|号)?)"
    r"|(?<![0-9.])(?P<count>[0-9]{2,3}(?:\.5)?|[三四]十[一二三四五六七八九]?)\s?(?P<of>欧码|美码|英码|码半|码|号(?=半|的?鞋|脚)|的?鞋(?![盒垫带柜架子]))(?![头]))",
    re.IGNORECASE,
)
_SYSTEMS = {"欧码": "EU", "eu": "EU", "eur": "EU", "美码": "US", "us": "US", "英码": "UK", "uk": "UK"}
_LOOSE = {
    "加大": "XL",
    "特大": "XXL",
    "加大加大": "XXL",
    "双加大": "XXL",
    "加加大": "XXL",
    "特加大": "XXL",
    "大": "L",
    "中": "M",
    "小": "S",
}
_TROUSERS = re.compile(r"裤|腰|牛仔")
_CLOTH = re.compile(r"布|面料|织带|丝带|绳|纱")
_DIGITS = str.maketrans("一二三四五六七八九", "123456789")


@dataclass(frozen=True, slots=True)
class Size:
    """`label` is the size in its system: `2XL` for clothing letters, `39` for shoes; `also` is its common other name (XXL)."""

    said: str
    start: int
    end: int
    kind: SizeKind
    system: System
    label: str
    also: str = ""


def shoe_mm(size: Decimal) -> Decimal:
    """Foot length in millimetres of a Chinese or EU size by the common rule: 39 is 245."""
    return (size + 10) * 5


def shoe_size(mm: Decimal) -> Decimal:
    """Chinese or EU size of a foot length: 245 mm is 39."""
    return mm / 5 - 10


def read_size(form: Mapped, match: re.Match[str]) -> Size | None:
    """What a match of SIZE says; None when the number is no size (5码 of cloth)."""
    start, end = form.back(*match.span())
    said = form.original[start:end]
    for kind, system, label, also in _readings(form.text, match):
        return Size(said, start, end, kind, system, label, also)
    return None


def _readings(text: str, match: re.Match[str]) -> Iterator[tuple[SizeKind, System, str, str]]:
    if match["model"]:
        yield "clothing", "CN", match["model"].upper(), ""
    elif match["free"]:
        yield "clothing", "one", "one size", ""
    elif match["loose"]:
        yield "clothing", "letter", _LOOSE[match["loose"][:-1]], ""
    elif letters := match["alpha"] or match["single"] or match["sized"] or match["between"]:
        yield "clothing", "letter", *_letters(letters.upper())
    elif match["system"]:
        system = _SYSTEMS.get(match["system"].lower(), "CN")
        number = Decimal(match["said"])
        if system in ("US", "UK") and 1 <= number <= 16:
            yield "shoe", "US" if system == "US" else "UK", match["said"], ""
        elif system in ("CN", "EU"):
            yield from _shoe(number, "EU" if system == "EU" else "CN")
    else:
        yield from _counted(text, match)


def _counted(text: str, match: re.Match[str]) -> Iterator[tuple[SizeKind, System, str, str]]:
    plain = match["count"].translate(_DIGITS)
    if "十" in plain:
        tens, _, ones = plain.partition("十")
        plain = tens + (ones or "0")
    number = Decimal(plain) + (Decimal("0.5") if match["of"] == "码半" else 0)
    around = text[max(0, match.start() - 8) : match.start()] + "," + text[match.end() : match.end() + 8]
    named = _SYSTEMS.get(match["of"].lower())
    if named in ("US", "UK"):
        if number <= 16:
            yield "shoe", "US" if named == "US" else "UK", f"{number:f}", ""
    elif _CLOTH.search(around):
        return
    elif 24 <= number <= 44 and _TROUSERS.search(around):
        yield "waist", "inch", f"{number:f}", ""
    elif 100 <= number < 200 and number == int(number):
        yield "clothing", "CN", f"{number:f}", ""
    else:
        yield from _shoe(number, "EU" if named == "EU" else "CN")


def _shoe(number: Decimal, system: System) -> Iterator[tuple[SizeKind, System, str, str]]:
    if 15 <= number <= 50:
        yield "shoe", system, f"{number:f}", f"{shoe_mm(number):f} mm"
    elif 200 <= number <= 310:
        yield "shoe", "mm", f"{number:f}", f"{shoe_size(number).normalize():f}"


def _letters(said: str) -> tuple[str, str]:
    """The size and its other name: XXL is 2XL."""
    xs = re.fullmatch(r"(X{2,4})([SL])", said)
    if xs:
        return said, f"{len(xs[1])}X{xs[2]}"
    counted = re.fullmatch(r"([2-6])X([SL])", said)
    if counted:
        return said, "X" * int(counted[1]) + counted[2]
    return said, ""
