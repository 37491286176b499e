"""The desk's routes: conversations for a person to take, drafts, what the customer may know, and what is done by hand."""

from __future__ import annotations

import asyncio
from typing import Any, cast, get_args

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response
from starlette.requests import Request

from mingbai.permit.policy import explain
from mingbai.serve import documents, inventory, looked, shapes, talks, wire
from mingbai.serve.keys import Key, Scope
from mingbai.serve.page import Page
from mingbai.serve.service import Service
from mingbai.shop.skills.actions import Action
from mingbai.shop.skills.scene import Asker
from mingbai.turn.counter import summary
from mingbai.values.errors import BadInput, NotFound, Text
from mingbai.values.talk import Hours, Talk, TalkState
from mingbai.values.turn import Evidence, Refusal

STATES: dict[str, tuple[TalkState, ...]] = {
    "open": ("waiting", "staff", "desk"), "all": get_args(TalkState), **{s: (s,) for s in get_args(TalkState)},
}  # fmt: skip
MOST_ACTIONS = 500


def add(app: FastAPI, service: Service, page: Page) -> None:
    kept, by_hand = page.counter.kept, page.by_hand

    async def the_talk(request: Request, talk_id: str) -> Talk:
        """A key of one shop sees that shop's."""
        talk = await asyncio.to_thread(kept.get, talk_id)
        if (own := _key(request).shop) and own != talk.shop:
            raise _no_talk()
        if not talk.erased:
            await looked.at_one(page, _key(request), talk.person, "conversation")
        return talk

    async def listed(request: Request) -> Response:
        after = wire.number(request, "after", most=10**15 - 1)
        seconds = wire.number(request, "wait_seconds", most=wire.MOST_WAIT_SECONDS)
        states = STATES[wire.words(request, "state", tuple(STATES), default="open")]
        shop = await asyncio.to_thread(page.shop_of, _key(request).shop)

        def look() -> tuple[int, list[dict[str, Any]]]:
            # Who has left the states asked for is told, too, to whom asks what changed.
            wanted = get_args(TalkState) if after else states
            newest = kept.newest()
            found = kept.listed(shop, wanted, after)
            looked.at(page, _key(request), [talk.person for talk in found if not talk.erased], "conversation")
            hours = page.counter.hours(shop) if found else None
            return newest, [_row(page, talk, hours, _key(request)) for talk in found]

        newest, rows = await wire.waited(
            service, page.counter.bell, seconds, lambda: asyncio.to_thread(look), lambda f: bool(f[1])
        )
        return JSONResponse({"seq": newest, "talks": rows})

    async def one(request: Request, talk_id: str) -> Response:
        after = wire.number(request, "after", most=10**15 - 1)
        seconds = wire.number(request, "wait_seconds", most=wire.MOST_WAIT_SECONDS)
        talk = await the_talk(request, talk_id)
        found, said = await talks.of(service, page, talk, after, seconds, for_staff=True)
        whole = await asyncio.to_thread(kept.messages, talk_id)
        return JSONResponse({**said, "summary": summary(found or talk, whole)})

    async def move(request: Request, talk_id: str) -> Response:
        said = await wire.body(request, shapes.DeskMove, service)
        talk = await the_talk(request, talk_id)
        talk = await page.counter.move(talk, said.state, reason=talk.reason or "desk", by=_key(request).id)
        return JSONResponse(await asyncio.to_thread(talks.state, page, talk))

    async def reply(request: Request, talk_id: str) -> Response:
        said = await wire.body(request, shapes.StaffSays, service)
        word = page.style().stopped_at(said.text)
        if word and not said.anyway:
            raise BadInput(
                Text(f"店铺不说“{word}”。", f"The house does not say “{word}”."),
                Text("请换个说法，或确认后照发。", "Say it otherwise, or send it anyway."),
                param="text",
                code="house_style",
            )
        talk = await the_talk(request, talk_id)
        return JSONResponse(
            talks.message(await page.counter.reply(talk, said.text, _key(request).id), for_staff=True)
        )

    async def draft(request: Request, talk_id: str) -> Response:
        made = await page.counter.draft(await the_talk(request, talk_id))
        return JSONResponse({"text": made.text, "mingbai": made.extra})

    async def picture(request: Request, picture_id: str) -> Response:
        talk_id, kind, data = await asyncio.to_thread(kept.picture, picture_id)
        await the_talk(request, talk_id)
        return Response(data, media_type=kind)

    async def rights(request: Request, talk_id: str) -> Response:
        talk = await the_talk(request, talk_id)
        caller: explain.Asker = "customer" if talk.customer else "visitor"
        rows = await asyncio.to_thread(explain.rights, page.policy, caller, page.terms)
        return JSONResponse({"caller": caller, "rows": rows})

    async def skills() -> Response:
        return JSONResponse({"skills": by_hand.skills()})

    async def plan(request: Request) -> Response:
        said = await wire.body(request, shapes.PlanAsked, service)
        shop = await asyncio.to_thread(page.shop_of, _key(request).shop)
        if said.talk:
            shop = (await the_talk(request, said.talk)).shop
        orders = {str(it) for name, it in said.arguments.items() if name.startswith("order")}
        await asyncio.to_thread(looked.at_orders, page, _key(request), shop, orders)
        made = await asyncio.to_thread(
            by_hand.plan, shop, _asker(request), said.skill, said.arguments, said.talk
        )
        found = made.evidence
        return JSONResponse(
            {
                "plan": made.number or None, "skill": said.skill,
                "say": {"zh": found.proposal.zh, "en": found.proposal.en} if found.proposal else None,
                "facts": [{"name": f.name, "about": f.about, "zh": f.zh, "en": f.en} for f in found.facts],
                "changes": [
                    {"kind": c.kind, "key": c.key, "field": c.field, "before": c.before, "after": c.after}
                    for c in made.changes
                ],
                "refusals": _refusals(found),
                "needs": [{"slot": n.slot, "zh": n.zh, "en": n.en, "choices": n.choices} for n in found.needs],
            }
        )  # fmt: skip

    async def confirm(request: Request, plan_id: str) -> Response:
        found = await asyncio.to_thread(by_hand.confirm, plan_id, _asker(request))
        done = found.done
        return JSONResponse(
            {
                "action": done.action_no if done else None,
                "say": {"zh": done.zh, "en": done.en} if done else None,
                "refusals": _refusals(found),
            }
        )

    async def actions(request: Request) -> Response:
        many = wire.number(request, "many", most=MOST_ACTIONS, default=50)
        shop = await asyncio.to_thread(page.shop_of, _key(request).shop)
        found = await asyncio.to_thread(by_hand.latest, shop, many)
        return JSONResponse({"actions": [_action(each) for each in found]})

    async def undo(request: Request, action_no: str) -> Response:
        shop = await asyncio.to_thread(page.shop_of, _key(request).shop)
        done = await asyncio.to_thread(by_hand.undo, shop, action_no, _asker(request).role)
        return JSONResponse(_action(done))

    answers, errs = documents.answers, (401, 403)
    paged: dict[str, Any] = {"after": wire.AFTER, "wait_seconds": wire.WAIT}
    inventory.add(
        app, "/v1/desk/talks", listed, responses=answers(shapes.TalksSaid, 400, *errs),
        openapi_extra=wire.query(**paged, state={"enum": list(STATES)}),
    )  # fmt: skip
    inventory.add(
        app, "/v1/desk/talks/{talk_id}", one, responses=answers(shapes.DeskTalkSaid, 400, *errs, 404),
        openapi_extra=wire.query(**paged),
    )  # fmt: skip
    for path, handler, takes, gives in (
        ("/v1/desk/talks/{talk_id}/state", move, shapes.DeskMove, shapes.TalkStateSaid),
        ("/v1/desk/talks/{talk_id}/messages", reply, shapes.StaffSays, shapes.MessageSaid),
        ("/v1/desk/plans", plan, shapes.PlanAsked, shapes.PlanSaid),
    ):
        inventory.add(
            app, path, handler, responses=answers(gives, 400, *errs, 404, 410, 413),
            openapi_extra=documents.body(takes),
        )  # fmt: skip
    inventory.add(
        app, "/v1/desk/talks/{talk_id}/draft", draft,
        responses=answers(shapes.DraftSaid, 400, *errs, 404, 503, 504),
    )  # fmt: skip
    inventory.add(
        app, "/v1/desk/pictures/{picture_id}", picture, responses=answers("image/*", *errs, 404, 410)
    )
    inventory.add(
        app, "/v1/desk/talks/{talk_id}/rights", rights, responses=answers(shapes.RightsSaid, *errs, 404)
    )
    inventory.add(app, "/v1/desk/skills", skills, responses=answers(shapes.SkillsSaid, *errs))
    inventory.add(
        app, "/v1/desk/plans/{plan_id}/confirm", confirm, responses=answers(shapes.PlanDone, *errs, 404)
    )
    inventory.add(
        app, "/v1/desk/actions", actions, responses=answers(shapes.ActionsSaid, 400, *errs),
        openapi_extra=wire.query(many={"type": "integer", "minimum": 0, "maximum": MOST_ACTIONS}),
    )  # fmt: skip
    inventory.add(
        app, "/v1/desk/actions/{action_no}/undo", undo, responses=answers(shapes.ActionSaid, 400, *errs, 404)
    )


