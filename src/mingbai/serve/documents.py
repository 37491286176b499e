"""What /openapi.json says beside the requests: the shapes of replies and errors, and the statuses of each route."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from mingbai.serve.schema import ChatRequest


class ErrorBody(BaseModel):
    message: str
    type: str
    param: str | None
    code: str
    zh: str
    en: str
    next_zh: str
    next_en: str


class Error(BaseModel):
    """Every error of every route."""

    error: ErrorBody


class Model(BaseModel):
    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class ModelList(BaseModel):
    object: Literal["list"]
    data: list[Model]


class Choice(BaseModel):
    index: int
    message: dict[str, Any]
    logprobs: dict[str, Any] | None
    finish_reason: Literal["stop", "length", "tool_calls"]


class Usage(BaseModel):
    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    prompt_tokens_details: dict[str, int]


class Extra(BaseModel):
    place: str
    lane: Literal["shared", "replay"]
    attempts: int


class ChatCompletion(BaseModel):
    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[Choice]
    usage: Usage
    mingbai: Extra


class Health(BaseModel):
    status: Literal["ok"]


class Readiness(BaseModel):
    """`state` is one of starting, ready, serving, draining, failed; 200 only for ready and serving."""

    state: Literal["starting", "ready", "serving", "draining", "failed"]
    place: str
    model: str


SHAPES = (ChatRequest, Error, ModelList, Model, ChatCompletion, Health, Readiness)
WORDS = {
    400: "不能用的请求 / a request that cannot be used",
    401: "没有钥匙或钥匙无效 / no key, or not a good one",
    403: "钥匙的范围不够 / the key's scope is not enough",
    404: "没有 / not found",
    413: "太大 / too large",
    429: "排队已满 / the queue is full",
    502: "模型所在处出错 / the place failed",
    503: "模型没有准备好 / the model is not ready",
    504: "超时 / the time allowed ran out",
}


def ref(shape: type[BaseModel]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{shape.__name__}"}


def answers(
    shape: type[BaseModel] | str, *statuses: int, stream: bool = False
) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route: the shape (or only the media type) of a 200, and the statuses of its errors."""
    content: dict[str, Any] = (
        {shape: {}} if isinstance(shape, str) else {"application/json": {"schema": ref(shape)}}
    )
    if stream:
        content["text/event-stream"] = {"schema": {"type": "string"}}
    table: dict[int | str, dict[str, Any]] = {200: {"description": "OK", "content": content}}
    for status in statuses:
        table[status] = {
            "description": WORDS[status],
            "content": {"application/json": {"schema": ref(Error)}},
        }
    return table


CHAT_BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": ref(ChatRequest)}}}}


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, whole."""
    made = get_openapi(
        title="Mingbai 明白",
        version=app.version,
        routes=app.routes,
        description="OpenAI-compatible chat on verified weights. 与 OpenAI 兼容的对话接口。",
    )
    _, shapes = models_json_schema(
        [(shape, "validation") for shape in SHAPES], ref_template="#/components/schemas/{model}"
    )
    made.setdefault("components", {})["schemas"] = shapes["$defs"]
    return made
