"""邮箱: also as people hide it: [at], (at), 艾特, #qq.com, full-width, a Chinese full stop for the dot.

Rule: zh/mail. Source: RFC 5321 in the form that providers accept.
"""

from __future__ import annotations

from collections.abc import Iterator

from mingbai.permit.mask.reading import Reading
from mingbai.permit.mask.span import Cases, Hit, Kind

KIND: Kind = "email"


def find(reading: Reading) -> Iterator[Hit]:
    for it in reading.mails:
        yield Hit(it.start, it.end, it.confidence)


CASES: Cases = (
    ("发到zhang.san@qq.com吧", ("zhang.san@qq.com",)),
    ("zhangsan[at]163.com", ("zhangsan[at]163.com",)),
    ("ｚｈａｎｇ＠ｑｑ．ｃｏｍ", ("ｚｈａｎｇ＠ｑｑ．ｃｏｍ",)),
    ("12345#qq.com", ("12345#qq.com",)),
    ("@小明 看一下", ()),
)
