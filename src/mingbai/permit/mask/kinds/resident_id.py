"""居民身份证: 18 characters with a check, or the old 15; one that fails its check where a word announces it.

Taiwan's and Hong Kong's too. Rule: zh/resident_id, zh/region_ids. Source: GB 11643-1999, ISO 7064 MOD 11-2. A mistyped number is no less personal.
"""

from __future__ import annotations

from collections.abc import Iterator

from mingbai.permit.mask.reading import Reading
from mingbai.permit.mask.span import Cases, Hit, Kind, hit_at
from mingbai.zh import region_ids

KIND: Kind = "resident_id"


def find(reading: Reading) -> Iterator[Hit]:
    for it in reading.resident_ids:
        yield hit_at((it.start, it.end, it.confidence))
    for it in region_ids.find_in(reading.same) if reading.has_number and reading.has_letter else ():
        yield hit_at((it.start, it.end, it.confidence))


CASES: Cases = (
    ("身份证11010519491231002X", ("11010519491231002X",)),
    ("身份证号 110105 1949 1231 0021", ("110105 1949 1231 0021",)),
    ("实名 11010519491231002x 的", ("11010519491231002x",)),
    ("身分證 A123456789", ("A123456789",)),
    ("HKID A123456(3)", ("A123456(3)",)),
    ("SKU A123456788", ()),
    ("单号 110105194912310021", ()),
)
