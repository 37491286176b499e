"""HTTP and server-sent events to one place. Knows no prompt and no model; every place is spoken to through this.

A fresh connection for every request: llama.cpp closes a connection after each stream, and a kept one that is found
closed looks just like a dead child. On loopback a connection costs 0.2 ms.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import cast

import httpx

from mingbai.values.errors import DeadlineExceeded, PlaceFailed, Text
from mingbai.values.json import JsonObject

CONNECT_SECONDS = 10.0
TRY_AGAIN = Text("请稍后再试。", "Try again in a moment.")
ERROR_BYTES = 64 * 1024  # of an error's body; its code stands in the first few hundred
SECONDS = re.compile("[0-9]{1,6}")  # of Retry-After; a date in it is passed over


class Wire:
    """A client of one place. `close` when done."""

    def __init__(self, url: str, secret: str = "", *, transport: httpx.AsyncBaseTransport) -> None:
        """`transport` is the way there: `models.egress.Out` to another machine, `LoopbackTransport` to our own child."""
        headers = {"Accept-Encoding": "identity"}  # events are read as they come, not unpacked
        if secret:
            headers["Authorization"] = f"Bearer {secret}"
        self._client = httpx.AsyncClient(
            base_url=url,
            headers=headers,
            limits=httpx.Limits(max_keepalive_connections=0),
            trust_env=False,  # a proxy from the environment would be one more place, unseen by policy
            transport=transport,
        )

    async def close(self) -> None:
        await self._client.aclose()

    async def get(self, path: str, *, seconds: float) -> int:
        """The status of a GET; 0 when nothing answered."""
        try:
            return (await self._client.get(path, timeout=seconds)).status_code
        except httpx.TransportError:
            return 0

    async def post(self, path: str, body: Mapping[str, object], *, seconds: float) -> JsonObject:
        """One request, one JSON reply.

        Raises `PlaceFailed` (with the status; 0 if the connection broke) or `DeadlineExceeded`.
        """
        try:
            async with asyncio.timeout(seconds):
                reply = await self._client.post(
                    path, content=_written(body), timeout=_timeout(seconds), headers=JSON
                )
        except (TimeoutError, httpx.TimeoutException) as e:
            raise _late() from e
        except httpx.TransportError as e:
            raise _broken() from e
        if reply.status_code != 200:
            raise _error(reply, reply.content)
        return _parsed(reply.content)

    async def stream(
        self, path: str, body: Mapping[str, object], *, seconds: float
    ) -> AsyncGenerator[JsonObject, None]:
        """The JSON of each event until the place ends the stream; closing this generator cancels at the place.

        Raises like `post`; an `error` event in the stream is a `PlaceFailed`, too. `seconds` bound the whole stream,
        whatever comes in it.
        """
        end = asyncio.get_running_loop().time() + seconds
        try:
            async with self._client.stream(
                "POST", path, content=_written(body), timeout=_timeout(seconds), headers=JSON
            ) as reply:
                if reply.status_code != 200:
                    raise _error(reply, await _beginning(reply, end))
                async with aclosing(_events(reply, end)) as events:
                    async for data in events:
                        if data == b"[DONE]":
                            return
                        event = _parsed(data)
                        if "error" in event:
                            raise _told(event)
                        yield event
        except (TimeoutError, httpx.TimeoutException) as e:
            raise _late() from e
        except httpx.TransportError as e:
            raise _broken() from e


JSON = {"Content-Type": "application/json"}


def _written(body: Mapping[str, object]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _timeout(seconds: float) -> httpx.Timeout:
    return httpx.Timeout(max(seconds, 0.001), connect=min(CONNECT_SECONDS, max(seconds, 0.001)))


async def _events(reply: httpx.Response, end: float) -> AsyncGenerator[bytes, None]:
    """The `data:` payload of each event; comments and other fields are passed over. TimeoutError at `end`."""
    rest = b""
    chunks = reply.aiter_raw()
    while True:
        async with asyncio.timeout_at(
            end
        ):  # httpx's own limit is for each read: comments would extend it for ever
            chunk = await anext(chunks, None)
        if chunk is None:
            return
        rest += chunk
        while (cut := rest.find(b"\n")) >= 0:
            line, rest = rest[:cut].rstrip(b"\r"), rest[cut + 1 :]
            if line.startswith(b"data:"):
                yield line[5:].strip()


async def _beginning(reply: httpx.Response, end: float) -> bytes:
    """As much of an error's body as is worth reading."""
    body = b""
    async with asyncio.timeout_at(end):
        async for chunk in reply.aiter_raw():
            body += chunk
            if len(body) > ERROR_BYTES:
                break
    return body


def _json(data: bytes) -> JsonObject | None:
    """The object that is written there, None if there is none."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):  # RecursionError: brackets within brackets, thousands of them
        return None
    return cast(JsonObject, value) if isinstance(value, dict) else None


def _parsed(data: bytes) -> JsonObject:
    value = _json(data)
    if value is None:
        raise refused(200)
    return value


def _error(reply: httpx.Response, body: bytes) -> PlaceFailed:
    seconds = SECONDS.fullmatch(reply.headers.get("Retry-After", ""))
    error = (_json(body) or {}).get("error")
    return refused(reply.status_code, _reason(error), retry_after_seconds=int(seconds[0]) if seconds else 0)


def _told(event: JsonObject) -> PlaceFailed:
    error = event["error"]
    code = error.get("code") if isinstance(error, Mapping) else None
    return refused(code if isinstance(code, int) else 500, _reason(error))


def _reason(error: object) -> str:
    """The place's own word for what is wrong. What it says beside it is not looked at: it may repeat what was sent."""
    words = (error.get("code"), error.get("type")) if isinstance(error, Mapping) else ()
    return next((word for word in words if isinstance(word, str)), "")


def _late() -> DeadlineExceeded:
    return DeadlineExceeded(
        Text("超过了允许的时间。", "The time allowed ran out."),
        Text("请缩短问题，或放宽时限再试。", "Shorten the request or allow more time, then try again."),
    )


def _broken() -> PlaceFailed:
    return PlaceFailed(Text("与模型的连接断了。", "The connection to the model broke."), TRY_AGAIN, status=0)


def refused(status: int, reason: str = "", *, retry_after_seconds: int = 0) -> PlaceFailed:
    """The error of a reply that cannot be used; status 200 when it is its shape that cannot."""
    return PlaceFailed(
        Text(f"模型所在处答复了 {status}，无法使用。", f"The place answered {status}, which cannot be used."),
        TRY_AGAIN,
        status=status,
        reason=reason,
        retry_after_seconds=retry_after_seconds,
    )
