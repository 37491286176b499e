"""旧税号: 15 characters, six digits of the division and an organisation code with its check; used before 2015.

Rule: zh/tax_codes. Source: GB 11714-1997. Bare digits that pass are only likely, and give way to surer kinds.
"""

from __future__ import annotations

from collections.abc import Iterator

from mingbai.permit.mask.reading import Reading
from mingbai.permit.mask.span import Cases, Hit, Kind

KIND: Kind = "tax_code_old15"


def find(reading: Reading) -> Iterator[Hit]:
    for it in reading.tax_codes:
        if it.kind == KIND:
            yield Hit(it.start, it.end, it.confidence)


CASES: Cases = (
    ("纳税人识别号 330106712345678", ("330106712345678",)),
    ("型号 330106712345678", ()),
)
