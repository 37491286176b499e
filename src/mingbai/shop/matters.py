"""What of the evidence for a message is told: of several matters those that say something, joined, or what to ask back."""

from __future__ import annotations

from collections.abc import Iterable

from mingbai.shop import spoken
from mingbai.shop.skills.table import LABELS
from mingbai.values.turn import Evidence, Intent, Need, Understood


def telling(every: list[Evidence]) -> tuple[Evidence, ...]:
    """Without one that only cites a page or asks a place, where another has the facts: 转寄要多少钱 is of the change."""

    def says(found: Evidence) -> bool:
        asks_more = any(need.choices or need.slot != "city" for need in found.needs)
        return bool(
            found.facts or found.refusals or found.proposal or found.done or found.handoff or asks_more
        )

    kept = tuple(found for found in every if says(found))
    return kept if kept and all(_is_own(found) for found in kept) else tuple(every)


def _is_own(found: Evidence) -> bool:
    """Whether it speaks of an order: of a proposal, or by a fact about one."""
    return found.proposal is not None or any(f.about for f in found.facts)


def without_asides(understood: Understood, every: list[Evidence]) -> list[Evidence]:
    """Without a second matter that was only likened to examples, where nothing is known of it: we do not ask back for it."""
    guessed = {g.intent for g in understood.intents[1:] if g.by == "examples"}
    asks = [
        found.intent in guessed and not (found.facts or found.passages or found.proposal or found.handoff)
        for found in every[1:]
    ]
    return [every[0], *(found for found, drop in zip(every[1:], asks, strict=True) if not drop)]


def tells_more(found: Evidence) -> bool:
    """Whether it says something beside what the shop itself is asked."""
    return bool(found.needs or found.refusals or found.handoff or found.proposal or found.passages) or any(
        f.must and f.name != "product.not_said" for f in found.facts
    )


def is_empty(found: Evidence) -> bool:
    return found == Evidence(found.intent)


def joined(intent: Intent, every: Iterable[Evidence]) -> Evidence:
    """What several orders, or several questions about one matter, are answered, each thing once."""
    found = list(every)
    return Evidence(
        intent,
        facts=tuple(dict.fromkeys(f for e in found for f in e.facts)),
        passages=tuple(dict.fromkeys(p for e in found for p in e.passages)),
        refusals=tuple(dict.fromkeys(r for e in found for r in e.refusals)),
        needs=tuple(dict.fromkeys(n for e in found for n in e.needs)),
        handoff=any(e.handoff for e in found),
    )


def ask_back(understood: Understood) -> Evidence:
    """Below the threshold: the three likeliest, to choose from."""
    three = [g.intent for g in understood.intents if g.intent not in spoken.PASSING][:3]
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
