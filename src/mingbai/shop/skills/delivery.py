"""How long delivery takes and what it costs: the shop's own tables, its dispatch promise, and the calendar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

from mingbai.shop.skills import goods, house, pages, places, proof, regions, say
from mingbai.shop.skills.campaigns import campaigns
from mingbai.shop.skills.orders import CUSTOM, MADE, where_is_order
from mingbai.shop.skills.parcels import parcel_facts, parcels
from mingbai.shop.skills.places import Place
from mingbai.shop.skills.scene import Row, Scene
from mingbai.shop.skills.skill import said
from mingbai.values.money import Money
from mingbai.values.records import Customer, Order, OrderState, PolicyDocument, ShipmentState
from mingbai.values.turn import Evidence, Fact, Need
from mingbai.zh import calendar, numerals
from mingbai.zh.amounts import find as amounts
from mingbai.zh.lunar import Lunar, to_common

ASKS_FEE = re.compile(
    r"运费|運費|邮费|郵費|包邮|包郵|免邮|快递费|偏远|(?i:shipping (?:fee|cost)|postage|free (?:shipping|delivery)|(?:delivery|shipping) (?:is |be )?free|(?:delivery|shipping) (?:fee|cost|charge)|(?:ship|deliver|send|post)\w*\b[^.?]*\b(?:for free|free of charge|for nothing)\b|cost[^.?]*(?:ship|deliver|post)|(?:ship|deliver|post)\w*\b[^.?]*\bcosts?\b|\bcharge[^.?]*(?:ship|deliver|post)|(?:delivery|shipping|postage)\b[^.?]{0,30}\bfree\b|how much (?:is|are|for|do you charge for|would)?[^.?]{0,12}\b(?:shipping|delivery|postage)\b|(?:shipping|delivery) (?:free|charge)s?)"
)
_CARRIER = re.compile(
    r"什么快递|哪家快递|哪个快递|用什么发|顺丰|中通|圆通|京东|周末|周日|节假日|(?i:carrier|courier|weekend|dhl|which service)"
)
# Which carrier, of no parcel in particular; and the heading under which a page says so.
_ASKS_CARRIER = re.compile(
    r"(?:什么|哪家|哪个|哪种|啥|咩|边间|边个|谁家的?)(?:的)?(?:快递|物流公司|物流)(?!单)|(?:走|发|用|寄)(?:的是|的)?(?:什么|哪家|哪个|啥)(?:快递|物流)?(?:发|寄|送)?(?:[?？啊呀呢的]|$)|(?:发|走|用|寄|包|指定|换)(?:不发|不走)?(?:顺丰|顺风|京东快递|京东物流|中通|圆通|申通|韵达|极兔|邮政|ems|EMS)|(?:顺丰|京东物流|中通|圆通|申通|韵达|极兔|邮政)(?:发|包邮|快递)?(?:吗|么|嘛|不|行|可以|能)"
    r"|(?i:\b(?:which|what) (?:carriers?|couriers?|shipping (?:company|service|carrier)|delivery (?:company|service)|parcel service)|\bwho (?:delivers|ships|do you (?:ship|send) with)|\b(?:ship|send|deliver|sent|shipped) (?:\w+ )?(?:with|by|via|through) (?:dhl|ups|fedex|usps|dpd|hermes|sf|which|what))"
)
_CARRIERS = r"什么快递|哪家快递|承运|快递公司"
_ASKS_CAMPAIGN = re.compile(
    r"(?:双11|雙11|双十一|618|年货节|黑五|黑色星期五|大促|活动|活動).{0,6}(?:什么时候|啥时候|几时|哪天|几号|到几号|多久)?.{0,3}(?:开始|结束|截止|到期|完(?![全善美整])|搞到)"
    r"|(?i:when (?:does|is|will).{0,20}(?:double 11|black friday|sale|campaign))"
)
_ASKS_DISPATCH = re.compile(
    r"发货|發貨|发出|什么快递|哪家快递|哪个快递|(?i:dispatch|ship out|carrier|courier)"
)
_ASKS_LEAVING = re.compile(
    r"[发寄]|出货|多久|几天|什么时候|(?i:\b(?:when|how long|how many days|dispatch|ship|leave|ready|take)\b)"
)
_ASKS_DAYS = re.compile(
    r"几天|幾天|多久.{0,2}到|什么时候.{0,3}到|送达|能到|(?i:how long|arrive|deliver(?:y|ed) (?:time|to))"
)
_IS_TO_PAY = re.compile(
    r"下单|下單|付款|拍下|拍的|买的话|过数|转账|给钱|下的单|(?i:\b(?:pay|paid|order|buy)\b)"
)
_PAID_ZH = re.compile(
    r"(?P<part>凌晨|早上|上午|中午|下午|傍晚|晚上|今晚)?\s*(?P<h>\d{1,2}|[零一二两三四五六七八九十]{1,3})\s*(?:[点點时時](?![间間])|[:：](?=\d{2}))(?:(?P<half>半)|(?P<m>\d{1,2})分?)?"
)
_PAID_EN = re.compile(r"(?i)\b(?P<h>\d{1,2})(?::(?P<m>\d{2}))?\s*(?P<ap>[ap])\.?m\b")
_SPAN = re.compile(r"(\d+)\s*[–—~到至-]\s*(\d+)\s*(个?工作日|天|working days?|days?)")
_ASKS_CUT_OFF = re.compile(
    r"(?:几点|什么时候|多晚|最晚)(?:钟)?(?:前|之前|以前|为止)?[^，。]{0,4}(?:下单|付款|付钱|拍下?|买)[^，。]{0,10}(?:当天|今天|今日|今儿|同一天)|(?:当天|今天|今日|今儿个?)(?:就)?(?:发货?|走|出|寄)[^，。]{0,10}(?:几点|截止|最晚)|截单|(?:发货|下单)截止"
    r"|(?:现在|马上|立刻|这会儿?|这就|此刻)(?:下单|付款|付钱|拍|买)[^。？?]{0,10}(?:今天|今日|今儿个?|当天|今晚|马上)[^。？?]{0,4}(?:[发走出寄]|出库)"
    r"|(?i:\b(?:what time|by when|until when|how late|latest)\b.{0,60}\b(?:pay|paid|payment|order)\w*\b.{0,60}\b(?:same day|today)\b|\b(?:pay|order)\w*\b.{0,40}\b(?:what time|by when|how late|until when)\b.{0,40}\b(?:same day|today|ship|dispatch)|\bcut-?off\b"
    r"|\bif i (?:pay|order)(?: (?:right )?now| today)?\b.{0,30}\b(?:go out|leave|ship|be sent|dispatched)\b.{0,12}\b(?:today|same day)\b|\bsame[- ]day (?:dispatch|shipping|shipment)\b)"
)
_FROM_WHERE = re.compile(
    r"从(?:哪|什么地方|哪个城市|哪个仓)[^，。]{0,4}[发寄出]|在?(?:哪里?|哪儿|哪个城市|哪个仓|什么地方)(?:仓库?)?发货|发货地(?:址|点)?|(?i:\bwhere (?:do|does|will|are) (?:you|it|they|the \w+|orders) (?:ship|sent?|dispatch|being sent|shipped)(?: out)? from\b|\b(?:ship|sent?|dispatch)\w* from (?:where|which)\b)"
)
_NOT_SENT = re.compile(r"(?:港澳台和|到)?(?:海外|国外|港澳台)?不[发寄送](?:往|到)?(?:海外|国外|境外|港澳台)?")
_CUT_OFF = ("当天发货截止", "same-day dispatch until")
_PROMISE = ("发货承诺", "dispatch promise")
_SHIPS_TO = ("发货国家", "ships to")


@dataclass(frozen=True, slots=True)
class DeliveryArguments:
    city: str = said("寄到哪里：城市、省份或国家", "where to: city, province or country")
    product: str = said(
        "商品名（问某件商品发不发时）", "an article, when it is about whether it is sent there"
    )
    order_no: str = said("订单号（问某个订单时）", "order number, when it is about an order")
    phone_tail: str = said("收货手机号的后四位", "last four digits of the phone number on the order")


def delivery_time(scene: Scene, asked: DeliveryArguments) -> Evidence:
    """When something would arrive if it were ordered now, or when an order will."""
    if asks_campaign(scene.text) and not asked.order_no and (told := tuple(campaigns(scene, deposits=False))):
        return Evidence(scene.intent, facts=told)
    if asks_cut_off(scene.text) and not asked.order_no and (told := tuple(_until(scene))):
        return Evidence(scene.intent, facts=told)
    if _FROM_WHERE.search(scene.text) and not asked.order_no and (told := tuple(_from(scene))):
        return Evidence(scene.intent, facts=told)
    by_carrier = _ASKS_CARRIER.search(scene.text) and not asked.order_no and not scene.order
    if by_carrier and (told := tuple(_carriers(scene))):
        return Evidence(scene.intent, facts=told)
    at = paid_at(scene.text) if not asked.order_no and _IS_TO_PAY.search(scene.text) else None
    if at is not None and (told := tuple(_if_paid(scene, at))):
        return Evidence(scene.intent, facts=told)
    if (
        CUSTOM.search(scene.text)
        and not asked.order_no
        and not scene.order
        and _ASKS_LEAVING.search(scene.text)
        and (made := house.told(scene, ("delivery",), MADE))
    ):
        return Evidence(scene.intent, facts=made)
    order = _order(scene, asked)
    if isinstance(order, Evidence):
        return order
    place = places.read(asked.city) if asked.city else places.spoken(scene.text)
    its_own = order is not None and place is not None and regions.is_for(order, place)
    if order is not None and (not asked.city or its_own):
        on_its_way = _of_order(scene, order)
        if on_its_way:
            return Evidence(scene.intent, facts=tuple(on_its_way))
        place = regions.recipient(order)
    if asked.city and place is None:
        need = Need(
            "city",
            f"没有认出“{asked.city}”是哪里，请告诉我省份或国家。",
            f'I do not know where "{asked.city}" is; which province or country is it in?',
        )
        return Evidence(scene.intent, needs=(need,), facts=tuple(_promise(scene, None)))
    if barred := tuple(_barred(scene, place, asked.product)):
        return Evidence(scene.intent, facts=barred)
    facts = [*_time(scene, place), *_promise(scene, place)]
    if ASKS_FEE.search(scene.text):
        facts = [*fee(scene, place), *facts]
    if place is None and (leaves := next_dispatch(scene)) is not None:
        on = say.day(leaves, scene.now)
        facts.append(
            scene.fact(
                "delivery.leaves",
                leaves,
                f"现货现在付款，{on.zh}发出。",
                f"If you pay now for something in stock, it leaves on {on.en}.",
                scene.shop_row,
            )
        )
    served = any(fact.name in ("delivery.days", "delivery.not_served") for fact in facts)
    needs: tuple[Need, ...] = ()
    if place is None and (_ASKS_DAYS.search(scene.text) or not _ASKS_DISPATCH.search(scene.text)):
        needs = (
            Need(
                "city",
                "请问寄到哪个省份或城市？不同地区时间不一样。",
                "Which city, province or country is it going to? Times depend on that.",
            ),
        )
    passages = pages.cite(scene, ("delivery",)) if not served or _CARRIER.search(scene.text) else ()
    return Evidence(scene.intent, facts=tuple(facts), passages=passages, needs=needs)


def _order(scene: Scene, asked: DeliveryArguments) -> Order | Evidence | None:
    """The order that is spoken of, if one is; a place said without a number is a question before buying."""
    place = places.read(asked.city) if asked.city else None
    if not asked.order_no and not scene.order:
        return None
    found = proof.find(scene, proof.OrderArguments(asked.order_no, asked.phone_tail))
    if isinstance(found, Evidence):
        return found if asked.order_no else None
    if (
        place is not None and not asked.order_no
    ):  # a place that the order in focus does not go to is asked of in general
        sent = found.record.state in (OrderState.SHIPPED, OrderState.PART_SHIPPED)
        return found.record if sent and regions.is_for(found.record, place) else None
    return found.record


def _of_order(scene: Scene, order: Order) -> list[Fact]:
    """The promises of an order's parcels that are still on their way, or of its dispatch."""
    if order.state in (OrderState.PAID, OrderState.PART_SHIPPED, OrderState.SHIPPED):
        return list(where_is_order(scene, proof.OrderArguments(order.order_no)).facts)
    facts = []
    for place, each in enumerate(sent := parcels(scene, order), 1):
        if each.state is not ShipmentState.DELIVERED:
            facts += parcel_facts(scene, order, each, place if len(sent) > 1 else 0)[0]
    return facts


