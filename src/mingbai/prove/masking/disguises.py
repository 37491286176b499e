"""Twenty-four ways in which people write personal data so that a simple pattern misses it (trust.md §1.3 names eleven of
them, which a prototype missed; the others are those that it caught, as far as they are known)."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

_HAN = dict(zip("0123456789", "零一二三四五六七八九", strict=True))
_RADIO = dict(zip("0123456789", "洞幺两三四五六拐八勾", strict=True))
_CIRCLED = dict(zip("0123456789", "⓪①②③④⑤⑥⑦⑧⑨", strict=True))
_BOLD = {str(digit): chr(0x1D7CE + digit) for digit in range(10)}
_WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
_ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"


def _grouped(value: str, sizes: tuple[int, ...], by: str) -> str:
    pieces, at = [], 0
    for size in sizes:
        pieces.append(value[at : at + size])
        at += size
    return by.join([*pieces, value[at:]] if at < len(value) else pieces)


def _zero_width(value: str, random: Random) -> str:
    return (
        "".join(it + (random.choice(_ZERO_WIDTH) if random.random() < 0.5 else "") for it in value[:-1])
        + value[-1]
    )


def _letter_o(value: str, random: Random) -> str:
    at = [place for place, it in enumerate(value[:-1]) if it == "0" and place]
    place = random.choice(at) if at else 0
    return value[:place] + "O" + value[place + 1 :] if place else value


# Name of the form, the kinds it is for, how the value is changed.
Disguise = tuple[str, frozenset[str], Callable[[str, Random], str]]
_PHONE = frozenset({"mobile"})
_DIGITS = frozenset({"mobile", "landline", "resident_id", "bank_card", "qq", "virtual_mobile"})
_MAIL = frozenset({"email"})
_ID = frozenset({"resident_id"})

DISGUISES: tuple[Disguise, ...] = (
    ("full width", _DIGITS | {"uscc", "passport"}, lambda value, _: value.translate(_WIDE)),
    ("3-4-4 spaces", _PHONE, lambda value, _: _grouped(value, (3, 4), " ")),
    ("3-4-4 dashes", _PHONE, lambda value, _: _grouped(value, (3, 4), "-")),
    ("3-4-4 dots", _PHONE, lambda value, random: _grouped(value, (3, 4), random.choice(".·"))),
    ("3-3-3-2", _PHONE, lambda value, _: _grouped(value, (3, 3, 3), " ")),
    ("+86", _PHONE, lambda value, random: random.choice(["+86", "+86 ", "(+86)", "+86-", "86-"]) + value),
    ("0086", _PHONE, lambda value, random: random.choice(["0086", "0086-", "0086 "]) + value),
    ("一三八", _PHONE, lambda value, _: "".join(_HAN[it] for it in value)),
    ("幺三八洞", _PHONE, lambda value, _: "".join(_RADIO[it] for it in value)),
    ("half Han", _PHONE, lambda value, random: "".join(_HAN[it] if random.random() < 0.4 else it for it in value)),
    ("①③⑧", _PHONE, lambda value, _: "".join(_CIRCLED[it] for it in value)),
    ("1️⃣3️⃣8️⃣", _PHONE, lambda value, _: "".join(f"{it}\ufe0f\u20e3" for it in value)),
    ("𝟏𝟑𝟖", _DIGITS - {"landline", "virtual_mobile"}, lambda value, _: "".join(_BOLD.get(it, it) for it in value)),
    ("zero width", _DIGITS | {"order_no", "tracking_no"}, _zero_width),
    ("zero width, extension", frozenset({"virtual_mobile"}), _zero_width),
    ("[at]", _MAIL, lambda value, random: value.replace("@", random.choice(["[at]", " [at] ", "(at)", "艾特"]))),
    ("# for @", frozenset({"email#"}), lambda value, _: value.replace("@", "#")),
    ("＠ and ．", _MAIL, lambda value, _: value.replace("@", "＠").replace(".", "．")),
    ("6-8-4", _ID, lambda value, random: _grouped(value, (6, 8), random.choice(" -"))),
    ("O for 0", _ID, _letter_o),
    ("x", _ID, lambda value, _: value.replace("X", "x")),
    ("fours", frozenset({"bank_card"}), lambda value, random: _grouped(value, (4, 4, 4, 4), random.choice(" -")).rstrip(" -")),
    ("加薇❤", frozenset({"wechat❤"}), lambda value, _: value),
    ("老张", frozenset({"name_title老"}), lambda value, _: value),
)  # fmt: skip
