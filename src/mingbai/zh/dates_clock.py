"""Times of day beside a date or alone: 下午三点半, 15:30, 晚上8点到10点, 3pm, 明早."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time as TimeOfDay

from mingbai.zh.dates_scene import number

# From and to which hour a part of the day is, and whether hours 1 to 11 said with it are after noon.
_PARTS = {
    "凌晨": (0, 6, False), "清晨": (5, 8, False), "早晨": (6, 10, False), "早上": (6, 10, False), "一早": (6, 10, False),
    "上午": (8, 12, False), "中午": (11, 13, True), "午后": (12, 15, True), "下午": (12, 18, True), "傍晚": (17, 19, True),
    "晚上": (18, 24, True), "夜里": (20, 24, True), "半夜": (0, 4, False), "今晚": (18, 24, True), "明晚": (18, 24, True),
    "昨晚": (18, 24, True), "今早": (6, 10, False), "明早": (6, 10, False), "早": (6, 10, False), "晚": (18, 24, True),
    "morning": (6, 12, False), "noon": (12, 13, True), "afternoon": (12, 18, True), "evening": (17, 21, True), "night": (18, 24, True),
}  # fmt: skip
_WORDS = "|".join(it for it in _PARTS if len(it) > 1 and not it.isascii())
_CLOCK = re.compile(
    rf"(?P<part>{_WORDS})?的?\s?(?:"
    r"(?<![0-9:.])(?P<h>[01]?[0-9]|2[0-4]):(?P<min>[0-5][0-9])(?::[0-5][0-9])?(?![0-9:])(?:\s?(?P<half12>[aApP]\.?[mM]\b\.?))?"
    r"|(?<![0-9.])(?P<h2>2[0-4]|[01]?[0-9]|二十[一二三四]?|十[一二三四五六七八九]?|[零一两二三四五六七八九])(?:点钟?(?![0-9一二三四五六七八九零]{1,2}(?:[折倍元块个万]|$))|时(?=[0-9零一二三四五六整前后到至]))"
    r"(?:(?P<half>半)|(?P<quarter>[一三])刻|(?P<min2>[0-5]?[0-9]|零?[一二三四五六七八九]|[二三四五]?十[一二三四五六七八九]?)分?|整)?"
    r"|(?<![0-9.A-Za-z])(?P<h3>1[0-2]|[1-9])(?::(?P<min3>[0-5][0-9]))?\s?(?P<ampm>[aApP]\.?[mM])\b"
    r")",
)
_PART_ONLY = re.compile(rf"(?P<part>{_WORDS})(?!好|饭|餐|会)")
_ENGLISH_PART = re.compile(r"(?:in the |at )?(?P<part>morning|afternoon|evening|night|noon)\b", re.IGNORECASE)
_SURE_AFTER = re.compile(r"(?:钟|半|整|刻|分|之前|以前|前|之后|以后|后|左右|到|至|发货|下班|关门|开始|结束)")


@dataclass(frozen=True, slots=True)
class Clock:
    """`text[start:end]` names a time; `until` is set for spans and parts of the day. Midnight at a span's end is 00:00."""

    start: int
    end: int
    time: TimeOfDay
    until: TimeOfDay | None
    sure: bool  # a part of the day, a colon or 半 was said; 三点 alone may be three points


def match_at(text: str, at: int) -> Clock | None:
    """A time that begins exactly here."""
    clock = _CLOCK.match(text, at)
    if clock:
        read = _time(clock, clock["part"])
        if read:
            to = re.compile(r"\s?(?:[-~]|到|至|to)\s?").match(text, clock.end())
            second = _CLOCK.match(text, to.end()) if to else None
            until = _time(second, second["part"] or clock["part"]) if second else None
            end = second.end() if second and until else clock.end()
            said_sure = (
                clock["h2"] is None or clock["part"] or clock["half"] or clock["quarter"] or clock["min2"]
            )
            sure = (
                bool(said_sure)
                or _SURE_AFTER.match(text, clock.end()) is not None
                or clock.group().endswith("钟")
            )
            return Clock(at, end, read, until, sure or until is not None)
    part = _PART_ONLY.match(text, at) or _ENGLISH_PART.match(text, at)
    if part:
        start, end, _ = _PARTS[part["part"].lower()]
        return Clock(at, part.end(), TimeOfDay(start), TimeOfDay(end % 24), True)
    return None


def _time(clock: re.Match[str], part: str | None) -> TimeOfDay | None:
    said = clock["h"] or clock["h2"] or clock["h3"]
    hour = number(said)
    if hour is None:
        return None
    minute = 30 if clock["half"] else {"一": 15, "三": 45}.get(clock["quarter"] or "", 0)
    minutes = clock["min"] or clock["min2"] or clock["min3"]
    if minutes:
        read = number(minutes.removeprefix("零") or "0")
        minute = read if read is not None else 60
    half_day = (clock["half12"] or clock["ampm"] or "").lower()
    if half_day:
        hour = hour % 12 + (12 if half_day.startswith("p") else 0)
    elif part and _PARTS[part][2] and hour < 12 and not (part == "中午" and hour >= 11):
        hour += 12
    elif part in ("晚上", "夜里", "今晚", "明晚", "昨晚") and hour == 12:
        hour = 0
    hour = 0 if hour == 24 else hour
    return TimeOfDay(hour, minute) if hour < 24 and minute < 60 else None
