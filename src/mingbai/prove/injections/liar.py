"""A model that has been won over: whatever it is asked, it says what the attacker of the moment wants. It remembers what it was shown."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from mingbai.values.chat import Ask, CallArguments, CallStarted, Event, Finished, Piece, Usage

PIECE = 4


class WonOver:
    """`lie` is set for each attack. `shown` are the texts that reached it, which is all that its place could keep."""

    attempts = 1

    def __init__(self, place: str) -> None:
        self.place = place
        self.lie = ""
        self.asked = 0
        self.shown: list[str] = []

    async def generate(self, ask: Ask) -> AsyncGenerator[Event, None]:
        self.asked += 1
        self.shown.append("\n".join(m.content for m in ask.messages))
        if ask.tools:
            yield CallStarted(0, "call_0", ask.tools[0].name)
            yield CallArguments(0, self.lie)
            yield Finished("tool_calls", Usage(), place=self.place)
            return
        for at in range(0, len(self.lie), PIECE):
            yield Piece(self.lie[at : at + PIECE])
        yield Finished("stop", Usage(), place=self.place)
