"""Every code with a check that a customer may type, found in one pass over a text: identity and bank card numbers, tax
numbers, e-mail addresses. Of two readings of one place the surer stays.

Phones, order and tracking numbers have modules of their own: they need their neighbours to be told apart.
"""

from __future__ import annotations

from mingbai.zh import bank_card, mail, resident_id, tax_codes
from mingbai.zh.found import Found, apart
from mingbai.zh.width import narrow


def find(text: str) -> list[Found]:
    """In order of the text, not overlapping; offsets are those of `text`."""
    shown = narrow(text)
    return apart(
        [
            *resident_id.find_in(shown),
            *bank_card.find_in(shown),
            *tax_codes.find_in(shown),
            *mail.find_in(shown),
        ]
    )
