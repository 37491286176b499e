"""虚拟号: numbers that a platform lends, with an extension (132123457749-1234, 13800138000转8012).

Rule: zh/phones. Source: sample of WeChat Shop's waybill interface (merchant.md §3.4). They expire, but until then they ring
at the person's own phone.
"""

from __future__ import annotations

from collections.abc import Iterator

from mingbai.permit.mask.reading import Reading
from mingbai.permit.mask.span import Cases, Hit, Kind

KIND: Kind = "virtual_mobile"


def find(reading: Reading) -> Iterator[Hit]:
    for it in reading.phones:
        if it.kind == KIND:
            yield Hit(it.start, it.end, it.confidence)


CASES: Cases = (
    ("收货电话 132123457749-1234", ("132123457749-1234",)),
    ("打13800138000转8012", ("13800138000转8012",)),
    ("13800138000", ()),
)
