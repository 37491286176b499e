"""The wire against servers that keep HTTP to the letter, cut it anywhere, or stop speaking."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing

import pytest

from mingbai.engine.loopback import LoopbackTransport
from mingbai.engine.wire import Wire
from mingbai.models.egress import Egress, Out, Way
from mingbai.values.errors import DeadlineExceeded, PlaceFailed
from raw_place import END, STREAM, Then, chunk, event, raw_place, reply
from standing import until

Wired = Callable[..., Wire]


@pytest.fixture(params=["httpx", "loopback"])
async def wired(request: pytest.FixtureRequest) -> AsyncIterator[Wired]:
    """Makes wires, over the way out to other machines and the one to our child: every story holds for both."""
    wires: list[Wire] = []

    def wired(url: str, secret: str = "") -> Wire:
        here = Egress((Way.to(url, inside=True),))
        transport = LoopbackTransport() if request.param == "loopback" else Out(here)
        wires.append(Wire(url, secret, transport=transport))
        return wires[-1]

    yield wired
    for wire in wires:
        await wire.close()


async def told(wire: Wire, *, seconds: float = 5) -> list[object]:
    """The events of one stream, whole."""
    async with aclosing(wire.stream("/completion", {"prompt": "你好"}, seconds=seconds)) as events:
        return [e async for e in events]


def in_bytes(data: bytes) -> list[bytes]:
    return [chunk(data[i : i + 1]) for i in range(len(data))]


async def test_events_arrive_in_order_and_the_request_is_whole(wired):
    async with raw_place(STREAM, event({"n": 1}), event({"n": 2}), chunk(b"data: [DONE]\n\n"), END) as place:
        assert await told(wired(place.url, "s3cret")) == [{"n": 1}, {"n": 2}]
    assert place.bodies == [{"prompt": "你好"}]
    assert "POST /completion HTTP/1.1" in place.heads[0]
    assert "authorization: bearer s3cret" in place.heads[0].lower()


@pytest.mark.parametrize(
    "written",
    [
        'data: {"content": "𠮷野家😀三块五"}\n\n',
        'data:{"content": "𠮷野家😀三块五"}\r\n\r\n',
        ': 说明\nevent: x\ndata: {"content": "𠮷野家😀三块五"}\nid: 7\n\n',
    ],
)
async def test_a_stream_cut_at_every_byte(wired, written):
    async with raw_place(STREAM, *in_bytes(written.encode()), END) as place:
        assert await told(wired(place.url)) == [{"content": "𠮷野家😀三块五"}]


async def test_a_pause_inside_a_character(wired):
    data = 'data: {"content": "吗"}\n\n'.encode()
    at = data.index("吗".encode()) + 1
    async with raw_place(STREAM, chunk(data[:at]), 0.02, chunk(data[at:]), END) as place:
        assert await told(wired(place.url)) == [{"content": "吗"}]


async def test_nothing_is_read_after_done(wired):
    async with raw_place(STREAM, chunk(b"data: [DONE]\n\n"), event({"n": 1}), Then.SILENCE) as place:
        assert await told(wired(place.url)) == []
        await asyncio.wait_for(place.hung_up.wait(), 2)


@pytest.mark.parametrize(
    ("steps", "status"),
    [
        ((reply(401, b'{"error": {"message": "no"}}'),), 401),
        ((reply(503, b""),), 503),
        ((reply(302, b""),), 302),
        ((STREAM, event({"n": 1}), event({"error": {"code": 400, "message": "x"}}), END), 400),
        ((STREAM, event({"error": {"code": "server_error"}}), END), 500),
        ((STREAM, event({"error": "broken"}), END), 500),
        ((STREAM, chunk(b"data: {oops\n\n"), END), 200),
        ((STREAM, chunk(b"data: \xff\n\n"), END), 200),
        ((STREAM, event(["not", "an", "object"]), END), 200),
        ((STREAM, event({"n": 1}), Then.DROP), 0),
        ((STREAM, event({"n": 1})), 0),  # closed without the end of the chunked body
        ((STREAM, chunk('data: {"content": "吗"}'.encode()[:-4]), Then.DROP), 0),
        ((Then.DROP,), 0),
        ((b"HTTP/1.1 200 OK\r\nContent-",), 0),
        ((b"SSH-2.0-OpenSSH_9.2\r\n\r\n",), 0),
    ],
)
async def test_a_place_that_fails(wired, steps, status):
    async with raw_place(*steps) as place:
        with pytest.raises(PlaceFailed) as failed:
            await told(wired(place.url))
    assert failed.value.status == status
    assert "oops" not in str(failed.value)


async def test_nobody_listens(wired):
    async with raw_place() as place:
        pass
    wire = wired(place.url)
    with pytest.raises(PlaceFailed) as failed:
        await wire.post("/completion", {}, seconds=1)
    assert failed.value.status == 0
    assert await wire.get("/health", seconds=1) == 0


@pytest.mark.parametrize(
    "steps",
    [
        (Then.SILENCE,),
        (b"HTTP/1.1 200 OK\r\n", Then.SILENCE),
        (STREAM, event({"n": 1}), Then.SILENCE),
        (STREAM, chunk(b'data: {"n'), Then.SILENCE),
    ],
)
async def test_a_silent_place_runs_out_of_time(wired, steps):
    async with raw_place(*steps) as place:
        with pytest.raises(DeadlineExceeded):
            await told(wired(place.url), seconds=0.1)
        await asyncio.wait_for(place.hung_up.wait(), 2)


async def test_comments_do_not_buy_time(wired):
    comments = [step for _ in range(20) for step in (chunk(b": wait\n\n"), 0.03)]
    async with raw_place(STREAM, *comments, END) as place:
        started = time.monotonic()
        with pytest.raises(DeadlineExceeded):
            await told(wired(place.url), seconds=0.1)
        assert time.monotonic() - started < 0.4


async def test_nor_does_a_late_comment_before_silence(wired):
    async with raw_place(STREAM, 0.19, chunk(b": wait\n\n"), Then.SILENCE) as place:
        started = time.monotonic()
        with pytest.raises(DeadlineExceeded):
            await told(wired(place.url), seconds=0.2)
        assert time.monotonic() - started < 0.37


async def test_nor_do_the_bytes_of_a_reply(wired):
    drops = [step for byte in reply(200, b'{"n": 1}') for step in (bytes([byte]), 0.01)]
    async with raw_place(*drops) as place:
        with pytest.raises(DeadlineExceeded):
            await wired(place.url).post("/completion", {}, seconds=0.1)


async def test_an_error_says_its_code_and_when_to_come_back(wired):
    body = b'{"error": {"code": 429, "type": "rate_limit", "message": "no"}}'
    whole = reply(429, body).replace(b"Connection", b"Retry-After: 7\r\nConnection", 1)
    async with raw_place(whole) as place:
        for work in (wired(place.url).post("/completion", {}, seconds=1), told(wired(place.url))):
            with pytest.raises(PlaceFailed) as failed:
                await work
            error = failed.value
            assert (error.status, error.reason, error.retry_after_seconds) == (429, "rate_limit", 7)


async def test_closing_hangs_up(wired):
    async with raw_place(STREAM, event({"n": 1}), Then.SILENCE) as place:
        wire = wired(place.url)
        events = wire.stream("/completion", {}, seconds=5)
        assert await anext(events) == {"n": 1}
        assert not place.hung_up.is_set()
        await events.aclose()
        await asyncio.wait_for(place.hung_up.wait(), 2)


async def test_cancelling_hangs_up_before_anything_came(wired):
    async with raw_place(Then.SILENCE) as place:
        asking = asyncio.create_task(told(wired(place.url)))
        await until(lambda: bool(place.bodies))
        asking.cancel()
        await asyncio.wait_for(place.hung_up.wait(), 2)
        with pytest.raises(asyncio.CancelledError):
            await asking


async def test_post(wired):
    async with raw_place(reply(200, '{"好": 1}'.encode())) as place:
        wire = wired(place.url)
        assert await wire.post("/slots/0?action=erase", {}, seconds=1) == {"好": 1}
        assert await wire.get("/health", seconds=1) == 200
    assert "POST /slots/0?action=erase HTTP" in place.heads[0]


@pytest.mark.parametrize(
    ("steps", "status"),
    [
        ((reply(500, b"{}"),), 500),
        ((reply(200, b"oops"),), 200),
        ((Then.DROP,), 0),
        ((reply(200, b"{}")[:-1],), 0),
    ],
)
async def test_a_post_that_fails(wired, steps, status):
    async with raw_place(*steps) as place:
        wire = wired(place.url)
        with pytest.raises(PlaceFailed) as failed:
            await wire.post("/completion", {}, seconds=1)
        assert failed.value.status == status


async def test_a_proxy_of_the_environment_is_not_used(wired, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    async with raw_place(reply(200, b"{}")) as place:
        wire = wired(place.url)
        assert await wire.post("/completion", {}, seconds=1) == {}
