"""The routes, top to bottom. Handlers translate between HTTP and an engine; they decide nothing."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from fastapi import FastAPI
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import Match
from starlette.types import ASGIApp

from mingbai import __version__
from mingbai.engine.protocol import Engine, collect
from mingbai.receipt.book import Receipts
from mingbai.serve import (
    contact,
    counter,
    desk,
    documents,
    errors,
    imports,
    inventory,
    login,
    office,
    office_shapes,
    proofs,
    rules,
    shapes,
    views,
)
from mingbai.serve.admit import by_key_or_session
from mingbai.serve.chat import Reply, Watched, streamed, whole
from mingbai.serve.door import Door, by_key
from mingbai.serve.embeddings import MODEL as EMBEDDING_MODEL
from mingbai.serve.embeddings import Embeddings
from mingbai.serve.keys import Key, KeyStore, Scope
from mingbai.serve.limits import CallerGone, read_body, unless_gone
from mingbai.serve.metrics import Metrics
from mingbai.serve.page import Page
from mingbai.serve.rates import Rates
from mingbai.serve.schema import ChatRequest, depth, is_finite, to_ask, to_asker
from mingbai.serve.stream import EventStream
from mingbai.values.chat import Asker
from mingbai.values.errors import (
    BadInput,
    EngineUnavailable,
    Forbidden,
    MingbaiError,
    ModelNotFound,
    NotFound,
    Text,
    TooLarge,
)
from mingbai.values.settings import ServeSettings

T = TypeVar("T")
DESK = "mingbai"  # the model whose answers are grounded and checked; every other name is a model raw


@dataclass(slots=True)
class Service:
    """What the routes need. `engines` is by model name; `state` is the local engine's, for /readyz."""

    engines: Mapping[str, Engine]
    default_model: str
    keys: KeyStore
    settings: ServeSettings
    deadline_seconds: float
    metrics: Metrics
    state: Callable[[], str]
    started: int
    lifespan: Callable[[], AbstractAsyncContextManager[None]]
    draining: bool = False
    open: int = 0  # chats being answered or waiting
    embeddings: Embeddings | None = None
    receipts: Receipts | None = None
    witness: proofs.AddCheckpoint | None = None  # where this house signs for other logs
    rates: Rates = field(default_factory=Rates)
    page: Page | None = None


class Guarded(FastAPI):
    """An application that nothing passes by the door."""

    def __init__(self, service: Service, **said: Any) -> None:
        self._service = service
        super().__init__(**said)

    def build_middleware_stack(self) -> ASGIApp:
        service = self._service
        by_session = by_key_or_session(service.keys, service.page.sessions) if service.page else None
        admit = by_session or by_key(service.keys)
        return Door(super().build_middleware_stack(), self, admit, service.settings)


