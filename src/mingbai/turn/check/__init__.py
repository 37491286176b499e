"""What a sentence must pass before anybody sees it. Each check gives the offending piece, or "".

Not covered: what is true of the facts but not of the question, and false things said without a number, a state, a
promise, a code or a turned-around yes and no.
"""

from __future__ import annotations

from collections.abc import Callable

from mingbai.turn.basis import Basis
from mingbai.turn.check.figures import figures
from mingbai.turn.check.language import language
from mingbai.turn.check.names import names
from mingbai.turn.check.polarity import polarity
from mingbai.turn.check.promises import promises
from mingbai.turn.check.states import states
from mingbai.values.turn import Verdict

CHECKS: tuple[tuple[str, Callable[[str, Basis], str]], ...] = (
    ("figures", figures),
    ("states", states),
    ("polarity", polarity),
    ("promises", promises),
    ("names", names),
    ("language", language),
)


def checked(sentence: str, basis: Basis) -> tuple[Verdict, ...]:
    """One verdict a check."""
    found = ((name, check(sentence, basis)) for name, check in CHECKS)
    return tuple(Verdict(name, not piece, piece) for name, piece in found)
