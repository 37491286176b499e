"""Sizes and measures as customers say them: 身高170体重130, 1米75, 5'9", 三斤半, 2尺1, 39码, XXL, 500毫升.

A bare body weight is in 斤 in Chinese. 斤 and 尺 are the mainland's (500 g; a third of a metre). Not covered: Taiwan's and
Hong Kong's 斤 (600 g and 604.8 g), 钱 as a weight, and bare numbers without 身高 or 体重 near.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice
from typing import Literal

from mingbai.zh.mapped import Mapped
from mingbai.zh.numerals_read import FORMAL_AND_PLAIN, LONGEST, digits, read
from mingbai.zh.sizes import SIZE, Size, read_size
from mingbai.zh.sizes import shoe_mm as shoe_mm
from mingbai.zh.sizes import shoe_size as shoe_size
from mingbai.zh.width import normalise

Kind = Literal["length", "weight", "volume", "height", "body_weight"]
Unit = Literal["cm", "kg", "ml"]
CANDIDATES = 500  # numbers and sizes looked at in one text

_INCH, _FOOT, _CHI = Decimal("2.54"), Decimal("30.48"), Decimal(100) / 3
_LENGTHS = {
    "米": "100", "m": "100", "公尺": "100", "分米": "10", "厘米": "1", "公分": "1", "cm": "1", "毫米": "0.1", "mm": "0.1",
    "英寸": "2.54", "吋": "2.54", "inches": "2.54", "inch": "2.54", '"': "2.54", "英尺": "30.48", "feet": "30.48", "ft": "30.48",
}  # fmt: skip
_WEIGHTS = {
    "公斤": "1", "千克": "1", "kgs": "1", "kg": "1", "市斤": "0.5", "斤": "0.5", "两": "0.05", "克": "0.001", "grams": "0.001",
    "gram": "0.001", "g": "0.001", "毫克": "0.000001", "mg": "0.000001", "吨": "1000", "磅": "0.45359237", "lbs": "0.45359237",
    "lb": "0.45359237", "pounds": "0.45359237", "盎司": "0.028349523125", "oz": "0.028349523125", "ounces": "0.028349523125",
}  # fmt: skip
_VOLUMES = {"毫升": "1", "ml": "1", "cc": "1", "公升": "1000", "升": "1000", "liters": "1000", "litres": "1000", "liter": "1000", "l": "1000"}  # fmt: skip
_UNITS: dict[str, tuple[Kind, Unit, Decimal]] = {
    **{name: ("length", "cm", Decimal(worth)) for name, worth in _LENGTHS.items()},
    **{name: ("weight", "kg", Decimal(worth)) for name, worth in _WEIGHTS.items()},
    **{name: ("volume", "ml", Decimal(worth)) for name, worth in _VOLUMES.items()},
}
_NAMES = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_ONE = "一二三四五六七八九"
_NUMBER = re.compile(
    rf"(?P<digits>[0-9]++(?:\.[0-9]++)?+(?:[万千百]|多|来)?)|(?P<zh>[{FORMAL_AND_PLAIN}几半多来点]++)"
)
_UNIT = re.compile(
    rf"\s?(?P<zh>{_NAMES})(?![A-Za-z0-9])(?!饭|面馆|装修|花色|(?<=升)[级值降温职起旗])",
    re.IGNORECASE,
)
_TO = re.compile(r"\s?(?:[-~]|到|至)\s?")
_METRES = re.compile(
    rf"(?:米|m)(?P<cm>[0-9]{{1,2}}|[零{_ONE}]{{1,2}}|[{_ONE}]?十[{_ONE}]?)(?![0-9.个件厘分{FORMAL_AND_PLAIN}])",
    re.IGNORECASE,
)
_FEET = re.compile(
    r"\s?(?:'|英尺|feet|foot|ft)\s?(?P<inches>1[01]|[0-9])(?![0-9.])\s?(?:\"|''|英寸|inches|in\b)?",
    re.IGNORECASE,
)
_CHI_TAIL = re.compile(rf"尺(?!码|寸)(?:(?P<cun>[0-9]|[{_ONE}])寸?(?![0-9{FORMAL_AND_PLAIN}])|(?P<half>半))?")
_CUN = re.compile(r"寸(?!照片头步)")
_JIN_TAIL = re.compile(rf"(?P<half>半)|(?P<liang>[0-9]|[{_ONE}])(?:两|(?![0-9个件只盒袋{FORMAL_AND_PLAIN}]))")
_BESIDE = re.compile(r"(?P<both>身高[/、和]?体重)?(?P<height>身高|个子|个头|height)?(?P<weight>体重|weight|weigh)?(?:是|大概|大约|差不多|约|在|有|才|只有|:|\s|is|of|about|i'm|=){0,4}\Z", re.IGNORECASE)  # fmt: skip
_NEXT = re.compile(r"(?:\s?[,，/、]\s?|\s{1,2}|和|，?(?:体重)?)(?=[0-9])")
_DATA = re.compile(r"硬盘|内存|显|流量|网|存储|固态|运存|盘|手机|信号|主频|缓存|带宽|GB|MB")
_CUN_BODY = re.compile(r"腰|胸|臀|肩|尺")


@dataclass(frozen=True, slots=True)
class Measure:
    """`low` to `high` in `unit`, equal for an exact one; `also` is another reading of the same words (6寸 as 市寸)."""

    said: str
    start: int
    end: int
    kind: Kind
    low: Decimal
    high: Decimal
    unit: Unit
    also: tuple[Decimal, ...] = ()

    @property
    def value(self) -> Decimal | None:
        return self.low if self.low == self.high else None


@dataclass(frozen=True, slots=True)
class _Raw:
    """A measure by its place in the normalised text."""

    start: int
    end: int
    kind: Kind
    low: Decimal
    high: Decimal
    unit: Unit
    also: tuple[Decimal, ...] = ()


def find_sizes(text: str) -> list[Measure | Size]:
    """Every measure, clothing and shoe size of a sentence, in order."""
    form = normalise(text, keep="，")
    sizes = [it for match in islice(SIZE.finditer(form.text), CANDIDATES) if (it := read_size(form, match))]
    taken = {at for it in sizes for at in range(it.start, it.end)}
    measures = [it for it in find_measures_in(form) if taken.isdisjoint(range(it.start, it.end))]
    return sorted((*sizes, *measures), key=lambda it: it.start)


def find_measures(text: str) -> list[Measure]:
    """Lengths, weights, volumes, heights and body weights."""
    return find_measures_in(normalise(text, keep="，"))


def find_measures_in(form: Mapped) -> list[Measure]:
    found: list[Measure] = []
    here, height = 0, None
    chinese = not form.text.isascii()
    for number in islice(_NUMBER.finditer(form.text), CANDIDATES):
        if number.start() < here:
            continue
        raw = (
            _composite(form.text, number)
            or _with_unit(form.text, number)
            or _bare(form.text, number, here, height, chinese)
        )
        if raw is None:
            continue
        raw = _of_body(form.text, raw, here, height)
        if raw.kind == "height":
            height = raw
        start, end = form.back(raw.start, raw.end)
        found.append(
            Measure(form.original[start:end], start, end, raw.kind, raw.low, raw.high, raw.unit, raw.also)
        )
        here = raw.end
    return found


def _composite(text: str, number: re.Match[str]) -> _Raw | None:
    """1米75, 一米七, 5'9", 2尺1, 两尺三寸, 6寸."""
    start, end = number.span()
    if end - start > LONGEST:
        return None
    said = number.group()
    value = read(said)
    if value is None or value.value is None:
        return None
    exact = value.value
    if (metres := _METRES.match(text, end)) and exact in (1, 2):
        tail = read(metres["cm"])
        centimetres = digits(metres["cm"]) or str(int(tail.low) if tail else 0)
        return _raw(start, metres.end(), "length", exact * 100 + Decimal(centimetres.ljust(2, "0")), "cm")
    if (feet := _FEET.match(text, end)) and exact in (3, 4, 5, 6, 7):
        return _raw(start, feet.end(), "length", exact * _FOOT + Decimal(feet["inches"]) * _INCH, "cm")
    if (chi := _CHI_TAIL.match(text, end)) and text[start - 1 : start] != "英":
        cun = (
            Decimal("0.5")
            if chi["half"]
            else Decimal(digits(chi["cun"]) or 0) / 10
            if chi["cun"]
            else Decimal(0)
        )
        return _raw(start, chi.end(), "length", ((exact + cun) * _CHI).quantize(Decimal("0.1")), "cm")
    if by_cun := _CUN.match(text, end):
        inches, market = exact * _INCH, (exact * _CHI / 10).quantize(Decimal("0.1"))
        if _CUN_BODY.search(text, max(0, start - 4), start):
            inches, market = market, inches
        return _Raw(start, by_cun.end(), "length", inches, inches, "cm", (market,))
    return None


