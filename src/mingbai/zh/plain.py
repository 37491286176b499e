"""Text as a recogniser wants it, with the way back: full-width, circled and other digits become ASCII, every dash `-`,
invisible characters go, and each offset still leads to the text as given.

It does not convert scripts and does not read Chinese numerals.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

# Zero-width and direction marks, variation selectors and the keycap (1️⃣ is 1 + FE0F + 20E3): they split numbers unseen.
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\u20e3]")

_ZEROS = (0x0660, 0x06F0, 0x0966, 0x0E50, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6)  # runs of ten digits
_ONES = (0x2460, 0x2474, 0x2488, 0x24F5, 0x2776, 0x2780, 0x278A)  # ① ⑴ ⒈ ⓵ ❶ ➀ ➊: runs of 1 to 9
_TABLE: dict[int, str] = {
    **{0xFF01 + offset: chr(0x21 + offset) for offset in range(94)},
    **{zero + digit: str(digit) for zero in _ZEROS for digit in range(10)},
    **{one + digit - 1: str(digit) for one in _ONES for digit in range(1, 10)},
    **{ord(mark): str(digit) for digit, mark in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
    **{ord(mark): str(digit) for digit, mark in enumerate("₀₁₂₃₄₅₆₇₈₉")},
    **dict.fromkeys(map(ord, "⓪⓿🄋🄌"), "0"),
    **dict.fromkeys(map(ord, "‐‑‒–—―−﹣➖"), "-"),
    **dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2009\u202f\u3000"), " "),
    **{0x24B6 + offset: chr(0x41 + offset) for offset in range(26)},  # Ⓐ
    **{0x24D0 + offset: chr(0x61 + offset) for offset in range(26)},  # ⓐ
}


@dataclass(frozen=True, slots=True)
class Plain:
    """`text` is the plain form; `offsets` maps its positions to the given text, None where nothing was taken out."""

    text: str = field(repr=False)
    offsets: tuple[int, ...] | None = field(default=None, repr=False)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where text[start:end] stands in the text as given; an empty piece has an empty span."""
        if self.offsets is None:
            return start, end
        if end <= start:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], self.offsets[end - 1] + 1


def plain(text: str) -> Plain:
    if text.isascii():
        return Plain(text)
    shaped = text.translate(_TABLE)  # one character for one
    if not _INVISIBLE.search(shaped):
        return Plain(shaped)
    kept: list[str] = []
    offsets: list[int] = []
    at = 0
    for gap in _INVISIBLE.finditer(shaped):
        kept.append(shaped[at : gap.start()])
        offsets.extend(range(at, gap.start()))
        at = gap.end()
    kept.append(shaped[at:])
    offsets.extend(range(at, len(shaped)))
    return Plain("".join(kept), (*offsets, len(text)))
