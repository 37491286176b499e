"""Placeholders put back in text that arrives in pieces: held back is only what an unclosed bracket may still make one.

Put together, what comes out is what `restore` makes of the whole text, wherever it was cut.
"""

from __future__ import annotations

from mingbai.permit.mask.masks import Channel, Masks
from mingbai.permit.mask.placeholders import CLOSES, LONGEST, OPENS


class Stream:
    """`feed` each piece, show what it returns; `finish` once at the end."""

    def __init__(self, masks: Masks, channel: Channel) -> None:
        self._restore = masks.restorer(channel)
        self._held = ""
        self.restored = self.unknown = 0

    @property
    def held(self) -> int:
        """Characters that are not shown yet."""
        return len(self._held)

    def feed(self, piece: str) -> str:
        text = self._held + piece
        cut = _unfinished(text)
        self._held = text[cut:]
        return self._done(text[:cut])

    def finish(self) -> str:
        text, self._held = self._held, ""
        return self._done(text)

    def _done(self, text: str) -> str:
        made = self._restore(text)
        self.restored += made.restored
        self.unknown += made.unknown
        return made.text


def _unfinished(text: str) -> int:
    """Where a placeholder may have begun that is not whole yet; the end of the text where none has."""
    for at in range(len(text) - 1, max(-1, len(text) - LONGEST), -1):
        if text[at] in OPENS:
            return at
        if text[at] in CLOSES or text[at] == "\n":
            break
    return len(text)