def _with_unit(text: str, number: re.Match[str]) -> _Raw | None:
    start, end = number.span()
    if end - start > LONGEST:
        return None
    if (
        number["zh"] and len(number["zh"]) > 1 and number["zh"].endswith("两")
    ):  # 二两 is a weight, 两斤 is two 斤
        end -= 1
    value = read(text[start:end])
    if value is None:
        return None
    unit = _UNIT.match(text, end)
    second = None
    if unit is None and (to := _TO.match(text, end)) and (other := _NUMBER.match(text, to.end())):
        second = read(other.group()) if len(other.group()) <= LONGEST else None
        unit = _UNIT.match(text, other.end()) if second else None
    if unit is None or not _is_unit(text, start, end, unit):
        return None
    kind, name, worth = _UNITS[unit["zh"].lower()]
    low, high = value.low * worth, (second or value).high * worth
    stop = unit.end()
    if (
        unit["zh"] in ("斤", "公斤", "千克", "升", "米")
        and low == high
        and (tail := _JIN_TAIL.match(text, stop))
    ):
        if tail["half"]:
            low, stop = low + worth / 2, tail.end()
        elif unit["zh"] == "斤":
            low, stop = low + Decimal(digits(tail["liang"]) or 0) * worth / 10, tail.end()
        high = low
    return _Raw(start, stop, kind, min(low, high), max(low, high), name)


