"""An httpx transport for plain HTTP on loopback, on asyncio and httptools: a third of the default's work per token.

Why not httpx's own: reading a stream through httpcore and h11 took half of the service's time (docs/measurements.md),
on the very cores that the model computes on. Not covered, by intent: TLS, proxies, redirects, kept connections, HTTP/2,
bodies without a length that only the end of the connection ends.
"""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import AsyncIterator
from typing import cast

import httptools
import httpx

HERE = frozenset(("127.0.0.1", "::1"))


def free_port() -> int:
    """A port that nobody listened on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class LoopbackTransport(httpx.AsyncBaseTransport):
    """One connection per request, closed after it. The read timeout is for the whole response: no timer per token."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        timeouts = request.extensions["timeout"]
        url = request.url
        if url.host not in HERE:  # the way out is `models/egress.py`
            raise httpx.UnsupportedProtocol("not loopback", request=request)
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeouts["connect"]):
                _, exchange = await loop.create_connection(
                    lambda: _Exchange(timeouts["read"]), url.host, url.port or 80
                )
        except TimeoutError as e:
            raise httpx.ConnectTimeout("connect", request=request) from e
        except OSError as e:
            raise httpx.ConnectError("connect", request=request) from e
        exchange.request = request
        try:
            exchange.send(_head(request), await request.aread())
            await exchange.headers_done()
        except BaseException:
            exchange.abort()
            raise
        return httpx.Response(exchange.status, headers=exchange.headers, stream=exchange, request=request)


def _head(request: httpx.Request) -> bytes:
    lines = [request.method.encode() + b" " + request.url.raw_path + b" HTTP/1.1"]
    lines += [name + b": " + value for name, value in request.headers.raw if name.lower() != b"connection"]
    return b"\r\n".join([*lines, b"Connection: close", b"", b""])


class _Exchange(asyncio.Protocol, httpx.AsyncByteStream):
    """One request and its response. The parser calls back into it; the stream is read from it."""

    def __init__(self, read_seconds: float | None) -> None:
        self.request: httpx.Request | None = None
        self.headers: list[tuple[bytes, bytes]] = []
        self.status = 0
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self._read_seconds = read_seconds
        self._timer: asyncio.TimerHandle | None = None
        self._pieces: deque[bytes] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._head_done = self._complete = self._lost = self._late = False

    # What asyncio calls.
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but class
        if self._read_seconds is not None:
            self._timer = asyncio.get_running_loop().call_later(self._read_seconds, self._run_out)

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.abort()
            self._lost = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost = True
        if self._timer is not None:
            self._timer.cancel()
        self._wake()

    # What the parser calls.
    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        self.status = self._parser.get_status_code()
        self._head_done = True

    def on_body(self, body: bytes) -> None:
        self._pieces.append(body)

    def on_message_complete(self) -> None:
        self._complete = True

    # What httpx calls.
    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            while self._pieces:
                yield self._pieces.popleft()
            if self._complete:
                return
            await self._more()

    async def aclose(self) -> None:
        self.abort()

    def send(self, head: bytes, body: bytes) -> None:
        assert self._transport is not None
        self._transport.write(head + body)

    async def headers_done(self) -> None:
        while not self._head_done:
            await self._more()

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    async def _more(self) -> None:
        if self._late:
            raise httpx.ReadTimeout("read", request=self.request)
        if self._lost:
            raise httpx.RemoteProtocolError("the connection ended early", request=self.request)
        self._waiter = asyncio.get_running_loop().create_future()
        await self._waiter

    def _run_out(self) -> None:
        self._late = True
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
