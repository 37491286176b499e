"""Who asks, and what they may see: a customer their own rows, a visitor the rows whose number and phone tail they know.

Not covered yet: policy by place and purpose, masks, roles other than the customer's.
"""

from __future__ import annotations

from mingbai.values.turn import Admission, Turn


class OwnRowsOnly:
    """Admits everybody as a customer; `customer` is what the caller's key proved, never what a message claims."""

    def admit(self, turn: Turn) -> Admission:
        return Admission("customer", customer=turn.focus.customer)