def _time(scene: Scene, place: Place | None) -> Iterator[Fact]:
    if place is None:
        return
    page, found = regions.rows(scene, place)
    if page is not None and found:
        yield from regions.days(scene, place)
        yield from _arrival(scene, place, found[0][0][-1], page)
    elif page is not None and not place.mainland:
        yield from _not_served(scene, place, page)


def _barred(scene: Scene, place: Place | None, product: str) -> Iterator[Fact]:
    """The page's word that the article which is named or looked at does not go there: 电陶炉不发海外."""
    if place is None or place.mainland:
        return
    found = goods.find_any(scene, goods.ItemArguments(product)) if product or scene.item else None
    rows = goods.rows_of(found, product) if found is not None else ()
    own = [scene.text, *(f"{r.record.title_zh} {r.record.title_en}" for r in rows)]
    for each in house.sentences(scene, ("shipping_fee", "delivery", "customs")):
        hit = _NOT_SENT.search(each.zh)
        names = re.split(r"[、，,（(]", each.zh[: hit.start()]) if hit else []
        if any(len(name.strip()) > 2 and name.strip() in text for name in names for text in own):
            yield house.fact(scene, each)


def _not_served(scene: Scene, place: Place, page: pages.Page) -> Iterator[Fact]:
    where = shop_fact(scene, _SHIPS_TO)
    if where is None or places.covers(where[0], place):
        return
    yield scene.fact(
        "delivery.not_served", False, f"目前只发{where[0]}，{place.zh}暂时不发。",
        f"We only ship to {where[1]}; we do not ship to {place.en} at the moment.", scene.shop_row, *page.rows,
    )  # fmt: skip


