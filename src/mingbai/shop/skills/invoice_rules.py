"""What the shop's page says of invoices: on the side that is asked, until when, abroad, and of one that was made wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from mingbai.shop.skills import house, say
from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.records import InvoiceRequest, Order, OrderState
from mingbai.values.turn import Fact

AMOUNT_ASKED = re.compile(
    r"金额|(?<!号)(?<!号码)(?<!码是)(?<!号是)多少(?!号)|几百|实付|实际|优惠|运费|掏|(?i:amount|how much|total)"
)
_REOPEN = re.compile(
    r"(?:开|写|填|弄|搞|抬头|税号|信息)[^，。]{0,4}错|错[^，。]{0,3}字|作废|红冲|重开|重新开|换开|改抬头|换抬头|(?i:\bwrong (?:title|name|number|company)|\bre-?issue|\bcorrect (?:the|my) invoice|\bmistake)"
)
_LATE = re.compile(
    r"多久内|期限|补开|补.{0,2}票|还能(?:再)?开|还(?:给|可以)?开|过期|(?i:until when|deadline|how late|how long .{0,20}(?:ask|request)|still (?:get|ask|issue)|too late)"
)
_MOST_MATTERS = 2
# What customers ask of invoices, and how pages have it.
_MATTERS = (
    (re.compile(r"纸质|纸的|寄[一来给过]|红章|盖章|实体|(?i:\bpaper\b|\bby post\b|\bstamp)"), re.compile(r"同等效力|电子[^。]*纸质|(?i:worth as much as paper|electronic[^.]*paper)")),
    (re.compile(r"专票|专用|增值税|抵扣|(?i:\bspecial\b|\bdeduct)"), re.compile(r"专用发票[：:]|(?i:special vat invoice: )")),
    (re.compile(r"品名|办公用品|明细|内容|写成|开成|(?i:office supplies|rename|content|description)"), re.compile(r"(?:商品)?明细开|(?i:cannot rename|goods as they are)")),
    (AMOUNT_ASKED, re.compile(r"(?:实际付款|实付)[^。]*开|(?i:what was really paid)")),
    (_REOPEN, re.compile(r"红冲|重开|(?i:issue it again|re-?issue)")),
    (re.compile(r"公司抬头|企业抬头|单位抬头|普票|抬头[^，。]{0,6}(?:公司|单位|企业)|(?i:made out to (?:a|my|our|the) (?:company|firm|business))|(?:公司|单位|企业)[^，。]{0,6}(?:要|需|资料|信息)|(?i:company (?:title|invoice))"), re.compile(r"企业抬头（|公司全称和|(?i:company title)")),
    (re.compile(r"个人(?:抬头|发票|的|名)|(?i:personal (?:title|invoice))"), re.compile(r"^个人抬头|(?i:personal title)")),
    (re.compile(r"礼品卡|(?i:gift card)"), re.compile(r"礼品卡|(?i:gift cards?:)")),
    (_LATE, re.compile(r"\d+ ?天内|(?i:\d+ days after)")),
    (re.compile(r"什么时候|多久|几天|啥时候|没收货|确认收货|先开|(?i:\bwhen\b|how (?:long|soon))"), re.compile(r"确认收货|(?i:confirmed receipt)")),
)  # fmt: skip
_SPECIAL = re.compile(r"专票|专用|(?i:\bspecial\b)")
_MATERIALS = re.compile(
    r"资料|材料|信息|什么|哪些|啥|要.{0,2}税号|(?i:\bwhat\b|\bneeds?\b|\bdetails\b|\binformation\b)"
)
_COMPANY = re.compile(r"企业抬头（|公司全称和|(?i:company title)")
_BEFORE_RECEIPT = re.compile(r"没确认收货|未确认收货|(?i:asked earlier)")
_ABROAD = re.compile(r"海外订单|(?i:orders abroad)")
_DAYS = re.compile(r"(\d+) ?天内|(\d+) days")
_ASK_UNTIL = re.compile(r"完成后 ?\d+ ?天|(?i:\d+ days after the order)")
_SPECIAL_NEEDS = re.compile(r"开户行|(?i:bank)")


def asked(scene: Scene, of: str = "") -> tuple[Fact, ...]:
    """The page's rule on what the message asks of invoices."""
    about = [there for said, there in _MATTERS if said.search(scene.text)][:_MOST_MATTERS]
    if _SPECIAL.search(scene.text) and _MATERIALS.search(scene.text):
        about = [_COMPANY, *about]  # a special invoice needs all that a company's does, and more
    return house.told(scene, ("invoice",), *about, of=of)


