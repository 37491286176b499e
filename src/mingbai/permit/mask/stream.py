"""Placeholders put back in text that arrives in pieces: held back is only what an unclosed bracket may still make one.

Put together, what comes out is what `restore` makes of the whole text, wherever it was cut.
"""

from __future__ import annotations

import re

from mingbai.permit.mask.links import LONGEST_LINE
from mingbai.permit.mask.masks import Channel, Masks
from mingbai.permit.mask.placeholders import CLOSES, LONGEST, OPENS, unfinished_bare

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
_CUT_ESCAPE = re.compile(r"(?:^|[^\\])(?:\\\\)*(\\(?:u[0-9a-fA-F]{0,3})?)$", re.DOTALL)


class Stream:
    """`feed` each piece, show what it returns; `finish` once at the end. `inside_json`: the text is JSON, where a placeholder
    may be written in escapes (\\u27e6), and what it stands for is written as a string's inside."""

    def __init__(self, masks: Masks, channel: Channel, *, inside_json: bool = False) -> None:
        self._restore = masks.restorer(channel, inside_json=inside_json)
        self._inside_json = inside_json
        self._held = self._cut = self._before = ""
        self._begun = unfinished_bare(masks.nonce)
        self.restored = self.unknown = 0

    @property
    def held(self) -> int:
        """Characters that are not shown yet."""
        return len(self._held) + len(self._cut)

    def feed(self, piece: str) -> str:
        text = self._held + (self._read(piece) if self._inside_json else piece)
        begun = self._begun.search(text, max(0, len(text) - LONGEST))
        cut = min(_unfinished(text), begun.start() if begun else len(text))
        self._held = text[cut:]
        return self._done(text[:cut], text[cut : cut + 1])

    def finish(self) -> str:
        text, self._held, self._cut = self._held + self._cut, "", ""
        return self._done(text, "")

    def _read(self, piece: str) -> str:
        """Escapes of what is no ASCII as the characters they mean, which is the same JSON."""
        piece = self._cut + piece
        cut = _CUT_ESCAPE.search(piece)
        self._cut = cut[1] if cut else ""
        return _ESCAPE.sub(_character, piece[: len(piece) - len(self._cut)])

    def _done(self, text: str, after: str) -> str:
        made = self._restore(text, self._before, after)
        self._before = (self._before + text).rpartition("\n")[2][-2 * LONGEST_LINE :]
        self.restored += made.restored
        self.unknown += made.unknown
        return made.text


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1], 16) if escape[1] else 0
    return chr(code) if 0x80 <= code < 0xD800 or code >= 0xE000 else escape[0]


def _unfinished(text: str) -> int:
    """Where a placeholder may have begun that is not whole yet; the end of the text where none has."""
    for at in range(len(text) - 1, max(-1, len(text) - LONGEST), -1):
        if text[at] in OPENS:
            return at
        if text[at] in CLOSES or text[at] == "\n":
            break
    return len(text)
