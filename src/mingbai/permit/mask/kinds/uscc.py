"""统一社会信用代码: 18 letters and digits with a check. A sole trader's code finds a person; a company's is masked alike.

Rule: zh/tax_codes (VAT numbers of the EU too). Source: GB 32100-2015.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mingbai.permit.mask.reading import Reading
from mingbai.permit.mask.span import Cases, Hit, Kind

KIND: Kind = "uscc"
# Firms registered since October 2015 have MA in it: so written it is one, mistyped or not.
_SINCE_2015 = re.compile(r"(?<![0-9A-Za-z])9[1-3]\d{6}MA[0-9A-Z]{8}(?![0-9A-Za-z])")


def find(reading: Reading) -> Iterator[Hit]:
    for it in reading.tax_codes:
        if it.kind in ("uscc", "vat"):
            yield Hit(it.start, it.end, it.confidence)
    for hit in _SINCE_2015.finditer(reading.text) if reading.has_long_number else ():
        yield Hit(*hit.span(), 0.8)


CASES: Cases = (
    ("税号91350100M000100Y43", ("91350100M000100Y43",)),
    ("税号：91350100M000100Y44", ("91350100M000100Y44",)),
    ("开给某公司 91310115MA1H7K3X2P", ("91310115MA1H7K3X2P",)),
    ("型号91350100M000100Y44", ()),
)
