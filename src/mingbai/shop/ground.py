"""From what was understood to what is known: chooses skills, reads the rows in one state of the database, writes nothing
but what was proposed before and has been confirmed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from typing import Any

from mingbai.shop.records.home import Reader, Records
from mingbai.shop.search.document import Kind
from mingbai.shop.search.likeness import Likeness
from mingbai.shop.search.query import Filters, Hit, Query
from mingbai.shop.search.search import Search
from mingbai.shop.skills import (
    address_said,
    asks,
    by_state,
    delivery,
    general,
    goods,
    likely,
    meant,
    ontology,
    pages,
    questions,
    rights,
    services,
    several,
    spares,
    unsaid,
)
from mingbai.shop.skills.actions import Actions
from mingbai.shop.skills.limits import Limits
from mingbai.shop.skills.proof import MOST_TAILS
from mingbai.shop.skills.scene import Asker, Find, Scene
from mingbai.shop.skills.skill import Skill
from mingbai.shop.skills.table import BY_INTENT, BY_NAME, LABELS
from mingbai.values.errors import Busy
from mingbai.values.turn import (
    Admission,
    Evidence,
    Heard,
    Intent,
    Memory,
    Need,
    Proposal,
    Refusal,
    Slots,
    Turn,
    Understood,
)
from mingbai.zh import phones
from mingbai.zh.address_text import find as find_addresses
from mingbai.zh.script import simplify

_PASSING = (Intent.GREETING, Intent.THANKS, Intent.OFF_TOPIC)
# What a page that no skill answers from may be taken for.
_OF_PAGES = frozenset(
    (
        Intent.PRODUCT_INFO,
        Intent.PRICE,
        Intent.INVOICE,
        Intent.COUPON,
        Intent.DELIVERY_TIME,
        Intent.RETURN_RIGHT,
    )
)
# An appliance is named as what failed there, not as what another article stands on.
_OF_FAULTS = frozenset(
    (Intent.WARRANTY, Intent.RETURN_RIGHT, Intent.START_RETURN, Intent.EXCHANGE, Intent.DAMAGED_OR_MISSING)
)
_OF_GOODS = frozenset((Intent.PRICE, Intent.STOCK, Intent.PRODUCT_INFO))
_ORDINALS = (
    re.compile(r"第一|第1|头一个|上面那|最近|最新|(?i:first|latest|most recent)"),
    re.compile(r"第二|第2|中间|(?i:second)"),
    re.compile(r"第三|第3|最后一个|(?i:third)"),
)
_THINGS = frozenset(("packaging", "contents", "custom"))  # 礼盒 is an article as well as how one is packed
_ASKING = re.compile(r"[啥什]么?时候|几时|哪天|多少|怎么|拢共|总共|一共|现在|有货|没货")
_WRITING = frozenset(skill.intent for skill in BY_NAME.values() if skill.writes)
_AGREES = re.compile(
    r"(?:[\s,，。.!！~]|确认|确定|同意|是的?|对的?|好的?|可以|行|嗯|没问题|就这样|取消吧?|改吧|退吧|换吧|请|吧|了"
    r"|(?i:yes|yep|yeah|ok|okay|sure|please|go ahead|do it|confirm(?:ed)?|right|correct|proceed|cancel(?: it)?))+"
)
_GIVEN = ("invoice_title", "tax_code", "email", "address")  # what is only ever given because it was asked for
_ASKS = re.compile(r"[?？吗嗎]")
_TOLD = 100  # characters of what was said before of a fault
_SHORT = 12  # characters of a message that only chooses
_MOST_INTENTS, _MOST_ORDERS = 2, 3
_HARDLY = 0.7  # of an intent by examples, below which its rule in general is no answer to words it has not
_FIRM = 0.9  # of an intent by examples, from which the rows of articles do not overrule it
_THIS = re.compile(r"这个|这款|这件|这条|这只|此款|(?i:\bthis\b|\bit\b)")
_BARE_TAIL = re.compile(r"[\s/,，;；:：+&-]*(\d{4})[\s/,，;；。.!！]*")
# An order number may end right before the word: 订单 MB20251103-0042 尾号 2100.
_AFTER_CUE = re.compile(
    r"(?:尾号|尾號|尾数|后四位|後四位|last four(?: digits)?|\b(?:ends?|ending)(?: in| with)?)\D{0,6}(\d{4})(?!\d)",
    re.IGNORECASE,
)
_NOT_ALLOWED = Refusal(
    "not_allowed", "这件事这里不能办，可以为您转人工。", "That cannot be done here; a person can help you."
)
NOTHING_DONE = ("好的，没有做任何改动。", "All right, nothing was changed.")


class Grounder:
    """The shop as the path of a message knows it."""

    def __init__(
        self, records: Records, search: Search, *, limits: Limits | Callable[[], Limits] | None = None
    ) -> None:
        """`limits`: as the owner set them, or what says how they are set now."""
        self._records = records
        self._search = search
        self._like = Likeness(search.encoder)
        fixed = limits if isinstance(limits, Limits) else Limits()
        self._limits = limits if callable(limits) else lambda: fixed
        self._actions = Actions(records)

    def ground(self, turn: Turn) -> tuple[Evidence, ...]:
        """One `Evidence` for each of at most two intents."""
        understood, admission = turn.understood, turn.admission
        if understood is None or admission is None:
            raise ValueError("a turn is understood and admitted before it is grounded")
        intents = chosen(turn, understood)
        if admission.refusals:
            return (Evidence(intents[0], refusals=admission.refusals),)
        if turn.memory.proposal is not None and understood.confirms is not None and not understood.handoff:
            return (self._decided(turn, turn.memory.proposal, understood.confirms),)
        unsure = understood.unsure and not understood.handoff and intents != [turn.memory.intent]
        with self._records.reading() as reader:
            of_shop = () if understood.handoff else self._of_the_shop(turn, reader, understood, intents)
            if of_shop and not (rest := of_shop[1]):
                return of_shop[0]
            if of_shop:
                turn, unsure = replace(turn, text=rest), False
            asked = self._meant(turn, reader, understood, intents, unsure)
            if asked is None:
                scene = self._scene(turn, reader, intents[0], understood.slots)
                return (general.unclear(scene, intents[0]) or _ask_back(understood),)
            alone = len(asked) == 1
            every = [self._one(turn, reader, admission, i, understood, alone=alone) for i in asked]
            if (beside := _of_an_article(turn, asked, every)) is not None:
                named = replace(understood, slots=Slots(product=(beside.focus.item,)))
                every.append(self._one(beside, reader, admission, Intent.PRODUCT_INFO, named, alone=False))
            found = _telling(every)
            return (*filter(_tells_more, found), *of_shop[0]) if of_shop else found

    def _of_the_shop(
        self, turn: Turn, reader: Reader, understood: Understood, intents: list[Intent]
    ) -> tuple[tuple[Evidence, ...], str] | tuple[()]:
        """What is asked of the shop itself (instalments, wholesale, a visit), and the part of the message that asks more."""
        slots = understood.slots
        at_hand = bool(slots.order_no or slots.tracking_no or turn.focus.order or turn.memory.order)
        by_rule = frozenset(g.intent for g in understood.intents if g.by == "rule")
        if not services.may_be(intents, by_rule, at_hand=at_hand):
            return ()
        if (found := services.asked(plain(turn))) is None:
            return ()
        return (
            services.told(self._scene(turn, reader, intents[0], said(turn, understood)), found),
        ), found.rest

    def carry_out(self, turn: Turn, proposal: Proposal) -> Evidence:
        """The write that was proposed, if it may still be made: the plan is made anew and must be the same."""
        skill = BY_NAME.get(proposal.skill)
        assert turn.admission is not None
        if skill is None or not skill.writes or not _allowed(turn.admission, skill):
            return Evidence(turn.memory.intent or Intent.OFF_TOPIC, refusals=(_NOT_ALLOWED,), handoff=True)

        def scene_of(reader: Reader) -> Scene:
            scene = self._scene(turn, reader, skill.intent, Slots())
            return replace(scene, order="", item="", dates=(), text="", written="")

        return self._actions.carry_out(scene_of, skill, proposal, turn.conversation_no or turn.turn_no)

    def _decided(self, turn: Turn, proposal: Proposal, yes: bool) -> Evidence:
        if yes:
            return self.carry_out(turn, proposal)
        skill = BY_NAME.get(proposal.skill)
        with self._records.reading() as reader:
            intent = skill.intent if skill else Intent.OFF_TOPIC
            fact = self._scene(turn, reader, intent, Slots()).fact("action.dropped", False, *NOTHING_DONE)
        return Evidence(intent, facts=(fact,))

    def _meant(
        self, turn: Turn, reader: Reader, understood: Understood, intents: list[Intent], unsure: bool
    ) -> list[Intent] | None:
        """The intents as the rows behind the message have them; None where it has to be asked."""
        if understood.handoff:
            return intents
        slots = said(turn, understood)
        scene = self._scene(turn, reader, Intent.WHERE_IS_ORDER, slots)
        now = _numbers(_without_tails(understood.slots, turn.memory), scene.asker.tails)
        order_no = now[0] if now else ""
        found = likely.found(scene, understood.shares, order_no)
        open_now = bool(found) and intents[0] is understood.shares[0].intent and (unsure or len(intents) == 1)
        if open_now and found[0].p >= likely.SURE:
            understood = replace(understood, intents=found[:1], unsure=False)
            intents, unsure = [found[0].intent], False
        guesses = tuple(guess.intent for guess in understood.intents)
        shaky = frozenset(g.intent for g in understood.intents if g.by == "examples" and g.p < _FIRM)
        rule = frozenset(g.intent for g in understood.intents if g.by == "rule")
        question = meant.Question(slots, order_no, guesses, unsure, shaky, rule)
        told = meant.meant(scene, question, intents)
        return None if told is None else by_state.settled(scene, slots, order_no, told)

    def _one(
        self,
        turn: Turn,
        reader: Reader,
        admission: Admission,
        intent: Intent,
        understood: Understood,
        *,
        alone: bool,
    ) -> Evidence:
        """`alone`: nothing else is asked, so what its facts leave out is told by nobody."""
        skill = BY_INTENT[intent]
        if not _allowed(admission, skill):
            return Evidence(intent, refusals=(_NOT_ALLOWED,), handoff=True)
        slots = said(turn, understood)
        scene = self._scene(turn, reader, intent, slots)
        pointed = intent is Intent.PRICE and goods.pointed(scene) is not None
        if not pointed and _may_be_a_page(intent, slots, scene.text) and (cited := pages.unanswered(scene)):
            return general.completed(scene, Evidence(intent, passages=cited), slots)
        if intent is Intent.PRODUCT_INFO and len(_articles(slots)) > 1:
            slots = replace(
                slots, product=()
            )  # which of them is asked of what, the skill sees in the message
        if (
            intent is Intent.PRICE
            and len(_articles(slots)) > 1
            and (several.wanted(scene) or several.open_sum(scene))
        ):
            slots = replace(slots, product=())  # their sum is asked for
        if intent in _OF_GOODS and len(parts := _articles(slots)) > 1:
            return _joined(
                intent, [skill.run(scene, arguments(skill.arguments, turn, part, "")) for part in parts]
            )
        if (
            intent in (Intent.PRICE, Intent.STOCK)
            and len(parts := _versions(slots)) > 1
            and not several.wanted(scene)
        ):
            return _joined(
                intent, [skill.run(scene, arguments(skill.arguments, turn, part, "")) for part in parts]
            )
        numbers = _numbers(slots, scene.asker.tails)[: 1 if skill.writes else _MOST_ORDERS]
        every = [
            skill.run(scene, arguments(skill.arguments, turn, slots, number)) for number in numbers or ("",)
        ]
        found = general.completed(scene, every[0] if len(every) == 1 else _joined(intent, every), slots)
        found = spares.beside(scene, found, slots.product[0] if slots.product else "")
        if _is_guess(intent, understood) and (
            general.answers_nothing(scene, found) or unsaid.asks_in_vain(scene, found)
        ):
            return Evidence(intent)
        if _is_empty(found) and intent not in _PASSING and general.may_cite(scene):
            return replace(found, passages=pages.searched(scene, scene.text))
        return unsaid.completed(scene, found) if alone else found

    def _scene(self, turn: Turn, reader: Reader, intent: Intent, slots: Slots) -> Scene:
        """What a skill is given. Traditional characters become Simplified here, once, for every skill."""
        admission, understood = turn.admission, turn.understood
        assert admission is not None
        return Scene(
            reader=reader, find=finder(self._search, turn.shop), near=finder(self._search, turn.shop, near=True),
            like=self._like, shop=turn.shop, now=turn.now, intent=intent,
            text=plain(turn), written=turn.text,
            asker=Asker(admission.role, admission.customer, tails(turn, slots)), limits=self._limits(),
            lang=understood.lang if understood else "zh-Hans",
            order=turn.memory.order or turn.focus.order, item=_item(turn), dates=_dates(slots), nth=nth(turn),
            before=_before(turn), fault=_fault(turn, slots),
        )  # fmt: skip


def plain(turn: Turn) -> str:
    """The message in Simplified characters, as words are looked for in it."""
    return simplify(turn.text).text


def finder(search: Search, shop: str, *, near: bool = False) -> Find:
    """Search as skills know it; `near`: with what is nearest where nothing fits well. While another process writes the
    index, nothing is found."""

    def find(words: str, kind: Kind, many: int) -> tuple[Hit, ...]:
        if not words.strip():
            return ()
        try:
            found = search.ask(shop, Query(words, Filters(kinds=frozenset((kind,))), many))
            return (found.hits or found.nearest) if near else found.hits
        except Busy:
            return ()

    return find


def chosen(turn: Turn, understood: Understood) -> list[Intent]:
    """At most two, likeliest first. A hand-off goes before all; small talk gives way to a question; an answer to what we
    asked goes on with what it was asked for."""
    intents = [guess.intent for guess in understood.intents]
    before = turn.memory.intent
    if understood.handoff and Intent.COMPLAINT not in intents:
        return [Intent.HANDOFF]
    open_now = (
        not intents
        or understood.unsure
        or intents[0] in (*_PASSING, before)
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
    if before in _WRITING and all(i in _PASSING for i in intents) and _AGREES.fullmatch(plain(turn)):
        return [before]  # a yes to what could not be proposed is told again why, and what now
    real = [i for i in dict.fromkeys(intents) if i not in _PASSING]
    return real[:_MOST_INTENTS] or intents[:1] or [Intent.OFF_TOPIC]


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
    now, before = _without_tails(understood.slots, turn.memory), turn.memory.slots
    if not any(g.intent in _OF_FAULTS for g in understood.intents[:1]):
        now = _names_only(now)
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


def _before(turn: Turn) -> str:
    """What the customer asked before, where this message goes on with it: 那岩茶呢."""
    guesses = turn.understood.intents if turn.understood else ()
    if not guesses or guesses[0].by != "memory":
        return ""
    said = [heard.text for heard in turn.memory.heard if _is_customer(heard)]
    return simplify(said[-1]).text if said else ""


def _fault(turn: Turn, slots: Slots) -> str:
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


def _articles(slots: Slots) -> list[Slots]:
    """Several articles asked about at once, each with its own colour, size and number where as many were said."""
    names = [p for p in slots.product if not any(p != q and p in q for q in slots.product)][:_MOST_ORDERS]
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


def _versions(slots: Slots) -> list[Slots]:
    """One article asked about in several colours: 油滴跟兔毫各是多少."""
    if len(slots.product) > 1 or len(slots.color) < 2 or slots.order_no:
        return []
    return [replace(slots, color=(color,)) for color in slots.color[:_MOST_ORDERS]]


def _without_tails(slots: Slots, memory: Memory) -> Slots:
    """Without an order number that is only the phone's tail read as one: #2100 beside MB20251103-0042, or where the tail
    was what we asked for."""
    others = tuple(n for n in slots.order_no if n.lstrip("#") not in slots.phone_tail)
    if len(others) < len(slots.order_no) and (others or memory.need == "phone_tail"):
        return replace(slots, order_no=others)
    return slots


def _numbers(slots: Slots, tails: tuple[str, ...]) -> tuple[str, ...]:
    """The order numbers, without one that the message gives as the tail."""
    left = tuple(n for n in slots.order_no if n.lstrip("#") not in tails)
    return left or slots.order_no


def _item(turn: Turn) -> str:
    """The article in focus: what the page shows where the message points at it, else what was spoken of last."""
    if turn.focus.item and (_THIS.search(plain(turn)) or not turn.memory.item):
        return turn.focus.item
    return turn.memory.item


def _dates(slots: Slots) -> tuple[Any, ...]:
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
        values["reason"] = "；".join(x for x in (_fault(turn, slots), turn.text) if x)[:200]
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


def _allowed(admission: Admission, skill: Skill[Any]) -> bool:
    return admission.skills is None or skill.name in admission.skills


def _may_be_a_page(intent: Intent, slots: Slots, text: str) -> bool:
    """Whether a message without an order or article may be about a page that no skill answers from."""
    asks_fee = (
        bool(delivery.ASKS_FEE.search(text)) and "险" not in text and "insurance" not in text.casefold()
    )
    of_option = intent is Intent.PRICE and bool(slots.color)  # 油滴那个盏
    return intent in _OF_PAGES and not slots.order_no and not slots.product and not asks_fee and not of_option


def _telling(every: list[Evidence]) -> tuple[Evidence, ...]:
    """Without one that only cites a page or asks a place, where another has the facts: 转寄要多少钱 is of the change."""

    def says(found: Evidence) -> bool:
        asks_more = any(need.choices or need.slot != "city" for need in found.needs)
        return bool(
            found.facts or found.refusals or found.proposal or found.done or found.handoff or asks_more
        )

    kept = tuple(found for found in every if says(found))
    return kept if kept and all(_is_own(found) for found in kept) else tuple(every)


def _of_an_article(turn: Turn, asked: list[Intent], every: list[Evidence]) -> Turn | None:
    """The turn with what its message asks of an article beside its price or stock: 能预约几个小时，单买多少钱."""
    about = next((f.about for e in every for f in e.facts if f.about and f.must), "")
    if len(asked) != 1 or asked[0] not in (Intent.PRICE, Intent.STOCK) or not about:
        return None
    turn = replace(turn, focus=replace(turn.focus, item=about), memory=replace(turn.memory, item=""))
    more = [p for p in questions.of(plain(turn)) if {a.id for a in ontology.asked(p)} - {"kinds"}]
    return replace(turn, text="，".join(more)) if more and len("".join(more)) < 0.8 * len(turn.text) else None


def _tells_more(found: Evidence) -> bool:
    """Whether it says something beside what the shop itself is asked."""
    return bool(found.needs or found.refusals or found.handoff or found.proposal or found.passages) or any(
        f.must and f.name != "product.not_said" for f in found.facts
    )


def _is_own(found: Evidence) -> bool:
    """Whether it speaks of an order: of a proposal, or by a fact about one."""
    return found.proposal is not None or any(f.about for f in found.facts)


def _is_guess(intent: Intent, understood: Understood) -> bool:
    """Whether the intent was only likened to examples, and hardly."""
    return any(g.intent is intent and g.by == "examples" and g.p < _HARDLY for g in understood.intents)


def _is_empty(found: Evidence) -> bool:
    return found == Evidence(found.intent)


def _ask_back(understood: Understood) -> Evidence:
    """Below the threshold: the three likeliest, to choose from."""
    three = [g.intent for g in understood.intents if g.intent not in _PASSING][:3]
    top = understood.intents[0].intent if understood.intents else Intent.OFF_TOPIC
    if not three:
        return Evidence(top)
    zh = "、".join(LABELS[i].zh for i in three)
    en = ", ".join(LABELS[i].en for i in three)
    need = Need(
        "intent",
        f"请问您想问的是哪一件：{zh}？",
        f"Which of these is it about: {en}?",
        tuple(i.value for i in three),
    )
    return Evidence(top, needs=(need,))


def _joined(intent: Intent, every: Iterable[Evidence]) -> Evidence:
    """Several orders asked about at once."""
    found = list(every)
    return Evidence(
        intent,
        facts=tuple(dict.fromkeys(f for e in found for f in e.facts)),
        passages=tuple(dict.fromkeys(p for e in found for p in e.passages)),
        refusals=tuple(dict.fromkeys(r for e in found for r in e.refusals)),
        needs=tuple(dict.fromkeys(n for e in found for n in e.needs)),
        handoff=any(e.handoff for e in found),
    )
