"""Errors as callers see them: OpenAI's shape, Chinese and English, and what to do next."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence

from fastapi.responses import JSONResponse
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from mingbai.permit.vault.vault import Erased
from mingbai.serve.limits import CallerGone
from mingbai.serve.logs import log
from mingbai.serve.schema import NOT_OFFERED
from mingbai.values.errors import (
    BadInput,
    Busy,
    DeadlineExceeded,
    EngineError,
    EngineInterrupted,
    EngineUnavailable,
    Forbidden,
    MaskFailed,
    MingbaiError,
    NotBuilt,
    NotFound,
    PlaceFailed,
    Text,
    TooLarge,
    Unauthenticated,
)

# First match wins: put the more exact class above its parent.
STATUS: tuple[tuple[type[MingbaiError], int, str], ...] = (
    (TooLarge, 413, "invalid_request_error"),
    (BadInput, 400, "invalid_request_error"),
    (Unauthenticated, 401, "authentication_error"),
    (Forbidden, 403, "permission_error"),
    (NotFound, 404, "invalid_request_error"),
    (Erased, 410, "invalid_request_error"),
    (NotBuilt, 501, "server_error"),
    (Busy, 429, "rate_limit_error"),
    (DeadlineExceeded, 504, "server_error"),
    (PlaceFailed, 502, "server_error"),
    (EngineInterrupted, 503, "server_error"),
    (MaskFailed, 503, "server_error"),
    (EngineUnavailable, 503, "server_error"),
    (EngineError, 500, "server_error"),
)
RETRY_SECONDS = 3  # a replaced child is ready within this
# pydantic's kinds of errors whose text holds the value that was sent, or words that were made from it.
REPEATING = frozenset(
    [
        "assertion_error", "bytes_invalid_encoding", "date_from_datetime_parsing", "date_parsing",
        "datetime_from_date_parsing", "datetime_object_invalid", "datetime_parsing", "get_attribute_error",
        "iteration_error", "json_invalid", "mapping_type", "time_delta_parsing", "time_parsing", "timezone_offset",
        "union_tag_invalid", "url_parsing", "url_syntax_violation", "uuid_parsing", "value_error",
    ]
)  # fmt: skip


def status_of(error: MingbaiError) -> int:
    return next((status for kind, status, _ in STATUS if isinstance(error, kind)), 500)


def payload(error: MingbaiError) -> dict[str, object]:
    """The `error` object. Holds nothing of what the caller's customers said."""
    kind = next((name for cls, _, name in STATUS if isinstance(error, cls)), "server_error")
    return {
        "error": {
            "message": f"{error.what} {error.mend}",
            "type": kind,
            "param": error.param,
            "code": error.code,
            "zh": error.what.zh,
            "en": error.what.en,
            "next_zh": error.mend.zh,
            "next_en": error.mend.en,
        }
    }


def reply(error: MingbaiError) -> JSONResponse:
    headers = {}
    match error:
        case Busy(retry_after_seconds=seconds):
            headers["Retry-After"] = str(seconds)
        case EngineUnavailable() | EngineInterrupted():
            headers["Retry-After"] = str(RETRY_SECONDS)
        case Unauthenticated():
            headers["WWW-Authenticate"] = "Bearer"
        case _:
            pass
    return JSONResponse(payload(error), status_of(error), headers)


def ours(error: BaseException, path: str) -> MingbaiError:
    """The error as one of ours. Of an unforeseen one the kind is logged, never the text, which may hold what was said."""
    if isinstance(error, MingbaiError):
        return error
    log("unforeseen", kind=type(error).__name__, path=path[:80])
    return MingbaiError(
        Text("服务内部出错。", "The service failed."),
        Text("请把时间告诉维护者，查看日志。", "Tell the operator the time; the log has the kind of error."),
    )


def ending(error: BaseException) -> str:
    """The word for how a chat ended that did not end well, for metrics and logs."""
    if isinstance(error, CallerGone | asyncio.CancelledError):
        return "cancelled"
    return error.code if isinstance(error, MingbaiError) else "unforeseen"


def event(error: MingbaiError) -> bytes:
    """The error as the last event of a stream that had already begun."""
    return b"data: " + json.dumps(payload(error), ensure_ascii=False).encode() + b"\n\n"


def not_json() -> BadInput:
    return BadInput(
        Text("请求体不是有效的 UTF-8 JSON。", "The body is not valid UTF-8 JSON."),
        Text("请检查编码、括号、引号和数字。", "Check the encoding, brackets, quotes and numbers."),
        code="invalid_json",
    )


def from_validation(error: ValidationError) -> BadInput:
    """The first thing wrong with a body, named by its place in it."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = _place(first["loc"])
    match first["type"]:
        case "json_invalid":
            return not_json()
        case "extra_forbidden":
            return _unknown(first, place)
        case "missing":
            return BadInput(
                Text(f"缺少参数 {place}。", f"Parameter {place} is missing."),
                Text("请补上后再发。", "Add it and send again."),
                param=place,
                code="missing_parameter",
            )
        case kind:
            why = "" if kind in REPEATING else f": {first['msg']}"
            return BadInput(
                Text(
                    f"参数 {place or 'body'} 的值不合要求。",
                    f"Parameter {place or 'body'} is not acceptable{why}.",
                ),
                Text("请对照 /openapi.json 改正。", "Compare it with /openapi.json."),
                param=place or None,
                code="invalid_value",
            )


def _unknown(first: ErrorDetails, place: str) -> BadInput:
    if str(first["loc"][-1]) in NOT_OFFERED:
        return BadInput(
            Text(f"参数 {place} 这里不提供。", f"Parameter {place} is not offered here."),
            Text("请去掉它再发。", "Leave it out and send again."),
            param=place,
            code="unsupported_parameter",
        )
    return BadInput(
        Text(f"不认识的参数 {place}。", f"Unknown parameter {place}."),
        Text("请检查拼写，或去掉它。", "Check the spelling, or leave it out."),
        param=place,
        code="unknown_parameter",
    )


def _place(loc: Sequence[int | str]) -> str:
    """`messages.0.content`; names made by the schema's unions are left out by length only."""
    return ".".join(str(part)[:64] for part in loc)[:200]
