"""A request for a return: within the clocks, once, and looked at when the goods are back."""

from __future__ import annotations

import re

from mingbai.shop.skills import articles, house, requests, rights, say
from mingbai.shop.skills.requests import Ready, ReturnArguments, ready
from mingbai.shop.skills.scene import Scene
from mingbai.shop.skills.skill import Plan
from mingbai.shop.skills.writes import change, plan
from mingbai.values.errors import Text
from mingbai.values.records import Line
from mingbai.values.turn import Evidence, Fact

POST = {
    "seller": Text("运费由我们承担", "we pay the postage"),
    "insurer": Text(
        "寄回运费先由您付，有运费险，赔付以保险公司为准",
        "you pay the return postage first; the insurer decides what its cover pays",
    ),
    "buyer": Text("寄回运费由您承担", "you pay the return postage"),
}
_THRESHOLD = re.compile(r"达不到[^。]*(?:差额|扣)|(?i:no longer reaches)")


def start_return(scene: Scene, asked: ReturnArguments) -> Plan | Evidence:
    """A request for a return, within the clocks. It is a request: the goods are looked at when they are back."""
    found = ready(scene, asked, "return_right")
    if isinstance(found, Evidence):
        return found
    faulty = rights.is_fault(asked.reason)
    if found.several:
        no = None if faulty else requests.not_now(scene, found)
        if no is not None and requests.over(scene, no.facts):
            return no  # too late for every article: it is not asked which
        return requests.which_line(scene, found)
    if not faulty and (no := requests.not_now(scene, found)) is not None:
        return no
    return _planned(scene, found, asked)


def _planned(scene: Scene, found: Ready, asked: ReturnArguments) -> Plan | Evidence:
    order, lines = found.order, found.lines
    amount, names = requests.worth(lines), articles.titles(scene, lines)
    by = requests.payer(scene, order, asked.reason)
    why = requests.reason(asked.reason)
    exact = ReturnArguments(order.order_no, "", requests.line_numbers(scene, found), "", "", why)
    rows = [requests.made(scene, order, line, "return", by, why) for line in lines]
    money_zh = f"，预计退 {say.money(amount)}" if amount else ""
    money_en = f", about {say.money(amount)} would be refunded" if amount else ""
    numbers = [r.return_no for r in rows]
    return plan(
        scene, "start_return", exact,
        Text(f"要为订单 {order.order_no} 的《{names.zh}》申请退货{money_zh}，{POST[by].zh}。",
             f"This would request a return of {names.en} in order {order.order_no}{money_en}; {POST[by].en}."),
        Text(f"退货申请已提交，申请号 {'、'.join(numbers)}。", f"Your return has been requested; its number is {', '.join(numbers)}."),
        *(change(r) for r in rows), order_no=order.order_no, amount=amount,
        facts=(*requests.clocks(scene, found), *_part(scene, found)), after=requests.next_steps(scene, order),
    )  # fmt: skip


def _part(scene: Scene, found: Ready) -> tuple[Fact, ...]:
    """A part of an order that was bought with a discount: what becomes of the discount."""
    every = scene.rows(Line, order_no=found.order.order_no)
    if not found.order.coupon_codes or len(found.lines) == len(every):
        return ()
    return house.told(scene, ("return_right", "coupon"), _THRESHOLD, of=found.order.order_no)
