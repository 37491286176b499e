"""What /openapi.json says beside the requests: the shapes of replies and errors, and the statuses of each route."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import models_json_schema

from mingbai.serve.embeddings import EmbeddingsRequest
from mingbai.serve.schema import ChatRequest


class Answer(BaseModel):
    """A shape that replies have. Nothing beside it is sent, so that the fuzzer finds what is not documented."""

    model_config = ConfigDict(extra="forbid")


class ErrorBody(Answer):
    message: str
    type: str
    param: str | None
    code: str
    zh: str
    en: str
    next_zh: str
    next_en: str


class Error(Answer):
    """Every error of every route, also as the last event of a stream that broke off."""

    error: ErrorBody


class Model(Answer):
    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class ModelList(Answer):
    object: Literal["list"]
    data: list[Model]


class Alternative(Answer):
    token: str
    logprob: float
    bytes: list[Annotated[int, Field(ge=0, le=255)]]


class TokenLogprob(Alternative):
    top_logprobs: Annotated[list[Alternative], Field(max_length=20)]


class Logprobs(Answer):
    content: list[TokenLogprob]
    refusal: None


class FunctionCalled(Answer):
    name: str
    arguments: str


class CallAnswered(Answer):
    id: str
    type: Literal["function"]
    function: FunctionCalled


class MessageAnswered(Answer):
    role: Literal["assistant"]
    content: str | None
    refusal: None
    tool_calls: Annotated[list[CallAnswered], Field(min_length=1)] = []


class Choice(Answer):
    index: Literal[0]
    message: MessageAnswered
    logprobs: Logprobs | None
    finish_reason: Literal["stop", "length", "tool_calls"]


class PromptDetails(Answer):
    cached_tokens: int


class Usage(Answer):
    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    prompt_tokens_details: PromptDetails


class RowRead(Answer):
    kind: str
    key: str
    file: str
    line: int


class RuleUsed(Answer):
    id: str
    source: str


class FactSaid(Answer):
    name: str
    about: str
    text: str
    sources: list[RowRead]
    rule: RuleUsed | None


class IntentGuessed(Answer):
    name: str
    p: float


class PassageCited(Answer):
    kind: str
    key: str
    title: str


class SlotNeeded(Answer):
    slot: str
    choices: list[str]


class Extra(Answer):
    """Ours, beside `choices`. `masked` and `placeholders_unknown` (left as they are in the text) also of a raw model elsewhere;
    what else follows `attempts` is the desk's alone."""

    place: str
    lane: Literal["shared", "replay"]
    attempts: int
    receipt: str | None = None
    conversation: str | None = None
    intents: list[IntentGuessed] = []
    lang: str | None = None
    facts: list[FactSaid] = []
    passages: list[PassageCited] = []
    masked: dict[str, int] = {}
    placeholders_unknown: int | None = None
    checked: bool | None = None
    failed_checks: list[str] = []
    phrased_by: Literal["model", "template", ""] | None = None
    model_sentences: int | None = None
    handoff: bool | None = None
    refused: list[str] = []
    needs: list[SlotNeeded] = []
    proposal: str | None = None
    done: str | None = None
    label: str | None = None
    seconds: dict[str, float] = {}


class ChatCompletion(Answer):
    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[Choice]
    usage: Usage
    mingbai: Extra


class FunctionPiece(Answer):
    name: str = ""
    arguments: str


class CallPiece(Answer):
    """`id`, `type` and the name come with the first piece of a call only."""

    index: int
    id: str = ""
    type: Literal["function"] = "function"
    function: FunctionPiece


class Delta(Answer):
    role: Literal["assistant"] = "assistant"
    content: str = ""
    refusal: None = None
    tool_calls: list[CallPiece] = []


class ChunkChoice(Answer):
    index: Literal[0]
    delta: Delta
    logprobs: Logprobs | None
    finish_reason: Literal["stop", "length", "tool_calls"] | None


class ChatCompletionChunk(Answer):
    """`usage` stands in the last chunk, which has no choices, if stream_options.include_usage asked for it."""

    id: str
    object: Literal["chat.completion.chunk"]
    created: int
    model: str
    choices: Annotated[list[ChunkChoice], Field(max_length=1)]
    usage: Usage | None = None
    mingbai: Extra | None = None


class Embedding(Answer):
    """`embedding` is a list of numbers, or with base64 their little-endian float32 bytes."""

    object: Literal["embedding"]
    index: int
    embedding: list[float] | str


class EmbeddingUsage(Answer):
    prompt_tokens: int
    total_tokens: int


class EmbeddingList(Answer):
    object: Literal["list"]
    model: str
    data: list[Embedding]
    usage: EmbeddingUsage


class Health(Answer):
    status: Literal["ok"]


