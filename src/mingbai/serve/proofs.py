"""The receipts' routes: a receipt with its proof, the log's checkpoint, proofs between its sizes, its public keys.

Nothing of a person is in them (`receipt/body.py`), so any good key may ask.
"""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from fastapi import FastAPI
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from starlette.requests import Request

from mingbai.receipt import note
from mingbai.receipt.book import Receipts
from mingbai.receipt.witness import Reply
from mingbai.serve import documents, inventory
from mingbai.values.errors import BadInput, NotFound, Text

NUMBER = re.compile(r"0|[1-9][0-9]{0,14}")


WITNESS = "/v1/witness/add-checkpoint"
SIZE_TYPE = "text/x.tlog.size"  # C2SP tlog-witness, of a 409

AddCheckpoint: TypeAlias = Callable[[bytes], Reply]


def add(
    app: FastAPI, receipts: Callable[[], Receipts | None], witness: Callable[[], AddCheckpoint | None]
) -> None:
    """`receipts` gives none where this service writes none (a rehearsal); `witness`, where it signs for nobody."""

    async def add_checkpoint(request: Request) -> Response:
        signs = witness()
        reply = Reply(404) if signs is None else await asyncio.to_thread(signs, await request.body())
        kind = SIZE_TYPE if reply.status == 409 else "text/plain; charset=utf-8"
        return Response(reply.body, reply.status, {"Content-Type": kind})

    async def receipt(receipt_id: str) -> Response:
        body = await asyncio.to_thread(_there(receipts).bundle, receipt_id)
        return Response(body, media_type="application/json")

    async def checkpoint() -> Response:
        return PlainTextResponse(await asyncio.to_thread(_there(receipts).log.checkpoint))

    async def proof(request: Request) -> Response:
        log = _there(receipts).log
        asked = {n: _number(request, n) for n in ("index", "old", "size") if n in request.query_params}
        newest = note.read_checkpoint(note.read(await asyncio.to_thread(log.checkpoint)).text)
        size = min(asked.get("size", newest.size), newest.size)
        found: dict[str, object] = {"size": size}
        if "index" in asked:
            found["inclusion"] = await _proved(log.inclusion, asked["index"], size)
        if "old" in asked:
            found["consistency"] = await _proved(log.consistency, asked["old"], size)
        return JSONResponse({"object": "log.proof", **found})

    async def public() -> Response:
        keys = await asyncio.to_thread(_there(receipts).keys)
        return PlainTextResponse("".join(f"{key}\n" for key in keys))

    def get(path: str, route: Callable[..., Any], shape: Any, *statuses: int, extra: Any = None) -> None:
        inventory.add(
            app, path, route, responses=documents.answers(shape, 401, 403, *statuses),
            openapi_extra=extra, response_class=PlainTextResponse if shape == "text/plain" else JSONResponse,
        )  # fmt: skip

    get("/v1/receipts/{receipt_id}", receipt, "application/json", 404)
    get("/v1/log/checkpoint", checkpoint, "text/plain", 404)
    get("/v1/log/proof", proof, documents.LogProof, 400, 404, extra=documents.PROOF_QUERY)
    get("/v1/log/keys", public, "text/plain", 404)
    inventory.add(
        app, WITNESS, add_checkpoint, responses=documents.WITNESSED, openapi_extra=documents.CHECKPOINT_BODY
    )


def _there(receipts: Callable[[], Receipts | None]) -> Receipts:
    found = receipts()
    if found is None:
        raise NotFound(
            Text("这里没有收据。", "There are no receipts here."),
            Text(
                "用 mingbai run 启动客服台，每个回答都会有收据。",
                "Start the desk with mingbai run: every answer gets one.",
            ),
        )
    return found


def _number(request: Request, name: str) -> int:
    said = request.query_params[name]
    if not NUMBER.fullmatch(said):
        raise _bad(name)
    return int(said)


def _bad(name: str) -> BadInput:
    return BadInput(
        Text(f"{name} 要写成整数，从 0 起。", f"{name} must be a whole number from 0."),
        Text("例如 /v1/log/proof?index=3 或 ?old=100&size=200。", "For example /v1/log/proof?index=3 or ?old=100&size=200."),
        param=name,
    )  # fmt: skip


async def _proved(prove: Callable[[int, int], Sequence[bytes]], first: int, size: int) -> list[str] | None:
    """The hashes, base64; None where there is nothing to prove: the log has no such entry, or never had that size."""
    try:
        return [base64.b64encode(p).decode() for p in await asyncio.to_thread(prove, first, size)]
    except ValueError:
        return None
