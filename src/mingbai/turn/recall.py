"""What a conversation was about, for clients that send all of it each time, as OpenAI's do.

Memories are kept in this process only, the latest few thousand, under a digest of the words so far. A conversation
that is not among them (another process, edited words) is understood again from its own messages; what was proposed
in it is lost then, so that no yes can confirm what this process did not ask.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace

from mingbai.turn.memory import KEPT_MESSAGES, PASSING, merged
from mingbai.turn.service import Understands
from mingbai.values.chat import Message
from mingbai.values.turn import Heard, Memory, Turn

KEPT_CONVERSATIONS = 4096


class Recall:
    """Not for several threads: used from the event loop."""

    def __init__(self) -> None:
        self._memories: OrderedDict[str, Memory] = OrderedDict()

    def keep(self, thread: str, messages: Sequence[Message], answer: str, memory: Memory) -> None:
        """After an answer: the memory for whoever goes on from `messages` and it."""
        self._memories[_digest(thread, [*messages, Message("assistant", answer)])] = memory
        while len(self._memories) > KEPT_CONVERSATIONS:
            self._memories.popitem(last=False)

    async def recalled(
        self, turn: Turn, thread: str, messages: Sequence[Message], understander: Understands
    ) -> Turn:
        """The turn with its conversation's number and memory."""
        before = [m for m in messages[:-1] if m.role in ("user", "assistant")]
        first = next((i for i, m in enumerate(messages) if m.role == "user"), 0)
        number = _digest(thread, messages[: first + 1])[:16]
        if not before:
            return replace(turn, conversation_no=number)
        known = self._memories.get(_digest(thread, messages[:-1]))
        if known is not None:
            return replace(turn, conversation_no=number, memory=known)
        memory = Memory()
        for message in before[-KEPT_MESSAGES:]:
            if message.role == "user":
                memory = await _understood_again(replace(turn, memory=memory), message.content, understander)
            else:
                memory = replace(memory, heard=(*memory.heard, Heard("desk", message.content)))
        return replace(turn, conversation_no=number, memory=memory)


async def _understood_again(turn: Turn, text: str, understander: Understands) -> Memory:
    old = turn.memory
    said = await understander.understand(replace(turn, text=text))
    lasting = [g.intent for g in said.intents if g.intent not in PASSING]
    return replace(
        old,
        heard=(*old.heard, Heard("customer", text)),
        order=(said.slots.order_no or (old.order,))[0],
        item=(said.slots.product or (old.item,))[0],
        intent=lasting[0] if lasting else old.intent,
        slots=merged(old.slots, said.slots),
        lang=said.lang,
    )


def _digest(thread: str, messages: Sequence[Message]) -> str:
    whole = hashlib.sha256(thread.encode())
    for m in messages:
        if m.role in ("user", "assistant"):
            whole.update(f"\x00{m.role}\x00{m.content.strip()}".encode())
    return whole.hexdigest()
