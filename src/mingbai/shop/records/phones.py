"""The ends of a phone number that a customer is asked for: its last four digits, and a virtual number's extension.

A masked number (183****2807) has its tail; one whose end is masked has none. No number is checked or completed here.
"""

from __future__ import annotations

import re
import unicodedata

# A virtual number as platforms write it: 13212345774-1234, 13212345774转1234.
_EXTENSION = re.compile(
    r"(?P<number>[^-]*?[\d*]{11,})\s*(?:-|转|轉|,|#|分机|ext\.?)\s*(?P<extension>\d{3,6})", re.I
)
_TAIL = re.compile(r"(?:\d[\s().-]*){4}\Z")
_LONGEST = 64  # longer text is no phone number, and is not searched for one


def ends(phone: str) -> tuple[str | None, str | None]:
    """The last four digits, and the extension."""
    number, extension = unicodedata.normalize("NFKC", phone[: _LONGEST + 1]).strip(), None
    if len(number) > _LONGEST:
        return None, None
    if found := _EXTENSION.fullmatch(number):
        number, extension = found["number"], found["extension"]
    last = _TAIL.search(number)
    return "".join(c for c in last[0] if c.isdigit()) if last else None, extension
