"""Another colour or size before dispatch: proposed, made when confirmed. Number, notes, parcels together: by a person."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from mingbai.shop.skills import articles, goods, house, price, proof, stock
from mingbai.shop.skills.change import PERSON, note, other_person
from mingbai.shop.skills.instead import instead
from mingbai.shop.skills.lines import by_option, chosen_lines
from mingbai.shop.skills.orders import lines_fact, made_to_order, state
from mingbai.shop.skills.scene import Row, Scene
from mingbai.shop.skills.skill import Plan, said
from mingbai.shop.skills.too_late import (
    BEFORE,
    MERGE,
    VARIANT,
    open_to_change,
    rule,
    too_late,
)
from mingbai.shop.skills.writes import change, plan, refused
from mingbai.values.errors import Text
from mingbai.values.money import Money
from mingbai.values.records import Line, Order, OrderState, Price, Variant
from mingbai.values.turn import Evidence, Fact, Need

NOTE = re.compile(
    r"备注|[加捎带附](?:上)?一?[句话](?!价)|送(?:之)?前(?:先)?打(?:个)?电话|留言|贺卡|卡片|写上|别打电话|不要(?:给.{0,4})?打电话|(?i:\bnotes?\b|\bgreeting card\b|\bmessage\b|\badd\s*:|\bleave (?:it|them|the parcel) (?:with|at|by|in)\b|\b(?:tell|ask) the (?:courier|driver)\b|\bring (?:the bell|twice|before)\b|\bcall (?:me )?before\b)"
)
_SEEN = re.compile(r"看见|看到|看过|收到|写了|(?i:\b(?:see|seen|read|get|got)\b)")
NOTE_RULE = re.compile(r"加?备注[^。]*(?:发货前|可以)|(?i:\bnotes?\b[^.]*(?:until|before) dispatch)")
OF_PARCELS = re.compile(
    r"合并|一起[发寄]|一块儿?[发寄]|一并[发寄]|(?:一个|同一个?|一)箱|并到|拆单|拆开发|分开发|(?i:merge|combine|together|split)"
)
OF_A_CARD = re.compile(r"卡片?|贺卡|(?i:\bcards?\b)")
CARD = re.compile(r"贺卡[^。]*(?:免费|元)|(?i:\bcards?\b[^.]*(?:free|EUR|CNY))")
# Whether another variant may be wished at all; the rest (later, more, wrapped, quicker) a person does.
_OF_A_VARIANT = re.compile(
    r"颜色|色|[红橙黄绿青蓝紫黑白灰粉棕大小]的|尺码|码|号|规格|容量|款|型|换|改(?:一?下|单|订单|订|吗|么|不|$)|选错|拍错|点错|(?i:\bcolou?r|\bsize|\bvariant|\bmodel|\bbigger|\bsmaller|\blarger|\bswap|\binstead|\bswitch|\bexchange|\bother one|\bchange (?:it|my order|the order)\b|\bedit\b|\bmodify\b|\bamend\b|\bwrong one\b|\b\d+ ?(?:ml|cm)\b)"
)
# What is written on a thing that is made to order.
OF_ENGRAVING = re.compile(
    r"刻|字体|字样|几个字|的字|改字|楷书|行书|宋体|图案|落款|烫印|(?i:logo|\bengrav|\bletter|\bfont|\bspell|\binitials?\b|\binscription|\bwording)"
)
_MAKE_IT = re.compile(
    r"(?i:\bmake (?:it|that|them|this) (?P<en>two|three|four|five|six|seven|eight|nine|ten|\d{1,3})\b(?! ?(?:ml|cm)))"
)
_NUMBERS = {
    w: n
    for n, w in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    )
}
_ORDER = ("XXS", "XS", "S", "M", "L", "XL", "XXL", "XXXL")
_SMALLER = re.compile(
    r"小一(?:个)?(?:号|码)|小个?码|(?i:\b(?:one|a) size (?:smaller|down)\b|\bnext (?:smaller|size down)\b)"
)
_LARGER = re.compile(
    r"大一(?:个)?(?:号|码)|(?i:\b(?:one|a) size (?:larger|bigger|up)\b|\bnext (?:larger|bigger|size up)\b)"
)
_MOST_CHOICES = 6


@dataclass(frozen=True, slots=True)
class ModifyArguments:
    order_no: str = said("订单号", "order number")
    phone_tail: str = said("收货手机号的后四位", "last four digits of the phone number on the order")
    product: str = said("订单里的哪一件", "which article of the order")
    color: str = said("换成什么颜色", "the new colour")
    size: str = said("换成什么尺码或规格", "the new size or volume")
    quantity: int | None = said("改成几件", "the new number of pieces", None)


_QUOTED = re.compile(r"[「『“\"‘]([^」』”\"’]{1,40})[」』”\"’]")
# 备注一下周末再送, a note saying leave it with the neighbour.
_NOTED = re.compile(
    r"(?:备注|留言)(?:一下|一句|下|上|说|写)\s*(?!吧|吗|行|可以|可不|$)([^。！？!?;；，,吗]{2,60})|(?i:\bnotes?(?: (?:saying|that says|to say|asking)) (?:that |to )?([^.!?;]{3,60}))"
)
_AFTER_COLON = re.compile(r"[:：]\s*(\S[^。！？!?;；]{1,60})")


def modify_order(scene: Scene, asked: ModifyArguments) -> Plan | Evidence:
    """Another variant of the same article at the same price, in stock. Anything else goes to a person."""
    if OF_PARCELS.search(scene.text) and not asked.order_no and (several := _together(scene)) is not None:
        return several
    row = proof.find(
        scene, proof.OrderArguments(asked.order_no, asked.phone_tail, product=asked.product), open_to_change
    )
    if isinstance(row, Evidence):
        return row
    order = row.record
    if asked.quantity is None and (many := _MAKE_IT.search(scene.text)) is not None:
        said_so = many["en"].casefold()
        asked = replace(asked, quantity=_NUMBERS.get(said_so) or int(said_so))
    every = scene.rows(Line, order_no=order.order_no)
    if asked.quantity is not None and _is_of_an_option(every, asked.quantity):
        asked = replace(asked, quantity=None)
    color, size = instead(scene, every, asked.color, asked.size)
    by_hand = (*_by_hand(scene, row), *_wish(scene, order, replace(asked, color=color, size=size)))
    if PERSON.search(scene.text) and order.state in BEFORE:
        return other_person(scene, row)
    if order.state not in BEFORE:
        late = too_late(
            scene,
            row,
            MERGE if OF_PARCELS.search(scene.text) else VARIANT,
            Text("修改", "It cannot be changed any more"),
        )
        return replace(late, facts=(*late.facts, *by_hand))
    lines = chosen_lines(scene, order, asked.product)
    facts = (state(scene, row, must=False), lines_fact(scene, order.order_no))
    if OF_ENGRAVING.search(scene.text) and any(_custom(scene, [line]) for line in lines):
        own = by_hand or (_by_a_person(scene, order),)
        return Evidence(scene.intent, facts=(*own, *facts), handoff=True)
    if not lines:
        return Evidence(scene.intent, facts=facts, handoff=True)
    other_number = asked.quantity is not None and asked.quantity != lines[0].record.quantity
    own = _by_hand(scene, row)
    if own or (other_number and not (asked.color or asked.size)) or (by_hand and _custom(scene, lines)):
        return Evidence(scene.intent, facts=(*by_hand, *facts), handoff=True)
    asked = _resized(scene, lines, asked)
    color, size = instead(scene, lines, asked.color, asked.size)
    asked = replace(asked, color=color, size=size)
    if not (asked.color or asked.size) and not _OF_A_VARIANT.search(scene.text):
        return Evidence(scene.intent, facts=(_by_a_person(scene, order), *facts), handoff=True)
    if not (asked.color or asked.size):
        need = _which_variant(scene, lines)
        return Evidence(scene.intent, facts=(*facts, *rule(scene, order, VARIANT)), needs=(need,))
    if len(lines) > 1 and (narrowed := having(scene, lines, asked.color, asked.size)):
        lines = narrowed
    lines = by_option(scene, lines, (asked.color, asked.size))
    if len(lines) != 1:
        named = [articles.named(scene, line.record) for line in lines]
        names = tuple(t.zh if scene.says_zh else t.en for t in named)
        need = Need(
            "product",
            f"请问改哪一件：{'、'.join(t.zh for t in named)}？",
            f"Which item: {', '.join(t.en for t in named)}?",
            names,
        )
        return Evidence(scene.intent, facts=facts, needs=(need,))
    return _other_variant(scene, row, lines[0], asked)


def _is_of_an_option(lines: Iterable[Row[Line]], number: int) -> bool:
    """15包的换45包 counts no pieces: the number stands in what the order has."""
    return any(re.search(rf"(?<!\d){number}(?!\d)", f"{x.record.title}{x.record.options}") for x in lines)


def _together(scene: Scene) -> Evidence | None:
    """Several orders into one parcel: which of the customer's are not sent yet, by the shop's rule; a person does it."""
    waiting = [row for row in scene.own_orders() if row.record.state is OrderState.PAID]
    if len(waiting) < 2:
        return None
    numbers = "、".join(row.record.order_no for row in waiting[:4])
    fact = scene.fact(
        "order.waiting", len(waiting), f"您已付款、还没发货的订单：{numbers}。",
        f"Your orders that are paid but not yet dispatched: {numbers.replace('、', ', ')}.", *waiting[:4],
    )  # fmt: skip
    return Evidence(scene.intent, facts=(*rule(scene, waiting[0].record, MERGE), fact), handoff=True)


def _wish(scene: Scene, order: Order, asked: ModifyArguments) -> tuple[Fact, ...]:
    """What the customer wants, in the customer's words, for the person who does it."""
    quoted = _QUOTED.search(scene.text) or (
        _AFTER_COLON.search(scene.text) or _NOTED.search(scene.text) if NOTE.search(scene.text) else None
    )
    said = [
        x
        for x in (asked.color, asked.size, next(g for g in quoted.groups() if g).strip() if quoted else "")
        if x
    ]
    many = None if OF_PARCELS.search(scene.text) else asked.quantity  # 两个订单一起寄 counts orders
    zh = "，".join([*said, *([f"数量 {many}"] if many is not None else [])])
    en = ", ".join([*said, *([f"quantity {many}"] if many is not None else [])])
    if not zh:
        return ()
    fact = scene.fact(
        "order.wish", "note" if quoted else zh, f"您的要求：“{zh}”，由人工核实后处理。", f'You asked for: "{en}". One of our team will check it and see to it.',
        about=order.order_no,
    )  # fmt: skip
    return (fact,)


