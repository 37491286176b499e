"""生日: a date that a word such as 生日, 出生 or born says is somebody's birth.

Rule: the word within a few characters before or after; the date in Chinese, ISO or English order. A date alone is not personal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mingbai.permit.mask.reading import Reading
from mingbai.permit.mask.span import Cases, Hit, Kind

KIND: Kind = "birth_date"
_HAN = "一二三四五六七八九十〇零○廿卅"
_YEAR = rf"(?:(?:19|20)\d\d|[4-9]\d|0\d|[一二][{_HAN}]{{3}}|[{_HAN}]{{2}}) ?[年.]"
_MONTH = rf"(?:0?[1-9]|1[0-2]|[{_HAN}冬腊正]{{1,2}}) ?月份?"
_DAY = rf"(?:初?[{_HAN}]{{1,3}}|[0-3]?\d) ?[日号號]?"
_EN = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
_DATE = (
    rf"(?:(?:农历|阴历|阳历|公历|農曆)? ?(?:{_YEAR} ?)?{_MONTH} ?{_DAY}(?![0-9])|(?:19|20)\d\d ?年 ?{_MONTH}|(?:19|20)\d\d ?[./-] ?\d{{1,2}} ?[./-] ?\d{{1,2}}(?!\d)"
    rf"|\d{{1,2}}[./-]\d{{1,2}}[./-](?:(?:19|20)\d\d|\d\d)(?!\d)|(?<!\d)(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)"
    rf"|(?:{_EN} \d{{1,2}}(?:st|nd|rd|th)?(?:,? ?(?:19|20)\d\d)?|\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_EN},? ?(?:(?:19|20)\d\d)?))"
)
_BEFORE = re.compile(
    rf"(?:生日|出生(?:日期|年月日?|时间|日)?|生于|生辰|诞生于?|(?i:born(?: on)?|birth ?da(?:y|te)|date of birth|d\.?o\.?b\.?))[^\n0-9A-Za-z{_HAN}。！？]{{0,8}}?(?:(?:is|on|was)[ :]{{1,2}}){{0,2}}(?P<date>{_DATE})",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"(?<![0-9{_HAN}])(?P<date>{_DATE}) ?(?:是?[我他她]?(?:的|们|女儿|儿子|老婆|老公|孩子|宝宝|妈妈|爸爸){{0,3}}生日|出生|生人|生的|诞生)"
)
_SAID = re.compile(
    "生|[Bb][Oo][Rr][Nn]|[Bb][Ii][Rr][Tt][Hh]|[Dd]\\.?[Oo]\\.?[Bb]"
)  # without one of these no date is a birth


def find(reading: Reading) -> Iterator[Hit]:
    if not _SAID.search(reading.text):
        return
    for pattern in (_BEFORE, _AFTER):
        for hit in pattern.finditer(reading.simple.text):
            start, end = hit.span("date")
            while reading.simple.text[end - 1] in " ,":
                end -= 1
            yield Hit(*reading.simple.back(start, end), 0.99)


CASES: Cases = (
    ("我的生日是1990年3月7日", ("1990年3月7日",)),
    ("1985-11-02出生", ("1985-11-02",)),
    ("出生日期：19900307", ("19900307",)),
    ("生日农历八月十五", ("农历八月十五",)),
    ("She was born on March 7, 1990.", ("March 7, 1990",)),
    ("5月1日发货", ()),
    ("生日礼物", ()),
)
