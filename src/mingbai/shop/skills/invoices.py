"""Invoices: what was asked for and where it stands; a new request, checked and never corrected in silence."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from mingbai.shop.skills import asks, invoice_rules, pages, proof, return_rule, say
from mingbai.shop.skills.orders import state
from mingbai.shop.skills.scene import Row, Scene
from mingbai.shop.skills.skill import Plan, said
from mingbai.shop.skills.writes import change, plan, refused
from mingbai.values.errors import Text
from mingbai.values.money import Money
from mingbai.values.records import Customer, InvoiceRequest, Order, OrderState
from mingbai.values.turn import Evidence, Fact, Need
from mingbai.zh import invoice as reading
from mingbai.zh import mail, tax_codes

_STATES = {
    "requested": Text("已登记，还没有开出", "registered and not issued yet"),
    "issued": Text("已开出", "issued"),
    "rejected": Text("没有通过", "rejected"),
    "cancelled": Text("已取消", "cancelled"),
}
_KINDS = {
    "personal": Text("个人抬头普通发票", "a general invoice to a person"),
    "company": Text("企业抬头普通发票", "a general invoice to a company"),
    "special": Text("增值税专用发票", "a special VAT invoice"),
}
_NUMBER_ASKED = re.compile(
    r"(?:发票|發票).{0,4}(?:号|號|编号)|票号|号码|號碼|(?i:invoice (?:no|number)|number of the invoice)"
)
_TITLE_ASKED = re.compile(
    r"抬头(?:是|写的?是?|填的?是?|用的?是?|开的?是?)?(?:什么|啥|哪|谁|对|错|不对)|(?:什么|啥|哪个|谁的)抬头|抬头[^，。]{0,4}(?:对不上|不一致)|(?i:\b(?:what|which|whose) (?:title|name|company)\b)"
)
_NO_TITLE = re.compile(r"啥|什么|怎么|哪些|[吗呢?？]|需要|(?i:\b(?:what|how|need)\b)")
_PERSONAL = ("个人", "個人", "personal")

_SAYS_PERSONAL = re.compile(r"个人|私人|自己名字|(?i:\bpersonal\b|\bprivate\b)")


@dataclass(frozen=True, slots=True)
class InvoiceArguments:
    order_no: str = said("订单号", "order number")
    phone_tail: str = said("收货手机号的后四位", "last four digits of the phone number on the order")
    invoice_title: str = said("发票抬头", "the invoice's title")
    tax_code: str = said("税号（统一社会信用代码）", "tax number (unified social credit code)")
    email: str = said("接收发票的邮箱", "e-mail address for the invoice")


def invoice(scene: Scene, asked: InvoiceArguments) -> Plan | Evidence:
    """The requests that exist; with a title and a mailbox, a new one."""
    if _NO_TITLE.search(asked.invoice_title):  # 开公司抬头都要啥: a question is no title
        asked = replace(asked, invoice_title="")
    giving = bool(asked.invoice_title or asked.tax_code or asked.email)
    row = proof.find(scene, proof.OrderArguments(asked.order_no, asked.phone_tail), _may_ask)
    if isinstance(row, Evidence):
        if row.refusals or giving:
            return row
        return _in_general(scene, row)
    order = row.record
    existing = sorted(scene.rows(InvoiceRequest, order_no=order.order_no), key=lambda r: r.record.request_no)
    facts = tuple(f for each in existing for f in _request(scene, each))
    if order.country not in ("", "CN"):
        return Evidence(scene.intent, facts=(*facts, *invoice_rules.abroad(scene, order)))
    facts = (*facts, *invoice_rules.reopening(scene, existing), *invoice_rules.asked(scene, order.order_no))
    cited = pages.cite(scene, ("invoice",))
    if any(each.record.state in ("requested", "issued") for each in existing):
        return Evidence(scene.intent, facts=facts, passages=cited, handoff=giving)
    if order.state in (OrderState.UNPAID, OrderState.CANCELLED, OrderState.REFUNDED):
        return refused(
            scene, "这个订单没有可以开票的金额。", "There is nothing to invoice on this order.",
            Evidence(scene.intent, facts=(*facts, state(scene, row))),
        )  # fmt: skip
    facts = (*facts, *invoice_rules.until(scene, row))
    if not giving:
        return Evidence(
            scene.intent,
            facts=(*facts, state(scene, row, must=not facts)),
            passages=cited,
            needs=(_details(scene),),
        )
    return _new(scene, row, asked, facts)


def _in_general(scene: Scene, asking: Evidence) -> Evidence:
    """Of no order in particular: the rule that is asked, and what an invoice needs."""
    country = return_rule.asker_country(scene)
    if country not in ("", "CN") and (facts := invoice_rules.abroad(scene, None)):
        return Evidence(scene.intent, facts=facts)
    told = invoice_rules.asked(scene)
    mine = return_rule.MINE.search(scene.text)
    if told:
        return Evidence(scene.intent, facts=told, needs=asking.needs if mine else ())
    if scene.asker.customer:
        return asking
    return Evidence(scene.intent, passages=pages.cite(scene, ("invoice",)), needs=asking.needs)


def _details(scene: Scene) -> Need:
    """What to give: of a special invoice more."""
    if reading._SPECIAL.search(scene.text):
        return Need(
            "invoice_title",
            "请提供公司全称、18 位税号、注册地址、电话、开户行、账号，和接收邮箱，由人工登记。",
            "Please give the company's full name, its 18-character tax number, registered address, telephone, bank, account and an e-mail address; one of our team registers it.",
        )
    return Need(
        "invoice_title",
        "请提供发票抬头（个人或公司全称）、公司的税号，和接收邮箱。",
        "Please give me the invoice title (your own name or the company's full name), the company's tax number if it is for a company, and an e-mail address.",
    )


def _may_ask(order: Order) -> bool:
    return order.state in (
        OrderState.PAID,
        OrderState.SHIPPED,
        OrderState.DELIVERED,
        OrderState.COMPLETED,
        OrderState.PART_SHIPPED,
    )


def _request(scene: Scene, row: Row[InvoiceRequest]) -> Iterator[Fact]:
    r = row.record
    words, kind = _STATES.get(r.state, Text(r.state, r.state)), _KINDS.get(r.kind, Text("发票", "an invoice"))
    reason_zh = f"，原因：{r.reason.rstrip('。')}" if r.reason and r.state == "rejected" else ""
    reason_en = f', with the reason "{r.reason.rstrip("。")}"' if reason_zh else ""
    yield scene.fact(
        "invoice.state", r.state, f"订单 {r.order_no} 的{kind.zh}申请 {r.request_no}：{words.zh}{reason_zh}。",
        f"Request {r.request_no} of order {r.order_no} for {kind.en}: {words.en}{reason_en}.", row, about=r.order_no,
        must=r.state != "cancelled" or bool(asks.WHEN.search(scene.text)),
    )  # fmt: skip
    if r.state == "issued":
        at = say.moment(r.issued_at, scene.now) if r.issued_at else None
        box_zh = f"，已发到 {say.masked_email(r.email)}" if r.email else ""
        box_en = f" and sent to {say.masked_email(r.email)}" if r.email else ""
        yield scene.fact(
            "invoice.issued_at", r.issued_at, (f"{at.zh} 开出" if at else "已开出") + f"{box_zh}。",
            f"It was issued{f' on {at.en}' if at else ''}{box_en}.", row, about=r.order_no,
        )  # fmt: skip
    if r.title and _TITLE_ASKED.search(scene.text):
        yield scene.fact(
            "invoice.title", r.title, f"抬头是“{r.title}”。", f'Its title is "{r.title}".', row, about=r.order_no
        )  # fmt: skip
    if r.invoice_no and r.state == "issued":
        yield scene.fact(
            "invoice.number", r.invoice_no, f"发票号码：{r.invoice_no}。", f"The invoice's number is {r.invoice_no}.", row,
            about=r.order_no, must=bool(_NUMBER_ASKED.search(scene.text)),
        )  # fmt: skip
    if r.amount is not None:
        yield scene.fact(
            "invoice.amount", r.amount, f"发票金额 {say.money(r.amount)}。", f"Its amount is {say.money(r.amount)}.", row,
            about=r.order_no, must=bool(invoice_rules.AMOUNT_ASKED.search(scene.text)) and r.state in ("requested", "issued"),
        )  # fmt: skip


def problems(title: str, tax_code: str, email: str) -> list[tuple[str, Text]]:
    """What is wrong with what was given, by the field it is of. Nothing is mended here."""
    out: list[tuple[str, Text]] = []
    if title and title.strip() not in _PERSONAL and (wrong := reading.title_problem(title)):
        out.append(("invoice_title", wrong))
    if tax_code:
        found = tax_codes.uscc_problem(tax_code.strip().upper())
        if found is not None and len(tax_code.strip()) == 15:
            found = Text(
                "15 位是旧税号，现在应为 18 位统一社会信用代码。",
                "15 characters is the old number; today it is the unified code of 18.",
            )
        if found is not None:
            out.append(("tax_code", found))
    if email and (wrong := mail.problem(email)):
        out.append(("email", wrong))
    return out


def _new(scene: Scene, row: Row[Order], asked: InvoiceArguments, facts: tuple[Fact, ...]) -> Plan | Evidence:
    order = row.record
    title = asked.invoice_title.strip()
    company = bool(asked.tax_code) or (
        bool(title) and title not in _PERSONAL and (reading.is_company(title) or title.endswith("公司"))
    )
    wrong = problems(title, asked.tax_code, asked.email)
    needs = [
        Need(
            slot,
            f"{text.zh.rstrip('。')}，请核对后再发一次。",
            f"{text.en.rstrip('.')}. Please check it and send it again.",
        )
        for slot, text in wrong
    ]
    there = {slot for slot, _ in wrong}
    if not title:
        needs.append(
            Need(
                "invoice_title",
                "请提供发票抬头。",
                "Please tell me the invoice title: a person or a company.",
            )
        )
    if company and not asked.tax_code and "tax_code" not in there:
        needs.append(
            Need(
                "tax_code",
                "企业抬头需要 18 位税号，请提供。",
                "A company's invoice needs its 18-character tax number.",
            )
        )
    email = asked.email or (_on_record(scene, order) if _is_title(scene, title) else "")
    if not email:
        needs.append(
            Need("email", "请提供接收电子发票的邮箱。", "Please give an e-mail address for the invoice.")
        )
    if needs:
        return Evidence(scene.intent, facts=(*facts, state(scene, row, must=False)), needs=tuple(needs))
    if reading._SPECIAL.search(scene.text):
        return Evidence(
            scene.intent,
            facts=(*facts, state(scene, row, must=False)),
            passages=pages.cite(scene, ("invoice",), "增值税专用发票 special"),
            handoff=True,
        )
    kind = "company" if company else "personal"
    amount = _amount(order)
    exact = InvoiceArguments(order.order_no, "", title, asked.tax_code.strip().upper(), asked.email)
    hidden = say.masked_email(email)
    to_zh, to_en = (
        (asked.email, asked.email)
        if asked.email
        else (f"您留的邮箱 {hidden}", f"{hidden}, the address on record")
    )
    request = InvoiceRequest(
        request_no=_number(scene, order), order_no=order.order_no, kind=kind, state="requested", title=title,
        tax_code=exact.tax_code or None, email=email, amount=amount, requested_at=scene.now,
    )  # fmt: skip
    code_zh, code_en = (
        (f"，税号 {exact.tax_code}", f", tax number {exact.tax_code}") if exact.tax_code else ("", "")
    )
    money_zh, money_en = (
        (f"，金额 {say.money(amount)}", f", amount {say.money(amount)}") if amount else ("", "")
    )
    return plan(
        scene, "invoice", exact,
        Text(f"要为订单 {order.order_no} 申请{_KINDS[kind].zh}：抬头“{title}”{code_zh}{money_zh}，发到 {to_zh}。",
             f'For order {order.order_no}, {_KINDS[kind].en} would be requested: title "{title}"{code_en}{money_en}, sent to {to_en}.'),
        Text(f"发票申请已登记，申请号 {request.request_no}。", f"The invoice request is registered; its number is {request.request_no}."),
        change(request), order_no=order.order_no,
    )  # fmt: skip


def _is_title(scene: Scene, title: str) -> bool:
    """Whether it is plainly a title, and no piece of a sentence that was taken for one: then nothing more is asked."""
    name = (
        re.fullmatch(r"[\u4e00-\u9fff·]{2,5}|[A-Z][A-Za-z.'-]*(?: [A-Z][A-Za-z.'-]*){1,3}", title) is not None
    )
    return (
        title in _PERSONAL or reading.is_company(title) or (name and bool(_SAYS_PERSONAL.search(scene.text)))
    )


def _on_record(scene: Scene, order: Order) -> str:
    """The mailbox that the order or its customer was given with; nobody has to say again what we have."""
    if order.email:
        return order.email
    row = scene.get(Customer, order.customer_id) if order.customer_id else None
    return (row.record.email or "") if row else ""


def _amount(order: Order) -> Money | None:
    """What was really paid, less what was refunded."""
    if order.paid is None:
        return None
    return order.paid - order.refunded if order.refunded else order.paid


def _number(scene: Scene, order: Order) -> str:
    before = len(scene.rows(InvoiceRequest, order_no=order.order_no))
    seed = f"{scene.shop} {order.order_no} invoice {before}"
    digits = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4]) % 10**6
    return f"F{scene.now:%Y%m%d}-{digits:06d}"
