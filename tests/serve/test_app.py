"""The routes: who may use them, what they answer, and what each wrong request is told."""

from __future__ import annotations

import asyncio
import json
import time

import pytest
from fastapi.routing import APIRoute

from mingbai.engine.rehearsal import RehearsalEngine
from mingbai.serve.app import build
from mingbai.serve.keys import Scope
from mingbai.values.settings import ServeSettings
from standing import CHAT, MODEL, Faltering, chat, stand

OPEN = {"/healthz", "/readyz", "/.well-known/security.txt", "/v1/witness/add-checkpoint"}
ERROR_FIELDS = {"message", "type", "param", "code", "zh", "en", "next_zh", "next_en"}


def refused(reply, status: int, code: str) -> dict[str, object]:
    """The error of a reply, once its shape was seen to be right."""
    assert reply.status_code == status, reply.text
    error = reply.json()["error"]
    assert set(error) == ERROR_FIELDS
    assert error["code"] == code
    assert all(error[name] for name in ("message", "type", "zh", "en", "next_zh", "next_en"))
    assert any("一" <= sign <= "鿿" for sign in error["zh"] + error["next_zh"])
    return error


async def test_health_and_readiness(caller, standing):
    assert (await caller.get("/healthz")).json() == {"status": "ok"}
    ready = await caller.get("/readyz")
    assert (ready.status_code, ready.json()) == (
        200,
        {"state": "ready", "place": "rehearsal", "model": MODEL},
    )
    for state, status in [("serving", 200), ("starting", 503), ("failed", 503)]:
        standing.service.state = lambda state=state: state
        ready = await caller.get("/readyz")
        assert (ready.status_code, ready.json()["state"]) == (status, state)


async def test_no_other_route_without_a_key(caller, standing):
    routes = [r for r in build(standing.service).routes if isinstance(r, APIRoute)]
    paths = {r.path for r in routes}
    assert paths >= {*OPEN, CHAT, "/v1/models", "/metrics", "/openapi.json"}
    for route in routes:
        path = route.path.replace("{model_id:path}", MODEL)
        for method in route.methods:
            for headers in (
                {"Authorization": ""},
                {"Authorization": "Basic bWI6"},
                {"Authorization": "Bearer mb-x"},
            ):
                reply = await caller.request(method, path, headers=headers)
                if route.path in OPEN:
                    assert reply.status_code in (200, 404)  # nobody has said whom to tell of a hole
                else:
                    refused(reply, 401, "invalid_api_key")
                    assert reply.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("path", "scopes"),
    [
        ("/v1/models", set(Scope)),
        ("/openapi.json", set(Scope)),
        ("/metrics", {Scope.OWNER, Scope.ENGINEER}),
        (
            CHAT,
            {Scope.STAFF, Scope.OWNER, Scope.ENGINEER},
        ),  # a customer's key is for the desk, not the raw model
    ],
)
async def test_scopes(standing, path, scopes):
    for scope in Scope:
        async with standing.caller(scope) as caller:
            reply = await (caller.post(path, json=chat()) if path == CHAT else caller.get(path))
        if scope in scopes:
            assert reply.status_code == 200
        else:
            refused(reply, 403, "scope_not_allowed")


async def test_expired_and_revoked_keys(caller, standing, monkeypatch):
    keys = standing.service.keys
    short, lost = [await asyncio.to_thread(keys.create, Scope.OWNER, days=days) for days in (1, 90)]
    headers = [{"Authorization": f"Bearer {made.secret}"} for made in (short, lost)]
    assert [(await caller.get("/v1/models", headers=h)).status_code for h in headers] == [200, 200]
    await asyncio.to_thread(keys.revoke, lost.key.id)
    assert "收回" in refused(await caller.get("/v1/models", headers=headers[1]), 401, "invalid_api_key")["zh"]
    now = time.time()
    monkeypatch.setattr("mingbai.serve.keys.time.time", lambda: now + 86_401)
    assert "过期" in refused(await caller.get("/v1/models", headers=headers[0]), 401, "invalid_api_key")["zh"]


async def test_models(caller):
    model = {"id": MODEL, "object": "model", "created": 1_700_000_000, "owned_by": "rehearsal"}
    embedding = {**model, "id": "mingbai-embed", "owned_by": "local"}
    assert (await caller.get("/v1/models")).json() == {"object": "list", "data": [model, embedding]}
    assert (await caller.get(f"/v1/models/{MODEL}")).json() == model
    refused(await caller.get("/v1/models/gpt-4"), 404, "model_not_found")


