"""Training rows without personal data: each value becomes a pseudonym that is the same in all rows of one person.

⟦手机QK4711⟧ is made from an HMAC of kind and value under the person's key: two rows of theirs stay connected, those of
another person with the same phone do not, and with the key destroyed nobody can say whose they were. There is no way back.
What a rule raises goes through: then the row is left out. Not covered: what no rule finds; telling a person by the story.
"""

from __future__ import annotations

import hmac
import re
from typing import Literal

from mingbai.permit.mask.detector import Detector
from mingbai.permit.mask.masks import merged
from mingbai.permit.mask.placeholders import CLOSE, LETTERS, OPEN, Masked, shapes, written
from mingbai.zh.width import normalise

LEAST_KEY_BYTES = 16
_SEPARATORS = re.compile(r"[\s().·_-]")
_BARE = re.compile(f"[{OPEN}{CLOSE}]")


def for_training(detector: Detector, text: str, person_key: bytes, lang: Literal["zh", "en"] = "zh") -> str:
    """The text with pseudonyms. Raises ValueError for a key that could be guessed."""
    if len(person_key) < LEAST_KEY_BYTES:
        raise ValueError(f"a person's key has at least {LEAST_KEY_BYTES} bytes")
    found: list[tuple[int, int, Masked]] = [(it.start, it.end, it.kind) for it in detector.spans(text)]
    looks = [(it.start, it.end) for it in shapes(text) if it.ours]
    looks += [hit.span() for hit in _BARE.finditer(text)]
    pieces: list[str] = []
    here = 0
    for start, end, kind in merged(found, looks):
        pieces += text[here:start], _pseudonym(person_key, kind, text[start:end], lang)
        here = end
    return "".join([*pieces, text[here:]])


def _pseudonym(key: bytes, kind: Masked, value: str, lang: Literal["zh", "en"]) -> str:
    """138-0013-8000 and １３８００１３８０００ are one number."""
    plain = _SEPARATORS.sub("", normalise(value).text).casefold()
    number = int.from_bytes(
        hmac.digest(key, f"{kind}|{plain}".encode("utf-8", "surrogatepass"), "sha256")[:8]
    )
    number, first = divmod(number, len(LETTERS))
    number, second = divmod(number, len(LETTERS))
    return written(kind, LETTERS[first] + LETTERS[second], number % 9999 + 1, lang)
