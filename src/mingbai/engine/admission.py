"""Who may use the engine next: a bounded queue that takes turns between keys.

A key with a hundred requests waiting delays another key by at most one request per free place. Past the bound the
caller is told when to come back. Knows nothing of what the requests are.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mingbai.values.errors import Busy, DeadlineExceeded, Text


class Admission:
    """`places` at once, `bound` waiting, round robin over keys."""

    def __init__(self, places: int, bound: int) -> None:
        self._free = places
        self._places = places
        self._bound = bound
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()
        self._mean_seconds = 5.0

    @property
    def waiting(self) -> int:
        return sum(len(line) for line in self._waiting.values())

    @property
    def in_use(self) -> int:
        return self._places - self._free

    @asynccontextmanager
    async def enter(self, key: str, *, seconds: float) -> AsyncIterator[None]:
        """Holds one place while the block runs. Raises `Busy` past the bound, `DeadlineExceeded` after `seconds`."""
        await self._take(key, seconds)
        started = time.monotonic()
        try:
            yield
        finally:
            self._mean_seconds += 0.1 * (time.monotonic() - started - self._mean_seconds)
            self._pass_on()

    async def _take(self, key: str, seconds: float) -> None:
        if self._free > 0 and not self._waiting:
            self._free -= 1
            return
        if self.waiting >= self._bound:
            raise self._busy()
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, deque()).append(turn)
        try:
            async with asyncio.timeout(seconds):
                await turn
        except (asyncio.CancelledError, TimeoutError) as e:
            if turn.done() and not turn.cancelled():
                self._pass_on()  # the place was handed over in the same instant
            else:
                self._forget(key, turn)
            if isinstance(e, TimeoutError):
                raise DeadlineExceeded(
                    Text("排队超过了允许的时间。", "The time allowed ran out in the queue."),
                    Text("请稍后再试，或放宽时限。", "Try again later or allow more time."),
                ) from e
            raise

    def _pass_on(self) -> None:
        while self._waiting:
            key, line = next(iter(self._waiting.items()))
            turn = line.popleft()
            if line:
                self._waiting.move_to_end(key)
            else:
                del self._waiting[key]
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1

    def _forget(self, key: str, turn: asyncio.Future[None]) -> None:
        line = self._waiting.get(key)
        if line is not None and turn in line:
            line.remove(turn)
            if not line:
                del self._waiting[key]

    def _busy(self) -> Busy:
        seconds = max(1, round(self._mean_seconds * (self.waiting + 1) / self._places))
        return Busy(
            Text(f"排队已满（{self._bound} 个在等）。", f"The queue is full ({self._bound} waiting)."),
            Text(f"请 {seconds} 秒后再试。", f"Try again in {seconds} s."),
            retry_after_seconds=seconds,
        )
