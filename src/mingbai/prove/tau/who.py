"""Who asks: proven by e-mail, or by name and postcode, or by an id that the shop knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from mingbai.prove.tau.shop import NotAllowed, Retail

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ZIP = re.compile(r"\b(\d{5})\b")
_USER_ID = re.compile(r"\b[a-z]+_[a-z]+_\d{3,5}\b")


def who(shop: Retail, says: str) -> str:
    """The customer's id, or "" where nobody is recognised."""
    for email in _EMAIL.findall(says):
        try:
            return shop.user_by_email(email.rstrip("."))
        except NotAllowed:
            continue
    for first, last, code in _names(says):
        try:
            return shop.user_by_name_zip(first, last, code)
        except NotAllowed:
            continue
    return next((u for u in _USER_ID.findall(says) if u in shop.users), "")


def _names(says: str) -> Iterator[tuple[str, str, str]]:
    words = re.findall(r"[A-Z][a-z]+", says)
    for code in _ZIP.findall(says)[::-1]:
        for first, last in pairwise(words):
            yield first, last, code
