"""A conversation at the counter, and what was said in it, as kept: by the customer, the desk, or a person of the shop's."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from mingbai.values.json import JsonObject

# Who has it: the machine, the queue for a person, a person; or nobody any more.
TalkState: TypeAlias = Literal["desk", "waiting", "staff", "closed"]
Who: TypeAlias = Literal["customer", "desk", "staff", "notice"]
Notice: TypeAlias = Literal["", "waiting", "taken", "returned", "closed"]


@dataclass(frozen=True, slots=True)
class Talk:
    """`holder`: the session it belongs to. `reason`: who sent it to a person, `asked` (the customer) or `desk`. `seq` is that
    of its last change. `erased`: the person's key is gone, and with it who it was."""

    id: str
    shop: str
    holder: str
    state: TalkState
    since: datetime
    seq: int
    lang: str = ""
    reason: str = ""
    taken_by: str = ""
    customer: str = field(default="", repr=False)
    order: str = field(default="", repr=False)
    item: str = field(default="", repr=False)
    erased: bool = False

    @property
    def person(self) -> str:
        """Under whose key it is sealed: as receipts name them (`receipt.body.person`)."""
        if self.customer:
            return f"{self.shop}/customer/{self.customer}"
        return f"{self.shop}/visit/{COUNTER}.{self.id}"


COUNTER = "counter"  # the key's id under which the desk knows conversations of the counter


@dataclass(frozen=True, slots=True)
class Picture:
    id: str
    type: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Said:
    """One message. `text` None: the key was destroyed. `extra` is what stands beside an answer of the desk's."""

    seq: int
    who: Who
    at: datetime
    text: str | None = field(repr=False)
    notice: Notice = ""
    pictures: tuple[Picture, ...] = ()
    extra: JsonObject | None = field(default=None, repr=False)
    by: str = ""


@dataclass(frozen=True, slots=True)
class Hours:
    """What a shop says at its counter. `open_now` None: it names no hours that a machine could read."""

    shop: str
    name_zh: str
    name_en: str
    zh: str
    en: str
    open_now: bool | None
