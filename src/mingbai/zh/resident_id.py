"""居民身份证 numbers: 18 characters with a check (GB 11643-1999, ISO 7064 MOD 11-2), and the 15 digits before 1999.

A well-formed number may still never have been issued; that is not knowable here. The clock is not read: a date of
birth in the future is judged only against the `today` that a caller gives.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from operator import mul

from mingbai.values.errors import Text
from mingbai.zh.divisions import table
from mingbai.zh.found import Found
from mingbai.zh.mapped import Mapped
from mingbai.zh.width import narrow

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ZEROS = ord("0") * sum(WEIGHTS)
_CHECKS = "10X98765432"  # by the weighted sum mod 11

# Provinces of GB/T 2260 (and 81, 82, 83: residents' permits of people from Hong Kong, Macau, Taiwan; 91: abroad).
_PROVINCES = frozenset(
    f"{code}"
    for run in (
        range(11, 16),
        range(21, 24),
        range(31, 38),
        range(41, 47),
        range(50, 55),
        range(61, 66),
        (71, 81, 82, 83, 91),
    )
    for code in run
)
_SHAPE = re.compile(r"\d{17}[\dXx]|\d{15}")

# Between digits a customer may put one space or dash (330102 1990 0307 1234). X is also typed × or *.
# The digit first, then what may not stand before it: the engine skips to digits.
_IN_TEXT = re.compile(
    r"[1-9](?<![0-9A-Za-z].)(?:(?:[ -]?[0-9Oo]){16}[ -]?[\dXx×*Oo](?![0-9A-Za-z])|\d{14}(?![0-9A-Za-z]))"
)
CUE = re.compile(r"身[份分]证|身分證|证件号|證件號|sfz|(?i:id card|identity card)")
CUE_WINDOW = 16
_MEANT = {ord("×"): "X", ord("*"): "X", ord("O"): "0"}
_LETTER_O = Text(
    "身份证号里写了字母 O，应是数字 0，请确认。",
    "The identity number has a letter O for a 0: please confirm.",
)


@dataclass(frozen=True, slots=True)
class ResidentId:
    """What a number says about its holder. `place` is empty where the code is unknown (withdrawn without a name)."""

    number: str = field(repr=False)
    born: date = field(repr=False)
    woman: bool = field(repr=False)
    place: str = field(repr=False)


def check_character(first17: str) -> str:
    return _CHECKS[(sum(map(mul, first17.encode(), WEIGHTS)) - _ZEROS) % 11]


def problem(number: str, today: date | None = None) -> Text | None:
    """What is wrong with the number, None if nothing is. Does not repeat the number: messages go to logs."""
    number = number.upper()
    if not _SHAPE.fullmatch(number) or not number.isascii():
        return Text(
            "身份证号应是 18 位（末位可为 X）或旧式 15 位数字。",
            "A resident identity number has 18 characters (the last may be X), or 15 digits in its old form.",
        )
    if number[:2] not in _PROVINCES:
        return Text("前两位不是任何省级行政区的代码。", "The first two digits are no province's code.")
    born = _born(number)
    if born is None:
        return Text("出生日期那几位不是真实的日期。", "The digits of the date of birth are no real date.")
    if born.year < 1870 or (today is not None and born > today):
        return Text("出生日期不可能是这一天。", "The date of birth cannot be right.")
    if len(number) == 18 and check_character(number[:17]) != number[17]:
        return Text(
            "末位校验码不符，可能有一位打错了。", "The check character does not fit: a digit may be mistyped."
        )
    return None


def read(number: str) -> ResidentId | None:
    """What a sound number says, None for any other."""
    number = number.upper()
    if problem(number) is not None:
        return None
    born = _born(number)
    assert born is not None, "a sound number has a date"
    order = int(number[16] if len(number) == 18 else number[14])
    return ResidentId(number, born, order % 2 == 0, _place(number[:6]))


def known_place(number: str) -> bool:
    """Whether the first six digits were ever a division: a weaker sign, as codes changed often."""
    return table().knows(number[:6])


def find(text: str) -> list[Found]:
    """Numbers that pass, and those that do not but are announced as one (身份证 …) within a few characters before."""
    return find_in(narrow(text))


def find_in(shown: Mapped) -> list[Found]:
    out = []
    cued: bool | None = None  # is one announced anywhere
    for hit in _IN_TEXT.finditer(shown.text):
        if cued is None:
            cued = CUE.search(shown.text) is not None
        said = hit[0].upper()
        as_meant = said.isdigit() or (said[:-1].isdigit() and said[-1] == "X")
        value = said if as_meant else said.replace(" ", "").replace("-", "").translate(_MEANT)
        wrong = problem(value) or (_LETTER_O if "O" in said else None)
        announced = cued and bool(CUE.search(shown.text, max(0, hit.start() - CUE_WINDOW), hit.start()))
        if wrong in (None, _LETTER_O) and (len(value) == 18 or announced):
            confidence = 1.0 if announced else 0.97 if known_place(value) else 0.8
        elif announced:
            confidence = 0.9
        elif wrong is None and known_place(value):
            confidence = 0.5  # 15 digits with a date inside: also the shape of many order numbers
        else:
            continue
        start, end = shown.back(*hit.span())
        out.append(Found(start, end, "resident_id", value, wrong, confidence))
    return out


def _born(number: str) -> date | None:
    digits = number[6:14] if len(number) == 18 else "19" + number[6:12]
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def _place(code: str) -> str:
    division = table().codes.get(code)
    return division.path() if division else ""
