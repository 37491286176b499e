"""邮箱: also as people hide it: [at], (at), 艾特, #qq.com, full-width, a Chinese full stop for the dot,
at … dot com in words.

Rule: zh/mail. Source: RFC 5321 in the form that providers accept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mingbai.permit.mask.reading import Reading
from mingbai.permit.mask.span import Cases, Hit, Kind

KIND: Kind = "email"
_SPOKEN = re.compile(
    r"(?<![A-Za-z0-9._-])[A-Za-z0-9][A-Za-z0-9._-]{1,40} at [A-Za-z0-9-]{2,40} (?:dot|点) (?:com|cn|net|org|de|edu|io)(?![A-Za-z])"
)


def find(reading: Reading) -> Iterator[Hit]:
    for it in reading.mails:
        yield Hit(it.start, it.end, it.confidence)
    for hit in _SPOKEN.finditer(reading.text) if " at " in reading.text else ():
        yield Hit(*hit.span(), 0.9)


CASES: Cases = (
    ("发到zhang.san@qq.com吧", ("zhang.san@qq.com",)),
    ("zhangsan[at]163.com", ("zhangsan[at]163.com",)),
    ("ｚｈａｎｇ＠ｑｑ．ｃｏｍ", ("ｚｈａｎｇ＠ｑｑ．ｃｏｍ",)),
    ("zhang san at qq dot com", ("san at qq dot com",)),
    ("12345#qq.com", ("12345#qq.com",)),
    ("@小明 看一下", ()),
)
