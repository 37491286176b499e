"""Logging in: a link or a key becomes a browser's session, in a cookie that no script and no other site can use."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response
from starlette.requests import Request

from mingbai.serve import documents, inventory, origin, shapes, wire
from mingbai.serve.keys import Scope
from mingbai.serve.origin import COOKIES
from mingbai.serve.page import Page
from mingbai.serve.service import Service
from mingbai.serve.sessions import NewSession, Session, Which
from mingbai.values.errors import BadInput, Busy, Forbidden, Text, Unauthenticated

VISITORS_A_MINUTE = 60


class _Visitors:
    """How many came in this minute."""

    def __init__(self) -> None:
        self._minute, self._count = 0, 0

    def come(self) -> None:
        minute = int(time.monotonic() // 60)
        if minute != self._minute:
            self._minute, self._count = minute, 0
        self._count += 1
        if self._count > VISITORS_A_MINUTE:
            raise Busy(
                Text("来访太多。", "Too many visitors."),
                Text("请一分钟后再试。", "Try again in a minute."),
                retry_after_seconds=60,
            )


def add(app: FastAPI, service: Service, page: Page) -> None:
    visitors = _Visitors()

    async def log_in(request: Request) -> Response:
        said = await wire.body(request, shapes.LogIn, service)
        if origin.is_foreign(request):
            raise origin.cross_site()
        sessions = page.sessions
        if said.once is not None:
            made = await asyncio.to_thread(sessions.by_link, said.once)
        elif said.key is not None:
            made = await asyncio.to_thread(sessions.by_key, said.key)
        elif said.counter:
            if service.settings.counter == "off" or (
                service.settings.counter == "loopback" and not origin.is_local(request)
            ):
                raise _closed()
            visitors.come()
            shop = await asyncio.to_thread(page.shop_of, said.shop) if said.shop else ""
            made = await asyncio.to_thread(sessions.visitor, shop)
        else:
            raise BadInput(
                Text("要写 once、key 或 counter 之一。", "One of once, key, counter is needed."),
                Text("见 docs/http.md。", "See docs/http.md."),
                code="missing_parameter",
            )
        return _with_cookie(service, request, made)

    async def who(request: Request) -> Response:
        return JSONResponse({which: _said(page, request, which) for which in COOKIES})

    async def log_out(request: Request) -> Response:
        which = wire.words(request, "which", tuple(COOKIES), default="desk")
        name = COOKIES["counter" if which == "counter" else "desk"]
        secret = request.cookies.get(name)
        if secret and not origin.is_same_origin(request):
            raise origin.cross_site()
        if secret:
            await asyncio.to_thread(page.sessions.end, secret)
        response = JSONResponse({"ended": True})
        response.delete_cookie(name, path="/")
        return response

    async def link(request: Request) -> Response:
        said = await wire.body(request, shapes.LinkAsked, service)
        key = request.state.key
        scope = Scope(said.scope)
        if key.scope is not Scope.OWNER and scope is not Scope.CUSTOMER:
            raise Forbidden(
                Text("店员只能给顾客开链接。", "Staff may make links for customers only."),
                Text("请店主来开。", "Ask the owner."),
            )
        seconds = said.minutes * 60
        session: Session | None = getattr(request.state, "session", None)
        made = key.id if session is None else session.by or session.made
        secret = await asyncio.to_thread(
            page.sessions.link, scope, shop=key.shop, customer=said.customer, seconds=seconds, made=made
        )
        until = datetime.fromtimestamp(int(time.time()) + seconds, UTC)
        return JSONResponse({"link": "/login#" + quote(secret), "expires": until.isoformat()})

    extra = documents.body(shapes.LogIn)
    inventory.add(
        app, "/v1/session", log_in, "POST", responses=documents.answers(shapes.SessionSaid, 400, 401, 403, 413, 429),
        openapi_extra=extra,
    )  # fmt: skip
    inventory.add(app, "/v1/session", who, "GET", responses=documents.answers(shapes.SessionsSaid))
    inventory.add(
        app, "/v1/session", log_out, "DELETE", responses=documents.answers(shapes.Ended, 400, 403),
        openapi_extra=wire.query(which={"enum": list(COOKIES)}),
    )  # fmt: skip
    inventory.add(
        app, "/v1/session/links", link, "POST", responses=documents.answers(shapes.LinkMade, 400, 401, 403, 413),
        openapi_extra=documents.body(shapes.LinkAsked),
    )  # fmt: skip


def _with_cookie(service: Service, request: Request, made: NewSession) -> Response:
    session = made.session
    response = JSONResponse(_of(session))
    response.set_cookie(
        COOKIES[session.which], made.secret, max_age=session.expires - session.created, path="/", httponly=True,
        samesite="strict", secure=bool(service.settings.tls_cert) or request.url.scheme == "https",
    )  # fmt: skip
    return response


def _said(page: Page, request: Request, which: Which) -> dict[str, Any] | None:
    secret = request.cookies.get(COOKIES[which])
    try:
        return _of(page.sessions.check(secret)) if secret else None
    except Unauthenticated:
        return None


def _of(session: Session) -> dict[str, Any]:
    until = datetime.fromtimestamp(session.expires, UTC).isoformat()
    return {"scope": session.scope, "shop": session.shop, "customer": session.customer, "expires": until}


def _closed() -> Forbidden:
    return Forbidden(
        Text("柜台没有对外开放。", "The counter is not open to visitors."),
        Text(
            '店主可在 mingbai.toml 里写 serve.counter = "open"，或给顾客登录链接。',
            'The owner may set serve.counter = "open" in mingbai.toml, or give customers login links.',
        ),
    )
