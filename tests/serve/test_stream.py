"""Streamed answers over a real connection: their order, their errors, and callers who hang up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable

import httpx
import pytest
import pytest_asyncio
from starlette.types import ASGIApp, Receive, Scope, Send

from mingbai.engine.protocol import Engine
from mingbai.engine.rehearsal import RehearsalEngine
from mingbai.serve.app import build
from mingbai.values.chat import CallArguments, CallStarted, Event, Finished, Piece, Usage
from mingbai.values.errors import Busy, EngineInterrupted, PlaceFailed, Text
from standing import CHAT, MODEL, Faltering, Standing, chat, listening, stand, until

WHAT, MEND = Text("模型断开了。", "It broke."), Text("请再问一次。", "Ask again.")
DONE = Finished("stop", Usage(3, 1, 2), place="faltering")
Serving = Callable[[Engine], tuple[Standing, httpx.AsyncClient]]
pytestmark = pytest.mark.asyncio(loop_scope="module")


class Said:
    """An engine that says the same to everyone, and ends."""

    place = "said"
    attempts = 1

    def __init__(self, events: list[Event]) -> None:
        self._events = events

    async def generate(self, _):
        for event in self._events:
            yield event


class Switchboard:
    """One port for many services: a caller is put through to the one that stands now."""

    def __init__(self) -> None:
        self.app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None
        await self.app(scope, receive, send)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def line(tmp_path_factory) -> AsyncIterator[tuple[Switchboard, str]]:
    """A port that is listened on as long as these tests run; every start and stop would cost a fifth of a second."""
    board, first = Switchboard(), stand(tmp_path_factory.mktemp("first"), RehearsalEngine())
    board.app = build(first.service)
    async with listening(first.service, board) as there:
        yield board, there.url


@pytest_asyncio.fixture(loop_scope="module")
async def serving(line, tmp_path) -> AsyncIterator[Serving]:
    """Puts an engine into a service on that port; gives the service and a client of it."""
    board, url = line
    async with httpx.AsyncClient(base_url=url) as client:

        def with_(engine: Engine) -> tuple[Standing, httpx.AsyncClient]:
            standing = stand(tmp_path, engine)
            client.headers.update(standing.headers())
            board.app = build(standing.service)
            return standing, client

        yield with_


async def told(client: httpx.AsyncClient, body: dict[str, object]) -> list[dict[str, object]]:
    """The chunks of a streamed answer that ended with [DONE]."""
    reply = await client.post(CHAT, json={**body, "stream": True})
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert reply.headers["cache-control"] == "no-store"
    lines = reply.text.split("\n\n")
    assert lines[-2:] == ["data: [DONE]", ""]
    return [json.loads(line.removeprefix("data: ")) for line in lines[:-2]]


async def lines(client: httpx.AsyncClient, body: dict[str, object]) -> AsyncIterator[str]:
    """The lines of a stream as they come, until [DONE]."""
    async with client.stream("POST", CHAT, json=body) as reply:
        async for line in reply.aiter_lines():
            if line:
                yield line
            if line == "data: [DONE]":
                return


def deltas(chunks: list[dict[str, object]]) -> list[dict[str, object]]:
    return [choice["delta"] for chunk in chunks for choice in chunk["choices"]]


async def test_role_first_then_pieces_then_the_reason(serving):
    _, client = serving(Faltering(Piece("在"), Piece("路上𠮷"), DONE, error=None))
    reply = [json.loads(c[6:]) async for c in lines(client, chat(stream=True)) if c != "data: [DONE]"]
    assert deltas(reply) == [
        {"role": "assistant", "content": "在", "refusal": None},
        {"content": "路上𠮷"},
        {},
    ]
    assert [c["choices"][0]["finish_reason"] for c in reply] == [None, None, "stop"]
    assert {(c["id"], c["created"], c["model"], c["object"]) for c in reply} == {
        (reply[0]["id"], reply[0]["created"], MODEL, "chat.completion.chunk")
    }
    assert reply[-1]["mingbai"] == {"place": "faltering", "lane": "shared", "attempts": 1}
    assert all("usage" not in c for c in reply)


async def test_pieces_go_out_as_they_come(serving):
    _, client = serving(Faltering(Piece("在")))
    coming = lines(client, chat(stream=True))
    first = await asyncio.wait_for(anext(coming), 2)
    assert '"content": "在"' in first
    await coming.aclose()


async def test_usage_only_when_asked_for(serving):
    _, client = serving(RehearsalEngine())
    chunks = await told(client, chat(stream_options={"include_usage": True}, max_tokens=2))
    assert [c["usage"] for c in chunks[:-1]] == [None] * (len(chunks) - 1)
    assert chunks[-1]["choices"] == []
    assert chunks[-1]["usage"]["completion_tokens"] == 2
    assert all("usage" not in c for c in await told(client, chat()))


async def test_calls(serving):
    said: list[Event] = [
        Piece("我查一下。"), CallStarted(0, "call_a", "query"), CallArguments(0, '{"no":'), CallArguments(0, "1}"),
        CallStarted(1, "call_b", "search"), CallArguments(1, "{}"), Finished("tool_calls", Usage()),
    ]  # fmt: skip
    _, client = serving(Said(said))
    chunks = await told(client, chat())
    assert [d.get("tool_calls") for d in deltas(chunks)][1:-1] == [
        [
            {
                "index": 0,
                "id": "call_a",
                "type": "function",
                "function": {"name": "query", "arguments": ""},
            }
        ],
        [{"index": 0, "function": {"arguments": '{"no":'}}],
        [{"index": 0, "function": {"arguments": "1}"}}],
        [
            {
                "index": 1,
                "id": "call_b",
                "type": "function",
                "function": {"name": "search", "arguments": ""},
            }
        ],
        [{"index": 1, "function": {"arguments": "{}"}}],
    ]
    assert chunks[-1]["choices"][0]["finish_reason"] == "tool_calls"
    whole = (await client.post(CHAT, json=chat())).json()["choices"][0]["message"]
    assert whole["content"] == "我查一下。"
    assert [c["function"] for c in whole["tool_calls"]] == [
        {"name": "query", "arguments": '{"no":1}'},
        {"name": "search", "arguments": "{}"},
    ]


async def test_an_answer_without_a_word(serving):
    _, client = serving(Said([DONE]))
    assert deltas(await told(client, chat())) == [
        {"role": "assistant", "content": "", "refusal": None},
        {},
    ]


async def test_an_error_under_way_is_one_event(serving):
    error = EngineInterrupted(WHAT, MEND, released=True)
    standing, client = serving(Faltering(Piece("在"), error=error))
    reply = await client.post(CHAT, json=chat(stream=True))
    first, last, rest = reply.text.split("\n\n")
    assert '"content": "在"' in first
    assert json.loads(last[6:])["error"]["code"] == "engine_interrupted"
    assert rest == ""
    await until(lambda: standing.service.open == 0)


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize(
    ("error", "status", "retry_after"),
    [
        (EngineInterrupted(WHAT, MEND, released=False), 503, "3"),
        (Busy(WHAT, MEND, retry_after_seconds=17), 429, "17"),
        (PlaceFailed(WHAT, MEND, status=400), 502, None),
    ],
)
async def test_an_error_before_the_first_word_has_a_status(serving, stream, error, status, retry_after):
    standing, client = serving(Faltering(error=error))
    reply = await client.post(CHAT, json=chat(stream=stream))
    assert (reply.status_code, reply.headers.get("retry-after")) == (status, retry_after)
    assert reply.json()["error"]["zh"] == "模型断开了。"
    assert standing.service.open == 0


@pytest.mark.parametrize(("released", "asks"), [(True, 3), (False, 1)])
async def test_a_whole_answer_is_asked_for_again_if_it_breaks(serving, released, asks):
    engine = Faltering(Piece("在"), error=EngineInterrupted(WHAT, MEND, released=released))
    _, client = serving(engine)
    assert (await client.post(CHAT, json=chat())).status_code == 503
    left = [ask.deadline_seconds for ask in engine.asks]
    assert len(left) == asks
    assert left == sorted(set(left), reverse=True), "each has only the time that the others left"


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("says", [(), (Piece("在"), Piece("路"))])
async def test_who_hangs_up_cancels_the_work(serving, stream, says):
    engine = Faltering(*says)
    standing, client = serving(engine)
    asking = asyncio.create_task(client.post(CHAT, json=chat(stream=stream)))
    await until(lambda: bool(engine.asks))
    await asyncio.sleep(0.02)
    assert standing.service.open == 1
    asking.cancel()
    await asyncio.wait_for(engine.cancelled.wait(), 2)
    await until(lambda: standing.service.open == 0)
    assert 'code="cancelled"' in standing.service.metrics.text().decode()


@pytest.mark.parametrize("stream", [True, False])
async def test_the_unforeseen_leaves_nothing_open(serving, stream):
    standing, client = serving(Faltering(error=RuntimeError("x")))
    assert (await client.post(CHAT, json=chat(stream=stream))).status_code == 500
    assert standing.service.open == 0


async def test_the_unforeseen_under_way_is_an_error_event_too(serving, caplog):
    caplog.set_level("INFO", "mingbai")
    standing, client = serving(Faltering(Piece("在"), error=RuntimeError("13800138000")))
    reply = await client.post(CHAT, json=chat(stream=True))
    _, last, rest = reply.text.split("\n\n")
    assert json.loads(last[6:])["error"]["code"] == "mingbai_error"
    assert rest == ""
    await until(lambda: standing.service.open == 0)
    assert 'code="unforeseen"' in standing.service.metrics.text().decode()
    logged = [
        (r.msg, r.fields.get("kind"), r.fields.get("code")) for r in caplog.records if r.name == "mingbai"
    ]
    assert logged == [("unforeseen", "RuntimeError", None), ("chat", None, "unforeseen")]
    assert "13800138000" not in reply.text + str([r.fields for r in caplog.records if r.name == "mingbai"])
