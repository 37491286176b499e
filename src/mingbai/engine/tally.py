"""What one ask has spent."""

from __future__ import annotations

from dataclasses import dataclass

from mingbai.values.chat import Usage


@dataclass(slots=True)
class Tally:
    """Tokens spent so far by one ask, over all its completions."""

    room: int
    prompt: int
    written: int = 0
    cached: int = -1

    @property
    def left(self) -> int:
        return self.room - self.written

    def usage(self, fresh: int) -> Usage:
        return Usage(self.prompt, max(0, self.cached - fresh), self.written)