def _arrival(scene: Scene, place: Place, said_days: str, page: pages.Page) -> Iterator[Fact]:
    """Paid now: when it would leave, by the cut-off, Sundays and holidays, and when it would usually arrive."""
    span = _SPAN.search(said_days)
    leaves = next_dispatch(scene) if place.country in ("CN", "HK", "MO", "TW") else None
    if span is None or leaves is None:
        return
    least, most = int(span[1]), int(span[2])
    if "工作日" in span[3] or "working" in span[3]:
        first, last = calendar.add_workdays(leaves, least), calendar.add_workdays(leaves, most)
    else:
        first, last = leaves + timedelta(days=least), leaves + timedelta(days=most)
    out, there = say.day(leaves, scene.now), say.days(first, last, scene.now)
    yield scene.fact(
        "delivery.arrival", last, f"现货现在付款，{out.zh}发出，通常 {there.zh}送达（通常情况，不是保证）。",
        f"If you pay now for something in stock, it leaves on {out.en} and usually arrives {there.en} (usual times, not a guarantee).",
        scene.shop_row, *page.rows,
    )  # fmt: skip
    if (holiday := calendar.holiday(last)) or (holiday := calendar.holiday(leaves - timedelta(days=1))):
        free = say.days(holiday.first, holiday.last, scene.now)
        yield scene.fact(
            "delivery.holiday", holiday.name, f"{free.zh}是{holiday.name}假期，快递会慢一些。",
            f"{free.en} is a public holiday in China ({holiday.name}); carriers are slower then.", must=False,
        )  # fmt: skip


