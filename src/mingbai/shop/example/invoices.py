"""Requests for invoices of orders in China: personal, company and special ones, in every state."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from mingbai.shop.example import content, numbers
from mingbai.shop.example.dice import Dice
from mingbai.shop.example.plans import now
from mingbai.shop.example.sales import Sale
from mingbai.values.records import InvoiceRequest, OrderState, Return, ReturnState, Sourced

_EVERY = 3  # of the orders that may have one
_WAYS = (
    ("personal", "issued"), ("company", "issued"), ("company", "requested"), ("personal", "requested"), ("special", "issued"),
    ("company", "rejected"), ("special", "requested"), ("personal", "cancelled"), ("company", "issued"), ("special", "rejected"),
)  # fmt: skip


def invoices(sales: Sequence[Sale], returned: dict[str, list[Return]], today: date) -> Iterator[Sourced]:
    companies = [row.cells for row in content.rows("companies.txt", cells=3)]
    reasons = content.table("words.toml")["invoice_rejected"]["zh"]
    fit = asked = 0
    used: dict[date, int] = {}
    for sale in sales:
        told = sale.plan.story.get("invoice")
        if told is None:
            if sale.plan.story or sale.plan.person.country != "CN" or not _may(sale, today):
                continue
            fit += 1
            if fit % _EVERY:
                continue
            kind, state = _WAYS[asked % len(_WAYS)]
            asked += 1
            told = {
                "kind": kind,
                "state": state,
                "company": asked % len(companies),
                "reason": reasons[asked % len(reasons)],
            }
        record = _one(sale, told, companies, returned.get(sale.order_no, ()), used, today)
        yield Sourced(record, sale.plan.origin)


def _may(sale: Sale, today: date) -> bool:
    """Completed, and within 180 days; content/policies/zh/invoices.md."""
    closed = sale.plan.closed
    return (
        sale.plan.state is OrderState.COMPLETED
        and closed is not None
        and closed > now(today) - timedelta(days=175)
    )


def _one(
    sale: Sale,
    told: dict[str, Any],
    companies: Sequence[tuple[str, ...]],
    returned: Sequence[Return],
    used: dict[date, int],
    today: date,
) -> InvoiceRequest:
    dice = Dice(f"invoice {sale.plan.key}")
    kind, state = told["kind"], told["state"]
    since = sale.plan.closed or sale.plan.paid
    assert since is not None
    requested = _before(since + timedelta(hours=dice.between(1, 70)), today, 25)
    day = requested.date()
    used[day] = used.get(day, 0) + 1
    title, division, organisation = companies[told.get("company", 0)]
    person = sale.plan.person
    private = kind == "personal"
    back = sum(r.amount.minor for r in returned if r.state is ReturnState.REFUNDED and r.amount is not None)
    issued = (
        _before(requested + timedelta(hours=dice.between(1, 20)), today, 5) if state == "issued" else None
    )
    return InvoiceRequest(
        request_no=f"F{day:%Y%m%d}-{used[day]:03d}",
        order_no=sale.order_no,
        kind=kind,
        state=state,
        title=("个人" if person.platform == "taobao" else person.name) if private else title,
        tax_code=None if private else numbers.tax_code(division, organisation),
        email=person.email or f"fapiao.{person.customer_id.lower()}@example.com",
        amount=type(sale.basket.total)(sale.basket.total.minor - back, sale.basket.total.currency),
        requested_at=requested,
        issued_at=issued,
        invoice_no=numbers.digital_invoice(issued.date(), dice) if issued else "",
        reason=told.get("reason", "")
        if state == "rejected"
        else "买家取消申请"
        if state == "cancelled"
        else "",
    )


def _before(moment: datetime, today: date, minutes: int) -> datetime:
    return min(moment, now(today) - timedelta(minutes=minutes)).replace(second=0, microsecond=0)
