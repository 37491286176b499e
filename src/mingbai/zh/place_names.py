"""Which divisions a text names from a position on: 浙江省杭州市西湖区, 浙江杭州西湖, 吉林吉林船营, 东莞市, 香港九龙.

Works on simplified, narrowed text. Each reading is a chain from the upper to the lower; several stay where the words
leave it open (鼓楼区 is in Nanjing, Xuzhou, Fuzhou and Kaifeng).
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, TypeAlias

from mingbai.zh.divisions import Division, table
from mingbai.zh.script import simplify

# What stands between levels and says nothing: separators, and the placeholders of platforms' address pickers.
_BETWEEN = re.compile(
    r"(?:[ ,，、/|>·_.-]|中华人民共和国|中国大陆|中国(?=[^\s]{0,3}[省市区])|中国(?! ?[银人农工建移联电石])|市辖区|市辖县"
    r"|自治区直辖县级行政(?:区划|单位)|省直辖县级行政(?:区划|单位)|[省市]直辖行政区划|省直辖|(?<=重庆市)县|(?<=重庆)县(?=[ ,/-]))+"
)
_REGIONS = re.compile(
    r"(?:香港岛|港岛|九龙(?!城)|新界|澳门半岛|氹仔|路环)"
)  # between Hong Kong or Macau and a district
# After a short name these make it the name of a road, gate, temple …: 南京路, 朝阳门, 北京东路, 杭州湾.
_NOT_A_PLACE = re.compile(  # or of a dish, a tea, a brand
    r"[东西南北中前后]?[一二三四五六七八九十]{0,2}(?:路|街|道|巷|弄|胡同|里弄|条|环)|[东南西北中]?大[道街桥厦]|高[速铁]|快速"
    r"|[门寺桥站村镇乡庄屯湾]|公园|广场|花园|新村|国际|银行|大学|饭店|酒店|宾馆|话|菜|烤鸭|人(?!民)|时间|牌|啤酒|毛[峰尖]|[红绿白黑岩花]?茶|龙井|大红袍|铁观音|瓷|紫[砂陶]|壶|酒|火腿|小吃|特产|产|款|味|风味|口味|麻辣|火锅|由(?!义)"
)
_ZONE_FOLLOWS = re.compile("新区|新城|经济|高新|开发区|工业|产业|科技")
_TAILS = frozenset("市区县州省旗盟")
_AFTER_CITY = re.compile("场|民(?![权勤乐丰和])|井(?![陉研冈])")  # 中山市场, 上海市民, but 商丘市民权县
_REACH = 32  # most chains with their separators are shorter
_BETWEEN_FIRST = frozenset(" ,，、/|>·_.-中市自省县香港九新澳氹路")
_GENERAL = frozenset({"东区", "西区", "南区", "北区", "中区", "城区", "郊区", "矿区", "新区", "市区"})
_ALIASES = {"内蒙": "内蒙古自治区", "广西省": "广西壮族自治区", "新疆省": "新疆维吾尔自治区", "宁夏省": "宁夏回族自治区", "西藏省": "西藏自治区",
            "内蒙古省": "内蒙古自治区", "香港省": "香港特别行政区", "澳门省": "澳门特别行政区", "香港特区": "香港特别行政区", "澳门特区": "澳门特别行政区",
            "香港市": "香港特别行政区", "台湾地区": "台湾省", "呼市": "呼和浩特市"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    division: Division
    full: bool


class Chain(NamedTuple):
    """Divisions named in [start:end), upper first, each within the one before. `score` compares readings of one text."""

    start: int
    end: int
    named: tuple[Division, ...]
    score: float

    @property
    def deepest(self) -> Division:
        return self.named[-1]


@dataclass(frozen=True, slots=True)
class Names:
    by_name: dict[str, tuple[Name, ...]]
    lengths: dict[str, tuple[int, ...]]  # by the first two characters, longest first
    first: re.Pattern[str]  # a character that one begins with


@cache
def names() -> Names:
    by_name: dict[str, list[Name]] = defaultdict(list)
    for division in table().divisions:
        by_name[division.name].append(Name(division, True))
        short = division.short()
        if short != division.name and not division.retired:
            by_name[short].append(Name(division, False))
        if division.name.endswith(("自治州", "自治县", "自治旗")) and short != division.name:
            by_name[short + division.name[-1]].append(Name(division, True))
        if division.name.endswith("林区"):
            by_name[division.name.removesuffix("林区")].append(Name(division, False))
    whole = {division.name: division for division in table().divisions}
    for alias, name in _ALIASES.items():
        by_name[alias].append(Name(whole[name], alias.endswith(("省", "市", "区"))))
    for name in list(by_name):
        if (simple := simplify(name).text) != name:  # 乾安县: OpenCC writes 干
            by_name[simple] += by_name[name]
    lengths: dict[str, set[int]] = defaultdict(set)
    for name in by_name:
        lengths[name[:2]].add(len(name))
    return Names(
        {name: tuple(found) for name, found in by_name.items()},
        {start: tuple(sorted(found, reverse=True)) for start, found in lengths.items()},
        re.compile(f"[{''.join(sorted({start[0] for start in lengths}))}]"),
    )


def chains(text: str, start: int = 0, *, free: bool = False) -> list[Chain]:
    """The best readings from `start`, equally good ones together; empty where no division is named.

    `free`: also a county's short name or a general one (西湖, 东区) with nothing above it, for text known as an address.
    """
    found: list[_Reading] = []
    _grow(text, skip(text, start), (), 0.0, free, found)
    if not found:
        return []
    best = max(score for score, _, _ in found)
    kept: dict[Division, Chain] = {}
    for score, end, named in found:
        if score > best - 0.01:
            kept.setdefault(named[-1], Chain(start, end, named, score))
    current = [it for it in kept.values() if not it.deepest.retired]
    return current or list(kept.values())


class Chains:
    """`chains` over one text, each wording read once: a text of one place repeated costs no more than any other."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[str, list[Chain]] = {}

    def at(self, start: int) -> list[Chain]:
        wording = self._text[start : start + _REACH]
        if (known := self._known.get(wording)) is not None:
            return [Chain(start, start + it.end - it.start, it.named, it.score) for it in known]
        found = chains(self._text, start)
        if all(it.end + 3 < start + _REACH for it in found):  # a longer chain may go on beyond the wording
            self._known[wording] = found
        return found


