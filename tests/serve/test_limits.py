"""Bounds hold before anything is parsed, and a caller who left is noticed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from mingbai.engine.rehearsal import RehearsalEngine
from mingbai.serve.limits import CallerGone, unless_gone
from mingbai.serve.schema import depth
from mingbai.values.settings import ServeSettings
from standing import CHAT, chat, listening, stand

MIB = 1024 * 1024


@pytest.fixture
def small(tmp_path):
    """A service that takes bodies of 1,000 bytes."""
    return stand(tmp_path, RehearsalEngine(), settings=ServeSettings(body_limit_bytes=1000))


async def in_parts(size: int, part: int = 65_536) -> AsyncIterator[bytes]:
    for at in range(0, size, part):
        yield b" " * min(part, size - at)


@pytest.mark.parametrize("chunked", [False, True])
async def test_twenty_megabytes_are_refused_and_the_service_lives(standing, chunked):
    async with listening(standing.service) as there, httpx.AsyncClient(headers=standing.headers()) as client:
        content = in_parts(20 * MIB) if chunked else b" " * (20 * MIB)
        reply = await client.post(there.url + CHAT, content=content)
        assert ("content-length" in reply.request.headers) is not chunked
        assert (reply.status_code, reply.json()["error"]["code"]) == (413, "too_large")
        assert (await client.post(there.url + CHAT, json=chat())).status_code == 200


async def test_a_lie_about_the_length_does_not_help(small):
    async with small.caller() as caller:
        for length in (b"10", b"-1", b"\xb2", b"1e3", b""):
            reply = await caller.post(CHAT, content=in_parts(1001), headers={"content-length": length})
            assert reply.status_code == 413, length


async def test_the_limit_is_the_last_byte_that_passes(small):
    async with small.caller() as caller:
        assert (await caller.post(CHAT, content=in_parts(1000, 999))).status_code == 400  # read, and no JSON
        assert (await caller.post(CHAT, content=in_parts(1001, 1000))).status_code == 413
        assert (await caller.post(CHAT, content=b" " * 1001)).status_code == 413


async def test_without_a_key_nothing_is_read(small):
    async with small.caller() as caller:
        reply = await caller.post(CHAT, content=b" " * 2000, headers={"Authorization": "Bearer mb-x"})
    assert reply.status_code == 401


async def test_a_caller_who_leaves_while_sending(standing):
    async with listening(standing.service) as there:
        _, writer = await asyncio.open_connection("127.0.0.1", int(there.url.rpartition(":")[2]))
        head = f"POST {CHAT} HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n"
        writer.write(head.encode() + f"Authorization: {standing.headers()['Authorization']}\r\n\r\n".encode())
        writer.write(b'{"model": ')
        await writer.drain()
        writer.close()
        async with httpx.AsyncClient(headers=standing.headers()) as client:
            assert (await client.post(there.url + CHAT, json=chat())).status_code == 200
    assert standing.service.open == 0


async def test_work_ends_when_the_caller_leaves():
    left, ended = asyncio.Event(), asyncio.Event()

    async def receive() -> dict[str, object]:
        await left.wait()
        return {"type": "http.disconnect"}

    async def work(seconds: float) -> str:
        try:
            await asyncio.sleep(seconds)
        finally:
            ended.set()
        return "好"

    assert await unless_gone(receive, work(0)) == "好"
    ended.clear()
    left.set()
    with pytest.raises(CallerGone):
        await unless_gone(receive, work(60))
    assert ended.is_set()


@pytest.mark.parametrize(
    ("value", "levels"),
    [
        ("x", 0),
        (None, 0),
        ({}, 0),
        ({"a": 1}, 1),
        ([[]], 1),
        ([[1]], 2),
        ({"a": [{"b": 2}]}, 3),
        ([1, [2, [3]]], 3),
    ],
)
def test_depth(value, levels):
    assert depth(value) == levels
