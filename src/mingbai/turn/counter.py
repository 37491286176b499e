"""The counter: a conversation that is kept, between a customer, the desk, and a person when one is asked for.

While a person has it, or it waits for one, the desk is silent. What a customer said is kept before it is answered, and an
answer before the customer is told that it is whole.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, cast

from mingbai.values.chat import Ask, Asker, Event, Finished, Message, Piece
from mingbai.values.errors import BadInput, Text
from mingbai.values.json import JsonObject
from mingbai.values.talk import COUNTER, Hours, Picture, Said, Talk, TalkState, Who

# The desk is sent the end of a long conversation. Where it begins moves in steps, so that what the desk remembers under
# those words is found again for as many turns.
SENT_MESSAGES, STEP = 120, 80
TOLD = "told"  # beside a draft: the facts that it is made of, for whoever learns from it
TOLD_PUBLIC = "told_public"  # whether those are of rows about nobody
DRAFTS_KEPT = 1024
ABOUT_ORDERS = ("order", "parcel", "return", "refund", "invoice")
ABOUT_GOODS = ("product", "variant", "price", "stock", "size")


class Keeps(Protocol):
    """The file of conversations. All of it blocks; it is called in threads."""

    def begin(self, shop: str, holder: str, customer: str = "", lang: str = "") -> Talk: ...
    def of_holder(self, holder: str) -> Talk | None: ...
    def get(self, talk_id: str) -> Talk: ...
    def listed(
        self, shop: str, states: Iterable[TalkState], after: int = 0, many: int = 200
    ) -> list[Talk]: ...
    def line(self, talk: Talk) -> tuple[int, int]: ...
    def newest(self) -> int: ...
    def say(
        self, talk: Talk, who: Who, text: str, *, extra: JsonObject | None = None, pictures: tuple[Picture, ...] = (),
        by: str = "",
    ) -> Said: ...  # fmt: skip
    def move(self, talk: Talk, state: TalkState, *, reason: str = "", by: str = "") -> Talk: ...
    def focus(self, talk: Talk, order: str, item: str, lang: str) -> None: ...
    def messages(self, talk_id: str, after: int = 0) -> list[Said]: ...
    def tail(self, talk_id: str, most: int, step: int) -> list[Said]: ...
    def last(self, talk_id: str) -> Said | None: ...
    def attach(self, talk: Talk, kind: str, data: bytes) -> Said: ...
    def picture(self, picture_id: str) -> tuple[str, str, bytes]: ...


class Answers(Protocol):
    """The desk, as an engine."""

    def generate(self, ask: Ask) -> AsyncGenerator[Event, None]: ...


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said is kept."""

    said: Said


@dataclass(frozen=True, slots=True)
class Word:
    """A checked piece of an answer on its way."""

    text: str


@dataclass(frozen=True, slots=True)
class Over:
    """Nothing more comes; this is who has the conversation now."""

    talk: Talk


CounterEvent: TypeAlias = Heard | Word | Over


@dataclass(frozen=True, slots=True)
class Draft:
    text: str
    extra: JsonObject


class Bell:
    """Rung at every change; who waits takes `now` first, then looks, then waits for it."""

    def __init__(self) -> None:
        self.now = asyncio.Event()

    def ring(self) -> None:
        rung, self.now = self.now, asyncio.Event()
        rung.set()


