"""QQ 号: 5 to 11 digits after QQ, 扣扣, 企鹅.

Rule: the length Tencent gives out; digits alone are no QQ number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mingbai.permit.mask.reading import Reading
from mingbai.permit.mask.span import Cases, Hit, Kind

KIND: Kind = "qq"
_ANNOUNCED = re.compile(
    r"(?:(?<![A-Za-z0-9])(?i:qq|q q|q(?=号|:| ?群))|(?<=[加➕]) ?[qQ]|(?<![A-Za-z])[qQ](?=我)|扣扣|企鹅|叩叩|[🐧])(?:号码?|群|是|加|為|为|我的?|[ :：]|(?i:number|no|is|id|\.))*+[^\n0-9A-Za-z]{0,4}"
    r"(?P<no>[1-9](?:[ -]?\d){4,10})(?![0-9A-Za-z@]|\.\d)"
)
SAID = "qQ扣企叩🐧"


def find(reading: Reading) -> Iterator[Hit]:
    for hit in _ANNOUNCED.finditer(reading.text) if reading.has_number else ():
        yield Hit(*hit.span("no"), 0.98)


CASES: Cases = (
    ("QQ12345678", ("12345678",)),
    ("我扣扣号是 987 654 321", ("987 654 321",)),
    ("q号：10001", ("10001",)),
    ("qq音乐", ()),
    ("12345678@qq.com", ()),
)
