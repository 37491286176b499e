"""From what was understood to what is known: chooses skills, reads the rows in one state of the database, writes nothing
but what was proposed before and has been confirmed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from mingbai.shop import matters, spoken
from mingbai.shop.records.home import Reader, Records
from mingbai.shop.search.document import Kind
from mingbai.shop.search.likeness import Likeness
from mingbai.shop.search.query import Filters, Hit, Query
from mingbai.shop.search.search import Search
from mingbai.shop.skills import (
    best_price,
    by_state,
    delivery,
    general,
    goods,
    likely,
    meant,
    ontology,
    own_article,
    pages,
    questions,
    return_rule,
    ruled,
    services,
    several,
    spares,
    unsaid,
)
from mingbai.shop.skills.actions import Actions
from mingbai.shop.skills.limits import Limits
from mingbai.shop.skills.scene import Asker, Find, Scene
from mingbai.shop.skills.skill import Skill
from mingbai.shop.skills.table import BY_INTENT, BY_NAME
from mingbai.values.errors import Busy
from mingbai.values.turn import (
    Admission,
    Evidence,
    Intent,
    Proposal,
    Refusal,
    Slots,
    Turn,
    Understood,
)

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
_OF_GOODS = frozenset((Intent.PRICE, Intent.STOCK, Intent.PRODUCT_INFO))
# Asked by a clause alone. What is done, and what a right hangs on, is told by all that is said.
_BY_CLAUSE = frozenset(
    (
        Intent.PRODUCT_INFO, Intent.STOCK, Intent.PRICE, Intent.SIZE_ADVICE, Intent.WHERE_IS_ORDER, Intent.DELIVERY_TIME,
        Intent.COUPON, Intent.WARRANTY,
    )
)  # fmt: skip
# Of which several questions in one message are answered each by itself.
_BY_QUESTION = frozenset(
    (
        Intent.DELIVERY_TIME,
        Intent.RETURN_RIGHT,
        Intent.INVOICE,
        Intent.COUPON,
        Intent.PRICE_PROTECTION,
        Intent.WARRANTY,
    )
)
_HARDLY = 0.7  # of an intent by examples, below which its rule in general is no answer to words it has not
_FIRM = 0.9  # of an intent by examples, from which the rows of articles do not overrule it
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
        intents = spoken.chosen(turn, understood)
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
            if apart := self._apart(turn, reader, admission, understood, intents):
                return matters.telling(matters.without_asides(understood, apart))
            asked = self._meant(turn, reader, understood, intents, unsure)
            if asked is None:
                scene = self._scene(turn, reader, intents[0], understood.slots)
                return (general.unclear(scene, intents[0]) or matters.ask_back(understood),)
            alone = len(asked) == 1
            every = [self._one(turn, reader, admission, i, understood, alone=alone) for i in asked]
            if alone and not of_shop and (parts := _questions(understood, asked[0])):
                every = [self._by_question(turn, reader, admission, understood, every[0], parts)]
            if (beside := _of_an_article(turn, asked, every)) is not None:
                named = replace(understood, slots=Slots(product=(beside.focus.item,)))
                every.append(self._one(beside, reader, admission, Intent.PRODUCT_INFO, named, alone=False))
            found = matters.telling(matters.without_asides(understood, every))
            return (*filter(matters.tells_more, found), *of_shop[0]) if of_shop else found

    def _of_the_shop(
        self, turn: Turn, reader: Reader, understood: Understood, intents: list[Intent]
    ) -> tuple[tuple[Evidence, ...], str] | tuple[()]:
        """What is asked of the shop itself (instalments, wholesale, a visit), and the part of the message that asks more."""
        slots = understood.slots
        at_hand = bool(slots.order_no or slots.tracking_no or turn.focus.order or turn.memory.order)
        by_rule = frozenset(g.intent for g in understood.intents if g.by == "rule")
        if not services.may_be(intents, by_rule, at_hand=at_hand):
            return ()
        if (found := services.asked(spoken.plain(turn))) is None:
            return ()
        return (
            services.told(self._scene(turn, reader, intents[0], spoken.said(turn, understood)), found),
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
        self,
        turn: Turn,
        reader: Reader,
        understood: Understood,
        intents: list[Intent],
        unsure: bool,
        tails: tuple[str, ...] | None = None,
    ) -> list[Intent] | None:
        """The intents as the rows behind the message have them; None where it has to be asked."""
        if understood.handoff:
            return intents
        slots = spoken.said(turn, understood)
        scene = self._scene(turn, reader, Intent.WHERE_IS_ORDER, slots, tails)
        now = spoken.numbers(spoken.without_tails(understood.slots, turn.memory), scene.asker.tails)
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

    def _apart(
        self,
        turn: Turn,
        reader: Reader,
        admission: Admission,
        understood: Understood,
        intents: list[Intent],
    ) -> list[Evidence]:
        """Of several matters each by the part of the message that is about it; none where they were not told apart.
        What is done is read from the whole message: an address goes on behind a comma, a fault is told before the wish."""
        own = [g for g in understood.intents if g.said and g.slots is not None]
        if len(own) < 2 or understood.handoff or len(own) < len(understood.intents):
            return []
        if {g.intent for g in own} != set(intents):
            return []
        found: dict[tuple[Intent, str], Evidence] = {}
        for guess in own:
            intent = guess.intent
            whole = intent not in _BY_CLAUSE
            alone = replace(understood, intents=(guess,), shares=())
            its = turn if whole else replace(turn, text=guess.said)
            alone = alone if whole else replace(alone, slots=guess.slots or understood.slots)
            its = replace(its, understood=alone)
            tails = spoken.tails(turn, understood.slots)
            for meant_by in self._meant(its, reader, alone, [intent], False, tails) or [intent]:
                if (meant_by, its.text) in found:
                    continue
                one = self._one(its, reader, admission, meant_by, alone, alone=not whole, tails=tails)
                if matters.is_empty(one) and not whole:  # its clause leaves out what it is about
                    one = self._one(turn, reader, admission, meant_by, understood, alone=False)
                found[meant_by, its.text] = one
        return list(found.values())

    def _by_question(
        self,
        turn: Turn,
        reader: Reader,
        admission: Admission,
        understood: Understood,
        whole: Evidence,
        parts: tuple[str, ...],
    ) -> Evidence:
        """What each question about one matter is answered by itself; with what all of them are, where one would be left."""
        reckoned = any(
            f.name in ("coupon.final", "coupon.none") for f in whole.facts
        )  # of what all of it says
        if reckoned or whole.handoff or whole.proposal or whole.done or whole.refusals:
            return whole
        found = [
            self._one(replace(turn, text=part), reader, admission, whole.intent, understood, alone=False)
            for part in parts
        ]
        told = [it for it in found if not it.handoff and any(f.must for f in it.facts)]
        if len(told) < len(parts):
            return matters.joined(whole.intent, [whole, *(replace(it, needs=(), passages=()) for it in told)])
        return matters.joined(whole.intent, told)

    def _one(
        self,
        turn: Turn,
        reader: Reader,
        admission: Admission,
        intent: Intent,
        understood: Understood,
        *,
        alone: bool,
        tails: tuple[str, ...] | None = None,
    ) -> Evidence:
        """`alone`: nothing else is asked, so what its facts leave out is told by nobody."""
        skill = BY_INTENT[intent]
        if not _allowed(admission, skill):
            return Evidence(intent, refusals=(_NOT_ALLOWED,), handoff=True)
        slots = spoken.said(turn, understood)
        scene = self._scene(turn, reader, intent, slots, tails)
        if intent in _OF_GOODS and (own := own_article.meant(scene, slots.product)):
            scene, slots = replace(scene, item=own), replace(slots, product=())
        pointed = intent is Intent.PRICE and goods.pointed(scene) is not None
        if not pointed and _may_be_a_page(intent, slots, scene.text) and (cited := pages.unanswered(scene)):
            return general.completed(scene, Evidence(intent, passages=cited), slots)
        if intent is Intent.PRODUCT_INFO and len(spoken.articles(slots)) > 1:
            slots = replace(
                slots, product=()
            )  # which of them is asked of what, the skill sees in the message
        if (
            intent is Intent.PRICE
            and len(spoken.articles(slots)) > 1
            and (several.wanted(scene) or several.open_sum(scene))
        ):
            slots = replace(slots, product=())  # their sum is asked for
        if intent in _OF_GOODS and len(parts := spoken.articles(slots)) > 1:
            return matters.joined(
                intent,
                [skill.run(scene, spoken.arguments(skill.arguments, turn, part, "")) for part in parts],
            )
        if (
            intent in (Intent.PRICE, Intent.STOCK)
            and len(parts := spoken.versions(slots)) > 1
            and not several.wanted(scene)
        ):
            return matters.joined(
                intent,
                [skill.run(scene, spoken.arguments(skill.arguments, turn, part, "")) for part in parts],
            )
        numbers = spoken.numbers(slots, scene.asker.tails)[: 1 if skill.writes else spoken.MOST_ORDERS]
        every = [
            skill.run(scene, spoken.arguments(skill.arguments, turn, slots, number))
            for number in numbers or ("",)
        ]
        found = general.completed(
            scene, every[0] if len(every) == 1 else matters.joined(intent, every), slots
        )
        found = spares.beside(scene, found, slots.product[0] if slots.product else "")
        found = best_price.with_coupons(scene, found)
        if _is_guess(intent, understood) and (
            general.answers_nothing(scene, found) or unsaid.asks_in_vain(scene, found)
        ):
            return Evidence(intent)
        found = ruled.beside(scene, found)
        if matters.is_empty(found) and intent not in spoken.PASSING and general.may_cite(scene):
            return replace(found, passages=pages.searched(scene, scene.text))
        return unsaid.completed(scene, found) if alone else found

    def _scene(
        self,
        turn: Turn,
        reader: Reader,
        intent: Intent,
        slots: Slots,
        tails: tuple[str, ...] | None = None,
    ) -> Scene:
        """What a skill is given. Traditional characters become Simplified here, once, for every skill. `tails`: those of
        the whole message, where the turn is a part of it."""
        tails = spoken.tails(turn, slots) if tails is None else tails
        admission, understood = turn.admission, turn.understood
        assert admission is not None
        return Scene(
            reader=reader, find=finder(self._search, turn.shop), near=finder(self._search, turn.shop, near=True),
            like=self._like, shop=turn.shop, now=turn.now, intent=intent,
            text=spoken.plain(turn), written=turn.text,
            asker=Asker(admission.role, admission.customer, tails), limits=self._limits(),
            lang=understood.lang if understood else "zh-Hans",
            order=turn.memory.order or turn.focus.order, item=spoken.item(turn), dates=spoken.dates(slots), nth=spoken.nth(turn),
            before=spoken.before(turn), fault=spoken.fault(turn, slots),
        )  # fmt: skip


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


def _allowed(admission: Admission, skill: Skill[Any]) -> bool:
    return admission.skills is None or skill.name in admission.skills


def _may_be_a_page(intent: Intent, slots: Slots, text: str) -> bool:
    """Whether a message without an order or article may be about a page that no skill answers from."""
    asks_fee = (
        bool(delivery.ASKS_FEE.search(text)) and "险" not in text and "insurance" not in text.casefold()
    )
    of_option = intent is Intent.PRICE and bool(slots.color)  # 油滴那个盏
    if intent is Intent.RETURN_RIGHT and return_rule.asks_insurance(text):
        return False
    return intent in _OF_PAGES and not slots.order_no and not slots.product and not asks_fee and not of_option


def _of_an_article(turn: Turn, asked: list[Intent], every: list[Evidence]) -> Turn | None:
    """The turn with what its message asks of an article beside its price or stock: 能预约几个小时，单买多少钱."""
    about = next((f.about for e in every for f in e.facts if f.about and f.must), "")
    if len(asked) != 1 or asked[0] not in (Intent.PRICE, Intent.STOCK) or not about:
        return None
    turn = replace(turn, focus=replace(turn.focus, item=about), memory=replace(turn.memory, item=""))
    more = [p for p in questions.of(spoken.plain(turn)) if {a.id for a in ontology.asked(p)} - {"kinds"}]
    return replace(turn, text="，".join(more)) if more and len("".join(more)) < 0.8 * len(turn.text) else None


def _questions(understood: Understood, intent: Intent) -> tuple[str, ...]:
    """The questions about the one matter, where each may be answered by itself and they are not about several articles."""
    first = understood.intents[0] if understood.intents else None
    if first is None or first.intent is not intent or intent not in _BY_QUESTION:
        return ()
    return first.asks if len(understood.slots.product) < 2 else ()


def _is_guess(intent: Intent, understood: Understood) -> bool:
    """Whether the intent was only likened to examples, and hardly."""
    return any(g.intent is intent and g.by == "examples" and g.p < _HARDLY for g in understood.intents)
