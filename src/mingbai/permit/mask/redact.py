"""One-way masks for what nobody should ever put back: logs, training rows, error reports. ⟦手机⟧ instead of the number.

Nothing is kept, so there is nothing to restore. What a rule raises goes through: then write nothing.
"""

from __future__ import annotations

from typing import Literal

from mingbai.permit.mask.detector import Detector
from mingbai.permit.mask.placeholders import word


def redacted(detector: Detector, text: str, lang: Literal["zh", "en"] = "zh") -> str:
    """The text with each piece of personal data replaced by what it is."""
    pieces: list[str] = []
    here = 0
    for it in detector.spans(text):
        pieces += text[here : it.start], word(it.kind, lang)
        here = it.end
    return "".join([*pieces, text[here:]])
