"""Orders and their lines from sales: the platform's words, the dispatch promise, notes, and what was refunded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from mingbai.shop.example import content, offers
from mingbai.shop.example.bargain import DEPOSIT
from mingbai.shop.example.dice import Dice
from mingbai.shop.example.people import masked_name
from mingbai.shop.example.plans import Plan, now
from mingbai.shop.example.sales import Sale
from mingbai.values.money import Money
from mingbai.values.records import (
    Campaign,
    Line,
    Order,
    OrderState,
    Pairs,
    Return,
    ReturnState,
    Sourced,
)

_SAID = {
    "mingbai": {
        OrderState.UNPAID: "待付款", OrderState.PAID: "待发货", OrderState.PART_SHIPPED: "部分发货", OrderState.SHIPPED: "已发货",
        OrderState.DELIVERED: "已签收", OrderState.COMPLETED: "交易完成", OrderState.CANCELLED: "已取消",
        OrderState.REFUNDED: "已退款", OrderState.UNKNOWN: "风控审核中",
    },
    "taobao": {
        OrderState.UNPAID: "等待买家付款", OrderState.PAID: "买家已付款，等待卖家发货", OrderState.PART_SHIPPED: "卖家部分发货",
        OrderState.SHIPPED: "卖家已发货，等待买家确认", OrderState.DELIVERED: "卖家已发货，等待买家确认",
        OrderState.COMPLETED: "交易成功", OrderState.CANCELLED: "交易关闭", OrderState.REFUNDED: "交易关闭", OrderState.UNKNOWN: "异常订单",
    },
    "shopify": {
        OrderState.UNPAID: "pending", OrderState.PAID: "paid", OrderState.PART_SHIPPED: "partial", OrderState.SHIPPED: "fulfilled",
        OrderState.DELIVERED: "delivered", OrderState.COMPLETED: "archived", OrderState.CANCELLED: "voided",
        OrderState.REFUNDED: "refunded", OrderState.UNKNOWN: "on_hold",
    },
}  # fmt: skip
_CUSTOM = ("T020-", "T055-", "T040-KZ")


def order(sale: Sale, returns: Sequence[Return], today: date) -> Iterator[Sourced]:
    """The order and its lines."""
    plan, priced, person = sale.plan, sale.basket, sale.plan.person
    refunded = _refunded(sale, returns)
    paid = _paid(sale)
    arrived = plan.arrives is not None and plan.arrives <= now(today) and _was_received(plan)
    said = _SAID[person.platform]
    record = Order(
        order_no=sale.order_no,
        platform=person.platform,
        state=plan.state,
        state_said=said[plan.state]
        if not plan.stage
        else "定金已付，待付尾款"
        if plan.stage == "deposit"
        else "尾款已付，待发货",
        customer_id=person.customer_id,
        goods=priced.goods,
        shipping=priced.shipping,
        discount=priced.discount,
        tax=priced.tax,
        total=priced.total,
        paid=paid,
        refunded=refunded,
        created_at=plan.created,
        paid_at=plan.paid,
        shipped_at=plan.shipped,
        received_at=plan.arrives if arrived else None,
        closed_at=plan.closed,
        ship_by=_ship_by(plan, today),
        close_reason=_close_reason(sale),
        coupon_codes=priced.codes,
        freight_insurance=_insured(plan),
        country=person.country,
        recipient=masked_name(person.name) if person.platform == "taobao" else person.name,
        phone=person.phone,
        email=person.email or None,
        address=person.address,
        postcode=person.postcode,
        buyer_note=_buyer_note(sale),
        seller_note=plan.story.get("seller_note"),
        extra=_extra(sale, today),
    )
    yield Sourced(record, plan.origin)
    for place, item in enumerate(priced.items):
        back = [r for r in returns if r.line_no == sale.line_nos[place] and r.state is ReturnState.REFUNDED]
        yield Sourced(
            Line(
                order_no=sale.order_no,
                line_no=sale.line_nos[place],
                title=item.article.product.title_zh
                if sale.seen_by == "zh"
                else item.article.product.title_en,
                sku=item.article.sku,
                product_no=item.article.product.product_no,
                options=";".join(f"{name}:{value}" for name, value in item.article.variant.options),
                quantity=item.quantity,
                unit_price=item.unit,
                paid=None if paid is None or plan.stage == "deposit" else item.paid,
                refunded=Money(sum(r.amount.minor for r in back if r.amount), item.unit.currency)
                if back
                else None,
                state_said=said[plan.state],
            ),
            plan.origin,
        )


def _paid(sale: Sale) -> Money | None:
    if sale.plan.stage == "deposit":
        return Money(DEPOSIT * sum(item.quantity for item in sale.basket.items), "CNY")
    return None if sale.plan.paid is None else sale.basket.total


def _refunded(sale: Sale, returns: Sequence[Return]) -> Money | None:
    if sale.plan.state is OrderState.CANCELLED:
        return _paid(sale)
    done = [r.amount for r in returns if r.state is ReturnState.REFUNDED and r.amount is not None]
    return Money(sum(amount.minor for amount in done), sale.basket.total.currency) if done else None


def _was_received(plan: Plan) -> bool:
    return plan.trouble not in ("lost", "returned", "stuck", "failed", "inspected") and plan.state in (
        OrderState.DELIVERED,
        OrderState.COMPLETED,
        OrderState.REFUNDED,
    )


def _ship_by(plan: Plan, today: date) -> datetime | None:
    """The promise of content/policies/zh/dispatch.md."""
    if plan.paid is None or plan.stage == "deposit" or all(sku.startswith("T056") for sku, _ in plan.items):
        return None
    campaign = offers.latest(today, "D11")
    if plan.stage == "balance" and campaign.starts_at is not None:
        return campaign.starts_at.replace(month=11, day=25, hour=23, minute=59)
    if any(sku.startswith(_CUSTOM) for sku, _ in plan.items):
        return plan.paid + timedelta(days=7 if plan.items[0][0].startswith("T020") else 14)
    if plan.person.currency != "CNY":
        return plan.paid + timedelta(days=4)  # two working days, a weekend between them at worst
    return plan.paid + timedelta(hours=72 if _in_campaign(plan.created, today) else 48)


def _in_campaign(moment: datetime, today: date) -> bool:
    for name in ("D11", "618", "NHJ"):
        for campaign in offers.every(today, name):
            if _span(campaign)[0] <= moment <= _span(campaign)[1]:
                return True
    return False


def _span(campaign: Campaign) -> tuple[datetime, datetime]:
    assert campaign.starts_at is not None
    assert campaign.ends_at is not None
    return campaign.starts_at, campaign.ends_at


def _close_reason(sale: Sale) -> str:
    if "close_reason" in sale.plan.story:
        return str(sale.plan.story["close_reason"])
    words = content.table("words.toml")
    if sale.plan.state is OrderState.CANCELLED:
        unpaid = {"zh": "超时未付款", "en": "Not paid in time"}[sale.seen_by]
        paid = [reason for reason in words["cancel"][sale.seen_by] if reason != unpaid]
        return unpaid if sale.plan.paid is None else str(sale.plan.dice.one_of(paid))
    if sale.plan.state is OrderState.REFUNDED:
        return {"zh": "退款完成", "en": "Refunded"}[sale.seen_by]
    return ""


def _insured(plan: Plan) -> bool | None:
    """Only in mainland China, and not for what cannot come back; content/policies/zh/freight-insurance.md."""
    if plan.person.country != "CN":
        return None
    if any(
        sku.startswith((*_CUSTOM, "T025", "T026")) or "T046" <= sku[:4] <= "T053" for sku, _ in plan.items
    ):
        return False
    return bool(plan.story.get("insurance", Dice(f"insurance {plan.key}").chance(0.55)))


def _buyer_note(sale: Sale) -> str | None:
    if "buyer_note" in sale.plan.story:
        return str(sale.plan.story["buyer_note"])
    dice = Dice(f"note {sale.plan.key}")
    if any(sku.startswith("T020") for sku, _ in sale.plan.items):
        return (
            "刻字："
            + dice.one_of(["平常心", "静水流深", "妈妈喝茶", "且将新火试新茶", "无事此静坐"])
            + "，楷书"
        )
    if any(sku == "T040-KZ" for sku, _ in sale.plan.items):
        return "刻新人名字：文远 & 佳宁"
    notes = content.table("words.toml")["notes"][sale.seen_by]
    return str(dice.one_of(notes)) if sale.plan.person.platform != "taobao" and dice.chance(0.16) else None


def _extra(sale: Sale, today: date) -> Pairs:
    pairs: list[tuple[str, str]] = []
    if sale.basket.tax is not None:
        pairs.append(("tax", "added" if sale.basket.tax_added else "included"))
    if sale.plan.stage:
        deposit = DEPOSIT * sum(item.quantity for item in sale.basket.items)
        campaign = offers.latest(today, "D11")
        assert campaign.balance_to is not None
        pairs += [
            ("stage", sale.plan.stage),
            ("deposit", str(Money(deposit, "CNY"))),
            ("deposit_counts_for", str(Money(deposit * 2, "CNY"))),
            ("balance", str(Money(sale.basket.total.minor - deposit, "CNY"))),
            ("balance_to", campaign.balance_to.isoformat()),
            ("campaign_no", campaign.campaign_no),
        ]
    return tuple(pairs)
