"""订单号: the shapes of the platforms and of shops, or what the word 订单 announces; payment numbers too.

Rule: zh/order_numbers. No platform publishes a check digit. A shop's own shapes are not known here.
"""

from __future__ import annotations

from collections.abc import Iterator

from mingbai.permit.mask.reading import Reading
from mingbai.permit.mask.span import Cases, Hit, Kind, hit_at

KIND: Kind = "order_no"


def find(reading: Reading) -> Iterator[Hit]:
    text = reading.text
    for it in reading.order_numbers:
        if text[it.start] != "#" or text[it.start - 1 : it.start] != "&":  # &#39532; is a character of HTML
            yield hit_at((it.start, it.end, it.confidence))


CASES: Cases = (
    ("订单号1933168254012345678", ("1933168254012345678",)),
    ("拼多多250312-123456789012345", ("250312-123456789012345",)),
    ("MB20251103-0042到哪了", ("MB20251103-0042",)),
    ("your order #W2378156", ("#W2378156",)),
    ("订了 3 单", ()),
    ("房&#38388;", ()),
)
