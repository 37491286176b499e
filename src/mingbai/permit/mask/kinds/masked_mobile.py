"""隐去中间的手机号: 138****8000. Head and tail with a name beside them still find a person, and a shop's order.

Rule: zh/phones.
"""

from __future__ import annotations

from collections.abc import Iterator

from mingbai.permit.mask.reading import Reading
from mingbai.permit.mask.span import Cases, Hit, Kind

KIND: Kind = "masked_mobile"


def find(reading: Reading) -> Iterator[Hit]:
    for it in reading.phones:
        if it.kind == KIND:
            yield Hit(it.start, it.end, it.confidence)


CASES: Cases = (
    ("收件人电话183****2807", ("183****2807",)),
    ("138 **** 8000 那个", ("138 **** 8000",)),
    ("***", ()),
)