class Counter:
    """Used from the event loop of one process; another process's changes are seen when they are looked for."""

    def __init__(self, kept: Keeps, desk: Answers, hours: Callable[[str], Hours]) -> None:
        """`hours` of the shop of that name, of the only one for ""; it blocks."""
        self.kept, self.hours, self.bell = kept, hours, Bell()
        self._desk = desk
        self._locks: dict[str, asyncio.Lock] = {}
        self._answering: set[str] = set()
        # The latest of each conversation with the facts it is made of, until staff say something.
        self._drafts: dict[str, JsonObject] = {}

    def answers_now(self, talk: Talk) -> bool:
        return talk.id in self._answering

    async def begun(self, holder: str, shop: str, customer: str, lang: str) -> Talk:
        """The holder's conversation, made at its first word."""
        async with self._lock(holder):
            found = await asyncio.to_thread(self.kept.of_holder, holder)
            if found is not None:
                return found
            return await asyncio.to_thread(self.kept.begin, shop, holder, customer, lang)

    async def say(
        self, talk: Talk, text: str, *, order: str = "", item: str = "", lang: str = ""
    ) -> AsyncGenerator[CounterEvent, None]:
        """A customer's message: kept, answered by the desk when it has the conversation, the answer kept. One at a time."""
        said = await asyncio.to_thread(self.kept.say, talk, "customer", text)
        self._drafts.pop(talk.id, None)
        self.bell.ring()
        yield Heard(said)
        async with self._lock(talk.id):
            talk = await asyncio.to_thread(self.kept.get, talk.id)
            if talk.state == "desk":
                self._answering.add(talk.id)
                try:
                    async with aclosing(self._answered(talk, said, order, item, lang)) as events:
                        async for event in events:
                            yield event
                finally:
                    self._answering.discard(talk.id)
                    self.bell.ring()
        yield Over(await asyncio.to_thread(self.kept.get, talk.id))

    async def _answered(
        self, talk: Talk, said: Said, order: str, item: str, lang: str
    ) -> AsyncGenerator[CounterEvent, None]:
        late = await asyncio.to_thread(self.kept.tail, talk.id, SENT_MESSAGES, STEP)
        before = [m for m in late if m.seq <= said.seq]
        asker = Asker(
            "t-" + secrets.token_hex(12), talk.shop, talk.customer, order, item, COUNTER, lang or talk.lang, talk.id
        )  # fmt: skip
        text, finished = "", None
        async with aclosing(self._desk.generate(Ask(heard(before), key=COUNTER, asker=asker))) as events:
            async for event in events:
                if isinstance(event, Piece):
                    text += event.text
                    yield Word(event.text)
                elif isinstance(event, Finished):
                    finished = event
        if finished is None:
            return
        extra: JsonObject = {"place": finished.place, "lane": "shared", "attempts": 1, **finished.extra}
        answer = await asyncio.to_thread(self.kept.say, talk, "desk", text, extra=extra)
        await asyncio.to_thread(self.kept.focus, talk, *about(extra), str(extra.get("lang") or ""))
        if extra.get("handoff"):
            await asyncio.to_thread(self.kept.move, talk, "waiting", reason="desk")
        yield Heard(answer)

    async def show(self, talk: Talk, kind: str, data: bytes) -> Said:
        """A picture for whoever of the staff takes it; the desk does not look at pictures."""
        said = await asyncio.to_thread(self.kept.attach, talk, kind, data)
        self.bell.ring()
        return said

    async def reply(self, talk: Talk, text: str, by: str) -> Said:
        """A person's words, kept with the draft they had before them. The conversation is theirs from then on."""
        async with self._lock(talk.id):
            talk = await asyncio.to_thread(self.kept.get, talk.id)
            if talk.state == "closed":
                raise BadInput(
                    Text("这段对话已经结束。", "This conversation is over."),
                    Text("顾客再来时会是新的对话。", "If the customer comes back it is a new one."),
                    code="talk_closed",
                )
            if talk.state != "staff" or talk.taken_by != by:
                talk = await asyncio.to_thread(self.kept.move, talk, "staff", reason=talk.reason, by=by)
            draft = self._drafts.pop(talk.id, None)
            said = await asyncio.to_thread(self.kept.say, talk, "staff", text, extra=draft, by=by)
        self.bell.ring()
        return said

    async def move(self, talk: Talk, state: TalkState, *, reason: str = "", by: str = "") -> Talk:
        """The same again changes nothing. A closed conversation stays closed."""
        async with self._lock(talk.id):
            talk = await asyncio.to_thread(self.kept.get, talk.id)
            same = talk.state == state and (state != "staff" or talk.taken_by == by)
            if same or talk.state == "closed":
                return talk
            talk = await asyncio.to_thread(
                self.kept.move, talk, state, reason=reason if state == "waiting" else talk.reason, by=by
            )
        self.bell.ring()
        return talk

    async def draft(self, talk: Talk) -> Draft:
        """What the desk would answer to the customer's last words. Nothing is sent, and nothing can be written by it: a draft
        knows of no proposal, so that no yes can confirm one."""
        whole = heard(await asyncio.to_thread(self.kept.tail, talk.id, SENT_MESSAGES, STEP))
        while whole and whole[-1].role != "user":
            whole = whole[:-1]
        if not whole:
            raise BadInput(
                Text("顾客还没有说话。", "The customer has said nothing yet."),
                Text("等顾客说话后再试。", "Try again when they have."),
                code="nothing_to_answer",
            )
        channel = "draft-" + secrets.token_hex(8)
        asker = Asker(
            "t-" + secrets.token_hex(12), talk.shop, talk.customer, talk.order, talk.item, channel, "", talk.id, draft=True
        )  # fmt: skip
        text, extra = "", cast(JsonObject, {})
        async with aclosing(self._desk.generate(Ask(whole, key=COUNTER, asker=asker))) as events:
            async for event in events:
                if isinstance(event, Piece):
                    text += event.text
                elif isinstance(event, Finished):
                    extra = {"place": event.place, "lane": "shared", "attempts": 1, **event.extra}
        if len(self._drafts) >= DRAFTS_KEPT:
            self._drafts.clear()
        if text and not (await asyncio.to_thread(self.kept.get, talk.id)).erased:
            facts = extra.get(TOLD)
            public: JsonObject = {"public": True} if extra.get(TOLD_PUBLIC) else {}
            self._drafts[talk.id] = {"draft": text, **({"facts": facts} if facts else {}), **public}
        return Draft(text, {name: value for name, value in extra.items() if name not in (TOLD, TOLD_PUBLIC)})

    async def forget(self) -> None:
        """After an erasure: drafts of conversations whose person is gone."""
        for name in list(self._drafts):
            talk = await asyncio.to_thread(self.kept.get, name)
            if talk.erased:
                self._drafts.pop(name, None)

    def _lock(self, name: str) -> asyncio.Lock:
        """One a conversation; those that nobody holds are dropped when there are many."""
        if len(self._locks) > 4096:
            self._locks = {n: lock for n, lock in self._locks.items() if lock.locked()}
        return self._locks.setdefault(name, asyncio.Lock())


