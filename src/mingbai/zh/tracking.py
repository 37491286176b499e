"""Which carrier a tracking number may belong to, and tracking numbers in a sentence.

A number that several carriers use yields several candidates, the likeliest first; nobody is picked for the reader. A
check digit that fits raises the candidate, one that does not lowers it, and only where the check is an international
standard does a miss become a `problem`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache, partial
from itertools import compress
from operator import is_not
from typing import NamedTuple

from mingbai.values.errors import Text
from mingbai.zh.carriers import BY_LENGTH, CARRIERS, Check, Shape
from mingbai.zh.mapped import Mapped
from mingbai.zh.width import narrow

_STANDARD = frozenset({"ups", "post", "ems"})  # whose check is published and never broken
_SAID = {said: carrier.carrier for carrier in CARRIERS.values() for said in carrier.said}
# Each alternative begins with a letter of its own: the engine skips to those. What may not stand before is asked after.
_SAID_PATTERN = re.compile(
    "|".join(
        re.escape(said) + ("(?![a-z])" if said.isascii() else "")
        for said in sorted(_SAID, key=len, reverse=True)
    )
)
_SAID_BEGINS = re.compile(f"[{''.join(sorted({it[0] + it[0].upper() for it in _SAID}))}]")
_LOWER = {upper: upper + 32 for upper in range(65, 91)}  # str.lower() may change the length
_CUE = re.compile(
    r"快递|快遞|物流|单号|單號|运单|運單|包裹|面单|发了|寄出|(?i:tracking|shipment|parcel|package|waybill|awb)"
)
_CUE_WINDOW = 18
_LETTER = re.compile("[A-Za-z]")
_PROOF = 0.85  # a shape this sure needs no word beside it
_OTHER_CUE = re.compile(r"订单|訂單|手机|电话|(?i:order)")

# Letters and digits in one run, or digits in groups of four as labels print them. Bounded; letters need digits after.
_IN_TEXT = re.compile(
    r"(?=[0-9A-Za-z])(?<![0-9A-Za-z])(?:"
    r"(?P<run>(?=[A-Za-z0-9]{0,5}\d{4}|1Z)[A-Za-z0-9]{10,34}(?:-\d{1,3}){0,3})"
    r"|(?P<spaced>(?:[A-Za-z]{1,3} ?|1Z ?)?[0-9A-Z]{2,5}(?: [0-9A-Z]{1,5}){2,9})"
    r")(?![0-9A-Za-z])"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    carrier: str
    name: Text
    confidence: float
    reason: Text
    check: Check = "none"


class Tracking(NamedTuple):
    """A number at text[start:end]. `named`: the carrier said beside it, "" if none."""

    start: int
    end: int
    number: str
    named: str

    def __repr__(self) -> str:
        """Not the number."""
        return f"Tracking({self.start}, {self.end}, {self.named!r})"

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The carriers it may belong to, likeliest first, never empty."""
        return _candidates(self.number, self.named)

    @property
    def sure(self) -> float:
        """The confidence of the likeliest candidate."""
        number, named = self.number, self.named
        return round(max([_weighed(shape, number, named)[0] for shape in _fitting(number)]), 3)

    @property
    def carrier(self) -> str:
        """The one carrier it surely is, "" while it may be another's: then ask."""
        first, *others = self.candidates
        if first.confidence < 0.6 or (others and others[0].confidence > first.confidence - 0.25):
            return ""
        return first.carrier

    @property
    def problem(self) -> Text | None:
        return _problem(self.number, self.candidates)


def candidates(number: str, said: str = "") -> tuple[Candidate, ...]:
    """Carriers whose shape the number has. `said`: a carrier's name beside it, in any of its spellings."""
    return _candidates(_bare(number), carrier_of(said))


def _candidates(number: str, named: str) -> tuple[Candidate, ...]:
    best: dict[str, tuple[float, Check, Shape]] = {}
    for shape in _fitting(number):
        sure, check = _weighed(shape, number, named)
        if shape.carrier not in best or sure > best[shape.carrier][0]:
            best[shape.carrier] = sure, check, shape
    return tuple(
        Candidate(shape.carrier, CARRIERS[shape.carrier].name, round(sure, 3), shape.reason, check)
        for sure, check, shape in sorted(best.values(), key=lambda it: -it[0])
    )


def carrier_of(said: str) -> str:
    """The carrier that a text names (顺丰, 圆通速递, SF), "" if none."""
    return next((carrier for _, _, carrier in _names(said)), "")


def _names(text: str) -> list[tuple[int, int, str]]:
    if not _SAID_BEGINS.search(text):
        return []
    text = text.translate(_LOWER)
    return [
        (*hit.span(), _SAID[hit[0]])
        for hit in _SAID_PATTERN.finditer(text)
        if not ("a" <= hit[0][0] <= "z" and hit.start() and "a" <= text[hit.start() - 1] <= "z")
    ]


