"""Staff who open a conversation, or plan a change of an order, stand in its person's register; once an hour."""

from __future__ import annotations

import asyncio

from test_counter import said, staff, visitor


def views(paged, person=None):
    register = paged.service.page.register
    entries = register.of(person) if person else register.all()
    return [(e.by.split(":")[0], e.right, e.outcome) for e in entries if e.kind == "view"]


async def test_a_conversation_that_staff_see_is_entered_once_an_hour(paged):
    async with visitor(paged, "C1") as one:
        await said(one, "到哪了")
        assert await asyncio.to_thread(views, paged) == []  # the customer's own looking is nobody's
    (row,) = (await staff(paged, "GET", "/v1/desk/talks"))["talks"]
    for _ in range(3):
        await staff(paged, "GET", f"/v1/desk/talks/{row['id']}")
    assert await asyncio.to_thread(views, paged, "tea/customer/C1") == [
        ("owner", "purpose:service", "shown:conversation")
    ]


async def test_an_order_that_staff_plan_a_change_of_is_entered_under_its_customer(paged):
    asked = {"skill": "cancel_order", "arguments": {"order_no": "1001"}}
    await staff(paged, "POST", "/v1/desk/plans", json=asked)
    await staff(paged, "POST", "/v1/desk/plans", json=asked)
    assert await asyncio.to_thread(views, paged, "tea/customer/C1") == [
        ("owner", "purpose:service", "shown:order")
    ]


async def test_what_cannot_be_entered_is_not_shown(paged):
    async with visitor(paged, "C1") as one:
        await said(one, "到哪了")
    (row,) = (await staff(paged, "GET", "/v1/desk/talks"))["talks"]
    path = paged.service.page.register._path
    path.unlink()
    path.mkdir()
    paged.service.page.register._seen.clear()
    async with paged.caller() as caller:
        reply = await caller.get(f"/v1/desk/talks/{row['id']}")
    assert reply.status_code == 500
    assert "到哪了" not in reply.text