def _by_a_person(scene: Scene, order: Order) -> Fact:
    return scene.fact(
        "order.by_hand", None, f"订单 {order.order_no} 还没有发货，您的要求由人工核实后处理。",
        f"Order {order.order_no} has not been dispatched yet; one of our team will check what you would like and see to it.", about=order.order_no,
    )  # fmt: skip


def _custom(scene: Scene, lines: list[Row[Line]]) -> bool:
    return any(made_to_order(scene, line) for line in lines)


def _resized(scene: Scene, lines: list[Row[Line]], asked: ModifyArguments) -> ModifyArguments:
    """One size smaller or larger, where that is what was said."""
    size = relative_size(scene, lines)
    return replace(asked, size=size) if size else asked


def relative_size(scene: Scene, lines: list[Row[Line]]) -> str:
    """The size next to the one that was bought: 小一号. Empty where it is not said or there is none."""
    step = -1 if _SMALLER.search(scene.text) else 1 if _LARGER.search(scene.text) else 0
    if not step:
        return ""
    for line in lines:
        own = scene.get(Variant, line.record.sku) if line.record.sku else None
        size = next((v for n, v in own.record.options if v in _ORDER), "") if own else ""
        at = _ORDER.index(size) + step if size else -1
        if 0 <= at < len(_ORDER):
            return _ORDER[at]
    return ""


