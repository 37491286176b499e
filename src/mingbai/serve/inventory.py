"""Every route of the service, who may use it, what it takes and what it gives. What is not here does not answer.

To add a route: a row here, and `add(app, PATH, handler, …)` beside its handler. `serve/door.py` holds every request to
its row; a route that was registered without one keeps the service from starting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from fastapi import FastAPI, params
from fastapi.security import APIKeyCookie, HTTPBearer
from starlette.routing import BaseRoute

from mingbai.serve.keys import Scope
from mingbai.serve.origin import COOKIES
from mingbai.values.errors import MingbaiError, Text
from mingbai.values.settings import ServeSettings

# What an answer may hold. `page`: files of the page, the same for everybody; `public`: says nothing of a person, also
# to strangers; `figures`: counts and states; `personal`: words or rows of people, kept by no cache.
Gives = Literal["page", "public", "figures", "personal"]
Takes = Literal["nothing", "message", "upload"]
Public = Literal["public"]
By = Literal["key", "counter", "any"]

EVERY_KEY = frozenset(Scope)
INSIDERS = frozenset((Scope.STAFF, Scope.OWNER, Scope.ENGINEER))
OPERATORS = frozenset((Scope.OWNER, Scope.ENGINEER))
STAFF = frozenset((Scope.STAFF, Scope.OWNER))
OWNER = frozenset((Scope.OWNER,))
CUSTOMER = frozenset((Scope.CUSTOMER,))


@dataclass(frozen=True, slots=True)
class Entry:
    """`scopes`: the keys that may pass, or `public` for everybody. A GET answers HEAD, too. `by`: what shows who asks: a key
    or the desk's session, a counter's session alone, or any of them. A path may have a row for each of its methods."""

    path: str
    methods: tuple[str, ...]
    scopes: frozenset[Scope] | Public
    gives: Gives
    takes: Takes = "nothing"
    by: By = "key"

    def limit_bytes(self, settings: ServeSettings) -> int:
        limits = {"nothing": 0, "message": settings.body_limit_bytes, "upload": settings.upload_limit_bytes}
        return limits[self.takes]


GET, POST, PUT, DELETE = ("GET",), ("POST",), ("PUT",), ("DELETE",)
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
    Entry("/v1/receipts/{receipt_id}", GET, EVERY_KEY, "figures", by="any"),
    Entry("/v1/log/checkpoint", GET, EVERY_KEY, "public", by="any"),
    Entry("/v1/log/proof", GET, EVERY_KEY, "public", by="any"),
    Entry("/v1/log/keys", GET, EVERY_KEY, "public", by="any"),
    Entry("/v1/witness/add-checkpoint", POST, "public", "public", "message"),  # a log's signature is its key
    # The page: its files, its sessions, and what counter, desk and office ask for.
    Entry("/", GET, "public", "page"),
    Entry("/login", GET, "public", "page"),
    Entry("/desk", GET, "public", "page"),
    Entry("/office", GET, "public", "page"),
    Entry("/verify", GET, "public", "page"),
    Entry("/assets/{name:path}", GET, "public", "page"),
    Entry("/v1/session", GET, "public", "personal"),
    Entry("/v1/session", POST, "public", "personal", "message"),
    Entry("/v1/session", DELETE, "public", "personal"),
    Entry("/v1/session/links", POST, STAFF, "personal", "message"),
    Entry("/v1/counter", GET, CUSTOMER, "public", by="counter"),
    Entry("/v1/counter/conversation", GET, CUSTOMER, "personal", by="counter"),
    Entry("/v1/counter/messages", POST, CUSTOMER, "personal", "message", by="counter"),
    Entry("/v1/counter/pictures", POST, CUSTOMER, "personal", "message", by="counter"),
    Entry("/v1/counter/pictures/{picture_id}", GET, CUSTOMER, "personal", by="counter"),
    Entry("/v1/counter/state", POST, CUSTOMER, "personal", "message", by="counter"),
    Entry("/v1/desk/talks", GET, STAFF, "personal"),
    Entry("/v1/desk/talks/{talk_id}", GET, STAFF, "personal"),
    Entry("/v1/desk/talks/{talk_id}/state", POST, STAFF, "personal", "message"),
    Entry("/v1/desk/talks/{talk_id}/messages", POST, STAFF, "personal", "message"),
    Entry("/v1/desk/talks/{talk_id}/draft", POST, STAFF, "personal", "message"),
    Entry("/v1/desk/talks/{talk_id}/rights", GET, STAFF, "figures"),
    Entry("/v1/desk/pictures/{picture_id}", GET, STAFF, "personal"),
    Entry("/v1/desk/skills", GET, STAFF, "public"),
    Entry("/v1/desk/plans", POST, STAFF, "personal", "message"),
    Entry("/v1/desk/plans/{plan_id}/confirm", POST, STAFF, "personal", "message"),
    Entry("/v1/desk/actions", GET, STAFF, "personal"),
    Entry("/v1/desk/actions/{action_no}/undo", POST, STAFF, "personal", "message"),
    Entry("/v1/office/imports", GET, OWNER, "personal"),
    Entry("/v1/office/imports", POST, OWNER, "figures", "message"),
    Entry("/v1/office/imports/{import_id}", GET, OWNER, "personal"),
    Entry("/v1/office/imports/{import_id}/files/{name}", PUT, OWNER, "figures", "upload"),
    Entry("/v1/office/imports/{import_id}/start", POST, OWNER, "personal", "message"),
    Entry("/v1/office/search", GET, OWNER, "personal"),
    Entry("/v1/office/shop", GET, OWNER, "figures"),
    Entry("/v1/office/reports", GET, OPERATORS, "figures"),
    Entry("/v1/office/reports/{report}", GET, OPERATORS, "figures"),
    Entry("/v1/office/figures", GET, OPERATORS, "figures"),
    Entry("/v1/office/places", GET, OPERATORS, "figures"),
    Entry("/v1/office/policy", GET, OPERATORS, "figures"),
    Entry("/v1/office/policy/matrix", GET, OPERATORS, "figures"),
    Entry("/v1/office/policy/explain", POST, OPERATORS, "figures", "message"),
    Entry("/v1/office/people/{customer}/consents", GET, OWNER, "personal"),
    Entry("/v1/office/people/{customer}/consents", POST, OWNER, "personal", "message"),
    Entry("/v1/office/people/{customer}/export", GET, OWNER, "personal"),
    Entry("/v1/office/people/{customer}/erase", POST, OWNER, "personal", "message"),
    Entry("/v1/office/notices", GET, OWNER, "public"),
    Entry("/v1/office/notices", POST, OWNER, "public", "message"),
    Entry("/v1/office/keys", GET, OWNER, "figures"),
    Entry("/v1/office/keys", POST, OWNER, "personal", "message"),
    Entry("/v1/office/keys/{key_id}", DELETE, OWNER, "figures"),
    Entry("/v1/office/limits", GET, OWNER, "figures"),
    Entry("/v1/office/limits", PUT, OWNER, "figures", "message"),
    Entry("/v1/office/style", GET, OWNER, "figures"),
    Entry("/v1/office/style", PUT, OWNER, "figures", "message"),
    # Last, so that it takes no other path: the page's few files that must lie at the top, as its service worker.
    Entry("/{name}", GET, "public", "page"),
)

# For /openapi.json, which of them may stand there; the door decides.
bearer = HTTPBearer(auto_error=False, scheme_name="key", description="mb-… 钥匙 / key")
desk_cookie = APIKeyCookie(name=COOKIES["desk"], auto_error=False, scheme_name="desk")
counter_cookie = APIKeyCookie(name=COOKIES["counter"], auto_error=False, scheme_name="counter")
SHOWN_BY: dict[By, tuple[Any, ...]] = {
    "key": (bearer, desk_cookie), "counter": (counter_cookie,), "any": (bearer, desk_cookie, counter_cookie),
}  # fmt: skip


class UndeclaredRoute(MingbaiError):
    """A route was registered that the table does not name, or with methods that it does not."""

    code = "undeclared_route"


def of(path: str, method: str = "", table: Iterable[Entry] = ()) -> Entry | None:
    """The row of a path, and of that method where the path has several."""
    rows = [entry for entry in table or TABLE if entry.path == path]
    return next(
        (entry for entry in rows if method in entry.methods), None if method else next(iter(rows), None)
    )


def add(app: FastAPI, path: str, handler: Callable[..., Any], method: str = "", **openapi: Any) -> None:
    """Register the handler for the methods that its row says (`method`: which row, where the path has several); raises
    `UndeclaredRoute` where there is none."""
    entry = of(path, method)
    if entry is None:
        raise _undeclared(path, method)
    shown = () if entry.scopes == "public" else SHOWN_BY[entry.by]
    needs = [params.Depends(each) for each in shown]
    app.add_api_route(path, handler, methods=list(entry.methods), dependencies=needs, **openapi)


def check(routes: Iterable[BaseRoute]) -> None:
    """Before anything is answered. Raises `UndeclaredRoute`; two rows of one path and method are a fault, too."""
    rows = [(entry.path, method) for entry in TABLE for method in entry.methods]
    for path, method in {row for row in rows if rows.count(row) > 1}:
        raise _undeclared(path, f"{method} ×2")
    for route in routes:
        path = str(getattr(route, "path", route))
        methods: set[str] = getattr(route, "methods", None) or set()
        more = {method for method in methods - {"HEAD"} if of(path, method) is None}
        if more or of(path) is None:
            raise _undeclared(path, " ".join(sorted(more)))


def _undeclared(path: str, methods: str) -> UndeclaredRoute:
    return UndeclaredRoute(
        Text(f"路由 {methods} {path} 没有登记。", f"The route {methods} {path} is not declared."),
        Text(
            "在 serve/inventory.py 的表里写明谁能用、收什么、给什么。",
            "Say in the table of serve/inventory.py who may use it, what it takes and what it gives.",
        ),
    )
