"""A graceful stop: the first signal refuses new chats and lets the open ones end; a second ends at once."""

from __future__ import annotations

import asyncio
import signal

import httpx
import pytest

from mingbai.engine.rehearsal import RehearsalEngine
from mingbai.values.chat import Piece
from mingbai.values.settings import ServeSettings
from standing import CHAT, Faltering, chat, listening, stand, until


@pytest.fixture
def slow(tmp_path):
    """A service whose answers take about half a second."""
    engine = RehearsalEngine({"慢": "很慢" * 10}, pause_seconds=0.05)
    return stand(tmp_path, engine, settings=ServeSettings(drain_seconds=5))


@pytest.mark.parametrize("stream", [True, False])
async def test_open_answers_end_and_new_ones_are_refused(slow, stream):
    async with (
        listening(slow.service) as there,
        httpx.AsyncClient(base_url=there.url, headers=slow.headers()) as client,
    ):
        open_one = asyncio.create_task(client.post(CHAT, json=chat("慢", stream=stream)))
        await until(lambda: slow.service.open == 1)
        there.server.handle_exit(signal.SIGTERM, None)
        refused = await client.post(CHAT, json=chat())
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "engine_unavailable")
        assert refused.headers["retry-after"]
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["state"]) == (503, "draining")
        assert (await client.get("/healthz")).status_code == 200
        assert not there.server.should_exit
        answer = await open_one
        assert answer.status_code == 200
        assert answer.text.endswith("data: [DONE]\n\n") if stream else answer.json()["choices"]
        await until(lambda: there.server.should_exit)


async def test_nothing_open_ends_at_once(slow):
    async with listening(slow.service) as there:
        there.server.handle_exit(signal.SIGTERM, None)
        await until(lambda: there.server.should_exit, seconds=0.5)


@pytest.mark.parametrize(("drain_seconds", "signals"), [(0.1, 1), (60, 2)])
async def test_an_answer_without_end_does_not_hold_the_service(tmp_path, drain_seconds, signals):
    engine = Faltering(Piece("在"))
    standing = stand(tmp_path, engine, settings=ServeSettings(drain_seconds=drain_seconds))
    async with httpx.AsyncClient(headers=standing.headers()) as client:
        async with listening(standing.service) as there:
            open_one = asyncio.create_task(client.post(there.url + CHAT, json=chat(stream=True)))
            await until(lambda: bool(engine.asks))
            for _ in range(signals):
                there.server.handle_exit(signal.SIGINT, None)
            await until(lambda: there.server.should_exit, seconds=2)
            there.server._captured_signals.clear()  # the second would be raised again, for the shell to see
        with pytest.raises(httpx.TransportError):
            await open_one
    assert engine.cancelled.is_set()
    assert standing.service.open == 0


@pytest.mark.parametrize("stream", [True, False])
async def test_who_still_waits_when_the_drain_is_over_is_told(tmp_path, stream):
    engine = Faltering()
    standing = stand(tmp_path, engine, settings=ServeSettings(drain_seconds=0.05))
    async with httpx.AsyncClient(headers=standing.headers()) as client:
        async with listening(standing.service) as there:
            waiting = asyncio.create_task(client.post(there.url + CHAT, json=chat(stream=stream)))
            await until(lambda: bool(engine.asks))
            there.server.handle_exit(signal.SIGTERM, None)
            await until(lambda: there.server.should_exit)
        reply = await waiting
        assert (reply.status_code, reply.json()["error"]["code"]) == (503, "engine_unavailable")
    assert standing.service.open == 0
