"""座机: landlines with their area code, service numbers 400/800, and local numbers where a word announces them.

Rule: zh/phones with its table of area codes. Source: 电信网编号计划 (MIIT 2017). A shop's own landline is masked too: whose
it is cannot be seen from the number.
"""

from __future__ import annotations

from collections.abc import Iterator

from mingbai.permit.mask.reading import Reading
from mingbai.permit.mask.span import Cases, Hit, Kind

KIND: Kind = "landline"


def find(reading: Reading) -> Iterator[Hit]:
    for it in reading.phones:
        if it.kind == KIND:
            yield Hit(it.start, it.end, it.confidence)


CASES: Cases = (
    ("电话是010-63553377。", ("010-63553377",)),
    ("座机(0571) 8888 1234转8012", ("(0571) 8888 1234转8012",)),
    ("客服400-820-8820", ("400-820-8820",)),
    ("电话68582233-2200", ("68582233-2200",)),
    ("尺寸是 60-120 的", ()),
)
