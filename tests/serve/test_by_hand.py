"""What staff do at the desk: a dry run that shows each field, one write, and its undo."""

from __future__ import annotations

from mingbai.serve.keys import Scope

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