def build(service: Service) -> FastAPI:
    """The application. Its lifespan starts and stops the engines."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        inventory.check(app.routes)
        async with service.lifespan():
            yield

    app = Guarded(
        service,
        title="Mingbai",
        version=__version__,
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    wrong_key = (401, 403)
    chat_errors = (400, *wrong_key, 404, 413, 429, 502, 503, 504)

    async def healthz() -> JSONResponse:
        return JSONResponse({"status": "ok"})

    async def readyz() -> JSONResponse:
        state = "draining" if service.draining else service.state()
        place = service.engines[service.default_model].place
        body = {"state": state, "place": place, "model": service.default_model}
        return JSONResponse(body, 200 if state in ("ready", "serving") else 503)

    async def openapi() -> JSONResponse:
        return JSONResponse(
            documents.document(app, (*shapes.SHAPES, *office_shapes.SHAPES) if service.page else ())
        )

    async def metrics() -> Response:
        return PlainTextResponse(service.metrics.text(), media_type="text/plain; version=0.0.4")

    async def models() -> JSONResponse:
        embedding = [EMBEDDING_MODEL] if service.embeddings else []
        return JSONResponse(
            {"object": "list", "data": [_model(service, m) for m in [*service.engines, *embedding]]}
        )

    async def model(model_id: str) -> JSONResponse:
        if model_id != EMBEDDING_MODEL or service.embeddings is None:
            _engine(service, model_id)
        return JSONResponse(_model(service, model_id))

    async def chat(request: Request) -> Response:
        return await _chat(service, request, request.state.key)

    async def embeddings(request: Request) -> Response:
        data = await read_body(request, service.settings.body_limit_bytes)
        if service.embeddings is None:
            raise _no_model(service)
        return JSONResponse(await _waited(service, request, service.embeddings.answer(data)))

    ready = documents.answers(documents.Readiness)
    ready[503] = {**ready[200], "description": documents.WORDS[503]}
    answers = documents.answers

    def add(path: str, handler: Callable[..., Any], responses: Any, **openapi: Any) -> None:
        inventory.add(app, path, handler, responses=responses, **openapi)

    add("/healthz", healthz, answers(documents.Health))
    add("/readyz", readyz, ready)
    add("/metrics", metrics, answers("text/plain", *wrong_key), response_class=PlainTextResponse)
    add("/openapi.json", openapi, answers("application/json", *wrong_key))
    add("/v1/models", models, answers(documents.ModelList, *wrong_key))
    add("/v1/models/{model_id:path}", model, answers(documents.Model, *wrong_key, 404))
    add(
        "/v1/chat/completions",
        chat,
        answers(documents.ChatCompletion, *chat_errors, stream=True),
        openapi_extra=documents.CHAT_BODY,
    )
    add(
        "/v1/embeddings",
        embeddings,
        answers(documents.EmbeddingList, 400, *wrong_key, 404, 413, 429, 503),
        openapi_extra=documents.EMBEDDINGS_BODY,
    )
    proofs.add(app, lambda: service.receipts, lambda: service.witness)
    contact.add(app, service.settings.security_contact)
    if service.page is not None:
        for part in (login, counter, desk, imports, office, rules, views):
            part.add(app, service, service.page)
    _handle_errors(app)
    inventory.check(app.routes)
    return app


async def _chat(service: Service, request: Request, key: Key) -> Response:
    body = _parsed(await read_body(request, service.settings.body_limit_bytes), service.settings)
    if service.draining:
        raise _closing()
    engine = _engine(service, body.model)
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
            return EventStream(await _waited(service, request, anext(events)), events, close, _receipt(asker))
        answer = await _waited(service, request, collect(Watched(reply), ask))
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


async def _waited(service: Service, request: Request, work: Coroutine[Any, Any, T]) -> T:
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


def _engine(service: Service, model: str) -> Engine:
    engine = service.engines.get(model)
    if engine is None:
        raise _no_model(service)
    return engine


def _no_model(service: Service) -> ModelNotFound:
    known = "、".join(service.engines)
    return ModelNotFound(
        Text("没有这个模型。", "There is no such model."),
        Text(f"可用的有：{known}。", f"Available: {known}."),
        param="model",
    )


def _model(service: Service, model: str) -> dict[str, object]:
    place = service.engines[model].place if model in service.engines else "local"
    return {"id": model, "object": "model", "created": service.started, "owned_by": place}


def _handle_errors(app: FastAPI) -> None:
    @app.exception_handler(MingbaiError)
    async def ours(_: Request, e: Exception) -> Response:
        return errors.reply(cast(MingbaiError, e))

    @app.exception_handler(CallerGone)
    async def left(_: Request, __: Exception) -> Response:
        return Response(status_code=499)  # nobody reads it; 499 is nginx's word for a caller who left

    @app.exception_handler(HTTPException)
    async def routing(request: Request, e: Exception) -> Response:
        status = cast(HTTPException, e).status_code
        what = Text(f"这里没有 {request.method} 这条路径。", f"There is no such route for {request.method}.")
        reply = errors.reply(NotFound(what, Text("路径见 /openapi.json。", "Routes are in /openapi.json.")))
        reply.status_code = status
        for name, value in (cast(HTTPException, e).headers or {}).items():
            reply.headers[name] = value
        if status == 405:  # of a path with several routes, the router names the methods of the first alone
            fitting = [route for route in app.routes if route.matches(request.scope)[0] is not Match.NONE]
            reply.headers["Allow"] = ", ".join(
                sorted({m for r in fitting for m in getattr(r, "methods", ())})
            )
        return reply

    @app.exception_handler(Exception)
    async def unforeseen(request: Request, e: Exception) -> Response:
        return errors.reply(errors.ours(e, request.scope.get("path", "")))
