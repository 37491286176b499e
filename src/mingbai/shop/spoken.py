"""What a turn says to the skills: which intents, slots completed by what was said before, phone tails, a skill's arguments."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from typing import Any

from mingbai.shop.skills import address_said, asks, ontology, rights
from mingbai.shop.skills.proof import MOST_TAILS
from mingbai.shop.skills.table import BY_NAME
from mingbai.values.turn import Heard, Intent, Memory, Slots, Turn, Understood
from mingbai.zh import dialect, phones
from mingbai.zh.address_text import find as find_addresses
from mingbai.zh.script import simplify

PASSING = (Intent.GREETING, Intent.THANKS, Intent.OFF_TOPIC)
# An appliance is named as what failed there, not as what another article stands on.
_OF_FAULTS = frozenset(
    (Intent.WARRANTY, Intent.RETURN_RIGHT, Intent.START_RETURN, Intent.EXCHANGE, Intent.DAMAGED_OR_MISSING)
)
_ORDINALS = (
    re.compile(r"第一|第1|头一个|上面那|最近|最新|(?i:first|latest|most recent)"),
    re.compile(r"第二|第2|中间|(?i:second)"),
    re.compile(r"第三|第3|最后一个|(?i:third)"),
)
_THINGS = frozenset(("packaging", "contents", "custom"))  # 礼盒 is an article as well as how one is packed
_ASKING = re.compile(r"[啥什]么?时候|几时|哪天|多少|怎么|拢共|总共|一共|现在|有货|没货")
_IN_IT = (
    r"(?:泡|煮|沏|冲|焖|闷|装|盛|存)(?:点|些|壶|杯)?{0}(?:会|能|可以|可|行|合适|适合|好|怎么样|吗|么|不|$|[?？,，])"
    r"|\b(?:good|suitable|fit|fine|ok|okay) for (?:brewing |making )?{0}\b|\b(?:brew|make|steep|put) {0} (?:in|with) (?:it|this)\b"
)
_WRITING = frozenset(skill.intent for skill in BY_NAME.values() if skill.writes)
_AGREES = re.compile(
    r"(?:[\s,，。.!！~]|确认|确定|同意|是的?|对的?|好的?|可以|行|嗯|没问题|就这样|取消吧?|改吧|退吧|换吧|请|吧|了"
    r"|(?i:yes|yep|yeah|ok|okay|sure|please|go ahead|do it|confirm(?:ed)?|right|correct|proceed|cancel(?: it)?))+"
)
_GIVEN = ("invoice_title", "tax_code", "email", "address")  # what is only ever given because it was asked for
_ASKS = re.compile(r"[?？吗嗎]")
_TOLD = 100  # characters of what was said before of a fault
_SHORT = 12  # characters of a message that only chooses
_MOST_INTENTS, _MOST_TOLD_APART, MOST_ORDERS = 2, 3, 3
_THIS = re.compile(r"这个|这款|这件|这条|这只|此款|(?i:\bthis\b|\bit\b)")
_BARE_TAIL = re.compile(r"[\s/,，;；:：+&-]*(\d{4})[\s/,，;；。.!！]*")
# An order number may end right before the word: 订单 MB20251103-0042 尾号 2100.
_AFTER_CUE = re.compile(
    r"(?:尾号|尾號|尾数|后四位|後四位|last four(?: digits)?|\b(?:ends?|ending)(?: in| with)?)\D{0,6}(\d{4})(?!\d)",
    re.IGNORECASE,
)


def plain(turn: Turn) -> str:
    """The message in Simplified characters and in the words of the standard language, as words are looked for in it."""
    return dialect.read(simplify(turn.text).text)


def chosen(turn: Turn, understood: Understood) -> list[Intent]:
    """At most two, or three that are told apart, likeliest first. A hand-off goes before all; small talk gives way to a question; an answer to what we
    asked goes on with what it was asked for."""
    intents = [guess.intent for guess in understood.intents]
    before = turn.memory.intent
    if understood.handoff and Intent.COMPLAINT not in intents:
        return [Intent.HANDOFF]
    open_now = (
        not intents
        or understood.unsure
        or intents[0] in (*PASSING, before)
        or understood.intents[0].by == "memory"
        or (understood.intents[0].by != "rule" and turn.memory.need in _GIVEN)
    )
    if _corrected(turn):
        return [Intent.CHANGE_ADDRESS]
    if before is not None and turn.memory.need and nth(turn) is not None:
        return [before]
    if before is not None and open_now and turn.memory.need == "address" and _gives_address(turn, understood):
        return [before]
    if before is not None and open_now and turn.memory.need and _answers(turn.memory.need, understood.slots):
        return [before]
    if before in _WRITING and all(i in PASSING for i in intents) and _AGREES.fullmatch(plain(turn)):
        return [before]  # a yes to what could not be proposed is told again why, and what now
    real = [i for i in dict.fromkeys(intents) if i not in PASSING]
    apart = all(guess.said for guess in understood.intents)  # each has its own part of the message
    return real[: _MOST_TOLD_APART if apart else _MOST_INTENTS] or intents[:1] or [Intent.OFF_TOPIC]


def _corrected(turn: Turn) -> str:
    """The address that waits for a yes, with what the message corrects in it: 18号不是8号."""
    waiting = turn.memory.proposal
    if waiting is None or waiting.skill != Intent.CHANGE_ADDRESS.value:
        return ""
    return address_said.corrected(dict(waiting.arguments).get("address", ""), turn.text)


def _gives_address(turn: Turn, understood: Understood) -> bool:
    """An address, or what is wrong in the one that we have: 3 should be 30."""
    if understood.slots.order_no or _ASKS.search(turn.text):
        return False
    return bool(address_said.said(turn.text) or re.search(r"\d", turn.text))


def nth(turn: Turn) -> int | None:
    """Which of the choices offered before a short message takes: 第二个. None where nothing was offered or chosen."""
    if turn.memory.need not in ("order_no", "product") or len(turn.text.strip()) > _SHORT * (
        2 if turn.text.isascii() else 1
    ):
        return None
    return next((n for n, pattern in enumerate(_ORDINALS) if pattern.search(plain(turn))), None)


def _answers(need: str, slots: Slots) -> bool:
    """Whether the message brings what was asked for last, or a number that will do."""
    wanted = {need, "order_no", "phone_tail"} if need in ("order_no", "phone_tail") else {need}
    return any(getattr(slots, name, None) for name in wanted)


def said(turn: Turn, understood: Understood) -> Slots:
    """What was said now, completed by what was said before where this message goes on with it."""
    now, before = without_tails(understood.slots, turn.memory), turn.memory.slots
    if not any(g.intent in _OF_FAULTS for g in understood.intents[:1]):
        now = _not_brewed(turn, _names_only(now))
    goes_on = (
        bool(turn.memory.need)
        or any(g.by == "memory" or g.intent == turn.memory.intent for g in understood.intents)
        or chosen(turn, understood) == [turn.memory.intent]
    )
    if not goes_on:
        return now
    kept = {f.name: getattr(before, f.name) for f in fields(Slots) if not getattr(now, f.name)}
    if asks.OTHER_ORDER.search(plain(turn)):  # 不是这个，是没付钱的那个
        kept.pop("order_no", None)
    if now.product:
        kept = {name: value for name, value in kept.items() if name not in ("color", "size")}
    if now.color or now.size:  # 换成红色: the other option is kept by the item in focus
        kept.pop("product", None) if turn.memory.item else None
    return replace(now, **kept)


def tails(turn: Turn, slots: Slots) -> tuple[str, ...]:
    """The phone tails that the customer said in this conversation: in a slot, in a number, or as four digits alone."""
    texts = [heard.text for heard in turn.memory.heard if _is_customer(heard)] + [turn.text]
    found = [*slots.phone_tail, *turn.memory.slots.phone_tail, *(tail for _, tail in turn.memory.proven)]
    for text in texts:
        found += [hit.value for hit in phones.find_tails(text)]
        found += [phones.tail(hit.value) for hit in phones.find(text)]
        found += _AFTER_CUE.findall(text)
        rest = text
        for number in sorted((*slots.order_no, *turn.memory.slots.order_no), key=len, reverse=True):
            rest = rest.replace(number, " ")
        if bare := _BARE_TAIL.fullmatch(rest):
            found.append(bare[1])
    return tuple(dict.fromkeys(t for t in found if t))[: MOST_TAILS + 1]


def before(turn: Turn) -> str:
    """What the customer asked before, where this message goes on with it: 那岩茶呢."""
    guesses = turn.understood.intents if turn.understood else ()
    if not guesses or guesses[0].by != "memory":
        return ""
    said = [heard.text for heard in turn.memory.heard if _is_customer(heard)]
    return dialect.read(simplify(said[-1]).text) if said else ""


def fault(turn: Turn, slots: Slots) -> str:
    """What the customer said before of a fault in what this message goes on about: 碎了, then 我要退. Nothing once another
    order or article is named."""
    memory = turn.memory
    if slots.order_no and memory.order not in ("", *slots.order_no):
        return ""
    if slots.product and memory.slots.product and not set(slots.product) & set(memory.slots.product):
        return ""
    told = [h.text for h in memory.heard if _is_customer(h) and rights.has_fault(simplify(h.text).text)]
    return told[-1][:_TOLD] if told else ""


def _is_customer(heard: Heard) -> bool:
    return heard.who == "customer"


def articles(slots: Slots) -> list[Slots]:
    """Several articles asked about at once, each with its own colour, size and number where as many were said."""
    names = [p for p in slots.product if not any(p != q and p in q for q in slots.product)][:MOST_ORDERS]
    out = []
    for place, name in enumerate(names):
        own = {
            field: (values[place],)
            if len(values := getattr(slots, field)) == len(names)
            else values[:1]
            if place == 0 and (field != "quantity" or len(names) == 1)
            else ()
            for field in ("color", "size", "quantity")
        }
        out.append(replace(slots, product=(name,), **own))
    return out


def _names_only(slots: Slots) -> Slots:
    """Without what was taken for an article and only asks: 青灰XL啥时候, 容量."""
    names = tuple(p for p in slots.product if not _ASKING.search(p) and not ontology.called(p) - _THINGS)
    return slots if len(names) == len(slots.product) else replace(slots, product=names)


def _not_brewed(turn: Turn, slots: Slots) -> Slots:
    """Without what is to be brewed or kept in the article that is looked at: 泡绿茶合适吗, is it good for pu'er."""
    if not slots.product or not item(turn):
        return slots
    text = plain(turn).casefold()
    names = tuple(p for p in slots.product if not re.search(_IN_IT.format(re.escape(p.casefold())), text))
    return replace(slots, product=names)


