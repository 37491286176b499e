"""Every route of the service, who may use it, what it takes and what it gives. What is not here does not answer.

To add a route: a row here, and `add(app, PATH, handler, …)` beside its handler. `serve/door.py` holds every request to
its row; a route that was registered without one keeps the service from starting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from fastapi import FastAPI, params
from fastapi.security import HTTPBearer
from starlette.routing import BaseRoute

from mingbai.serve.keys import Scope
from mingbai.values.errors import MingbaiError, Text
from mingbai.values.settings import ServeSettings

# What an answer may hold. `page`: files of the page, the same for everybody; `public`: says nothing of a person, also
# to strangers; `figures`: counts and states; `personal`: words or rows of people, kept by no cache.
Gives = Literal["page", "public", "figures", "personal"]
Takes = Literal["nothing", "message", "upload"]
Public = Literal["public"]

EVERY_KEY = frozenset(Scope)
INSIDERS = frozenset((Scope.STAFF, Scope.OWNER, Scope.ENGINEER))
OPERATORS = frozenset((Scope.OWNER, Scope.ENGINEER))


@dataclass(frozen=True, slots=True)
class Entry:
    """`scopes`: the keys that may pass, or `public` for everybody. A GET answers HEAD, too."""

    path: str
    methods: tuple[str, ...]
    scopes: frozenset[Scope] | Public
    gives: Gives
    takes: Takes = "nothing"

    def limit_bytes(self, settings: ServeSettings) -> int:
        limits = {"nothing": 0, "message": settings.body_limit_bytes, "upload": settings.upload_limit_bytes}
        return limits[self.takes]


GET, POST = ("GET",), ("POST",)
TABLE: tuple[Entry, ...] = (
    Entry("/healthz", GET, "public", "public"),
    Entry("/readyz", GET, "public", "public"),
    Entry("/.well-known/security.txt", GET, "public", "public"),
    Entry("/metrics", GET, OPERATORS, "figures"),
    Entry("/openapi.json", GET, EVERY_KEY, "public"),
    Entry("/v1/models", GET, EVERY_KEY, "public"),
    Entry("/v1/models/{model_id:path}", GET, EVERY_KEY, "public"),
    Entry("/v1/chat/completions", POST, EVERY_KEY, "personal", "message"),
    Entry("/v1/embeddings", POST, INSIDERS, "personal", "message"),
    Entry("/v1/receipts/{receipt_id}", GET, EVERY_KEY, "figures"),
    Entry("/v1/log/checkpoint", GET, EVERY_KEY, "public"),
    Entry("/v1/log/proof", GET, EVERY_KEY, "public"),
    Entry("/v1/log/keys", GET, EVERY_KEY, "public"),
    Entry("/v1/witness/add-checkpoint", POST, "public", "public", "message"),  # a log's signature is its key
)

bearer = HTTPBearer(auto_error=False, scheme_name="key", description="mb-… 钥匙 / key")


class UndeclaredRoute(MingbaiError):
    """A route was registered that the table does not name, or with methods that it does not."""

    code = "undeclared_route"


def of(path: str, table: Iterable[Entry] = ()) -> Entry | None:
    return next((entry for entry in table or TABLE if entry.path == path), None)


def add(app: FastAPI, path: str, handler: Callable[..., Any], **openapi: Any) -> None:
    """Register the handler for the methods that its row says; raises `UndeclaredRoute` where there is none."""
    entry = of(path)
    if entry is None:
        raise _undeclared(path, "")
    needs_key = (
        [] if entry.scopes == "public" else [params.Depends(bearer)]
    )  # for /openapi.json: the door decides
    app.add_api_route(path, handler, methods=list(entry.methods), dependencies=needs_key, **openapi)


def check(routes: Iterable[BaseRoute]) -> None:
    """Before anything is answered. Raises `UndeclaredRoute`; a table with two rows of one path is a fault, too."""
    paths = [entry.path for entry in TABLE]
    for twice in {path for path in paths if paths.count(path) > 1}:
        raise _undeclared(twice, "×2")
    for route in routes:
        path = str(getattr(route, "path", route))
        entry = of(path)
        methods: set[str] = getattr(route, "methods", None) or set()
        more = methods - {"HEAD"} - set(entry.methods) if entry else methods
        if entry is None or more:
            raise _undeclared(path, " ".join(sorted(more)))


def _undeclared(path: str, methods: str) -> UndeclaredRoute:
    return UndeclaredRoute(
        Text(f"路由 {methods} {path} 没有登记。", f"The route {methods} {path} is not declared."),
        Text(
            "在 serve/inventory.py 的表里写明谁能用、收什么、给什么。",
            "Say in the table of serve/inventory.py who may use it, what it takes and what it gives.",
        ),
    )
