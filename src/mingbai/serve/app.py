"""The routes, top to bottom. Handlers translate between HTTP and an engine; they decide nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, cast

from fastapi import FastAPI
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import Match
from starlette.types import ASGIApp

from mingbai import __version__
from mingbai.serve import (
    completions,
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
from mingbai.serve.door import Door, by_key
from mingbai.serve.embeddings import MODEL as EMBEDDING_MODEL
from mingbai.serve.limits import CallerGone, read_body
from mingbai.serve.service import Service
from mingbai.values.errors import (
    MingbaiError,
    NotFound,
    Text,
)


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
            service.engine(model_id)
        return JSONResponse(_model(service, model_id))

    async def chat(request: Request) -> Response:
        return await completions.answered(service, request, request.state.key)

    async def embeddings(request: Request) -> Response:
        data = await read_body(request, service.settings.body_limit_bytes)
        if service.embeddings is None:
            raise service.no_model()
        return JSONResponse(await completions.waited(service, request, service.embeddings.answer(data)))

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
