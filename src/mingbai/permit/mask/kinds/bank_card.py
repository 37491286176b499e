"""银行卡: card numbers by length, issuer and Luhn's check, and IBANs; a failing one where a word such as 卡号 announces it.

Rule: zh/bank_card, zh/iban. Source: ISO/IEC 7812-1, ISO 13616. One random number in ten passes Luhn: bare numbers after
订单 or 快递 are left to their own kinds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mingbai.permit.mask.reading import Reading
from mingbai.permit.mask.span import Cases, Hit, Kind
from mingbai.zh import iban

KIND: Kind = "bank_card"
_FOURS = re.compile(r"\d{4}(?:[ -]\d{4}){2}")  # as cards are printed; its last groups look like a phone


def find(reading: Reading) -> Iterator[Hit]:
    for it in reading.bank_cards:
        grouped = it.valid and _FOURS.match(reading.text, it.start, it.end)
        yield Hit(it.start, it.end, 0.985 if grouped else it.confidence)
    if reading.has_long_number:
        for it in iban.find_in(reading.same):
            yield Hit(it.start, it.end, it.confidence)


CASES: Cases = (
    ("退到 6222 0212 3456 7890 128", ("6222 0212 3456 7890 128",)),
    ("卡号6222021234567890123", ("6222021234567890123",)),
    ("IBAN DE89 3704 0044 0532 0130 00", ("DE89 3704 0044 0532 0130 00",)),
    ("订单6217001234567890", ()),
)
