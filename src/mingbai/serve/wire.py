"""What the page's routes share: bodies parsed into shapes, numbers of a query, and waiting for a change."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from mingbai.serve import errors
from mingbai.serve.limits import read_body
from mingbai.serve.service import Service
from mingbai.turn.counter import Bell
from mingbai.values.errors import BadInput, Text

S = TypeVar("S", bound=BaseModel)
T = TypeVar("T")
MOST_WAIT_SECONDS = 25  # proxies cut what is silent for longer than half a minute
LOOK_SECONDS = 1.0  # a service that is closing is noticed within this


async def body(request: Request, shape: type[S], service: Service) -> S:
    data = await read_body(request, service.settings.body_limit_bytes)
    try:
        return shape.model_validate_json(data)
    except ValidationError as e:
        raise errors.from_validation(e) from None


def number(request: Request, name: str, *, most: int, default: int = 0) -> int:
    said = request.query_params.get(name)
    if said is None:
        return default
    if not said.isascii() or not said.isdecimal() or len(said) > 15 or int(said) > most:
        raise BadInput(
            Text(f"{name} 要写成 0 到 {most} 的整数。", f"{name} must be a whole number from 0 to {most}."),
            Text("请改正后再发。", "Correct it and send again."),
            param=name,
            code="invalid_value",
        )
    return int(said)


def words(
    request: Request, name: str, allowed: tuple[str, ...] = (), *, default: str = "", most: int = 200
) -> str:
    """A word of the query; one of `allowed`, if any are named."""
    said = request.query_params.get(name, default)
    if len(said) > most or (allowed and said not in allowed):
        wanted = "、".join(allowed) if allowed else f"≤ {most}"
        raise BadInput(
            Text(f"{name} 的值不合要求。", f"The value of {name} is not acceptable."),
            Text(f"可用：{wanted}。", f"It may be: {wanted}."),
            param=name,
            code="invalid_value",
        )
    return said


async def waited(
    service: Service, bell: Bell, seconds: float, look: Callable[[], Awaitable[T]], changed: Callable[[T], bool]
) -> T:  # fmt: skip
    """What `look` finds, as soon as it has changed, or when the time is over."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while True:
        rings = bell.now
        found = await look()
        left = end - loop.time()
        if changed(found) or left <= 0 or service.draining:
            return found
        try:
            async with asyncio.timeout(min(left, LOOK_SECONDS)):
                await rings.wait()
        except TimeoutError:
            continue


def query(must: str = "", **named: Any) -> dict[str, Any]:
    """The query's parameters for /openapi.json: a schema each; `must` is the one that may not be left out."""
    return {
        "parameters": [
            {"name": n, "in": "query", "required": n == must, "schema": s} for n, s in named.items()
        ]
    }


AFTER = {"type": "integer", "minimum": 0, "maximum": 10**15 - 1}
WAIT = {"type": "integer", "minimum": 0, "maximum": MOST_WAIT_SECONDS}
