"""Rules for dates as Chinese customers say them: 大后天, 上周三, 上个月15号, 三天内, 近半年, 11月3号, 2025-11-03, 3/11.

A week begins on Monday. 下周三 is in next week, whatever today is.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from mingbai.zh.calendar import add_workdays
from mingbai.zh.dates_scene import (
    DAY,
    NUMBER,
    YEAR,
    Read,
    Rule,
    Scene,
    day,
    days_in,
    month_of,
    months_later,
    nearest,
    number,
    part_of_month,
    safe,
    said_year,
    shifted,
    week_of,
    year_of,
    year_open,
    year_span,
)
from mingbai.zh.numerals_read import read

_WEEK = r"(?:周|星期|礼拜)"
_RELATIVE = r"(?P<rel>上{1,3}个?|下{1,3}个?|这个?|本|当)"
_NOT_A_DAY_NUMBER = r"(?![楼线店院门机仓柜桌码床位鞋衣裤库馆厅房车口色款链柱文附苑园])"
# 大街22号, 号院, 附8号: a house; 第3号; 3.5号.
_NOT_BEFORE_A_DAY = "[0-9第之月工作生节假./街路巷弄道同里村院区镇乡楼段附近线室苑园厦栋座幢号-]"
_PARTS = {"今早": (0, 6, 10), "明早": (1, 6, 10), "今晚": (0, 18, 24), "明晚": (1, 18, 24), "昨晚": (-1, 18, 24), "今夜": (0, 18, 24), "昨夜": (-1, 18, 24), "后晚": (2, 18, 24)}  # fmt: skip
_DAYS = {"今": 0, "昨": -1, "明": 1, "前": -2, "后": 2}
_PER_UNIT = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7}


def _day_word(match: re.Match[str], scene: Scene) -> Read | None:
    said = match.group()
    if said in _PARTS:
        ahead, start, end = _PARTS[said]
        on = shifted(scene.today, ahead)
        return Read(on, on, "part", time=time(start), until=time(end % 24)) if on else None
    more = said.count("大")
    days = _DAYS[said[more]]
    on = shifted(scene.today, days + (more if days > 0 else -more))
    return day(on) if on else None


def _weekday(match: re.Match[str], scene: Scene) -> Read | None:
    said = match["d"]
    ends = said == "末"
    at = (
        5
        if ends
        else "一二三四五六日".find("日" if said == "天" else said)
        if not said.isascii()
        else int(said) - 1
    )
    relative = match["rel"]
    if relative:
        week = week_of(scene.today, _steps(relative))
        first = shifted(week.first, at) if week else None
    else:
        week = week_of(scene.today, 0)
        first = shifted(week.first, at) if week else None
        last = shifted(first, 1 if ends else 0) if first else None
        if first and last and scene.leaning == "past" and first > scene.today:
            first = shifted(first, -7)
        elif first and last and scene.leaning != "past" and last < scene.today:
            first = shifted(first, 7)
    if first is None:
        return None
    after = shifted(first, 1)
    return Read(first, after, "span") if ends and after else day(first)


def _steps(relative: str) -> int:
    return relative.count("下") - relative.count("上")


def _week(match: re.Match[str], scene: Scene) -> Read | None:
    return week_of(scene.today, _steps(match["rel"]))


def _month(match: re.Match[str], scene: Scene) -> Read | None:
    month = month_of(scene.today, _steps(match["rel"]))
    if month is None:
        return None
    if match["part"]:
        return part_of_month(month, match["part"])
    if not match["d"]:
        return month
    of_month = number(match["d"])
    on = safe(month.first.year, month.first.month, of_month) if of_month else None
    return day(on) if on else None


def _bare_part(match: re.Match[str], scene: Scene) -> Read | None:
    month = month_of(scene.today, 0)
    if month is None:
        return None
    here = part_of_month(month, match["part"])
    step = (
        -1
        if scene.leaning == "past" and here.first > scene.today
        else 1
        if scene.leaning != "past" and here.last < scene.today
        else 0
    )
    other = month_of(scene.today, step)
    return part_of_month(other, match["part"]) if other else here


def _bare_day(match: re.Match[str], scene: Scene) -> Read | None:
    """15号, 7-10号."""
    of_month, end = number(match["d"]), number(match["to"]) if match["to"] else None
    if of_month is None or not 1 <= of_month <= 31 or (match["to"] and (end is None or end <= of_month)):
        return None
    options = []
    for step in (-2, -1, 0, 1, 2):
        month = months_later(scene.today.replace(day=1), step)
        options.append(safe(month.year, month.month, of_month) if month else None)
    likely = nearest(options, scene)
    if not likely or end is None:
        return day(*likely[:2]) if likely else None
    last = safe(likely[0].year, likely[0].month, end)
    return Read(likely[0], last, "span") if last else None


def _full(match: re.Match[str], scene: Scene) -> Read | None:
    month, of_month = number(match["m"]), number(match["d"])
    if month is None or of_month is None or not 1 <= month <= 12:
        return None
    if said_year(match):
        year = year_of(match, scene)
        on = safe(year, month, of_month) if year else None
        return day(on) if on else None
    return year_open(month, of_month, scene)


def _full_span(match: re.Match[str], scene: Scene) -> Read | None:
    first = _full(match, scene)
    end = number(match["d2"])
    last = safe(first.first.year, first.first.month, end) if first and end else None
    return Read(first.first, last, "span") if first and last and last >= first.first else None


def _of_month(match: re.Match[str], scene: Scene) -> Read | None:
    """11月, 去年3月, 11月底."""
    month = number(match["m"])
    if month is None or not 1 <= month <= 12:
        return None
    if said_year(match):
        year = year_of(match, scene)
        first = safe(year, month, 1) if year else None
    else:
        options = [safe(scene.today.year + it, month, 1) for it in (-1, 0, 1)]
        here = scene.today.replace(day=1)
        likely = nearest(options, Scene(here, scene.leaning))
        first = likely[0] if likely else None
    if first is None:
        return None
    whole = Read(first, first.replace(day=days_in(first.year, month)), "month")
    return part_of_month(whole, match["part"]) if match["part"] else whole


def _numeric(match: re.Match[str], scene: Scene) -> Read | None:
    on = safe(int(match["y"]), int(match["m"]), int(match["d"]))
    return day(on) if on else None


def _year(match: re.Match[str], scene: Scene) -> Read | None:
    year = year_of(match, scene) if said_year(match) else scene.today.year
    if year is None or not 1900 <= year <= 2200:
        return None
    part = match["part"] or ""
    quarter = re.search(r"[一二三四1-4]", part) if "季" in part or "Q" in part.upper() else None
    if quarter:
        at = "一二三四".find(quarter.group()) if not quarter.group().isascii() else int(quarter.group()) - 1
        return _months(year, 3 * at + 1, 3 * at + 3, "quarter")
    spans = {
        "上半年": (1, 6),
        "下半年": (7, 12),
        "年初": (1, 2),
        "年中": (6, 7),
        "年底": (12, 12),
        "年末": (12, 12),
    }
    if part:
        first, last = spans[part if part.endswith("半年") else "年" + part[-1]]
        return _months(year, first, last, "span")
    return year_span(year)


def _months(year: int, first: int, last: int, granularity: str) -> Read:
    end = date(year, last, days_in(year, last))
    return Read(date(year, first, 1), end, "quarter" if granularity == "quarter" else "span")


def _duration(match: re.Match[str], scene: Scene) -> Read | None:
    """三天内, 两周前, 近半年, 未来三天, 再过两天, 5个工作日内, 48小时内."""
    count = read(match["n"])
    if count is None or count.high > 9999:
        return None
    unit = match["u"].removeprefix("个")
    extra = 0.5 if match["half"] or match["half2"] else 0
    low, high = float(count.low) + extra, float(count.high) + extra
    before, after = match["pre"] or "", match["dir"] or ""
    if not before and not after:
        return None
    if before in ("近", "最近", "过去", "这", "前", "头"):
        ahead = -1
    elif before in ("未来", "接下来", "今后", "往后"):
        ahead = 1
    elif before in ("再过", "过", "再等") and not after.endswith(("内", "里", "前")):
        far, near = _moved(scene, unit, high), _moved(scene, unit, low)
        return Read(near, far, "day" if near == far else "span") if near and far else None
    elif after.endswith(("前", "后")):
        sign = -1 if after.endswith("前") else 1
        near, far = _moved(scene, unit, sign * low), _moved(scene, unit, sign * high)
        if near is None or far is None:
            return None
        if unit in ("小时", "钟头", "分钟"):
            return _at_hour(scene, unit, sign * low) or Read(min(near, far), max(near, far), "hour")
        return Read(min(near, far), max(near, far), "day" if near == far else "span")
    else:
        ahead = -1 if scene.leaning == "past" or after.endswith("来") else 1
    far = _moved(scene, unit, ahead * high)
    if far is None:
        return None
    return Read(
        min(scene.today, far), max(scene.today, far), "hour" if unit in ("小时", "钟头", "分钟") else "span"
    )


def _moved(scene: Scene, unit: str, count: float) -> date | None:
    if unit in _PER_UNIT:
        return shifted(scene.today, _rounded(count * _PER_UNIT[unit]))
    if unit == "工作日":
        if count >= 0:
            return add_workdays(scene.today, _rounded(count)) if count < 1000 else None
        return shifted(scene.today, _rounded(count * 7 / 5))
    if unit in ("月", "季度", "年"):
        months = count * {"月": 1, "季度": 3, "年": 12}[unit]
        on = months_later(scene.today, int(months))
        return shifted(on, _rounded((months - int(months)) * 30)) if on else None
    hours = count / 60 if unit == "分钟" else count
    start = datetime.combine(scene.today, scene.now or time(0))
    if scene.now is None:  # without a clock, 48 hours are two days and 2 hours may reach tomorrow
        return shifted(scene.today, int(-(-hours // 24)) if hours > 0 else int(hours // 24))
    try:
        return (start + timedelta(hours=hours)).date()
    except OverflowError:
        return None


def _at_hour(scene: Scene, unit: str, count: float) -> Read | None:
    if scene.now is None:
        return None
    at = datetime.combine(scene.today, scene.now) + timedelta(hours=count / 60 if unit == "分钟" else count)
    return Read(at.date(), at.date(), "hour", time=at.time())


def _rounded(count: float) -> int:
    """Half a day is still that day."""
    return int(count) if count >= 0 else -int(-count)


def _slashed(match: re.Match[str], scene: Scene) -> Read | None:
    """3/11: March 11 in Chinese; in English by `order`, with the other reading beside it where it could be meant."""
    one, two = int(match["a"]), int(match["b"])
    if (one, two) in ((24, 7), (7, 24), (50, 50)) or (
        match["c"] is None and two <= 4 and one < two and not match["mark"]
    ):
        return None  # 24/7 is no date, and 1/2, 1/3, 3/4 are parts of a whole
    year = match["c"]
    number_of_year = (int(year) + 2000 if len(year) == 2 else int(year)) if year else None
    orders = [(one, two), (two, one)]
    if match["sep"] == "." or (scene.order == "dmy" and not scene.chinese):
        orders.reverse()
    readings = []
    for month, of_month in orders:
        if number_of_year is not None:
            on = safe(number_of_year, month, of_month)
        else:
            open_year = (
                year_open(month, of_month, scene) if 1 <= month <= 12 and 1 <= of_month <= 31 else None
            )
            on = open_year.first if open_year else None
        if on and on not in readings:
            readings.append(on)
    return day(readings[0], *readings[1:]) if readings else None


_YEAR_ALONE = YEAR.removesuffix(r"的?\s?)?") + ")"
_TRAILING_WEEKDAY = rf"(?:\s?[（(]?{_WEEK}[一二三四五六日天][)）]?)?"
RULES = tuple(
    Rule(re.compile(pattern), read_it)
    for pattern, read_it in (
        (
            r"(?:今|明|昨|后)(?:早|晚|夜)(?![安餐饭会])|大{1,3}[前后][天儿]|(?:今|明|昨)(?:天|日|儿)|(?<![以之目先提从年月周天])前[天日儿]|(?<![以之然最今])后[天儿](?![气])",
            _day_word,
        ),
        (
            rf"(?:{_RELATIVE}|(?<![一二两三四五六七八九十几半每0-9个单双]))(?:的)?{_WEEK}(?P<d>[一二三四五六日天末]|[1-7](?![0-9天个]))",
            _weekday,
        ),
        (rf"{_RELATIVE}{_WEEK}(?:内|里)?", _week),
        (rf"{_RELATIVE}月的?(?:(?P<part>初|底|末|上旬|中旬|下旬|中)|(?P<d>{DAY})[号日])?", _month),
        (
            r"(?<![个0-9年满每一二三四五六七八九十本上下这])月(?P<part>初|底|末|中旬|上旬|下旬)(?![兔])",
            _bare_part,
        ),
        (rf"{YEAR}(?<![0-9.])(?P<m>{DAY})月(?P<d>{DAY})[号日]?\s?[-~到至]\s?(?P<d2>{DAY})[号日]", _full_span),
        (
            rf"{YEAR}(?<![0-9.])(?P<m>{DAY})月份?的?(?P<d>{DAY})(?:[号日]|(?![0-9个月年天只件]|分|点)){_TRAILING_WEEKDAY}",
            _full,
        ),
        (
            rf"{YEAR}(?<![0-9.])(?P<m>{DAY})月(?!饼|龄|嫂|亮|球|子|卡|租|薪|[0-9]{{1,2}}[号日])份?(?P<part>初|底|末|上旬|中旬|下旬|中)?",
            _of_month,
        ),
        (
            r"(?<![0-9./-])(?P<y>(?:19|20)[0-9]{2})(?P<s>[-/.])(?P<m>[0-9]{1,2})(?P=s)(?P<d>[0-9]{1,2})(?![0-9-])",
            _numeric,
        ),
        (
            r"(?<![0-9A-Za-z])(?P<y>20[0-9]{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12][0-9]|3[01])(?![0-9A-Za-z])",
            _numeric,
        ),
        (rf"{YEAR}(?<![0-9.])(?P<m>[0-9]{{1,2}})[./](?P<d>[0-9]{{1,2}})[号日]", _full),
        (
            r"(?<![0-9./,$¥€A-Za-z-])(?P<mark>)(?P<a>[0-9]{1,2})(?P<sep>[/])(?P<b>[0-9]{1,2})(?:/(?P<c>[0-9]{4}|[0-9]{2}))?(?![0-9/.%A-Za-z折的]|\s?(?:kg|杯|码|A))",
            _slashed,
        ),
        (
            r"(?<![0-9./,-])(?P<mark>)(?P<a>[0-9]{1,2})(?P<sep>\.)(?P<b>[0-9]{1,2})\.(?P<c>(?:19|20)[0-9]{2})(?![0-9.])",
            _slashed,
        ),
        (
            rf"(?<!{_NOT_BEFORE_A_DAY})(?P<d>{DAY})(?:\s?[-~到至]\s?(?P<to>{DAY}))?(?:号{_NOT_A_DAY_NUMBER}{_TRAILING_WEEKDAY}|(?<=[0-9])日(?![元币本用常报]))",
            _bare_day,
        ),
        (
            rf"(?P<pre>近|最近|过去|未来|接下来|今后|往后|再过|过|再等)?(?:的)?(?P<n>{NUMBER})(?P<half>个半)?"
            r"(?P<u>天|日|个?工作日|个?星期|周|个?礼拜|个?月|年|个?小时|分钟|个?季度|个?钟头)(?P<half2>半)?"
            r"(?P<dir>(?:之|以)?(?:前(?![台])|后(?![天台面续])|内)|里(?![程面])|以来|来(?=[买的下]))?",
            _duration,
        ),
        (
            rf"{YEAR}(?P<part>上半年|下半年|第?[一二三四1-4]个?季度|[qQ][1-4](?![0-9A-Za-z])|(?<=年)[初中底末]"
            r"|(?<![今去明前后本当百千成青少中老童周万多近每一二两三四五六七八九十0-9])年[初中底末])",
            _year,
        ),
        (rf"{_YEAR_ALONE}(?![货轮代级份限会度费味糕夜终])(?P<part>)", _year),
    )
)
