"""Chinese numerals and numbers as people type them, both ways: 一万二, 二三百, 十几, 1万5千, 廿五, 壹佰, 三分之二, 八五折.

Vague ones are ranges. What it does not know: which noun a number counts, and numbers beyond 10^16.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from mingbai.zh.numerals_read import FORMAL_AND_PLAIN, LONGEST, Number, read
from mingbai.zh.numerals_read import digits as digits
from mingbai.zh.width import normalise

CANDIDATES = 1000  # a message with more numbers than this is no message; the rest is not looked at
BEYOND = 10**16

_PLAIN = ("零一二三四五六七八九", ("", "十", "百", "千"))
_FORMAL = ("零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟"))
_GROUPS = ("", "万", "亿", "万亿")

# Words that count things; after them even a single character is a number (一个, 半斤), unlike in 一下 or 万一.
_MEASURES = "个件只支枝套盒把斤块元条双瓶包罐箱张片本份组杯口饼袋桶颗粒台部顶根串对副幅束棵朵碗盘壶两克升米年月日天周次位人名单折成倍折寸尺码号岁分毛角"
_RUN = re.compile(
    rf"(?:[百千万]分之)?[0-9{FORMAL_AND_PLAIN}几多来余点半成]"
    rf"(?:[0-9{FORMAL_AND_PLAIN}几多来余点半成]|(?<=[0-9])[.,](?=[0-9]))*+"
    rf"(?:分之[0-9{FORMAL_AND_PLAIN}点]++|(?<=[0-9])/[0-9]++)?(?:[%‰]|(?<=[0-9])[wWkK](?![A-Za-z0-9]))?"
)
_DISCOUNT = re.compile(
    r"(?P<zh>(?<![0-9.,])(?:[0-9]{1,2}(?:\.[0-9])?|[一二三四五六七八九](?:点[一二三四五六七八九]|[一二三四五六七八九])?)|[对半])"
    r"折(?![叠扣断痕旧腾磨磕射])|(?P<off>(?<![0-9.,])[0-9]{1,2}(?:\.[0-9])?)%\s?(?:off|discount)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Found:
    """A number as it stands in the text: `text[start:end]` of the text as given."""

    said: str
    start: int
    end: int
    number: Number


@dataclass(frozen=True, slots=True)
class Discount:
    """八五折, 85折 and 15% off are a `factor` of 0.85: what is still paid."""

    said: str
    start: int
    end: int
    factor: Decimal


def parse(text: str) -> Number | None:
    """The number that the whole text says, or None. 万 as `w` and thousand as `k` count after digits."""
    if len(text) > 2 * LONGEST:
        return None
    plain = normalise(text, keep="，").text.strip()
    return read(plain)


def find(text: str) -> list[Found]:
    """Every number of a sentence, in order. A lone 一 or 半 counts only before a measure word."""
    form = normalise(text, keep="，")
    found = []
    for run in islice(_RUN.finditer(form.text), CANDIDATES):
        start, end = run.span()
        if end - start > LONGEST:
            continue
        while start < end and form.text[start] in "多来余点成":
            start += 1
        number = None
        while (
            start < end
            and (number := read(form.text[start:end])) is None
            and form.text[end - 1] in "多来余点半成"
        ):
            end -= 1
        if number is None or _is_word(form.text, start, end):
            continue
        first, last = form.back(start, end)
        found.append(Found(text[first:last], first, last, number))
    return found


def find_discounts(text: str) -> list[Discount]:
    """打八折, 85折, 八五折, 9.5折, 对折, 20% off."""
    form = normalise(text, keep="，")
    found = []
    for match in islice(_DISCOUNT.finditer(form.text), CANDIDATES):
        if match["off"]:
            factor = 1 - Decimal(match["off"]) / 100
        elif match["zh"] in "对半":
            factor = Decimal("0.5")
        else:
            paid = match["zh"].translate(_DIGIT_FORMS)
            factor = Decimal(paid) / (100 if len(paid) == 2 else 10)
        first, last = form.back(*match.span())
        if 0 < factor < 1:
            found.append(Discount(text[first:last], first, last, factor))
    return found


def say(number: int | Decimal) -> str:
    """一百零五, 十二, 一万二千, 负三点一四. Raises ValueError from 10^16 on."""
    return _spell(number, _PLAIN)


def formal(number: int | Decimal) -> str:
    """大写, as on bills: 壹佰零伍, 壹拾贰. Raises ValueError from 10^16 on."""
    return _spell(number, _FORMAL)


_DIGIT_FORMS = str.maketrans("一二三四五六七八九点", "123456789.")


def _is_word(text: str, start: int, end: int) -> bool:
    """Whether the numeral is part of an everyday word rather than a count."""
    said = text[start:end]
    if any(character in "0123456789%‰" for character in said):
        return False
    counts = end < len(text) and text[end] in _MEASURES
    if end - start == 1:
        if said in "十百千万" and text[end : end + 1] == "分":
            return True  # 十分, 万分: very
        return not counts or text[max(0, start - 1) : start] in tuple("第统唯万单专同")
    if said in ("一一", "千万", "百分百"):
        return True
    return end - start == 2 and all(character in "一二三四五六七八九" for character in said) and not counts


def _spell(number: int | Decimal, names: tuple[str, tuple[str, ...]]) -> str:
    number = Decimal(number)
    if abs(number) >= BEYOND:
        raise ValueError(f"{number} is too large to be spelt")
    sign = "负" if number < 0 else ""
    whole, _, rest = f"{abs(number):f}".partition(".")
    spelt = spell_whole(int(whole), formal=names is _FORMAL)
    rest = rest.rstrip("0")
    return sign + spelt + ("点" + "".join(names[0][int(digit)] for digit in rest) if rest else "")


def spell_whole(number: int, *, formal: bool) -> str:
    """A whole number below 10^16; one 零 for any run of inner zeros, none where only a group's last digits are zero."""
    digit_names, places = _FORMAL if formal else _PLAIN
    if number == 0:
        return "零"
    groups = [number // 10_000**at % 10_000 for at in range(4)]
    spelt = ""
    for at in (3, 2, 1, 0):
        group = groups[at]
        if group == 0:
            continue
        skipped = at < 3 and groups[at + 1] == 0
        if spelt and (group < 1000 or skipped):
            spelt += "零"
        spelt += _group(group, digit_names, places) + _unit(at, groups)
    return spelt if formal or not spelt.startswith("一十") else spelt[1:]


def _unit(at: int, groups: list[int]) -> str:
    """万亿 keeps only its 万 when 亿 follows anyway: 一万二千亿 is one number."""
    return "万" if at == 3 and groups[2] else _GROUPS[at]


def _group(group: int, digit_names: str, places: tuple[str, ...]) -> str:
    spelt = ""
    gap = False
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if digit == 0:
            gap = bool(spelt)
            continue
        spelt += ("零" if gap else "") + digit_names[digit] + places[place]
        gap = False
    return spelt
