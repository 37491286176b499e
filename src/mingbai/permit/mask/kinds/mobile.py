"""手机号: mobile numbers, Chinese in any dress and foreign ones with their country's code.

Rule: zh/phones (11 digits from 13 to 19; separators, +86, 0086, read aloud 幺三八, ①③⑧; Hong Kong, Taiwan, E.164 with +).
Source: 电信网编号计划 (MIIT 2017), ITU-T E.164. Not covered: digits spread over several messages.
"""

from __future__ import annotations

from collections.abc import Iterator

from mingbai.permit.mask.reading import Reading
from mingbai.permit.mask.span import Cases, Hit, Kind

KIND: Kind = "mobile"


def find(reading: Reading) -> Iterator[Hit]:
    for it in reading.phones:
        if it.kind == KIND:
            yield Hit(it.start, it.end, it.confidence)


CASES: Cases = (
    ("手机13800138000", ("13800138000",)),
    ("我的号码是 138-0013-8000，谢谢", ("138-0013-8000",)),
    ("１３８００１３８０００", ("１３８００１３８０００",)),
    ("打幺三八零零幺三八零零零", ("幺三八零零幺三八零零零",)),
    ("call me at +44 7911 123456", ("+44 7911 123456",)),
    ("一共13800元", ()),
    ("订单MB20251103-0042", ()),
)