def cut_off(scene: Scene) -> time | None:
    """Until when what is paid leaves the same day, as the shop says it."""
    found = shop_fact(scene, _CUT_OFF)
    clock = re.search(r"(\d{1,2}):(\d{2})", found[0]) if found else None
    return time(int(clock[1]), int(clock[2])) if clock else None


def paid_at(text: str) -> time | None:
    """The clock time at which somebody says that they will pay: 晚上八点, 下午5点半, 5 pm, 17:30."""
    if (match := _PAID_ZH.search(text)) is not None:
        said = numerals.parse(match["h"])
        if said is None:
            return None
        hour = int(said.low)
        late = match["part"] in ("下午", "傍晚", "晚上", "今晚") or (match["part"] == "中午" and hour < 3)
        late = late or (not match["part"] and 1 <= hour < 8)  # 四点半 alone is in the afternoon
        minute = 30 if match["half"] else int(match["m"] or 0)
    elif (match := _PAID_EN.search(text)) is not None:
        hour, minute, late = int(match["h"]) % 12, int(match["m"] or 0), match["ap"].casefold() == "p"
    else:
        return None
    hour += 12 if late and hour < 12 else 0
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _from(scene: Scene) -> Iterator[Fact]:
    """The warehouses, as the page's table names them."""
    for page in pages.pages(scene, "delivery"):
        rows = [(zh[0], en[0]) for zh, en in pages.paired_rows(page) if len(zh) >= 3]
        names = list(dict.fromkeys((zh.split("（")[0], en.split(" (")[0]) for zh, en in rows))
        if names:
            yield scene.fact(
                "delivery.from", len(names), f"我们从这些仓发货：{'、'.join(zh for zh, _ in names)}。", f"We send from {', '.join(en for _, en in names)}.",
                *page.rows,
            )  # fmt: skip
            return


