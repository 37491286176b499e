"""Identity numbers of Taiwan and Hong Kong, by their checks.

Taiwan 國民身分證: a letter of the county (A=10 … with I=34, O=35), 1 or 2 (8 or 9 for residents), eight digits, weights 1 9 8 … 1 1, mod 10
(Ministry of the Interior). Hong Kong 身份證: one or two letters, six digits, a check 0-9 or A in brackets, weights 9 … 1, mod 11
(Immigration Department).
"""

from __future__ import annotations

import re

from mingbai.values.errors import Text
from mingbai.zh.found import Found
from mingbai.zh.mapped import Mapped
from mingbai.zh.width import narrow

_TAIWAN_LETTERS = {letter: value for value, letter in enumerate("ABCDEFGHJKLMNPQRSTUVXYWZIO", 10)}
_TAIWAN = re.compile(r"[A-Za-z](?<![0-9A-Za-z].)[1289]\d{8}(?![0-9A-Za-z])")
_HONG_KONG = re.compile(r"[A-Za-z](?<![0-9A-Za-z].)[A-Za-z]?\d{6} ?\([0-9Aa]\)")
CUE = re.compile(r"身[分份][證证]|證件|证件|居留證|(?i:\bid\b|identity|hkid)")
CUE_WINDOW = 16
_CHECK = Text("校验码不符，可能有一位打错了。", "The check digit does not fit: one may be mistyped.")


def taiwan_problem(number: str) -> Text | None:
    """Of a letter and nine digits."""
    first = _TAIWAN_LETTERS[number[0].upper()]
    digits = [first // 10, first % 10, *map(int, number[1:])]
    weights = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
    return _CHECK if sum(map(int.__mul__, digits, weights)) % 10 else None


def hong_kong_problem(number: str) -> Text | None:
    """Of A123456(3). One letter counts as a blank and itself; a blank is 36, letters A=10 …"""
    letters, digits, check = re.fullmatch(r"([A-Z]{1,2})(\d{6})\(?([0-9A])\)?", number.upper()).groups()  # type: ignore[union-attr]
    values = [36] * (2 - len(letters)) + [int(it, 36) for it in letters] + list(map(int, digits))
    total = sum(value * weight for value, weight in zip(values, range(9, 1, -1), strict=True)) + int(
        check, 16
    )
    return _CHECK if total % 11 else None


def find(text: str) -> list[Found]:
    return find_in(narrow(text))


def find_in(shown: Mapped) -> list[Found]:
    """Kind `resident_id`: Hong Kong's that pass; Taiwan's that pass, surer where announced; any that is announced."""
    out = []
    for pattern, problem, sure in ((_TAIWAN, taiwan_problem, 0.75), (_HONG_KONG, hong_kong_problem, 0.95)):
        for hit in pattern.finditer(shown.text):
            number = hit[0].replace(" ", "").upper()
            wrong = problem(number)
            announced = bool(CUE.search(shown.text, max(0, hit.start() - CUE_WINDOW), hit.start()))
            if wrong is None or announced:
                start, end = shown.back(*hit.span())
                out.append(Found(start, end, "resident_id", number, wrong, 0.97 if announced else sure))
    return out
