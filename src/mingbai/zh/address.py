"""A Chinese delivery address as its parts: 省 / 市 / 区县 / 街道乡镇 / detail / postcode, with what does not fit.

Nothing is corrected: parts are words of the address (short names completed from the table of divisions), and whatever
looks wrong is a note. An address whose words leave several places open comes back as several.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache

from mingbai.values.errors import Text
from mingbai.zh.divisions import OUTSIDE, REMOTE, Division, table
from mingbai.zh.place_names import Chain, chains, skip
from mingbai.zh.script import simplify
from mingbai.zh.width import narrow


@dataclass(frozen=True, slots=True)
class Address:
    """Of a municipality `city` repeats the province; of a county directly under a province (仙桃市) `city` is the county
    and `district` empty; 东莞 and its like have no district. `code` is the GB/T 2260 code of the lowest division known.
    """

    province: str = ""
    city: str = ""
    district: str = ""
    street: str = field(default="", repr=False)
    detail: str = field(default="", repr=False)
    postcode: str = field(default="", repr=False)
    code: str = ""
    notes: tuple[Text, ...] = ()

    @property
    def remote(self) -> bool:
        """In 新疆 or 西藏, where most shops promise longer times and take postage."""
        return self.code[:2] in REMOTE

    @property
    def outside_customs(self) -> bool:
        """In Hong Kong, Macau or Taiwan: other postage, customs, other return address."""
        return self.code[:2] in OUTSIDE

    @property
    def deliverable(self) -> bool:
        """Enough to print on a label: down to a county (or a city that has or needs none), and something after it."""
        low = self.district or self.outside_customs or not _has_counties(self.city)
        return bool(self.city and self.detail and low)


# First two digits of a postcode and the provinces they serve (China Post's table of 邮政编码, first two places).
_POSTCODES = {
    "11": "10", "12": "30", "13": "05 06 07", "14": "03 04", "15": "01 02", "21": "11 12", "22": "13", "23": "15 16", "31": "20",
    "32": "21 22", "33": "31 32", "34": "23 24", "35": "35 36", "36": "33 34", "37": "25 26 27", "41": "45 46 47", "42": "43 44",
    "43": "41 42", "44": "51 52", "45": "53 54", "46": "57", "50": "40", "51": "61 62 63 64", "52": "55 56", "53": "65 66 67",
    "54": "85", "61": "71 72", "62": "73 74", "63": "81", "64": "75", "65": "83 84",
}  # fmt: skip
_POSTCODE_LAST = re.compile(
    r"[(\[ ,]*(?:邮政?编码?|zip(?: ?code)?|postcode)?[: ]*(?<!\d)(?P<code>\d{6})(?!\d)[)\]。. ]*$",
    re.IGNORECASE,
)
_POSTCODE_FIRST = re.compile(
    r"[(\[]?(?:邮政?编码?|zip(?: ?code)?|postcode)?[: ]*(?P<code>\d{6})(?!\d)[)\]]?", re.IGNORECASE
)
_EMPTY_POSTCODE = re.compile(r"[(\[]\s*(?:0{6}|null|无)?\s*[)\]]\s*$")
_EDGES = " \t\r\n,，、/-;；:：。"

# Zones that stand in a county's place and have no code: 苏州工业园区, 合肥高新区.
ZONE = re.compile(
    r"[一-龥]{0,6}?(?:高新(?:技术)?(?:产业)?(?:开发)?区|经济(?:技术)?开发区|经开区|开发区|工业园区|保税区|自贸区|新区|度假区|示范区|管理区|科学城|滨海区)"
)
# 街道, 镇, 乡, 苏木 are level four. 镇江路, 乡村 and 街道口 are not.
TOWN = re.compile(
    r"[一-龥]{1,10}?(?:街道(?:办事处|办)?(?!口)|办事处|(?:民族|族)?乡(?![村情音里])|镇(?![江海][路街]|街道|政府|中学|小学|卫生)|苏木|管理处"
    r"|(?:农|林|牧|渔|茶|原种|良种|种畜|繁殖|养殖|园艺)场(?!路)|兵?团?[一二三四五六七八九十零〇百]{1,5}团|地区(?=[一-龥]))"
)
_ROAD_FIRST = re.compile(
    r"[一-龥]{1,8}?(?:路(?!街道)|大道(?!街道)|大街(?!街道)|巷(?![镇乡]|街道)|弄|胡同(?!街道)|小区|花园(?![镇乡]|街道)|广场(?!街道)|大厦|号)"
)
_LABEL = re.compile(
    r"^(?:(?:我的|新的|新)?(?:收货|寄送|配送|快递|联系|详细|所在|家庭|公司|注册|邮寄)?地[址区](?:是|为|:|：)*|地址[:：]?|寄到|送到|收件地址[:：]?)[ ]*"
)


def parse(text: str) -> tuple[Address, ...]:
    """The readings of a text that is an address, best first and never empty; more than one: ask which."""
    shown = narrow(text).text
    whole = _Both(simplify(shown).text, shown).stripped()
    if label := _LABEL.match(whole.simple):
        whole = whole.part(label.end())
    whole, postcode = _postcode(whole)
    readings = chains(whole.simple, free=True)
    if not readings:
        return (_tail(Address(postcode=postcode), whole, None),)
    return tuple(
        _fitted(_tail(_placed(it, postcode), whole.part(skip(whole.simple, it.end)), it)) for it in readings
    )


def best(text: str) -> Address | None:
    """The one reading, None where the words leave several open."""
    readings = parse(text)
    return readings[0] if len(readings) == 1 else None


@dataclass(frozen=True, slots=True)
class _Both:
    """A text in simplified characters, in which we look, and as it was said, of which the parts are cut: OpenCC makes
    干塘镇 of 乾塘镇, and a label must not."""

    simple: str
    said: str

    def part(self, start: int, end: int | None = None) -> _Both:
        return _Both(self.simple[start:end], self.said[start:end])

    def stripped(self, characters: str = " \t\r\n") -> _Both:
        start = len(self.simple) - len(self.simple.lstrip(characters))
        return self.part(start, max(start, len(self.simple.rstrip(characters))))

    def without(self, start: int, end: int) -> _Both:
        return _Both(self.simple[:start] + self.simple[end:], self.said[:start] + self.said[end:])


def _placed(chain: Chain, postcode: str) -> Address:
    levels: dict[str, Division] = {}
    at: Division | None = chain.deepest
    while at is not None:
        levels[at.level] = at
        at = at.parent
    province, city, district = (levels.get(it) for it in ("province", "city", "district"))
    notes: tuple[Text, ...] = ()
    if chain.deepest.retired:
        notes = (
            Text(f"{chain.deepest.name}是已撤销的旧地名，请确认现在的区县。",
                 f"{chain.deepest.name} is a withdrawn name: confirm the present district."),
        )  # fmt: skip
    said_province = province.name if province else ""
    said_city = city.name if city else ""
    said_district = district.name if district else ""
    if province and not city:
        if province.name.endswith(("市", "特别行政区")):
            said_city = province.name
        elif district:
            said_city, said_district = district.name, ""
    return Address(
        said_province,
        said_city,
        said_district,
        "",
        "",
        postcode,
        chain.deepest.code or (province.code if province else ""),
        notes,
    )


def _tail(address: Address, rest: _Both, chain: Chain | None) -> Address:
    """Street and detail from what follows the divisions."""
    rest = rest.stripped(_EDGES)
    notes = address.notes
    if chain is not None and chain.deepest.level != "district":
        stranger = chains(rest.simple)
        other = stranger[0].named[0] if stranger else None
        if other is not None and len(other.name) > 2 and rest.simple.startswith(other.name):
            if not other.within(chain.deepest):
                notes = (
                    *notes,
                    Text(
                        f"{other.name}不在{chain.deepest.name}。",
                        f"{other.name} is not in {chain.deepest.name}.",
                    ),
                )
        elif not address.district and (zone := ZONE.match(rest.simple)):
            address = replace(address, district=rest.said[: zone.end()])
            rest = rest.part(zone.end()).stripped(_EDGES)
    town = TOWN.match(rest.simple)
    road = _ROAD_FIRST.match(rest.simple)
    if town is None and address.district:
        town = ZONE.match(rest.simple)
    street = ""
    if town and not (road and road.end() < town.end()):
        street = rest.said[: town.end()]
        rest = rest.part(town.end()).stripped(_EDGES)
    return replace(address, street=street, detail=rest.said, notes=notes)


def _fitted(address: Address) -> Address:
    """Notes a postcode of another province."""
    postcode, province = address.postcode, address.code[:2]
    if not postcode or province not in _POSTCODES or postcode[:2] in _POSTCODES[province].split():
        return address
    note = Text(
        f"邮编 {postcode[:2]} 开头不属于{address.province}。",
        f"Postcodes of {address.province} do not begin with {postcode[:2]}.",
    )
    return replace(address, notes=(*address.notes, note))


def _postcode(whole: _Both) -> tuple[_Both, str]:
    """The text without its postcode, and the postcode. Taobao's empty brackets and (000000) are none."""
    if empty := _EMPTY_POSTCODE.search(whole.simple, max(0, len(whole.simple) - 16)):
        whole = whole.part(0, empty.start()).stripped()
    for hit in (
        _POSTCODE_FIRST.match(whole.simple),
        _POSTCODE_LAST.search(whole.simple, max(0, len(whole.simple) - 40)),
    ):
        if hit is None:
            continue
        before = whole.simple[hit.start() - 1 : hit.start()] if hit.start() else " "
        if hit[0][0].isdigit() and not before.isspace():
            continue  # 文三路100086: a room or a phone, not a postcode
        code = hit["code"]
        return whole.without(*hit.span()).stripped(_EDGES), "" if code == "000000" else code
    return whole, ""


@cache
def _has_counties(city: str) -> bool:
    return any(
        it.parent is not None and it.parent.name == city for it in table().divisions if it.level == "district"
    )
