"""The response of a streamed answer: pieces go out as they come, and a caller who leaves stops the work at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from mingbai.serve import errors
from mingbai.serve.limits import gone


class EventStream(Response):
    """Sends `first`, then the rest. `close` is called once with how it ended: ok, an error's code, or `cancelled`."""

    media_type = "text/event-stream"

    def __init__(
        self, first: bytes, rest: AsyncGenerator[bytes, None], close: Callable[[str], None],
        headers: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.status_code = 200
        self.background = None
        self._first, self._rest, self._close = first, rest, close
        self.init_headers({"Cache-Control": "no-store", "X-Accel-Buffering": "no", **(headers or {})})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        pump = asyncio.create_task(self._pump(send))
        watch = asyncio.create_task(gone(receive))
        code = "cancelled"
        try:
            await asyncio.wait((pump, watch), return_when=asyncio.FIRST_COMPLETED)
            if pump.done():
                code = "ok"
                if failure := pump.exception():
                    code = errors.ending(failure)
                    await _out(send, errors.event(errors.ours(failure, scope["path"])))
                await _out(send, b"", more=False)
        finally:
            for task in (pump, watch):
                task.cancel()
            await asyncio.gather(pump, watch, return_exceptions=True)
            await self._rest.aclose()
            self._close(code)

    async def _pump(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        await _out(send, self._first)
        async for data in self._rest:
            await _out(send, data)


async def _out(send: Send, data: bytes, *, more: bool = True) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": more})
