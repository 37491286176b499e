"""What was said, and the keys, appear in no log, no metric, no error and no repr. Numbers do."""

from __future__ import annotations

import asyncio
import json
import logging
import re

import httpx
import pytest
from pydantic_core._pydantic_core import list_all_errors

from mingbai.engine.rehearsal import RehearsalEngine
from mingbai.serve.errors import REPEATING
from mingbai.serve.keys import Scope
from mingbai.serve.logs import _Lines
from mingbai.values.chat import (
    Alternative,
    Answer,
    Ask,
    CallArguments,
    Finished,
    Message,
    Piece,
    TokenLogprob,
    ToolCall,
    Usage,
)
from mingbai.values.errors import EngineInterrupted, Text
from standing import CHAT, MODEL, Faltering, chat, listening, stand

CANARY = "金丝雀13800138000"
SENT = chat(
    f"我的电话 {CANARY}a",
    user=f"{CANARY}b",
    metadata={"customer": f"{CANARY}c"},
    messages=[
        {"role": "system", "content": f"{CANARY}d", "name": f"{CANARY}e"},
        {"role": "user", "content": f"{CANARY}f"},
        {"role": "assistant", "content": f"{CANARY}g", "tool_calls": [
            {"id": f"{CANARY}h", "type": "function", "function": {"name": "q", "arguments": f"{CANARY}i"}}]},
        {"role": "tool", "content": f"{CANARY}j", "tool_call_id": f"{CANARY}k"},
    ],
    tools=[{"type": "function", "function": {"name": "q", "description": f"{CANARY}l", "parameters": {
        "type": "object", "properties": {f"{CANARY}m": {"enum": [f"{CANARY}n"]}}, "required": [f"{CANARY}m"]}}}],
    stop=[f"{CANARY}o"],
)  # fmt: skip
WRONG = [
    {"messages": [{"role": f"{CANARY}q"}]},
    {"response_format": {"type": f"{CANARY}r"}},
    {"messages": [{"role": "user", "content": {"text": f"{CANARY}s"}}]},
    {"temperature": f"{CANARY}t"},
    {"tool_choice": {"type": "function", "function": {"name": f"{CANARY}u"}}},
    {"tool_choice": {"type": "function", "function": {"name": "unknown"}}},
    {"tool_choice": f"{CANARY}v"},
    {"metadata": {"customer": [f"{CANARY}w"]}},
    {"user": f"{CANARY}x" * 100},
    {"model": f"{CANARY}y"},
]
NAMES = [{f"{CANARY}p": 1}, {"metadata": {f"{CANARY}v": 5}}, {"logit_bias": {f"{CANARY}w": 5}}]


def written(caplog: pytest.LogCaptureFixture) -> str:
    """The log as it would stand on stderr, and as any other formatter would write it; not the test's own client's."""
    formats = (_Lines(), logging.Formatter("%(name)s %(message)s %(fields)s", defaults={"fields": ""}))
    records = [r for r in caplog.records if not r.name.startswith(("httpx", "httpcore"))]
    return "\n".join(f.format(r) for r in records for f in formats)


