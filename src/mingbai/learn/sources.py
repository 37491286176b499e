"""Where candidates come from besides our own lines: the shop's conversations, and drafts that staff sent otherwise.

A customer's message teaches an intent where the desk's rules are sure of it; staff's words teach how the shop replies, and
rather than what, where they had a draft of the same facts. All of it is the customer's: their consent decides in `select`, not here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Protocol, cast

from mingbai.learn.rows import Candidate
from mingbai.values import talk as counter
from mingbai.values.json import JsonObject
from mingbai.values.records import Conversation, Said, Sourced
from mingbai.zh.script import simplify

PICTURES = re.compile(r"\[(?:图片|圖片|image)\]")
EVERY = 2**31 - 1
Labels = Callable[[str], str]  # a message → the label word that the rules are sure of; "" where they are not


class ShopRows(Protocol):
    """The shop's rows, as this file sees them."""

    def rows(self, shop: str, record: type[Conversation] | type[Said], /) -> Iterator[Sourced]: ...


class Talks(Protocol):
    """The counter's file of conversations, as this file sees it."""

    def listed(
        self, shop: str, states: Iterable[counter.TalkState], after: int = 0, many: int = 200
    ) -> list[counter.Talk]: ...

    def messages(self, talk_id: str, after: int = 0) -> list[counter.Said]: ...


def conversations(rows: ShopRows, shop: str, label: Labels) -> Iterator[Candidate]:
    """Of the shop's records. A conversation of nobody known cannot be asked about, and is not offered."""
    customers = {
        row.record.conversation_no: row.record.customer_id
        for row in rows.rows(shop, Conversation)
        if isinstance(row.record, Conversation) and row.record.customer_id
    }
    said = [row.record for row in rows.rows(shop, Said) if isinstance(row.record, Said)]
    said.sort(key=lambda it: (it.conversation_no, it.seq))
    for number, messages in groupby(said, key=lambda it: it.conversation_no):
        if number in customers:
            person = f"{shop}/customer/{customers[number]}"
            yield from _lessons([(it.who, it.text or "", {}) for it in messages], person, label)


def counter_talks(talks: Talks, shop: str, label: Labels) -> Iterator[Candidate]:
    """Of the counter, with the drafts that staff had before them. Erased ones say nothing."""
    for talk in talks.listed(shop, ("desk", "waiting", "staff", "closed"), many=EVERY):
        if not talk.erased:
            messages = [
                (it.who, it.text or "", (it.extra or {}) if it.who == "staff" else {})
                for it in talks.messages(talk.id)
                if it.who != "notice"
            ]
            yield from _lessons(messages, talk.person, label)


def _lessons(
    messages: Sequence[tuple[str, str, JsonObject]], person: str, label: Labels
) -> Iterator[Candidate]:
    """Of one conversation: who said what, and what a person of the shop's began from."""
    asked = ""
    for who, text, kept in messages:
        draft = str(kept.get("draft") or "")
        text = PICTURES.sub("", text).strip()
        if who == "customer":
            if text and (word := label(text)):
                yield Candidate("intent", text, word, "conversation", person)
            asked = f"{asked}\n{text}".strip()
        elif who == "staff":
            corrected = bool(draft) and draft.strip() != text.strip()
            # A draft may tell of an order what the customer was never told.
            data = "conversation,order" if corrected and not kept.get("public") else "conversation"
            if asked:
                yield Candidate(
                    "reply", asked, text, "correction" if corrected else "conversation", person, data,
                    rejected=draft if corrected else "",
                )  # fmt: skip
            # Whatever the desk had said before it: a choice between words for the same facts.
            facts = cast(list[str], kept.get("facts") or [])
            if corrected and facts:
                yield Candidate(
                    "preference", "\n".join(facts), simplify(text).text, "correction", person, data,
                    rejected=simplify(draft).text,
                )  # fmt: skip
            asked = ""
        elif who == "desk":
            asked = ""
