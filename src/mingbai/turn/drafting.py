"""A draft for staff in the shop's own voice: a model that was tuned on what staff rather sent words the whole of it.

1. Only a draft, and only where an answer is made of facts alone: what asks, refuses, proposes or hands over is the desk's own.
2. The model is shown the facts, as `told` keeps them with what staff then sent, and no word of the customer's.
3. Each of its sentences passes every check, or the desk's own answer is the draft, and the receipt says which check stopped it.
4. A fact that must be said and was not follows in its own words.

Unlike a sentence for a customer, a draft may leave out what need not be said and add words that tell nothing: a person reads it.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import TypeAlias

from mingbai.turn.basis import KEPT, Basis
from mingbai.turn.check import checked
from mingbai.turn.keep import says
from mingbai.turn.release import sentences
from mingbai.turn.service import Phrase, Release
from mingbai.turn.templates import Line, lines
from mingbai.values.chat import Event, Finished, Masked, Message, Usage
from mingbai.values.errors import Busy, ContextExceeded, EngineError
from mingbai.values.turn import Reply, Turn, Verdict
from mingbai.zh.script import traditionalise
from mingbai.zh.width import normalise

Drafter: TypeAlias = Callable[[Turn], Awaitable[Phrase | None]]  # None: nobody was tuned for this shop

SYSTEM = (
    "你是网店的客服。用店里平时的口气把事实说给顾客，数字、日期、单号照抄，不加别的。",
    "You answer for a shop. Tell the customer these facts in the shop's own voice; figures, days and numbers as they stand.",
)
MOST_TOKENS = 240
PUBLIC = frozenset(("shop", "product", "variant", "price", "stock", "campaign", "policy"))  # kinds of rows
PLACEHOLDER = "⟦"  # it learned from masked rows; what it makes up of them means nobody


def told(turn: Turn) -> tuple[str, ...]:
    """The facts that a draft of this turn is made of; () where it says anything else."""
    return tuple(" ".join(line.text.split()) for line in _worded(turn, Basis.of(turn)))


def is_public(turn: Turn) -> bool:
    """Whether all that a draft of this turn says was read from rows that are about nobody. Where it cannot be seen, it was not."""
    facts = [line.fact for line in _worded(turn, Basis.of(turn)) if line.fact is not None]
    read = [{source.kind for source in fact.sources} for fact in facts]
    return bool(read) and all(kinds and kinds <= PUBLIC for kinds in read)


def prompt(facts: Sequence[str], *, english: bool) -> tuple[Message, ...]:
    shown = "\n".join(f"- {' '.join(fact.split())}" for fact in facts)
    return Message("system", SYSTEM[english]), Message("user", shown)


def drafting(release: Release, drafter: Drafter, *, every: bool = False) -> Release:
    """`release`, but for drafts. `every`: of whatever is asked, to see what drafts would be like."""

    async def released(turn: Turn, phrase: Phrase | None) -> AsyncGenerator[str | Reply, None]:
        stopped: tuple[Verdict, ...] = ()
        wanted = (every or turn.focus.draft) and bool(turn.admission and turn.admission.may_phrase)
        basis = Basis.of(turn)
        if wanted and (worded := _worded(turn, basis)) and (tuned := await drafter(turn)) is not None:
            made = await _made(worded, basis, tuned)
            if isinstance(made, Reply):
                yield made.text
                yield made
                return
            stopped = made
        async with aclosing(release(turn, phrase)) as said:
            async for piece in said:
                if isinstance(piece, Reply):
                    piece = replace(piece, verdicts=(*stopped, *piece.verdicts))
                yield piece

    return released


def refused(said: Sequence[str], basis: Basis) -> tuple[Verdict, ...]:
    """What of these sentences may not be shown; none at all is refused, too."""
    if not said:
        return (Verdict("draft", False, ""),)
    found = [v for sentence in said for v in checked(sentence, basis) if not v.passed]
    found += [Verdict("placeholder", False, PLACEHOLDER) for sentence in said if PLACEHOLDER in sentence]
    return tuple(found)


def _worded(turn: Turn, basis: Basis) -> list[Line]:
    if any(e.proposal or e.needs or e.refusals or e.done or e.handoff for e in turn.evidence):
        return []
    found = lines(turn, basis)
    return found if all(line.fact is not None for line in found) else []


async def _made(worded: Sequence[Line], basis: Basis, tuned: Phrase) -> Reply | tuple[Verdict, ...]:
    began = time.perf_counter()
    used: list[Usage | Masked] = []
    over: list[Finished] = []
    messages = prompt([line.text for line in worded], english=basis.english)

    async def heard(events: AsyncGenerator[Event, None]) -> AsyncGenerator[Event, None]:
        async for event in events:
            if isinstance(event, Finished):
                over.append(event)
            yield event

    try:
        async with aclosing(tuned(messages, MOST_TOKENS, ())) as events:
            said = [sentence.strip() async for sentence in sentences(heard(events), used)]
    except (EngineError, Busy, ContextExceeded) as e:
        return (Verdict("engine", False, e.code),)
    if not over or not over[-1].adapter:
        return (
            Verdict("adapter", False, ""),
        )  # it left meanwhile: the base model's words are nobody's voice
    if found := refused(said, basis):
        return found
    gap = " " if basis.english else ""
    text = gap.join(said)
    for line in worded:
        plain = text if basis.english else normalise(text, keep=KEPT).text
        if line.fact is not None and line.fact.must and not says(plain, line, basis):
            text += gap + line.text
    shown = traditionalise(text).text if basis.lang == "zh-Hant" else text
    return Reply(
        shown, basis.lang, "model", by_model=len(said), usage=over[-1].usage, adapter=over[-1].adapter,
        seconds=(("generate", time.perf_counter() - began),),
    )  # fmt: skip
