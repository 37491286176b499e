"""A customer's message on its way to a checked answer: one frozen `Turn`, and what each step adds to it.

A step takes a turn and returns a new one. Text of people has `repr=False` everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal, TypeAlias

from mingbai.values.chat import Usage
from mingbai.values.money import Money

Lang = Literal["zh-Hans", "zh-Hant", "en"]


class Intent(StrEnum):
    """What a customer may want; the stable names of design.md §4."""

    WHERE_IS_ORDER = "where_is_order"
    DELIVERY_TIME = "delivery_time"
    CHANGE_ADDRESS = "change_address"
    CANCEL_ORDER = "cancel_order"
    MODIFY_ORDER = "modify_order"
    PRODUCT_INFO = "product_info"
    SIZE_ADVICE = "size_advice"
    STOCK = "stock"
    PRICE = "price"
    COUPON = "coupon"
    PRICE_PROTECTION = "price_protection"
    RETURN_RIGHT = "return_right"
    START_RETURN = "start_return"
    EXCHANGE = "exchange"
    REFUND_STATUS = "refund_status"
    INVOICE = "invoice"
    WARRANTY = "warranty"
    DAMAGED_OR_MISSING = "damaged_or_missing"
    COMPLAINT = "complaint"
    HANDOFF = "handoff"
    GREETING = "greeting"
    THANKS = "thanks"
    OFF_TOPIC = "off_topic"


@dataclass(frozen=True, slots=True)
class Focus:
    """What the channel says about who asks and what they are looking at. `customer` is proven by the caller's key. `draft`:
    the answer goes to staff, who may send it or not."""

    customer: str = ""
    order: str = ""
    item: str = ""  # a product_no or a sku
    channel: str = ""
    lang: Lang | None = None
    draft: bool = False


@dataclass(frozen=True, slots=True)
class SaidDate:
    """A date as it was said and as it is meant; `iso_end` differs where a span was said."""

    said: str
    iso: date
    iso_end: date


@dataclass(frozen=True, slots=True)
class SaidAmount:
    number: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Slots:
    """What was named in the message, in the order it was said; nothing is guessed. A bare body weight is in 斤."""

    order_no: tuple[str, ...] = ()
    phone_tail: tuple[str, ...] = field(default=(), repr=False)
    tracking_no: tuple[str, ...] = ()
    product: tuple[str, ...] = ()  # as said: 天青盖碗
    color: tuple[str, ...] = ()
    size: tuple[str, ...] = ()
    height_cm: tuple[Decimal, ...] = ()
    weight_kg: tuple[Decimal, ...] = ()
    quantity: tuple[int, ...] = ()
    amount: tuple[SaidAmount, ...] = ()
    date: tuple[SaidDate, ...] = ()
    city: tuple[str, ...] = ()
    invoice_title: tuple[str, ...] = field(default=(), repr=False)
    tax_code: tuple[str, ...] = field(default=(), repr=False)
    email: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Guess:
    """An intent with its calibrated probability and what decided it: rule, examples, model, or memory (a follow-up).

    `said` and `slots`: the part of the message that is about it, where it is about several matters; else empty and None.
    `asks`: its questions, where there are several about the one matter: how long to Berlin, and do I pay customs.
    """

    intent: Intent
    p: float
    by: Literal["rule", "examples", "model", "memory"]
    said: str = field(default="", repr=False)
    slots: Slots | None = field(default=None, repr=False)
    asks: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Understood:
    """`intents` likeliest first; several where several were asked. `unsure`: below the threshold, so ask back."""

    lang: Lang
    intents: tuple[Guess, ...]
    slots: Slots
    handoff: bool = False
    unsure: bool = False
    confirms: bool | None = None  # yes or no to what was proposed before; None: neither
    shares: tuple[
        Guess, ...
    ] = ()  # where examples alone decided: how likely each is, for who knows more than the words
    adapter: str = ""  # SHA-256 of the adapter that had an opinion; "": none was asked, or none had one


@dataclass(frozen=True, slots=True)
class Source:
    """A row that a fact was read from: kind and key as in `values.records.KINDS`, with the file's line it came from."""

    kind: str
    key: str
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the world or of the shop that a fact was computed by."""

    id: str
    zh: str
    en: str
    source: str  # the law, the policy page


Value: TypeAlias = str | int | bool | Decimal | Money | date | datetime | None


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is true, in words for both languages. Checks compare an answer's numbers with `value`, `zh`, `en`.

    `name` is stable (`order.state`, `parcel.last_event`, `price.now`); `about` is the order or product it is of. `must`
    facts belong in every answer; the others may be left out.
    """

    name: str
    value: Value = field(repr=False)
    zh: str = field(repr=False)
    en: str = field(repr=False)
    about: str = ""
    must: bool = True
    sources: tuple[Source, ...] = ()
    rule: Rule | None = None
    valid_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A cited piece of a policy page or product text."""

    kind: str
    key: str
    title: str
    text: str = field(repr=False)
    lang: str = ""
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Proposal:
    """A write that waits for the customer's yes: in our words, with what would change. Nothing has been written."""

    skill: str
    arguments: tuple[tuple[str, str], ...] = field(repr=False)
    zh: str = field(repr=False)
    en: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Done:
    """A write that was made: its id for undo, with the rows before and after kept beside it."""

    action_no: str
    skill: str
    zh: str = field(repr=False)
    en: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A no of the shop's policy. It is an event with a receipt, not an error."""

    rule: str  # not_yours | needs_proof | over_limit | not_allowed …
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Need:
    """What must be asked of the customer before the answer can be known."""

    slot: str
    zh: str
    en: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that an answer may say. Empty everywhere: nothing is known, say so and offer a person."""

    intent: Intent
    facts: tuple[Fact, ...] = ()
    passages: tuple[Passage, ...] = ()
    proposal: Proposal | None = None
    done: Done | None = None
    refusals: tuple[Refusal, ...] = ()
    needs: tuple[Need, ...] = ()
    handoff: bool = False  # a person must take this: complaint, damage, over the limit


@dataclass(frozen=True, slots=True)
class Admission:
    """What may be seen and done by whoever asks. `customer` "" is an unproven visitor: rows need number and phone tail."""

    role: Literal["customer", "staff", "owner"]
    customer: str = ""
    skills: frozenset[str] | None = None  # None: all of the role's
    refusals: tuple[Refusal, ...] = ()
    by: tuple[str, ...] = ()  # ids of the policy's rules that decided
    may_phrase: bool = True  # whether their words may go to where a model would word the answer


@dataclass(frozen=True, slots=True)
class Verdict:
    """One check of one sentence. `found` is the offending piece, empty when it passed."""

    check: str
    passed: bool
    found: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """`phrased_by` is `model` when a sentence of the model's stands in the text, of which there are `by_model`; the others
    are the rows' own. `tries` counts phrasings, `usage` what the engine read and wrote for them."""

    text: str = field(repr=False)
    lang: Lang
    phrased_by: Literal["model", "template"]
    verdicts: tuple[Verdict, ...] = ()
    tries: int = 1
    by_model: int = 0
    usage: Usage = field(default_factory=Usage)
    seconds: tuple[tuple[str, float], ...] = ()  # where the time went; when the model's sentence was shown
    masks: tuple[
        tuple[str, int], ...
    ] = ()  # values that placeholders stood for on the way to the model, by kind
    adapter: str = ""  # SHA-256 of the adapter that worded it, over its own base; "": none did


