"""Bank card numbers: ISO/IEC 7812 length, Luhn's check, and the first digits of who issues them.

Luhn lets one random number in ten through, so a bare number that passes is only probable: order numbers of platforms
are as long. A word such as 卡号 before it settles the matter, right or wrong.
"""

from __future__ import annotations

import re

from mingbai.values.errors import Text
from mingbai.zh.found import Found
from mingbai.zh.mapped import Mapped
from mingbai.zh.width import narrow

# First digits, scheme, lengths. UnionPay 62 (and the old 60/68/9x of single banks); others of ISO/IEC 7812.
_SCHEMES: tuple[tuple[re.Pattern[str], str, frozenset[int]], ...] = (
    (re.compile("62"), "unionpay", frozenset(range(16, 20))),
    (re.compile("4"), "visa", frozenset({13, 16, 19})),
    (re.compile(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), "mastercard", frozenset({16})),
    (re.compile("3[47]"), "amex", frozenset({15})),
    (re.compile("35(?:2[89]|[3-8])"), "jcb", frozenset(range(16, 20))),
    (re.compile("3(?:0[0-5]|[68])"), "diners", frozenset({14})),
    (re.compile("9(?:[0-9])|60|68"), "domestic", frozenset(range(16, 20))),
)
_IN_TEXT = re.compile(r"[2-9](?<![0-9A-Za-z.].)\d{3}(?:[ -]?\d){9,15}(?![0-9A-Za-z])")
CUE = re.compile(
    r"银行卡|銀行卡|信用卡|储蓄卡|借记卡|卡号|卡號|账号|帐号|賬號|帳號|户名|開戶|开户|(?i:card|account|iban)"
)
# What a digit counts, as it is and doubled: tables for bytes.translate.
_PLAIN, _DOUBLED = (
    bytes(max(0, at - 48) * by // 10 + max(0, at - 48) * by % 10 if at < 58 else 0 for at in range(256))
    for by in (1, 2)
)
_ORDER_CUE = re.compile(r"订单|訂單|单号|單號|运单|快递|物流|(?i:order|tracking)")
CUE_WINDOW = 16


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1 annex B."""
    said = digits.encode()
    return (sum(said[::-2].translate(_PLAIN)) + sum(said[-2::-2].translate(_DOUBLED))) % 10 == 0


def scheme(digits: str) -> str:
    """Whose number it is by its beginning and length, "" where nobody's."""
    for beginning, name, lengths in _SCHEMES:
        if beginning.match(digits) and len(digits) in lengths:
            return name
    return ""


def problem(digits: str) -> Text | None:
    if not re.fullmatch("[0-9]{12,19}", digits):
        return Text("卡号应是 12 至 19 位数字。", "A card number has 12 to 19 digits.")
    if not scheme(digits):
        return Text("没有银行卡以这几位开头且有这么多位。", "No card begins like this and is this long.")
    if not luhn(digits):
        return Text(
            "末位校验不符，可能有一位打错了。", "The check digit does not fit: a digit may be mistyped."
        )
    return None


def find(text: str) -> list[Found]:
    """Numbers that pass, and those that fail but are announced as a card."""
    return find_in(narrow(text))


def find_in(shown: Mapped) -> list[Found]:
    out = []
    cued: bool | None = None  # is one announced anywhere
    for hit in _IN_TEXT.finditer(shown.text):
        if cued is None:
            cued = CUE.search(shown.text) is not None
        digits = hit[0].replace(" ", "").replace("-", "")
        before = (max(0, hit.start() - CUE_WINDOW), hit.start())
        announced = cued and bool(CUE.search(shown.text, *before))
        if not announced and not luhn(digits):
            continue
        wrong = problem(digits)
        if announced:
            confidence = 1.0 if wrong is None else 0.85
        elif wrong is None and not _ORDER_CUE.search(shown.text, *before):
            confidence = 0.8 if scheme(digits) == "unionpay" or " " in hit[0] else 0.5
        else:
            continue
        start, end = shown.back(*hit.span())
        out.append(Found(start, end, "bank_card", digits, wrong, confidence))
    return out
