"""What a conversation keeps after a turn: pure."""

from __future__ import annotations

from dataclasses import fields, replace

from mingbai.values.turn import Heard, Intent, Memory, Slots, Turn

KEPT_MESSAGES = 12
KEPT_PROOFS = 5
KEPT_CHARACTERS = 2000  # a memory must not grow with what a client sends
# Small talk between two questions does not make the first one forgotten.
PASSING = frozenset((Intent.GREETING, Intent.THANKS, Intent.OFF_TOPIC))


def after(turn: Turn) -> Memory:
    """The memory for the next message. An order or item stays in focus until another is spoken of."""
    old, understood = turn.memory, turn.understood
    answer = turn.reply.text if turn.reply else ""
    heard = (*old.heard, Heard("customer", kept(turn.text)), Heard("desk", kept(answer)))
    if understood is None:
        return replace(old, heard=heard[-KEPT_MESSAGES:], proposal=None)
    lasting = [e for e in turn.evidence if e.intent not in PASSING]
    if not lasting:  # a yes confirms what was proposed right before it, and nothing older
        return replace(old, heard=heard[-KEPT_MESSAGES:], lang=understood.lang, proposal=None)
    about = {f.about: f.name.partition(".")[0] for e in lasting for f in e.facts if f.about}
    orders = [a for a, kind in about.items() if kind in ("order", "parcel", "return", "refund", "invoice")]
    items = [a for a, kind in about.items() if kind in ("product", "variant", "price", "stock", "size")]
    needs = [n for e in lasting for n in e.needs]
    return Memory(
        heard=heard[-KEPT_MESSAGES:],
        order=(orders or [*understood.slots.order_no[:1], old.order])[0] or old.order,
        item=(items or [old.item])[0],
        intent=lasting[0].intent,
        slots=merged(old.slots if old.need or old.intent == lasting[0].intent else Slots(), understood.slots),
        proposal=next((e.proposal for e in lasting if e.proposal), None),
        need=needs[0].slot if needs else "",
        lang=understood.lang,
        proven=_proven(turn, orders),
    )


def _proven(turn: Turn, orders: list[str]) -> tuple[tuple[str, str], ...]:
    """What a visitor proved, so that it holds when the words of it are no longer remembered. It is checked each time."""
    old, understood, admission = turn.memory, turn.understood, turn.admission
    if understood is None or admission is None or admission.customer:
        return old.proven
    tails = understood.slots.phone_tail or old.slots.phone_tail
    made = [(order, tail) for order in orders for tail in tails]
    return tuple(dict.fromkeys([*old.proven, *made]))[-KEPT_PROOFS:]


def kept(text: str) -> str:
    """As much of a message as is remembered."""
    return text[:KEPT_CHARACTERS]


def merged(old: Slots, new: Slots) -> Slots:
    """What was said now, and of the rest what was said before."""
    return replace(old, **{f.name: value for f in fields(Slots) if (value := getattr(new, f.name))})
