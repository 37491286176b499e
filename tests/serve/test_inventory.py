"""Every route stands in one table; what does not is not answered, and every answer carries its headers."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

import httpx
import pytest
from fastapi.responses import PlainTextResponse
from starlette.routing import Mount, Route

from mingbai.engine.rehearsal import RehearsalEngine
from mingbai.serve import inventory
from mingbai.serve.app import build
from mingbai.serve.inventory import EVERY_KEY, TABLE, Entry, UndeclaredRoute
from mingbai.serve.keys import Scope
from mingbai.values.errors import SettingsError
from mingbai.values.settings import ServeSettings
from standing import CHAT, MODEL, Faltering, chat, stand

PUBLIC = {"/v1/session", "/healthz", "/readyz", "/.well-known/security.txt", "/v1/witness/add-checkpoint"}


def client(app, **headers) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://mingbai", headers=headers)


def test_every_route_that_is_registered_is_declared_and_the_other_way_round(paged):
    routes = build(paged.service).routes
    registered = [(route.path, method) for route in routes for method in set(route.methods) - {"HEAD"}]
    assert sorted(registered) == sorted((entry.path, method) for entry in TABLE for method in entry.methods)
    open_to_all = [e for e in TABLE if e.scopes == "public" and e.gives != "page"]
    assert {e.path for e in open_to_all} == PUBLIC
    # A session's route tells its own holder alone, by the cookie, who it is.
    assert all(e.gives == "public" for e in open_to_all if e.path != "/v1/session")


async def test_every_route_asks_for_its_key_and_no_other_scope(paged):
    app = build(paged.service)
    sessions = paged.service.page.sessions
    async with client(app) as caller:
        for entry in [e for e in TABLE if e.scopes != "public"]:
            path = re.sub(r"\{[^}]*\}", MODEL, entry.path)
            (method,) = entry.methods
            for given in ("", "Basic bWI6", "Bearer mb-x", "Bearer "):
                headers = {"Authorization": given, "Cookie": "mingbai-desk=x; mingbai-counter=x"}
                reply = await caller.request(method, path, headers=headers)
                assert reply.status_code == 401, (path, given)
            for scope in Scope:
                by_key = await caller.request(method, path, headers=paged.headers(scope))
                if entry.by == "counter":
                    assert by_key.status_code == 401, path
                else:
                    assert (by_key.status_code == 403) is (scope not in entry.scopes), (path, scope)
                once = await asyncio.to_thread(sessions.link, scope, seconds=60)
                made = await asyncio.to_thread(sessions.by_link, once)
                cookie = {
                    "Cookie": f"mingbai-{made.session.which}={made.secret}",
                    "Sec-Fetch-Site": "same-origin",
                }
                by_cookie = await caller.request(method, path, headers=cookie)
                at_counter = scope is Scope.CUSTOMER
                if entry.by == "any" or (entry.by == "counter") is at_counter:
                    assert (by_cookie.status_code == 403) is (scope not in entry.scopes), (path, scope)
                    assert by_cookie.status_code != 401, (path, scope)
                else:
                    assert by_cookie.status_code == 401, (path, scope)


@pytest.mark.parametrize("late", [False, True])
async def test_an_undeclared_route_keeps_the_service_from_starting_and_never_answers(standing, late):
    app = build(standing.service)

    async def open_to_all(request) -> PlainTextResponse:
        return PlainTextResponse("everything")

    extra = Mount("/files", open_to_all) if late else Route("/debug", open_to_all)
    app.router.routes.insert(0, extra)
    with pytest.raises(UndeclaredRoute):
        async with app.router.lifespan_context(app):
            pass
    async with client(app, **standing.headers()) as caller:
        reply = await caller.get("/files/x" if late else "/debug")
    assert (reply.status_code, "everything" in reply.text) == (404, False)


def test_a_method_more_is_undeclared(standing):
    app = build(standing.service)
    app.add_api_route("/v1/models", lambda: None, methods=["DELETE"])
    with pytest.raises(UndeclaredRoute, match="DELETE"):
        inventory.check(app.routes)
    with pytest.raises(UndeclaredRoute):
        inventory.add(app, "/v1/secrets", lambda: None)


def test_two_rows_of_one_path_are_a_fault(monkeypatch):
    monkeypatch.setattr(inventory, "TABLE", (*TABLE, Entry("/metrics", ("GET",), EVERY_KEY, "figures")))
    with pytest.raises(UndeclaredRoute):
        inventory.check([])


async def test_every_answer_has_its_headers_errors_too(tmp_path):
    standing = stand(tmp_path, Faltering(error=RuntimeError("顾客张三")))
    async with standing.caller() as owner:
        replies = [
            await owner.get("/healthz"),
            await owner.get("/v1/models"),
            await owner.get("/nowhere"),
            await owner.request("PATCH", CHAT),
            await owner.get("/metrics", headers={"Authorization": ""}),
            await owner.post(CHAT, content=b"x" * (3 * 1024 * 1024)),
            await owner.post(CHAT, json=chat()),
        ]
    assert [r.status_code for r in replies] == [200, 200, 404, 405, 401, 413, 500]
    for reply in replies:
        assert "default-src 'none'" in reply.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in reply.headers["content-security-policy"]
        assert "unsafe" not in reply.headers["content-security-policy"]
        assert reply.headers["cross-origin-opener-policy"] == "same-origin"
        assert reply.headers["cross-origin-embedder-policy"] == "require-corp"
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["referrer-policy"] == "no-referrer"
        assert reply.headers["cache-control"] == "no-store"
        assert "strict-transport-security" not in reply.headers


async def test_a_stream_has_them_too_and_tls_says_so(tmp_path):
    standing = stand(tmp_path, RehearsalEngine(), settings=ServeSettings(tls_cert="c.pem", tls_key="k.pem"))
    async with standing.caller() as owner:
        reply = await owner.post(CHAT, json=chat(stream=True))
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["strict-transport-security"].startswith("max-age=")


async def test_what_takes_nothing_is_sent_nothing(standing):
    async with standing.caller() as owner:
        assert (await owner.request("GET", "/v1/models", content=b"{}")).status_code == 413


async def test_who_to_tell_of_a_hole(tmp_path):
    unset = stand(tmp_path, RehearsalEngine())
    said = stand(
        tmp_path / "said", RehearsalEngine(),
        settings=ServeSettings(security_contact="mailto:security@tea.example, https://tea.example/report"),
    )  # fmt: skip
    async with client(build(unset.service)) as stranger:
        assert (await stranger.get("/.well-known/security.txt")).status_code == 404
    async with client(build(said.service)) as stranger:
        reply = await stranger.get("/.well-known/security.txt")
    assert reply.headers["content-type"].startswith("text/plain")
    lines = reply.text.splitlines()
    assert lines[:2] == ["Contact: mailto:security@tea.example", "Contact: https://tea.example/report"]
    assert any(re.fullmatch(r"Expires: \d{4}-\d\d-\d\dT00:00:00Z", line) for line in lines)
    for wrong in ("security@tea.example", "http://tea.example", "mailto:a b@tea.example"):
        service = replace(unset.service, settings=ServeSettings(security_contact=wrong))
        with pytest.raises(SettingsError):
            build(service)
