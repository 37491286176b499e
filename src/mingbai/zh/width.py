"""Full-width and other dressed-up characters as plain ones (１２３ ① ㎏ ⽅ 𝟏 → 123 1 kg 方 1), invisible ones gone, offsets kept.

The full-width comma stays where a parser asks for it: `3，500元` lists two things, `3,500元` is one number.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import chain, repeat

from mingbai.zh.mapped import Mapped
from mingbai.zh.script import simplify

# Zero-width and direction marks, soft hyphen, variation selectors, the keycap's frame, byte order mark.
_INVISIBLE = (
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\u20e3]"
)
# Compatibility characters whose NFKC form is what was meant.
_DRESSED = re.compile(
    "[\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u209c\u2150-\u218b\u2460-\u24ff\u2776-\u2793\u2e80-\u2fdf"
    "\u3220-\u33ff\uf900-\ufaff\ufe10-\ufe6f\uff01-\uff9f\uffe0-\uffe6\U0001d400-\U0001d7ff\U0001f100-\U0001f10a"
    "\U0002f800-\U0002fa1f]"
)
_OWN = {
    **dict.fromkeys("‐‑‒–—―−﹣", "-"),
    **dict.fromkeys("‘’′", "'"),
    **dict.fromkeys("“”″", '"'),
    **dict.fromkeys("\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u00a0\u3000", " "),
    **{
        chr(first + at): str(at + 1) for first in (0x2776, 0x2780, 0x278A, 0x24F5) for at in range(10)
    },  # ❶ ➀ ➊ ⓵
    **{chr(0x24EB + at): str(at + 11) for at in range(10)},  # ⓫
    "⓿": "0",
}


def narrow(text: str, *, keep: str = "") -> Mapped:
    """One plain character for each dressed one (or two: ㎏ → kg, ⑩ → 10); those in `keep` stay as they are."""
    if text.isascii():
        return Mapped.same(text, text)
    single, whole, sizes, to_change = _tables(keep)
    if to_change.search(text) is None:
        return Mapped.same(text, text.translate(single))
    # How many plain characters each is worth, and from that where each plain one came from, without a loop of ours:
    # hostile text has nothing else than ½ and ⑳.
    worth = list(map(sizes.get, text, repeat(1)))
    starts = list(chain.from_iterable(map(repeat, range(len(text)), worth)))
    ends = list(chain.from_iterable(map(repeat, range(1, len(text) + 1), worth)))
    return Mapped(text, text.translate(whole), starts, ends)


def normalise(text: str, *, keep: str = "") -> Mapped:
    """Narrow and simplified: the form that is looked up and parsed. Letters keep their case."""
    narrowed = narrow(text, keep=keep)
    return narrowed.then(simplify(narrowed.text))


@cache
def _tables(keep: str) -> tuple[dict[int, str], dict[int, str], dict[str, int], re.Pattern[str]]:
    """What becomes one character, what becomes any other number (none, if invisible) beside it, how many those are, and
    the pattern of these others."""
    forms = {
        it: _plain(it)
        for it in map(chr, (*range(0x80, 0x20000), *range(0x2F800, 0x2FA20)))
        if _is_dressed(it)
    }
    for kept in keep:
        forms.pop(kept, None)
    single = {ord(it): plain for it, plain in forms.items() if len(plain) == 1}
    others = {it: plain for it, plain in forms.items() if len(plain) > 1}
    others |= {it: "" for it in map(chr, range(0x80, 0x10000)) if re.match(_INVISIBLE, it)}
    whole = single | {ord(it): plain for it, plain in others.items()}
    sizes = {it: len(plain) for it, plain in others.items()}
    return single, whole, sizes, re.compile(f"[{re.escape(''.join(others))}]")


def _is_dressed(character: str) -> bool:
    return character in _OWN or character.isdecimal() or _DRESSED.match(character) is not None


def _plain(character: str) -> str:
    if character in _OWN:
        return _OWN[character]
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    plain = unicodedata.normalize("NFKC", character)
    return " " + plain.replace("\u2044", "/") if "\u2044" in plain else plain  # 1½ is 1 1/2, not 11/2
