"""The office's own: the shop in numbers, search, quality reports, speed and cost, keys, limits and the house style."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response
from starlette.requests import Request

from mingbai.receipt import figures
from mingbai.serve import documents, inventory, office_shapes, reports, shapes, wire
from mingbai.serve.keys import Key, Scope
from mingbai.serve.metrics import quantiles
from mingbai.serve.page import Page
from mingbai.serve.service import Service
from mingbai.shop import found
from mingbai.shop.skills.limits import Limits
from mingbai.shop.style import Style
from mingbai.values.errors import BadInput, NotFound, Text
from mingbai.values.records import Shop

KINDS = ("", "product", "policy", "review")
MOST_DAYS = 366


def add(app: FastAPI, service: Service, page: Page) -> None:
    def shop_of(request: Request) -> str:
        return page.shop_of(request.state.key.shop)

    async def search(request: Request) -> Response:
        text = wire.words(request, "q")
        kind = wire.words(request, "kind", KINDS)
        many = wire.number(request, "limit", most=100, default=10)
        if not text.strip():
            raise BadInput(
                Text("要写搜索的词。", "Say what to search for."), Text("例如 q=盖碗。", "For example q=gaiwan."),
                param="q", code="missing_parameter",
            )  # fmt: skip

        def look() -> dict[str, Any]:
            answer = found.found(page.search, page.records, shop_of(request), text, kind, many)
            return {"abstained": answer.abstained, "hits": [asdict(hit) for hit in answer.hits]}

        return JSONResponse(await asyncio.to_thread(look))

    async def shop(request: Request) -> Response:
        def look() -> dict[str, Any]:
            name = shop_of(request)
            with page.records.reading() as reader:
                row, stats = reader.get(name, Shop, name), reader.stats(name)
            said = row.record if row and isinstance(row.record, Shop) else Shop(name, name)
            first, last = (
                None if at is None else at.isoformat() for at in (stats.first_order_at, stats.last_order_at)
            )
            return {
                "shop": name, "name": {"zh": said.name_zh, "en": said.name_en}, "rows": stats.rows,
                "orders_by_state": stats.orders_by_state, "files": stats.files, "first_order_at": first, "last_order_at": last,
            }  # fmt: skip

        return JSONResponse(await asyncio.to_thread(look))

    async def listed() -> Response:
        return JSONResponse({"reports": await asyncio.to_thread(reports.listed, page.reports)})

    async def report(report: str) -> Response:
        return Response(
            await asyncio.to_thread(reports.read, page.reports, report), media_type="application/json"
        )

    async def numbers(request: Request) -> Response:
        days = wire.number(request, "days", most=MOST_DAYS, default=30)

        def look() -> dict[str, Any]:
            prices = {
                p.name: (p.price_in_minor_per_mtok, p.price_out_minor_per_mtok, p.currency)
                for p in page.places
            }
            log = page.receipts.log if page.receipts else None
            by_day = figures.priced(figures.by_day(log, days), prices) if log and days else []
            return {"by_day": by_day, "now": quantiles(service.metrics)}

        return JSONResponse(await asyncio.to_thread(look))

    async def keys(request: Request) -> Response:
        listed = await asyncio.to_thread(service.keys.list)
        return JSONResponse({"keys": [_key(key) for key in listed if _may_hold(request, key)]})

    async def make_key(request: Request) -> Response:
        said = await wire.body(request, office_shapes.KeyAsked, service)
        own = request.state.key.shop
        if own and said.shop not in ("", own):
            raise BadInput(
                Text("只能给自己的店铺建钥匙。", "Keys can be made for your own shop only."),
                Text("去掉 shop。", "Leave out shop."), param="shop", code="invalid_value",
            )  # fmt: skip
        made = await asyncio.to_thread(
            service.keys.create, Scope(said.scope), shop=said.shop or own, label=said.label, days=said.days
        )
        return JSONResponse({**_key(made.key), "key": made.secret})

    async def revoke(request: Request, key_id: str) -> Response:
        listed = await asyncio.to_thread(service.keys.list)
        if any(key.id == key_id and not _may_hold(request, key) for key in listed):
            raise NotFound(
                Text("没有这个钥匙。", "There is no such key."),
                Text("请刷新列表。", "Refresh the list."),
            )
        return JSONResponse(_key(await asyncio.to_thread(service.keys.revoke, key_id)))

    async def limits() -> Response:
        return JSONResponse(page.limits().as_json())

    async def set_limits(request: Request) -> Response:
        said = await wire.body(request, office_shapes.LimitsSaid, service)
        await asyncio.to_thread(page.limits.set, Limits.from_json(said.model_dump(mode="json")))
        return JSONResponse(page.limits().as_json())

    async def style() -> Response:
        return JSONResponse(page.style().as_json())

    async def set_style(request: Request) -> Response:
        said = await wire.body(request, shapes.StyleSaid, service)
        await asyncio.to_thread(page.style.set, Style.from_json(said.model_dump(mode="json")))
        return JSONResponse(page.style().as_json())

    answers, errs = documents.answers, (401, 403)

    def get(path: str, handler: Any, shape: Any, *statuses: int, **queried: Any) -> None:
        extra = wire.query("q", **queried) if queried else None
        inventory.add(
            app,
            "/v1/office" + path,
            handler,
            "GET",
            responses=answers(shape, *errs, *statuses),
            openapi_extra=extra,
        )

    def send(path: str, handler: Any, method: str, takes: Any, shape: Any) -> None:
        inventory.add(
            app, "/v1/office" + path, handler, method, responses=answers(shape, 400, *errs, 413),
            openapi_extra=documents.body(takes),
        )  # fmt: skip

    limit, day = ({"type": "integer", "minimum": 0, "maximum": most} for most in (100, MOST_DAYS))
    get("/search", search, office_shapes.SearchSaid, 400, q={"type": "string", "minLength": 1, "maxLength": 200, "pattern": r"\S"},
        kind={"enum": list(KINDS)}, limit=limit)  # fmt: skip
    get("/shop", shop, office_shapes.ShopSaid)
    get("/reports", listed, office_shapes.ReportsSaid)
    get("/reports/{report}", report, "application/json", 404)
    get("/figures", numbers, office_shapes.FiguresSaid, 400, days=day)
    get("/keys", keys, office_shapes.KeysSaid)
    get("/limits", limits, office_shapes.LimitsSaid)
    get("/style", style, shapes.StyleSaid)
    send("/keys", make_key, "POST", office_shapes.KeyAsked, office_shapes.KeyMade)
    send("/limits", set_limits, "PUT", office_shapes.LimitsSaid, office_shapes.LimitsSaid)
    send("/style", set_style, "PUT", shapes.StyleSaid, shapes.StyleSaid)
    inventory.add(
        app, "/v1/office/keys/{key_id}", revoke, "DELETE", responses=answers(office_shapes.KeyRow, *errs, 404)
    )


def _may_hold(request: Request, key: Key) -> bool:
    """An owner of one shop has to do with that shop's keys alone."""
    return request.state.key.shop in ("", key.shop)


def _key(key: Key) -> dict[str, Any]:
    return asdict(key)
