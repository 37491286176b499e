"""Addresses and places inside a sentence, with spans: 「麻烦寄到杭州市西湖区文三路 123 号 4 幢，谢谢」.

An address begins at a division's name, after a word such as 地址, or at a road, town or estate with a number, and runs to
its last part that can end one. A city by itself is a place, not an address. Windows are bounded: at most 120 characters.
Not covered: addresses abroad, and buildings named without road, number or town.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from mingbai.zh.address import Address, parse
from mingbai.zh.divisions import Division
from mingbai.zh.mapped import Mapped
from mingbai.zh.place_names import Chain, Chains, names
from mingbai.zh.width import normalise

WINDOW = 120

# What can end an address. Numbers first: 12号楼3单元501, 5-2号, 甲71号, 路口西侧1千米.
# Nothing is given back (`+`): no unit begins with what a number is made of.
_COUNTED = "0-9A-Za-z一二三四五六七八九十百"
_NUMBER = rf"[甲乙丙丁]?[{_COUNTED}]{{1,6}}+(?:[-#/][0-9A-Za-z]{{1,6}}+){{0,3}}+ ?"
_NUMBERED = rf"{_NUMBER}(?:号院?|弄|栋|幢|座|单元|楼|层|室|户|房|组|队|区|期|里|米|公里|千米|铺|条|环)"
# Not roads: 走路, 上街, 网路, 出路 …
_ROAD = (
    r"(?:大道|大街|街道|马路|公路|高速|(?<![走问带赶半顺过门套网线电思退出销])路|(?<![上逛])街|(?<!大)巷|胡同|里弄|(?<=[头二三四五六七八九十])条)"
    r"(?:[东南西北]?口|[东南西北中]?段|[东南西北]侧|交叉口|交汇处|交口|路口)?"
)
_TOWN = r"(?:镇|乡|村|屯|庄|寨|社区|苏木|农场|林场|嘎查|街道办?)"
_BUILT = (
    r"(?:小区|花园|家园|嘉园|名苑|公寓|别墅|山庄|新村|新城|大厦|大楼|广场|中心|市场|商场|商城|购物中心|百货|工业园|产业园|科技园|创意园|园区|科技城|软件园"
    r"|学校|大学|学院|中学|小学|幼儿园|校区|医院|卫生院|邮政支局|邮局|水库|酒店|宾馆|饭店|公司|银行|厂区?|仓库|营业厅|派出所|政府|驿站|快递柜|丰巢|菜鸟驿站|便利店|超市|门卫|传达室"
    r"|宿舍|公馆|华府|豪庭|雅苑|[苑府阁轩庭湾城园院寺庙宫桥站门店馆塔楼](?:内|旁)?|体育场|体育馆|公园|景区|风景区|机场|码头|底商|商铺|看台|首层)"
)
_SIDE = r"(?:对面|对过|旁边?|隔壁|附近|附近|楼[上下]|[内外]|[东南西北]{1,2}[侧边面角端门口岸]|路口|交汇处|交叉口|交口|入口|出口|以[东南西北]|斜对面|后面|前面|之间|[东南西北]{1,2}(?![一-龥]))"
_ENDS = re.compile(
    rf"(?=[0-9A-Za-z一-龥])(?:{_NUMBERED}|(?=[一-龥])(?:{_ROAD}|{_TOWN}|{_BUILT}|{_SIDE}))(?:[ ]?[-#]?[0-9A-Za-z]{{1,5}}(?:[-#/][0-9A-Za-z]{{1,5}}){{0,3}}(?![0-9A-Za-z年月日点元块个件分%])(?! ?[号弄栋幢座单楼层室户房组队区期里米公千铺条环院]))?"
    r"(?:右转|左转|右拐|左拐|即到|即是)?(?: ?\([^()\n]{1,40}\))?"
)
_DETAIL = re.compile(rf"{_NUMBERED}|[一-龥](?:{_ROAD})|[一-龥]{_TOWN}|[一-龥](?:{_BUILT})")
_NAMED = re.compile(rf"[一-龥](?:{_ROAD}|{_TOWN}|{_BUILT})")
_HOUSES = re.compile(_NUMBERED)
_ANY_NUMBER = re.compile(f"[{_COUNTED}]")
_EXACT = re.compile(
    rf"{_NUMBERED}|[一-龥](?:{_ROAD})|[一-龥]{_TOWN}"
)  # a building's name alone is a shop's or a hotel's
_HOUSE = rf"{_NUMBER}(?:号|弄|栋|幢|座|单元|室|楼|层)"
_FIRM = re.compile(
    rf"(?=[一-龥])(?:(?:{_ROAD}|{_TOWN}|小区|花园|新村|家园|大厦|公寓)(?=[^\n甲乙丙丁{_COUNTED}]{{0,20}}+[甲乙丙丁{_COUNTED}]).{{0,20}}?(?:{_HOUSE})|{_ROAD} ?[0-9]{{1,5}}(?![0-9分元米点个年月日天块多%.-]))"
)

# Where a sentence goes on with something else.
_STOP = re.compile(
    r"[。！？!?；;的最\n\t~～…<>{}\[\]\"'“”]|(?=[一-龥])(?:的?[一-龥]{0,2}地址|位于|坐落|的话|吗|呢|(?<![酒网书水啡氧])吧|哦|呀|啊|啦|哈|谢谢|可以|能不能|能否|请|麻烦|多久|多少|什么|怎么|几天|发货|发什么|快递(?![柜站])|收货人|收件人|收件|联系|电话|手机|邮编|订单"
    r"|周边|附近有|门票|营业|评分|价格|人均|抱歉|然后|不要|别发|改成|改为|改到|换成|而不是|不是|就是|记得|尽快|今天|明天|我[^国]|你|您|他(?!们)|她|这[个边是]|那[个边]|了(?![望哥])|都[是要到在]|也[是可要在]|还[是有没要]|到的|收到|怎|有没有|有(?:门店|卖|货|吗|什么|哪|几))"
)
_COMMA = re.compile(r"[,，、](?![^()\n]{0,40}\))")

# A word that announces an address, and words that announce a place of any kind.
CUE = re.compile(
    r"(?:收货|寄送|配送|送货|收件|邮寄|家庭|公司|单位|详细|退货|发货|新|旧|原|店铺|注册|开票|联系)?(?:地址|住址|地点)(?:都|就|改|换|更)?(?:是在|是|在|为|成|到|:)* ?"
    r"|(?:寄到|寄往|寄去|寄至|送到|送至|送往|发到|发往|发去|发至|改到|改寄到?|快递到|邮到|邮寄到|家住|收货) ?:? ?"
)
# Without one of these and without a division's name there is no CUE and no _FIRM, and so no address.
_MAY_BEGIN = re.compile(
    "[址点]|寄[到往去至]|[送发][到至往去]|改[到寄]|[递邮]到|邮寄|家住|收货|大道|街|路|公路|高速|巷|胡同|里弄|条|[镇乡村屯庄寨]|社区|苏木|[农林]场|嘎查|小区|花园|家园|大厦|公寓"
)
_WEAK_CUE = re.compile(r"(?:改成|改为|换成|换到|位于|坐落[于在]|住在|我住|我家在|我在|人在|在|是) ?:? ?")
_LEAD = re.compile(
    r"^(?:是在|是|在|到|为|:|：|,|，|我的|我们|我|家|住|的|请|麻烦|帮我|给我|把|改|寄|送|发|往|新|就|就是|和|与|跟|从|去|来自|距离|靠近|离|到达|从|有个|这个|那个|叫)+"
)


@dataclass(frozen=True, slots=True)
class FoundAddress:
    """text[start:end] of the text as given, which is `said`."""

    start: int
    end: int
    said: str = field(repr=False)
    confidence: float

    @property
    def readings(self) -> tuple[Address, ...]:
        """Its parts; more than one reading: ask which."""
        return parse(self.said)

    @property
    def address(self) -> Address:
        return self.readings[0]


class FoundPlace(NamedTuple):
    """A province, city or county named in a text; `divisions` are the lowest of each reading."""

    start: int
    end: int
    divisions: tuple[Division, ...]


def find(text: str) -> list[FoundAddress]:
    return find_in(normalise(text))


def find_in(shown: Mapped) -> list[FoundAddress]:
    """`shown` must be simplified and narrow."""
    anchors = _anchors(shown.text)
    if not anchors and not _MAY_BEGIN.search(shown.text):
        return []
    marks = _Marks(shown.text)
    out: list[FoundAddress] = []
    done = 0
    for start, chain, announced in _starts(marks, anchors):
        if start < done:
            continue
        begin = chain.end if chain else start
        end = marks.extent(begin, start)
        levels = len(chain.named) if chain else 0
        if end <= begin or not _enough(marks.text[begin:end], levels, announced):
            continue
        confidence = 0.97 if levels > 1 else 0.9 if chain else 0.85 if announced else 0.7
        out.append(FoundAddress(*shown.back(start, end), shown.said(start, end), confidence))
        done = end
    return out


def find_places(text: str) -> list[FoundPlace]:
    """Every division named, cities by short name too (寄到成都要几天), the longest chain at each place."""
    shown = normalise(text)
    out: list[FoundPlace] = []
    done = 0
    reading = Chains(shown.text)
    for at in _anchors(shown.text):
        if at < done:
            continue
        found = reading.at(at)
        if found:
            done = found[0].end
            out.append(FoundPlace(*shown.back(at, done), tuple(it.deepest for it in found)))
    return out


def _anchors(text: str) -> list[int]:
    """Where a division's name may begin: two characters that begin one."""
    known = names()
    begun = [hit.start() for hit in known.first.finditer(text)]
    return [at for at in begun if text[at : at + 2] in known.lengths]


