"""The order of the steps that turn a customer's message into an answer. The only file that knows it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from mingbai.turn.service import Service
from mingbai.values.turn import Event, HandedOver, Refused, Reply, Sealed, Shown, Turn


async def answer(turn: Turn, service: Service) -> AsyncGenerator[Event, None]:
    """Refusals, pieces of checked text, a hand-over if there is one, and `Sealed`, last. Nothing is shown before it
    was checked, and nothing is over before it was written down."""
    began = time.perf_counter()
    turn = replace(turn, understood=await service.understander.understand(turn))
    turn, began = _timed(turn, "understand", began)

    turn = replace(turn, admission=service.permit.admit(turn))
    turn, began = _timed(turn, "admit", began)

    evidence, _ = await asyncio.gather(
        asyncio.to_thread(service.shop.ground, turn), asyncio.to_thread(service.receipts.expect, turn)
    )
    turn = replace(turn, evidence=evidence)
    turn, began = _timed(turn, "ground", began)
    for refusal in [r for e in turn.evidence for r in e.refusals]:
        yield Refused(refusal)

    first = 0.0
    phrase = service.phrase if turn.admission and turn.admission.may_phrase else None
    async with aclosing(service.release(turn, phrase)) as said:
        async for piece in said:
            if isinstance(piece, Reply):
                place = service.place if piece.phrased_by == "model" or piece.tries > 0 else ""
                turn = replace(turn, reply=piece, place=place, seconds=(*turn.seconds, *piece.seconds))
            else:
                first = first or time.perf_counter() - began
                yield Shown(piece)
    turn, _ = _timed(replace(turn, seconds=(*turn.seconds, ("first", first))), "answer", began)

    if any(e.handoff for e in turn.evidence):
        yield HandedOver(turn.evidence)
    yield Sealed(await asyncio.to_thread(service.receipts.seal, turn), turn)


def _timed(turn: Turn, step: str, began: float) -> tuple[Turn, float]:
    now = time.perf_counter()
    return replace(turn, seconds=(*turn.seconds, (step, now - began))), now
