"""The door: every request is held to its row of the inventory before any handler sees it, and every answer gets its headers.

1. A route without a row does not answer (404), whatever is registered. 2. Who asks is found out (`by_key`) and the scope compared.
3. A body over the row's limit is refused, also where no length was declared. 4. Headers go on every answer, errors too.
Not covered: what uvicorn itself answers to what is no HTTP (a bare 400).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mingbai.serve import errors, inventory
from mingbai.serve.inventory import Entry
from mingbai.serve.keys import Key, KeyStore
from mingbai.serve.limits import too_large
from mingbai.serve.logs import log
from mingbai.values.errors import Forbidden, MingbaiError, NotFound, Text, Unauthenticated
from mingbai.values.settings import ServeSettings

NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
# Scripts, styles, fonts and pictures from this service alone, none inline; pictures that a customer attached are blobs.
PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
EVERYWHERE = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
YEAR_SECONDS = 31_536_000


Admit: TypeAlias = Callable[[Entry, Request], None]  # leaves who asks in `request.state`, or raises why not


class Door:
    """Around everything else, so that nothing goes out beside it. `admit` is asked for every row that is not public."""

    def __init__(self, inner: ASGIApp, app: Starlette, admit: Admit, settings: ServeSettings) -> None:
        self._inner, self._app, self._admit, self._settings = inner, app, admit, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._inner(scope, receive, send)
            return
        if scope["type"] != "http":  # a websocket: there is none
            await send({"type": "websocket.close", "code": 1008})
            return
        entry: Entry | None = None
        try:
            entry = self._entry(scope)
            if entry is not None:
                if entry.scopes != "public":
                    self._admit(entry, Request(scope))
                receive = self._bounded(entry, scope, receive)
        except MingbaiError as e:
            await errors.reply(e)(scope, receive, self._headed(entry, send))
            return
        await self._inner(scope, receive, self._headed(entry, send))

    def _entry(self, scope: Scope) -> Entry | None:
        """The row of the route that will answer; None where none will (the router says which kind of no)."""
        for route in self._app.routes:
            match, _ = route.matches(scope)
            if match is not Match.FULL:
                continue
            path = str(getattr(route, "path", ""))
            method = "GET" if scope["method"] == "HEAD" else scope["method"]
            entry = inventory.of(path, method)
            if entry is None:
                log("undeclared", path=path[:80])
                raise NotFound(
                    Text(f"这里没有 {method} 这条路径。", f"There is no such route for {method}."),
                    Text("路径见 /openapi.json。", "Routes are in /openapi.json."),
                )
            return entry
        return None

    def _bounded(self, entry: Entry, scope: Scope, receive: Receive) -> Receive:
        """Raises `TooLarge` at once where the length is declared, else while the body is read."""
        limit = entry.limit_bytes(self._settings)
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdecimal() and int(declared) > limit:
            raise too_large(limit)
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise too_large(limit)
            return message

        return counted

    def _headed(self, entry: Entry | None, send: Send) -> Send:
        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._head(entry, MutableHeaders(raw=message["headers"]))
            await send(message)

        return headed

    def _head(self, entry: Entry | None, headers: MutableHeaders) -> None:
        is_page = entry is not None and entry.gives == "page"
        headers["Content-Security-Policy"] = PAGE if is_page else NOTHING
        for name, value in EVERYWHERE.items():
            headers[name] = value
        if self._settings.tls_cert:
            headers["Strict-Transport-Security"] = f"max-age={YEAR_SECONDS}"
        if is_page:
            headers.setdefault("Cache-Control", "no-cache")
        else:
            headers["Cache-Control"] = "no-store"


def by_key(keys: KeyStore) -> Admit:
    """Lets a good key of one of the row's scopes pass, and leaves it in `request.state.key`."""

    def admit(entry: Entry, request: Request) -> None:
        kind, _, secret = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not secret.strip():
            raise Unauthenticated(
                Text("缺少钥匙。", "The key is missing."),
                Text(
                    "请在请求头写 Authorization: Bearer mb-…，用 mingbai keys create 新建。",
                    "Send the header Authorization: Bearer mb-…; make one with mingbai keys create.",
                ),
            )
        key = keys.check(secret.strip())
        within(key, entry)
        request.state.key = key

    return admit


def within(key: Key, entry: Entry) -> None:
    """Raises `Forbidden` for a key of another scope than the row's."""
    if entry.scopes == "public" or key.scope in entry.scopes:
        return
    names = sorted(entry.scopes)
    raise Forbidden(
        Text(f"{key.scope} 钥匙不能用这里。", f"A {key.scope} key may not use this."),
        Text(f"请用范围为 {'、'.join(names)} 的钥匙。", f"Use a key of scope {', '.join(names)}."),
    )
