"""Masks: where personal data stands in a text, placeholders for it, and the way back into channels that may have it.

`Detector().spans(text)` finds; `Masks(detector, channels={"customer"})` masks a request and restores its answer; `Stream`
restores one that is still being written. No way back: `redacted` is for logs, `for_training` for rows of one person. `masked.py` puts
all this before an engine elsewhere.
"""

from __future__ import annotations

from mingbai.permit.mask.detector import Detector
from mingbai.permit.mask.masks import Channel, Masks, Restored
from mingbai.permit.mask.redact import redacted
from mingbai.permit.mask.span import KINDS, NAMES, Kind, Span
from mingbai.permit.mask.stream import Stream
from mingbai.permit.mask.training import for_training

__all__ = [
    "KINDS",
    "NAMES",
    "Channel",
    "Detector",
    "Kind",
    "Masks",
    "Restored",
    "Span",
    "Stream",
    "for_training",
    "redacted",
]
