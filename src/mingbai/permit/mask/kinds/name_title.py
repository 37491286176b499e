"""称呼: a family name with a title (王先生, 李女士, 张总) or 老张, 小李.

Rule: zh/person_names. Alone it hardly identifies anybody; beside an order it does.
"""

from __future__ import annotations

from collections.abc import Iterator

from mingbai.permit.mask.reading import Reading
from mingbai.permit.mask.span import Cases, Hit, Kind

KIND: Kind = "name_title"


def find(reading: Reading) -> Iterator[Hit]:
    for it in reading.names:
        if it.kind == KIND:
            yield Hit(it.start, it.end, it.confidence)


CASES: Cases = (
    ("王先生您好", ("王先生",)),
    ("找一下老张", ("老张",)),
    ("谢谢李女士", ("李女士",)),
    ("小米手机", ()),
    ("老师好", ()),
)
