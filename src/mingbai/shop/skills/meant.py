"""What a question is about by the rows behind it, where its words alone would be answered past them.

Words about a parcel (到哪了, 放哪了, where is …) of somebody who names an order, looks at one or has some are about that
parcel; what seems to be missing may only not have been sent yet. Nothing here says what the answer is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mingbai.shop.skills import (
    browse,
    coming,
    compare,
    defects,
    delivery,
    goods,
    ontology,
    orders,
    person,
    product,
    proof,
    rights,
    sentences,
    several,
    size,
    spares,
    stock,
)
from mingbai.shop.skills import meant_words as words
from mingbai.shop.skills.delivery import ASKS_FEE
from mingbai.shop.skills.goods import ItemArguments
from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.records import Order, OrderState, Return
from mingbai.values.turn import Evidence, Intent, Slots
from mingbai.zh import how_much, in_stock
from mingbai.zh.width import normalise

_GOODS = frozenset((Intent.PRODUCT_INFO, Intent.STOCK, Intent.WARRANTY, Intent.SIZE_ADVICE))
_BEFORE_STOCK = frozenset(
    (Intent.DELIVERY_TIME, Intent.PRODUCT_INFO, Intent.SIZE_ADVICE, Intent.WHERE_IS_ORDER)
)
_FEW = 2  # variants that may be meant
_OF_ROWS = (Intent.PRICE, Intent.SIZE_ADVICE, Intent.STOCK)  # taken so for a figure or a word like 有吗
_PASSED_BY = _GOODS | {Intent.OFF_TOPIC, Intent.DELIVERY_TIME}
# Never overruled by what an article's rows say.
_FIRM = frozenset(
    (
        Intent.PRODUCT_INFO,
        Intent.COMPLAINT,
        Intent.HANDOFF,
        Intent.CHANGE_ADDRESS,
        Intent.THANKS,
        Intent.GREETING,
    )
)
_OF_SUMS = frozenset((Intent.PRICE, Intent.COUPON, Intent.INVOICE, Intent.REFUND_STATUS, Intent.PRODUCT_INFO))
_OF_PARTS = frozenset(
    (Intent.PRODUCT_INFO, Intent.WARRANTY, Intent.DAMAGED_OR_MISSING, Intent.EXCHANGE, Intent.STOCK, Intent.PRICE, Intent.OFF_TOPIC)
)  # fmt: skip
_APART = _OF_PARTS - {Intent.DAMAGED_OR_MISSING, Intent.EXCHANGE} | {Intent.WHERE_IS_ORDER}
_BESIDE_SUMS = frozenset(
    (Intent.PRODUCT_INFO, Intent.WHERE_IS_ORDER, Intent.DELIVERY_TIME, Intent.OFF_TOPIC, Intent.PRICE, Intent.SIZE_ADVICE)
)  # fmt: skip
_SIGNED = frozenset(
    (Intent.DAMAGED_OR_MISSING, Intent.WHERE_IS_ORDER, Intent.DELIVERY_TIME, Intent.PRODUCT_INFO, Intent.OFF_TOPIC)
)  # fmt: skip
_UNPAID_AS = frozenset(
    (Intent.PRODUCT_INFO, Intent.WHERE_IS_ORDER, Intent.REFUND_STATUS, Intent.COUPON, Intent.DELIVERY_TIME, Intent.PRICE, Intent.OFF_TOPIC, Intent.MODIFY_ORDER)
)  # fmt: skip
_HERE = (OrderState.DELIVERED, OrderState.COMPLETED)
_ASIDE = frozenset(
    (Intent.DAMAGED_OR_MISSING, Intent.WHERE_IS_ORDER, Intent.DELIVERY_TIME, Intent.PRICE, Intent.COUPON, Intent.PRODUCT_INFO, Intent.START_RETURN)
)  # fmt: skip
_ON_THE_WAY = (OrderState.UNPAID, OrderState.PAID, OrderState.PART_SHIPPED, OrderState.SHIPPED)


def asks_where(text: str) -> bool:
    """Whether it is about a parcel, in words that need no order beside them."""
    return bool(words.PARCEL.search(text))


def in_general(text: str) -> bool:
    """Whether it asks how the shop does things, and of no order."""
    return bool(words.GENERAL.search(text))


def not_got(text: str) -> bool:
    """Whether it says that something did not come, and nothing of a fault."""
    return bool(words.NOT_GOT.search(text)) and not words.BROKEN.search(text)


@dataclass(frozen=True, slots=True)
class Question:
    """`order_no` is named in this message; `guesses` are all that was thought of, likeliest first."""

    slots: Slots
    order_no: str = ""
    guesses: tuple[Intent, ...] = ()
    unsure: bool = False
    shaky: frozenset[Intent] = frozenset()  # of the intents, those that the rows may overrule
    rule: frozenset[Intent] = frozenset()  # those that a rule found


def meant(scene: Scene, question: Question, intents: Sequence[Intent]) -> list[Intent] | None:
    """The intents to answer; None where it is still not clear and has to be asked."""
    if person.asks_hours(scene.text) and (
        question.unsure or set(intents) <= question.shaky | {Intent.PRODUCT_INFO}
    ):
        return [Intent.PRODUCT_INFO]
    if (
        intents == [Intent.STOCK] and not question.slots.product and person.asks_shop(scene.text)
    ):  # do you have a showroom
        return [Intent.PRODUCT_INFO]
    if _is_sum(scene, question, intents):
        return [Intent.PRICE]
    if (
        not question.order_no
        and (question.unsure or set(intents) <= _OF_PARTS)
        and spares.first(scene.text, intents)
        and spares.asked(scene, _article(question.slots))
    ):
        return [Intent.PRODUCT_INFO]
    if (
        not scene.order
        and not question.order_no
        and compare.ASKS_APART.search(scene.text)
        and not (coming.at_another_time(scene.text) and Intent.PRICE in intents)
        and not _complains(scene.text)
        and (question.unsure or set(intents) <= _APART)
    ):
        asked = ItemArguments(_article(question.slots))
        if product.beside_others(scene, asked) or product.speaks(scene, asked):
            return [Intent.PRODUCT_INFO]
    if (
        delivery.asks_campaign(scene.text)
        and not question.order_no
        and (question.unsure or set(intents) <= _OF_PARTS)
    ):
        return [Intent.COUPON]
    if delivery.asks_cut_off(scene.text) and not question.order_no and not scene.order:
        return [Intent.DELIVERY_TIME]
    if any(its(scene, question, intents) for its in (_of_signature, _of_payment, _of_the_rest)):
        return [Intent.WHERE_IS_ORDER]
    if intents == [Intent.SIZE_ADVICE] and words.REACHES.search(scene.text) and not question.order_no:
        return [Intent.PRODUCT_INFO]
    if question.unsure:
        if _unsure_but_an_order(scene, question):
            return [Intent.WHERE_IS_ORDER]
        if Intent.DAMAGED_OR_MISSING in question.guesses and _complains(scene.text):
            return [Intent.DAMAGED_OR_MISSING]
        if _comes_later(scene, question):
            return [Intent.STOCK]
        if words.ENOUGH.search(scene.text) and (question.slots.product or scene.item):
            return [Intent.STOCK]
        return [Intent.PRODUCT_INFO] if _about_an_article(scene, question) else None
    out = []
    for intent in intents:
        if _is_claim(scene, intent):
            out.append(Intent.DAMAGED_OR_MISSING)
            continue
        if intent in _BEFORE_STOCK and _comes_later(scene, question):
            out.append(Intent.STOCK)
            continue
        if intent is Intent.PRODUCT_INFO and _is_worn(scene, question):
            out.append(Intent.SIZE_ADVICE)
            continue
        if _is_doubtful(scene, question, intent) and _about_an_article(scene, question, intent):
            out.append(Intent.PRODUCT_INFO)
            continue
        if intent is Intent.RETURN_RIGHT and _broke_down(scene, question):
            out.append(Intent.WARRANTY)
            continue
        if intent is Intent.DAMAGED_OR_MISSING:
            parcel = _not_damaged(scene, question)
        elif intent is Intent.DELIVERY_TIME:
            parcel = _a_certain_delivery(scene, question)
        elif intent in _PASSED_BY:
            parcel = _about_own_parcel(scene, question, intent)
        else:
            parcel = False
        out.append(Intent.WHERE_IS_ORDER if parcel else intent)
    if out == [Intent.START_RETURN] and not (question.order_no or scene.order or scene.asker.customer):
        out = [Intent.RETURN_RIGHT, *out] if _article(question.slots) else out  # the rule before the number
    return list(dict.fromkeys(_of_rows(scene, question, intent) for intent in out))


def _complains(text: str) -> bool:
    """Whether what was received is said to be broken, or other than it was shown."""
    bad = words.WENT_WRONG.search(text) or words.OTHER_THAN.search(text)
    return bool(bad) and spares.came_so(text) and not words.WOULD.search(words.ASKS_US.sub("", text))


def _is_claim(scene: Scene, intent: Intent) -> bool:
    """Whether it only tells what is wrong with what came, or calls it a matter of the warranty."""
    if intent not in (Intent.PRODUCT_INFO, Intent.WARRANTY) or not _complains(scene.text):
        return False
    return intent is Intent.WARRANTY or not sentences.asks(scene.text)


def _is_sum(scene: Scene, question: Question, intents: Sequence[Intent]) -> bool:
    """Whether what several articles come to is asked, whatever one of them was taken for."""
    if scene.order and words.BOUGHT.search(scene.text):
        return False
    may = _BESIDE_SUMS if scene.order else _BESIDE_SUMS | {Intent.MODIFY_ORDER}
    if question.order_no or not (question.unsure or set(intents) <= may):
        return False
    return several.wanted(scene)


def _of_rows(scene: Scene, question: Question, intent: Intent) -> Intent:
    """What was asked for before is asked after; of a parcel that is here, something is missing, or does not fit."""
    if intent not in (*_ASIDE, *_OF_SUMS, Intent.SIZE_ADVICE) or not (question.order_no or scene.order):
        return intent
    row = _found(scene, question)
    if row is None:
        return intent
    if intent in _OF_SUMS and orders.PAID_ASKED.search(scene.text):
        return Intent.WHERE_IS_ORDER
    asked_back = intent in _ASIDE and words.OF_A_REQUEST.search(scene.text)
    if asked_back and scene.rows(Return, order_no=row.record.order_no):
        return Intent.REFUND_STATUS
    if intent is Intent.SIZE_ADVICE:
        misfit = words.MISFIT.search(scene.text) and not (
            question.slots.height_cm or question.slots.weight_kg
        )
        return Intent.EXCHANGE if misfit and row.record.state in _HERE else intent
    lacks = row.record.state in _HERE and words.LACKS.search(scene.text)
    return Intent.DAMAGED_OR_MISSING if intent is Intent.WHERE_IS_ORDER and lacks else intent


def _about_an_article(scene: Scene, question: Question, taken: Intent | None = None) -> bool:
    """Whether the rows of an article answer it, and it speaks of no order, no price and nothing that went wrong."""
    if question.order_no or question.slots.tracking_no or question.slots.invoice_title:
        return False
    wrong = words.WENT_WRONG.search(scene.text) or words.MINE_BROKE.search(scene.text)
    if words.OF_AN_ORDER.search(scene.text) or (wrong and not words.WOULD.search(scene.text)):
        return False
    asked = ItemArguments(_article(question.slots) if len(question.slots.product) == 1 else "")
    if browse.wanted(scene) and (
        question.slots.amount or question.slots.product or words.PRESENT.search(scene.text)
    ):
        return True
    if product.speaks(scene, asked):
        return True
    return (question.unsure or taken in _OF_ROWS) and product.asks_unknown(scene, asked)


def _is_doubtful(scene: Scene, question: Question, intent: Intent) -> bool:
    """Whether an intent may have been taken from words like 多少 or 有没有: nothing is said of a price, or of an option."""
    if intent is Intent.PRICE:
        if words.PRICED.search(scene.text) or how_much.asked(_bare(scene.text, question.slots)):
            return False
        return intent in question.shaky or (intent in question.rule and bool(words.MUCH.search(scene.text)))
    if intent is Intent.STOCK:
        name = _article(question.slots)
        return (
            intent in question.rule | question.shaky
            and not (words.STOCKED.search(scene.text) or in_stock.asked(_bare(scene.text, question.slots)))
            and not product.states_option(scene, ItemArguments(name))
        )
    if intent is Intent.SIZE_ADVICE:
        measured = question.slots.height_cm or question.slots.weight_kg
        return intent in question.shaky or not (measured or words.SIZED.search(scene.text))
    if intent is Intent.MODIFY_ORDER:  # 全部加起来多重: of an article, where no order is at hand
        return intent not in question.rule and not scene.order and bool(ontology.asked(scene.text))
    if intent is Intent.DELIVERY_TIME and question.slots.city:
        return False
    if intent is Intent.OFF_TOPIC:
        return intent in question.shaky or (intent in question.rule and bool(question.slots.amount))
    return intent in question.shaky - _FIRM


def _bare(text: str, slots: Slots) -> str:
    """The message with what it names as one word."""
    thing = "这个" if any("一" <= c <= "龥" for c in text) else "it"
    plain = normalise(text).text.casefold()
    for name in sorted(slots.product, key=len, reverse=True):
        plain = plain.replace(name.casefold(), thing)
    return plain


def _comes_later(scene: Scene, question: Question) -> bool:
    """Whether it asks when an article leaves that is not there now: its restock or pre-sale day is the answer."""
    slots = question.slots
    if (
        _named(question)
        or scene.order
        or not words.LEAVES.search(scene.text)
        or words.BOUGHT.search(scene.text)
    ):
        return False
    wanted = ItemArguments(_article(slots), *(slots.color[:1] or ("",)), *(slots.size[:1] or ("",)))
    found = goods.find(scene, wanted)
    if not isinstance(found, goods.Goods) or not found.variants or len(found.variants) > _FEW:
        return False
    return not any(stock.is_there(scene, variant) for variant in found.variants)


def _broke_down(scene: Scene, question: Question) -> bool:
    """Whether something electric failed, of no order in particular: what may be asked for is told by the day."""
    if _named(question) or scene.order or not rights.is_faulty(scene.text, scene.fault):
        return False
    name = _article(question.slots)
    found = goods.find_any(scene, ItemArguments(name)) if name or scene.item else None
    rows = goods.rows_of(found, name) if found is not None else ()
    return bool(rows) and all(defects.is_sanbao(row.record) for row in rows)


def _is_worn(scene: Scene, question: Question) -> bool:
    """Whether how large is asked of something that has a size chart."""
    if not words.WHICH_SIZE.search(scene.text):
        return False
    name = _article(question.slots)
    found = goods.find(scene, ItemArguments(name)) if name or scene.item else None
    return isinstance(found, goods.Goods) and bool(size.chart(found.product.record.attributes))


def _found(scene: Scene, question: Question) -> Row[Order] | None:
    """The order that is spoken of, if there is one that may be seen."""
    slots = question.slots
    tracking = slots.tracking_no[0] if slots.tracking_no else ""
    found = proof.find(
        scene,
        proof.OrderArguments(question.order_no, "", tracking, _article(slots)),
        lambda order: order.state in _ON_THE_WAY,
    )
    return None if isinstance(found, Evidence) else found


def _article(slots: Slots) -> str:
    return slots.product[0] if slots.product else ""


def _named(question: Question) -> bool:
    return bool(question.order_no or question.slots.tracking_no)


def _of_parcel(scene: Scene, question: Question) -> bool:
    """Words about a parcel, of somebody who has one."""
    text = scene.text
    at_hand = _named(question) or bool(scene.order)
    if words.PARCEL.search(text):
        return at_hand or bool(scene.asker.customer)
    return at_hand and bool(words.AT_HAND.search(text)) and not words.GENERAL.search(text)


def _of_signature(scene: Scene, question: Question, intents: Sequence[Intent]) -> bool:
    """Who signed for a parcel: its last scan tells."""
    if not (_named(question) or scene.order) or not words.WHO_SIGNED.search(scene.text):
        return False
    return question.unsure or set(intents) <= _SIGNED


def _of_payment(scene: Scene, question: Question, intents: Sequence[Intent]) -> bool:
    """What was paid; what becomes of an order that is not paid in full, or until when its balance is due."""
    if not (question.order_no or scene.order):
        return False
    if Intent.REFUND_STATUS in question.rule or (not question.unsure and not set(intents) <= _UNPAID_AS):
        return False
    was = orders.PAID_ASKED.search(scene.text)
    if not was and not words.BALANCE.search(scene.text) and not words.IF_UNPAID.search(scene.text):
        return False
    row = _found(scene, question)
    if row is None:
        return False
    return bool(was) or row.record.state is OrderState.UNPAID or bool(dict(row.record.extra).get("stage"))


def _of_the_rest(scene: Scene, question: Question, intents: Sequence[Intent]) -> bool:
    """What becomes of the rest of an order of which a part was sent."""
    if not (_named(question) or scene.order) or not words.THE_REST.search(scene.text):
        return False
    if not question.unsure and not set(intents) <= _SIGNED:
        return False
    row = _found(scene, question)
    return row is not None and row.record.state in _ON_THE_WAY


def _unsure_but_an_order(scene: Scene, question: Question) -> bool:
    if question.order_no and _found(scene, question) is None:
        return True  # refused whatever it is about
    if _named(question) and Intent.WHERE_IS_ORDER in question.guesses[:1]:
        return True
    return (_of_parcel(scene, question) or _coming(scene, question)) and not words.BROKEN.search(scene.text)


def _a_certain_delivery(scene: Scene, question: Question) -> bool:
    if ASKS_FEE.search(scene.text):
        return False
    if _named(question):
        return True
    if re.search(r"我的?(?:快[递遞]|包裹)|(?i:\bmy (?:parcel|package|order)\b)", scene.text):
        return not words.GENERAL.search(scene.text)
    return _of_parcel(scene, question) and not words.GENERAL.search(scene.text)


def _coming(scene: Scene, question: Question) -> bool:
    """Whether an article of an order that has not come yet is asked after: When is the tea mat coming."""
    article, text = _article(question.slots), scene.text
    if (
        not (words.ARRIVES.search(text) or words.STILL.search(text))
        or words.GENERAL.search(text)
        or words.RESTOCK.search(text)
    ):
        return False
    if not (scene.asker.customer or scene.order):
        return False
    row = _found(scene, question)
    if row is None or row.record.state not in _ON_THE_WAY:
        return False
    return not article or proof.holds(scene, row.record, article)


def _about_own_parcel(scene: Scene, question: Question, intent: Intent) -> bool:
    article = _article(question.slots)
    if article and _coming(scene, question):
        return True
    if not words.PARCEL.search(scene.text):
        # Somebody else's number beside no article asks for that order, whatever it was taken for.
        return (
            intent in _GOODS and bool(question.order_no) and not article and _found(scene, question) is None
        )
    if not _of_parcel(scene, question) or (intent in _GOODS and words.GENERAL.search(scene.text)):
        return False
    if _named(question) or not article:
        return True
    row = _found(scene, question)
    return row is not None and proof.holds(scene, row.record, article)


def _not_damaged(scene: Scene, question: Question) -> bool:
    text = scene.text
    row = _found(scene, question)
    if row is None:
        return bool(question.order_no) and bool(words.PARCEL.search(text)) and not words.BROKEN.search(text)
    if row.record.state is OrderState.PART_SHIPPED and words.ONLY_PART.search(text):
        return True
    if words.BROKEN.search(text):
        return False
    if row.record.state in _ON_THE_WAY:
        return bool(
            words.PARCEL.search(text)
            or words.AT_HAND.search(text)
            or words.NOT_GOT.search(text)
            or words.STILL.search(text)
        )
    return bool(words.PARCEL.search(text)) and not words.NOT_GOT.search(text)
