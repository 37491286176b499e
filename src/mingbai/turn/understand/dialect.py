"""Cantonese and other dialects in the words of the standard language, so that a rule or an example for one is one for all.

Only words of the grammar are read so (可唔可以, 几时, 咋整); the table is `rules/dialect.txt`. What it yields is looked at
beside the text as it was written, never instead of it.
"""

from __future__ import annotations

import re
from functools import cache

from mingbai.turn.understand.table import sections

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0002ffff]")


def standard(text: str) -> str:
    """The same text where nothing of it is dialect. In the form of `form.plain`."""
    if not _HAN.search(text):
        return text
    words, table = _table()
    return words.sub(lambda hit: table[hit[0]], text)


@cache
def _table() -> tuple[re.Pattern[str], dict[str, str]]:
    table = dict(line.split(" ", 1) for line in sections("rules", "dialect.txt")["standard"])
    longest_first = sorted(table, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))), table