def versions(slots: Slots) -> list[Slots]:
    """One article asked about in several colours: 油滴跟兔毫各是多少."""
    if len(slots.product) > 1 or len(slots.color) < 2 or slots.order_no:
        return []
    return [replace(slots, color=(color,)) for color in slots.color[:MOST_ORDERS]]


def without_tails(slots: Slots, memory: Memory) -> Slots:
    """Without an order number that is only the phone's tail read as one: #2100 beside MB20251103-0042, or where the tail
    was what we asked for."""
    others = tuple(n for n in slots.order_no if n.lstrip("#") not in slots.phone_tail)
    if len(others) < len(slots.order_no) and (others or memory.need == "phone_tail"):
        return replace(slots, order_no=others)
    return slots


def numbers(slots: Slots, tails: tuple[str, ...]) -> tuple[str, ...]:
    """The order numbers, without one that the message gives as the tail."""
    left = tuple(n for n in slots.order_no if n.lstrip("#") not in tails)
    return left or slots.order_no


def item(turn: Turn) -> str:
    """The article in focus: what the page shows where the message points at it, else what was spoken of last."""
    if turn.focus.item and (_THIS.search(plain(turn)) or not turn.memory.item):
        return turn.focus.item
    return turn.memory.item


def dates(slots: Slots) -> tuple[Any, ...]:
    return tuple(d.iso for d in slots.date if d.iso == d.iso_end)


