"""What a skill found, made whole by the shop's pages: the sentence that answers a general question, and nothing at all where
neither a row nor a page has what is asked about.
"""

from __future__ import annotations

import re
from dataclasses import replace

from mingbai.shop.skills import coupon, excepted, person, sentences, unsaid
from mingbai.shop.skills.return_rule import MINE
from mingbai.shop.skills.scene import Scene
from mingbai.values.turn import Evidence, Intent, Slots

_OWN = (Intent.WHERE_IS_ORDER, Intent.CHANGE_ADDRESS, Intent.CANCEL_ORDER, Intent.MODIFY_ORDER, Intent.DAMAGED_OR_MISSING,
        Intent.COMPLAINT, Intent.HANDOFF, Intent.GREETING, Intent.THANKS, Intent.SIZE_ADVICE)  # fmt: skip
# Which articles there are and what they cost is told by rows.
_BY_ROWS = (Intent.PRODUCT_INFO, Intent.PRICE, Intent.STOCK)
# Reckoned from rows for this very question; no page says it better.
_RECKONED = ("coupon.final", "coupon.none", "coupon.over", "coupon.stacks")
_POINTS = re.compile(r"[这這那此]|它|(?i:\b(?:this|it|these|that|they)\b)")
# What is to come is in no row: prices, campaigns and plans of another month or year.
_TO_COME = re.compile(
    r"(?:明年|后年|下个月|下月|下半年|(?<![了后减买付拍单完用])[以之]后|将来|过段时间|过阵子|过年)[^，。]{0,12}(?:降|涨|便宜|贵|力度|打.?折|优惠|活动|促销|新款|上新|开店)"
    r"|(?:会不会|还会|会再|会)(?:再)?(?:降价|涨价|便宜|打折|降|涨)(?!.{0,6}[补退差保])"
    r"|(?i:\b(?:will|going to|gonna)\b.{0,40}\b(?:cheaper|discounted|price (?:drop|rise|go)|go (?:up|down|on sale)|cost (?:less|more))\b)"
    r"|(?:明年|后年|下个月|下月|下半年|将来|到时候?)[^？?]{0,30}(?:多少钱|卖多少|要多少|什么价|几块|啥价)"
    r"|(?i:^(?!.*\b(?:parcel|order|arriv\w*|deliver\w*|refund|return\w*|valid|expire\w*|coupon|voucher|back in stock)\b).*\b(?:will|going to|plan(?:ning)? to|gonna)\b[^?]{0,80}\bnext (?:year|season|spring|summer|autumn|fall|winter))"
    r"|(?:明年|后年|下半年|将来|[以之]后)[^，。？]{0,12}(?:会|要|打算|准备)?(?:不会|会不会)?出(?!货|库|发)[^，。？]{0,8}(?:吗|么|不|没)"
    r"|(?i:\bnext (?:month|year)(?:'s)?\b.{0,30}\b(?:price|discount|sale|campaign|cheaper)\b)"
    r"|(?i:\b(?:next (?:month|year|january|february|march|april|may|june|july|august|september|october|november|december)|(?:january|february|march|april|june|july) next year|until \w+ next year)\b.{0,80}\b(?:costs?|price|how much)\b)"
)
_RECKONS = re.compile(
    r"\d\s*(?:[+*×÷]|x(?= ?\d)|[加减乘除](?:以)?)\s*\d[^，。]*(?:等于|是多少|得多少|=|[?？]|$)"
)
_SURE_OF_OWN = 0.72  # where an order's own facts are told already, a page must fit better
# Facts that are a rule of the shop in general; a page that fits the question better takes their place.
_RULES = frozenset(
    (
        "return.no_reason",
        "return.postage",
        "return.withdrawal",
        "delivery.promise",
        "delivery.leaves",
        "protection.rule",
    )
)
_WHOLE = frozenset(("delivery.leaves_if_paid", "return.address", "return.exceptions"))  # the whole answer
_STRANGE, _STRANGE_IF_UNCLEAR = 0.5, 0.3
_ALL_ELSE = 0.9  # of a question's weight