class LogProof(Answer):
    """The hashes, base64, that show entry `index` (inclusion) and the first `old` entries (consistency) to be in the log
    of `size`: of the newest where the log has not reached the size asked for. Null where there is no such entry or size."""

    object: Literal["log.proof"]
    size: int
    inclusion: list[str] | None = None
    consistency: list[str] | None = None


class Readiness(Answer):
    """`state` is one of starting, ready, serving, draining, failed; 200 only for ready and serving."""

    state: Literal["starting", "ready", "serving", "draining", "failed"]
    place: str
    model: str


SHAPES = (
    ChatRequest, EmbeddingsRequest, Error, ModelList, Model, ChatCompletion, ChatCompletionChunk, EmbeddingList, Health,
    LogProof, Readiness,
)  # fmt: skip
WORDS = {
    400: "不能用的请求 / a request that cannot be used",
    401: "没有钥匙或钥匙无效 / no key, or not a good one",
    403: "钥匙的范围不够 / the key's scope is not enough",
    404: "没有 / not found",
    410: "已删除 / erased",
    413: "太大 / too large",
    429: "排队已满 / the queue is full",
    501: "这个服务没有 / not in this service",
    502: "模型所在处出错 / the place failed",
    503: "模型没有准备好 / the model is not ready",
    504: "超时 / the time allowed ran out",
}


def ref(shape: type[BaseModel]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{shape.__name__}"}


# One event of a stream, as OpenAPI 3.2 describes it; readers of 3.1 pass over a keyword they do not know.
EVENT = {
    "type": "object",
    "required": ["data"],
    "properties": {
        "data": {
            "anyOf": [
                {"const": "[DONE]"},
                {
                    "type": "string",
                    "contentMediaType": "application/json",
                    "contentSchema": {"anyOf": [ref(ChatCompletionChunk), ref(Error)]},
                },
            ]
        }
    },
}


def answers(
    shape: type[BaseModel] | str, *statuses: int, stream: bool = False
) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route: the shape (or only the media type) of a 200, and the statuses of its errors."""
    content: dict[str, Any] = (
        {shape: {}} if isinstance(shape, str) else {"application/json": {"schema": ref(shape)}}
    )
    if stream:
        content["text/event-stream"] = {"itemSchema": EVENT}
    table: dict[int | str, dict[str, Any]] = {200: {"description": "OK", "content": content}}
    for status in statuses:
        table[status] = {
            "description": WORDS[status],
            "content": {"application/json": {"schema": ref(Error)}},
        }
    return table


def body(shape: type[BaseModel]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": ref(shape)}}}}


def raw_body(*types: str) -> dict[str, Any]:
    """A body that is a file."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in types}
    return {"requestBody": {"required": True, "content": content}}


PROOF_QUERY = {
    "parameters": [
        {
            "name": name,
            "in": "query",
            "required": False,
            "schema": {"type": "integer", "minimum": 0, "maximum": 10**15 - 1},
        }
        for name in ("index", "old", "size")
    ]
}
CHECKPOINT_BODY: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string"}}}}
}
WITNESSED: dict[int | str, dict[str, Any]] = {  # C2SP tlog-witness; its refusals are bare, 413 is ours
    200: {"description": "The cosignature's line", "content": {"text/plain": {}}},
    400: {"description": "No such request", "content": {"text/plain": {}}},
    403: {"description": "Not signed by the log's key", "content": {"text/plain": {}}},
    404: {"description": "Not a log that is signed for here", "content": {"text/plain": {}}},
    409: {"description": "The size that was signed last", "content": {"text/x.tlog.size": {}}},
    413: {"description": WORDS[413], "content": {"application/json": {"schema": ref(Error)}}},
    422: {"description": "It did not grow from what was signed last", "content": {"text/plain": {}}},
}
CHAT_BODY = body(ChatRequest)
EMBEDDINGS_BODY = body(EmbeddingsRequest)


def document(app: FastAPI, more: Sequence[type[BaseModel]] = ()) -> dict[str, Any]:
    """The OpenAPI document, whole. `more`: the page's shapes."""
    made = get_openapi(
        title="Mingbai 明白",
        version=app.version,
        routes=app.routes,
        description="OpenAI-compatible chat on verified weights. 与 OpenAI 兼容的对话接口。",
    )
    known: list[type[BaseModel]] = [*SHAPES, *more]
    _, shapes = models_json_schema(
        [(shape, "validation") for shape in known], ref_template="#/components/schemas/{model}"
    )
    made.setdefault("components", {})["schemas"] = shapes["$defs"]
    for path in made["paths"].values():
        for operation in path.values():
            operation["responses"].pop(
                "422", None
            )  # FastAPI's own; what is wrong with a request is a 400 here
    return made
