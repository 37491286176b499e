"""What a person takes over: hand-off and complaint. The shop's hours, and a summary of what is known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time

from mingbai.shop.skills import attributes, pages, proof, refunds
from mingbai.shop.skills.orders import lines_fact, state
from mingbai.shop.skills.scene import Scene
from mingbai.shop.skills.skill import said
from mingbai.values.records import Return
from mingbai.values.turn import Evidence, Fact
from mingbai.zh import calendar

_RANGE = re.compile(r"(\d{1,2}):(\d{2})\s*[–—~至到-]\s*(\d{1,2}):(\d{2})")

# When people answer: 周日有客服吗, 贵店服务到几点, are you open on Sunday.
_STAFF = r"(?:客服|人工|售后|你们|您们|店里|店家|贵店|掌柜)"
_HOURS_ASKED = re.compile(
    rf"{_STAFF}[^，。！？]{{0,8}}(?:几点(?:上班|下班|开门|关门|营业|休息|结束|开始|在|有人|呢|啊|呀|$|[?？])|到几点|什么时间(?:上|下|在|有)|什么时候(?:上|下|在|有人)|时间|休息|放假|营业|值班|上班|下班|在线)|(?:上班|服务|营业|工作|在线|值班|人工|客服)时间"
    rf"|几点[^，。]{{0,4}}(?:有|才有)(?:客服|人工)|(?:周[一二三四五六日末天]|星期.|礼拜.|过年|春节|除夕|国庆|五一|元旦|节假日|假期|放假|晚上|半夜|凌晨|夜里|中午|早上|周末)[^，。！？]{{0,8}}(?:有(?:没有)?(?:客服|人工)|{_STAFF}[^，。！？]{{0,4}}在|上班|营业|开门|值班)"
    r"|(?i:\b(?:till|until|from) (?:what|which) (?:time|hour)\b.{0,12}\b(?:are|is|do|does)\b.{0,20}\b(?:people|staff|team|anyone|anybody|someone|support)\b|\b(?:support|service|desk|staff|agents?|people|team|office|opening|business|working|human support|customer service)(?:'s)? hours\b|\bhours of (?:service|support|operation|business)\b"
    r"|\b(?:when|what time|until when|how late)\b.{0,12}\b(?:are you|do you|is (?:your |the )?(?:support|service|desk|team|shop|store|office)|does (?:your |the )?(?:support|service|desk|team|shop|store|office))\b.{0,16}\b(?:open|close|work|there|available|start|on duty|end)"
    r"|\b(?:are you|is (?:your |the )?(?:support|desk|team|shop|store|office)|do you work|is (?:anyone|anybody|someone) (?:there|available))\b.{0,16}\b(?:open|available|there|on|work\w*)\b.{0,24}\b(?:mon|tues|wednes|thurs|fri|satur|sun)day|\b(?:open|work|available) (?:on|over|at|during) (?:the )?(?:weekends?|sundays?|saturdays?|holidays?|christmas|new year\w*|night))"
)
_NOT_HOURS = re.compile(
    r"[寄送收发派][^，。]{0,4}上班|上班[^，。]{0,4}(?:寄|送|收|派)|发货|到货|送货|(?i:warehouse|\bship|\bdeliver|\bdispatch|\bparcel|\bcourier)"
)
_SHOP_ASKED = re.compile(
    r"几点(?:上班|下班|开门|关门|营业|开始|结束)|[营營][业業]时?[间間時]|客服时间|工作时间|上班时间|上班吗|在线时间|(?:店铺|(?<![酒饭书药网])店|公司|你们|实体店|门店)[^，。]{0,4}(?:地址|在哪|位置)|实体店"
    r"|(?:客服|联系|你们|店铺?|公司|售后)[^，。]{0,4}(?:电话|专线|热线|邮箱|号码|联系方式)|邮箱(?:是|地址|给|发)|(?:客服|服务|售后)?(?:热线|专线)|电话(?:是)?(?:多少|几号)(?!钱)|(?:你们?家?|店)在[一-龥]{0,4}哪|你们?家?在什么地方|(?:周末|周[六日天]|晚上|半夜|夜里|凌晨|节假日|春节|过年|国庆)[^，。？]{0,4}(?:有人(?!喝|用|吃)|上班|营业|值班|客服|回消息|开门)|(?i:\b(?:weekends?|sundays?|saturdays?|at night|on holidays?|bank holidays?)\b.{0,24}\b(?:someone|somebody|anybody|anyone|open|staff|there|answer\w*|reachable|available)\b|\b(?:someone|somebody|anybody|anyone|open|reachable|reach you)\b.{0,24}\b(?:weekends?|sundays?|saturdays?|at night|on holidays?)\b|do you have an? (?:contact )?e-?mail|physical (?:shop|store)|\bshowroom\b|opening hours|business hours|what time do you (?:open|close)|when (?:are you|do you) open|(?:your|the shop'?s?) (?:\w+ )?(?:address|phone|telephone|e-?mail|hotline)|(?:phone|telephone) number (?:of|for) (?:your|the) (?:shop|store|company)|number (?:can|do|could) i (?:call|ring|phone)|where are you (?:located|based))"
)


# Another word for what the shop calls it.
_CALLED = (
    re.compile(r"电话|热线|专线|(?i:\b(?:tele)?phone\b|\bcall\b|\bring\b|\bhotline\b)"),
    re.compile(
        r"^地址|(?:你们?家?|店)在[一-龥]{0,4}哪|(?:公司|店铺?|实体店|门店|你们)[^，。]{0,4}(?:地址|位置)|(?i:^\S* ?address$|\byour address\b|\bwhere are you\b)"
    ),
    re.compile(r"邮箱|邮件|(?i:\be-?mail|\bmailbox\b)"),
)


@dataclass(frozen=True, slots=True)
class PersonArguments:
    reason: str = said("原因，一句话", "why, in one sentence")
    order_no: str = said("有关的订单号", "the order it is about")
    phone_tail: str = said("收货手机号的后四位", "last four digits of the phone number on the order")
    product: str = said("有关的商品", "the article it is about")


def handoff(scene: Scene, asked: PersonArguments) -> Evidence:
    """At the first word: no question is asked before a person comes."""
    facts = (*hours(scene), *_asked(scene), *_known(scene, asked))
    return Evidence(scene.intent, facts=facts, handoff=True)


def _asked(scene: Scene) -> Iterator[Fact]:
    """What the shop says of itself that the message names: 店长, 电话."""
    row, wanted = scene.shop_row, pages.grams(scene.text)
    for zh, en in attributes.pairs(row.record.facts):
        called = f"{zh[0]} {en[0]}"
        if wanted & pages.grams(called) or any(p.search(scene.text) and p.search(called) for p in _CALLED):
            yield scene.fact(
                "shop.fact", zh[1], f"{zh[0]}：{zh[1]}。", f"{en[0][:1].upper()}{en[0][1:]}: {en[1]}.", row
            )


def complaint(scene: Scene, asked: PersonArguments) -> Evidence:
    """To a person at once, with what the shop promises for complaints; nothing is conceded and nothing threatened."""
    promise = [
        p
        for page in pages.pages(scene, "handoff")
        for p in pages.points(page)
        if _about_complaints(p.zh, p.en)
    ]
    facts = [
        scene.fact("complaint.promise", None, p.zh, p.en, *(p.page.rows if p.page else ()), must=True)
        for p in promise[:1]
    ]
    return Evidence(scene.intent, facts=(*facts, *hours(scene), *_known(scene, asked)), handoff=True)


def _about_complaints(zh: str, en: str) -> bool:
    return "投诉" in zh or "omplaint" in en


def hours(scene: Scene) -> Iterator[Fact]:
    """When people answer, and whether they do now."""
    row = scene.shop_row
    shop = row.record
    if not (shop.hours_zh or shop.hours_en):
        return
    zh, en = shop.hours_zh or shop.hours_en, shop.hours_en or shop.hours_zh
    yield scene.fact("handoff.hours", zh, f"{zh}。", f"{en}.", row)
    open_now = is_open(scene)
    if open_now is not None:
        yield scene.fact(
            "handoff.open_now", open_now,
            "现在是人工客服时间。" if open_now else "现在不在人工客服时间，留下的问题上班后按顺序回复。",
            "Our team is there now." if open_now else "Nobody is there at the moment; messages are answered in turn when we open.",
            row,
        )  # fmt: skip


def is_open(scene: Scene) -> bool | None:
    """By the first span of hours that the shop names; None when it names none, and in the days around Spring Festival,
    for which shops give other hours."""
    found = _RANGE.search(scene.shop_row.record.hours_zh or scene.shop_row.record.hours_en)
    free = calendar.holiday(scene.today)
    if found is None or (free is not None and "春节" in free.name):
        return None
    first, last = time(int(found[1]), int(found[2])), (int(found[3]), int(found[4]))
    now = scene.now.time()
    return first <= now and (last >= (24, 0) or now < time(*last))


def _known(scene: Scene, asked: PersonArguments) -> Iterator[Fact]:
    """A summary for the person, from what may be seen; never a question in its place."""
    number = asked.order_no or scene.order
    row = proof.numbered(scene, number) if number else None
    if row is not None and proof.may_see(scene, row.record):
        yield state(scene, row, must=False)
        yield lines_fact(scene, row.record.order_no)
        for request in scene.rows(Return, order_no=row.record.order_no):
            yield from refunds.request(scene, row.record, request)


def shop_facts(scene: Scene, asked: PersonArguments) -> Evidence:
    """Hours, address, telephone: what the shop says of itself, the nearest to the question first."""
    facts = [*hours(scene)]
    row = scene.shop_row
    wanted = pages.grams(scene.text)
    for zh, en in attributes.pairs(row.record.facts):
        near = (
            any(p.search(scene.text) and p.search(f"{zh[0]} {en[0]}") for p in _CALLED)
            or pages.overlap(wanted, f"{zh[0]} {en[0]}") > 0
            or zh[0] in scene.text
            or en[0].casefold() in scene.text.casefold()
        )
        facts.append(
            scene.fact(
                "shop.fact",
                zh[1],
                f"{zh[0]}：{zh[1]}。",
                f"{en[0][:1].upper()}{en[0][1:]}: {en[1]}.",
                row,
                must=near,
            )
        )
    return Evidence(scene.intent, facts=tuple(facts))


def greeting(scene: Scene, asked: PersonArguments) -> Evidence:
    """Who answers; nothing else needs to be said."""
    if asks_shop(scene.text):
        return shop_facts(scene, asked)
    row = scene.shop_row
    zh, en = row.record.name_zh or row.record.name_en, row.record.name_en or row.record.name_zh
    return Evidence(
        scene.intent,
        facts=(scene.fact("shop.name", zh, f"这里是{zh}。", f"This is {en}.", row, must=False),)
        if zh
        else (),
    )


def nothing(scene: Scene, asked: PersonArguments) -> Evidence:
    """Thanks, and what is not the shop's business: no facts. The answer says that it does not know, and offers help."""
    return shop_facts(scene, asked) if asks_shop(scene.text) else Evidence(scene.intent)


def asks_shop(text: str) -> bool:
    """Whether it asks for the shop's hours, address, telephone or mailbox."""
    return bool(_SHOP_ASKED.search(text)) or asks_hours(text)


def asks_hours(text: str) -> bool:
    """Whether it asks when people answer."""
    return bool(_HOURS_ASKED.search(text)) and not _NOT_HOURS.search(text)
