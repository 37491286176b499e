"""A chat completion, from the request's bytes to the reply: what may be asked by whom, and what a caller is told who waits."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Coroutine
from typing import Any, TypeVar

from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError
from starlette.requests import Request

from mingbai.engine.protocol import collect
from mingbai.serve import errors
from mingbai.serve.chat import Reply, Watched, streamed, whole
from mingbai.serve.keys import Key, Scope
from mingbai.serve.limits import read_body, unless_gone
from mingbai.serve.schema import ChatRequest, depth, is_finite, to_ask, to_asker
from mingbai.serve.service import DESK, Service
from mingbai.serve.stream import EventStream
from mingbai.values.chat import Asker
from mingbai.values.errors import BadInput, EngineUnavailable, Forbidden, Text, TooLarge
from mingbai.values.settings import ServeSettings

T = TypeVar("T")


async def answered(service: Service, request: Request, key: Key) -> Response:
    body = _parsed(await read_body(request, service.settings.body_limit_bytes), service.settings)
    if service.draining:
        raise _closing()
    engine = service.engine(body.model)
    asker = None
    if body.model == DESK:
        proven = key.scope is not Scope.CUSTOMER
        asker = to_asker(body, turn_no="t-" + secrets.token_hex(12), shop=key.shop, proven=proven)
        if not proven:
            _counted(service, key, asker.conversation)
    elif key.scope is Scope.CUSTOMER:  # the raw model is unchecked; the desk's answers are what customers get
        raise _only_the_desk()
    ask = to_ask(body, key=key.id, deadline_seconds=service.deadline_seconds, asker=asker)
    include_usage = body.stream_options is not None and body.stream_options.include_usage
    reply = Reply(ask, engine, service.metrics, stream=bool(body.stream), include_usage=include_usage)
    service.open += 1

    def close(code: str) -> None:
        service.open -= 1
        reply.close(code)

    try:
        if body.stream:
            events = streamed(reply, Watched(reply).generate(ask))
            return EventStream(await waited(service, request, anext(events)), events, close, _receipt(asker))
        answer = await waited(service, request, collect(Watched(reply), ask))
        response = JSONResponse(whole(reply, answer), headers=_receipt(asker))
    except BaseException as e:
        close(errors.ending(e))
        raise
    close("ok")
    return response


def _counted(service: Service, key: Key, conversation: str) -> None:
    """Customers' turns are counted by key and, where it has a name, by conversation."""
    service.rates.take(key.id, service.settings.turns_per_minute_of_key)
    if conversation:
        service.rates.take(f"{key.id}.{conversation}", service.settings.turns_per_minute)


def _receipt(asker: Asker | None) -> dict[str, str]:
    """The number under which the desk writes the turn down, known before the answer is."""
    return {"Mingbai-Receipt": asker.turn_no} if asker else {}


async def waited(service: Service, request: Request, work: Coroutine[Any, Any, T]) -> T:
    """The work's result, for a caller who was told nothing yet: told at least why, when the drain is over first."""
    try:
        return await unless_gone(request.receive, work)
    except asyncio.CancelledError:
        if service.draining:  # uvicorn cancels what is left then, and would answer a bare 500
            raise _closing() from None
        raise


def _only_the_desk() -> Forbidden:
    return Forbidden(
        Text("customer 钥匙只能用模型 mingbai。", "A customer key may use the model mingbai only."),
        Text('请把 model 写成 "mingbai"。', 'Set model to "mingbai".'),
    )


def _closing() -> EngineUnavailable:
    return EngineUnavailable(
        Text("服务正在关闭。", "The service is shutting down."), Text("请稍后再试。", "Try again later.")
    )


def _parsed(data: bytes, settings: ServeSettings) -> ChatRequest:
    try:
        body = ChatRequest.model_validate_json(data)
    except ValidationError as e:
        raise errors.from_validation(e) from None
    if len(body.messages) > settings.message_limit:
        raise TooLarge(
            Text(f"消息超过 {settings.message_limit} 条。", f"More than {settings.message_limit} messages."),
            Text("请只发最近的对话。", "Send the recent part of the conversation only."),
            param="messages",
        )
    foreign = [t.function.parameters for t in body.tools or ()]
    if body.response_format is not None and body.response_format.type == "json_schema":
        foreign.append(body.response_format.json_schema.schema_)
    if any(depth(schema) > settings.nesting_limit for schema in foreign):
        raise BadInput(
            Text(
                f"schema 嵌套超过 {settings.nesting_limit} 层。",
                f"A schema nests more than {settings.nesting_limit} levels.",
            ),
            Text("请简化 schema。", "Simplify the schema."),
            code="too_deep",
        )
    if not all(map(is_finite, foreign)):
        raise errors.not_json()
    return body
