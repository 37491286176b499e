"""An answer without a model: the facts' own sentences, put together. Good enough to ship alone, and what stands in for
a sentence of the model's that failed a check.

Chinese is made in Simplified; who writes Traditional gets it converted (`release.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mingbai.turn.basis import Basis
from mingbai.turn.cut import cut
from mingbai.turn.inert import inert
from mingbai.turn.said import read
from mingbai.values.turn import Evidence, Fact, Intent, Passage, Turn

MOST_FACTS = 8
MOST_NEEDED = (
    12  # facts that have to be said, where there are so many: two parcels with all that is wrong with them
)
MOST_OTHERS = 3  # facts that need not be said, beside one that must
_HARDLY = 0.4  # of a guess below which it is as likely that nothing we have is meant
_ASKS = re.compile(
    r"[?？]|[吗嗎呢么麼咩]\W*$|什么|什麼|多少|几|幾|哪|谁|誰|怎么|怎麼|咋|啥|能不能|会不会|有没有|是不是|[不没]\W*$"
    r"|(?i:^\W*(?:what|who|how|when|where|why|which|is|are|do|does|can|will)\b)"
)
PASSAGE_LONGEST = 220  # characters of a cited page
GREETING = (
    "您好，这里是明白客服台，由 AI 回答。请问想问订单、商品，还是售后？",
    "Hello, this is the shop's desk, answered by AI. Is it about an order, a product, or after-sales?",
)
THANKS = "不客气，有需要随时找我。", "You are welcome. Just ask if you need anything else."
UNKNOWN = (
    "这个我没有查到，不能随便回答您。需要的话我帮您转人工客服，回复“转人工”就行。",
    "I could not find this and will not guess. If you like, a person can help: just say “agent”.",
)
OFF_TOPIC = (
    "这个不在店里的业务范围，我不知道，也不乱说。店里的商品、订单和售后都可以问我。",
    "That is outside what this shop does, and I do not know. Ask me about its products, orders and after-sales.",
)
PERSON = "正在为您转接人工客服，请稍等。", "A person is taking over; please hold on."
# Outside their hours nobody is coming now.
PERSON_LATER = (
    "您的问题已转给人工客服，上班后回复您。",
    "Your question goes to a person, who answers when the desk opens.",
)
# Not “取消” for a no: to a proposal to cancel an order that would be a yes.
CONFIRM = "确认请回复“确认”，不用就回复“不用了”。", "Reply “yes” to go ahead, or “no” to leave it as it is."
LEAVE = (
    "不用就回复“不用了”。",
    "Reply “no” to leave it as it is.",
)  # after a proposal that asks for the yes itself
WHICH = "请问您想问的是", "Do you mean"
# Before it, where a question was asked and neither a page nor a row answers it as it stands.
NOT_FOUND = "这个我没有查到，不能随便回答您。", "I could not find this and will not guess. "
NAMES: dict[Intent, tuple[str, str]] = {
    Intent.WHERE_IS_ORDER: ("订单到哪了", "where my order is"),
    Intent.DELIVERY_TIME: ("几天能到", "how long delivery takes"),
    Intent.CHANGE_ADDRESS: ("改收货地址", "changing the address"),
    Intent.CANCEL_ORDER: ("取消订单", "cancelling an order"),
    Intent.MODIFY_ORDER: ("修改订单", "changing an order"),
    Intent.PRODUCT_INFO: ("商品介绍", "a product"),
    Intent.SIZE_ADVICE: ("尺码", "sizes"),
    Intent.STOCK: ("有没有货", "stock"),
    Intent.PRICE: ("价格", "a price"),
    Intent.COUPON: ("优惠券和满减", "coupons"),
    Intent.PRICE_PROTECTION: ("价保", "price protection"),
    Intent.RETURN_RIGHT: ("能不能退", "whether it can be returned"),
    Intent.START_RETURN: ("申请退货", "returning something"),
    Intent.EXCHANGE: ("换货", "an exchange"),
    Intent.REFUND_STATUS: ("退款进度", "a refund"),
    Intent.INVOICE: ("发票", "an invoice"),
    Intent.WARRANTY: ("保修", "the warranty"),
    Intent.DAMAGED_OR_MISSING: ("破损或少件", "damage or missing items"),
    Intent.COMPLAINT: ("投诉", "a complaint"),
    Intent.HANDOFF: ("转人工", "a person"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of a templated answer. `fact` None: it carries none."""

    text: str
    fact: Fact | None = None


def lines(turn: Turn, basis: Basis) -> list[Line]:
    """The whole answer, sentence by sentence, never empty."""
    side = 1 if basis.english else 0
    # Unsure what was meant, it asks back; unless a page answers it, or nothing of the shop's can.
    asked_back = all(e.needs for e in turn.evidence) and not _is_known(turn.evidence)
    if turn.understood is not None and turn.understood.unsure and asked_back:
        return [Line(_which(turn, basis))]
    out: list[Line] = []
    for e in turn.evidence:
        out += [Line(inert(line.text), line.fact) for line in _of(e, basis, side)]
    seen: set[str] = set()
    return [line for line in out if not (line.text in seen or seen.add(line.text))] or [Line(UNKNOWN[side])]  # type: ignore[func-returns-value]