def arguments(kind: type[Any], turn: Turn, slots: Slots, number: str) -> Any:
    """The skill's arguments from the slots; an address and the text of the message where a skill wants them."""
    wanted = {f.name for f in fields(kind)}
    values: dict[str, Any] = {}
    for name in wanted & {f.name for f in fields(Slots)}:
        value = getattr(slots, name)
        if value:
            values[name] = value[0]
    for name in wanted & {"color", "size"}:
        if len(many := getattr(slots, name)) > 1:
            values[name] = _wished(plain(turn), many)
    if "order_no" in wanted:
        values["order_no"] = number
    if "amount" in wanted and slots.amount:
        values["amount"] = slots.amount[0].number
        values |= {"currency": slots.amount[0].currency} if "currency" in wanted else {}
    if "address" in wanted and (found := find_addresses(turn.text)):
        best = max(found, key=lambda each: each.end - each.start)
        values["address"] = turn.text[best.start : best.end]
    elif "address" in wanted and (mended := _corrected(turn)):
        values["address"] = mended
    if "reason" in wanted:
        values["reason"] = "；".join(x for x in (fault(turn, slots), turn.text) if x)[:200]
    return kind(**values)


def _wished(text: str, many: tuple[str, ...]) -> str:
    """Of several colors or sizes the one that is to be had instead: M of 月白L换M, from L to M."""
    for value in many:
        if re.search(
            rf"(?:换成?|改成?|改为|(?<![不需])(?:想|就)?要|发我?|(?i:\bto|\bfor|\bwant|\binto)(?: an?| the)?) ?{re.escape(value)}(?!的?别)",
            text,
        ):
            return value
    return many[0]
