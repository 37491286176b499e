"""The runner against a scripted service: what it sends, what it counts, and when it gives up."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from mingbai.prove import tally
from mingbai.prove.schemas import to_tools
from mingbai.prove.suites import Case
from mingbai.prove.tools import Service, first_model, run
from mingbai.values.chat import Message
from mingbai.values.errors import PlaceFailed
from mingbai.values.json import JsonObject

DOCUMENT: JsonObject = {
    "name": "geo.weather",
    "description": "Weather of a city",
    "parameters": {"type": "dict", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}


def case(name: str, city: str) -> Case:
    tools, originals = to_tools([DOCUMENT])
    return Case(
        id=name,
        suite="bfcl_simple",
        language="en",
        messages=(Message("user", f"Weather in {city}?"),),
        tools=tools,
        originals=originals,
        documents=(DOCUMENT,),
        expected=[{"geo.weather": {"city": [city]}}],
    )


def said(content: str | None = None, arguments: str | None = None) -> httpx.Response:
    calls = [{"id": "1", "type": "function", "function": {"name": "geo_weather", "arguments": arguments}}]
    message = {"role": "assistant", "content": content, **({"tool_calls": calls} if arguments else {})}
    return httpx.Response(200, json={"choices": [{"message": message, "finish_reason": "stop"}]})


def service(answer: Callable[[dict[str, Any]], httpx.Response]) -> Service:
    async def handle(request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/v1/chat/completions"
        assert request.headers["authorization"] == "Bearer mb-test"
        return answer(json.loads(request.content))

    return Service("http://service/v1", "raw", "mb-test", transport=httpx.MockTransport(handle))


async def graded(
    answer: Callable[[dict[str, Any]], httpx.Response], *cities: str
) -> tuple[tally.Graded, ...]:
    cases = [case(city, city) for city in cities]
    return await run(service(answer), cases, plain="json", concurrency=2, progress=lambda done, all_of: None)


async def test_both_sides_are_asked_and_graded() -> None:
    def answer(body: dict[str, Any]) -> httpx.Response:
        assert body["temperature"] == 0
        if "tools" in body:
            assert body["tools"][0]["function"]["name"] == "geo_weather"
            return said(arguments='{"city": "Beijing"}')
        assert "geo_weather" in body["messages"][0]["content"]
        return said('[{"name": "geo.weather", "arguments": {"city": "Paris"}}]')

    results = await graded(answer, "Beijing", "Paris")
    assert [item.id for item in results] == ["Beijing", "Paris"]
    assert [item.tools.verdict.right for item in results] == [True, False]
    assert [item.plain is not None and item.plain.verdict.right for item in results] == [False, True]
    suite, total = tally.rows(results, [("bfcl_simple", False)])
    assert (suite.tools.n, suite.tools.right, suite.tools.valid, suite.tools.calls) == (2, 1, 2, 2)
    assert total.tools == suite.tools
    assert "50.0 % [9.5–90.5]" in tally.as_table([suite, total])


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        ('{"city": "Bei', "the arguments are not a JSON object"),
        ('{"city": 1}', ".city: not of type string"),
        ('{"city": "Beijing", "x": 1}', ".x: no such property"),
    ],
)
async def test_calls_that_are_not_valid_are_counted(arguments: str, fault: str) -> None:
    [item] = await graded(lambda body: said(arguments=arguments), "Beijing")
    assert item.tools.faults == (fault,)
    assert not item.tools.verdict.right


async def test_a_busy_service_is_asked_again_and_a_failing_one_is_an_error() -> None:
    busy = [httpx.Response(429, headers={"retry-after": "0"})]

    def answer(body: dict[str, Any]) -> httpx.Response:
        if "tools" in body:
            return busy.pop() if busy else said(arguments='{"city": "Beijing"}')
        return httpx.Response(503, json={"error": {"code": "engine_unavailable"}})

    [item] = await graded(answer, "Beijing")
    assert item.tools.verdict.right
    assert item.plain is not None
    assert item.plain.error.startswith("HTTP 503")
    assert not item.plain.verdict.right


async def test_a_refused_key_ends_the_run() -> None:
    with pytest.raises(PlaceFailed) as refused:
        await graded(lambda body: httpx.Response(401, json={}), "Beijing", "Paris", "Rome")
    assert refused.value.status == 401


async def test_the_desk_is_not_the_model_that_is_measured() -> None:
    listed = {"data": [{"id": "mingbai"}, {"id": "qwen2.5-coder-0.5b-instruct"}]}
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=listed))
    place = Service("http://service/v1", "", "mb-test", transport=transport)
    assert await first_model(place) == "qwen2.5-coder-0.5b-instruct"