def _carriers(scene: Scene) -> Iterator[Fact]:
    """All that a page says under the heading of carriers."""
    for each in house.sentences(scene, ("delivery",)):
        if re.search(_CARRIERS, each.heading):
            yield house.fact(scene, each)


def asks_campaign(text: str) -> bool:
    """Whether it asks from or until when a campaign runs."""
    return bool(_ASKS_CAMPAIGN.search(text))


def asks_cut_off(text: str) -> bool:
    """Whether it asks until when one must pay for it to leave the same day."""
    return bool(_ASKS_CUT_OFF.search(text)) and paid_at(text) is None


def _until(scene: Scene) -> Iterator[Fact]:
    """The hour of the day, what is paid now, and the promise."""
    until, leaves = cut_off(scene), next_dispatch(scene)
    if until is None or leaves is None:
        return
    on = say.day(leaves, scene.now)
    yield scene.fact(
        "delivery.cut_off", f"{until:%H:%M}", f"现货 {until:%H:%M} 前付款当天发出，{until:%H:%M} 以后第二天发出；现在付款，{on.zh}发出。",
        f"In stock and paid before {until:%H:%M} Beijing time, it leaves the same day, paid later the next day; paid now, on {on.en}.", scene.shop_row,
    )  # fmt: skip
    yield from _promise(scene, None)


def _if_paid(scene: Scene, at: time) -> Iterator[Fact]:
    """When what is paid today at that time leaves."""
    until = cut_off(scene)
    leaves = next_dispatch(scene, at)
    if until is None or leaves is None:
        return
    on = say.day(leaves, scene.now)
    if at < until:
        zh = f"{until:%H:%M} 前付款当天发出：今天 {at:%H:%M} 付款，{on.zh}发出。"
        en = f"If you pay before {until:%H:%M} it leaves the same day: paid today at {at:%H:%M}, it leaves on {on.en}."
    else:
        zh = f"{until:%H:%M} 以后付款第二天发出：今天 {at:%H:%M} 付款，{on.zh}发出。"
        en = f"If you pay after {until:%H:%M} it leaves the next day: paid today at {at:%H:%M}, it leaves on {on.en}."
    yield scene.fact("delivery.leaves_if_paid", leaves, zh, en, scene.shop_row)


def next_dispatch(scene: Scene, at: time | None = None) -> date | None:
    """The day on which what is paid now (or today at that time) leaves, by the shop's own cut-off; None when it names none."""
    until = cut_off(scene)
    if until is None:
        return None
    day = scene.today if (at or scene.now.time()) < until else scene.today + timedelta(days=1)
    rests = [rest for page in pages.pages(scene, "delivery") for rest in _rests(page)]
    for _ in range(30):
        if not any(_is_off(rest, day) for rest in rests):
            break
        day += timedelta(days=1)
    return day


def _rests(page: pages.Page) -> list[str]:
    """The page's sentences on days without dispatch, at home."""
    text = page.zh.record.text if page.zh else ""
    sentences = re.split(r"[。；;\n]", text)
    return [s for s in sentences if ("不发货" in s or "停发" in s) and "海外" not in s]


def _is_off(rest: str, day: date) -> bool:
    if "法定节假日" in rest and calendar.holiday(day):
        return True
    if ("周日" in rest or "周末不" in rest) and day.weekday() == 6 and not calendar.is_make_up_day(day):
        return True
    if ("周六" in rest or "周末不" in rest) and day.weekday() == 5 and not calendar.is_make_up_day(day):
        return True
    if "春节" in rest or "除夕" in rest:  # from the eve to the third day
        new_year = to_common(Lunar(day.year, 1, 1))
        return new_year is not None and timedelta(-1) <= day - new_year <= timedelta(2)
    return False