@dataclass(frozen=True, slots=True)
class Heard:
    """One earlier message of the conversation."""

    who: Literal["customer", "desk", "staff"]
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Memory:
    """What a conversation keeps between turns: words, the order and item in focus, what was proposed, what was asked."""

    heard: tuple[Heard, ...] = ()
    order: str = ""
    item: str = ""
    intent: Intent | None = None
    slots: Slots = Slots()
    proposal: Proposal | None = None
    need: str = ""  # the slot we asked for last
    lang: Lang | None = None
    # Of a visitor: order numbers with the phone's tail that was said for them, when the order was shown.
    proven: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Turn:
    """`now` carries a zone; it is the shop's clock, fixed in tests and in the example shop."""

    turn_no: str
    shop: str
    text: str = field(repr=False)
    now: datetime
    focus: Focus = Focus()
    memory: Memory = field(default=Memory(), repr=False)
    conversation_no: str = ""
    understood: Understood | None = None
    admission: Admission | None = None
    evidence: tuple[Evidence, ...] = ()
    reply: Reply | None = None
    place: str = ""
    seconds: tuple[tuple[str, float], ...] = ()  # how long each step took


@dataclass(frozen=True, slots=True)
class Shown:
    """A checked bit of the answer's text."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Refused:
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A person takes over, with the evidence as a summary."""

    evidence: tuple[Evidence, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sealed:
    """The turn is written down under `receipt`; it is whole."""

    receipt: str
    turn: Turn


Event: TypeAlias = Shown | Refused | HandedOver | Sealed
