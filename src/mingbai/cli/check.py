"""One thing that `mingbai doctor` looked at, as people and programs get it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal, TypeAlias

from mingbai.values.errors import MingbaiError, Text

State: TypeAlias = Literal["ok", "warn", "bad"]
MARKS: dict[State, str] = {"ok": "✓", "warn": "!", "bad": "✗"}


@dataclass(frozen=True, slots=True)
class Check:
    """`warn`: it works, but not as well or not for long. `bad`: it does not. `mend` says what to do about either."""

    name: str
    state: State
    zh: str
    en: str
    mend: Text | None = None

    def lines(self) -> list[str]:
        shown = [f"{MARKS[self.state]} {self.zh} / {self.en}"]
        return [*shown, f"  → {self.mend}"] if self.mend else shown

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def failed(name: str, error: MingbaiError) -> Check:
    """What a command would refuse with, as a check."""
    return Check(name, "bad", error.what.zh, error.what.en, error.mend)
