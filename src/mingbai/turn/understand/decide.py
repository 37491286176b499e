"""From words to intents: a message's parts, what the rules and the classifier say of each, and what they come to together."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from mingbai.turn.understand import rules
from mingbai.turn.understand.classifier import INTENTS
from mingbai.turn.understand.parts import Part, clauses, split
from mingbai.values.turn import Guess, Intent
from mingbai.zh import dialect, how_much, in_stock

# What a rule adds to an intent's log odds. A strong one overrules the classifier unless that is quite sure.
STRONG, WEAK = 4.0, 1.5
SURE = 0.5  # below it we ask back
SECOND = 0.55  # a second intent must be at least so sure
ALIKE = 0.3  # a second intent of the same sentence must be at least so likely
MOST = 2  # intents that one answer takes on

COURTESY = frozenset((Intent.GREETING, Intent.THANKS))
# Within one sentence the first already answers the second: 「碎了，给我退钱」 is about the damage.
SWALLOWS: Mapping[Intent, frozenset[Intent]] = {
    Intent.DAMAGED_OR_MISSING: frozenset(
        (Intent.REFUND_STATUS, Intent.WHERE_IS_ORDER, Intent.PRODUCT_INFO, Intent.WARRANTY, Intent.EXCHANGE)
    ),
    Intent.WHERE_IS_ORDER: frozenset((Intent.DELIVERY_TIME,)),
    Intent.CANCEL_ORDER: frozenset((Intent.REFUND_STATUS, Intent.WHERE_IS_ORDER)),
    Intent.MODIFY_ORDER: frozenset((Intent.WHERE_IS_ORDER, Intent.PRICE)),
    Intent.CHANGE_ADDRESS: frozenset((Intent.WHERE_IS_ORDER, Intent.MODIFY_ORDER)),
    Intent.PRICE_PROTECTION: frozenset((Intent.REFUND_STATUS, Intent.PRICE, Intent.COUPON, Intent.STOCK)),
    Intent.SIZE_ADVICE: frozenset((Intent.PRODUCT_INFO,)),
    Intent.WARRANTY: frozenset((Intent.PRICE, Intent.PRODUCT_INFO, Intent.DAMAGED_OR_MISSING)),
    Intent.INVOICE: frozenset((Intent.PRICE, Intent.PRODUCT_INFO, Intent.CHANGE_ADDRESS)),
    Intent.REFUND_STATUS: frozenset(
        (Intent.WHERE_IS_ORDER, Intent.START_RETURN, Intent.PRICE, Intent.DAMAGED_OR_MISSING)
    ),
    Intent.EXCHANGE: frozenset((Intent.SIZE_ADVICE, Intent.DELIVERY_TIME)),  # 换码运费怎么算
}


# What it costs, of what the same sentence asked of before: how long does it take to Berlin and what does it cost.
_ITS_COST = re.compile(
    r"^\W*(?:and |, )*how much(?: (?:was|is|will be) it)?\W*$|^\W*(?:and |, )*(?:what|how much) (?:does|do|will|would|is) (?:it|that|this)(?: all)?(?: cost| be)?(?: me)?\W*$|^\W*(?:要|得|是)?(?:多少|几多)钱\W*$",
    re.IGNORECASE,
)
# Said only to say that it is not meant, beside what is: I don't want to return it, just when.
_NOT_THAT = re.compile(
    r"(?:不是|没说|没有|并不是|又不是)(?:想|要|说|打算)*(?:退货?|退款|取消|换货?|投诉|转人工)|^[^,，]{0,4}(?:不|没)(?:想|要|打算)(?:退货?|退款|取消|换货?)(?:的意思)?[,，。!！ 啊呀]*$"
    r"|\b(?:do not|don'?t|dont|not|never) (?:really )?(?:want(?:ing)?|wish|plan|going|trying|ask(?:ing)?) (?:to |for )?(?:a |it )?(?:return|send|cancel|exchange|refund|complain|speak)\w*",
    re.IGNORECASE,
)
_POSTAGE = re.compile(
    r"[运邮]费|包邮|免邮|快递费|[关交缴补俾给上]税|\b(?:postage|customs|duty|duties|tax(?:es)?|fees?|costs?)\b"
)


def hangs(text: str) -> bool:
    """Whether it asks how much, and of nothing that it names: of what was asked of before."""
    return bool(_ITS_COST.search(text))


def of_postage(text: str) -> bool:
    return bool(_POSTAGE.search(text))


@dataclass(frozen=True, slots=True)
class Voice:
    """A piece of the message that asks for one thing, and what the rules found in it."""

    sentence: int
    text: str
    hits: tuple[rules.Hit, ...]
    beside: bool = False  # joined to the sentence before it by a mere "and"
    bare: str = field(default="", repr=False)  # the same with its goods as one word, where it names some

    def follows(self, other: Voice) -> bool:
        """Whether the other stands in the same sentence, or in the one that this is joined to."""
        return self.sentence == other.sentence or (self.beside and self.sentence == other.sentence + 1)

    @property
    def strong(self) -> frozenset[Intent]:
        return frozenset(hit.intent for hit in self.hits if hit.strong)


ASKING = re.compile(
    r"[?？吗呢么嘛]|哪|什么|啥|几[时个天号点]|多少|多久|怎么|如何|能不能|可不可以|谁|(.)[不没]\1|[不没伐](?=[?？!！~ ]*$)|\b(?:what|when|where|which|who|how|can|could|is|are|do|does|will)\b"
)
# What is somebody's own has been ordered: 我那个几号到 asks of the order, 几号到 of the shop's habits.
_OWN = re.compile(
    r"(?:我|俺)(?:的|那|这|嘅|买的|订的|拍的|下的|昨天买的|前天买的)(?!地址|城市|地区|位置|家|预算|尺码|身高|情况|意思|积分|会员)|(?:这|那|上一|该)个?(?:单|订单|包裹|快递|件)(?!子?衣|商品)|張單|件貨|件嘢"
    r"|\b(?:my|the|this) (?:order|parcel|package|shipment|delivery)\b|\bmy (?!address|city|country|area|budget|size|home|house|place|office)(?:[a-z]+ ){0,2}(?:arrive|come|get here|be here|ship)",
    re.IGNORECASE,
)


# Not ordered yet: 晚上八点下单今天会发货吗 asks of the shop's habits.
_OF_THE_SHOP = re.compile(
    r"(?:点|今天|今日|今晚|明天|现在|早上|下午|晚上|半夜|凌晨|周.|礼拜.|星期.|如果|要是)[^,，。]{0,4}(?:下单|落单|拍下?|付款|买)(?!的|了)|\bif i (?:order|pay|buy)\b|\border(?:ing)? (?:today|tonight|now|tomorrow)\b"
)


@dataclass(frozen=True, slots=True)
class Opinion:
    """How likely each intent is for one voice."""

    voice: Voice
    shares: tuple[tuple[Intent, float], ...]  # likeliest first

    @property
    def top(self) -> Guess:
        intent, p = self.shares[0]
        return guess(intent, p, "rule" if intent in self.voice.strong else "examples")

    def with_more_of(self, wanted: Intent, times: float) -> Opinion:
        """The same where one intent is so many times as likely."""
        raised = [(intent, share * (times if intent is wanted else 1.0)) for intent, share in self.shares]
        total = sum(share for _, share in raised)
        ranked = sorted(((intent, share / total) for intent, share in raised), key=lambda it: (-it[1], it[0]))
        return replace(self, shares=tuple(ranked))

    @property
    def beside(self) -> tuple[Guess, ...]:
        """A second intent that plain words of the same sentence speak for: 买了八天坏了能退吗."""
        intent, p = self.shares[1]
        if intent not in self.voice.strong or p < ALIKE or self.top.by != "rule":
            return ()
        swallowed = intent in SWALLOWS.get(self.top.intent, ()) or intent in COURTESY
        return () if swallowed else (guess(intent, max(p, SECOND), "rule"),)


def guess(intent: Intent, p: float, by: Literal["rule", "examples", "model", "memory"]) -> Guess:
    return Guess(intent, round(p, 4), by)


def beside(voice: Voice, bare: str) -> Voice:
    """With the question as it is asked of any goods. Its plain words count where the message's own are none, and words of a
    name (电陶炉, the stone's) count no more where the question has plain ones."""
    hits = rules.hits(bare) if bare != voice.text else list(voice.hits)
    if not any(hit.strong for hit in hits):
        said = dialect.read(bare)
        asked = (Intent.PRICE, how_much.asked(said)), (Intent.STOCK, in_stock.asked(said))
        named = [intent for intent, is_asked in asked if is_asked]
        hits = [*(h for h in hits if h.intent not in named), *(rules.Hit(i, 0, 0, True) for i in named)]
    plain = {hit.intent for hit in hits if hit.strong}
    if voice.strong and not plain - voice.strong:
        return replace(voice, bare=bare if bare != voice.text else "")
    if voice.strong and plain:
        hits = [*(hit for hit in voice.hits if hit.intent not in plain and not (hit.strong)), *hits]
    elif voice.strong:
        hits = list(voice.hits)
    known = {hit.intent for hit in hits}
    kept = [hit for hit in voice.hits if hit.intent not in known and not hit.strong]
    made = tuple(replace(hit, start=0, end=len(voice.text)) for hit in hits)
    return replace(voice, bare=bare if bare != voice.text else "", hits=(*kept, *made))


def voices(text: str) -> list[Voice]:
    """Sentences, cut at commas where two clauses plainly ask for different things."""
    return [voice for at, part in enumerate(split(text)) for voice in _of(at, part)]


def _of(sentence: int, part: Part) -> list[Voice]:
    whole = Voice(sentence, part.text, tuple(rules.hits(part.text)), part.beside)
    pieces = clauses(part)
    if len(pieces) == 1:
        return [whole]
    made: list[Voice] = []
    waiting = ""  # clauses that say nothing plain lead to the one after them
    for piece in pieces:
        hits = tuple(rules.hits(piece.text))
        plain = {hit.intent for hit in hits if hit.strong} - COURTESY
        if not plain:
            if made:
                made[-1] = replace(made[-1], text=made[-1].text + piece.text)
            else:
                waiting += piece.text
        elif made and plain & made[-1].strong:
            both = {
                hit.intent: hit
                for hit in (*hits, *made[-1].hits)
                if not hit.strong or hit.intent in plain & made[-1].strong
            }
            made[-1] = replace(made[-1], text=made[-1].text + piece.text, hits=tuple(both.values()))
        else:
            made.append(Voice(sentence, waiting + piece.text, hits, part.beside))
            waiting = ""
    return made if len(made) > 1 else [whole]


def opinion(
    voice: Voice,
    logits: Sequence[float],
    never: frozenset[Intent] = frozenset(),
    of_an_order: bool = False,
    also: Sequence[rules.Hit] = (),
) -> Opinion:
    """The rules' weight on the classifier's log odds. `also` are hits that the rest of the message speaks for."""
    scores = dict(zip(INTENTS, map(float, logits), strict=True))
    if also:
        voice = replace(voice, hits=(*voice.hits, *(it for it in also if it.intent not in voice.strong)))
    if (of_an_order or _OWN.search(voice.text)) and not _POSTAGE.search(voice.text):
        voice, scores = _asked_of_an_order(voice, scores)
    elif not of_an_order and _OF_THE_SHOP.search(voice.text):
        both = scores[Intent.WHERE_IS_ORDER], scores[Intent.DELIVERY_TIME]
        scores |= {Intent.DELIVERY_TIME: max(both), Intent.WHERE_IS_ORDER: min(both) - 3.0}
    for hit in voice.hits:
        scores[hit.intent] += STRONG if hit.strong else WEAK
    for intent in never:
        scores[intent] = -50.0
    most = max(scores.values())
    raised = {intent: math.exp(score - most) for intent, score in scores.items()}
    total = sum(raised.values())
    return Opinion(
        voice,
        tuple(
            sorted(
                ((intent, share / total) for intent, share in raised.items()), key=lambda it: (-it[1], it[0])
            )
        ),
    )


def _asked_of_an_order(voice: Voice, scores: dict[Intent, float]) -> tuple[Voice, dict[Intent, float]]:
    """When something arrives that is ordered already is a question of where it is."""
    when, where = Intent.DELIVERY_TIME, Intent.WHERE_IS_ORDER
    more, less = max(scores[when], scores[where]), min(scores[when], scores[where])
    strong = any(hit.strong and hit.intent in (when, where) for hit in voice.hits)
    hits = tuple(
        replace(hit, intent=where) if hit.intent is when else hit
        for hit in voice.hits
        if hit.intent is not where
    )
    if not any(hit.intent is where for hit in hits):
        hits = tuple(hit for hit in voice.hits if hit.intent is not when)
    elif strong:
        hits = tuple(replace(hit, strong=True) if hit.intent is where else hit for hit in hits)
    return replace(voice, hits=hits), {**scores, where: more, when: less - 3.0}


def together(opinions: Sequence[Opinion]) -> tuple[Guess, ...]:
    """The intents of the message, likeliest first, at most `MOST`; courtesy counts only where nothing is asked."""
    asked = [it for it in opinions if it.top.intent not in COURTESY] or list(opinions)
    asked = [it for it in asked if not _NOT_THAT.search(it.voice.text)] or asked
    asked = _unswallowed(asked)
    best: dict[Intent, Guess] = {}
    for it in asked:
        for said in (it.top, *it.beside):
            known = best.get(said.intent, said)
            by_rule = "rule" in (said.by, known.by)
            best[said.intent] = replace(
                max(said, known, key=lambda it: it.p), by="rule" if by_rule else said.by
            )
    asking = {it.top.intent for it in asked if it.voice.hits or ASKING.search(it.voice.text)}
    ranked = sorted(
        best.values(), key=lambda it: (it.by != "rule", -round(it.p, 1))
    )  # of two that are as sure the one said first
    first, *others = ranked
    if first.intent is Intent.OFF_TOPIC and others and others[0].by == "rule":
        first, others = others[0], [first, *others[1:]]
    kept = [
        it
        for it in others
        if it.p >= (SECOND if it.by == "rule" else 0.85 if it.intent in asking else 0.95)
        and it.intent is not Intent.OFF_TOPIC
    ]
    return (first, *kept)[:MOST]


def _unswallowed(opinions: Sequence[Opinion]) -> list[Opinion]:
    def swallowed(it: Opinion) -> bool:
        if it.top.intent is Intent.PRICE and _ITS_COST.search(it.voice.text):
            return any(
                other is not it
                and it.voice.follows(other.voice)
                and other.top.intent in (Intent.DELIVERY_TIME, Intent.REFUND_STATUS, Intent.PRICE_PROTECTION)
                for other in opinions
            )
        return any(
            other is not it and it.voice.follows(other.voice) and it.top.intent in SWALLOWS.get(other.top.intent, ())
            and not _mutual(it, other, opinions) and not _asks_first(it, other)
            for other in opinions
        )  # fmt: skip

    return [it for it in opinions if not swallowed(it)] or list(opinions)


def _asks_first(it: Opinion, other: Opinion) -> bool:
    """到底发没发，不发我就取消: what is asked in a clause of its own wants its answer, whatever hangs on it."""
    return (
        other.top.intent is Intent.CANCEL_ORDER and it.top.by == "rule" and bool(ASKING.search(it.voice.text))
    )


def _mutual(it: Opinion, other: Opinion, opinions: Sequence[Opinion]) -> bool:
    """Two that swallow each other: the one said first stays."""
    both = other.top.intent in SWALLOWS.get(it.top.intent, ())
    return both and list(opinions).index(it) < list(opinions).index(other)