def _promise(scene: Scene, place: Place | None) -> Iterator[Fact]:
    """The dispatch promise, in the shop's own words."""
    if place is not None and place.country not in ("CN", "HK", "MO", "TW"):
        return
    found = shop_fact(scene, _PROMISE)
    if found:
        yield scene.fact(
            "delivery.promise", found[0], f"发货承诺：{found[0]}发货。", f"Dispatch promise: {found[1]}.", scene.shop_row,
            must=place is None,
        )  # fmt: skip


def fee(scene: Scene, place: Place | None) -> Iterator[Fact]:
    """The delivery fee and from which amount it is free; without a place, of the home country's ordinary regions."""
    place = place or own_place(scene)
    yield from _exceptions(scene)
    for page in pages.pages(scene, "shipping_fee"):
        rows = [pair for pair in pages.paired_rows(page) if len(pair[0]) >= 3]
        found = [
            pair
            for pair in rows
            if place and places.covers(pair[0][0], place) and not places.is_rest(pair[0][0])
        ]
        if not found and (place is None or (place.mainland and place.province)):
            found = [pair for pair in rows if places.is_rest(pair[0][0])]
        if not found and place is not None and place.country == "CN" and not place.province:
            found = [pair for pair in rows if places.is_rest(pair[0][0])]
        for zh, en in found[:1]:
            yield scene.fact(
                "delivery.fee", zh[1], f"{zh[0]}：运费 {zh[1]}，{_free_zh(zh[2])}。",
                f"{en[0]}: delivery {en[1]}, free from {en[2]} after discounts.", *page.rows,
            )  # fmt: skip
        if place is None:
            for zh, en in rows:
                if (zh, en) not in found:
                    yield scene.fact(
                        "delivery.fee_elsewhere", zh[1], f"{zh[0]}：运费 {zh[1]}，{_free_zh(zh[2])}。",
                        f"{en[0]}: delivery {en[1]}, free from {en[2]} after discounts.", *page.rows, must=False,
                    )  # fmt: skip
        elif not found and rows:
            yield from _not_served(scene, place, page)


def own_place(scene: Scene) -> Place | None:
    """Where a proven customer lives outside the mainland: a town that nobody knows is there."""
    row = scene.get(Customer, scene.asker.customer) if scene.asker.customer else None
    country = row.record.country if row else ""
    return places.read(places.country_name(country).en) if country not in ("", "CN") else None


def _exceptions(scene: Scene) -> Iterator[Fact]:
    """What the page says of sending this very article."""
    found = goods.by_number(scene, scene.item) if scene.item else None
    if found is None:
        return
    product = goods.product_of(scene, found).record
    names = [
        n for n in (product.product_no, product.title_zh, product.category.rpartition(" > ")[2]) if len(n) > 2
    ]
    for each in house.sentences(scene, ("shipping_fee",)):
        if any(n in each.zh for n in names):
            yield house.fact(scene, each)


@dataclass(frozen=True, slots=True)
class Charged:
    """What delivery costs for goods of a sum, by the shop's table."""

    amount: Money
    rows: tuple[Row[PolicyDocument], ...]


def charged(scene: Scene, place: Place, total: Money) -> Charged | None:
    """None where the table has no such place, or speaks of another currency."""
    for page in pages.pages(scene, "shipping_fee"):
        rows = [zh for zh, _ in pages.paired_rows(page) if len(zh) >= 3]
        own = [r for r in rows if places.covers(r[0], place) and not places.is_rest(r[0])]
        if not own and place.mainland:
            own = [r for r in rows if places.is_rest(r[0])]
        sums = [a.money for cell in (own[0][1:3] if own else ()) for a in amounts(cell, total.currency)[:1]]
        known = [m for m in sums if m is not None and m.currency == total.currency]
        if len(known) == 2:
            fee, free = known
            return Charged(Money(0, total.currency) if total.minor >= free.minor else fee, page.rows)
    return None


def _free_zh(said: str) -> str:
    return f"优惠后{said.replace('满 ', '满 ')}包邮"


def shop_fact(scene: Scene, names: tuple[str, str]) -> tuple[str, str] | None:
    """A fact of the shop by its Chinese and its English name, each in place of the other when one is missing."""
    facts = dict(scene.shop_row.record.facts)
    zh, en = facts.get(names[0], ""), facts.get(names[1], "")
    return (zh or en, en or zh) if zh or en else None
