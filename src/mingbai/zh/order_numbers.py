"""Order numbers in a sentence: the shapes of the platforms, a shop's own shape, and numbers that a spreadsheet ruined.

No platform publishes a check digit, so a shape only makes candidates; whether there is such an order is a question for
the rows. Numbers keep their digits; only spaces, full-width shapes and lost dashes of the shop's *own* shape are mended,
and `mended` says so.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import NamedTuple, TypeAlias

from mingbai.values.errors import Text
from mingbai.zh.found import apart
from mingbai.zh.mapped import Mapped
from mingbai.zh.width import narrow


@dataclass(frozen=True, slots=True)
class Candidate:
    """`platform`: taobao, pinduoduo, douyin, jd, wechat_shop, xiaohongshu, kuaishou, shopify, amazon, ebay, temu,
    aliexpress, own (the shop's), or a payment number that is *not* an order's: alipay, wechat_pay; "" unknown."""

    platform: str
    confidence: float
    reason: Text


class OrderNumber(NamedTuple):
    """text[start:end]; `number` is how the platform would write it. A ruined one has no candidates and a `problem`."""

    start: int
    end: int
    number: str
    confidence: float
    ours: bool = False  # of the shop's own shape
    mended: bool = False
    problem: Text | None = None

    def __repr__(self) -> str:
        """Not the number."""
        return f"OrderNumber({self.start}, {self.end}, {self.confidence})"

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The platforms it may be from, likeliest first; empty where the shape is nobody's."""
        return _candidates(self.number, self.ours)


# Without a call of Python's own: a third of the constructor's time.
_made: Callable[[tuple[int, int, str, float, bool, bool, Text | None]], OrderNumber] = partial(
    tuple.__new__, OrderNumber
)


@dataclass(frozen=True, slots=True)
class Own:
    """A shop's own shape, learned from its numbers. `template` has 9 for each digit: MB99999999-9999."""

    template: str
    pattern: re.Pattern[str]


def own_shapes(numbers: Iterable[str], most: int = 8) -> tuple[Own, ...]:
    """The shapes of a shop's numbers, the commonest first: letters stay, digits vary. Give it a few hundred numbers."""
    counts: dict[str, int] = {}
    for number in numbers:
        template = re.sub("[0-9]", "9", narrow(number).text.strip().upper())
        if 4 <= len(template) <= 40 and "9" in template and re.fullmatch("[A-Z0-9#_/.-]+", template):
            counts[template] = counts.get(template, 0) + 1
    common = sorted(counts, key=lambda it: (-counts[it], it))[:most]
    return tuple(Own(template, _lenient(template)) for template in common)


def _lenient(template: str) -> re.Pattern[str]:
    """Letters of any case; between groups of the number a dash may be a space, doubled or lost."""
    parts = []
    for character in template:
        if character == "9":
            parts.append(r"\d ?")
        elif character in "-_/.":
            parts.append(r"(?:[-_/.] ?)?")
        elif character == "#":
            parts.append("#? ?")
        else:
            parts.append(re.escape(character) + " ?")
    body = "".join(parts).removesuffix(" ?")
    return re.compile(rf"(?<![0-9A-Za-z]){body}(?![0-9A-Za-z])", re.IGNORECASE)


_END = r"(?![0-9A-Za-z])(?!-\d)"
Shape: TypeAlias = tuple[str, re.Pattern[str], float, Text]


def _shapes(*rows: tuple[str, str, float, Text]) -> tuple[Shape, ...]:
    """The surest first: the first that fits is the likeliest."""
    made = [(platform, re.compile(pattern), sure, reason) for platform, pattern, sure, reason in rows]
    return tuple(sorted(made, key=lambda it: -it[2]))


_MARKED = _shapes(
    ("pinduoduo", r"\d{6}-\d{15}", 0.97, Text("6 位日期加 15 位", "six digits of a date and 15 more")),
    ("amazon", r"\d{3}-\d{7}-\d{7}", 0.97, Text("3-7-7 位", "3-7-7 digits")),
    ("temu", r"PO-\d{3}-\d{17,20}", 0.97, Text("PO- 开头", "begins with PO-")),
    ("ebay", r"\d{2}-\d{5}-\d{5}", 0.9, Text("2-5-5 位", "2-5-5 digits")),
    ("xiaohongshu", r"P\d{18}", 0.9, Text("P 加 18 位", "P and 18 digits")),
    ("shopify", r"#[A-Z]{0,4}-?\d{4,7}", 0.8, Text("# 加流水号", "# and a running number")),
    (
        "own",
        r"[A-Z]{1,5}20\d{6}-\d{2,8}",
        0.75,
        Text("字母、日期、流水号", "letters, a date, a running number"),
    ),
    ("own", r"[A-Z]{1,5}20\d{6,16}", 0.6, Text("字母加日期和流水号", "letters, a date and a running number")),
)
_BARE = _shapes(
    ("wechat_pay", r"4[0-9]000\d{23}", 0.9, Text("微信支付交易单号，不是订单号", "a WeChat Pay transaction, not an order")),
    ("alipay", r"20\d{6}\d{20,24}", 0.85, Text("支付宝交易号，不是订单号", "an Alipay trade number, not an order")),
    ("wechat_shop", r"37\d{17}", 0.7, Text("37 开头 19 位", "19 digits that begin with 37")),
    ("douyin", r"(?:4[6-9]|[56]\d)\d{17}", 0.65, Text("19 位、4 至 6 开头", "19 digits that begin with 4 to 6")),
    ("taobao", r"[1-9]\d{17,18}", 0.55, Text("18 至 19 位", "18 to 19 digits")),
    ("taobao", r"[1-9]\d{14,16}", 0.35, Text("15 至 17 位，旧订单", "15 to 17 digits, an older order")),
    ("aliexpress", r"[38]\d{15}", 0.35, Text("16 位", "16 digits")),
    ("kuaishou", r"2\d{15}", 0.3, Text("2 开头 16 位", "16 digits that begin with 2")),
    ("jd", r"[1-9]\d{11}", 0.45, Text("12 位", "12 digits")),
    ("jd", r"[1-9]\d{10}", 0.2, Text("11 位，旧订单，也可能是手机号", "11 digits, an older order or a phone")),
)  # fmt: skip

_ANY_MARKED, _ANY_BARE = (
    re.compile("|".join(f"({pattern.pattern})" for _, pattern, _, _ in shapes)) for shapes in (_MARKED, _BARE)
)

CUE = re.compile(
    r"(?:订单|訂單|定单|单子|單子|主订单)(?:编号|編號|号码|號碼|号|號)?|交易号|(?<![运物快递])单号|單號|(?i:order(?: ?(?:no|number|id|num))?)"
)
CUE_WINDOW = 12
_CUE_BEGINS = re.compile("[订訂定单單主交oO]")
_TRACKING_CUE = re.compile(r"快递|物流|运单|包裹|(?i:tracking)")

# The first character, then what may not stand before it: the engine skips to those.
_IN_TEXT = re.compile(
    rf"[0-9A-Za-z#](?<![0-9A-Za-z].)(?<!\d[-.].)(?:"
    rf"(?<=\d)(?:\d{{5}} ?- ?\d{{15}}|\d{{2}} ?- ?\d{{7}} ?- ?\d{{7}}|\d-\d{{5}}-\d{{5}}|(?: ?\d){{10,31}})"
    rf"|(?<=P)O-\d{{3}}-\d{{17,20}}|(?<=#)[A-Za-z]{{0,4}}-?\d{{4,7}}|(?<=[A-Za-z])[A-Za-z]{{0,4}} ?20\d{{6}} ?-? ?\d{{2,8}}|(?<=P)\d{{18}}"
    rf"){_END}"
)
_CUED = re.compile(
    rf"(?:{CUE.pattern}) ?(?:(?i:is|was)|是|为|為)? ?[:#]? ?(?P<no>(?=[A-Za-z]{{0,8}}[-#_]?\d)[A-Za-z0-9#][A-Za-z0-9_/-]{{2,39}})(?![0-9A-Za-z])"
)
_RUINED = re.compile(r"(?<![0-9A-Za-z.])\d(?:\.\d{1,14})?[Ee]\+?(?:0?[89]|1\d|2\d|3\d)(?![0-9A-Za-z])")
_ROUNDED = re.compile(r"\d{15}0{3,}(?:\.0)?")
_RUINED_TEXT = Text(
    "这个号被表格改成了科学计数（如 1.93E+18），后面的数字已经丢了：请从平台重新导出，或把该列设为文本后再保存。",
    "A spreadsheet turned this number into scientific notation (such as 1.93E+18) and its last digits are lost: "
    "export it again from the platform, or make the column text before saving.",
)
_ROUNDED_TEXT = Text(
    "这个号末尾全是 0，可能被表格四舍五入过（表格只保留 15 位）：请核对原号。",
    "This number ends in zeros only; a spreadsheet may have rounded it (it keeps 15 digits): check it against the platform.",
)


def ruined(number: str) -> Text | None:
    """Whether a spreadsheet ate digits: 1.93E+18, or more than 15 digits of which all after the 15th are 0."""
    return _ruined(narrow(number).text.strip().strip("'\"="))


def _ruined(shown: str) -> Text | None:
    if ("E" in shown or "e" in shown) and _RUINED.fullmatch(shown):
        return _RUINED_TEXT
    return _ROUNDED_TEXT if len(shown) > 17 and _ROUNDED.fullmatch(shown) else None


def candidates(number: str, own: Sequence[Own] = ()) -> tuple[Candidate, ...]:
    """Platforms whose shape the number has, likeliest first; the shop's own shape goes before all."""
    number = re.sub(r"\s", "", narrow(number).text).upper()
    template = re.sub("[0-9]", "9", number)
    return _candidates(number, any(template == it.template for it in own))


def _candidates(number: str, ours: bool) -> tuple[Candidate, ...]:
    best: dict[str, Candidate] = {}
    if ours:
        best["own"] = Candidate("own", 0.99, Text("是店铺自己的编号样式", "the shop's own shape"))
    for platform, pattern, sure, reason in _BARE if number.isdigit() else _MARKED:
        if pattern.fullmatch(number) and _dated(platform, number) and platform not in best:
            best[platform] = Candidate(platform, sure, reason)
    return tuple(sorted(best.values(), key=lambda it: -it.confidence))


def _likeliest(number: str) -> float:
    """The best candidate's confidence, 0 without any. The tables are in that order."""
    bare = number.isdigit()
    if bare and len(number) < 11:
        return 0.0
    first = (_ANY_BARE if bare else _ANY_MARKED).fullmatch(number)
    if first is None or first.lastindex is None:
        return 0.0
    shapes, at = _BARE if bare else _MARKED, first.lastindex - 1
    if shapes[at][0] not in _DATED:
        return shapes[at][2]
    for platform, pattern, sure, _ in shapes[at:]:
        if pattern.fullmatch(number) and _dated(platform, number):
            return sure
    return 0.0


def find(text: str, own: Sequence[Own] = ()) -> list[OrderNumber]:
    """In order of the text, not overlapping. Digits alone need 15 of them or the word 订单 before."""
    return find_in(narrow(text), own)


def find_in(shown: Mapped, own: Sequence[Own] = ()) -> list[OrderNumber]:
    text = shown.text
    cue_ends = [hit.end() for hit in CUE.finditer(text)] if _CUE_BEGINS.search(text) else []
    out: list[OrderNumber] = []

    def take(
        span: tuple[int, int], number: str, sure: float, ours: bool = False, mended: bool = False
    ) -> None:
        out.append(OrderNumber(*shown.back(*span), number, sure, ours, mended, _ruined(number)))

    for hit in _RUINED.finditer(text) if "E" in text or "e" in text else ():
        take(hit.span(), hit[0], 0.9)
    for it in own:
        for hit in it.pattern.finditer(text):
            number = _filled(it.template, hit[0])
            take(hit.span(), number, 0.99, True, number != hit[0])
    taken = {hit.start for hit in out}
    for hit in _IN_TEXT.finditer(text):
        written = hit[0]
        if not cue_ends and len(written) < 15 and written.isdigit():  # a telephone, mostly
            continue
        start, end = shown.back(*hit.span())
        if start in taken:
            continue
        number = written.replace(" ", "").upper()
        said = bool(cue_ends) and _ends_within(cue_ends, hit.start() - CUE_WINDOW, hit.start())
        if number.isdigit():
            if not said and (len(number) < 15 or " " in written):
                continue
            if _TRACKING_CUE.search(text, max(0, hit.start() - 8), hit.start()):
                continue
        sure = _likeliest(number)
        if sure:
            sure = min(0.98, sure + (0.3 if said else 0))
            out.append(_made((start, end, number, sure, False, number != written, _ruined(number))))
    for hit in _CUED.finditer(text) if cue_ends else ():
        number = hit["no"].rstrip("-_/").upper()
        if sum(map(str.isdigit, number)) >= 3:
            sure = _likeliest(number)
            take(
                (hit.start("no"), hit.start("no") + len(number)),
                number,
                min(0.97, sure + 0.2) if sure else 0.6,
            )
    return apart(out)


def _ends_within(ends: Sequence[int], first: int, last: int) -> bool:
    place = bisect_left(ends, max(0, first))
    return place < len(ends) and ends[place] <= last


def _filled(template: str, said: str) -> str:
    """What was said, in the shape of the template: its letters and dashes, the digits that were given."""
    digits = iter(character for character in said if character.isdigit())
    literal = iter(template)
    return "".join(next(digits) if character == "9" else character for character in literal)


_DATED = frozenset({"pinduoduo", "alipay", "own"})


def _dated(platform: str, number: str) -> bool:
    """Shapes that hold a date must hold a real one."""
    match platform:
        case "pinduoduo":
            return _real("20" + number[:6])
        case "alipay":
            return _real(number[:8])
        case "own":
            digits = re.sub("[^0-9]", "", number)
            return _real(digits[:8])
        case _:
            return True


def _real(yyyymmdd: str) -> bool:
    try:
        return 2003 <= date(int(yyyymmdd[:4]), int(yyyymmdd[4:6]), int(yyyymmdd[6:])).year <= 2099
    except ValueError:
        return False
