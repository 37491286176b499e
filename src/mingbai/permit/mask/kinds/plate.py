"""车牌: province, letter of the city, five characters (six for new energy), and 挂 学 警 港 澳 at the end.

Rule and source: GA 36-2018, letters I and O never stand in the number. Not covered: military plates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mingbai.permit.mask.reading import Reading
from mingbai.permit.mask.span import Cases, Hit, Kind

KIND: Kind = "plate"
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼滬遼魯蘇贛陝閩貴粵寧瓊雲"
_PLATE = re.compile(
    rf"[{PROVINCES}]"
    r" ?[A-HJ-NP-Za-hj-np-z][ ·•.-]?(?=[A-Za-z0-9 ]{0,6}\d)[A-HJ-NP-Za-hj-np-z0-9](?: ?[A-HJ-NP-Za-hj-np-z0-9]){3,4}"
    r"[A-HJ-NP-Za-hj-np-z0-9挂学警港澳掛學](?![0-9A-Za-z])"
)


def find(reading: Reading) -> Iterator[Hit]:
    for hit in _PLATE.finditer(reading.text):
        digits = sum(map(str.isdigit, hit[0]))
        if digits >= 2:
            yield Hit(*hit.span(), 0.95 if digits >= 3 else 0.85)


CASES: Cases = (
    ("车牌京A12345", ("京A12345",)),
    ("粤B·D12345的车", ("粤B·D12345",)),
    ("京AF0236挂", ("京AF0236挂",)),
    ("粤Z1234港", ("粤Z1234港",)),
    ("新iPhone15", ()),
)
