"""收货地址: from a division's name, a word such as 寄到, or a road with a number, to its last part; streets of the US and UK.

Rule: zh/address_text (GB/T 2260 table), zh/address_abroad. A city alone is a place, not an address.
"""

from __future__ import annotations

from collections.abc import Iterator

from mingbai.permit.mask.reading import Reading
from mingbai.permit.mask.span import Cases, Hit, Kind
from mingbai.zh import address_abroad

KIND: Kind = "address"


def find(reading: Reading) -> Iterator[Hit]:
    for it in reading.addresses:
        yield Hit(it.start, it.end, it.confidence)
    for abroad in address_abroad.find_in(reading.same) if reading.has_latin else ():
        yield Hit(abroad.start, abroad.end, abroad.confidence)


CASES: Cases = (
    ("寄到浙江省杭州市西湖区文三路123号4幢501室，谢谢", ("浙江省杭州市西湖区文三路123号4幢501室",)),
    (
        "地址是北京市西城区牛街西里商业1号楼5-2号(清真超市旁)。",
        ("北京市西城区牛街西里商业1号楼5-2号(清真超市旁)",),
    ),
    ("Ship it to 445 Maple Drive, Suite 394, please", ("445 Maple Drive, Suite 394",)),
    ("发杭州要几天", ()),
    ("5 day delivery", ()),
)
