"""运单号: numbers with a carrier's own prefix, and bare ones beside a carrier's name or a word such as 快递.

Rule: zh/tracking and its table of carriers. With a phone's tail a tracking number opens an address on a carrier's page.
"""

from __future__ import annotations

from collections.abc import Iterator

from mingbai.permit.mask.reading import Reading
from mingbai.permit.mask.span import Cases, Hit, Kind, hit_at

KIND: Kind = "tracking_no"


def find(reading: Reading) -> Iterator[Hit]:
    for it in reading.trackings:
        sure = it.sure
        announced = it.number.isdigit() or it.named
        yield hit_at((it.start, it.end, max(sure, 0.88) if announced else sure))


CASES: Cases = (
    ("顺丰SF1234567890123", ("SF1234567890123",)),
    ("中通快递 78901234567890", ("78901234567890",)),
    ("1Z999AA10123456784", ("1Z999AA10123456784",)),
    ("快递什么时候到", ()),
)
