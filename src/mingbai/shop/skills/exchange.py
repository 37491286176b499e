"""A request for an exchange: another variant of the same article, in stock, within the days; by the shop's page who pays."""

from __future__ import annotations

import re
from dataclasses import replace

from mingbai.shop.skills import (
    articles,
    excepted,
    goods,
    house,
    pages,
    requests,
    return_rule,
    rights,
    stated,
    stock,
)
from mingbai.shop.skills.instead import instead
from mingbai.shop.skills.lines import by_option
from mingbai.shop.skills.modify import having, others, relative_size, target
from mingbai.shop.skills.orders import lines_fact, state
from mingbai.shop.skills.refunds import request
from mingbai.shop.skills.requests import Ready, ReturnArguments, ready
from mingbai.shop.skills.scene import Row, Scene
from mingbai.shop.skills.send_back import POST
from mingbai.shop.skills.skill import Plan
from mingbai.shop.skills.writes import change, plan, refused
from mingbai.values.errors import Text
from mingbai.values.records import Line, Order, Return, Variant
from mingbai.values.turn import Evidence, Fact, Need

_SIZES = ("尺码", "尺寸", "size")
_OF_SIZE = re.compile(r"换码[^。]*(?:运费|承担|付)|(?i:change of size[^.]*pay)")
_OF_COLOR = re.compile(r"换(?:颜色|色|容量)[^。]*(?:运费|承担|付)|(?i:change of colou?r[^.]*pay)")
_OF_FAULT = re.compile(r"(?:发错|破损|质量)[^。]*运费|(?i:(?:wrong|broken|defective)[^.]*we pay)")
_NEW_ONE = re.compile(r"寄出新|新的寄|(?i:send the new one|new one within)")
_ABROAD = re.compile(r"不直接换货|(?i:not exchanged directly)")
_OTHER_MODEL = re.compile(r"别的款|(?i:another model)")
_WANTS_OTHER = re.compile(
    r"(?:别的|其他|其它|另一)(?:款|种|个|样|杯|壶|商品|东西)|(?i:\b(?:different|another|other) (?:model|product|article|item|cup|pot|style)\b)"
)
_FOR = re.compile(
    r"换(?:成|为|个|一个|一款|那种|你们的?)+([^，。！？]{2,24})|(?i:\b(?:exchange|swap|change) .{2,40}? for (?:an? |the )?([^,.!?]{3,40}))"
)
_AFTER_IT = re.compile(
    r"旧的|新的|寄没寄|换好|换了没|换货.{0,4}(?:进度|到哪|怎么样)|(?i:\bnew one\b|\bold one\b)"
)
_SAYS_SIZE = re.compile(
    r"尺码|尺寸|码|大小|偏[大小]|太[大小]|衣服|裤|裙|鞋|(?i:\bsize|\btoo (?:big|small|large|tight))"
)
_SAYS_COLOR = re.compile(r"颜?色|容量|(?i:colou?r|capacity)")
_WITHIN = re.compile(r"签收后 ?\d+ ?天内[^。]*换|(?i:within \d+ days of delivery[^.]*exchang)")
_FAULT_POST = Text("来回运费由我们承担", "we pay both ways")


