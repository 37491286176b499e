"""A graceful stop: the first signal refuses new chats and lets the open ones end, then the server leaves."""

from __future__ import annotations

import asyncio
from types import FrameType

import uvicorn

from mingbai.serve.service import Service

LOOK_SECONDS = 0.05


class DrainingServer(uvicorn.Server):
    """uvicorn's server, with a drain before its own shutdown. A second signal ends it at once."""

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service
        self._loop: asyncio.AbstractEventLoop | None = None
        self._drain: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)  # type: ignore[arg-type]

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self._service.draining or self._loop is None:
            super().handle_exit(sig, frame)
            return
        self._service.draining = True
        self._loop.call_soon_threadsafe(self._begin)

    def _begin(self) -> None:
        self._drain = asyncio.create_task(self._wait())

    async def _wait(self) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + self._service.settings.drain_seconds
        while self._service.open and loop.time() < end:
            await asyncio.sleep(LOOK_SECONDS)
        self.should_exit = True