def problem(number: str) -> Text | None:
    """Why the number cannot be one, None if it can be."""
    number = _bare(number)
    if not number:
        return Text("没有运单号。", "There is no tracking number.")
    if re.fullmatch(r"\d{1,3}E\+?\d{1,3}", number):
        return Text(
            "被表格改成了科学计数，原号已经丢了。",
            "A spreadsheet turned it into scientific notation: the number is lost.",
        )
    return _problem(number, _candidates(number, ""))


def _problem(number: str, known: tuple[Candidate, ...]) -> Text | None:
    if not known:
        return Text(
            f"没有已知快递公司用这种样式的单号（{len(number)} 位）。",
            f"No carrier we know has numbers of this shape ({len(number)} characters).",
        )
    if all(it.check == "does not fit" and it.carrier in _STANDARD for it in known):
        return Text(
            "校验位不符，可能有一位打错了。", "The check digit does not fit: one character may be mistyped."
        )
    return None


def find(text: str) -> list[Tracking]:
    """In order of the text. Digits alone count only beside a carrier's name or a word such as 快递 or 单号."""
    return find_in(narrow(text))


def find_in(shown: Mapped) -> list[Tracking]:
    text = shown.text
    if text.isascii() and not _LETTER.search(text):  # digits alone count beside a word only
        return []
    names: list[tuple[int, int, str]] | None = (
        None  # looked for once there is a number that they may stand beside
    )
    name_starts: list[int] = []
    cue_ends: list[int] = []
    out: list[Tracking] = []
    for hit in _IN_TEXT.finditer(text):
        start, end = hit.span()
        number = hit[0].replace(" ", "").upper()
        any_shape = _shapes(len(number), True)
        if any_shape is None or not any_shape.fullmatch(number):
            continue
        if names is None:
            names = _names(text)
            name_starts = [first for first, _, _ in names]
            cue_ends = [hit.end() for hit in _CUE.finditer(text)]
        named = _beside(names, name_starts, start, end)
        announced = bool(named) or _announced(text, cue_ends, start)
        distinctive = not number.isdigit() and (
            not hit["spaced"] or number.startswith("1Z") or number[:2].isalpha()
        )
        if not announced and not distinctive:
            continue
        shapes = any_shape if announced else _shapes(len(number), False)
        if shapes is any_shape or (shapes is not None and shapes.fullmatch(number)):
            out.append(Tracking(*shown.back(start, end), number, named))
    return out


@cache
def _shapes(length: int, announced: bool) -> re.Pattern[str] | None:
    """All shapes of that length as one; without a word beside it, those that need none."""
    fitting = [it.pattern.pattern for it in BY_LENGTH.get(length, ()) if announced or it.sure >= _PROOF]
    return re.compile("|".join(f"(?:{it})" for it in fitting)) if fitting else None


def _fitting(number: str) -> list[Shape]:
    shapes, which = _which(len(number))
    hit = which.match(number)
    assert hit is not None, "every part of it is optional"
    return list(compress(shapes, map(_IS_SET, hit.groups())))


_IS_SET = partial(is_not, None)


@cache
def _which(length: int) -> tuple[tuple[Shape, ...], re.Pattern[str]]:
    """The shapes of that length, and one pattern with a group for each that fits: nine questions in one call."""
    shapes = tuple(BY_LENGTH.get(length, ()))
    return shapes, re.compile("".join(rf"(?:(?=(?:{it.pattern.pattern})\Z)())?" for it in shapes))


def _beside(names: list[tuple[int, int, str]], starts: list[int], start: int, end: int) -> str:
    """The carrier named shortly before the number, else right after it."""
    place = bisect_left(starts, start)
    if place and names[place - 1][1] >= start - _CUE_WINDOW:
        return names[place - 1][2]
    place = bisect_left(starts, end)
    return names[place][2] if place < len(names) and starts[place] <= end + 4 else ""


def _announced(text: str, cue_ends: list[int], start: int) -> bool:
    """A word such as 快递 or 单号 stands before, and it is not the 单号 of 订单号, which is an order's."""
    place = bisect_right(cue_ends, start)
    if not place or cue_ends[place - 1] < start - _CUE_WINDOW:
        return False
    return not _OTHER_CUE.search(text, max(0, cue_ends[place - 1] - 3), start)


def _bare(number: str) -> str:
    return re.sub(r"[\s.]", "", narrow(number).text).upper()


def _weighed(shape: Shape, number: str, named: str) -> tuple[float, Check]:
    sure = shape.sure
    check: Check = "none"
    if shape.check is not None:
        if shape.check(number):
            sure, check = min(0.99, sure * (1.6 if sure < 0.5 else 1.05)), "fits"
        else:
            sure, check = sure * (0.35 if sure < 0.5 else 0.8), "does not fit"
    if named:
        sure = min(0.99, sure + 0.6) if named == shape.carrier else sure * 0.3
    return sure, check
