"""Quantities with a unit as comparable terms: 200毫升, 0.2 L, 6.8 fl oz; 半斤, 250g; 8寸; 六人, 6-person.

Kept apart from the units of `zh`: search wants one number per dimension and forgives rounding, nothing more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from mingbai.shop.search.normal import Token, stem
from mingbai.zh.numerals_read import read

# What is written, the dimension, and how many of the canonical unit (ml, g, mm, pieces, watts …) it is.
# 寸 of goods (screens, cakes, plates) is the inch. An ounce may be of weight or of volume: both are tried.
UNITS: dict[str, tuple[tuple[str, str], ...]] = {
    **dict.fromkeys(("毫升", "ml", "cc", "millilitr", "milliliter", "millilit"), (("ml", "1"),)),
    **dict.fromkeys(("升", "公升", "l", "litr", "liter", "litre"), (("ml", "1000"),)),
    **dict.fromkeys(("克", "公克", "g", "gram"), (("g", "1"),)),
    **dict.fromkeys(("千克", "公斤", "kg", "kilogram", "kilo"), (("g", "1000"),)),
    **dict.fromkeys(("斤", "市斤", "jin"), (("g", "500"),)),
    **dict.fromkeys(("两", "liang"), (("g", "50"),)),
    **dict.fromkeys(("磅", "lb", "pound"), (("g", "453.59"),)),
    **dict.fromkeys(("盎司", "安士", "oz", "ounc", "ounce"), (("ml", "29.57"), ("g", "28.35"))),
    **dict.fromkeys(("毫米", "mm"), (("mm", "1"),)),
    **dict.fromkeys(("厘米", "公分", "cm", "centimetr", "centimeter"), (("mm", "10"),)),
    **dict.fromkeys(("米", "公尺", "m", "metr", "meter"), (("mm", "1000"),)),
    **dict.fromkeys(("寸", "英寸", "吋", "inch", "in"), (("mm", "25.4"),)),
    **dict.fromkeys(("尺", "英尺", "feet", "foot", "ft"), (("mm", "304.8"),)),
    **dict.fromkeys(("件", "只", "个", "片", "枚", "支", "杯", "头", "piec", "piece", "pc", "pcs", "pack", "cup", "套", "包",
                     "袋", "盒", "罐", "bag", "box"), (("n", "1"),)),
    **dict.fromkeys(("人", "位", "person", "peopl", "people"), (("n", "1"), ("who", "1"))),
    **dict.fromkeys(("瓦", "w", "watt"), (("w", "1"),)),
    **dict.fromkeys(("mah", "毫安", "毫安时"), (("mah", "1"),)),
    **dict.fromkeys(("天", "日", "day"), (("day", "1"),)),
    **dict.fromkeys(("年", "year"), (("year", "1"),)),
    **dict.fromkeys(("度", "℃", "degre", "degree"), (("deg", "1"),)),
}  # fmt: skip
LONGEST_UNIT = 3
COUNTED = frozenset({"n", "who", "day", "year"})  # these match exactly or not at all
NUMERAL = frozenset("零〇一二三四五六七八九十百千万两半")
ENGLISH = {w: Decimal(n) for n, w in enumerate(
    ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelv"))}  # fmt: skip
ENGLISH |= {"half": Decimal("0.5"), "twelve": Decimal(12), "dozen": Decimal(12)}


@dataclass(frozen=True, slots=True)
class Measure:
    """Positions [start, end) of the tokens it was read from."""

    start: int
    end: int
    dimension: str
    amount: Decimal

    @property
    def term(self) -> str:
        return f"u:{self.dimension}:{float(self.amount):g}"


def measures(found: list[Token]) -> list[Measure]:
    """Every quantity with a unit in the tokens."""
    every: list[Measure] = []
    i = 0
    while i < len(found):
        read = _amount(found, i)
        unit = read and _unit(found, read[0])
        if not read or not unit:
            i += 1
            continue
        amount, (end, kinds) = read[1], unit
        if end < len(found) and found[end].text == "半" and found[end].glued:  # 一斤半
            amount, end = amount + Decimal("0.5"), end + 1
        every += [
            Measure(i, end, dimension, (amount * Decimal(each)).normalize()) for dimension, each in kinds
        ]
        i = end
    return every


def _amount(found: list[Token], i: int) -> tuple[int, Decimal] | None:
    """The number that starts at i, and where it ends; the last 两 of 二两 is left for the unit."""
    token = found[i]
    if token.kind == "number":
        return (i + 1, Decimal(token.text)) if len(token.text) < 12 else None
    if token.kind == "word":
        return (i + 1, ENGLISH[token.text]) if token.text in ENGLISH else None
    end = i
    while end < len(found) and end - i < 8 and found[end].text in NUMERAL:
        if end > i and not found[end].glued:
            break
        end += 1
    while end > i:
        text = "".join(t.text for t in found[i:end])
        amount = _chinese(text)
        if amount is not None and _unit(found, end):
            return end, amount
        end -= 1
    return None


@lru_cache(4096)
def _chinese(text: str) -> Decimal | None:
    """A short Chinese numeral: 两百五十, 一千, 半. None when it is none."""
    number = read(text)
    return number.value if number is not None else None


def _unit(found: list[Token], i: int) -> tuple[int, tuple[tuple[str, str], ...]] | None:
    """The unit that starts at i: the longest Chinese one, or one Latin word."""
    if i >= len(found):
        return None
    if found[i].kind == "word":
        word = found[i].text
        if word == "fl" and i + 1 < len(found) and found[i + 1].text == "oz":
            return i + 2, (("ml", "29.57"),)
        kinds = UNITS.get(word) or UNITS.get(stem(word))
        return (i + 1, kinds) if kinds else None
    for length in range(min(LONGEST_UNIT, len(found) - i), 0, -1):
        text = "".join(t.text for t in found[i : i + length])
        if text in UNITS and all(
            t.kind == "han" and t.glued for t in found[i + (found[i].glued is False) : i + length]
        ):
            return i + length, UNITS[text]
    return None


def near(measure: Measure, known: Iterable[float]) -> Iterator[tuple[str, float]]:
    """Terms of nearly the same quantity (within 6 %), each with its quality: 7 oz finds 200 ml."""
    if measure.dimension in COUNTED:
        return
    wanted = float(measure.amount)
    for amount in known:
        apart = abs(amount - wanted) / wanted if wanted else 1.0
        if 0 < apart <= 0.06:
            yield f"u:{measure.dimension}:{amount:g}", 0.95 - 3 * apart
