"""统一社会信用代码: 18 letters and digits with a check. A sole trader's code finds a person; a company's is masked alike.

Rule: zh/tax_codes (VAT numbers of the EU too). Source: GB 32100-2015.
"""

from __future__ import annotations

from collections.abc import Iterator

from mingbai.permit.mask.reading import Reading
from mingbai.permit.mask.span import Cases, Hit, Kind

KIND: Kind = "uscc"


def find(reading: Reading) -> Iterator[Hit]:
    for it in reading.tax_codes:
        if it.kind in ("uscc", "vat"):
            yield Hit(it.start, it.end, it.confidence)


CASES: Cases = (
    ("税号91350100M000100Y43", ("91350100M000100Y43",)),
    ("税号：91350100M000100Y44", ("91350100M000100Y44",)),
    ("型号91350100M000100Y44", ()),
)