def _by_hand(scene: Scene, row: Row[Order]) -> tuple[Fact, ...]:
    """The shop's rule on what a person changes: a note, parcels put together or apart."""
    if NOTE.search(scene.text) and _SEEN.search(scene.text) and row.record.buyer_note:
        return (note(scene, row),)
    if NOTE.search(scene.text):
        return house.told(scene, ("order_change", "gift"), NOTE_RULE, of=row.record.order_no)
    if OF_PARCELS.search(scene.text):
        return rule(scene, row.record, MERGE)
    return ()


def _which_variant(scene: Scene, lines: list[Row[Line]]) -> Need:
    """Asks for the new color or size, with those that are in stock where one article is meant."""
    names = others(scene, lines[0]) if len(lines) == 1 else []
    choices = tuple(n.zh if scene.says_zh else n.en for n in names)
    zh, en = "、".join(n.zh for n in names), ", ".join(n.en for n in names)
    return Need(
        "color",
        f"请问要改成什么颜色或规格{f'（现在有货：{zh}）' if zh else ''}？",
        f"Which colour or size would you like{f' (in stock: {en})' if en else ''}?",
        choices,
    )


def others(scene: Scene, line: Row[Line]) -> list[Text]:
    """The other variants of a line's article that are in stock."""
    own = scene.get(Variant, line.record.sku) if line.record.sku else None
    if own is None:
        return []
    found = goods.pick(replace(scene, text=""), own, goods.ItemArguments())
    there = [
        v
        for v in found.every
        if v.record.sku != line.record.sku
        and any(f.name == "stock.available" for f in stock.of_goods(scene, replace(found, variants=(v,))))
    ]
    return [Text(goods.variant_zh(v), goods.variant_en(v)) for v in there[:_MOST_CHOICES]]


