"""收货地址: from a division's name, a word such as 寄到, or a road with a number, to its last part; streets of the US and UK.

Rule: zh/address_text (GB/T 2260 table), zh/address_abroad. A city alone is a place, not an address. A phone in the middle
of one and a name at its end are kinds of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mingbai.permit.mask.reading import Reading
from mingbai.permit.mask.span import Cases, Hit, Kind
from mingbai.zh import person_names

KIND: Kind = "address"
_SURE = 0.9  # of a phone that cuts an address in two
_LEAST = 5  # characters of what is left
_DETAIL = re.compile(r"[路街道巷号弄栋幢座楼室镇乡村区县市省园苑寓厦單單號區縣樓鎮鄉環环]")
_NAME_AFTER = re.compile(r"[ ,，、]+(?P<name>[一-鿿]{2,4})(?:收|\(收\))?$")


def find(reading: Reading) -> Iterator[Hit]:
    for it in reading.addresses:
        for start, end in _without_phones(reading, it.start, it.end):
            said = reading.text[start:end]
            start += len(said) - len(said.lstrip(" /,，、:：;；|-"))
            yield Hit(start, _before_name(reading.text, start, end), it.confidence)
    for abroad in reading.abroad:
        yield Hit(abroad.start, abroad.end, abroad.confidence)


def _without_phones(reading: Reading, start: int, end: int) -> Iterator[tuple[int, int]]:
    phones = [it for it in reading.phones if it.confidence >= _SURE and it.start < end and start < it.end]
    if not phones:
        yield start, end
        return
    here = start
    for edge, after in [*((it.start, it.end) for it in phones), (end, end)]:
        piece = reading.text[here:edge]
        left = here + len(piece) - len(piece.lstrip(" ,，、。;；:：\n"))
        right = here + len(piece.rstrip(" ,，、。;；:：\n"))
        if right - left >= _LEAST and _DETAIL.search(reading.text, left, right):
            yield left, right
        here = after


def _before_name(text: str, start: int, end: int) -> int:
    """「…1305室 张梓轩」: the recipient is no building, though 轩 ends many a one's name."""
    hit = _NAME_AFTER.search(text, max(start, end - 8), end)
    return hit.start() if hit and person_names.plausible(hit["name"]) else end


CASES: Cases = (
    ("寄到浙江省杭州市西湖区文三路123号4幢501室，谢谢", ("浙江省杭州市西湖区文三路123号4幢501室",)),
    (
        "地址是北京市西城区牛街西里商业1号楼5-2号(清真超市旁)。",
        ("北京市西城区牛街西里商业1号楼5-2号(清真超市旁)",),
    ),
    ("杭州市西湖区文三路1号2室 张梓轩 13800138000", ("杭州市西湖区文三路1号2室",)),
    ("万宁 13800138000 苏州市吴中区阳光花园16号楼2单元3293", ("苏州市吴中区阳光花园16号楼2单元3293",)),
    ("Ship it to 445 Maple Drive, Suite 394, please", ("445 Maple Drive, Suite 394",)),
    ("发杭州要几天", ()),
    ("5 day delivery", ()),
)