def _is_known(found: Sequence[Evidence]) -> bool:
    """Whether the rows said what was meant although the words did not."""
    return any(e.facts or e.refusals or e.handoff or any(n.slot != "intent" for n in e.needs) for e in found)


def _of(e: Evidence, basis: Basis, side: int) -> list[Line]:
    if e.intent is Intent.GREETING:
        return [Line(GREETING[side])]
    if e.intent is Intent.THANKS:
        return [Line(THANKS[side])]
    out = [Line(basis.say(refusal)) for refusal in e.refusals]
    if e.done is not None:
        out.append(Line(basis.say(e.done)))
    needed = [f for f in e.facts if f.must]
    others = _others(e, needed, basis) if len(needed) < 2 else []
    out += [
        Line(basis.say(f), f)
        for f in (*needed[:MOST_NEEDED], *others)[: max(MOST_FACTS, len(needed[:MOST_NEEDED]))]
    ]
    if not e.facts and not e.refusals:
        best = cited(e, basis)
        if best is not None:
            text = _cited(best.text, basis.english)
            out.append(Line(f"{best.title}: {text}" if basis.english else f"《{best.title}》：{text}"))
    for need in e.needs:
        said = basis.say(need)
        out.append(Line(said + _choices([c for c in need.choices if c not in said], basis)))
    if e.proposal is not None:
        said = basis.say(e.proposal)
        asks = ("reply" in said.casefold()) if basis.english else ("回复" in said)
        out += [Line(said), Line((LEAVE if asks else CONFIRM)[side])]
    if e.handoff:
        closed = any(f.name == "handoff.open_now" and f.value is False for f in e.facts)
        out.insert(0, Line((PERSON_LATER if closed else PERSON)[side]))
    if not out:
        out.append(Line((OFF_TOPIC if e.intent is Intent.OFF_TOPIC else UNKNOWN)[side]))
    return out


def _others(e: Evidence, needed: Sequence[Fact], basis: Basis) -> list[Fact]:
    """What may be said besides; of a size chart only the rows of the sizes that were advised, and beside a field of an
    article that was asked for no other field."""
    others = [f for f in e.facts if not f.must]
    if not needed:
        return others
    if all(f.name.startswith("product.") for f in needed):
        others = [f for f in others if f.name == "product.title"]
    sizes = {p.value for f in needed for p in read(basis.say(f)) if p.kind == "size"}
    rows = [f for f in others if f.name == "size.chart"]
    fitting = [f for f in rows if {p.value for p in read(basis.say(f)) if p.kind == "size"} <= sizes]
    return [f for f in others if f not in rows or f in fitting][:MOST_OTHERS]


def cited(e: Evidence, basis: Basis) -> Passage | None:
    """The page that is cited, in the answer's language."""
    return next((p for p in e.passages if _is_english(p) == basis.english), None)


def _is_english(passage: Passage) -> bool:
    han = sum("\u4e00" <= c <= "\u9fff" for c in passage.text)
    return han < len(passage.text) / 20  # a page may say 七天 in an English sentence


def _cited(text: str, english: bool) -> str:
    """Whole sentences of a page, as many as fit; its lines become clauses."""
    rows = [" ".join(row.split()) for row in text.splitlines() if row.strip()]
    flat = rows[0] if rows else ""
    for row in rows[1:]:
        ended = flat[-1] in ("。；！？：，.;!?:,")
        flat += (" " if english else "") + row if ended else ("; " if english else "；") + row
    out = ""
    for sentence in cut(flat):
        if out and len(out) + len(sentence) > PASSAGE_LONGEST:
            break
        out += sentence
    out = out.strip()
    if len(out) > 2 * PASSAGE_LONGEST:  # one endless sentence
        out = re.split(r"[，,；;、 ](?!\d)", out[:PASSAGE_LONGEST][::-1], maxsplit=1)[-1][::-1] + "…"
    if out and out[-1] in "；：，;:,":
        out = out[:-1]
    return out if out[-1:] in tuple("。！？.!?…") else out + ("." if english else "。")


def _choices(choices: Sequence[str], basis: Basis) -> str:
    if not choices:
        return ""
    return " (" + "; ".join(choices) + ")" if basis.english else "（" + "；".join(choices) + "）"


def _which(turn: Turn, basis: Basis) -> str:
    """Asks back with the three likeliest; a person is always one of the ways out."""
    side = 1 if basis.english else 0
    guesses = turn.understood.intents[:3] if turn.understood else ()
    lead = NOT_FOUND[side] if _ASKS.search(turn.text) and guesses and guesses[0].p < _HARDLY else ""
    named = [NAMES[g.intent][side] for g in guesses if g.intent in NAMES]
    person = NAMES[Intent.HANDOFF][side]
    options = [*named, *([person] if person not in named else [])]
    if len(options) < 2:
        return UNKNOWN[side]
    if basis.english:
        which = f"{WHICH[1]} " + ", ".join(options[:-1]) + f", or {options[-1]}?"
    else:
        which = WHICH[0] + "、".join(options[:-1]) + f"，还是{options[-1]}？"
    return lead + which


def joined(texts: list[str], *, english: bool) -> str:
    """Sentences as one text."""
    return (" " if english else "").join(t.strip() for t in texts if t.strip())


def templated(turn: Turn) -> str:
    """The whole answer as text, in Simplified Chinese or English."""
    basis = Basis.of(turn)
    return joined([line.text for line in lines(turn, basis)], english=basis.english)
