"""Conversations as the page sees them: the JSON of their state and messages, and waiting for something new in them."""

from __future__ import annotations

import asyncio
from typing import Any

from mingbai.serve import wire
from mingbai.serve.page import Page
from mingbai.serve.service import Service
from mingbai.values.talk import Hours, Said, Talk


def message(said: Said, *, for_staff: bool = False) -> dict[str, Any]:
    """`by` is who of the shop's people said it, for the shop's people. The draft that staff began from goes to nobody."""
    return {
        "id": f"m-{said.seq}", "seq": said.seq, "who": said.who, "at": said.at.isoformat(), "text": said.text,
        "erased": said.text is None, "notice": said.notice,
        "pictures": [{"id": p.id, "type": p.type, "bytes": p.bytes} for p in said.pictures],
        "by": said.by if for_staff else "", "mingbai": said.extra if said.who == "desk" else None,
    }  # fmt: skip


def state(page: Page, talk: Talk, hours: Hours | None = None) -> dict[str, Any]:
    """Blocks. `hours`: the shop's, where they are known already."""
    place, waiting = page.counter.kept.line(talk)
    hours = hours or page.counter.hours(talk.shop)
    return {
        "id": talk.id, "state": talk.state, "since": talk.since.isoformat(), "answering": page.counter.answers_now(talk),
        "queue": {"place": place, "waiting": waiting} if place else None, "hours": {"zh": hours.zh, "en": hours.en},
        "open_now": hours.open_now, "lang": talk.lang,
    }  # fmt: skip


async def of(
    service: Service, page: Page, talk: Talk | None, after: int, seconds: int, *, for_staff: bool = False
) -> tuple[Talk | None, dict[str, Any]]:
    """The conversation with what came after, as soon as anything has."""
    if talk is None:
        return None, {"talk": None, "seq": 0, "messages": []}
    talk_id = talk.id

    def look() -> tuple[Talk, list[Said]]:
        found = page.counter.kept.get(talk_id)
        return found, page.counter.kept.messages(talk_id, after) if found.seq > after else []

    found, said = await wire.waited(
        service, page.counter.bell, seconds, lambda: asyncio.to_thread(look), lambda f: f[0].seq > after
    )
    messages = [message(each, for_staff=for_staff) for each in said]
    last = messages[-1]["seq"] if messages else max(found.seq, 0)
    return found, {
        "talk": await asyncio.to_thread(state, page, found), "seq": last, "messages": messages,
    }  # fmt: skip
