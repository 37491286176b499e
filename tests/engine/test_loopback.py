"""The loopback transport alone. What the wire makes of it stands in test_wire.py, which runs over it too."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import httpx
import pytest

from mingbai.engine.loopback import LoopbackTransport, free_port
from raw_place import END, STREAM, Step, Then, chunk, raw_place, reply
from standing import until


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=LoopbackTransport(), timeout=5) as client:
        yield client


async def test_a_whole_reply(client):
    async with raw_place(reply(404, "没有".encode())) as place:
        answer = await client.post(place.url + "/a?b=c", json={"好": 1}, headers={"X-Key": "k"})
    assert (answer.status_code, answer.text, answer.headers["content-type"]) == (
        404,
        "没有",
        "application/json",
    )
    assert place.bodies == [{"好": 1}]
    head = place.heads[0].splitlines()
    assert head[0] == "POST /a?b=c HTTP/1.1"
    assert {"Connection: close", "X-Key: k", f"Host: {place.url.removeprefix('http://')}"} <= set(head)
    assert sum(line.lower().startswith("connection:") for line in head) == 1


SAID = "data: 三块五\n\n".encode()
CHUNKED = STREAM + chunk(SAID) + chunk(b"x" * 70_000) + END


@pytest.mark.parametrize(
    "steps",
    [
        (CHUNKED,),
        (*(CHUNKED[i : i + 1] for i in range(300)), CHUNKED[300:]),
        (CHUNKED[:40], 0.01, CHUNKED[40:131], 0.01, CHUNKED[131:-3], 0.01, CHUNKED[-3:]),
        (CHUNKED, b"HTTP/1.1 200 OK\r\n\r\nmore", Then.SILENCE),
    ],
)
async def test_a_stream_cut_anywhere(client, steps: tuple[Step, ...]):
    async with raw_place(*steps) as place:
        answer = await client.get(place.url)
    assert answer.content == SAID + b"x" * 70_000


@pytest.mark.parametrize(
    "steps",
    [
        (Then.DROP,),
        (),
        (b"HTTP/1.1 200 OK\r\nContent-", Then.DROP),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n",),
        (b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n", Then.SILENCE),
        (reply(200, b"{}")[:-1],),
        (reply(200, b"{}")[:-1], Then.DROP),
        (STREAM, chunk(SAID), Then.DROP),
        (STREAM, chunk(SAID)),
        (STREAM, chunk(SAID), b"zz\r\n", Then.SILENCE),
    ],
)
async def test_what_is_cut_or_no_http(client, steps: tuple[Step, ...]):
    async with raw_place(*steps) as place:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get(place.url)


@pytest.mark.parametrize("steps", [(), (b"HTTP/1.1 200 OK\r\n",), (STREAM, chunk(SAID))])
async def test_silence_is_a_read_timeout(client, steps: tuple[Step, ...]):
    async with raw_place(*steps, Then.SILENCE) as place:
        with pytest.raises(httpx.ReadTimeout):
            await client.get(place.url, timeout=0.1)
        await asyncio.wait_for(place.hung_up.wait(), 2)


async def test_the_read_timeout_is_for_the_whole_response(client):
    drops = [step for _ in range(20) for step in (chunk(b"."), 0.03)]
    async with raw_place(STREAM, *drops, END) as place:
        with pytest.raises(httpx.ReadTimeout):
            await client.get(place.url, timeout=0.1)


async def test_nobody_listens(client):
    with pytest.raises(httpx.ConnectError):
        await client.get(f"http://127.0.0.1:{free_port()}")


async def test_a_connection_that_is_not_taken_runs_out_of_time(client):
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        held = [socket.socket() for _ in range(3)]
        for one in held:
            one.setblocking(False)
            one.connect_ex(deaf.getsockname())
        with pytest.raises(httpx.ConnectTimeout):
            await client.get(f"http://127.0.0.1:{deaf.getsockname()[1]}", timeout=0.1)
        for one in held:
            one.close()


async def test_closing_early_closes_the_socket(client):
    async with raw_place(STREAM, chunk(SAID), Then.SILENCE) as place:
        async with client.stream("GET", place.url) as answer:
            assert await anext(answer.aiter_raw()) == SAID
            assert not place.hung_up.is_set()
        await asyncio.wait_for(place.hung_up.wait(), 2)


async def test_cancelling_closes_the_socket(client):
    async with raw_place(Then.SILENCE) as place:
        asking = asyncio.create_task(client.get(place.url))
        await until(lambda: bool(place.heads))
        asking.cancel()
        await asyncio.wait_for(place.hung_up.wait(), 2)
        with pytest.raises(asyncio.CancelledError):
            await asking