async def test_a_whole_answer(caller):
    body = (await caller.post(CHAT, json=chat("订单到哪了？"))).json()
    assert body["object"] == "chat.completion"
    (choice,) = body["choices"]
    assert choice["message"] == {
        "role": "assistant",
        "content": "（彩排）你说：订单到哪了？",
        "refusal": None,
    }
    assert (choice["finish_reason"], choice["logprobs"]) == ("stop", None)
    assert (
        body["usage"]["total_tokens"] == body["usage"]["prompt_tokens"] + body["usage"]["completion_tokens"]
    )
    assert body["mingbai"] == {"place": "rehearsal", "lane": "shared", "attempts": 1}


async def test_tools_schema_and_logprobs(caller):
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    tool = {"type": "function", "function": {"name": "query", "parameters": schema}}
    choice = {"type": "function", "function": {"name": "query"}}
    body = (await caller.post(CHAT, json=chat(tools=[tool], tool_choice=choice))).json()
    message = body["choices"][0]["message"]
    assert message["content"] is None
    assert message["tool_calls"][0]["function"] == {"name": "query", "arguments": '{"n": 0}'}
    assert body["choices"][0]["finish_reason"] == "tool_calls"
    response_format = {"type": "json_schema", "json_schema": {"name": "n", "schema": schema}}
    body = (await caller.post(CHAT, json=chat(response_format=response_format))).json()
    assert json.loads(body["choices"][0]["message"]["content"]) == {"n": 0}
    body = (await caller.post(CHAT, json=chat(logprobs=True, top_logprobs=1, max_tokens=1))).json()
    shown = body["choices"][0]["logprobs"]["content"]
    assert [(t["token"], t["bytes"], len(t["top_logprobs"])) for t in shown] == [
        ("（彩", list("（彩".encode()), 1)
    ]


def nested(levels: int) -> str:
    return '{"a":' * levels + "1" + "}" * levels


def with_schema(parameters: str) -> bytes:
    tool = '{"type":"function","function":{"name":"f","parameters":' + parameters + "}}"
    return json.dumps(chat()).encode()[:-1] + b',"tools":[' + tool.encode() + b"]}"


CALL = {"id": "a", "function": {"name": "f", "arguments": "{}"}}
NAN = json.dumps(chat()).encode()[:-1] + b',"temperature":NaN}'
ENDLESS = {"type": "json_schema", "json_schema": {"name": "n", "schema": {"enum": [[1, float("-inf")]]}}}
WRONG = [
    # body, status, code, param
    (chat(model="gpt-4"), 404, "model_not_found", "model"),
    (chat(temprature=0), 400, "unknown_parameter", "temprature"),
    (chat(mingbai={"lne": 1}), 400, "unknown_parameter", "mingbai.lne"),
    (chat(reasoning_effort="low"), 400, "unsupported_parameter", "reasoning_effort"),
    (chat(functions=[]), 400, "unsupported_parameter", "functions"),
    ({"model": MODEL}, 400, "missing_parameter", "messages"),
    ({"messages": []}, 400, "missing_parameter", "model"),
    (chat(messages=[]), 400, "invalid_value", "messages"),
    (chat(messages=[{"role": "user"}]), 400, "missing_parameter", "messages.0.user.content"),
    (chat(messages=[{"role": "robot", "content": "x"}]), 400, "invalid_value", "messages.0"),
    (chat(temperature="warm"), 400, "invalid_value", "temperature"),
    (chat(temperature=2.1), 400, "invalid_value", "temperature"),
    (NAN, 400, "invalid_value", "temperature"),
    (chat(max_tokens=0), 400, "invalid_value", "max_tokens"),
    (chat(n=2), 400, "invalid_value", "n"),
    (chat(n=True), 400, "invalid_value", "n"),  # to Python, true is 1 and 0 is false
    (chat(store=0), 400, "invalid_value", "store"),
    (chat(stream_options={"include_obfuscation": 0}), 400, "invalid_value", None),
    (chat(seed=1.5), 400, "invalid_value", "seed"),
    (chat(top_logprobs=2), 400, "invalid_value", "top_logprobs"),
    (chat(stop=["a"] * 5), 400, "invalid_value", None),
    (chat(tool_choice="required"), 400, "invalid_value", "tool_choice"),
    (chat(tool_choice={"type": "function", "function": {"name": "g"}}), 400, "invalid_value", "tool_choice"),
    (chat(tools=[{"type": "function", "function": {"name": "f"}}] * 2), 400, "invalid_value", "tools"),
    (with_schema('{"type": "string"}'), 400, "invalid_value", "tools"),
    (with_schema(nested(100)), 400, "too_deep", None),
    (with_schema(nested(100_000)), 400, "invalid_json", None),
    (with_schema('{"properties": {"a": {"maximum": NaN}}}'), 400, "invalid_json", None),
    (with_schema('{"properties": {"a": {"maximum": 1e999}}}'), 400, "invalid_json", None),
    (chat(response_format=ENDLESS), 400, "invalid_json", None),
    (b"", 400, "invalid_json", None),
    (b"{", 400, "invalid_json", None),
    (b"[]", 400, "invalid_value", None),
    (b"null", 400, "invalid_value", None),
    (b'{"model": "qwen", "messages": "\xff\xfe"}', 400, "invalid_json", None),
    (json.dumps(chat("\ud800")).encode(), 400, "invalid_json", None),
    (json.dumps(chat()).encode("utf-16"), 400, "invalid_json", None),
    (chat("长" * 9000), 400, "context_length_exceeded", "messages"),
]