_Reading: TypeAlias = tuple[float, int, tuple[Division, ...]]


def _grow(
    text: str,
    at: int,
    named: tuple[Division, ...],
    score: float,
    free: bool,
    found: list[_Reading],
    again: bool = False,
) -> None:
    lengths = names().lengths.get(text[at : at + 2])
    if lengths is None:
        return
    above = named[-1] if named else None
    for length in lengths:
        end = at + length
        if end > len(text):
            continue
        for name in names().by_name.get(text[at:end], ()):
            division = name.division
            if division is above:
                # 上海市上海市徐汇区: said twice, as address pickers write it; once is enough.
                if name.full and not again and division.level != "district":
                    _grow(text, skip(text, end, above), named, score, free, found, True)
                continue
            if above is not None and not _below(division, above):
                continue
            if not _fits(name, text, end, above is None, free):
                continue
            gain = (2.0 if name.full else 1.0) + length / 10
            if above is not None:
                gain += 0.05
            elif not name.full and division.level != "province":
                gain -= 0.3 if division.level == "city" else 0.6
            if division.retired:
                gain -= 0.5
            elif division.level == "city" and not division.name.endswith("县"):
                gain += 0.02  # 河北承德 is the city, not the county in it; 台湾嘉义 the city, not the county around it
            chain = (*named, division)
            found.append((score + gain, end, chain))
            if division.level != "district":
                _grow(text, skip(text, end, division), chain, score + gain, free, found)


def _below(division: Division, above: Division) -> bool:
    parent = division.parent
    return parent is above or (parent is not None and parent.parent is above)


def _fits(name: Name, text: str, end: int, first: bool, free: bool) -> bool:
    if name.full:
        if first and not free and end >= 2 and text[end - 2 : end] in _GENERAL:
            return text[end - 3 : end - 2] not in ("", " ") and len(name.division.name) > 2
        return not (text[end - 1] == "市" and _AFTER_CITY.match(text, end))
    division = name.division
    if first and division.level == "district" and not free and not division.name.endswith("市"):
        return False
    # 岳阳 of 岳阳市 is not 岳阳县, 北戴河 of 北戴河新区 not 北戴河区, but 济南 of 济南市中区 is 济南
    other = (
        text[end : end + 1] in _TAILS
        or _NOT_A_PLACE.match(text, end)
        or (division.level == "district" and _ZONE_FOLLOWS.match(text, end))
    )
    return not other or _child_follows(division, text, end)


def _child_follows(above: Division, text: str, at: int) -> bool:
    """河北石家庄桥西区, 江苏镇江: what follows is not a bridge or a town but a division within."""
    index = names()
    return any(
        _below(name.division, above)
        for length in index.lengths.get(text[at : at + 2], ())
        for name in index.by_name.get(text[at : at + length], ())
    )


def skip(text: str, at: int, above: Division | None = None) -> int:
    """Past what stands between levels and says nothing."""
    if text[at : at + 1] not in _BETWEEN_FIRST:
        return at
    if hit := _BETWEEN.match(text, at):
        at = hit.end()
    if above is not None and above.code[:2] in ("81", "82") and (hit := _REGIONS.match(text, at)):
        at = hit.end()
    return at
