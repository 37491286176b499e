"""What the path asks of the outside, one or two methods each. Who does it is known to `cli/assemble.py` alone."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from mingbai.values import chat
from mingbai.values.chat import Message
from mingbai.values.turn import Admission, Evidence, Reply, Turn, Understood

# The messages and the most tokens to write → an engine's events. Raises an `EngineError`; closing it cancels.
Phrase: TypeAlias = Callable[[Sequence[Message], int, tuple[str, ...]], AsyncGenerator[chat.Event, None]]
Release: TypeAlias = Callable[[Turn, Phrase | None], AsyncGenerator[str | Reply, None]]


class Understands(Protocol):
    def load(self) -> None:
        """Whatever takes time once. Blocks."""
        ...

    async def understand(self, turn: Turn) -> Understood: ...


class Admits(Protocol):
    def admit(self, turn: Turn) -> Admission:
        """Who asks, and what they may see and do. Any doubt is a no."""
        ...


class Grounds(Protocol):
    def ground(self, turn: Turn) -> tuple[Evidence, ...]:
        """The rows that answer what was understood, for what was admitted. Blocks; run in a thread."""
        ...


class Erasures(Protocol):
    """Who was erased, for those who remember things."""

    def erasures(self) -> int:
        """How many there were; when it has grown, look again. Blocks for a moment."""
        ...

    def destroyed_since(self, person: str, since: datetime) -> bool: ...


class Seals(Protocol):
    def expect(self, turn: Turn) -> None:
        """What can be made ready for `seal` while the turn is under way. Blocks; raises where `seal` surely would."""
        ...

    def seal(self, turn: Turn) -> str:
        """Write down what happened, before the answer's last event. Blocks; returns the record's id."""
        ...


@dataclass(frozen=True, slots=True)
class Service:
    understander: Understands
    permit: Admits
    shop: Grounds
    release: Release
    phrase: Phrase | None  # None: templates alone
    place: str
    receipts: Seals
