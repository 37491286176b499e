"""Asks every case through `/v1/chat/completions`, once with `tools` and once plainly, and grades both answers.

Both sides go to the same model of the same service with temperature 0. A request that fails is a wrong answer and is
counted as an error; a key that is refused, or a service that is not there, ends the run.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from mingbai.prove.graders.calls import Call, Verdict
from mingbai.prove.plain import PlainForm, plain_messages
from mingbai.prove.reader import parse_calls
from mingbai.prove.schemas import schema_fault
from mingbai.prove.suites import Case, grade
from mingbai.prove.tally import Answer, Graded
from mingbai.values.chat import Message, Tool
from mingbai.values.errors import PlaceFailed, Text

# BFCL's and ACEBench's longest right answer has 512 tokens when written without a spare space; a pretty-printed one is
# up to twice that, and cutting it would count against the plain side only.
MAX_TOKENS = 1024
_TRIES = 6


@dataclass(frozen=True, slots=True)
class Service:
    url: str
    model: str
    key: str = field(repr=False)
    max_tokens: int = MAX_TOKENS
    timeout_seconds: float = 600.0
    transport: httpx.AsyncBaseTransport | None = None  # None: the network; tests put a scripted service here


@dataclass(frozen=True, slots=True)
class _Reply:
    text: str
    tool_calls: tuple[Call, ...]
    finish: str
    seconds: float
    error: str = ""


async def run(
    service: Service,
    cases: Sequence[Case],
    *,
    plain: PlainForm | None,
    concurrency: int,
    progress: Callable[[int, int], None],
) -> tuple[Graded, ...]:
    """All cases graded, in the order given. `plain` None leaves the plain side out."""
    gate, done = asyncio.Semaphore(concurrency), 0
    async with _client(service) as client:

        async def one(case: Case) -> Graded:
            nonlocal done
            async with gate:
                with_tools = await _ask_with_tools(client, service, case)
                without = await _ask_plainly(client, service, case, plain) if plain else None
            done += 1
            progress(done, len(cases))
            return Graded(case.id, case.suite, with_tools, without)

        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(one(case)) for case in cases]
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from failed  # one refused key or lost service says it for all
    return tuple(task.result() for task in tasks)


async def first_model(service: Service) -> str:
    """The service's first weight: `mingbai` is the desk, every other name is a model raw."""
    async with _client(service) as client:
        try:
            response = await client.get("models")
        except httpx.HTTPError as error:
            raise _unreachable(service, error) from error
    if response.is_error:
        raise _refused(service, response)
    names = [str(entry["id"]) for entry in response.json()["data"]]
    raw = [name for name in names if name != "mingbai"]
    if not raw:
        raise PlaceFailed(
            Text(f"{service.url} 没有可直接提问的模型。", f"{service.url} lists no model to ask raw."),
            Text("用 --model 指定模型。", "Name one with --model."),
            status=response.status_code,
        )
    return raw[0]


async def _ask_with_tools(client: httpx.AsyncClient, service: Service, case: Case) -> Answer:
    reply = await _ask(client, service, case.messages, case.tools)
    return _graded(case, reply, reply.tool_calls)


async def _ask_plainly(client: httpx.AsyncClient, service: Service, case: Case, form: PlainForm) -> Answer:
    messages = plain_messages(case.messages, case.tools, language=case.language, form=form)
    reply = await _ask(client, service, messages, ())
    known = tuple(case.originals.values())
    return _graded(case, reply, parse_calls(reply.text, case.tools, known) if not reply.error else ())


def _graded(case: Case, reply: _Reply, calls: tuple[Call, ...]) -> Answer:
    schemas = {tool.name: tool.parameters for tool in case.tools}
    schemas |= {original: schemas[name] for name, original in case.originals.items()}

    def fault(call: Call) -> str:
        if call.name not in schemas:
            return f"no function {call.name}"
        if call.arguments is None:
            return "the arguments are not a JSON object"
        return schema_fault(schemas[call.name], call.arguments)

    return Answer(
        calls=calls,
        faults=tuple(fault(call) for call in calls),
        verdict=Verdict(False, False, reply.error) if reply.error else grade(case, calls),
        seconds=reply.seconds,
        text=reply.text,
        finish=reply.finish,
        error=reply.error,
    )


async def _ask(
    client: httpx.AsyncClient, service: Service, messages: Sequence[Message], tools: Sequence[Tool]
) -> _Reply:
    body: dict[str, Any] = {
        "model": service.model,
        "messages": [{"role": message.role, "content": message.content} for message in messages],
        "temperature": 0,
        "max_tokens": service.max_tokens,
    }
    if tools:
        body["tools"] = [
            {
                "type": "function",
                "function": {"name": t.name, "description": t.description, "parameters": t.parameters},
            }
            for t in tools
        ]
    began = time.monotonic()
    try:
        response = await _post(client, body)
    except httpx.ConnectError as error:
        raise _unreachable(service, error) from error
    except httpx.HTTPError as error:
        return _Reply("", (), "", time.monotonic() - began, f"{type(error).__name__}: {error}")
    seconds = time.monotonic() - began
    if response.status_code in (401, 403, 404):
        raise _refused(service, response)
    if response.is_error:
        return _Reply("", (), "", seconds, f"HTTP {response.status_code}: {response.text[:300]}")
    return _read(response.json(), seconds)


async def _post(client: httpx.AsyncClient, body: Mapping[str, Any]) -> httpx.Response:
    """Comes back as often as the service asks for with 429, a few times."""
    for _ in range(_TRIES - 1):
        response = await client.post("chat/completions", json=body)
        if response.status_code != 429:
            return response
        await asyncio.sleep(float(response.headers.get("retry-after", "1")))
    return await client.post("chat/completions", json=body)


def _read(completion: Mapping[str, Any], seconds: float) -> _Reply:
    choice = completion["choices"][0]
    message = choice["message"]
    calls = tuple(
        Call(call["function"]["name"], _object(call["function"]["arguments"]))
        for call in message.get("tool_calls") or ()
    )
    return _Reply(message.get("content") or "", calls, choice.get("finish_reason") or "", seconds)


def _object(arguments: str) -> dict[str, Any] | None:
    """Strict: with `tools` the service promises whole JSON."""
    try:
        value = json.loads(arguments)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _client(service: Service) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=service.url.rstrip("/") + "/",
        headers={"Authorization": f"Bearer {service.key}"} if service.key else {},
        timeout=service.timeout_seconds,
        transport=service.transport,
        trust_env=False,  # the service is on this machine; a proxy in the environment is not meant for it
        limits=httpx.Limits(max_connections=None),
    )


def _unreachable(service: Service, error: httpx.HTTPError) -> PlaceFailed:
    return PlaceFailed(
        Text(f"连不上 {service.url}：{error}。", f"No connection to {service.url}: {error}."),
        Text(
            "先运行 mingbai run，或用 --url 指出地址。",
            "Start it with mingbai run, or say where it is with --url.",
        ),
        status=0,
    )


def _refused(service: Service, response: httpx.Response) -> PlaceFailed:
    said = response.text[:300]
    return PlaceFailed(
        Text(
            f"{service.url} 拒绝了请求（{response.status_code}）：{said}",
            f"{service.url} refused ({response.status_code}): {said}",
        ),
        Text("检查 --key、--url 和 --model。", "Check --key, --url and --model."),
        status=response.status_code,
    )
