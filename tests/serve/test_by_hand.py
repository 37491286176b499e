"""What staff do at the desk: a dry run that shows each field, one write, and its undo."""

from __future__ import annotations

import asyncio

from mingbai.engine.rehearsal import RehearsalEngine
from mingbai.serve.keys import Scope
from mingbai.serve.page import Page
from page_floor import floor_of
from standing import Standing, stand

CANCEL = {"skill": "cancel_order", "arguments": {"order_no": "1001"}}


async def test_planned_shown_confirmed_and_undone(paged):
    async with paged.caller(Scope.STAFF) as caller:
        names = [s["name"] for s in (await caller.get("/v1/desk/skills")).json()["skills"]]
        assert "cancel_order" in names
        assert "price" not in names
        plan = (await caller.post("/v1/desk/plans", json=CANCEL)).json()
        states = {(c["kind"], c["key"], c["field"]): (c["before"], c["after"]) for c in plan["changes"]}
        assert states["order", "1001", "state"] == ("paid", "cancelled")
        assert (await caller.get("/v1/desk/actions")).json() == {"actions": []}
        path = f"/v1/desk/plans/{plan['plan']}/confirm"
        done = (await caller.post(path)).json()
        assert done["action"]
        assert (await caller.post(path)).json()["action"] == done["action"]
        (row,) = (await caller.get("/v1/desk/actions")).json()["actions"]
        assert (row["skill"], row["role"], row["undone_at"]) == ("cancel_order", "staff", None)
        undone = (await caller.post(f"/v1/desk/actions/{done['action']}/undo")).json()
        assert (undone["undone_by"], undone["undone_at"] is None) == ("staff", False)
        assert (await caller.post(f"/v1/desk/actions/{done['action']}/undo")).status_code == 400


async def test_the_owners_limit_holds_for_staff_at_once(paged):
    async with paged.caller(Scope.STAFF) as caller, paged.caller() as owner:
        said = (await owner.get("/v1/office/limits")).json()
        tight = {**said, "staff": {"most": ["1.00 CNY"], "per_hour": 60, "shop_per_hour": 600}}
        assert (await owner.put("/v1/office/limits", json=tight)).json() == tight
        plan = (await caller.post("/v1/desk/plans", json=CANCEL)).json()
        assert (plan["plan"], [r["rule"] for r in plan["refusals"]]) == (None, ["over_limit"])
        assert (await owner.put("/v1/office/limits", json={**tight, "staff": None})).status_code == 200
        assert (await caller.post("/v1/desk/plans", json=CANCEL)).json()["plan"]


async def test_what_is_no_skill_that_writes_is_refused_and_another_cannot_confirm(paged):
    async with paged.caller(Scope.STAFF) as caller, paged.caller() as owner:
        for skill in ("price", "nothing"):
            reply = await caller.post("/v1/desk/plans", json={"skill": skill, "arguments": {}})
            assert reply.status_code == 400
        plan = (await caller.post("/v1/desk/plans", json=CANCEL)).json()["plan"]
        assert (await owner.post(f"/v1/desk/plans/{plan}/confirm")).status_code == 404
        assert (await caller.post("/v1/desk/plans/P00/confirm")).status_code == 404


async def test_a_plan_about_a_conversation_can_be_confirmed_after_a_restart(tmp_path):
    def started() -> tuple[Standing, Page]:
        found = stand(tmp_path, RehearsalEngine(), page=floor_of)
        assert found.service.page is not None
        return found, found.service.page

    def ended(page: Page) -> None:
        page.close()
        page.records.close()

    before, page = started()
    talk = (await asyncio.to_thread(page.counter.kept.begin, "tea", "s-1", "C1")).id
    async with before.caller(Scope.STAFF) as caller:
        kept = (await caller.post("/v1/desk/plans", json={**CANCEL, "talk": talk})).json()["plan"]
        lost = (await caller.post("/v1/desk/plans", json=CANCEL)).json()["plan"]
    await asyncio.to_thread(ended, page)
    after, page = started()
    async with after.caller(Scope.STAFF) as caller, after.caller() as owner:
        assert (await caller.post(f"/v1/desk/plans/{lost}/confirm")).status_code == 404
        assert (await owner.post(f"/v1/desk/plans/{kept}/confirm")).status_code == 404
        assert (await caller.post(f"/v1/desk/plans/{kept}/confirm")).json()["action"]
        (row,) = (await caller.get("/v1/desk/actions")).json()["actions"]
        assert (row["skill"], row["order"], row["role"]) == ("cancel_order", "1001", "staff")
    await asyncio.to_thread(ended, page)