def heard(said: Sequence[Said]) -> tuple[Message, ...]:
    """The conversation as a chat: both sides' words, several of the customer's in a row as one."""
    chat: list[Message] = []
    for each in said:
        if not each.text:
            continue
        role = "user" if each.who == "customer" else "assistant"
        if chat and chat[-1].role == role == "user":
            chat[-1] = Message("user", f"{chat[-1].content}\n{each.text}")
        else:
            chat.append(Message(cast(Any, role), each.text))
    return tuple(chat)


def about(extra: JsonObject) -> tuple[str, str]:
    """The order and the article that an answer's facts are of."""
    order = item = ""
    for fact in cast(list[dict[str, str]], extra.get("facts") or []):
        kind = fact["name"].partition(".")[0]
        if kind in ABOUT_ORDERS:
            order = order or fact["about"]
        elif kind in ABOUT_GOODS:
            item = item or fact["about"]
    return order, item


def summary(talk: Talk, said: Sequence[Said]) -> JsonObject:
    """What a person needs to know who takes it over: from what the desk understood and read, no words of a model's."""
    extras = [m.extra for m in said if m.extra and m.who == "desk"]
    last = extras[-1] if extras else {}
    asked = [m.text for m in said if m.who == "customer" and m.text]
    intents = [str(i["name"]) for e in extras for i in cast(list[dict[str, Any]], e.get("intents") or [])[:1]]
    facts = {
        (f["name"], f["about"], f["text"]): f
        for e in extras[-3:]
        for f in cast(list[dict[str, Any]], e.get("facts") or [])
    }
    refused = [r for e in extras for r in cast(list[str], e.get("refused") or [])]
    return {
        "reason": talk.reason,
        "asked": asked[-1] if asked else "",
        "order": talk.order,
        "item": talk.item,
        "customer": talk.customer,
        "intents": list(dict.fromkeys(intents)),
        "facts": list(facts.values()),
        "refused": list(dict.fromkeys(refused)),
        "receipts": [str(e["receipt"]) for e in extras if e.get("receipt")],
        "lang": str(last.get("lang") or talk.lang),
    }
