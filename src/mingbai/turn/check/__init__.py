"""What a sentence must pass before anybody sees it. Each check gives the offending piece, or "".

Not covered: what is true of the facts but not of the question, and false things said without a number, a state, a
promise, a code or a turned-around yes and no.
"""

from __future__ import annotations

from collections.abc import Callable

from mingbai.turn.basis import KEPT, Basis
from mingbai.turn.check.figures import figures
from mingbai.turn.check.language import language
from mingbai.turn.check.names import names
from mingbai.turn.check.polarity import polarity
from mingbai.turn.check.promises import promises
from mingbai.turn.check.roles import roles
from mingbai.turn.check.states import states
from mingbai.turn.check.words import words
from mingbai.values.turn import Verdict
from mingbai.zh.width import normalise

CHECKS: tuple[tuple[str, Callable[[str, Basis], str]], ...] = (
    ("figures", figures),
    ("roles", roles),
    ("states", states),
    ("polarity", polarity),
    ("promises", promises),
    ("names", names),
    ("words", words),
    ("language", language),
)


def checked(sentence: str, basis: Basis) -> tuple[Verdict, ...]:
    """One verdict a check. 繁體 and full-width forms are read as what they stand for."""
    plain = sentence if basis.english else normalise(sentence, keep=KEPT).text
    found = ((name, check(plain, basis)) for name, check in CHECKS)
    return tuple(Verdict(name, not piece, piece) for name, piece in found)
