"""手机号: mobile numbers, Chinese in any dress and foreign ones with their country's code.

Rule: zh/phones (11 digits from 13 to 19; separators, +86, 0086, read aloud 幺三八, ①③⑧; Hong Kong, Taiwan, E.164 with +);
here besides: American numbers without their +1, other ways to split the eleven digits, and one of ten or twelve after 手机.
Source: 电信网编号计划 (MIIT 2017), ITU-T E.164. Not covered: digits spread over several messages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mingbai.permit.mask.reading import Reading
from mingbai.permit.mask.span import Cases, Hit, Kind, hit_at

KIND: Kind = "mobile"
_COUNTRY = re.compile(r"\+\d{1,3}[ -]?$")
_SPLIT = re.compile(
    r"(?P<no>[(1](?<![0-9A-Za-z].)(?:(?<=\()1[3-9]\d\)[ ,.*_/~-]{0,2}|(?<=1)[3-9]\d[ ,.*_/~-]{1,2})\d{4}[ ,.*_/~-]{0,2}\d{4})(?![0-9A-Za-z])"
)
# A digit too few or too many, right after the word.
_MISCOUNTED = re.compile(
    r"(?:手机|手機|电话|電話)(?:号码?|號碼?)?(?:[是为:] ?| )?(?P<no>1[3-9]\d{8}(?:\d{2})?)(?![0-9A-Za-z])"
)
_CALLED = re.compile(
    r"(?i:\b(?:tele)?phone|\btel|\bmobile|\bfax|\bcell|\bwhatsapp|\bcall(?: me)?(?: at| on)?|\btext me(?: at| on)?)(?i: ?(?:no|number|num|is|at|on)\b)*[ .:#\n]{0,4}"
    r"(?P<no>\(?\d(?:[ ().-]{0,2}\d){6,12})(?![0-9A-Za-z])"
)
_AMERICAN = re.compile(
    r"[(2-9](?<![0-9A-Za-z+-].)(?<!\d .)(?:(?<=\()[2-9]\d{2}\) ?|(?<!\()\d{2}[ .-])[2-9]\d{2}[ .-]\d{4}(?![0-9A-Za-z-])"
)


def find(reading: Reading) -> Iterator[Hit]:
    text = reading.text
    plus = "+" in text
    for it in reading.phones:
        if it.kind == KIND:
            country = _COUNTRY.search(text, max(0, it.start - 6), it.start) if plus else None
            yield hit_at((country.start() if country else it.start, it.end, it.confidence))
    if not reading.has_number:
        return
    for pattern, sure, asked in (
        (_SPLIT, 0.85, reading.has_free_number),
        (_MISCOUNTED, 0.8, reading.has_han),
        (_CALLED, 0.75, reading.has_latin),  # also phone13800138000
    ):
        for hit in pattern.finditer(text) if asked else ():
            yield Hit(*hit.span("no"), sure)
    for hit in _AMERICAN.finditer(text) if reading.has_free_number else ():
        yield Hit(*hit.span(), 0.8)


CASES: Cases = (
    ("手机13800138000", ("13800138000",)),
    ("我的号码是 138-0013-8000，谢谢", ("138-0013-8000",)),
    ("１３８００１３８０００", ("１３８００１３８０００",)),
    ("打幺三八零零幺三八零零零", ("幺三八零零幺三八零零零",)),
    ("call me at +44 7911 123456", ("+44 7911 123456",)),
    ("my phone is 415-555-2671", ("415-555-2671",)),
    ("Phone: 60-56-85-91", ("60-56-85-91",)),
    ("138*0013*8000", ("138*0013*8000",)),
    ("手机1391234567少一位", ("1391234567",)),
    ("ring +49 151 23456789", ("+49 151 23456789",)),
    ("一共13800元", ()),
    ("订单MB20251103-0042", ()),
)
