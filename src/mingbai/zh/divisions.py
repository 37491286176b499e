"""The administrative divisions of China as a table: provinces, prefectures, counties, with GB/T 2260 codes.

Read once, from `divisions.txt` beside this file (its first lines name sources and licences). Names that were withdrawn
since 1995 stay findable, marked `retired`: old addresses and identity numbers carry them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Literal

Level = Literal["province", "city", "district"]

# Where a parcel takes longer or costs more as a rule of the trade: 西藏, 新疆, and for most sellers 青海, 宁夏, 内蒙古.
REMOTE = frozenset({"54", "65"})
OUTSIDE = frozenset({"71", "81", "82"})  # Taiwan, Hong Kong, Macau: customs, other postage

_PEOPLES = (
    "壮族|回族|满族|蒙古族|蒙古|藏族|羌族|彝族|苗族|侗族|土家族|瑶族|黎族|畲族|傣族|白族|哈尼族|傈僳族|佤族|拉祜族|纳西族|景颇族|布朗族|"
    "布依族|水族|仡佬族|仫佬族|毛南族|朝鲜族|达斡尔族|鄂伦春|鄂温克族|锡伯族|锡伯|哈萨克族|哈萨克|维吾尔|柯尔克孜|塔吉克|塔吉克族|东乡族|"
    "撒拉族|撒拉|保安族|裕固族|土族|普米族|怒族|独龙族|阿昌族|德昂族|基诺族|京族|各族|回|独龙族怒族"
)
_AUTONOMOUS = re.compile(f"(?:{_PEOPLES})+自治[州县旗]$")
_PROVINCE_TAIL = re.compile("(?:特别行政区|(?:壮族|回族|维吾尔)?自治区|省|市)$")
_CITY_TAIL = re.compile("(?:市|地区|盟|县)$")
_DISTRICT_TAIL = re.compile("(?:区|县|市|旗|乡|镇)$")


@dataclass(frozen=True, slots=True)
class Division:
    """`code` has six digits, or is empty where none was given out (within Taiwan)."""

    name: str
    level: Level
    code: str
    parent: Division | None = field(default=None, repr=False)
    retired: bool = False

    @property
    def province(self) -> Division:
        return self if self.parent is None else self.parent.province

    def within(self, other: Division) -> bool:
        return self is other or (self.parent is not None and self.parent.within(other))

    def path(self) -> str:
        """The whole name from the province down: 吉林省长春市朝阳区."""
        return self.name if self.parent is None else self.parent.path() + self.name

    def short(self) -> str:
        """The name as people say it: 浙江, 内蒙古, 恩施, 西湖. The whole name where nothing sensible would be left."""
        if (said := _AUTONOMOUS.sub("", self.name)) != self.name:
            return said if len(said) > 1 else self.name
        tail = {"province": _PROVINCE_TAIL, "city": _CITY_TAIL, "district": _DISTRICT_TAIL}[self.level]
        said = tail.sub("", self.name)
        return said if len(said) > 1 else self.name


@dataclass(frozen=True, slots=True)
class Table:
    divisions: tuple[Division, ...] = field(repr=False)
    codes: dict[str, Division] = field(repr=False)
    withdrawn: frozenset[str] = field(repr=False)

    def knows(self, code: str) -> bool:
        """Whether the six digits were ever given out to a division."""
        return code in self.codes or code in self.withdrawn


@cache
def table() -> Table:
    divisions: list[Division] = []
    codes: dict[str, Division] = {}
    withdrawn: set[str] = set()
    province: Division | None = None

    def add(division: Division) -> Division:
        divisions.append(division)
        if division.code:
            codes[division.code] = division
        return division

    text = resources.files("mingbai.zh").joinpath("divisions.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        head, _, rest = line.partition(" ")
        if head == "#":
            continue
        if head == "~":
            for run in rest.split():
                withdrawn.update(run[:4] + run[at : at + 2] for at in range(4, len(run), 2))
            continue
        if len(head) == 2:
            province = add(Division(rest, "province", head + "0000"))
            continue
        name, _, counties = rest.partition(":")
        above = province
        if name != "-":
            above = add(Division(name, "city", "" if "-" in head else head + "00", province))
        for county in counties.split():
            retired = county.startswith("~")
            digits, called = county.lstrip("~")[:2], county.lstrip("~")[2:]
            code = "" if digits == "--" else head + digits
            add(Division(called, "district", code, above, retired))
    return Table(tuple(divisions), codes, frozenset(withdrawn))
