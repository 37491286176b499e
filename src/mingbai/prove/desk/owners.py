"""Whose rows are whose: what of other people's may not stand in an answer. Read once from the shop as it was."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from mingbai.prove.desk.figures import plain
from mingbai.shop.records.home import Reader
from mingbai.values.records import Customer, InvoiceRequest, Order, Return, Shipment
from mingbai.values.turn import Turn
from mingbai.zh.width import narrow

SHORTEST = 7  # characters of a value that names one person or order


@dataclass(frozen=True, slots=True)
class Owners:
    """`values`: folded text → who may see it. `orders`: order number → its owner and its phone's last four digits
    (two of them where it is a virtual number with an extension)."""

    values: Mapping[str, frozenset[str]] = field(repr=False)
    orders: Mapping[str, tuple[str, frozenset[str]]] = field(repr=False)
    tracking: Mapping[str, str] = field(repr=False)
    requests: Mapping[str, str] = field(repr=False)

    def allowed(self, customer: str, said: str) -> frozenset[str]:
        """Who the asker is: the proven customer, and the owner of an order whose number and phone tail they said."""
        said = narrow(said).text  # ０１２ is 012 to the desk, too
        text = _folded(said)
        tails = set(re.findall(r"\d{4}", said)) | {d[-4:] for d in re.findall(r"\d{7,}", said)}
        proven = {
            f"order {number}"
            for number, (_, ends) in self.orders.items()
            if _folded(number).lstrip("#") in text and ends & tails
        }
        return frozenset(proven | ({customer} if customer else set()))

    def shown(self, text: str, said: str, allowed: frozenset[str]) -> str:
        """A value of somebody else's that stands in the text, unless the asker said it first; or ""."""
        answer, words = _folded(text), _folded(said)
        for value, owners in self.values.items():
            if value in answer and value not in words and not owners & allowed:
                return value
        return ""

    def read(self, turn: Turn, allowed: frozenset[str]) -> str:
        """A row of somebody else's order that a fact was read from; or ""."""
        for source in (s for e in turn.evidence for f in e.facts for s in f.sources):
            first = source.key.split("/")[0]
            number = {"order": first, "line": first, "shipment": first, "event": self.tracking.get(first, ""),
                      "return": self.requests.get(first, ""), "invoice": self.requests.get(first, "")}.get(source.kind)  # fmt: skip
            if source.kind == "customer" and first not in allowed:
                return f"customer {first}"
            if number and number in self.orders and not {self.orders[number][0], f"order {number}"} & allowed:
                return f"{source.kind} {source.key}"
        return ""


def of(reader: Reader, shop: str) -> Owners:
    values: dict[str, set[str]] = defaultdict(set)
    orders: dict[str, tuple[str, frozenset[str]]] = {}
    tracking: dict[str, str] = {}
    requests: dict[str, str] = {}
    phones: dict[str, frozenset[str]] = {}

    def owned(value: str | None, *owners: str) -> None:
        if value and len(folded := _folded(value)) >= SHORTEST:
            values[folded] |= set(owners)

    for row in reader.rows(shop, Customer):
        c = row.record
        assert isinstance(c, Customer)
        phones[c.customer_id] = _tails(c.phone)
        for value in (c.phone, c.email, c.address, c.name):
            owned(value, c.customer_id)
    for row in reader.rows(shop, Order):
        o = row.record
        assert isinstance(o, Order)
        owner = o.customer_id or f"order {o.order_no}"
        orders[o.order_no] = owner, _tails(o.phone) or phones.get(o.customer_id or "", frozenset())
        for value in (o.order_no, o.phone, o.email, o.address, o.recipient):
            owned(value, owner, f"order {o.order_no}")
    for kind in (Shipment, Return, InvoiceRequest):
        for row in reader.rows(shop, kind):
            record = row.record
            assert isinstance(record, Shipment | Return | InvoiceRequest)
            owner = orders.get(record.order_no, ("", frozenset()))[0]
            owned(getattr(record, "tracking_no", ""), owner, f"order {record.order_no}")
            if isinstance(record, Shipment):
                tracking[record.tracking_no] = record.order_no
            else:
                number = record.return_no if isinstance(record, Return) else record.request_no
                requests[number] = record.order_no
                owned(number, owner, f"order {record.order_no}")
            if isinstance(record, InvoiceRequest):
                owned(record.email, owner, f"order {record.order_no}")
                owned(record.tax_code, owner, f"order {record.order_no}")
    return Owners({v: frozenset(w) for v, w in values.items()}, orders, tracking, requests)


def _tails(phone: str | None) -> frozenset[str]:
    """The last four digits; of a virtual number (13212345774-1234) its own and its extension's."""
    parts = (phone or "").rsplit("-", 1)
    digits = ["".join(c for c in part if c.isdigit()) for part in (phone or "", *parts)]
    virtual = len(parts) == 2 and len(digits[1]) == 11
    return frozenset(d[-4:] for d in (digits if virtual else digits[:1]) if len(d) >= 4)


def _folded(text: str) -> str:
    return "".join(plain(text).casefold().split())
