"""The shape of a placeholder, ⟦手机KQ1⟧: a word for the kind, the request's two letters, a number that counts over all kinds.

Each bracket is one token of Qwen2.5's vocabulary and does not merge with its neighbours (trust.md §1.6). Models change them a
little: other brackets, spaces, full-width digits, a translated word. Those are read; whatever else they make of one is not.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from typing import Literal, NamedTuple

from mingbai.permit.mask.span import Kind

LONGEST = 16  # characters, brackets included; a stream waits for no more
OPEN, CLOSE = "⟦", "⟧"
OPENS, CLOSES = "⟦【[〔<〚［＜〈《", "⟧】]〕>〛］＞〉》"
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # without I and O

Masked = Kind | Literal["literal"]  # literal: brackets that stood in the text as given
_WORDS: dict[Masked, tuple[str, str]] = {
    "name": ("姓名", "NAME"), "name_title": ("称呼", "TITLE"), "mobile": ("手机", "PHONE"), "landline": ("座机", "LANDLINE"),
    "virtual_mobile": ("虚拟号", "VPHONE"), "masked_mobile": ("隐号", "XPHONE"), "resident_id": ("身份证", "IDCARD"),
    "bank_card": ("银行卡", "CARD"), "uscc": ("税号", "TAXNO"), "passport": ("护照", "PASSPORT"), "plate": ("车牌", "PLATE"),
    "address": ("地址", "ADDRESS"), "email": ("邮箱", "EMAIL"), "wechat": ("微信", "WECHAT"), "qq": ("QQ", "QQNO"),
    "alipay": ("支付宝", "ALIPAY"), "ip": ("IP", "IPADDR"), "order_no": ("订单", "ORDER"), "tracking_no": ("运单", "PARCEL"),
    "birth_date": ("生日", "BIRTHDAY"), "tax_code_old15": ("旧税号", "OLDTAX"), "literal": ("原文", "TEXT"),
}  # fmt: skip
_KIND_OF = {word.upper(): kind for kind, words in _WORDS.items() for word in words}

_BRACKETS = re.escape(OPENS + CLOSES)
_SHAPE = re.compile(
    rf"[{re.escape(OPENS)}] ?(?P<word>[^0-9０-９\n{_BRACKETS}]{{0,9}}?)[ :_#-]?(?P<nonce>[A-Za-zＡ-Ｚａ-ｚ] ?[A-Za-zＡ-Ｚａ-ｚ])[ _-]?(?P<number>[0-9０-９]{{1,4}}) ?[{re.escape(CLOSES)}]"
)
_NARROW = str.maketrans({chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {" ": None})


class Shape(NamedTuple):
    """text[start:end] looks like a placeholder; `kind` is what its word says, "" where the word is none of ours."""

    start: int
    end: int
    kind: Masked | Literal[""]
    nonce: str
    number: int
    ours: bool  # in the very brackets we write


def written(kind: Masked, nonce: str, number: int, lang: Literal["zh", "en"] = "zh") -> str:
    return f"{OPEN}{_WORDS[kind][lang == 'en']}{nonce}{number}{CLOSE}"


def word(kind: Masked, lang: Literal["zh", "en"] = "zh") -> str:
    """Without letters and number, as no reader takes for a placeholder: ⟦手机⟧."""
    return f"{OPEN}{_WORDS[kind][lang == 'en']}{CLOSE}"


def shapes(text: str) -> Iterator[Shape]:
    """Everything in the text that a tolerant reader could take for a placeholder, none longer than LONGEST."""
    for hit in _SHAPE.finditer(text):
        if hit.end() - hit.start() <= LONGEST:
            word = hit["word"].translate(_NARROW).rstrip(":_#-").upper()
            nonce = hit["nonce"].translate(_NARROW).upper()
            number = int(hit["number"].translate(_NARROW))
            ours = text[hit.start()] == OPEN and text[hit.end() - 1] == CLOSE
            yield Shape(*hit.span(), _KIND_OF.get(word, ""), nonce, number, ours)


def new_nonce() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(2))
