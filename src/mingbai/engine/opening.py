"""Recognises, in text as it streams, that the model begins to write a tool call.

These weights often write a call as loose JSON, in a fence or bare, instead of Qwen's `<tool_call>` form. Whatever the
form, it is a call only if it names a function that is on offer; anything else is released as the text it is. Cut
points do not matter: text that may still become an opening is held back until it is decided.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

HOLD_CHARACTERS = 160  # an opening is decided within this many characters or it is text
START = re.compile(r"<tool_call>|```|[\[{]")
WRAPPING = r"(?:```[a-z_]*|\s|\[)*"
MARKED = re.compile(WRAPPING + "<tool_call>")
# A fence, a list bracket: all optional, all loose; then the mark, or the object with the function's name, or both.
NAMED = re.compile(
    r"(?:<tool_call>|```[a-z_]*|\s|\[)*\{\s*"
    r"""(?:["']type["']\s*:\s*["']function["']\s*,\s*)?(?:["']function["']\s*:\s*\{\s*)?"""
    r"""["'](?:name|function|function_name|tool|tool_name|api)["']\s*:\s*["']([^"'\s]{1,64})["']"""
)


@dataclass(frozen=True, slots=True)
class Seen:
    """`text` may be released. `name` is set when a call of that function begins; `marked` when Qwen's own mark did."""

    text: str = field(default="", repr=False)
    name: str | None = None
    marked: bool = False


class OpeningWatch:
    """Feed it pieces; it says what may be released and when a call begins. One per answer."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names
        self._held = ""

    def feed(self, piece: str) -> Seen:
        self._held += piece
        released = ""
        while self._held:
            start = START.search(self._held)
            if start is None:
                keep = _possible_start(self._held)
                cut = len(self._held) - keep
                released, self._held = released + self._held[:cut], self._held[cut:]
                break
            released, self._held = released + self._held[: start.start()], self._held[start.start() :]
            window = self._held[
                :HOLD_CHARACTERS
            ]  # so that a long piece is judged as the same text in short ones
            named = NAMED.match(window)
            name = named[1] if named and named[1] in self._names else None
            marked = MARKED.match(window) is not None
            if marked or name:
                return Seen(released, name, marked)
            if named is None and len(window) < HOLD_CHARACTERS and _may_become_call(window):
                break
            released, self._held = released + self._held[0], self._held[1:]
        return Seen(released)

    def rest(self) -> str:
        """What is still held when the answer ended: it was text after all."""
        held, self._held = self._held, ""
        return held


def _possible_start(text: str) -> int:
    """How many trailing characters could be the beginning of `<tool_call>` or of a fence."""
    for mark in ("<tool_call>", "```"):
        for size in range(min(len(mark) - 1, len(text)), 0, -1):
            if text.endswith(mark[:size]):
                return size
    return 0


def _may_become_call(text: str) -> bool:
    """False as soon as what follows the bracket cannot be a call's first key any more."""
    body = re.sub("^" + WRAPPING, "", text)
    if "<tool_call>".startswith(body) or "```".startswith(body):
        return True
    if not body.startswith("{"):
        return False
    key = body[1:].lstrip()
    if not key:
        return True
    if key[0] not in "\"'":
        return False
    return any(
        key[1:].startswith(k) or k.startswith(key[1:]) for k in ("name", "function", "tool", "api", "type")
    )
