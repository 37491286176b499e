"""What a field is filled by: a function from a row and its group to a value, or to nothing at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from mingbai.shop.intake.columns import Unit
from mingbai.shop.intake.profile import Profile
from mingbai.values.errors import Text


class Absent:
    """The file does not give this field."""


ABSENT: Final = Absent()
# From one unit and all units of its group to the value, or ABSENT.
Fill: TypeAlias = Callable[[Unit, Sequence[Unit]], Any]


@dataclass(slots=True)
class Notes:
    """What a person should know though nothing was refused, counted by its sentence."""

    counts: dict[Text, tuple[int, int]] = field(default_factory=dict)

    def add(self, note: Text, line: int) -> None:
        times, first = self.counts.get(note, (0, line))
        self.counts[note] = (times + 1, first)


@dataclass(frozen=True, slots=True)
class Manner:
    """How this file's values are to be understood: what the profile leaves open, the command line says."""

    profile: Profile
    zone: ZoneInfo
    currency: str
    warn: Callable[[Text], None]


def quotable(cell: str) -> str:
    """A word of a closed set, as a note may quote it; not what slipped in from another column."""
    harmless = len(cell) <= 40 and not any(sign.isdigit() or sign == "@" for sign in cell)
    return cell if harmless else "…"