def exchange(scene: Scene, asked: ReturnArguments) -> Plan | Evidence:
    """Another variant of the same article, in stock, within seven days."""
    found = ready(scene, asked, "exchange")
    if isinstance(found, Evidence):
        return _in_general(scene, found)
    order = found.order
    if order.country not in (*excepted.HOME, ""):
        facts = (state(scene, found.row, must=False), *requests.clocks(scene, found))
        return refused(
            scene,
            "这个国家的订单不直接换货，请退货后重新下单。",
            "Orders from abroad cannot be exchanged directly; please return the item and order again.",
            Evidence(scene.intent, facts=facts),
        )
    faulty = rights.is_fault(asked.reason)
    if size := relative_size(scene, found.lines):
        asked = replace(asked, size=size)
    color, size = instead(scene, found.lines, asked.color, asked.size)
    asked = replace(asked, color=color, size=size)
    if (ended := _ended(scene, found)) and not (asked.color or asked.size):
        return Evidence(scene.intent, facts=ended)
    if found.several and (asked.color or asked.size):
        found = _narrowed(found, having(scene, found.lines, asked.color, asked.size))
    if found.several:
        found = _narrowed(found, by_option(scene, found.lines, (asked.color, asked.size)))
    no = None if faulty else requests.not_now(scene, found)
    if no is not None and (len(found.lines) == 1 or requests.over(scene, no.facts)):
        return no
    if len(found.lines) != 1:
        return requests.which_line(scene, found)
    if not (asked.color or asked.size) and _wants_other(scene, found):
        facts = house.told(scene, ("exchange",), _OTHER_MODEL, of=order.order_no)
        if facts:
            return Evidence(scene.intent, facts=(*facts, *requests.clocks(scene, found)))
    if not (asked.color or asked.size) and not faulty:
        return _which_variant(scene, found)
    return _planned(scene, found, asked, faulty)


def _ended(scene: Scene, found: Ready) -> tuple[Fact, ...]:
    """An exchange that was made, where the message asks after it."""
    if not _AFTER_IT.search(scene.text):
        return ()
    lines = [x.record.line_no for x in found.lines]
    rows = scene.rows(Return, order_no=found.order.order_no, kind="exchange")
    return tuple(f for r in rows if r.record.line_no in lines for f in request(scene, found.order, r))


def _wants_other(scene: Scene, found: Ready) -> bool:
    """Whether another model is wished for than was bought."""
    if _WANTS_OTHER.search(scene.text):
        return True
    hit = _FOR.search(scene.text)
    wish = (hit[1] or hit[2]).strip() if hit else ""
    if not wish:
        return False
    lines = scene.rows(Line, order_no=found.order.order_no)
    own = [v for line in lines if line.record.sku and (v := scene.get(Variant, line.record.sku)) is not None]
    if any(stated.states(wish, value, name) for v in own for name, value in stated.values(v.record)):
        return False
    named = goods.find_any(replace(scene, text=wish, item=""), goods.ItemArguments(wish))
    rows = (
        named.rows
        if isinstance(named, goods.Several)
        else (named.product,)
        if isinstance(named, goods.Goods)
        else ()
    )
    bought = {line.record.product_no for line in lines}
    return bool(rows) and not any(row.record.product_no in bought for row in rows)


def _narrowed(found: Ready, lines: list[Row[Line]]) -> Ready:
    return Ready(found.row, lines, len(lines) > 1) if lines else found


def _planned(scene: Scene, found: Ready, asked: ReturnArguments, faulty: bool) -> Plan | Evidence:
    order, line = found.order, found.lines[0]
    wish = Text("同款", "the same")
    if asked.color or asked.size:
        wanted = target(scene, line, asked.color, asked.size)
        if wanted is None or wanted.lacking or len(wanted.variants) != 1:
            facts = tuple(stock.of_goods(scene, wanted)) if wanted else ()
            return Evidence(
                scene.intent, facts=facts or (lines_fact(scene, order.order_no),), handoff=wanted is None
            )
        there = list(stock.of_goods(scene, wanted))
        if not any(f.name == "stock.available" for f in there):
            return refused(
                scene,
                "要换的规格现在没有货，可以等补货，也可以退货。",
                "What you want instead is out of stock: you can wait for it, or return the item.",
                Evidence(scene.intent, facts=(*there, *requests.clocks(scene, found))),
            )
        if wanted.variants[0].record.sku == line.record.sku:
            return _which_variant(scene, found)
        wish = Text(goods.variant_zh(wanted.variants[0]), goods.variant_en(wanted.variants[0]))
    by = "seller" if faulty else requests.payer(scene, order, asked.reason)
    post = _FAULT_POST if faulty else POST[by]
    name = articles.title(scene, line.record)
    why = requests.reason(asked.reason)
    exact = ReturnArguments(order.order_no, "", line.record.line_no, asked.color, asked.size, why)
    made = requests.made(scene, order, line, "exchange", by, requests.reason(f"换{wish.zh}：{asked.reason}"))
    after = (
        *requests.next_steps(scene, order),
        *house.told(scene, ("exchange",), _NEW_ONE, of=order.order_no),
    )
    return plan(
        scene, "exchange", exact,
        Text(f"要为订单 {order.order_no} 的《{name.zh}》申请换成{wish.zh}，{post.zh}。",
             f"This would request an exchange of {name.en} in order {order.order_no} for {wish.en}; {post.en}."),
        Text(f"换货申请已提交，申请号 {made.return_no}。", f"Your exchange has been requested; its number is {made.return_no}."),
        change(made), order_no=order.order_no, after=after,
        facts=(*requests.clocks(scene, found), *postage(scene, order, line, faulty=faulty, size=bool(asked.size))),
    )  # fmt: skip


