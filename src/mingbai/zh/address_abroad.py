"""Streets of the United States, Britain and their kin: a number, capitalised words, and a word such as Street or Drive.

With what follows: suite, city, state, postcode. Source: USPS Publication 28 appendix C1 (street suffixes), C2 (units), and the
form of British postcodes (BS 7666). Not covered: other countries, streets without a number, PO boxes of other words.
"""

from __future__ import annotations

import re

from mingbai.zh.found import Found
from mingbai.zh.mapped import Mapped
from mingbai.zh.width import narrow

_SUFFIX = r"(?:Street|St|Avenue|Ave|Road|Rd|Drive|Dr|Lane|Ln|Boulevard|Blvd|Court|Ct|Place|Pl|Square|Sq|Terrace|Ter|Parkway|Pkwy|Highway|Hwy|Way|Circle|Cir|Trail|Trl|Crescent|Close|Gardens|Alley|Plaza|Row|Mews)"
_UNIT = r"(?:Suite|Ste|Apartment|Apt|Unit|Floor|Fl|Room|Rm|Building|Bldg|Flat|#)\.? ?#?[0-9A-Za-z-]{1,6}"
_STATE = r"(?:A[LKZR]|C[AOT]|DE|DC|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[TA]|W[AVIY])"
_ZIP = r"\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}"
_END = r"(?![0-9A-Za-z])"  # \b is no edge before a Chinese character
_WORD = r"(?:[A-Z][A-Za-z'.-]{0,20}|\d{1,3}(?:st|nd|rd|th)|(?i:of|the|la|de))"
_STREET = re.compile(
    rf"(?<![0-9A-Za-z.-])\d{{1,5}}[A-Z]?,? (?:{_WORD} ){{1,4}}?{_SUFFIX}{_END}\.?(?:,? {_UNIT})?"
    rf"(?:[,.]?[ \n](?:in )?[A-Z][A-Za-z.'-]{{2,20}}(?: [A-Z][A-Za-z.'-]{{2,20}}){{0,2}})?(?:,? {_STATE}{_END})?(?:,?[ \n](?:{_ZIP}){_END})?(?:,? (?:USA|US|UK|United States|United Kingdom){_END})?"
)
_BOX = re.compile(r"\bP\.? ?O\.? Box \d{1,6}\b", re.IGNORECASE)


def find(text: str) -> list[Found]:
    return find_in(narrow(text))


def find_in(shown: Mapped) -> list[Found]:
    """Kind `address`; `value` is what was said."""
    out = []
    for pattern in (_STREET, _BOX):
        for hit in pattern.finditer(shown.text):
            start, end = shown.back(*hit.span())
            out.append(Found(start, end, "address", hit[0], None, 0.9))
    return out