def having(scene: Scene, lines: Iterable[Row[Line]], color: str, size: str) -> list[Row[Line]]:
    """The lines whose article has the color or size that is asked for."""
    return [line for line in lines if (g := target(scene, line, color, size)) is not None and not g.lacking]


def target(scene: Scene, line: Row[Line], color: str, size: str) -> goods.Goods | None:
    """The variants of a line's article that fit the wish, keeping its other options."""
    own = scene.get(Variant, line.record.sku) if line.record.sku else None
    return (
        goods.pick(replace(scene, text=""), own, goods.ItemArguments("", color, size))
        if own is not None
        else None
    )


def _other_variant(scene: Scene, row: Row[Order], line: Row[Line], asked: ModifyArguments) -> Plan | Evidence:
    order, old = row.record, line.record
    found = target(scene, line, asked.color, asked.size)
    facts = (state(scene, row, must=False), lines_fact(scene, order.order_no))
    if found is None:
        return Evidence(scene.intent, facts=facts, handoff=True)
    if found.lacking or len(found.variants) != 1:
        return Evidence(scene.intent, facts=(*facts, *stock.of_goods(scene, found)))
    new = found.variants[0]
    if new.record.sku == old.sku:
        fact = scene.fact(
            "order.same_variant",
            None,
            "订单里已经是这个规格。",
            "The order already has that version.",
            line,
            about=order.order_no,
        )
        return Evidence(scene.intent, facts=(fact, *facts))
    available = list(stock.of_goods(scene, found))
    if not any(f.name == "stock.available" for f in available):
        return refused(
            scene,
            "要换的规格现在没有货。",
            "The version you want is out of stock at the moment.",
            Evidence(scene.intent, facts=(*available, *facts)),
        )
    now = price.at(
        scene.rows(Price, sku=new.record.sku), old.unit_price.currency if old.unit_price else "", scene.now
    )
    if now is None or old.unit_price is None or now.row.record.amount != old.unit_price:
        settled = rule(scene, order, VARIANT)
        return Evidence(
            scene.intent, facts=(*available, *price.now(scene, found), *settled, *facts), handoff=True
        )
    options, name = ";".join(f"{n}:{v}" for n, v in new.record.options), articles.title(scene, old)
    exact = ModifyArguments(order.order_no, "", old.sku, asked.color, asked.size)
    return plan(
        scene, "modify_order", exact,
        Text(f"要把订单 {order.order_no} 里的《{name.zh}》改成{goods.variant_zh(new)}，价格不变。",
             f"In order {order.order_no}, {name.en} would become {goods.variant_en(new)}, at the same price."),
        Text(f"订单 {order.order_no} 里的《{name.zh}》已改成{goods.variant_zh(new)}。",
             f"In order {order.order_no}, {name.en} is now {goods.variant_en(new)}."),
        change(replace(old, sku=new.record.sku, options=options), "sku", "options"), order_no=order.order_no,
        amount=Money(0, old.unit_price.currency),
    )  # fmt: skip
