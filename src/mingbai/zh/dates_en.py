"""Rules for dates as English customers say them: tomorrow, last Friday, in 3 days, Nov 3, 11/03/2025, next week."""

from __future__ import annotations

import re
from datetime import date, time

from mingbai.zh.dates_scene import (
    Read,
    Rule,
    Scene,
    day,
    days_in,
    month_of,
    months_later,
    nearest,
    safe,
    shifted,
    week_of,
    year_open,
    year_span,
)
from mingbai.zh.numerals_read import read as read_number

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = r"(?P<w>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs?(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)\b"
_FULL_WEEKDAY = r"(?P<w>monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<m>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_COUNT = r"(?P<n>(?<![0-9.,/])[0-9]{1,4}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|thirty|a couple of|a few)"
_UNIT = r"(?P<u>(?:business |working )?days?|weeks?|months?|years?|hours?)\b"
_DAY_WORDS = {"today": 0, "tonight": 0, "tomorrow": 1, "tmr": 1, "tmrw": 1, "yesterday": -1}


def _day_word(match: re.Match[str], scene: Scene) -> Read | None:
    said = match.group().lower()
    if "after" in said or "before" in said:
        on = shifted(scene.today, 2 if "after" in said else -2)
        return day(on) if on else None
    on = shifted(scene.today, _DAY_WORDS[said])
    if on and said == "tonight":
        return Read(on, on, "part", time=time(18), until=time(0))
    return day(on) if on else None


def _weekday(match: re.Match[str], scene: Scene) -> Read | None:
    at = next(it for it, name in enumerate(_WEEKDAYS) if name.startswith(match["w"].lower()[:3]))
    ahead = (at - scene.today.weekday()) % 7
    relative = (match.groupdict().get("rel") or "").lower()
    if relative in ("last", "past"):
        on = shifted(scene.today, -((scene.today.weekday() - at) % 7 or 7))
        return day(on) if on else None
    if relative == "next":  # of next week; the coming one is what many mean, so it stands beside
        week = week_of(scene.today, 1)
        on, coming = (shifted(week.first, at) if week else None), shifted(scene.today, ahead or 7)
        return day(on, coming) if on and coming else None
    on = shifted(scene.today, ahead - 7 if scene.leaning == "past" and ahead else ahead)
    return day(on) if on else None


def _period(match: re.Match[str], scene: Scene) -> Read | None:
    step = {"last": -1, "past": -1, "next": 1}.get(match["rel"].lower(), 0)
    match match["u"].lower():
        case "week":
            return week_of(scene.today, step)
        case "weekend":
            week = week_of(scene.today, step)
            first = shifted(week.first, 5) if week else None
            return Read(first, week.last, "span") if first and week else None
        case "month":
            return month_of(scene.today, step)
        case _:
            return year_span(scene.today.year + step)


def _counted(match: re.Match[str], scene: Scene) -> Read | None:
    said = match["n"].lower()
    low, high = {"a couple of": (2, 2), "a few": (3, 5)}.get(said, (0, 0))
    if not low:
        count = read_number(said)
        if count is None:
            return None
        low = high = int(count.low)
    unit = match["u"].lower().removesuffix("s")
    before, after = (match["pre"] or "").lower().strip(), (match["post"] or "").lower().strip()
    if after == "ago":
        return _between(_moved(scene, unit, -high), _moved(scene, unit, -low))
    if after or before in ("in", "after"):
        return _between(_moved(scene, unit, low), _moved(scene, unit, high))
    past = before.endswith(("last", "past")) or (before == "within" and scene.leaning == "past")
    return _between(scene.today, _moved(scene, unit, -high if past else high), span=True)


def _between(one: date | None, two: date | None, *, span: bool = False) -> Read | None:
    if one is None or two is None:
        return None
    return Read(min(one, two), max(one, two), "span" if span or one != two else "day")


def _moved(scene: Scene, unit: str, count: int) -> date | None:
    if "business" in unit or "working" in unit:
        return shifted(scene.today, count + 2 * (count // 5))
    if unit == "hour":
        return shifted(scene.today, -(-count // 24) if count > 0 else count // 24)
    if unit in ("month", "year"):
        return months_later(scene.today, count * (12 if unit == "year" else 1))
    return shifted(scene.today, count * (7 if unit == "week" else 1))


def _named(match: re.Match[str], scene: Scene) -> Read | None:
    month = _MONTHS.index(match["m"].lower()[:3]) + 1
    said = match.groupdict()
    year = int(said["y"]) if said.get("y") else None
    if said.get("d"):
        of_month = int(said["d"])
        if year is None:
            return year_open(month, of_month, scene)
        on = safe(year, month, of_month)
        return day(on) if on else None
    if year is None:
        here = scene.today.replace(day=1)
        first = nearest([safe(here.year + it, month, 1) for it in (-1, 0, 1)], Scene(here, scene.leaning))[0]
    else:
        known = safe(year, month, 1)
        if known is None:
            return None
        first = known
    return Read(first, first.replace(day=days_in(first.year, month)), "month")


_ENDING = r"(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s?(?P<y>(?:19|20)[0-9]{2})\b)?"
_SPOKEN = (
    (r"(?:the )?day after tomorrow\b", _day_word),
    (r"(?:the )?day before yesterday\b", _day_word),
    (r"(?:today|tonight|tomorrow|tmrw?|yesterday)\b", _day_word),
    (rf"(?P<rel>last|next|this|coming|past)\s{_WEEKDAY}", _weekday),
    (rf"(?:on\s)?{_FULL_WEEKDAY}", _weekday),
    (r"(?P<rel>last|next|this|past|at the|over the|on the|at)\s(?P<u>weekend)\b", _period),
    (r"(?P<rel>last|next|this|past)\s(?P<u>week|month|year)\b", _period),
    (rf"{_MONTH}\s?(?P<d>[0-9]{{1,2}}){_ENDING}\b{_YEAR}", _named),
    (rf"{_MONTH}\s(?P<y>(?:19|20)[0-9]{{2}})\b", _named),
    (rf"(?:in|since|until|by|last|this)\s{_MONTH}(?!\s?[0-9])", _named),
)
_COUNTED = (
    r"(?P<pre>(?:in the |over the |for the |the )?(?:last|past|next)\s|within\s(?:the next\s)?|in\s|after\s)?"
    rf"{_COUNT}\s{_UNIT}(?P<post>\s(?:ago|from now|later)\b)?"
)
# Those that may begin with a digit.
NUMBERED = (
    Rule(
        re.compile(_COUNTED, re.IGNORECASE),
        lambda match, scene: _counted(match, scene) if match["pre"] or match["post"] else None,
    ),
    Rule(
        re.compile(rf"(?P<d>(?<![0-9.,])[0-9]{{1,2}}){_ENDING}\s(?:of\s)?{_MONTH}{_YEAR}", re.IGNORECASE),
        _named,
    ),
)
RULES = (*(Rule(re.compile(rf"\b{pattern}", re.IGNORECASE), read) for pattern, read in _SPOKEN), *NUMBERED)
