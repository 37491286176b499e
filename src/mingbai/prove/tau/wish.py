"""What one customer wishes, gathered clause by clause: each is taken for one kind of change, of the customer's own articles.

A clause that fits nothing is left.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from mingbai.prove.tau.addresses import place
from mingbai.prove.tau.articles import ALL, WHOLE, Line, lines, names_it, orders_said
from mingbai.prove.tau.payment import payment
from mingbai.prove.tau.shop import Retail, Row
from mingbai.prove.tau.variants import choose

_CANCEL = re.compile(r"(?i)\bcancel(?:l?ing|led)?\b|\bremove\b|\bno longer need\b")
_RETURN = re.compile(r"(?i)\breturn(?:ing)?\b|\bsend back\b|\brefund everything\b")
_CHANGE = re.compile(
    r"(?i)\bexchang\w*|\bmodif\w*|\bchang\w*|\bswitch\w*|\badjust\w*|\bupgrad\w*|\breplac\w*|\bswap\b|\bnew pair\b"
)
_ADDRESS = re.compile(r"(?i)\baddress(?:es)?\b|\border to my\b")
_IF = re.compile(r"(?i)^\s*(?:if|unless|otherwise|in case)\b")
_ELSE = re.compile(
    r"(?i)^\s*(?:if\b[^,]*\b(?:not|no|cannot|can't|isn't|doesn't|any issues)\b[^,]*,|otherwise,?)\s*(?P<rest>.+)$"
)
_ONLY = re.compile(r"(?i)\bif\b[^.]*\bconfirm[^.]*?,?\s*only \w+ (?P<what>[^.]*)")
_ASKS = re.compile(r"(?i)\b(?:check|know|ask|see)\b[^.]*\b(?:whether|if|how|what|which)\b|\bnot sure yet\b")
_IT = re.compile(r"(?i)\b(?:it|them|these|one|ones|current one|both)\b")
_REGRET = re.compile(r"(?i)\bregret")
# A "to" that leads to no target.
_WISH = re.compile(r"(?i)\b(?:want|wish|like|need|intend|have|decide|able|asked?) to\b")
_WITH = re.compile(r"(?i)\b(?:received|bought|ordered) (?:it )?with (?:the|my) [\w ]+")
_MISTAKE = re.compile(r"(?i)\bmistake")
_HOME = re.compile(r"(?i)\b(?:user|default|profile)\b")


@dataclass(frozen=True, slots=True)
class Step:
    """One write that would be made: a tool's name and its arguments."""

    tool: str
    arguments: dict[str, Any] = field(repr=False)


