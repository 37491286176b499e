"""The page's shapes: what its routes take, and what they give, for parsing and for /openapi.json. docs/http.md tells them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue

from mingbai.serve.documents import Answer, Extra, FactSaid
from mingbai.serve.schema import WHOLE, Shape

Words = Annotated[str, Field(max_length=500)]
Short = Annotated[str, Field(max_length=64)]
Says = Annotated[str, Field(min_length=1, max_length=8000)]
Scope = Literal["customer", "staff", "owner", "engineer"]
State = Literal["desk", "waiting", "staff", "closed"]


class LogIn(Shape):
    """One of the first three; `shop` goes with `counter`, where the home has several."""

    once: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    key: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    counter: bool | None = None
    shop: Short = ""


class LinkAsked(Shape):
    scope: Scope = "customer"
    customer: Short = ""
    minutes: Annotated[int, Field(ge=1, le=1440), WHOLE] = 15


class CustomerSays(Shape):
    text: Says
    order: Short = ""
    item: Short = ""
    lang: Literal["", "zh", "zh-Hant", "en"] = ""


class CounterMove(Shape):
    state: Literal["waiting", "desk", "closed"]


class DeskMove(Shape):
    state: State


class StaffSays(Shape):
    """`anyway`: also with a word that the house does not say."""

    text: Says
    anyway: bool = False


class PlanAsked(Shape):
    skill: Short
    arguments: dict[Annotated[str, Field(max_length=64)], JsonValue]
    talk: Short = ""


class Both(Shape):
    zh: Words
    en: Words


class Questions(Shape):
    zh: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=100, pattern=r"\S")]], Field(max_length=12)
    ]
    en: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=100, pattern=r"\S")]], Field(max_length=12)
    ]


class StyleSaid(Shape):
    greeting: Both
    questions: Questions
    never_say: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=50, pattern=r"\S")]], Field(max_length=100)
    ]
    phrases: Annotated[list[Both], Field(max_length=100)]


class SessionSaid(Answer):
    scope: Scope
    shop: str
    customer: str
    expires: str


class SessionsSaid(Answer):
    desk: SessionSaid | None
    counter: SessionSaid | None


class Ended(Answer):
    ended: Literal[True]


class LinkMade(Answer):
    link: str
    expires: str


class BothSaid(Answer):
    zh: str
    en: str


class Queue(Answer):
    place: int
    waiting: int


class TalkStateSaid(Answer):
    id: str
    state: State
    since: str
    answering: bool
    queue: Queue | None
    hours: BothSaid
    open_now: bool | None
    lang: str


class PictureSaid(Answer):
    id: str
    type: str
    bytes: int


class MessageSaid(Answer):
    id: str
    seq: int
    who: Literal["customer", "desk", "staff", "notice"]
    at: str
    text: str | None
    erased: bool
    notice: Literal["", "waiting", "taken", "returned", "closed"]
    pictures: list[PictureSaid]
    by: str
    mingbai: Extra | None


class TalkSaid(Answer):
    talk: TalkStateSaid | None
    seq: int
    messages: list[MessageSaid]


class Summary(Answer):
    reason: str
    asked: str
    order: str
    item: str
    customer: str
    intents: list[str]
    facts: list[FactSaid]
    refused: list[str]
    receipts: list[str]
    lang: str


class DeskTalkSaid(TalkSaid):
    summary: Summary


class LastSaid(Answer):
    who: str
    at: str
    text: str | None


class TalkRow(TalkStateSaid):
    seq: int
    customer: str
    order: str
    last: LastSaid | None
    reason: str
    taken_by: str
    mine: bool
    erased: bool


class TalksSaid(Answer):
    seq: int
    talks: list[TalkRow]


class Pictures(Answer):
    types: list[str]
    most_bytes: int


class CounterSaid(Answer):
    shop: str
    name: BothSaid
    hours: BothSaid
    open_now: bool | None
    waiting: int
    style: StyleSaid
    label: BothSaid
    engine: str
    pictures: Pictures


class DraftSaid(Answer):
    text: str
    mingbai: Extra


class LawSaid(Answer):
    id: str
    zh: str
    en: str
    source: str
    checked: str | None


class DecisionSaid(Answer):
    allowed: bool
    by: list[str]
    why: list[BothSaid]
    laws: list[LawSaid]


class RightRow(DecisionSaid):
    question: Literal["see", "change", "send"]
    data: str
    relation: str
    place: str


class RightsSaid(Answer):
    caller: Literal["visitor", "customer"]
    rows: list[RightRow]


class SkillSaid(Answer):
    name: str
    zh: str
    en: str
    arguments: dict[str, Any]


class SkillsSaid(Answer):
    skills: list[SkillSaid]


class FactShown(Answer):
    name: str
    about: str
    zh: str
    en: str


class ChangeShown(Answer):
    kind: str
    key: str
    field: str
    before: Any
    after: Any


class RefusalShown(Answer):
    rule: str
    zh: str
    en: str


class NeedShown(Answer):
    slot: str
    zh: str
    en: str
    choices: list[str]


class PlanSaid(Answer):
    plan: str | None
    skill: str
    say: BothSaid | None
    facts: list[FactShown]
    changes: list[ChangeShown]
    refusals: list[RefusalShown]
    needs: list[NeedShown]


class PlanDone(Answer):
    action: str | None
    say: BothSaid | None
    refusals: list[RefusalShown]


class ActionSaid(Answer):
    action: str
    skill: str
    order: str
    amount: str | None
    role: str
    asker: str
    at: str
    undone_at: str | None
    undone_by: str


class ActionsSaid(Answer):
    actions: list[ActionSaid]


SHAPES = (
    LogIn, LinkAsked, CustomerSays, CounterMove, DeskMove, StaffSays, PlanAsked, StyleSaid, SessionSaid, SessionsSaid, Ended, LinkMade, TalkStateSaid, MessageSaid, TalkSaid, DeskTalkSaid, TalksSaid, CounterSaid, DraftSaid, DecisionSaid, RightsSaid, SkillsSaid, PlanSaid, PlanDone, ActionSaid, ActionsSaid,
)  # fmt: skip
