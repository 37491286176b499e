"""The shape of a placeholder, ⟦手机KQ1⟧: a word for the kind, the request's two letters, a number that counts over all kinds.

Each bracket is one token of Qwen2.5's vocabulary and does not merge with its neighbours. Models change them a little: other
brackets, spaces, full-width digits, a translated word. The small Qwen2.5 often drop the brackets, or all but KQ1 (measured by
`mingbai prove placeholders`), so letters and number alone are read, too, where the reader knows the letters: the request's
own, that stand nowhere in what was asked. Whatever else a model makes of one is not read.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Literal, NamedTuple

from mingbai.permit.mask.span import Kind

LONGEST = (
    24  # characters, brackets included; a stream waits for no more. ⟦TrackingNumberKQ2⟧ is what a model wrote
)
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
    rf"[{re.escape(OPENS)}] ?(?P<word>[^0-9０-９\n{_BRACKETS}]{{0,16}}?)[ :_#-]?(?P<nonce>[A-Za-zＡ-Ｚａ-ｚ] ?[A-Za-zＡ-Ｚａ-ｚ])[ _-]?(?P<number>[0-9０-９]{{1,4}}) ?[{re.escape(CLOSES)}]"
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


def shapes(text: str, nonce: str = "") -> Iterator[Shape]:
    """Everything in the text that a tolerant reader could take for a placeholder, none longer than LONGEST. `nonce`: these
    letters with a number need no brackets."""
    bare = _bare(nonce) if nonce and nonce in text.upper() else None
    here = 0
    for hit in _SHAPE.finditer(text):
        if hit.end() - hit.start() <= LONGEST:
            if bare is not None:
                yield from _without_brackets(bare, text, here, hit.start(), nonce)
            word = hit["word"].translate(_NARROW).rstrip(":_#-").upper()
            letters = hit["nonce"].translate(_NARROW).upper()
            number = int(hit["number"].translate(_NARROW))
            ours = text[hit.start()] == OPEN and text[hit.end() - 1] == CLOSE
            yield Shape(*hit.span(), _KIND_OF.get(word, ""), letters, number, ours)
            here = hit.end()
    if bare is not None:
        yield from _without_brackets(bare, text, here, len(text), nonce)


def _without_brackets(bare: re.Pattern[str], text: str, start: int, end: int, nonce: str) -> Iterator[Shape]:
    for hit in bare.finditer(text, start):
        if hit.end() > end:
            return
        kind: Masked | Literal[""] = _KIND_OF.get((hit["word"] or "").upper(), "")
        yield Shape(*hit.span(), kind, nonce, int(hit["number"]), False)


def unfinished_bare(nonce: str) -> re.Pattern[str]:
    """What may still become a placeholder without brackets, at the end of a text."""
    return _bare_begun(nonce)


def new_nonce(texts: Iterable[str] = ()) -> str:
    """Two letters that stand before a number nowhere in the texts, if there are such: a flood of all of them is masked."""
    taken = {hit[0].translate(_NARROW).upper() for text in texts for hit in _TAKEN.finditer(text)}
    free = [first + second for first in LETTERS for second in LETTERS if first + second not in taken]
    return secrets.choice(free or [first + second for first in LETTERS for second in LETTERS])


_TAKEN = re.compile("[A-Za-zＡ-Ｚａ-ｚ]{2}(?=[ _-]?[0-9０-９])")
_ANY_WORD = "|".join(sorted((re.escape(word) for word in _KIND_OF), key=len, reverse=True))
_ANY_BEGINNING = "|".join(
    sorted(
        {re.escape(word[:size]) for word in _KIND_OF for size in range(1, len(word) + 1)},
        key=len,
        reverse=True,
    )
)


@cache
def _bare(nonce: str) -> re.Pattern[str]:
    """⟦手机KQ1, 手机KQ1, KQ1, PhoneKQ1: the word goes with it where it is one of ours. A bracket that is left over goes, too.
    Small letters count right after a word: phone_kq1."""
    return re.compile(
        rf"{OPEN}?(?:(?P<word>(?i:{_ANY_WORD}))[ _:-]?(?i:{nonce})|(?<![0-9A-Z]){nonce})(?P<number>[0-9]{{1,4}})(?![0-9A-Za-z]){CLOSE}?"
    )


@cache
def _bare_begun(nonce: str) -> re.Pattern[str]:
    first, second = nonce[0], nonce[1]
    return re.compile(
        rf"{OPEN}?(?:(?i:{_ANY_BEGINNING})|(?i:{_ANY_WORD})[ _:-]?(?i:(?:{first}(?:{second}[0-9]{{0,4}})?)?)|(?:{first}(?:{second}[0-9]{{0,4}})?)?)\Z"
    )