def _key(request: Request) -> Key:
    return cast(Key, request.state.key)


def _asker(request: Request) -> Asker:
    return Asker("owner" if _key(request).scope is Scope.OWNER else "staff")


def _row(page: Page, talk: Talk, hours: Hours | None, key: Key) -> dict[str, Any]:
    last = page.counter.kept.last(talk.id)
    said = None if last is None else {"who": last.who, "at": last.at.isoformat(), "text": last.text}
    return {
        **talks.state(page, talk, hours), "seq": talk.seq, "customer": talk.customer, "order": talk.order, "last": said,
        "reason": talk.reason, "taken_by": talk.taken_by, "mine": talk.taken_by == key.id, "erased": talk.erased,
    }  # fmt: skip


def _refusals(found: Evidence) -> list[dict[str, str]]:
    def said(r: Refusal) -> dict[str, str]:
        return {"rule": r.rule, "zh": r.zh, "en": r.en}

    return [said(r) for r in found.refusals]


def _action(action: Action) -> dict[str, Any]:
    """Without the rows themselves: they hold personal data."""
    return {
        "action": action.action_no, "skill": action.skill, "order": action.order_no,
        "amount": str(action.amount) if action.amount else None, "role": action.role, "asker": action.asker,
        "at": action.at.isoformat(), "undone_at": action.undone_at.isoformat() if action.undone_at else None,
        "undone_by": action.undone_by,
    }  # fmt: skip


def _no_talk() -> NotFound:
    return NotFound(
        Text("没有这段对话。", "There is no such conversation."), Text("请刷新列表。", "Refresh the list.")
    )
