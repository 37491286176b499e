"""The counter's routes: a customer's session has one open conversation, and sees and changes nothing but it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any, cast

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response
from starlette.requests import Request

from mingbai.serve import documents, errors, inventory, shapes, talks, wire
from mingbai.serve.limits import read_body
from mingbai.serve.logs import log
from mingbai.serve.page import Page
from mingbai.serve.service import Service
from mingbai.serve.sessions import Session
from mingbai.serve.stream import EventStream
from mingbai.turn.counter import Heard, Over, Word
from mingbai.turn.desk import LABEL
from mingbai.values.errors import BadInput, EngineUnavailable, NotFound, Text
from mingbai.values.talk import Talk

DESK_MODEL = "mingbai"  # as chats with the desk are counted
NEVER = datetime.fromtimestamp(0, UTC)
PICTURES_A_MINUTE = 6  # of one visitor
PICTURE_BYTES = 2 * 1024 * 1024
# What a file begins with says what it is, whatever it is called.
SIGNS = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n", "image/webp": b"RIFF"}


def add(app: FastAPI, service: Service, page: Page) -> None:
    running: set[asyncio.Task[None]] = set()

    async def own(request: Request) -> Talk | None:
        return await asyncio.to_thread(page.counter.kept.of_holder, _session(request).id)

    async def begun(request: Request, lang: str = "") -> Talk:
        session = _session(request)
        hours = await asyncio.to_thread(page.counter.hours, session.shop)
        return await page.counter.begun(session.id, hours.shop, session.customer, lang)

    async def about(request: Request) -> Response:
        def look() -> dict[str, Any]:
            hours = page.counter.hours(_session(request).shop)
            _, waiting = page.counter.kept.line(Talk("", hours.shop, "", "desk", NEVER, 0))
            return {
                "shop": hours.shop, "name": {"zh": hours.name_zh, "en": hours.name_en},
                "hours": {"zh": hours.zh, "en": hours.en}, "open_now": hours.open_now, "waiting": waiting,
                "style": page.style().as_json(), "label": LABEL, "engine": service.state(),
                "pictures": {"types": list(SIGNS), "most_bytes": PICTURE_BYTES},
            }  # fmt: skip

        return JSONResponse(await asyncio.to_thread(look))

    async def conversation(request: Request) -> Response:
        after = wire.number(request, "after", most=10**15 - 1)
        seconds = wire.number(request, "wait_seconds", most=wire.MOST_WAIT_SECONDS)
        _, said = await talks.of(service, page, await own(request), after, seconds)
        return JSONResponse(said)

    async def say(request: Request) -> Response:
        said = await wire.body(request, shapes.CustomerSays, service)
        if service.draining:
            raise EngineUnavailable(
                Text("服务正在关闭。", "The service is shutting down."),
                Text("请稍后再试。", "Try again later."),
            )
        service.rates.take("counter", service.settings.turns_per_minute_of_key)
        service.rates.take(_session(request).id, service.settings.turns_per_minute)
        talk = await begun(request, said.lang)
        queue: asyncio.Queue[bytes | BaseException | None] = asyncio.Queue()

        async def answer() -> None:
            """Goes on when the customer's connection is lost: what was begun is kept whole."""
            service.open += 1
            meter = service.metrics.of(DESK_MODEL)
            try:
                turn = page.counter.say(talk, said.text, order=said.order, item=said.item, lang=said.lang)
                async with aclosing(turn) as events:
                    async for event in events:
                        if isinstance(event, Word):
                            meter.first()
                        queue.put_nowait(_line(await _shown(page, event)))
                meter.over("ok")
                queue.put_nowait(None)
            except BaseException as e:
                meter.over(errors.ending(e))
                queue.put_nowait(e)
                if not isinstance(e, Exception):
                    raise
            finally:
                service.open -= 1

        task = asyncio.create_task(answer())
        running.add(task)
        task.add_done_callback(running.discard)
        first = await queue.get()
        if isinstance(first, BaseException):
            raise first
        return EventStream(
            first or b"", _rest(queue), lambda code: log("counter", code=code, key=talk.holder)
        )

    async def picture(request: Request) -> Response:
        service.rates.take(_session(request).id + ".pictures", PICTURES_A_MINUTE)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        data = await read_body(request, PICTURE_BYTES)
        sign = SIGNS.get(kind)
        if sign is None or not data.startswith(sign) or (kind == "image/webp" and data[8:12] != b"WEBP"):
            raise BadInput(
                Text("这不是能用的图片。", "This is no picture that can be used."),
                Text("请发 JPEG、PNG 或 WebP，2 MB 以内。", "Send a JPEG, PNG or WebP of at most 2 MB."),
                code="not_a_picture",
            )
        said = await page.counter.show(await begun(request), kind, data)
        return JSONResponse(talks.message(said))

    async def picture_back(request: Request, picture_id: str) -> Response:
        talk = await own(request)
        of, kind, data = await asyncio.to_thread(page.counter.kept.picture, picture_id)
        if talk is None or of != talk.id:
            raise NotFound(
                Text("没有这张图片。", "There is no such picture."),
                Text("请刷新对话。", "Refresh the conversation."),
            )
        return Response(data, media_type=kind)

    async def move(request: Request) -> Response:
        said = await wire.body(request, shapes.CounterMove, service)
        talk = await page.counter.move(await begun(request), said.state, reason="asked")
        return JSONResponse(await asyncio.to_thread(talks.state, page, talk))

    answers, errs = documents.answers, (401, 403)
    inventory.add(app, "/v1/counter", about, responses=answers(shapes.CounterSaid, 400, *errs))
    inventory.add(
        app, "/v1/counter/conversation", conversation, responses=answers(shapes.TalkSaid, 400, *errs),
        openapi_extra=wire.query(after=wire.AFTER, wait_seconds=wire.WAIT),
    )  # fmt: skip
    inventory.add(
        app, "/v1/counter/messages", say, responses=answers("text/event-stream", 400, *errs, 413, 429, 503),
        openapi_extra=documents.body(shapes.CustomerSays),
    )  # fmt: skip
    inventory.add(
        app, "/v1/counter/pictures", picture, responses=answers(shapes.MessageSaid, 400, *errs, 413, 429),
        openapi_extra=documents.raw_body(*SIGNS),
    )  # fmt: skip
    inventory.add(
        app, "/v1/counter/pictures/{picture_id}", picture_back, responses=answers("image/*", *errs, 404)
    )
    inventory.add(
        app, "/v1/counter/state", move, responses=answers(shapes.TalkStateSaid, 400, *errs, 413),
        openapi_extra=documents.body(shapes.CounterMove),
    )  # fmt: skip


def _session(request: Request) -> Session:
    return cast(Session, request.state.session)


async def _shown(page: Page, event: Heard | Word | Over) -> dict[str, Any]:
    match event:
        case Heard(said):
            return {"type": "kept" if said.who == "customer" else "answer", "message": talks.message(said)}
        case Word(text):
            return {"type": "piece", "text": text}
        case Over(talk):
            return {"type": "talk", "talk": await asyncio.to_thread(talks.state, page, talk)}


def _line(said: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(said, ensure_ascii=False).encode("utf-8", "replace") + b"\n\n"


async def _rest(queue: asyncio.Queue[bytes | BaseException | None]) -> AsyncGenerator[bytes, None]:
    while (item := await queue.get()) is not None:
        if isinstance(item, BaseException):
            raise item
        yield item
