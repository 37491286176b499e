"""The office's imports: files come in one by one, then all of them are taken in together."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response
from starlette.requests import Request

from mingbai.serve import documents, errors, inventory, office_shapes, wire
from mingbai.serve.limits import CallerGone
from mingbai.serve.page import Page
from mingbai.serve.service import Service
from mingbai.shop.intake.dropped import Drop
from mingbai.shop.intake.whole import Asked
from mingbai.values.errors import BadInput, NotFound, Text


def add(app: FastAPI, service: Service, page: Page) -> None:
    imports = page.imports

    def seen(request: Request, drop: Drop) -> bool:
        """A key of one shop sees that shop's: reports quote what stood in refused lines."""
        return request.state.key.shop in ("", drop.shop)

    def own(request: Request, import_id: str) -> Drop:
        drop = imports.get(import_id)
        if not seen(request, drop):
            raise NotFound(
                Text("没有这次导入。", "There is no such import."), Text("请重新开始。", "Start another.")
            )
        return drop

    async def begin(request: Request) -> Response:
        await wire.body(request, office_shapes.Nothing, service)
        loop = asyncio.get_running_loop()
        imports.changed = lambda: _rung(loop, page)  # the worker's thread has no loop of its own
        return JSONResponse({"import": (await asyncio.to_thread(imports.begin, request.state.key.shop)).id})

    async def receive(request: Request, import_id: str, name: str) -> Response:
        own(request, import_id)
        path = imports.place(import_id)
        size = await _written(request, path)
        imports.received(import_id, name, path, size)
        return JSONResponse({"name": name, "bytes": size})

    async def start(request: Request, import_id: str) -> Response:
        said = await wire.body(request, office_shapes.ImportStart, service)
        await asyncio.to_thread(_check_zone, said.timezone)
        asked = Asked(said.profile, request.state.key.shop, said.currency, said.timezone, said.dry_run)
        own(request, import_id)
        return JSONResponse(_said(imports.start(import_id, asked)))

    async def one(request: Request, import_id: str) -> Response:
        after = wire.number(request, "after", most=10**15 - 1)
        seconds = wire.number(request, "wait_seconds", most=wire.MOST_WAIT_SECONDS)

        async def look() -> Drop:
            return own(request, import_id)

        found = await wire.waited(service, page.imported, seconds, look, lambda drop: drop.seq > after)
        return JSONResponse(_said(found))

    async def everything(request: Request) -> Response:
        return JSONResponse({"imports": [_said(drop) for drop in imports.all() if seen(request, drop)]})

    answers, errs = documents.answers, (401, 403)
    path = "/v1/office/imports"
    inventory.add(app, path, everything, "GET", responses=answers(office_shapes.ImportsSaid, *errs))
    inventory.add(
        app, path, begin, "POST", responses=answers(office_shapes.ImportMade, 400, *errs, 413),
        openapi_extra=documents.body(office_shapes.Nothing),
    )  # fmt: skip
    inventory.add(
        app, path + "/{import_id}", one, responses=answers(office_shapes.ImportSaid, 400, *errs, 404),
        openapi_extra=wire.query(after=wire.AFTER, wait_seconds=wire.WAIT),
    )  # fmt: skip
    inventory.add(
        app, path + "/{import_id}/files/{name}", receive, responses=answers(office_shapes.FileSaid, 400, *errs, 404, 413),
        openapi_extra=documents.raw_body("application/octet-stream"),
    )  # fmt: skip
    inventory.add(
        app, path + "/{import_id}/start", start, responses=answers(office_shapes.ImportSaid, 400, *errs, 404, 413),
        openapi_extra=documents.body(office_shapes.ImportStart),
    )  # fmt: skip


async def _written(request: Request, path: Path) -> int:
    """The body into the file, piece by piece; how long it was. A broken-off one leaves no file."""

    def opened() -> BinaryIO:
        return path.open("xb")

    file = await asyncio.to_thread(opened)
    try:
        while True:
            message = await request.receive()
            if message["type"] == "http.disconnect":
                raise CallerGone
            await asyncio.to_thread(file.write, message.get("body", b""))
            if not message.get("more_body", False):
                return file.tell()
    except BaseException:
        await asyncio.to_thread(path.unlink, missing_ok=True)
        raise
    finally:
        await asyncio.to_thread(file.close)


def _rung(loop: asyncio.AbstractEventLoop, page: Page) -> None:
    with suppress(RuntimeError):  # the service is closing: nobody waits
        loop.call_soon_threadsafe(page.imported.ring)


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInput(
            Text("不认识这个时区。", "This time zone is not known."),
            Text("例如 Asia/Shanghai、Europe/Berlin。", "For example Asia/Shanghai, Europe/Berlin."),
            param="timezone",
            code="invalid_value",
        ) from None


def _said(drop: Drop) -> dict[str, Any]:
    return {
        "import": drop.id, "seq": drop.seq, "state": drop.state,
        "files": [{"name": f.name, "bytes": f.bytes} for f in drop.files], "done": drop.done, "total": drop.total,
        "report": drop.report, "error": errors.payload(drop.error)["error"] if drop.error else None,
    }  # fmt: skip