def _in_general(scene: Scene, asking: Evidence) -> Evidence:
    """Of no order in particular: within how many days, and who pays for which kind of change."""
    if asking.refusals or asking.facts or scene.asker.customer:
        return asking
    country = return_rule.asker_country(scene)
    about = (
        (_ABROAD,)
        if country not in (*excepted.HOME, "")
        else (_OTHER_MODEL,)
        if _WANTS_OTHER.search(scene.text)
        else (_OF_FAULT,)
        if rights.is_faulty(scene.text, scene.fault)
        else ()
    )
    if not about:
        sized, colored = bool(_SAYS_SIZE.search(scene.text)), bool(_SAYS_COLOR.search(scene.text))
        about = (
            *((_OF_SIZE,) if sized or not colored else ()),
            *((_OF_COLOR,) if colored or not sized else ()),
        )
    first = () if _ABROAD in about else (_WITHIN,)
    facts = house.told(scene, ("exchange",), *first, *about)
    mine = return_rule.MINE.search(scene.text)
    return replace(asking, facts=facts, needs=asking.needs if mine or not facts else ())


def _which_variant(scene: Scene, found: Ready) -> Evidence:
    """Asks what instead, with what there is, and tells what it costs and until when."""
    order, line = found.order, found.lines[0]
    names = others(scene, line)
    zh, en = "、".join(n.zh for n in names), ", ".join(n.en for n in names)
    need = Need(
        "size",
        f"请问要换成什么颜色或尺码{f'（现在有货：{zh}）' if zh else ''}？",
        f"Which colour or size would you like instead{f' (in stock: {en})' if en else ''}?",
        tuple(n.zh if scene.says_zh else n.en for n in names),
    )
    facts = (
        lines_fact(scene, order.order_no),
        *requests.clocks(scene, found),
        *postage(scene, order, line, faulty=False, size=_has_sizes(scene, line)),
    )
    return Evidence(scene.intent, facts=facts, needs=(need,), passages=pages.cite(scene, ("exchange",)))


def _has_sizes(scene: Scene, line: Row[Line]) -> bool:
    own = scene.get(Variant, line.record.sku) if line.record.sku else None
    wants_color = bool(re.search(r"颜?色|(?i:colou?r)", scene.text))
    return own is not None and not wants_color and any(n.casefold() in _SIZES for n, _ in own.record.options)


def postage(scene: Scene, order: Order, line: Row[Line], *, faulty: bool, size: bool) -> tuple[Fact, ...]:
    """Who pays which way, as the shop's page on exchanges has it for this kind of change."""
    sized = size and _is_sized(scene, line)
    about = _OF_FAULT if faulty else _OF_SIZE if sized else _OF_COLOR
    return house.told(scene, ("exchange",), about, of=order.order_no)


def _is_sized(scene: Scene, line: Row[Line]) -> bool:
    own = scene.get(Variant, line.record.sku) if line.record.sku else None
    return own is not None and any(n.casefold() in _SIZES for n, _ in own.record.options)
