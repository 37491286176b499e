"""Amounts of money as people type them: 三块五, 5毛, ￥1,299.00, 二三百块, 500-800元, 100来块, €12,50, 不超过三百元.

A number alone is no amount. 两块 before a noun is two pieces. What it does not know: exchange rates, and amounts with
more decimals than the currency has (those are not reported at all).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Literal

from mingbai.values.money import Money
from mingbai.zh.amounts_words import accepted_forms as accepted_forms
from mingbai.zh.amounts_words import accepts as accepts
from mingbai.zh.amounts_words import from_words as from_words
from mingbai.zh.amounts_words import in_words as in_words
from mingbai.zh.currencies import AFTER_PATTERN, BEFORE_PATTERN, currency
from mingbai.zh.mapped import Mapped
from mingbai.zh.numerals_read import FORMAL_AND_PLAIN, Number, digits, read
from mingbai.zh.width import normalise

Bound = Literal["exact", "at_most", "at_least"]
CANDIDATES = 1000  # numbers looked at in one text; a message has a handful, hostile text has 65,536

_LONGEST = 32
_CHINESE = f"{FORMAL_AND_PLAIN}几多来余点半"
_COUNTED = "个件只支套盒把斤条双瓶包罐箱张片本份杯袋天年月日折间晚位人次台辆"  # 340元一间, 十块三个
_ONE = "0-9零一二三四五六七八九壹贰叁参肆伍陆柒捌玖"
_NUMBER = re.compile(
    rf"(?P<digits>[0-9](?:[0-9]|[.,](?=[0-9]))*+)(?P<more>[{_CHINESE}]++(?:[0-9]++[{_CHINESE}]*+)?|[wWkK](?![A-Za-z0-9]))?|[{_CHINESE}]++"
    r"|\b(?:a|one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty|hundred)(?=\s(?:dollar|buck|euro|yuan|cent))",
    re.IGNORECASE,
)
_BEFORE = re.compile(rf"{BEFORE_PATTERN}\Z", re.IGNORECASE)
_AFTER = re.compile(AFTER_PATTERN, re.IGNORECASE)
_TO = re.compile(rf"\s?(?:[-~]{{1,2}}|到|至|to\s)\s?(?:{BEFORE_PATTERN})?(?=[0-9{_CHINESE}])", re.IGNORECASE)
_AND = re.compile(rf"\s?and\s(?:{BEFORE_PATTERN})?(?=[0-9])", re.IGNORECASE)
# 块五, 元5角2分, 块零五分, 毛五; a digit before a measure word counts things instead (十块三个).
_TAIL = re.compile(
    rf"(?P<half>半)|零?(?P<jiao>[{_ONE}])[毛角](?:零?(?P<fen>[{_ONE}])分?)?钱?|[零〇](?P<only>[{_ONE}])分"
    rf"|(?P<bare>[0-9]{{1,2}}|[{_ONE[5:]}]|一(?![\u4e00-\u9fff]))(?![0-9{FORMAL_AND_PLAIN}几多来点.,]|[{_COUNTED}])"
    rf"|(?P<per>[{_ONE[5:]}])(?=一[{_COUNTED}])"
)
_JIAO_TAIL = re.compile(rf"(?P<fen>[{_ONE}])分?(?![0-9{FORMAL_AND_PLAIN}个件只])")
_AT_MOST_AFTER = re.compile(
    r"\s?(?:以内|以下|之内|之下|封顶|or (?:less|under|below)|max)|内(?!容|含|部|衣|裤)"
)
_AT_LEAST_AFTER = re.compile(r"\s?(?:以上|之上|起|往上|or more|and (?:up|above)|\+)")
_ABOUT_AFTER = re.compile(r"\s?(?:左右|上下|前后|出头|or so)")
_LEFT = re.compile(
    r"(?:(?P<most>不超过|不高于|不大于|不要超过|别超过|低于|少于|最多|至多|小于|不到|under|below|less than|up to|at most|cheaper than|max)"
    r"|(?P<least>高于|超过|大于|至少|不低于|不少于|起码|满|over|above|more than|at least)"
    r"|(?P<about>大概|大约|差不多|约|将近|around|about|approximately))(?:\s|是|要|在)?\Z",
    re.IGNORECASE,
)
_BUDGET = re.compile(
    r"(?:预算|价位|心理价|budget)(?:[ :：,，]|是|在|大概|大约|of|is|about|around){0,3}\Z", re.IGNORECASE
)
# 满300减50: both are amounts although only the second says 元, or neither does.
_FULL = re.compile(r"满\Z")
_FULL_OFF = re.compile(r"(?:元|块)?(?:可用|可|就|,|，)?(?:立减|减|返|送|包邮|打折)")
_OFF = re.compile(r"满[0-9]{1,6}(?:元|块)?(?:立减|减|返)\Z")
_BETWEEN = re.compile(r"between\s(?:\S{1,4}\s?)?\Z", re.IGNORECASE)
# What may follow 块 when it means money; any other Chinese word after a small number is what the pieces are of.
_ALONE_GOES_ON = (
    "的吧吗呢啊呀了啦以左够多钱行起每/一也都就"  # after 一块: anything else is what the piece is of
)
_MONEY_GOES_ON = "的吧吗呢啊呀了啦嘛么左右以之上下多不能可够就还也都一每起包邮行贵太有内到至给和与或是买卖退付减优便另加运拿钱整正封往出这那"
_TOGETHER = re.compile(
    r"块(?:儿|去|来|买|发|退|寄|拍|下单|付|打包|的话|吧|给|送|走|用|算|卖|喝|合并|结|\s*[A-Za-z])"
)
_SPENT = re.compile(
    r"(?:便宜|优惠|少|减|退|付|花|赔|补|差|只要|只|才|要|卖|价|运费|邮费|返|充|给|省|满|共|是|涨|降|每个|一个|一盒|一斤)了?\Z"
)
_NOT_UNIT = re.compile(
    r"元(?:旦|宵|月|素|件|朝|气|首|老|代|酒家|牛奶|桥|里屯)|[毛](?=[是和与说流])|[毛](?:重|衣|巾|线|绒|毯|笔|病|孩|利|发|料|茶|峰|尖|豆|肚|血|孔|呢|坯|边|领)|角(?:形|度|落|尺|色|钢|星|裤|梅|架|阀)|欧(?:洲|式|米|美|码|款|版|标|姆|阳|莱)|刀(?:具|片|头|剪|把|刃|口)"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """`text[start:end]` says `low` to `high`, equal for an exact one; `about` when it was said as near.

    `bound`: 不超过, 以内 and 以上 beside it. `currency_said` is false where only 元, 块 or $ was, or nothing.
    """

    said: str
    start: int
    end: int
    low: Money
    high: Money
    about: bool = False
    bound: Bound = "exact"
    currency_said: bool = False

    @property
    def money(self) -> Money | None:
        """The amount when it is one, None for a range or an approximate one."""
        return self.low if self.low == self.high and not self.about else None


@dataclass(frozen=True, slots=True)
class _Part:
    """A number with what stands around it: `scale` is 0.1 for 毛; `name` is empty when no currency was said."""

    start: int
    end: int
    number: Number
    name: str
    factor: int  # 万 of 三到五万, to be shared with the other end of the range


def find(text: str, currency: str = "CNY", *, bare: bool = False) -> list[Amount]:
    """Every amount of a sentence, in order. With `bare`, numbers that only 以内, 以上, 不超过 … mark count too (for searches)."""
    form = normalise(text, keep="，")
    found: list[Amount] = []
    here = 0
    numbers = list(islice(_NUMBER.finditer(form.text), CANDIDATES))
    for number in numbers:
        if number.start() < here:
            continue
        amount = _amount(form, number, here, currency, bare)
        if amount:
            found.append(amount[0])
            here = amount[1]
    return found


def _amount(
    form: Mapped, number: re.Match[str], here: int, own: str, bare: bool
) -> tuple[Amount, int] | None:
    text = form.text
    first = _part(text, number, here, own)
    if first is None:
        return None
    to = _TO.match(text, first.end) or (
        _BETWEEN.search(text, max(0, first.start - 14), first.start) and _AND.match(text, first.end)
    )
    second_number = _NUMBER.match(text, to.end()) if to else None
    second = _part(text, second_number, first.end, own) if second_number else None
    if second and (second.name or first.name) and (same := _as_range(first, second, own)):
        return _made(form, first.start, second.end, same, second.name or first.name, own, here)
    if not first.name and not _is_marked(text, first, here):
        if not bare:
            return None
        marked = (
            _AT_MOST_AFTER.match(text, first.end)
            or _AT_LEAST_AFTER.match(text, first.end)
            or _ABOUT_AFTER.match(text, first.end)
        )
        if not marked and not _LEFT.search(text, max(here, first.start - 13), first.start):
            return None
    if not first.name and second and not second.name:
        same = _as_range(first, second, own)
        if same:
            return _made(form, first.start, second.end, same, "", own, here)
    return _made(form, first.start, first.end, first.number, first.name, own, here)


def _is_marked(text: str, part: _Part, here: int) -> bool:
    """Whether the words beside a bare number make it money: 预算300, 满300减50."""
    left = max(0, part.start - 12)
    if _BUDGET.search(text, left, part.start) or _OFF.search(text, left, part.start):
        return True
    return bool(_FULL.search(text, left, part.start) and _FULL_OFF.match(text, part.end))


def _made(
    form: Mapped, start: int, end: int, number: Number, name: str, own: str, here: int
) -> tuple[Amount, int] | None:
    text = form.text
    code, said_so = currency(name, own) if name else (own, False)
    try:
        low, high = Money.of(number.low, code), Money.of(number.high, code)
    except ValueError:  # more decimals than the currency knows: no amount of it
        return None
    bound: Bound = "exact"
    left = _LEFT.search(text, max(here, start - 13), start)
    after = end
    about = number.about
    if near := _ABOUT_AFTER.match(text, end):
        about, after = True, near.end()
    if (left and left["most"]) or _AT_MOST_AFTER.match(text, after):
        bound = "at_most"
    elif (left and left["least"]) or _AT_LEAST_AFTER.match(text, after):
        bound = "at_least"
    about = about or bool(left and left["about"])
    first, last = form.back(start, end)
    return Amount(form.original[first:last], first, last, low, high, about, bound, said_so), end


def _part(text: str, number: re.Match[str], here: int, own: str) -> _Part | None:
    """The number with its currency, 块五 and 角分 behind it. None when it is no number, or counts pieces."""
    start, end = number.span()
    if end - start > _LONGEST:
        return None
    while number["digits"] is None and start < end and text[start] in "多来余点":
        start += 1
    before = _BEFORE.search(text, max(here, start - 6), start)
    after = _AFTER.match(text, end)
    unit = after["zh"] or after["en"] or after["sign"] if after else ""
    if after and (
        _NOT_UNIT.match(text, after.end() - 1)
        or (unit in ("角", "分钱") and not _small_coin(text, start, end, unit))
    ):
        after, unit = None, ""
    name = unit or (before.group().strip() if before else "")
    if before and unit in ("元", "块", "圆", "块钱"):  # HKD550元 is in HKD
        name = before.group().strip()
    value = _value(text, number, start, name)
    if value is None:
        return None
    if unit == "块" and _is_pieces(text, start, end, value):
        return None
    factor = {"百": 100, "千": 1000, "万": 10_000, "亿": 10**8, "w": 10_000, "k": 1000}.get(
        text[end - 1].lower(), 1
    )
    stop = end
    if after:
        stop = after.end()
        value, stop = _with_tail(text, value, unit, stop)
    return _Part(before.start() if before else start, stop, value, name, factor)


def _with_tail(text: str, value: Number, unit: str, stop: int) -> tuple[Number, int]:
    if unit in ("毛", "角", "毛钱", "角钱"):
        low, high = value.low / 10, value.high / 10
        tail = _JIAO_TAIL.match(text, stop) if unit in ("毛", "角") and low == high else None
        cents = Decimal(digits(tail["fen"]) or 0) / 100 if tail else Decimal(0)
        return Number(low + cents, high + cents, value.about), tail.end() if tail else stop
    if unit in ("分钱", "cents", "cent", "¢"):
        return Number(value.low / 100, value.high / 100, value.about), stop
    if unit in ("块", "元", "块钱", "元钱") and text[stop - len(unit) - 1] in "多余":  # 10多块 ends below 20
        return Number(value.low, value.high + Decimal("0.99")), stop
    if unit not in ("块", "元", "圆") or value.low != value.high or value.low != int(value.low):
        return value, stop
    if text.startswith("多", stop):  # 三块多: up to, but not, four
        return Number(value.low, value.low + Decimal("0.99")), stop + 1
    tail = _TAIL.match(text, stop)
    if not tail:
        closing = 1 if text[stop : stop + 1] in ("整", "正") else 0
        return value, stop + closing
    if tail["half"]:
        cents = Decimal("0.5")
    elif tail["bare"] or tail["per"]:
        bare = digits(tail["bare"] or tail["per"]) or "0"
        cents = Decimal(f"0.{bare}")
    else:
        cents = Decimal(_digit(tail["jiao"])) / 10 + Decimal(_digit(tail["fen"] or tail["only"])) / 100
    closing = 1 if text[tail.end() : tail.end() + 1] in ("整", "正") else 0
    return Number(value.low + cents, value.low + cents), tail.end() + closing


def _digit(said: str | None) -> int:
    return int(digits(said) or 0) if said else 0


def _value(text: str, number: re.Match[str], start: int, name: str) -> Number | None:
    if number["digits"] is None:
        return read(text[start : number.end()])
    plain = _separators(number["digits"], name)
    if plain is None:
        return None
    return read(plain + (number["more"] or ""))


def _separators(said: str, name: str) -> str | None:
    """1,299.00 and 1.299,00 and €12,50 as a plain decimal; None for groups that are no number (1,29,9)."""
    comma, point = said.rfind(","), said.rfind(".")
    if comma < 0 and point < 0:
        return said
    foreign = bool(name) and name not in ("元", "块", "块钱", "圆", "元钱", "人民币", "¥", "毛", "角")
    decimal = "," if comma > point else "."
    if comma >= 0 and point >= 0:
        whole, _, rest = said.rpartition(decimal)
    elif re.fullmatch(r"[0-9]{1,3}(?:[,][0-9]{3})+", said):
        return said.replace(",", "")
    elif re.fullmatch(r"[0-9]{1,3}(?:[.][0-9]{3}){2,}", said) or (
        name in ("€", "EUR", "欧", "欧元", "euro", "euros") and re.fullmatch(r"[0-9]{1,3}[.][0-9]{3}", said)
    ):
        return said.replace(".", "")
    elif decimal == "," and not (foreign and re.fullmatch(r"[0-9]+,[0-9]{1,2}", said)):
        return None
    else:
        whole, _, rest = said.partition(decimal)
    groups = "." if decimal == "," else ","
    if groups in whole and not re.fullmatch(rf"[0-9]{{1,3}}(?:[{groups}][0-9]{{3}})+", whole):
        return None
    plain = whole.replace(groups, "")
    return f"{plain}.{rest}" if plain.isdecimal() and rest.isdecimal() else None


def _small_coin(text: str, start: int, end: int, unit: str) -> bool:
    """5角, 伍角 and 五角钱 are money; 三角 and 八角 alone are a shape and a spice."""
    return unit == "分钱" or text[start:end].isascii() or text[start] in "壹贰叁肆伍陆柒捌玖"


def _is_pieces(text: str, start: int, end: int, value: Number) -> bool:
    """Whether N块 counts pieces (两块茶饼), or is 一块, together."""
    if text[max(0, start - 1) : start] in tuple("第这那哪整同每"):
        return True
    following = text[end + 1 : end + 2]
    if text[start:end] == "一" and text[max(0, start - 1) : start] in tuple("在到凑聚"):
        return True
    if text[start:end] == "一" and (_TOGETHER.match(text, end) or _is_other_word(following, _ALONE_GOES_ON)):
        return not _SPENT.search(text, max(0, start - 3), start)
    if value.high >= 20 or value.low != int(value.low) or not "\u4e00" <= following <= "\u9fff":
        return False
    if following in _MONEY_GOES_ON or following in "半毛角零" or following in FORMAL_AND_PLAIN:
        return False
    return not _SPENT.search(text, max(0, start - 4), start)


def _is_other_word(following: str, allowed: str) -> bool:
    return "\u4e00" <= following <= "\u9fff" and following not in allowed


def _as_range(first: _Part, second: _Part, own: str) -> Number | None:
    """The two ends as one range: 三到五百 is 300 to 500. None when they are of two currencies."""
    if first.name and second.name and currency(first.name, own)[0] != currency(second.name, own)[0]:
        return None
    low, high = first.number.low, second.number.high
    if not first.name and first.factor == 1 and second.factor > 1 and low < high / second.factor:
        low *= second.factor
    return Number(min(low, high), max(low, high), first.number.about or second.number.about)