class Wish:
    """What was understood so far of one customer."""

    def __init__(self, shop: Retail, user_id: str, whole: str) -> None:
        self.shop = shop
        self.user = shop.user(user_id)
        self.whole = whole
        self.orders = [shop.orders[number] for number in self.user["orders"] if number in shop.orders]
        self.addresses: dict[str, Row] = {}
        self.home: Row | None = None
        self.cancel: dict[str, str] = {}
        self.back: dict[str, list[str]] = {}
        self.swaps: dict[str, list[tuple[str, str]]] = {}
        self.last = ""  # what was done last: a clause without a verb goes on with it
        self.topic = ""  # what was spoken of last: it, them, the more expensive one
        self.failed = False  # the last wish could not be met, so that what follows "if not" is meant

    def take(self, clause: str) -> None:
        """One clause."""
        if (other := _ELSE.match(clause)) and self.failed:
            clause = other["rest"]
        elif _IF.match(clause):
            return
        clause = _WISH.sub("", _WITH.sub("received", clause))
        if _REGRET.search(clause):  # what was wished before it, or in it, is taken back
            self.home = None if _ADDRESS.search(clause) else self.home
            return
        before = self._size()
        named = " ".join(i["name"] for o in self.orders for i in o["items"] if names_it(clause, i["name"]))
        if _ADDRESS.search(clause) and (
            _CHANGE.search(clause) or re.search(r"(?i)\bcorrect|\bto my\b|\bbe \d", clause)
        ):
            self._address(clause)
            return
        if not named and self.topic and WHOLE.search(clause):
            clause = f"{clause} {self.topic}"
            named = self.topic
        told = clause if named or ALL.search(clause) or not _IT.search(clause) else f"{clause} {self.topic}"
        self.topic = named or self.topic
        wish = (
            "return"
            if _RETURN.search(clause)
            else "cancel"
            if _CANCEL.search(clause)
            else "change"
            if _CHANGE.search(clause)
            else self.last
        )
        if _ASKS.search(clause) and not re.search(
            r"(?i)\bwant to (?:return|exchange|cancel|modify|change)", clause
        ):
            return
        if wish in ("cancel", "return") and _CANCEL.search(clause) and _RETURN.search(clause):
            self._cancel(told)
            self._return(told)
        elif wish == "cancel":
            self._cancel(told)
        elif wish == "return":
            self._return(told)
        elif wish == "change":
            self._change(told)
        if wish:
            self.failed = self._size() == before
        self.last = wish

    def _size(self) -> int:
        return (
            len(self.cancel)
            + sum(map(len, self.back.values()))
            + sum(map(len, self.swaps.values()))
            + len(self.addresses)
        )

    def only(self) -> None:
        """What the customer holds on to when asked to confirm."""
        said = _ONLY.search(self.whole)
        if said is None:
            return
        names = {i["item_id"]: i["name"] for o in self.orders for i in o["items"]}
        for number, pairs in list(self.swaps.items()):
            self.swaps[number] = [(old, new) for old, new in pairs if names_it(said["what"], names[old])]
            if not self.swaps[number]:
                del self.swaps[number]

    def _lines(self, clause: str, statuses: Sequence[str]) -> list[Line]:
        return lines(self.orders, clause, statuses, topic=self.topic, whole=self.whole)

    def _cancel(self, clause: str) -> None:
        reason = (
            "ordered by mistake"
            if _MISTAKE.search(clause) or (_MISTAKE.search(self.whole) and "no longer" not in self.whole)
            else "no longer needed"
        )
        said = orders_said(clause)
        pending = [o for o in self.orders if o["status"] == "pending"]
        chosen = {o["order_id"] for o in pending if o["order_id"] in said}
        if not chosen:
            found = self._lines(clause, ("pending",))
            chosen = {o["order_id"] for o, _ in found}
            # An article alone cannot be cancelled: its order is only where the customer says so.
            single = any(len(o["items"]) > sum(x is o for x, _ in found) for o, _ in found)
            if single and not re.search(
                r"(?i)\bwhole order|\bentire order|\bcancel the order|\border", self.whole
            ):
                chosen = set()
        for number in chosen:
            self.cancel.setdefault(number, reason)

    def _return(self, clause: str) -> None:
        for order, item in self._lines(clause, ("delivered",)):
            taken = self.back.setdefault(order["order_id"], [])
            if taken.count(item["item_id"]) < sum(i["item_id"] == item["item_id"] for i in order["items"]):
                taken.append(item["item_id"])

    def _change(self, clause: str) -> None:
        statuses = (
            ("pending",)
            if re.search(r"(?i)\bpending\b|just (?:placed|ordered)", clause)
            else ("delivered", "pending")
        )
        for order, item in self._lines(clause, statuses):
            if self.swaps.get(order["order_id"]) and any(
                old == item["item_id"] for old, _ in self.swaps[order["order_id"]]
            ):
                continue
            new = choose(self.shop.products[item["product_id"]], item, clause, self.whole)
            if new:
                self.swaps.setdefault(order["order_id"], []).append((item["item_id"], new))

    def _address(self, clause: str) -> None:
        target = place(self.shop, self.user, self.orders, clause, self.whole)
        if target is None:
            return
        said = orders_said(clause)
        pending = [o for o in self.orders if o["status"].startswith("pending")]
        if _HOME.search(clause) and not re.search(
            r"(?i)\bto (?:my|the) (?:\w+ )?(?:default|profile|user)", clause
        ):
            self.home = target
        if said or re.search(r"(?i)\border", clause):
            many = re.search(r"(?i)\ball\b|\borders\b", clause)
            chosen = [o for o in pending if o["order_id"] in said] or [
                o for o in pending if o["address"] != target
            ]
            for order in chosen if many or len(chosen) == 1 else chosen[:0]:
                self.addresses[order["order_id"]] = target

    def steps(self) -> list[Step]:
        """The writes that it comes to, addresses first."""
        out = [
            Step("modify_pending_order_address", {"order_id": n, **a})
            for n, a in self.addresses.items()
            if n not in self.cancel
        ]
        if self.home is not None:
            out.append(Step("modify_user_address", {"user_id": self.user["user_id"], **self.home}))
        out += [
            Step("cancel_pending_order", {"order_id": n, "reason": why}) for n, why in self.cancel.items()
        ]
        for number, pairs in self.swaps.items():
            if number in self.cancel:
                continue
            order = self.shop.orders[number]
            tool = (
                "modify_pending_order_items"
                if order["status"] == "pending"
                else "exchange_delivered_order_items"
            )
            old, new = [p[0] for p in pairs], [p[1] for p in pairs]
            out.append(
                Step(
                    tool,
                    {
                        "order_id": number,
                        "item_ids": old,
                        "new_item_ids": new,
                        "payment_method_id": payment(self.user, order, self.whole),
                    },
                )
            )
        for number, ids in self.back.items():
            if number not in self.swaps:
                out.append(
                    Step(
                        "return_delivered_order_items",
                        {
                            "order_id": number,
                            "item_ids": ids,
                            "payment_method_id": payment(
                                self.user, self.shop.orders[number], self.whole, refund=True
                            ),
                        },
                    )
                )
        return out
