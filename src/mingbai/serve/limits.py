"""Bounds that hold before anything is parsed: the body's size, and a caller who has gone away."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.types import Receive

from mingbai.values.errors import Text, TooLarge

T = TypeVar("T")


class CallerGone(Exception):
    """The caller closed the connection; there is nobody to answer."""


async def read_body(request: Request, limit_bytes: int) -> bytes:
    """The whole body. Raises `TooLarge` as soon as it is known to be over the limit, `CallerGone` if it breaks off."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit_bytes:
        raise too_large(limit_bytes)
    parts: list[bytes] = []
    size = 0
    while True:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise CallerGone
        size += len(message.get("body", b""))
        if size > limit_bytes:
            raise too_large(limit_bytes)
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


async def gone(receive: Receive) -> None:
    """Returns when the caller has closed the connection."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def unless_gone(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """The work's result; if the caller goes away first, the work is cancelled and `CallerGone` raised."""
    task = asyncio.create_task(work)
    watch = asyncio.create_task(gone(receive))
    try:
        await asyncio.wait((task, watch), return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise CallerGone
        return task.result()
    finally:
        for t in (task, watch):
            t.cancel()
        await asyncio.gather(task, watch, return_exceptions=True)


def too_large(limit_bytes: int) -> TooLarge:
    return TooLarge(
        Text(f"请求体超过 {limit_bytes} 字节。", f"The body is over {limit_bytes} bytes."),
        Text("请缩短消息再发。", "Shorten the messages and send again."),
    )
