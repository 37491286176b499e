"""Feasts and lunar dates: 农历八月十五, 大年初三, 除夕, 中秋, 国庆假期, 双11 from the campaign table, Christmas."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache

from mingbai.zh import solar
from mingbai.zh.calendar import easter, holiday, nth_weekday
from mingbai.zh.campaigns import Campaign
from mingbai.zh.dates_scene import YEAR, Read, Rule, Scene, day, nearest, safe, year_of
from mingbai.zh.lunar import Lunar, last_day, to_common
from mingbai.zh.numerals_read import whole

_Day = Callable[[int], date | None]


def _lunar(month: int, of_month: int) -> _Day:
    return lambda year: to_common(Lunar(year, month, of_month))


def _fixed(month: int, of_month: int) -> _Day:
    return lambda year: safe(year, month, of_month)


def _term(name: str) -> _Day:
    return lambda year: solar.term(year, name) if 1900 <= year <= 2100 else None


def _sunday(month: int, nth: int) -> _Day:
    return lambda year: nth_weekday(year, month, 6, nth)


def _thanksgiving(year: int) -> date:
    return nth_weekday(year, 11, 3, 4)


# The words, longest first where one begins another; the day in a year. The lunar year 2026 is the one that begins in 2026.
FEASTS: tuple[tuple[str, _Day], ...] = (
    (r"大年三十|年三十|除夕夜?", lambda year: last_day(year - 1)),
    (r"春节|过年|农历新年|大年初一|chinese new year|lunar new year|spring festival", _lunar(1, 1)),
    (r"元宵节?(?![馅粉])|上元节|lantern festival", _lunar(1, 15)),
    (r"龙抬头", _lunar(2, 2)),
    (r"清明节?|qingming", _term("清明")),
    (r"端午节?|端阳节?|dragon boat festival", _lunar(5, 5)),
    (r"七夕节?|乞巧节|qixi", _lunar(7, 7)),
    (r"中元节", _lunar(7, 15)),
    (r"中秋节?|mid-autumn(?: festival)?|moon festival", _lunar(8, 15)),
    (r"重阳节?", _lunar(9, 9)),
    (r"腊八节?", lambda year: to_common(Lunar(year - 1, 12, 8))),
    (r"小年", lambda year: to_common(Lunar(year - 1, 12, 23))),
    (r"冬至", _term("冬至")),
    (r"元旦|new year's day", _fixed(1, 1)),
    (r"(?<!网络)情人节|valentine's day", _fixed(2, 14)),
    (r"五一(?:劳动节)?(?![路街广大0-9零一二三四五六七八九十])|劳动节", _fixed(5, 1)),
    (r"六一(?:儿童节)?(?![路街0-9零一二三四五六七八九十])|儿童节", _fixed(6, 1)),
    (r"教师节", _fixed(9, 10)),
    (r"国庆节?|十一(?=假期|长假|期间|黄金周|放假|小长假)", _fixed(10, 1)),
    (r"愚人节", _fixed(4, 1)),
    (r"万圣夜|halloween", _fixed(10, 31)),
    (r"万圣节", _fixed(11, 1)),
    (r"平安夜|christmas eve", _fixed(12, 24)),
    (r"圣诞节?|christmas(?: day)?|xmas", _fixed(12, 25)),
    (r"跨年夜?|new year's eve", _fixed(12, 31)),
    (r"母亲节|mother's day", _sunday(5, 2)),
    (r"父亲节|father's day", _sunday(6, 3)),
    (r"感恩节|thanksgiving(?: day)?", _thanksgiving),
    (r"复活节|easter(?: sunday)?", easter),
)
_DAYS = "(?:初[一二三四五六七八九十]|十[一二三四五六七八九]|二?十|廿[一二三四五六七八九]?|二十[一二三四五六七八九]|三十)"
_HOLIDAY = r"(?P<span>(?:节?的?(?:期间|假期|长假|小长假|放假|黄金周|档))?)"


def _in_years(find_day: _Day, match: re.Match[str], scene: Scene) -> tuple[date, ...]:
    year = year_of(match, scene)
    if year is not None:
        on = find_day(year) if 1 <= year <= 9998 else None
        return (on,) if on else ()
    years = (scene.today.year + it for it in (-1, 0, 1))
    return nearest((find_day(it) for it in years if 1 <= it <= 9998), scene)


def _feast(find_day: _Day) -> Callable[[re.Match[str], Scene], Read | None]:
    def read(match: re.Match[str], scene: Scene) -> Read | None:
        days = _in_years(find_day, match, scene)
        if not days:
            return None
        if match["span"] and (free := holiday(days[0])):
            return Read(free.first, free.last, "span")
        return day(*days[:2])

    return read


def _campaign(campaign: Campaign) -> Callable[[re.Match[str], Scene], Read | None]:
    def read(match: re.Match[str], scene: Scene) -> Read | None:
        days = _in_years(lambda year: (campaign.in_year(year) or (None, None))[1], match, scene)
        spans = [span for it in days if (span := campaign.in_year(it.year))]
        if not spans:
            return None
        first, last = spans[0]
        return Read(first, last, "day" if first == last else "span", also=tuple(spans[1:2]))

    return read


def _lunar_date(match: re.Match[str], scene: Scene) -> Read | None:
    """农历八月十五, 闰六月初一, 正月初三, 大年初三; 八月十五 alone is the lunar one, with the common one beside it."""
    month = 1 if match["new"] else {"正": 1, "冬": 11, "腊": 12}.get(match["m"]) or whole(match["m"])
    of_month = _day_of(match["d"] or match["new"][2:])
    if not month or not 1 <= month <= 12 or not of_month:
        return None
    leap = bool(match["leap"])
    said = year_of(match, scene)
    if said is None and match["sure"]:
        said = year_of(match, scene, end="_")
    if said is not None:
        on = to_common(Lunar(said, month, of_month, leap))
        return day(on) if on else None
    days = nearest(
        (to_common(Lunar(scene.today.year + it, month, of_month, leap)) for it in (-2, -1, 0, 1)), scene
    )
    if not days:
        return None
    if match["sure"] or match["new"] or "初" in (match["d"] or "") or match["m"] in ("正", "冬", "腊"):
        return day(*days[:2])
    common = nearest((safe(scene.today.year + it, month, of_month) for it in (-1, 0, 1)), scene)
    return day(days[0], *common[:1])


def _day_of(said: str) -> int | None:
    said = said.removeprefix("初")
    return 20 + (whole(said[1:]) or 0) if said.startswith("廿") else whole(said)


_LUNAR = Rule(
    re.compile(
        rf"{YEAR}(?:(?P<new>大年初[一二三四五六七八九十])|"
        rf"(?P<sure>农历的?|阴历的?|旧历的?)(?:{YEAR.replace('P<y>', 'P<y_>').replace('P<yw>', 'P<yw_>')})(?P<leap>闰)?(?P<m>[正冬腊]|十[一二]?|[一二三四五六七八九])月(?P<d>{_DAYS})(?![号日0-9天])"
        r")"
    ),
    _lunar_date,
)


@lru_cache(maxsize=32)
def rules(campaigns: Sequence[Campaign]) -> tuple[Rule, ...]:
    """The lunar rules, the feasts, and the campaigns of this table."""
    feasts = [
        Rule(re.compile(rf"{YEAR}(?:{words}){_HOLIDAY}", re.IGNORECASE), _feast(on)) for words, on in FEASTS
    ]
    sales = [Rule(re.compile(rf"{YEAR}{_words(it)}", re.IGNORECASE), _campaign(it)) for it in campaigns]
    return (*_LUNAR_RULES, *sales, *feasts)


def _words(campaign: Campaign) -> str:
    """A name that begins or ends in a digit must not be part of a number, a price or a count (618元, 型号618A)."""
    parts = []
    for word in sorted(campaign.said, key=len, reverse=True):
        before = (
            r"(?<![0-9A-Za-z.,¥$€#第号-])"
            if word[0].isdigit()
            else r"(?<![A-Za-z])"
            if word[0].isascii()
            else ""
        )
        after = r"(?![0-9A-Za-z.%元块号个件张只条粒克斤米码楼室份款毫])" if word[-1].isdigit() else ""
        if not word.isascii() and word[-1].isdigit():
            after = r"(?![0-9])"
        parts.append(f"{before}{re.escape(word)}{after}")
    return f"(?:{'|'.join(parts)})(?:大促|购物节|活动|期间)?"


_OPEN_LUNAR = Rule(
    re.compile(
        rf"{YEAR}(?P<sure>)(?P<new>(?!))?(?P<leap>闰)?(?:(?P<m>[正冬腊]|(?<![一二三四五六七八九十个])(?:十[一二]?|[一二三四五六七八九]))月"
        rf"(?P<d>{_DAYS})(?![号日0-9天几个点一二三四五六七八九十]))"
    ),
    lambda match, scene: _lunar_date(match, scene) if _is_lunar(match) else None,
)


def _is_lunar(match: re.Match[str]) -> bool:
    """正月, 腊月, 初三 and 廿三 exist in the lunar calendar only; 八月十五 without 号 means its best known day."""
    return (
        bool(match["leap"])
        or match["m"] in "正冬腊"
        or match["d"][0] in "初廿"
        or (match["m"], match["d"]) == ("八", "十五")
    )


_LUNAR_RULES = (_LUNAR, _OPEN_LUNAR)
