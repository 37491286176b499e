"""What a conversation was about, for clients that send all of it each time, as OpenAI's do.

A conversation has a name: the caller sends one, or it is made at random with the first message and goes out beside the
answer. Words alone name nobody: two visitors of one key who open with the same words have two conversations. Who sends
no name is found again by the words so far, as long as one conversation alone has them; where several have, what they
share is remembered, without proposals and proofs, under a new name.

Memories are kept in this process only, the latest few thousand, under a digest of the words so far; those of a person
who was erased are forgotten at the next message of anybody. A conversation that is not among them (another process,
edited words) is understood again from the customer's own messages; what was proposed in it is lost then, so that no yes
can confirm what this process did not ask. What such a client says that we had said is kept as words only: no focus, no
fact and no proof comes from it. A proposal waits half an hour.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from mingbai.turn.memory import KEPT_MESSAGES, PASSING, kept, merged
from mingbai.turn.service import Erasures, Understands
from mingbai.values.chat import Message
from mingbai.values.turn import Heard, Memory, Turn

KEPT_CONVERSATIONS = 4096
PROPOSAL_WAITS = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Kept:
    """`conversation` "": of several, which one cannot be told. `memory` None: theirs differ."""

    conversation: str
    memory: Memory | None
    at: datetime  # the shop's time
    persons: tuple[str, ...] = ()  # whose it is, as the vault names them
    since: datetime = field(default_factory=lambda: datetime.now(UTC))


class Recall:
    """Not for several threads: used from the event loop."""

    def __init__(self, erasures: Erasures | None = None) -> None:
        self._erasures, self._seen = erasures, -1
        self._named: OrderedDict[str, Kept] = OrderedDict()
        self._by_words: OrderedDict[str, Kept] = OrderedDict()
        self._salt = secrets.token_bytes(16)

    def keep(
        self, thread: str, messages: Sequence[Message], answer: str, memory: Memory, now: datetime, *,
        conversation: str, named: bool = False, proven: bool = False, persons: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        """After an answer: the memory for whoever goes on from `messages` and it. `named`: the caller said which
        conversation it is; `proven`: the thread is of one proven person, whose two windows may share a memory."""
        said = [*messages, Message("assistant", answer)]
        here = Kept(conversation, memory, now, persons)
        _put(self._named, self._digest(thread, said, conversation), here)
        if named:
            return
        digest = self._digest(thread, said)
        other = self._by_words.get(digest)
        if other is not None and other.conversation != conversation and not proven:
            shared = replace(memory, proposal=None, proven=())
            theirs = other.memory and replace(other.memory, proposal=None, proven=())
            here = Kept("", shared if shared == theirs else None, now, (*persons, *other.persons))
        _put(self._by_words, digest, here)

    async def recalled(
        self,
        turn: Turn,
        thread: str,
        messages: Sequence[Message],
        understander: Understands,
        conversation: str = "",
    ) -> Turn:
        """The turn with its conversation's name and memory. `conversation`: the name that the caller sent, if any."""
        before = [m for m in messages[:-1] if m.role in ("user", "assistant")]
        if not before:
            return replace(turn, conversation_no=conversation or _new())
        if self._erasures is not None:
            await self.forget_erased()
        if conversation:
            known = self._named.get(self._digest(thread, messages[:-1], conversation))
        else:
            known = self._by_words.get(self._digest(thread, messages[:-1]))
        turn = replace(turn, conversation_no=conversation or (known and known.conversation) or _new())
        if known is not None and known.memory is not None:
            remembered = known.memory
            if turn.now - known.at > PROPOSAL_WAITS:
                remembered = replace(remembered, proposal=None)
            return replace(turn, memory=remembered)
        memory = Memory()
        for message in before[-KEPT_MESSAGES:]:
            if message.role == "user":
                memory = await _understood_again(replace(turn, memory=memory), message.content, understander)
            else:
                memory = replace(memory, heard=(*memory.heard, Heard("desk", kept(message.content))))
        return replace(turn, memory=memory)

    async def forget_erased(self) -> None:
        """Every memory of somebody who was erased since it was made, by this process or another."""
        if self._erasures is None:
            return
        erasures = self._erasures
        count = await asyncio.to_thread(erasures.erasures)
        if count == self._seen:
            return
        known = [
            (where, digest, it) for where in (self._named, self._by_words) for digest, it in where.items()
        ]
        gone = await asyncio.to_thread(
            lambda: [
                n
                for n, (_, _, it) in enumerate(known)
                if any(erasures.destroyed_since(p, it.since) for p in it.persons)
            ]
        )
        for where, digest, _ in (known[n] for n in gone):
            where.pop(digest, None)
        self._seen = count

    def _digest(self, thread: str, messages: Sequence[Message], conversation: str = "") -> str:
        """Of the words of both sides. Every part is led by its length: no message can pass for two."""
        whole = hashlib.sha256(self._salt)
        said = [
            part for m in messages if m.role in ("user", "assistant") for part in (m.role, m.content.strip())
        ]
        for part in (thread, conversation, *said):
            data = part.encode("utf-8", "surrogatepass")
            whole.update(len(data).to_bytes(8, "big") + data)
        return whole.hexdigest()


def _new() -> str:
    """Of 96 random bits: nobody guesses another's."""
    return "c-" + secrets.token_hex(12)


def _put(where: OrderedDict[str, Kept], digest: str, here: Kept) -> None:
    where[digest] = here
    where.move_to_end(digest)
    while len(where) > KEPT_CONVERSATIONS:
        where.popitem(last=False)


async def _understood_again(turn: Turn, text: str, understander: Understands) -> Memory:
    old = turn.memory
    said = await understander.understand(replace(turn, text=text))
    lasting = [g.intent for g in said.intents if g.intent not in PASSING]
    return replace(
        old,
        heard=(*old.heard, Heard("customer", kept(text))),
        order=(said.slots.order_no or (old.order,))[0],
        item=(said.slots.product or (old.item,))[0],
        intent=lasting[0] if lasting else old.intent,
        slots=merged(old.slots, said.slots),
        lang=said.lang,
    )
