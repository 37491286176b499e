"""Text cut after its sentences. A full stop ends one only where it ends no number, no short form and no initial: No. 5,
3.50, e.g. this, 9 a.m., Nov. 13.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

END = re.compile(r"[。！？!?；;\n…]+[”」』）)》】’\"']*|(?<!\.)\.[”’\"')]*(?=\s|$)|\.{3,}(?=\s|$)")
# Before a full stop that ends no sentence.
SHORT = re.compile(
    r"(?i)(?:^|[\s(（“\"])(?:no|nos|nr|e\.g|i\.e|approx|ca|st|mr|mrs|ms|dr|prof|vs|incl|excl|max|min|tel|ext|vol|art|fig|jan|feb|mar|apr|jun|jul|aug|"
    r"sept?|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|[a-z])$|(?i:\b[ap]\.m)$"
)


def ends(text: str) -> Iterator[int]:
    """Where sentences end, in order. A short form at the very end of the text ends one all the same."""
    for match in END.finditer(text):
        if (
            match[0].startswith(".")
            and match.end() < len(text.rstrip())
            and SHORT.search(text[max(0, match.start() - 12) : match.start()])
        ):
            continue
        yield match.end()


def cut(text: str) -> list[str]:
    """The sentences; together they are the text."""
    out, start = [], 0
    for end in ends(text):
        out.append(text[start:end])
        start = end
    return [*out, text[start:]] if text[start:] else out
