"""Chinese places in Latin letters: Guangdong, Yili, Hong Kong, Xi'an. Provinces and cities, not districts.

Made from how the names sound, and from the spellings that English has of its own. What two places sound like (Yulin) and
short names that are words of something else (Jian, Puer) are left out, but for those in the list.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from mingbai.zh.divisions import table
from mingbai.zh.pinyin import syllables

_SHORTEST = 5  # of a name that is in no list
# As English speakers write them, and which of two is meant where it is plain.
SPELT = {
    "beijing": "北京", "shanghai": "上海", "guangzhou": "广州", "shenzhen": "深圳", "hangzhou": "杭州", "chengdu": "成都",
    "wuhan": "武汉", "nanjing": "南京", "suzhou": "苏州", "xi'an": "西安", "xian": "西安", "chongqing": "重庆", "tianjin": "天津",
    "kashgar": "喀什", "urumqi": "乌鲁木齐", "lhasa": "拉萨", "xinjiang": "新疆", "tibet": "西藏", "inner mongolia": "内蒙古",
    "qinghai": "青海", "ningxia": "宁夏", "gansu": "甘肃", "hong kong": "香港", "hongkong": "香港", "macau": "澳门", "macao": "澳门",
    "taiwan": "台湾", "taipei": "台北", "kaohsiung": "高雄", "taichung": "台中", "tainan": "台南", "kunming": "昆明", "harbin": "哈尔滨",
    "xiamen": "厦门", "qingdao": "青岛", "dalian": "大连", "guangdong": "广东", "zhejiang": "浙江", "jiangsu": "江苏",
    "sichuan": "四川", "yunnan": "云南", "fujian": "福建", "hainan": "海南", "changsha": "长沙", "zhengzhou": "郑州",
    "shenyang": "沈阳", "lanzhou": "兰州", "xining": "西宁", "hohhot": "呼和浩特", "shanxi": "山西", "shaanxi": "陕西",
    "fuzhou": "福州", "wuxi": "无锡", "yili": "伊犁", "ili": "伊犁", "yuxi": "玉溪", "wuhu": "芜湖", "zibo": "淄博", "changzhi": "长治",
    "chaoyang": "朝阳", "changchun": "长春", "canton": "广州", "kowloon": "香港",
}  # fmt: skip


def place(letters: str) -> str:
    """The Chinese short name of a place that is written in letters; "" where there is none."""
    return names().get(letters.strip().casefold(), "")


@cache
def names() -> dict[str, str]:
    """Every spelling that is known, in small letters, with the place's Chinese short name."""
    found: dict[str, set[str]] = defaultdict(set)
    for division in table().divisions:
        if division.level in ("province", "city") and not division.retired:
            found["".join(syllables(division.short()))].add(division.short())
    made = {said: next(iter(of)) for said, of in found.items() if len(of) == 1 and len(said) >= _SHORTEST}
    return made | SPELT
