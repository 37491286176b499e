"""银行卡: card numbers by length, issuer and Luhn's check, and IBANs; a failing one where a word such as 卡号 announces it.

Rule: zh/bank_card, zh/iban. Source: ISO/IEC 7812-1, ISO 13616. One random number in ten passes Luhn: bare numbers after
订单 or 快递 are left to their own kinds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mingbai.permit.mask.reading import Reading
from mingbai.permit.mask.span import Cases, Hit, Kind, hit_at
from mingbai.zh import bank_card, iban

KIND: Kind = "bank_card"
_FOURS = re.compile(r"\d{4}(?:[ -]\d{4}){2}")  # as cards are printed; its last groups look like a phone
# Of issuers whose first digits say nothing: old JCB (1800), Maestro of twelve digits.
_ANNOUNCED = re.compile(
    r"(?:卡号|銀行卡|银行卡|信用卡|(?i:\bcard|\bcc\b))[^\n0-9]{0,24}(?P<no>\d(?:[ -]?\d){11,18})(?![0-9A-Za-z])"
)
_SAID = re.compile("卡|[cC][aAcC]")


def find(reading: Reading) -> Iterator[Hit]:
    for it in reading.bank_cards:
        grouped = it.valid and _FOURS.match(reading.text, it.start, it.end)
        yield Hit(it.start, it.end, 0.985 if grouped else it.confidence)
    if reading.has_long_number:
        for hit in _ANNOUNCED.finditer(reading.text) if _SAID.search(reading.text) else ():
            if bank_card.luhn(re.sub("[ -]", "", hit["no"])):
                yield Hit(*hit.span("no"), 0.9)
        for it in iban.find_in(reading.same) if reading.has_letter else ():
            yield hit_at((it.start, it.end, it.confidence))


CASES: Cases = (
    ("退到 6222 0212 3456 7890 128", ("6222 0212 3456 7890 128",)),
    ("卡号6222021234567890123", ("6222021234567890123",)),
    ("my card number is 180045984582343", ("180045984582343",)),
    ("IBAN DE89 3704 0044 0532 0130 00", ("DE89 3704 0044 0532 0130 00",)),
    ("订单6217001234567890", ()),
)