def _is_unit(text: str, start: int, end: int, unit: re.Match[str]) -> bool:
    """Not a quotation mark, not gigabytes and megabytes, not a model number, and not 一两 as one or two."""
    name = unit["zh"]
    before = text[max(0, start - 1) : start]
    if (name.isascii() or name == "两") and before.isascii() and before.isalpha():
        return False  # ACER422G, SP3两张
    if not name.isalpha() and not text[start:end].isascii():
        return False
    if name == '"':
        return text.count('"', max(0, start - 40), start) % 2 == 0
    if name in ("G", "M"):
        around = text[max(0, start - 6) : start] + "," + text[unit.end() : unit.end() + 6]
        return not (_DATA.search(around) or (name == "M" and "." not in text[start:end]))
    if name == "两" and text[start:end] in ("一", "三"):
        after = text[unit.end() : unit.end() + 1]
        return not "\u4e00" <= after <= "\u9fff" or after in "的茶重左以多白肉酒参"
    return True


def _bare(text: str, number: re.Match[str], here: int, height: _Raw | None, chinese: bool) -> _Raw | None:
    """身高170, 体重130; 170 130斤 and 170/65kg; the number after a height is the weight when 体重 was said for both."""
    start, end = number.span()
    value = read(number.group()) if end - start <= LONGEST else None
    if value is None or value.value is None:
        return None
    exact = value.value
    beside = _BESIDE.search(text, max(here, start - 14), start)
    if beside and beside["weight"] and not beside["height"] and chinese:
        return _weight(start, end, exact, height)
    if (
        beside
        and (beside["both"] or beside["height"])
        and (130 <= exact <= 230 or Decimal("1.3") <= exact <= Decimal("2.3"))
    ):
        return _raw(start, end, "height", exact * (100 if exact < 3 else 1), "cm")
    if (
        height
        and start - height.end <= 3
        and 30 <= exact <= 300
        and text[height.end : start].strip(" ,，/、") == ""
        and chinese
    ):
        return _weight(start, end, exact, height)
    following = _NEXT.match(text, end)
    if 140 <= exact <= 210 and number["digits"] and following and following.group():
        after = _NUMBER.match(text, following.end())
        unit = _UNIT.match(text, after.end()) if after else None
        if (
            unit
            and _UNITS[unit["zh"].lower()][0] == "weight"
            and unit["zh"].lower() in ("斤", "公斤", "kg", "千克")
        ):
            return _raw(start, end, "height", exact, "cm")
    return None


def _weight(start: int, end: int, said: Decimal, height: _Raw | None) -> _Raw | None:
    """A bare weight is in 斤, unless that leaves an impossible body for the height said (165 and 52): then it is kg."""
    if not 20 <= said <= 400:
        return None
    in_jin = said / 2
    metres = height.low / 100 if height else None
    if metres and in_jin / metres**2 < 13 <= said / metres**2:
        return _Raw(start, end, "body_weight", said, said, "kg", (in_jin,))
    return _Raw(start, end, "body_weight", in_jin, in_jin, "kg", (said,) if said < 100 else ())


def _of_body(text: str, raw: _Raw, here: int, height: _Raw | None) -> _Raw:
    """A length beside 身高 is a height, as are 1米75 and 5'9"; a weight beside 体重 or right after a height is a body's."""
    beside = _BESIDE.search(text, max(here, raw.start - 14), raw.start)
    if raw.kind == "length" and 50 <= raw.low <= 250:
        said = bool(beside and (beside["height"] or beside["both"]))
        if said or _METRES.search(text, raw.start, raw.end) or _FEET.search(text, raw.start, raw.end):
            return replace(raw, kind="height")
    if raw.kind == "weight" and 20 <= raw.low <= 300:
        after = height is not None and raw.start - height.end <= 3
        if after or (beside and beside["weight"]):
            return replace(raw, kind="body_weight")
    return raw


def _raw(start: int, end: int, kind: Kind, value: Decimal, unit: Unit) -> _Raw:
    return _Raw(start, end, kind, value, value, unit)
