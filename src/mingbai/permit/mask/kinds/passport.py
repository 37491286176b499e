"""护照 and travel permits: E and D, S, P, G, H with digits; permits of Hong Kong, Macau and Taiwan where a word announces them.

Rule: Chinese ordinary passports are E + 8 digits or E + letter (without I, O) + 7 digits, before 2012 G + 8 digits; others
need a word such as 护照 before them, as many stock numbers look so. Source: GB/T 37036 does not cover it; National Immigration
Administration notices of 2012 and 2017; ICAO 9303 (nine characters).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mingbai.permit.mask.reading import Reading
from mingbai.permit.mask.span import Cases, Hit, Kind

KIND: Kind = "passport"
_CHINESE = re.compile(r"[EeGg](?<![0-9A-Za-z-].)(?:\d{8}|(?<=[Ee])[A-HJ-NP-Za-hj-np-z]\d{7})(?![0-9A-Za-z-])")
_ANNOUNCED = re.compile(
    r"(?P<cue>护照|護照|通行证|通行證|回乡证|回鄉證|台胞证|旅行证|(?i:passports?|travel permit|travel document))"
    r"[^\n0-9A-Za-z]{0,12}(?:(?i:no|number|num|is|#)[^\n0-9A-Za-z]{0,4}){0,3}(?P<no>[A-Za-z]{0,3} ?\d{6,10}[A-Za-z]?)(?![0-9A-Za-z])"
)
_CUE = re.compile("[照证證]|passport|travel|PASSPORT|Passport|Travel")
_GOODS = re.compile("(?i:型号|货号|款号|编号|批号|sku|model|单号|订单|快递|item)")
_NOT = re.compile(rf"{_GOODS.pattern}[^\n]{{0,6}}$")


def find(reading: Reading) -> Iterator[Hit]:
    if not reading.has_number:
        return
    text = reading.text
    for hit in _ANNOUNCED.finditer(text) if _CUE.search(text) else ():
        yield Hit(*hit.span("no"), 0.99)
    hits = list(_CHINESE.finditer(text)) if reading.has_letter else []
    goods = bool(hits) and _GOODS.search(text) is not None
    for hit in hits:
        if not goods or not _NOT.search(reading.before(hit.start(), 12)):
            yield Hit(*hit.span(), 0.75)


CASES: Cases = (
    ("护照号E12345678", ("E12345678",)),
    ("护照：EJ1234567", ("EJ1234567",)),
    ("拼邮 G23456789 王", ("G23456789",)),
    ("My passport number is 533401234.", ("533401234",)),
    ("港澳通行证 C12345678", ("C12345678",)),
    ("型号E12345678", ()),
    ("SKU K12345678", ()),
)