class _Marks:
    """Where in a text addresses can end and sentences go on, looked up once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts: list[int] = []
        self._ends: list[int] = []
        for hit in _ENDS.finditer(text):
            start, end = hit.span()
            self.starts.append(start)
            self._ends.append(end)

    @cached_property
    def _stops(self) -> list[int]:
        return [hit.start() for hit in _STOP.finditer(self.text)]

    @cached_property
    def _commas(self) -> list[int]:
        return [hit.start() for hit in _COMMA.finditer(self.text)]

    def extent(self, at: int, start: int) -> int:
        """The end of an address: its last part that can end one before the sentence goes on, `at` without any."""
        limit = min(len(self.text), start + WINDOW, _next(self._stops, at, len(self.text)))
        end = here = at
        while here < limit:
            piece_end = min(limit, _next(self._commas, here, limit))
            if here > at and not _continues(self.text[here:piece_end]):
                break
            place = bisect_right(self._ends, piece_end) - 1
            if place < 0 or self.starts[place] < here:
                break
            end = self._ends[place]
            here = piece_end + 1
        return end


def _next(places: list[int], at: int, otherwise: int) -> int:
    place = bisect_left(places, at)
    return places[place] if place < len(places) else otherwise


def _starts(marks: _Marks, anchors: Iterable[int]) -> list[tuple[int, Chain | None, bool]]:
    """Beginnings of addresses, in order: (offset, the divisions named there, whether announced as an address)."""
    text, ends = marks.text, marks.starts
    if not ends:
        return []
    reading = Chains(text)
    starts: list[tuple[int, Chain | None, bool]] = []
    announced = {hit.end() for hit in CUE.finditer(text)}
    place = covered = 0
    waiting = -1  # an announced beginning without a division yet
    for at in sorted({*anchors, *announced}):
        if at < covered:
            continue
        while place < len(ends) and ends[place] < at:
            place += 1
        if place == len(ends):
            break
        if ends[place] - at > 40:
            continue  # nothing near that an address could end with
        found = reading.at(at)
        if found:
            if waiting >= 0 and at - waiting <= 4:
                if _named_before(text[waiting:at]):  # 地址是什刹海前海东沿22号: 海东 is a city elsewhere
                    continue
                starts.pop()
            starts.append((at, found[0], at in announced or (waiting >= 0 and at - waiting <= 4)))
            covered = found[0].end
            waiting = -1
        elif at in announced:
            starts.append((at, None, True))
            waiting = at
    begun = [at for at, _, _ in starts]
    covered = 0
    for hit in _FIRM.finditer(text) if _ANY_NUMBER.search(text) else ():
        place = bisect_left(begun, hit.start())
        if place == 0 or begun[place - 1] < hit.start() - 12:  # else it belongs to what began there
            start = _back(text, hit.start(), max(covered, hit.start() - 12))
            starts.append((start, None, False))
        covered = hit.end()
    return sorted(starts, key=lambda it: (it[0], it[1] is None))


def _back(text: str, at: int, least: int) -> int:
    """From a road's or town's last word back to where its name begins."""
    start = at
    while start > least and "\u4e00" <= text[start - 1] <= "\u9fff":
        start -= 1
    piece = text[start:at]
    for pattern in (CUE, _WEAK_CUE, _STOP):
        for hit in pattern.finditer(piece):
            if hit.end() < len(piece):
                start = at - len(piece) + hit.end()
    if lead := _LEAD.match(text[start:at]):
        start += lead.end() if lead.end() < at - start else 0
    return start


_BESIDE = re.compile(
    r"(?![我你您他她请麻放送寄发在到从别不帮给把就也和或])(?:"  # the sentence goes on
    rf"[^()\n]{{1,12}}?(?:{_ROAD}|(?:{_BUILT}|{_ROAD})(?:斜?对面|路)*(?:[东南西北]{{1,2}}[侧边面角口]?|斜?对面|内|旁边?))(?: ?\([^()\n]{{1,40}}\))?"
    rf"|[一-龥]{{1,4}}{_TOWN}[一-龥]{{0,4}})"
)


def _continues(piece: str) -> bool:
    """Whether what follows a comma is still the address: short, and a numbered part, a division, or a place beside it."""
    piece = piece.strip()
    return len(piece) <= 24 and bool(
        re.match(rf"(?:.{{0,10}}?(?:{_NUMBERED})|.{{1,10}}?(?:{_ROAD})[0-9])", piece)
        or _BESIDE.fullmatch(piece)
    )


def _named_before(piece: str) -> bool:
    """Whether the words between 地址是 and a division's name are a place's own, not 在, 我家 or 新的."""
    lead = _LEAD.match(piece)
    return len(piece) - (lead.end() if lead else 0) >= 2


def _enough(after: str, levels: int, announced: bool) -> bool:
    """Whether it is an address and not only a place or a shop's name."""
    if levels > 1:
        return bool(_DETAIL.search(after))
    if announced and not levels:
        return bool(_NAMED.search(after)) or len(_HOUSES.findall(after)) > 1
    return bool((_DETAIL if announced else _EXACT if levels else _FIRM).search(after))