def abroad(scene: Scene, order: Order | None) -> tuple[Fact, ...]:
    no = order.order_no if order else ""
    if said := house.told(scene, ("invoice",), _ABROAD, of=no):
        return said
    fact = scene.fact(
        "invoice.abroad", False, "海外和港澳台订单不开中国发票。", "No Chinese fapiao is issued for orders from outside mainland China.",
        about=no,
    )  # fmt: skip
    return (fact,)


def reopening(scene: Scene, existing: list[Row[InvoiceRequest]]) -> Iterator[Fact]:
    """Until when an issued invoice is issued again free of charge, by the page's own days."""
    issued = next((r for r in existing if r.record.state == "issued" and r.record.issued_at), None)
    if issued is None or not _REOPEN.search(scene.text) or issued.record.issued_at is None:
        return
    said = house.find(
        scene, ("invoice",), re.compile(r"(?:重开|重新开)[^。]*\d+ ?天|(?i:again[^.]*\d+ days)")
    )
    days = _DAYS.search(said.zh) or _DAYS.search(said.en) if said else None
    if said is None or days is None:
        return
    last = say.local(issued.record.issued_at, scene.now).date() + timedelta(days=int(days[1] or days[2]))
    on = say.day(last, scene.now)
    over_zh = f"到 {on.zh}" if scene.today <= last else f"到 {on.zh}，已经过了，由人工确认能不能办"
    over_en = (
        f"until {on.en}"
        if scene.today <= last
        else f"until {on.en}; that has passed, a person has to confirm"
    )
    yield scene.fact(
        "invoice.redo_until", last, f"免费重开的期限{over_zh}。", f"It is issued again free of charge {over_en}.", issued,
        *said.page.rows, about=issued.record.order_no,
    )  # fmt: skip


def until(scene: Scene, row: Row[Order]) -> Iterator[Fact]:
    """Until when an invoice may be asked for, and that it waits for the receipt where the goods are not confirmed."""
    order = row.record
    if order.state in (OrderState.PAID, OrderState.PART_SHIPPED, OrderState.SHIPPED, OrderState.DELIVERED):
        yield from house.told(scene, ("invoice",), _BEFORE_RECEIPT, of=order.order_no)
    ended = order.closed_at or order.received_at
    said = house.find(scene, ("invoice",), _ASK_UNTIL)
    days = re.search(r"(\d+) ?天", said.zh) or re.search(r"(\d+) days", said.en) if said else None
    if order.state is not OrderState.COMPLETED or ended is None or said is None or days is None:
        return
    last = say.local(ended, scene.now).date() + timedelta(days=int(days[1]))
    on = say.day(last, scene.now)
    zh = f"订单完成后 {days[1]} 天内可以申请发票，到 {on.zh}"
    en = f"An invoice can be asked for within {days[1]} days of completion, until {on.en}"
    passed = scene.today > last
    yield scene.fact(
        "invoice.ask_until", last, zh + ("，已经过了。" if passed else "。"), en + ("; that has passed." if passed else "."), row,
        *said.page.rows, about=order.order_no, must=passed or bool(_LATE.search(scene.text)),
    )  # fmt: skip
