"""Reads one numeral, already narrow and simplified. `numerals` is the public face; amounts, dates and units read through this.

A numeral is at most `LONGEST` characters, so that every step here is bounded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

LONGEST = 40
_DIGIT = {
    **{it: at for at, it in enumerate("零一二三四五六七八九")},
    **{it: at for at, it in enumerate("〇壹贰叁肆伍陆柒捌玖")},
    "○": 0,
    "两": 2,
    "幺": 1,
    "弌": 1,
    "弍": 2,
    "弎": 3,
    "参": 3,
    "叄": 3,
    "貮": 2,
}
_PLACE = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_TENS = {"廿": 20, "卅": 30, "卌": 40}
FORMAL_AND_PLAIN = "零〇○一二三四五六七八九十百千万亿两廿卅卌壹贰叁肆伍陆柒捌玖拾佰仟幺"
_ENGLISH = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
} | {
    "a": 1,
    "an": 1,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "ninety": 90,
    "hundred": 100,
    "dozen": 12,
}
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?")
_MIXED = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)(万亿|[百千万亿wWkK])(.*)", re.DOTALL)
_LETTERS = {"w": 10_000, "k": 1000, "百": 100, "千": 1000, "万": 10_000, "亿": 10**8, "万亿": 10**12}
_POINT = re.compile(r"([^点]+)点([零〇○一二三四五六七八九0-9]{1,12})(万亿|[百千万亿]?)")
_PART = re.compile(r"([^分之]+)分之([^分之]+)")
_RATIO = re.compile(r"(?:([0-9]{1,6}) )?([0-9]{1,6})/([0-9]{1,6})")
_PAIR = re.compile(r"([一二两三四五六七八])([二两三四五六七八九])(?=[十百千万亿]|$)")
_MORE = re.compile(r"(.+?)([多来余])(万亿|[万亿]?)")


@dataclass(frozen=True, slots=True)
class Number:
    """From `low` to `high`, both meant; equal for an exact one. `about`: 来, which may also be a little less."""

    low: Decimal
    high: Decimal
    about: bool = False

    @property
    def value(self) -> Decimal | None:
        """The number when it is one, None for a range."""
        return self.low if self.low == self.high and not self.about else None


def read(said: str) -> Number | None:
    """What one whole numeral says, or None."""
    if not said or len(said) > LONGEST:
        return None
    if said.startswith("负"):
        number = read(said[1:])
        return Number(-number.high, -number.low, number.about) if number and number.low >= 0 else None
    if len(said) == 2 and (pair := _pair(said)):
        return pair
    exact = _exact(said)
    if exact is not None:
        exact = Decimal(int(exact)) if exact == int(exact) else exact
        return Number(exact, exact)
    return _pair(said) or _several(said) or _more(said)


def whole(said: str) -> int | None:
    """A Chinese whole number, 千 nested in 万 nested in 亿; digits in a row (二〇二五) are read one by one."""
    if len(said) > LONGEST:
        return None
    if said and "两" not in said and all(it in _DIGIT for it in said):
        return int("".join(str(_DIGIT[it]) for it in said))
    return _big(said)


def digits(said: str) -> str | None:
    """Digits said one by one as they are, zeros in front kept: 幺三八 → 138. None when anything else is in it."""
    plain = "".join(str(_DIGIT.get(it, it)) for it in said)
    return plain if plain.isascii() and plain.isdecimal() else None


def _exact(said: str) -> Decimal | None:
    if not said:
        return None
    if _GROUPED.fullmatch(said):
        return Decimal(said.replace(",", ""))
    number = whole(said)
    if number is not None:
        return Decimal(number)
    for kind in (_mixed, _part, _english):
        exact = kind(said)
        if exact is not None:
            return exact
    return None


def _big(said: str) -> int | None:
    for unit, worth in (("亿", 10**8), ("万", 10**4)):
        at = said.rfind(unit)
        if at < 0:
            continue
        above = _big(said[:at])
        below = said[at + 1 :]
        if not above:
            return None
        if not below:
            return above * worth
        if len(below) == 1 and below in _DIGIT and below not in "零〇○两":  # 一万二 is 12,000
            return above * worth + _DIGIT[below] * worth // 10
        rest = _big(below.lstrip("零〇○"))
        return above * worth + rest if rest and rest < worth else None
    return _section(said)


def _section(said: str) -> int | None:
    """Below 万."""
    total, last, digit, gap = 0, 10_000, None, False
    for at, it in enumerate(said):
        if it in _PLACE:
            place = _PLACE[it]
            if place >= last or (digit is None and place != 10) or digit == 0:
                return None
            total += (1 if digit is None else digit) * place
            last, digit, gap = place, None, False
        elif it in _TENS:
            if last <= 10 or digit is not None:
                return None
            total, last, gap = total + _TENS[it], 10, False
        elif it in _DIGIT:
            if digit is not None or (it == "两" and said[at + 1 : at + 2] not in tuple("百千佰仟")):
                return (said == "两" and 2) or None
            if _DIGIT[it] == 0:
                if gap:
                    return None
                gap = True
            else:
                digit = _DIGIT[it]
        else:
            return None
    if digit is None:
        return None if gap or not total else total
    if total and last > 10 and not gap:  # 三千五 is 3,500; 一百零五 is 105
        return total + digit * last // 10
    return total + digit


def _mixed(said: str) -> Decimal | None:
    """1.5万, 1万5千, 1万5, 3千5, 12w; 一点五万; 两万5."""
    point = _POINT.fullmatch(said)
    if point:
        before = int(point[1]) if point[1].isascii() and point[1].isdecimal() else whole(point[1])
        after = digits(point[2])
        if before is None or after is None:
            return None
        return Decimal(f"{before}.{after}") * _LETTERS.get(point[3], 1)
    mixed = _MIXED.fullmatch(said)
    if not mixed or not _GROUPED.fullmatch(mixed[1]):
        return None
    worth = _LETTERS[mixed[2].lower()]
    value = Decimal(mixed[1].replace(",", "")) * worth
    rest = mixed[3]
    if not rest:
        return value
    if len(rest) == 1 and (rest in _DIGIT or rest.isascii()) and rest not in "零〇○两0":
        tail = digits(rest)
        return value + int(tail) * worth // 10 if tail else None
    below = _exact(rest.lstrip("零〇○"))
    return value + below if below is not None and below < worth and "." not in mixed[1] else None


def _part(said: str) -> Decimal | None:
    """百分之二十, 20%, 三分之二, 1/2, 1 1/2, 三成, 半."""
    if said == "半" or said == "一半":
        return Decimal("0.5")
    if said[-1] in "%‰":
        base = _exact(said[:-1])
        return None if base is None else base / (100 if said[-1] == "%" else 1000)
    tenths = re.fullmatch(r"([一二两三四五六七八九1-9])成([一二三四五六七八九半]?)", said)
    if tenths:
        after = "5" if tenths[2] == "半" else digits(tenths[2]) or "0"
        return Decimal(f"0.{digits(tenths[1])}{after}").normalize()
    ratio = _RATIO.fullmatch(said)
    if ratio:
        return Decimal(ratio[1] or 0) + Decimal(ratio[2]) / int(ratio[3]) if int(ratio[3]) else None
    part = _PART.fullmatch(said)
    if not part:
        return None
    below, above = _base(part[1]), _exact(part[2])
    if above is None and part[2] in ("百", "千", "万"):
        above = Decimal(_LETTERS[part[2]])
    return above / below if below and above is not None else None


def _base(said: str) -> Decimal | None:
    return Decimal(_LETTERS[said]) if said in ("百", "千", "万") else _exact(said)


def _english(said: str) -> Decimal | None:
    tens, _, ones = said.lower().partition("-")
    first, second = _ENGLISH.get(tens), _ENGLISH.get(ones)
    if first is None:
        return Decimal("0.5") if said.lower() == "half" else None
    if not ones:
        return Decimal(first)
    return Decimal(first + second) if second and second < 10 and first in range(20, 100, 10) else None


def _pair(said: str) -> Number | None:
    """二三百, 七八十, 十二三, 三五个: two digits where one is expected, next to each other or 三五."""
    pair = _PAIR.search(said)
    if not pair:
        return None
    first, second = _DIGIT[pair[1]], _DIGIT[pair[2]]
    if second - first != 1 and (first, second) != (3, 5):
        return None
    before, after = said[: pair.start()], said[pair.end() :]
    low, high = (_big(before + _PLAIN_DIGITS[it] + after) for it in (first, second))
    return Number(Decimal(low), Decimal(high)) if low and high else None


def _several(said: str) -> Number | None:
    """几十 is 20 to 99, 十几 is 11 to 19, 几百万 2,000,000 to 9,999,999, 几 alone 2 to 9."""
    if said.count("几") != 1:
        return None
    said = said.removeprefix("好")
    two, nine = _big(said.replace("几", "二")), _big(said.replace("几", "九"))
    if not two or not nine:
        return None
    place = (nine - two) // 7
    low = two - place if said.endswith("几") and len(said) > 1 else two
    return Number(Decimal(low), Decimal(nine + place - 1))


def _more(said: str) -> Number | None:
    """一百多 is 100 to 199, 十多万 100,000 to 199,999; 100来 is 90 to 110 and may be outside (现代汉语八百词, 来)."""
    more = _MORE.fullmatch(said)
    if not more:
        return None
    base = _exact(more[1])
    if base is None or base <= 0 or base != int(base):
        return None
    worth = _LETTERS.get(more[3], 1)
    if more[2] == "来":
        return Number(base * worth * 9 / 10, base * worth * 11 / 10, about=True)
    place = 1
    while int(base) % (place * 10) == 0 and place < 10**15:
        place *= 10
    high = (base + place) * worth - 1
    return Number(base * worth, max(high, base * worth))


_PLAIN_DIGITS = "零一二三四五六七八九"