async def test_a_full_run_leaves_no_trace(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    standing = stand(tmp_path, RehearsalEngine())
    secrets = [standing.secrets[Scope.OWNER], standing.secrets[Scope.CUSTOMER], "mb-" + "wrong" * 8]
    async with listening(standing.service) as there:
        for secret in secrets:
            async with httpx.AsyncClient(
                base_url=there.url, headers={"Authorization": f"Bearer {secret}"}
            ) as client:
                for stream in (False, True):
                    await client.post(CHAT, json={**SENT, "stream": stream})
                    await client.post(CHAT, json={**SENT, "stream": stream, "tool_choice": "required"})
                await client.get(f"/v1/models/{CANARY}")
                await client.get(f"/{CANARY}?{CANARY}={CANARY}", headers={"X-Customer": "13800138000"})
    ours = [r for r in caplog.records if r.name == "mingbai"]
    assert len(ours) == 4, "one line for each chat that a good key asked for"
    traces = written(caplog) + standing.service.metrics.text().decode() + repr(standing.service)
    assert "金丝雀" not in traces
    assert "13800138000" not in traces
    for secret in secrets:
        assert secret not in traces


@pytest.mark.parametrize("wrong", WRONG)
async def test_no_error_repeats_what_was_sent(caller, caplog, wrong):
    caplog.set_level(logging.INFO, "mingbai")
    reply = await caller.post(CHAT, json={**SENT, **wrong})
    assert reply.status_code in (400, 404)
    assert "13800138000" not in reply.text + written(caplog) + str(reply.headers)


def test_every_text_of_pydantic_that_can_repeat_what_was_sent_is_known():
    repeating = {
        error["type"]
        for error in list_all_errors()
        if {"error", "encoding_error", "tag", "tz_actual"}
        & set(re.findall(r"{(\w+)}", error["message_template_python"]))
    }
    assert repeating == REPEATING


@pytest.mark.parametrize("wrong", NAMES)
async def test_a_wrong_name_is_told_to_its_sender_only(caller, caplog, standing, wrong):
    caplog.set_level(logging.INFO, "mingbai")
    reply = await caller.post(CHAT, json={**SENT, **wrong})
    assert CANARY in reply.json()["error"]["param"]
    assert CANARY not in written(caplog) + standing.service.metrics.text().decode()


async def test_the_unforeseen_is_logged_by_kind_only(tmp_path, caplog):
    caplog.set_level(logging.INFO, "mingbai")
    standing = stand(tmp_path, Faltering(error=RuntimeError(CANARY)))
    async with standing.caller() as caller:
        reply = await caller.post(CHAT, json=SENT)
    chat_line, line = [json.loads(_Lines().format(r)) for r in caplog.records if r.name == "mingbai"]
    assert (chat_line["event"], chat_line["code"]) == ("chat", "unforeseen")
    assert (line["event"], line["kind"], line["path"]) == ("unforeseen", "RuntimeError", CHAT)
    assert CANARY not in reply.text + str(line) + str(chat_line)


def test_other_libraries_are_logged_without_their_words():
    def format_(level: int, exc_info: object = None) -> dict[str, object]:
        record = logging.LogRecord("uvicorn.error", level, "x.py", 1, "said %s", (CANARY,), exc_info)
        return json.loads(_Lines().format(record))

    try:
        raise ValueError(CANARY)
    except ValueError as e:
        failed = format_(logging.ERROR, (type(e), e, e.__traceback__))
    assert {k: failed[k] for k in ("level", "event", "kind")} == {
        "level": "error", "event": "uvicorn.error", "kind": "ValueError",
    }  # fmt: skip
    assert CANARY not in str(failed) + str(format_(logging.WARNING))


@pytest.mark.parametrize(
    ("word", "line"),
    [
        ("chatcmpl-2ab4f0e1d2c3b4a5f6e7d8c9", "chatcmpl-2ab4f0e1d2c3b4a5f6e7d8c9"),
        ("cloud/qwen-72b", "cloud/qwen-72b"),
        ("/v1/receipts/13800138000", "/v1/receipts/⟦手机⟧"),
        ("收货人：张伟", "收货人：⟦姓名⟧"),
    ],
)
def test_what_should_not_have_been_logged_is_masked(word, line):
    record = logging.makeLogRecord({"msg": "chat", "fields": {"id": word, "ms": 13800138000}})
    assert json.loads(_Lines().format(record))["id"] == line


def test_a_mask_that_fails_takes_the_word_with_it(monkeypatch):
    monkeypatch.setattr("mingbai.serve.logs.redacted", lambda *_: 1 / 0)
    record = logging.makeLogRecord({"msg": "chat", "fields": {"id": "13800138000"}})
    assert json.loads(_Lines().format(record))["id"] == "***"


@pytest.mark.parametrize(
    "value",
    [
        Message("user", CANARY),
        Ask((Message("user", CANARY),)),
        Piece(CANARY, (TokenLogprob(Alternative(CANARY, 0.0, CANARY.encode())),)),
        CallArguments(0, CANARY),
        ToolCall("call_a", "q", CANARY),
        Answer(CANARY, (ToolCall("call_a", "q", CANARY),), (), Finished("stop", Usage())),
        Message("assistant", CANARY, (ToolCall("call_a", "q", CANARY),)),
    ],
)
def test_values_hide_what_they_hold(value):
    shown = f"{value!r} {value}"
    assert "金丝雀" not in shown
    assert "13800138000" not in shown
    assert CANARY.encode() not in shown.encode("latin-1", "ignore")


async def test_the_log_has_the_numbers(caller, caplog, standing):
    caplog.set_level(logging.INFO, "mingbai")
    await caller.post(CHAT, json=chat("你好", max_tokens=2))
    (line,) = [json.loads(_Lines().format(r)) for r in caplog.records if r.name == "mingbai"]
    expected = {
        "event": "chat", "model": MODEL, "place": "rehearsal", "lane": "shared", "stream": False, "code": "ok",
        "prompt_tokens": 2, "completion_tokens": 2,
    }  # fmt: skip
    assert {k: line[k] for k in expected} == expected
    assert line["key"] in {key.id for key in await asyncio.to_thread(standing.service.keys.list)}
    assert line["id"].startswith("chatcmpl-")
    assert line["ms"] >= line["ttft_ms"] >= 0


async def test_metrics(tmp_path):
    standing = stand(tmp_path, RehearsalEngine())
    standing.service.metrics.watch(lambda: {"mingbai_queue_waiting": 3, "mingbai_prefix_hits_total": 7})
    broken = stand(
        tmp_path, Faltering(error=EngineInterrupted(Text("断", "x"), Text("再", "y"), released=False))
    )
    broken.service.metrics = standing.service.metrics
    async with standing.caller() as caller:
        for _ in range(2):
            await caller.post(CHAT, json=chat("你好", max_tokens=2))
        await caller.post(CHAT, json=chat("你好", stream=True))
        async with broken.caller() as unlucky:
            await unlucky.post(CHAT, json=chat())
        reply = await caller.get("/metrics")
    assert reply.headers["content-type"].startswith("text/plain; version=0.0.4")
    for line in [
        f'mingbai_requests_total{{code="ok",model="{MODEL}"}} 3.0',
        f'mingbai_requests_total{{code="engine_interrupted",model="{MODEL}"}} 1.0',
        "mingbai_prompt_tokens_total 6.0",
        "mingbai_ttft_seconds_count 3.0",
        "mingbai_answer_seconds_count 4.0",
        "mingbai_queue_waiting 3.0",
        "mingbai_prefix_hits_total 7.0",
    ]:
        assert re.search(f"^{re.escape(line)}$", reply.text, re.MULTILINE), line
