"""What people call currencies, before and after the number. 元, 块 and $ belong to several: the shop's own decides."""

from __future__ import annotations

import re

# Said before the number, code or sign. The longest is tried first.
BEFORE = {
    "人民币": "CNY", "RMB": "CNY", "CNY": "CNY", "¥": "¥", "CN¥": "CNY", "JP¥": "JPY", "JPY": "JPY",
    "US$": "USD", "USD": "USD", "美元": "USD", "$": "$", "HK$": "HKD", "HKD": "HKD", "港币": "HKD",
    "NT$": "TWD", "TWD": "TWD", "NTD": "TWD", "新台币": "TWD", "A$": "AUD", "AU$": "AUD", "AUD": "AUD",
    "C$": "CAD", "CA$": "CAD", "CAD": "CAD", "S$": "SGD", "SGD": "SGD", "€": "EUR", "EUR": "EUR",
    "£": "GBP", "GBP": "GBP", "₩": "KRW", "KRW": "KRW", "₽": "RUB", "RUB": "RUB", "฿": "THB", "THB": "THB",
    "₹": "INR", "INR": "INR", "₫": "VND", "VND": "VND", "CHF": "CHF", "RM": "MYR", "MYR": "MYR",
}  # fmt: skip

# Said after it, beside the codes and signs above. 元 and 块 are the shop's own where it is a dollar, else CNY.
AFTER = {
    "块钱": "元", "块": "块", "元钱": "元", "元": "元", "圆": "元", "人民币": "CNY", "yuan": "CNY", "kuai": "CNY",
    "美元": "USD", "美金": "USD", "美刀": "USD", "刀": "刀", "dollars": "$", "dollar": "$", "bucks": "$",
    "欧元": "EUR", "欧": "欧", "euros": "EUR", "euro": "EUR", "英镑": "GBP", "镑": "GBP",
    "港币": "HKD", "港元": "HKD", "港纸": "HKD", "新台币": "TWD", "台币": "TWD", "日元": "JPY", "日圆": "JPY",
    "日币": "JPY", "円": "JPY", "yen": "JPY", "韩元": "KRW", "韩币": "KRW", "澳元": "AUD", "澳币": "AUD",
    "澳刀": "AUD", "加元": "CAD", "加币": "CAD", "新币": "SGD", "新加坡元": "SGD", "卢布": "RUB", "泰铢": "THB",
    "卢比": "INR", "越南盾": "VND", "瑞郎": "CHF", "瑞士法郎": "CHF", "林吉特": "MYR", "马币": "MYR",
    "毛钱": "毛", "毛": "毛", "角钱": "毛", "角": "角", "分钱": "分钱", "cents": "¢", "cent": "¢", "¢": "¢",
}  # fmt: skip
DOLLARS = frozenset(("USD", "HKD", "TWD", "SGD", "AUD", "CAD", "NZD"))
OWN_YUAN = frozenset(("CNY", "HKD", "TWD", "SGD", "MOP"))


def _any(names: list[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


_CODES = [name for name in BEFORE if name.isascii() and name.isalpha() and len(name) == 3]
_SIGNS = [name for name in BEFORE if not name.isalnum()]
BEFORE_PATTERN = rf"(?:(?<![A-Za-z])(?:{_any([it for it in BEFORE if it[0].isascii() and it[0].isalpha()])})|{_any([it for it in BEFORE if not (it[0].isascii() and it[0].isalpha())])})\s?"
AFTER_PATTERN = (
    rf"\s?(?:(?P<zh>{_any([it for it in AFTER if not it.isascii()])})|(?P<en>{_any([it for it in AFTER if it.isascii()] + _CODES)})(?![A-Za-z])"
    rf"|(?P<sign>{_any([it for it in _SIGNS if len(it) == 1])}))"
)


def currency(name: str, own: str) -> tuple[str, bool]:
    """The ISO code behind a name in a shop whose own currency is `own`, and whether the name alone decided it."""
    meant = BEFORE.get(name) or AFTER.get(name) or BEFORE.get(name.upper()) or AFTER.get(name.lower(), "")
    if meant in ("元", "块", "毛", "角", "分钱"):
        return (own if own in OWN_YUAN else "CNY"), False
    if meant == "¥":
        return ("JPY" if own == "JPY" else "CNY"), False
    if meant in ("$", "刀"):
        return (own if own in DOLLARS else "USD"), False
    if meant == "¢":
        return (own if own in DOLLARS or own == "EUR" else "USD"), False
    return ("EUR" if meant == "欧" else meant), True
