"""Words of rows so that nothing happens when they are shown: whatever a client makes of Markdown, HTML or addresses.

A row may have been written by anybody: a courier's scan, a feed of products, a customer's note. Pictures become their
caption, tags and comments go, an address loses its scheme and its query, so that it fetches nothing and carries nothing away.
Not covered: that a person types a foreign address by hand.
"""

from __future__ import annotations

import re

# No class of characters holds what opens its own pattern: a text full of openings is read once, not once for each.
_PICTURE = re.compile(r"!\[([^\[\]\n]{0,200})\]\([^()\n]{0,2000}\)")
_LINK = re.compile(r"\[([^\[\]\n]{1,200})\]\((?:https?://)?([^()\s?#]{1,500})[^()\n]{0,2000}\)")
_COMMENT = re.compile(r"<!--[^<]{0,4000}?-->")
_TAG = re.compile(r"</?[A-Za-z|][^<>\n]{0,500}>")
_ADDRESS = re.compile(
    r"(?:[a-z]{2,10}://|(?<![a-z])(?:javascript:(?=\S)|data:(?=[a-z]+/[a-z])))([^\s?#<>\"'，。；！？、（）「」《》]{0,500})"
    r"(?:[?#][^\s<>\"'，。；！？、（）「」《》]{0,2000})?",
    re.IGNORECASE,
)
_MAY = re.compile(r"[<\[]|://|script:|data:", re.IGNORECASE)
ROUNDS = 4  # what is left when something is taken out may read as something again


def inert(text: str) -> str:
    for _ in range(ROUNDS):
        if not _MAY.search(text):
            return text
        before = text
        text = _PICTURE.sub(r"\1", _COMMENT.sub("", text))
        text = _ADDRESS.sub(r"\1", _TAG.sub("", _LINK.sub(r"\1 (\2)", text)))
        if text == before:
            return text
    return text.translate(_NOTHING)


_NOTHING = str.maketrans("<>[]:", "＜＞［］：")
