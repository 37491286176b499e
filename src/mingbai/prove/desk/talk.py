"""What came of a case: every answer with the turn that was written down, the writes, and the rows afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from mingbai.prove.desk.basis import Basis
from mingbai.prove.desk.case import Case
from mingbai.shop.skills.actions import Action
from mingbai.values.turn import Turn


@dataclass(frozen=True, slots=True)
class Answered:
    """`turn` is None where an error came instead, or a peer answered. Seconds from the question to the first and last piece.

    `rows` are the figures of the rows that were named, `words` those of the evidence; `leaked` is a row of somebody else's
    that was read or shown.
    """

    text: str = field(repr=False)
    first: float
    last: float
    turn: Turn | None = field(default=None, repr=False)
    rows: Basis = field(default_factory=Basis, repr=False)
    words: Basis = field(default_factory=Basis, repr=False)
    leaked: str = field(default="", repr=False)
    error: str = ""
    tokens: int = 0  # of prompts, where known
    today: date | None = None  # of a peer: a turn has its own


@dataclass(frozen=True, slots=True)
class Talk:
    """`found` is what the fields named by the case hold now. `unlawful` says of each write beyond what was confirmed why."""

    case: Case
    answers: tuple[Answered, ...]
    writes: tuple[Action, ...] = ()
    found: Mapping[tuple[str, str, str], object] = field(default_factory=dict, repr=False)
    unlawful: tuple[str, ...] = ()
    run: int = 0

    @property
    def last(self) -> Answered:
        return self.answers[-1]

    @property
    def said(self) -> str:
        return "\n".join(self.case.say)
