"""Which options and title words a message states: 青花200毫升, 靛蓝XL, 白的, EU plug. Pure.

A number stands for a volume or length only where nothing else is counted with it; a single letter only as a size; a
single Chinese character only as a colour (白色, 白的).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from mingbai.shop.skills import pages
from mingbai.values.records import Product, Variant
from mingbai.zh import numerals
from mingbai.zh.numerals_read import read
from mingbai.zh.width import normalise

_UNITS = {
    "毫升": "ml", "升": "l", "厘米": "cm", "公分": "cm", "毫米": "mm", "米": "m", "千克": "kg", "公斤": "kg", "克": "g",
    "millilitre": "ml", "milliliter": "ml", "centimetres": "cm", "centimeters": "cm", "centimetre": "cm", "grams": "g", "gram": "g",
    "millilitres": "ml", "milliliters": "ml", "litres": "l", "liters": "l", "litre": "l", "liter": "l", "inches": "in",
}  # fmt: skip
_UNIT = re.compile(r"(?<=\d)\s*(" + "|".join(sorted(_UNITS, key=len, reverse=True)) + r")(?![a-z])")
# 十公分, 五百毫升, 一斤半 is not read.
_SPELLED = re.compile(
    r"(?<![第零一二三四五六七八九十百千0-9])([一二两三四五六七八九十百]{1,5})(?=\s*(?:毫升|厘米|公分|毫米|千克|公斤|克|升|饼)(?![一-龥]?[长高]))"
)
# Of tea: a 斤 is 500 g, a 两 a tenth of it.
_GRAMS = {
    "半斤": "250g",
    "一斤": "500g",
    "1斤": "500g",
    "五两": "250g",
    "二两": "100g",
    "2两": "100g",
    "一两": "50g",
    "1两": "50g",
}
_JIN = re.compile(r"(?<![0-9零一二两三四五六七八九十百])(?:" + "|".join(_GRAMS) + r")(?![半0-9一-九])")
_COUNTED = r"(?!\s*(?:[a-z0-9.%％℃°]|[块元角分折岁天日月年号点时件个只套条包盒斤两度次人楼种家欧刀镑美港]))"
_NUMBER = re.compile(r"(\d+(?:\.\d+)?) ?(ml|cm|mm|g|l)")
_SIZE_NAMES = ("尺码", "尺寸", "size")
# What people call the sizes that titles name.
_ALIKE = {
    "large": re.compile(r"(?<!how )\b(?:big(?:ger|gest)?|larger?|largest)\b"),
    "small": re.compile(
        r"(?<!how )\b(?:little|small(?:er|est)?|tiny)\b(?! (?:bit|while|chip|crack|scratch))"
    ),
    "medium": re.compile(r"\bmid(?:dle)?[ -]?size"),
    "大号": re.compile(r"大(?:的|个的|一点的|只的|款)(?![小])|最大"),
    "小号": re.compile(r"(?<!大)小(?:的|个的|一点的|只的|款)|最小"),
}
_PIECES = re.compile(r"(\d+|[一二两三四五六七八九十]{1,3})\s*(?:只|条|件|片|包|支|粒|个|饼)(?:装|套)?")
_PARTS = re.compile(r"[,，;；/()（）·]| - ")


@lru_cache(maxsize=4096)
def form(text: str) -> str:
    """Simplified, narrow, small letters, one space, units by their letters."""
    plain = re.sub(r"\s+", " ", normalise(text).text).casefold().strip()
    plain = _SPELLED.sub(_digits, _JIN.sub(lambda hit: _GRAMS[hit[0]], plain))
    return _UNIT.sub(lambda hit: _UNITS[hit[1]], plain)


# A size among English words: the blue-grey l jacket; no letter that is left of what's, i'm.
_LONE = r"(?<=[a-z]{2} )(?<!what )(?<!that )(?<!it )(?<!let )(?<!there )(?<!where )(?<!how )(?<!who )"


def _digits(hit: re.Match[str]) -> str:
    number = read(hit[1])
    return hit[1] if number is None or number.value is None else f"{number.value:f}"


def states(text: str, value: str, name: str = "") -> bool:
    """Whether the message states this value of an option. `text` is as it was said."""
    said, asked = form(text), form(value)
    if not asked:
        return False
    if name.casefold() in _SIZE_NAMES and len(asked) == 1 and asked.isascii():
        return bool(re.search(rf"(?<![A-Za-z0-9. ]){value.upper()}(?![A-Za-z0-9.'])|\b{asked} ?[码号]|size {asked}\b", text)) or bool(
            re.search(rf"(?<![a-z0-9.]){asked} ?[码号]|\bsize {asked}\b|\bin {asked}\b|{_LONE}{asked}(?= [a-z]|$|[?!,])", said)
        )  # fmt: skip
    if asked.replace(".", "").isdigit():
        return bool(re.search(rf"(?<![a-z0-9.#-]){re.escape(asked)}{_COUNTED}", said))
    if (alike := _ALIKE.get(asked)) is not None and alike.search(said):
        return True
    if asked.isascii():
        if len(asked) < 2:
            return False
        tokens = [re.escape(t) for t in re.findall(r"[a-z]+|\d+(?:\.\d+)?|[^\sa-z0-9-]", asked)]
        if re.search(r"(?<![a-z0-9.])" + r"[\s-]*".join(tokens) + r"(?![a-z0-9])", said):
            return True
        number = _NUMBER.fullmatch(asked)
        return number is not None and bool(
            re.search(rf"(?<![a-z0-9.#-]){re.escape(number[1])}{_COUNTED}", said)
        )
    if len(asked) == 1:
        if any(f"{asked}{after}" in said for after in ("色", "的", "款")):
            return True
        return (
            re.search(rf"(?<![一-龥]){asked}(?:盖碗|茶壶|茶杯|[壶杯碗盘盏罐瓶炉裙衣盒])", said) is not None
        )  # 黑壶一个
    return asked in said or (asked.endswith("色") and len(asked) > 2 and asked[:-1] in said)


def values(variant: Variant) -> list[tuple[str, str]]:
    """The options of a variant with the parts of its titles, which say them in either language."""
    return [*variant.options, *(("", part) for part in (*_chinese(variant), *_english(variant)))]


def _chinese(variant: Variant) -> list[str]:
    return [part for part in re.split(r"(?<=[\u4e00-\u9fff])\s|[,，;；/]", variant.title_zh) if len(part) > 1]


def _english(variant: Variant) -> list[str]:
    return [part.strip() for part in _PARTS.split(variant.title_en) if part.strip()]


def count(text: str, variant: Variant) -> int:
    """How many of its options the message states, each once in either language."""
    options = sum(states(text, value, name) for name, value in variant.options)
    titles = [
        sum(states(text, value, _size_like(value)) for value in parts)
        for parts in (_chinese(variant), _english(variant))
    ]
    return max(options, *titles)


def pieces(variant: Variant, product: Product) -> int:
    """How many one of it is: 四条, 六只装, 十件套; 1 where no title says."""
    said = (*(value for _, value in variant.options), variant.title_zh, product.title_zh)
    for text in said:
        if (hit := _PIECES.search(text)) is not None and (many := numerals.parse(hit[1])) is not None:
            return int(many.low)
    return 1


def _size_like(value: str) -> str:
    return "size" if value.isupper() and len(value) <= 3 else ""


def score(text: str, product: Product, variants: Iterable[Variant], common: str = "") -> float:
    """How much of the message this article accounts for: words of its title and tags, and the options of one variant.

    `common` are words that others bear as well and that tell none apart.
    """
    wanted = pages.grams(form(text)) - pages.grams(form(common))
    titles = pages.grams(form(f"{product.title_zh} {product.title_en}"))
    tags = pages.grams(form(" ".join(product.tags))) - titles
    options = max((count(text, v) for v in variants), default=0)
    names = {gram for v in variants for _, value in values(v) for gram in pages.grams(form(value))}
    return len(wanted & titles - names) + 0.6 * len(wanted & tags - names) + 1.5 * options
