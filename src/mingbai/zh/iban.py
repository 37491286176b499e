"""International bank account numbers: ISO 13616, two letters of the country, two check digits (ISO 7064 MOD 97-10), the rest.

Lengths are those of SWIFT's IBAN registry, for the countries that a Chinese shop abroad meets.
"""

from __future__ import annotations

import re

from mingbai.values.errors import Text
from mingbai.zh.found import Found
from mingbai.zh.mapped import Mapped
from mingbai.zh.width import narrow

_LENGTHS = {"DE": 22, "AT": 20, "CH": 21, "FR": 27, "IT": 27, "ES": 24, "NL": 18, "BE": 16, "PL": 28, "GB": 22, "IE": 22, "PT": 25,
            "SE": 24, "DK": 18, "FI": 18, "NO": 15, "CZ": 24, "LU": 20, "AE": 23, "SA": 24, "TR": 26,
            "GR": 27, "HU": 28, "RO": 24, "BG": 22, "HR": 21, "SK": 24, "SI": 19, "LT": 20, "LV": 21, "EE": 20, "CY": 28, "MT": 31, "LI": 21,
            "IS": 26, "UA": 29, "IL": 23, "KZ": 20, "BR": 29, "EG": 29, "QA": 29, "KW": 30}  # fmt: skip
_IN_TEXT = re.compile(r"(?<![0-9A-Za-z])[A-Z]{2}\d{2}(?: ?[0-9A-Z]{1,4}){3,8}(?![0-9A-Za-z])")


def problem(number: str) -> Text | None:
    if not re.fullmatch("[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}", number):
        return Text(
            "IBAN 是两个国家字母、两位校验和账号。", "An IBAN is a country, two check digits and the account."
        )
    if _LENGTHS.get(number[:2]) != len(number):
        return Text(
            "这个国家的 IBAN 不是这么长，或没有 IBAN。",
            "IBANs of this country have another length, or it has none.",
        )
    if int("".join(str(int(character, 36)) for character in number[4:] + number[:4])) % 97 != 1:
        return Text(
            "校验位不符，可能有一位打错了。", "The check digits do not fit: a character may be mistyped."
        )
    return None


def find(text: str) -> list[Found]:
    return find_in(narrow(text))


def find_in(shown: Mapped) -> list[Found]:
    """Only those that pass: letters and digits in groups are common, a fitting check is not."""
    out = []
    for hit in _IN_TEXT.finditer(shown.text):
        if hit[0][:2] not in _LENGTHS:
            continue
        words = hit[0].split(" ")
        for last in range(len(words), 0, -1):  # "DE89 … 00 BITTE": the last words may not belong to it
            said = " ".join(words[:last])
            value = said.replace(" ", "")
            if len(value) >= 15 and problem(value) is None:
                start, end = shown.back(hit.start(), hit.start() + len(said))
                out.append(Found(start, end, "bank_card", value, None, 0.97))
                break
    return out
