"""The constrained path for this shop: who asks is proven, what is wished is read by rules, what may be done is decided by code.

Every clause is taken for one kind of change, its articles are found among the customer's own lines, and a new variant is
chosen among those that are to be had. Nothing is guessed: a clause that fits nothing is left.

Not read: conditions on what the agent answers, sums that decide between two wishes, changes of mind after a yes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mingbai.prove.tau.shop import NotAllowed, Retail, called
from mingbai.prove.tau.who import who
from mingbai.prove.tau.wish import Step, Wish

_CUT = re.compile(
    r"(?<=[.!?;])\s+|\n|,?\s+(?:and then|then|also|lastly|finally)\b,?|"
    r",?\s*\band\b(?=\s+the \w+(?: \w+){0,3} (?:to|for)\b)|"
    r",?\s*\band\b(?=\s+(?:also\s+|finally\s+|then\s+)?(?:I (?:also )?(?:want|wish|would like|intend|need)|(?:to )?(?:return|exchange|cancel|modify|change|switch|adjust|update|correct)\b))",
    re.IGNORECASE,
)


def steps(shop: Retail, says: Sequence[str]) -> list[Step]:
    """All that the customer wishes, in the order of the policy: addresses first, one change of articles an order."""
    whole = " ".join(says)
    user_id = who(shop, whole)
    if not user_id:
        return []
    wish = Wish(shop, user_id, whole)
    wishes = " ".join(text for text in says if not text.startswith(("I am a ", "My name")))
    for clause in _clauses(wishes):
        wish.take(clause)
    wish.only()
    return wish.steps()


def _clauses(text: str) -> list[str]:
    return [part.strip(" ,") for part in _CUT.split(text) if part and len(part.strip()) > 3]


def carried_out(shop: Retail, says: Sequence[str]) -> list[Step]:
    """Plan on the database as it is, and make each write that its policy allows; the customer's yes is taken as given."""
    made = []
    for step in steps(shop, says):
        try:
            called(shop, step.tool, step.arguments)
        except NotAllowed:
            continue
        made.append(step)
    return made