@pytest.mark.parametrize(("body", "status", "code", "param"), WRONG)
async def test_wrong_requests(caller, body, status, code, param):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    error = refused(await caller.post(CHAT, content=content), status, code)
    assert param is None or error["param"] == param
    assert (await caller.get("/healthz")).status_code == 200


@pytest.mark.parametrize(
    "more",
    [
        {"mingbai": {"deadline_seconds": 5}}, {"store": False}, {"n": 1}, {"user": "u"}, {"metadata": {"a": "b"}},
        {"stop": "。"}, {"stop": None}, {"max_completion_tokens": 3}, {"logit_bias": {"5": -100}}, {"seed": -1},
        {"max_tokens": 5.0, "seed": 1.0, "n": 1.0, "logprobs": True, "top_logprobs": 0.0},  # integers to JSON Schema
        {"service_tier": "auto"}, {"response_format": {"type": "text"}}, {"tool_choice": "none"},
        {"messages": [{"role": "developer", "content": [{"type": "text", "text": "短"}]}]},
        {"messages": [{"role": "assistant", "content": None, "tool_calls": [CALL], "refusal": None, "annotations": []},
                      {"role": "tool", "tool_call_id": "a", "content": "好"}]},
        {"tools": [{"type": "function", "function": {"name": "f", "parameters": json.loads(nested(60))}}]},
    ],
)  # fmt: skip
async def test_what_openai_clients_send(caller, more):
    assert (await caller.post(CHAT, json=chat(**more))).status_code == 200


async def test_routes_that_are_not_there(caller):
    refused(await caller.get("/v1/assistants"), 404, "not_found")
    reply = await caller.get(CHAT)
    refused(reply, 405, "not_found")
    assert reply.headers["allow"] == "POST"


async def test_too_many_messages(tmp_path):
    standing = stand(tmp_path, RehearsalEngine(), settings=ServeSettings(message_limit=3))
    said = {"role": "user", "content": "好"}
    async with standing.caller() as caller:
        assert (await caller.post(CHAT, json=chat(messages=[said] * 3))).status_code == 200
        refused(await caller.post(CHAT, json=chat(messages=[said] * 4)), 413, "too_large")


async def test_the_unforeseen_is_a_500_in_our_shape(tmp_path):
    standing = stand(tmp_path, Faltering(error=RuntimeError("顾客 13800138000")))
    async with standing.caller() as caller:
        reply = await caller.post(CHAT, json=chat())
    refused(reply, 500, "mingbai_error")
    assert "13800138000" not in reply.text


async def test_openapi_names_every_route_and_status(caller):
    document = (await caller.get("/openapi.json")).json()
    assert {"/healthz", "/readyz", CHAT, "/v1/models", "/v1/models/{model_id}", "/metrics"} <= set(
        document["paths"]
    )
    chat_route = document["paths"][CHAT]["post"]
    assert set(chat_route["responses"]) == {
        str(s) for s in (200, 400, 401, 403, 404, 413, 429, 502, 503, 504)
    }
    assert chat_route["security"]
    assert document["components"]["schemas"]["ChatRequest"]["additionalProperties"] is False
