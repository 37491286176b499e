"""What a clause asks beside the rest of the message: 盖碗多少钱，寄新疆要几天 is two questions in one sentence.

A message is first read in sentences, cut only where words plainly differ (`decide.voices`). Here every clause that asks or
wishes something is looked at by itself; where one of them is surely about something that nobody answers yet, that is asked
too, and each of several matters gets the clauses that are about it, so that each is answered by its own words.
Never found so: a person, a complaint, courtesy and what is off topic.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mingbai.turn.understand import decide, form, letters, rules
from mingbai.turn.understand.decide import COURTESY, SWALLOWS, Opinion, Voice
from mingbai.turn.understand.parts import clauses, split
from mingbai.values.turn import Guess, Intent
from mingbai.zh import dialect

MOST = 3  # matters of one message, where clauses of their own ask each
ALONE, IN_A_SENTENCE = 0.65, 0.85  # of a clause by examples alone, for it to be a question of its own
NAMED = 0.55  # of a clause that a rule knows
_OF_IT = 0.3  # of a clause, for it to be another question about what the message is about
_LEAST_ZH, _LEAST_EN = 3, 3  # characters, words, of a clause that asks by itself
_MOST_CLAUSES = 6
_WISHES = re.compile(
    r"想(?:要)?(?!知道|问)|帮(?:我|忙|俺)|给我|麻烦|我要|要(?:求|退|换|改|取消|开)|取消|撤(?:单|了)|改(?:成|为|一?下|地址|[\u3400-\u9fff]{1,3}色|[深浅墨月天粉米])|换(?:成|个|一|[\u3400-\u9fff]{1,3}色)|退(?:掉|货|了吧)|不要了|不等了|查(?:一?下|查)|催|开(?:一?张|个|一下)?(?:发票|专票|普票|票)"
    r"|\b(?:please|pls|i (?:want|need|would like|'d like|wish)|cancel|change|send me|give me|let me know|tell me|check)\b"
)
_NEVER = frozenset((Intent.HANDOFF, Intent.COMPLAINT, Intent.OFF_TOPIC, *COURTESY))
# Two sides of one matter: which of them a clause leans to says nothing new, and both together say how sure the matter is.
_ONE = (
    frozenset((Intent.WHERE_IS_ORDER, Intent.DELIVERY_TIME)),
    frozenset((Intent.RETURN_RIGHT, Intent.START_RETURN)),
    frozenset((Intent.PRODUCT_INFO, Intent.SIZE_ADVICE)),
    frozenset((Intent.EXCHANGE, Intent.MODIFY_ORDER)),
    frozenset((Intent.REFUND_STATUS, Intent.START_RETURN)),
    frozenset((Intent.CANCEL_ORDER, Intent.START_RETURN)),
    frozenset((Intent.CANCEL_ORDER, Intent.RETURN_RIGHT)),
)
# Swallowed where it only hangs on the first, and a question of its own where a clause asks it.
_ASKED_APART: Mapping[Intent, frozenset[Intent]] = {
    Intent.PRICE_PROTECTION: frozenset((Intent.COUPON, Intent.STOCK)),
    Intent.INVOICE: frozenset((Intent.PRICE, Intent.CHANGE_ADDRESS, Intent.PRODUCT_INFO)),
    Intent.CHANGE_ADDRESS: frozenset((Intent.WHERE_IS_ORDER,)),
    Intent.MODIFY_ORDER: frozenset((Intent.WHERE_IS_ORDER, Intent.PRICE)),
    Intent.WARRANTY: frozenset((Intent.PRICE, Intent.PRODUCT_INFO)),
    Intent.REFUND_STATUS: frozenset((Intent.WHERE_IS_ORDER, Intent.PRICE)),
    Intent.DAMAGED_OR_MISSING: frozenset((Intent.PRODUCT_INFO,)),
}


@dataclass(frozen=True, slots=True)
class Clause:
    """What asks or wishes one thing, as it was typed and as it is looked at, with what leads to it."""

    said: str = field(repr=False)
    voice: Voice


def of(text: str) -> list[Clause]:
    """The clauses that ask or wish; none where there is only one. `text` is as it was typed."""
    found: list[Clause] = []
    waiting = ""  # what asks nothing leads to what does
    for at, part in enumerate(split(text)):
        for piece in clauses(part):
            waiting += piece.text
            plain = _plain(piece.text)
            if _wants(plain):
                found.append(Clause(waiting, Voice(at, _plain(waiting), tuple(rules.hits(plain)))))
                waiting = ""
    if found and waiting:
        found[-1] = replace(found[-1], said=found[-1].said + waiting)
    return found if 1 < len(found) <= _MOST_CLAUSES else []


def _plain(text: str) -> str:
    return form.uncoded(letters.read_back(form.plain(text).text))


def _wants(text: str) -> bool:
    long = len(text.split()) >= _LEAST_EN if text.isascii() else sum(c >= "㐀" for c in text) >= _LEAST_ZH
    return long and (_asks(text) or bool(_WISHES.search(text) or any(h.strong for h in rules.hits(text))))


def _asks(text: str) -> bool:
    return decide.ASKING.search(dialect.standard(text)) is not None


def added(guesses: tuple[Guess, ...], said: Sequence[Opinion]) -> tuple[Guess, ...]:
    """The guesses with what clauses ask beside them, at most `MOST`."""
    first = {guess.intent for guess in guesses}
    if not any(it.top.intent in first or _kin(it.top.intent, first) for it in said):
        return guesses  # the message is about something that no clause says alone
    for it in said:
        known = {guess.intent for guess in guesses}
        top = it.top
        by_itself = sum(other.voice.sentence == it.voice.sentence for other in said) == 1
        if len(guesses) >= MOST or top.intent in known | _NEVER or known & _NEVER:
            continue
        if _kin(top.intent, known) and not (by_itself and _is_other(it)):
            continue
        if _sure(it) < (NAMED if top.by == "rule" else ALONE if by_itself else IN_A_SENTENCE):
            continue
        held = [other for other in known if top.intent in SWALLOWS.get(other, ())]
        if held and top.intent is Intent.PRICE and decide.hangs(it.voice.text):
            continue
        apart = all(top.intent in _ASKED_APART.get(other, ()) for other in held) and _asks(it.voice.text)
        if not held or apart:
            guesses = (*guesses, decide.guess(top.intent, top.p, top.by))
    return guesses


def apart(guesses: tuple[Guess, ...], asked: Sequence[Clause], said: Sequence[Opinion]) -> tuple[Guess, ...]:
    """The guesses, each with the clauses that are about it; as they were where one of them would have none."""
    if len(guesses) < 2 or not asked:
        return guesses
    own: dict[Intent, str] = {guess.intent: "" for guess in guesses}
    for clause, it in zip(asked, said, strict=True):
        shares = dict(it.shares)
        best = max(own, key=lambda intent: _share(intent, shares))
        own[best] += clause.said
    if not all(own.values()):
        return guesses
    return tuple(replace(guess, said=own[guess.intent].strip(" ,，")) for guess in guesses)


def asked_by_part(
    guesses: tuple[Guess, ...], asked: Sequence[Clause], said: Sequence[Opinion]
) -> tuple[Guess, ...]:
    """The only guess with its questions, where each of several clauses asks one about the same matter."""
    if len(guesses) != 1 or len(asked) < 2:
        return guesses
    intent = guesses[0].intent
    own = [
        _asks(clause.voice.text) and _share(intent, dict(it.shares)) >= _OF_IT
        for clause, it in zip(asked, said, strict=True)
    ]
    if not all(own):
        return guesses
    return (replace(guesses[0], asks=tuple(clause.said.strip(" ,，") for clause in asked)),)


def _share(intent: Intent, shares: Mapping[Intent, float]) -> float:
    kin = next((pair - {intent} for pair in _ONE if intent in pair), frozenset())
    return shares.get(intent, 0.0) + 0.5 * sum(shares.get(other, 0.0) for other in kin)


def _kin(intent: Intent, known: Collection[Intent]) -> bool:
    return any(frozenset((intent, other)) in _ONE for other in known)


def _is_other(it: Opinion) -> bool:
    """Whether a sentence of its own asks another side of the same matter: a duty beside a parcel, a right beside a request."""
    if it.top.intent in (Intent.WHERE_IS_ORDER, Intent.DELIVERY_TIME):
        return decide.of_postage(it.voice.text)
    return it.top.intent in (Intent.RETURN_RIGHT, Intent.START_RETURN, Intent.REFUND_STATUS)


def _sure(it: Opinion) -> float:
    """How sure the matter is: of a parcel, whichever side of it."""
    (first, p), (second, q) = it.shares[:2]
    return p + q if frozenset((first, second)) in _ONE else p
