"""A place made of bytes, for what a well-behaved server never does: cut characters, dropped connections, silence."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import Enum


class Then(Enum):
    """What follows the bytes: `DROP` resets the connection, `SILENCE` waits until the caller has hung up."""

    DROP = "drop"
    SILENCE = "silence"


Step = bytes | float | Then
STREAM = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n"
    b"Connection: close\r\n\r\n"
)
END = b"0\r\n\r\n"


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def event(value: object) -> bytes:
    """One server-sent event in its own chunk."""
    return chunk(b"data: " + json.dumps(value, ensure_ascii=False).encode() + b"\n\n")


def reply(status: int, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"Connection: close\r\n\r\n" + body


class RawPlace:
    """Takes each connection's request into `bodies` and `heads`, then plays `steps`: bytes, pauses in seconds, an end."""

    def __init__(self, steps: tuple[Step, ...]) -> None:
        self.steps = steps
        self.url = ""
        self.heads: list[str] = []
        self.bodies: list[dict[str, object]] = []
        self.hung_up = asyncio.Event()

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._take(reader)
            for step in self.steps:
                match step:
                    case bytes():
                        writer.write(step)
                        await writer.drain()
                    case float() | int():
                        await asyncio.sleep(step)
                    case Then.DROP:
                        writer.transport.abort()
                        return
                    case Then.SILENCE:
                        await reader.read()
                        self.hung_up.set()
        except ConnectionError:
            self.hung_up.set()
        finally:
            writer.close()

    async def _take(self, reader: asyncio.StreamReader) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.heads.append(head)
        size = next(
            (int(h.split(":")[1]) for h in head.splitlines() if h.lower().startswith("content-length:")), 0
        )
        if size:
            self.bodies.append(json.loads(await reader.readexactly(size)))


@asynccontextmanager
async def raw_place(*steps: Step) -> AsyncIterator[RawPlace]:
    place = RawPlace(steps)
    server = await asyncio.start_server(place.connected, "127.0.0.1", 0)
    place.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield place
    finally:
        server.close()
        await server.wait_closed()
