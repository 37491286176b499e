"""Where a place that was said is: which country, and in China which province. Small tables; unknown is None."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mingbai.values.errors import Text
from mingbai.zh import address, romanised
from mingbai.zh.pinyin import syllables

EU = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
)  # the 27 member states
OUTSIDE_CUSTOMS = {"香港": "HK", "澳门": "MO", "台湾": "TW"}

# Country → its Chinese and English name, and other ways to say it.
COUNTRIES: dict[str, tuple[Text, tuple[str, ...]]] = {
    "CN": (Text("中国", "China"), ("中國", "国内", "大陆", "内地", "mainland china", "prc")),
    "DE": (Text("德国", "Germany"), ("德國", "deutschland", "german")),
    "US": (Text("美国", "the United States"), ("美國", "usa", "u.s.", "united states", "america", "us")),
    "GB": (
        Text("英国", "the United Kingdom"),
        ("英國", "uk", "united kingdom", "england", "britain", "scotland"),
    ),
    "FR": (Text("法国", "France"), ("法國",)),
    "IT": (Text("意大利", "Italy"), ("義大利",)),
    "ES": (Text("西班牙", "Spain"), ()),
    "NL": (Text("荷兰", "the Netherlands"), ("荷蘭", "holland", "netherlands")),
    "AT": (Text("奥地利", "Austria"), ("奧地利",)),
    "CH": (Text("瑞士", "Switzerland"), ()),
    "PL": (Text("波兰", "Poland"), ("波蘭",)),
    "SE": (Text("瑞典", "Sweden"), ()),
    "JP": (Text("日本", "Japan"), ()),
    "KR": (Text("韩国", "South Korea"), ("韓國", "korea")),
    "SG": (Text("新加坡", "Singapore"), ()),
    "MY": (Text("马来西亚", "Malaysia"), ("馬來西亞",)),
    "TH": (Text("泰国", "Thailand"), ("泰國",)),
    "VN": (Text("越南", "Vietnam"), ()),
    "IN": (Text("印度", "India"), ()),
    "RU": (Text("俄罗斯", "Russia"), ("俄羅斯", "俄国")),
    "CA": (Text("加拿大", "Canada"), ()),
    "MX": (Text("墨西哥", "Mexico"), ()),
    "BR": (Text("巴西", "Brazil"), ()),
    "AU": (Text("澳大利亚", "Australia"), ("澳洲", "澳大利亞")),
    "NZ": (Text("新西兰", "New Zealand"), ("紐西蘭",)),
}
# Cities abroad and warehouses' names that people say without their country: 中文=English=other spellings.
_CITIES = {
    "DE": "柏林=Berlin 慕尼黑=Munich=münchen 法兰克福=Frankfurt 汉堡=Hamburg 科隆=Cologne=köln 斯图加特=Stuttgart 莱比锡=Leipzig "
          "德累斯顿=Dresden 杜塞尔多夫=Düsseldorf=dusseldorf 不来梅=Bremen 纽伦堡=Nuremberg=nürnberg 汉诺威=Hannover=hanover",
    "US": "纽约=New_York 洛杉矶=Los_Angeles=la 旧金山=San_Francisco 西雅图=Seattle 芝加哥=Chicago 波士顿=Boston 休斯顿=Houston "
          "奥斯汀=Austin 费城=Philadelphia 丹佛=Denver 波特兰=Portland 迈阿密=Miami 亚特兰大=Atlanta 圣迭戈=San_Diego 布鲁克林=Brooklyn "
          "加州=California 得州=Texas 佛罗里达=Florida",
    "GB": "伦敦=London 曼彻斯特=Manchester", "FR": "巴黎=Paris", "JP": "东京=Tokyo 大阪=Osaka 京都=Kyoto",
    "CA": "多伦多=Toronto 温哥华=Vancouver 蒙特利尔=Montreal", "AU": "悉尼=Sydney 墨尔本=Melbourne", "KR": "首尔=Seoul",
    "AT": "维也纳=Vienna=wien", "CH": "苏黎世=Zurich=zürich",
}  # fmt: skip
# One-character names of provinces, as in 江浙沪皖.
SHORT = dict(zip(
    "京津沪渝冀晋辽吉黑苏浙皖闽赣鲁豫鄂湘粤琼川蜀贵黔云滇陕秦甘陇青蒙桂宁新藏港澳台江",
    ["北京", "天津", "上海", "重庆", "河北", "山西", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽", "福建", "江西", "山东", "河南", "湖北", "湖南", "广东", "海南", "四川", "四川", "贵州", "贵州", "云南", "云南", "陕西", "陕西", "甘肃", "甘肃", "青海", "内蒙古", "广西", "宁夏", "新疆", "西藏", "香港", "澳门", "台湾", "江苏"],
    strict=True,
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """`province` is its short Chinese name (新疆), empty abroad and where only the country was said."""

    country: str
    zh: str
    en: str
    province: str = ""

    @property
    def mainland(self) -> bool:
        return self.country == "CN"


def read(said: str) -> Place | None:
    """Of several readings of a Chinese name all must lie in one province."""
    low = said.strip().casefold()
    if not low:
        return None
    for code, (name, others) in COUNTRIES.items():
        if low in (
            name.zh,
            name.en.casefold(),
            name.en.casefold().removeprefix("the "),
            code.casefold(),
            *others,
        ):
            return Place(code, name.zh, name.en)
    for code, names in _CITIES.items():
        for city in names.split():
            zh, en, *spellings = city.split("=")
            if low.replace(" ", "_") in (zh, en.casefold(), *spellings):
                return Place(code, zh, en.replace("_", " "))
    chinese = romanised.place(low)
    return in_china(chinese or said, said.title() if chinese else "")


def named(text: str) -> list[str]:
    """The countries whose names stand in a message; US only in capitals, for "us" is a word."""
    low = text.casefold()
    out = []
    for code, (name, others) in COUNTRIES.items():
        words = (name.zh, name.en.casefold().removeprefix("the "), *others)
        if any(_stands(word, low) for word in words) or (code == "US" and re.search(r"\bU\.?S\b", text)):
            out.append(code)
    return out


def _stands(word: str, text: str) -> bool:
    if not word.isascii():
        return word in text
    return len(word) > 2 and re.search(rf"\b{re.escape(word)}\b", text) is not None


def in_china(text: str, en: str = "") -> Place | None:
    """A Chinese place or a whole address; None when no province is certain."""
    readings = [each for each in address.parse(text) if each.province]
    provinces = {short(each.province) for each in readings}
    if len(provinces) != 1:
        return None
    province = provinces.pop()
    first = readings[0]
    name = text if len(text) <= 8 else "".join(dict.fromkeys((first.province, first.city)))
    plain = text if len(text) <= 8 else first.city or province
    plain = (
        plain if plain in romanised.SPELT.values() else plain.removesuffix("地区").removesuffix("市") or plain
    )
    return Place(OUTSIDE_CUSTOMS.get(province, "CN"), name, en or _romanised(plain), province)


def _romanised(name: str) -> str:
    """上海 → Shanghai: the spelling that English has, else its sounds."""
    known = {zh: en for en, zh in reversed(romanised.SPELT.items())}
    if name in known:
        return known[name].title()
    return "".join(syllables(name)).capitalize()


def short(province: str) -> str:
    """新疆维吾尔自治区 → 新疆."""
    for name in dict.fromkeys(SHORT.values()):
        if province.startswith(name):
            return name
    return province


def covers(cell: str, place: Place) -> bool:
    """Whether a table's cell names the place: 新疆、西藏 or 江浙沪皖 or 德国."""
    if place.province:
        if place.province in cell:
            return True
        runs = [c for c in cell if c in SHORT]
        return len(runs) == len(cell) > 1 and place.province in {SHORT[c] for c in runs}
    name, others = COUNTRIES[place.country]
    low = cell.casefold()
    return name.zh in cell or name.en.casefold() in low or any(len(o) > 3 and o in low for o in others)


def is_rest(cell: str) -> bool:
    """其他省份, 中国大陆（…除外）: the row for what no other row names."""
    return any(word in cell for word in ("其他", "其余", "除外", "other", "except", "elsewhere"))


def country_name(code: str) -> Text:
    outside = {v: k for k, v in OUTSIDE_CUSTOMS.items()}
    if code in outside:
        return Text(outside[code], {"HK": "Hong Kong", "MO": "Macau", "TW": "Taiwan"}[code])
    return COUNTRIES[code][0] if code in COUNTRIES else Text(code, code)


_AFTER = re.compile(r"(?:在|寄到?|寄往|往|发到?|发往|住|从|到|去)([\u4e00-\u9fff]{2,7})")


def spoken(text: str) -> Place | None:
    """The first place that a message names by a town or country: 往海拉尔寄, in Chicago."""
    for run in _AFTER.findall(text):
        for end in range(len(run), 1, -1):
            if (place := read(run[:end])) is not None:
                return place
    words = [*re.findall(r"\b[A-Z][a-z]{3,}\b", text), *re.findall(r"\b(?:to|in) ([a-z]{5,})\b", text)]
    return next((p for word in words if (p := read(word)) is not None), None)
