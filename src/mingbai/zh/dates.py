"""Dates and spans that a sentence says, relative to a given today: 大后天, 上周三, 三天内, 农历八月十五, 双11, last Friday.

The clock is never read. An open date (11月3号, 三天内) leans as the caller says, else as the words beside it do
(下的单 past, 发货 future), else to the nearest. Not covered: spans counted from an event (签收后7天内), repeating days
(每周五), and years beyond 1900 to 2100 for lunar dates.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from datetime import time as Clock
from functools import lru_cache

from mingbai.zh import dates_clock, dates_en, dates_feasts, dates_zh
from mingbai.zh.campaigns import Campaign, shipped
from mingbai.zh.dates_scene import Granularity, Leaning, Order, Read, Rule, Scene, Side
from mingbai.zh.width import normalise

CANDIDATES = 500  # places tried in one text; a message has a handful
_HAN = re.compile(r"[\u4e00-\u9fff]")
_PAST = re.compile(
    r"下的?单|买[的了]|拍[的了下]|付[的了款]|收到|收的|订[的了]|购买的|签收|的?订单|退的|申请的|寄的|发的货|到的货|成交|已经|[住用产做寄送]的|(?:寄|发|送)[出到]的|住过|入住|bought|ordered|paid|received|purchased|placed",
    re.IGNORECASE,
)
_FUTURE = re.compile(
    r"发货|发出|送到|送达|能到|到货|会到|到吗|能发|预计|回复|处理|到账|寄出|退款|能不能|可以|要用|有活动|安排|arrive|deliver|ship|get it|need|will",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"(?:之前|以前|前(?![天台面后])|为止)|\s(?:at the latest|or earlier)", re.IGNORECASE)
_AFTER = re.compile(
    r"(?:之后|以后|后(?![天台面悔续来])|起(?![来床飞身源点])|开始|以来)|\s(?:onwards?|or later)",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"(?:截[止至]到?|最[晚迟]|赶在|不晚于|直到|before|by|until|till)\s?\Z", re.IGNORECASE)
_SINCE = re.compile(r"(?:自从?|从|after|since|from|starting)\s?\Z", re.IGNORECASE)
_EVENT = re.compile(
    r"(?:签收|收货|收到货?|下单|付款|发货|购买|确认收货|到货|拆封|购货|退货|揽收|出库|拍下)(?:商品|货物?|之日|当天|起|之?后|以后|的)*\Z"
)
_EVERY_DAY = re.compile(r"(?:每[天日晚早]|天天)\Z")
_EVERY = re.compile(r"每(?:个|逢)?\Z")
_TO = re.compile(r"\s?(?:[-~]{1,2}|到|至|to|through|until)\s?", re.IGNORECASE)
_LINK = re.compile(r"(?:的|,|，|\sat\s|\s|\sin the\s)?")


@dataclass(frozen=True, slots=True)
class When:
    """`text[start:end]` says the days `first` to `last`, with a time where one was said.

    `side`: 周五之前 is that Friday, "before". `also` holds other readings, likeliest first (3/11 in English).
    """

    said: str
    start: int
    end: int
    first: date
    last: date
    granularity: Granularity
    side: Side = "on"
    time: Clock | None = None
    until: Clock | None = None
    also: tuple[tuple[date, date], ...] = ()


def find(
    text: str,
    *,
    today: date,
    leaning: Leaning | None = None,
    order: Order = "mdy",
    campaigns: Sequence[Campaign] | None = None,
) -> list[When]:
    """Every date of a sentence, in order. `today` is the day where the shop is; a datetime also serves hours (2小时后).

    `order` is how English 3/11 is read; in Chinese it is always month first.
    """
    form = normalise(text, keep="，")
    plain = form.text
    scene = _scene(today, leaning, order, bool(_HAN.search(plain)))
    rules = _prepared(tuple(campaigns) if campaigns is not None else shipped())
    found: list[When] = []
    here = free = 0  # where to look on, and where the words after the last date begin
    for _ in range(CANDIDATES):
        at = rules.begins.search(plain, here)
        if not at:
            break
        read = _read(plain, at.start(), free, scene, rules)
        if read is None:
            here = _past_run(plain, at.start())
            continue
        value, start, end = read
        first, last = form.back(start, end)
        found.append(
            When(
                text[first:last],
                first,
                last,
                value.first,
                value.last,
                value.granularity,
                value.side,
                value.time,
                value.until,
                value.also,
            )
        )
        here = free = end
    return found


def _scene(today: date, leaning: Leaning | None, order: Order, chinese: bool) -> Scene:
    if isinstance(today, datetime):
        return Scene(today.date(), leaning, order, chinese, today.time())
    return Scene(today, leaning, order, chinese)


def _read(plain: str, at: int, here: int, scene: Scene, rules: _Rules) -> tuple[Read, int, int] | None:
    """The longest date that begins here, with its time, the other end of its span, and the words before and after."""
    single = _single(plain, at, scene, rules)
    left = slice(max(here, at - 12), at)
    if single is None or _EVERY.search(plain, left.start, at):
        return _clock_alone(plain, at, scene, rules)
    value, end = single
    if (
        value.granularity in ("span", "day", "hour")
        and _EVENT.search(plain, left.start, at)
        and plain[end - 1] in "内前后里天"
    ):
        return None
    to = _TO.match(plain, end)
    other = (
        _single(plain, to.end(), replace(scene, today=value.last, leaning="future"), rules) if to else None
    )
    if to and other and other[0].last >= value.first and value.time is None:
        value, end = (
            replace(value, last=other[0].last, granularity="span", also=(), until=other[0].until),
            other[1],
        )
        return _sided(plain, value, at, end, here)
    if value.time is None or value.granularity == "part":
        link = _LINK.match(plain, end)
        clock = dates_clock.match_at(plain, link.end() if link else end) or dates_clock.match_at(plain, end)
        if value.granularity == "part" and clock is None and plain[at + 1 : at + 2] in "早晚":
            clock = dates_clock.match_at(plain, at)
        if clock and (clock.sure or value.granularity != "month"):
            part = "晚上" if value.granularity == "part" and "晚" in plain[at:end] else ""
            hour = clock.time.hour + (12 if part and 0 < clock.time.hour < 12 and clock.until is None else 0)
            value = replace(
                value,
                time=clock.time.replace(hour=hour),
                until=clock.until,
                granularity="hour" if not clock.until else "part",
            )
            end = clock.end
    return _sided(plain, value, at, end, here)


def _single(plain: str, at: int, scene: Scene, rules: _Rules) -> tuple[Read, int] | None:
    best: tuple[Read, int] | None = None
    for rule in rules.latin if plain[at : at + 1].isascii() and plain[at : at + 1].isalpha() else rules.other:
        match = rule.pattern.match(plain, at)
        if match and match.end() > (best[1] if best else at):
            leaning = scene.leaning or _leaning(plain, match.start(), match.end())
            read = rule.read(match, replace(scene, leaning=leaning))
            if read:
                best = read, match.end()
    return best


def _leaning(plain: str, start: int, end: int) -> Leaning | None:
    """What the words beside say: the nearer of a past and a future cue after it, else one before it."""
    for low, high in ((end, end + 10), (max(0, start - 8), start)):
        past, future = _PAST.search(plain, low, high), _FUTURE.search(plain, low, high)
        if past and (not future or past.start() <= future.start()):
            return "past"
        if future:
            return "future"
    return None


def _clock_alone(plain: str, at: int, scene: Scene, rules: _Rules) -> tuple[Read, int, int] | None:
    """下午三点半 without a day is today's; 3pm tomorrow is tomorrow's."""
    clock = dates_clock.match_at(plain, at)
    if clock is None or not clock.sure or _EVERY_DAY.search(plain, max(0, at - 4), at):
        return None
    granularity: Granularity = "part" if clock.until else "hour"
    on = _single(plain, clock.end + 1, scene, rules) if plain[clock.end : clock.end + 1] == " " else None
    if on and on[0].granularity == "day":
        value, end = replace(on[0], granularity=granularity, time=clock.time, until=clock.until), on[1]
        return _sided(plain, value, at, end, at)
    value = Read(scene.today, scene.today, granularity, time=clock.time, until=clock.until)
    return _sided(plain, value, at, clock.end, at)


def _sided(plain: str, value: Read, start: int, end: int, here: int) -> tuple[Read, int, int]:
    before, after = _BEFORE.match(plain, end), _AFTER.match(plain, end)
    if before or after:
        ending = before or after
        assert ending is not None
        return replace(value, side="before" if before else "after"), start, ending.end()
    left = max(here, start - 10)
    if _UNTIL.search(plain, left, start):
        return replace(value, side="before"), start, end
    if _SINCE.search(plain, left, start) and value.first == value.last:
        return replace(value, side="after"), start, end
    return value, start, end


def _past_run(plain: str, at: int) -> int:
    run = _RUN.match(plain, at)
    return run.end() if run else at + 1


_NUMERALS = "一二三四五六七八九十百零〇两廿卅几半"
_RUN = re.compile(rf"[0-9]++|[{_NUMERALS}]++")
# Where a date may begin. Cheaper by far than asking every rule at every character, and nothing else is asked.
_BEGINS = (
    rf"[0-9]++|[{_NUMERALS}]++|大(?=[前后大年])|[今明昨后前去本当](?=[天日早晚夜儿年])|[上下这本当](?=[上下个月周星礼半])"
    r"|(?:周|星期|礼拜)(?=[一二三四五六日天末1-7])|月(?=[初底末中上下])|年(?=[初底中末三])|第(?=[一二三四1-4])|[qQ](?=[1-4])"
    rf"|(?:近|最近|过去?|未来|接下来|今后|往后|再[过等])的?(?=[0-9{_NUMERALS}])|(?:农|阴|旧)历|[正冬腊闰](?=[月八正一-十0-9至])"
    r"|春节|过年|除夕|元[旦宵]|上元节|龙抬头|清明|端[午阳]|乞巧|中[秋元]|重阳|小年|情人节|劳动节|儿童节|教师节|国庆|愚人节|万圣"
    r"|平安夜|圣诞|跨年|[母父]亲节|感恩节|复活节|凌晨|清晨|早[晨上]|一早|[上中下]午|午后|傍晚|晚上|(?<!黑)夜里|半夜"
)
_BEGINS_ENGLISH = (
    r"\b(?:the (?:day|last|past|next)|day (?:after|before)|today|tonight|tomorrow|tmrw?|yesterday|last|next|this|coming|past"
    r"|on|mon|tue|wed|thu|fri|sat|sun|in|within|after|over|for|since|until|by|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
    r"|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|thirty|chinese new|lunar new|spring fest|lantern|qing|dragon"
    r"|qixi|mid-autumn|moon fest|new year|valentine|halloween|christmas|xmas|mother's|father's|thanksgiving|easter)"
)


@dataclass(frozen=True, slots=True)
class _Rules:
    """`begins` finds where a date may begin; then the rules for a Latin letter there, or those for anything else."""

    begins: re.Pattern[str]
    latin: tuple[Rule, ...]
    other: tuple[Rule, ...]


@lru_cache(maxsize=32)
def _prepared(campaigns: tuple[Campaign, ...]) -> _Rules:
    named = dates_feasts.rules(campaigns)
    words = [re.escape(word[:2]) for it in campaigns for word in it.said if not word[0].isdigit()]
    begins = re.compile("|".join((_BEGINS, _BEGINS_ENGLISH, *dict.fromkeys(words))), re.IGNORECASE)
    return _Rules(begins, (*named, *dates_en.RULES), (*named, *dates_zh.RULES, *dates_en.NUMBERED))