def completed(scene: Scene, found: Evidence, slots: Slots) -> Evidence:
    """The evidence with the sentence of a page that answers what its facts do not; without what nothing is known of."""
    if found.handoff or found.proposal or found.done or found.intent in (Intent.GREETING, Intent.THANKS):
        return found
    if asks_what_will_be(scene) and not any(f.name == "price.coming" for f in found.facts):
        return Evidence(found.intent)
    if any(n.slot == "order_no" and n.choices for n in found.needs):
        return found  # one of the customer's own orders is meant, no page
    own = any(
        f.about and f.name.partition(".")[0] not in ("product", "variant", "price", "stock")
        for f in found.facts
    )
    if found.intent is Intent.MODIFY_ORDER and not found.facts and not scene.order and not slots.order_no:
        told = sentences.told(replace(scene, intent=Intent.DELIVERY_TIME), (), _SURE_OF_OWN)
        return (
            Evidence(found.intent, facts=told) if told and not any(n.choices for n in found.needs) else found
        )
    if any(f.name in _RECKONED for f in found.facts):
        return found
    if own:
        return _beside_own(scene, found, slots)
    if (
        found.intent not in _OWN
        and not _is_for_rows(scene, found, slots)
        and not slots.order_no
        and not slots.tracking_no
    ):
        mine = bool(MINE.search(scene.text))
        named = any(f.must and f.name not in _RULES for f in found.facts)
        if named and excepted.NOT_SO.search(scene.text):
            return found  # of what was not opened or used the rows' rule speaks, the page of what was
        if found.intent is Intent.OFF_TOPIC and (
            _RECKONS.search(scene.text) or sentences.strange(scene) >= _STRANGE_IF_UNCLEAR
        ):
            return found  # the weather, a sum, another shop: no page of ours is about it
        sure = _SURE_OF_OWN if named or mine else sentences.SURE
        asked = scene if found.intent in _BY_ROWS else _without_articles(scene, slots)
        # Of price protection the shop's own rule is told already: a page on exchanges has 差价, too.
        on_matter = named or (found.intent is Intent.PRICE_PROTECTION and bool(found.facts))
        told = sentences.told(asked, found.facts, sure, beside=on_matter)
        if told and named:
            return replace(found, facts=(*(f for f in found.facts if f.name != "product.no_reason"), *told))
        if told:
            refusals = tuple(r for r in found.refusals if mine or r.rule != "needs_proof")
            told = (*(f for f in found.facts if f.name in _WHOLE and f not in told), *told)
            return replace(
                found, facts=told, needs=found.needs if mine else (), refusals=refusals, passages=()
            )
    return _nothing_known(scene, found, slots)


def _beside_own(scene: Scene, found: Evidence, slots: Slots) -> Evidence:
    """What an order's facts leave open and the rule answers: 退款到哪一步了，一般几天到账. The article that is named says which
    order is meant, not what is asked."""
    if not sentences.asks(scene.text) or any(n.slot == "address" for n in found.needs):
        return found
    if any(f.name == "refund.state" for f in found.facts) and any(
        f.name == "page.refund" for f in found.facts
    ):
        return found  # the request's next step is told already, by its rule
    scene = _without_articles(scene, slots)
    least = 2 if found.intent in _OWN else 1
    told = sentences.told(scene, found.facts, _SURE_OF_OWN, least, beside=True)
    return replace(found, facts=(*found.facts, *told)) if told else found


def _without_articles(scene: Scene, slots: Slots) -> Scene:
    """The message without the articles that it names: they say what it is about, not what is asked."""
    bare = scene.text
    for name in slots.product:
        bare = re.sub(re.escape(name), " ", bare, flags=re.IGNORECASE)
    return replace(scene, text=bare)


def _is_for_rows(scene: Scene, found: Evidence, slots: Slots) -> bool:
    """Whether an article is meant, of which rows tell, or which one is asked."""
    return found.intent in _BY_ROWS and bool(
        found.facts or slots.product or scene.item or any(n.choices for n in found.needs)
    )


def answers_nothing(scene: Scene, found: Evidence) -> bool:
    """Whether all that is told is a rule of the shop in general, which has none of the question's words, and most of these
    are nowhere else: what was asked is something of which nothing is known."""
    if (
        not found.facts
        or found.proposal
        or found.done
        or not all(f.name in _RULES for f in found.facts if f.must)
    ):
        return False
    texts = [f.zh if scene.says_zh else f.en for f in found.facts]
    if not sentences.asks(scene.text) or sentences.strange(scene) < _STRANGE:
        return False
    return sentences.strange(scene, texts) >= _ALL_ELSE


def asks_what_will_be(scene: Scene) -> bool:
    """Whether it asks for a price or a campaign that no row can hold yet."""
    return bool(_TO_COME.search(scene.text))


def may_cite(scene: Scene) -> bool:
    """Whether a page may be cited for want of a better answer: not where the message's words are on none."""
    return not asks_what_will_be(scene) and sentences.strange(scene) < _STRANGE


def unclear(scene: Scene, intent: Intent) -> Evidence | None:
    """A message that no intent fits well: a page's answer, or nothing where it asks for what the shop has no word of."""
    if asks_what_will_be(scene):
        return Evidence(intent)
    if named := coupon.spoken_of(scene):
        return named
    if person.asks_shop(scene.text):
        return person.shop_facts(scene, person.PersonArguments())
    if told := sentences.told(scene):
        return Evidence(intent, facts=told)
    if not sentences.asks(scene.text):
        return None
    if unsaid.nowhere(scene):
        return Evidence(intent)
    if not _POINTS.search(scene.text) and sentences.strange(scene) >= _STRANGE_IF_UNCLEAR:
        return Evidence(intent)
    return None


def _nothing_known(scene: Scene, found: Evidence, slots: Slots) -> Evidence:
    """Without the question which article, where no article can have it; without a description that is beside the point."""
    if found.facts:
        return found
    asks_article = any(n.slot == "product" and not n.choices for n in found.needs)
    if asks_article and not slots.product and sentences.asks(scene.text) and not _POINTS.search(scene.text):
        strange = sentences.strange(scene) >= _STRANGE or unsaid.nowhere(scene)
        return Evidence(found.intent) if strange else found
    return found
