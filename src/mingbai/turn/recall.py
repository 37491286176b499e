"""What a conversation was about, for clients that send all of it each time, as OpenAI's do.

Memories are kept in this process only, the latest few thousand, under a digest of the words so far. A conversation
that is not among them (another process, edited words) is understood again from the customer's own messages; what was
proposed in it is lost then, so that no yes can confirm what this process did not ask. What such a client says that we
had said is kept as words only: no focus, no fact and no proof comes from it. A proposal waits half an hour.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from mingbai.turn.memory import KEPT_MESSAGES, PASSING, kept, merged
from mingbai.turn.service import Understands
from mingbai.values.chat import Message
from mingbai.values.turn import Heard, Memory, Turn

KEPT_CONVERSATIONS = 4096
PROPOSAL_WAITS = timedelta(minutes=30)


class Recall:
    """Not for several threads: used from the event loop."""

    def __init__(self) -> None:
        self._memories: OrderedDict[str, tuple[Memory, datetime]] = OrderedDict()
        self._salt = secrets.token_bytes(
            16
        )  # numbers are written down: nobody shall try out words against them

    def keep(
        self, thread: str, messages: Sequence[Message], answer: str, memory: Memory, now: datetime
    ) -> None:
        """After an answer: the memory for whoever goes on from `messages` and it."""
        digest = self._digest(thread, [*messages, Message("assistant", answer)])
        self._memories[digest] = memory, now
        self._memories.move_to_end(digest)
        while len(self._memories) > KEPT_CONVERSATIONS:
            self._memories.popitem(last=False)

    async def recalled(
        self, turn: Turn, thread: str, messages: Sequence[Message], understander: Understands
    ) -> Turn:
        """The turn with its conversation's number and memory."""
        before = [m for m in messages[:-1] if m.role in ("user", "assistant")]
        first = next((i for i, m in enumerate(messages) if m.role == "user"), 0)
        number = self._digest(thread, messages[: first + 1])[:16]
        if not before:
            return replace(turn, conversation_no=number)
        known = self._memories.get(self._digest(thread, messages[:-1]))
        if known is not None:
            remembered, since = known
            if turn.now - since > PROPOSAL_WAITS:
                remembered = replace(remembered, proposal=None)
            return replace(turn, conversation_no=number, memory=remembered)
        memory = Memory()
        for message in before[-KEPT_MESSAGES:]:
            if message.role == "user":
                memory = await _understood_again(replace(turn, memory=memory), message.content, understander)
            else:
                memory = replace(memory, heard=(*memory.heard, Heard("desk", kept(message.content))))
        return replace(turn, conversation_no=number, memory=memory)

    def _digest(self, thread: str, messages: Sequence[Message]) -> str:
        """Of the words of both sides. Every part is led by its length: no message can pass for two."""
        whole = hashlib.sha256(self._salt)
        said = [
            part for m in messages if m.role in ("user", "assistant") for part in (m.role, m.content.strip())
        ]
        for part in (thread, *said):
            data = part.encode("utf-8", "surrogatepass")
            whole.update(len(data).to_bytes(8, "big") + data)
        return whole.hexdigest()


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
