"""座机: landlines with their area code, service numbers 400/800, and local numbers where a word announces them.

Rule: zh/phones with its table of area codes; here besides: 打 right before a local number, and one that follows another number.
Source: 电信网编号计划 (MIIT 2017). A shop's own landline is masked too: whose it is cannot be seen from the number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mingbai.permit.mask.reading import Reading
from mingbai.permit.mask.span import Cases, Hit, Kind, hit_at
from mingbai.zh.phones import area_codes

KIND: Kind = "landline"
_LOCAL = r"[2-9]\d{2,3}[ -]?\d{4}(?:(?:-|转|轉)\d{1,6})?(?![0-9A-Za-z元块件个年.])"
_DIALLED = re.compile(rf"(?:(?<![一-鿿])打|[拨撥]|打(?:一下|这个|這個|给)) ?(?P<no>{_LOCAL})")
# No subscriber's number begins with 1; people who make one up for a test do not know.
_ANY_FIRST = re.compile(
    r"(?:\((?<![0-9A-Za-z].)(?<![0-9][.-].)|(?=0)(?<![0-9A-Za-z])(?<![0-9][.-]))(?P<area>0\d{2,3})\)?[ -]\d{7,8}(?:(?:-|转|轉)\d{1,6})?(?![0-9A-Za-z-])"
)
_TAIWAN = re.compile(r"(?<![0-9A-Za-z-])\(?0[2-8]\)?[ -]\d{4}[ -]\d{4}(?![0-9A-Za-z-])")
_AREA = re.compile(r"0\d{1,3}\)?[ -]\d{4}")  # both of these have one
_FOLLOWS = re.compile(rf"[ ,，、/和或]{{1,3}}(?P<no>{_LOCAL})")


def find(reading: Reading) -> Iterator[Hit]:
    for it in reading.phones:
        if it.kind == KIND:
            yield hit_at((it.start, it.end, it.confidence))
            if more := _FOLLOWS.match(reading.text, it.end):
                yield Hit(*more.span("no"), 0.8)
    if not reading.has_number or not reading.has_free_number:
        return
    if _AREA.search(reading.text):
        for hit in _ANY_FIRST.finditer(reading.text):
            if hit["area"] in area_codes():
                yield Hit(*hit.span(), 0.8)
        for hit in _TAIWAN.finditer(reading.text):
            yield Hit(*hit.span(), 0.8)
    for hit in _DIALLED.finditer(reading.text) if reading.has_han else ():
        yield Hit(*hit.span("no"), 0.75)


CASES: Cases = (
    ("电话是010-63553377。", ("010-63553377",)),
    ("座机(0571) 8888 1234转8012", ("(0571) 8888 1234转8012",)),
    ("客服400-820-8820", ("400-820-8820",)),
    ("电话68582233-2200", ("68582233-2200",)),
    ("座机：0755-12345678-801", ("0755-12345678-801",)),
    ("打57201918这个就行", ("57201918",)),
    ("010-87739799 64615726", ("010-87739799", "64615726")),
    ("尺寸是 60-120 的", ()),
    ("打8000元", ()),
)
