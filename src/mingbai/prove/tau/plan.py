"""The constrained path for this shop: who asks is proven, what is wished is read by rules, what may be done is decided by code.

Every clause is taken for one kind of change, its articles are found among the customer's own lines, and a new variant is
chosen among those that are to be had. Nothing is guessed: a clause that fits nothing is left.

Not read: conditions on what the agent answers, sums that decide between two wishes, changes of mind after a yes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from mingbai.prove.tau.shop import NotAllowed, Retail, Row, called
from mingbai.prove.tau.variants import choose, names_value

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ZIP = re.compile(r"\b(\d{5})\b")
_USER_ID = re.compile(r"\b[a-z]+_[a-z]+_\d{3,5}\b")
_ORDER = re.compile(r"#?\bW\d{7}\b")
_ITEM = re.compile(r"\b\d{10}\b")
_CUT = re.compile(
    r"(?<=[.!?;])\s+|\n|,?\s+(?:and then|then|also|lastly|finally)\b,?|"
    r",?\s*\band\b(?=\s+the \w+(?: \w+){0,3} (?:to|for)\b)|"
    r",?\s*\band\b(?=\s+(?:also\s+|finally\s+|then\s+)?(?:I (?:also )?(?:want|wish|would like|intend|need)|(?:to )?(?:return|exchange|cancel|modify|change|switch|adjust|update|correct)\b))",
    re.IGNORECASE,
)
_CANCEL = re.compile(r"(?i)\bcancel(?:l?ing|led)?\b|\bremove\b|\bno longer need\b")
_RETURN = re.compile(r"(?i)\breturn(?:ing)?\b|\bsend back\b|\brefund everything\b")
_CHANGE = re.compile(
    r"(?i)\bexchang\w*|\bmodif\w*|\bchang\w*|\bswitch\w*|\badjust\w*|\bupgrad\w*|\breplac\w*|\bswap\b|\bnew pair\b"
)
_ADDRESS = re.compile(r"(?i)\baddress(?:es)?\b|\border to my\b")
_ALL = re.compile(r"(?i)\b(?:all|everything|every item|all things|all items|whole order|entire order|any)\b")
_EXCEPT = re.compile(r"(?i)\b(?:except|but (?:not|keep)|apart from|besides)\b(?P<what>[^.;]*)")
_IF = re.compile(r"(?i)^\s*(?:if|unless|otherwise|in case)\b")
_ELSE = re.compile(
    r"(?i)^\s*(?:if\b[^,]*\b(?:not|no|cannot|can't|isn't|doesn't|any issues)\b[^,]*,|otherwise,?)\s*(?P<rest>.+)$"
)
_ONLY = re.compile(r"(?i)\bif\b[^.]*\bconfirm[^.]*?,?\s*only \w+ (?P<what>[^.]*)")
_ASKS = re.compile(r"(?i)\b(?:check|know|ask|see)\b[^.]*\b(?:whether|if|how|what|which)\b|\bnot sure yet\b")
_IT = re.compile(r"(?i)\b(?:it|them|these|one|ones|current one|both)\b")
_REGRET = re.compile(r"(?i)\bregret")
_WHOLE = re.compile(r"(?i)\b(?:whole|entire|the) order\b")
_WHICH = re.compile(r"(?i)\bif\b[^.]*\bwhich\b[^.,]*, (?:it is|it's|mention|say)(?P<what>[^.]*)")
WISH = re.compile(
    r"(?i)\b(?:want|wish|like|need|intend|have|decide|able|asked?) to\b"
)  # this "to" leads to no target
_WITH = re.compile(r"(?i)\b(?:received|bought|ordered) (?:it )?with (?:the|my) [\w ]+")
_MISTAKE = re.compile(r"(?i)\bmistake")
_HOME = re.compile(r"(?i)\b(?:user|default|profile)\b")
_US = re.compile(
    r"(?P<a>\d+ (?:[A-Z][\w ]+?)?(?:Street|St|Drive|Dr|Lane|Ln|Road|Rd|Avenue|Ave|Highway|Court|Way))\b\.?,?\s*(?P<b>(?:Suite|Apt|Unit) \w+)?,?\s*(?P<city>[A-Z][A-Za-z ]+?),\s*"
    r"(?P<state>[A-Z]{2}|[A-Z][a-z]+)?,?\s*(?P<zip>\d{5})"
)
_STATES = {"Texas": "TX", "New York": "NY", "California": "CA", "Florida": "FL", "Illinois": "IL"}
_CITIES = {
    "nyc": "New York",
    "la": "Los Angeles",
    "big apple": "New York",
    "washington dc": "Washington",
    "dc": "Washington",
    "sf": "San Francisco",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One write that would be made: a tool's name and its arguments."""

    tool: str
    arguments: dict[str, Any] = field(repr=False)


def who(shop: Retail, says: str) -> str:
    """The customer's id by e-mail, or name and postcode; an id alone is taken where the name's part of it says the same."""
    for email in _EMAIL.findall(says):
        try:
            return shop.user_by_email(email.rstrip("."))
        except NotAllowed:
            continue
    for first, last, code in _names(says):
        try:
            return shop.user_by_name_zip(first, last, code)
        except NotAllowed:
            continue
    said = next((u for u in _USER_ID.findall(says) if u in shop.users), "")
    if said and shop.users[said]["address"]["zip"] in _ZIP.findall(says):
        return said
    return said


def _names(says: str) -> Iterator[tuple[str, str, str]]:
    words = re.findall(r"[A-Z][a-z]+", says)
    for code in _ZIP.findall(says)[::-1]:
        for first, last in pairwise(words):
            yield first, last, code


def steps(shop: Retail, says: Sequence[str]) -> list[Step]:
    """All that the customer wishes, in the order of the policy: addresses first, one change of articles an order."""
    whole = " ".join(says)
    user_id = who(shop, whole)
    if not user_id:
        return []
    wish = _Wish(shop, user_id, whole)
    wishes = " ".join(text for text in says if not text.startswith(("I am a ", "My name")))
    for clause in _clauses(wishes):
        wish.take(clause)
    wish.only()
    return wish.steps()


def _clauses(text: str) -> list[str]:
    return [part.strip(" ,") for part in _CUT.split(text) if part and len(part.strip()) > 3]


class _Wish:
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
        clause = WISH.sub("", _WITH.sub("received", clause))
        if _REGRET.search(clause):  # what was wished before it, or in it, is taken back
            self.home = None if _ADDRESS.search(clause) else self.home
            return
        before = self._size()
        named = " ".join(i["name"] for o in self.orders for i in o["items"] if _names_it(clause, i["name"]))
        if _ADDRESS.search(clause) and (
            _CHANGE.search(clause) or re.search(r"(?i)\bcorrect|\bto my\b|\bbe \d", clause)
        ):
            self._address(clause)
            return
        if not named and self.topic and _WHOLE.search(clause):
            clause = f"{clause} {self.topic}"
            named = self.topic
        told = clause if named or _ALL.search(clause) or not _IT.search(clause) else f"{clause} {self.topic}"
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
            self.swaps[number] = [(old, new) for old, new in pairs if _names_it(said["what"], names[old])]
            if not self.swaps[number]:
                del self.swaps[number]

    # ---- which articles

    @property
    def _hints(self) -> str:
        """What the customer says when asked which one is meant."""
        return " ".join(m["what"] for m in _WHICH.finditer(self.whole))

    def _lines(self, clause: str, statuses: Sequence[str]) -> list[tuple[Row, Row]]:
        """(order, item) of the customer's own that the clause names, in an order of such a status."""
        said = {n if n.startswith("#") else f"#{n}" for n in _ORDER.findall(clause)}
        ids = set(_ITEM.findall(clause))
        every = [
            (o, i)
            for o in self.orders
            if o["status"] in statuses and (not said or o["order_id"] in said)
            for i in o["items"]
        ]
        if by_id := [(o, i) for o, i in every if i["item_id"] in ids]:
            return by_id
        left_out = _EXCEPT.search(clause)
        told = clause[: left_out.start()] if left_out else clause
        named = [(o, i) for o, i in every if _names_it(told, i["name"])]
        if not named and _ALL.search(told) and not (_WHOLE.search(told) and self.topic):
            named = every
        if left_out:
            named = [(o, i) for o, i in named if not _names_it(left_out["what"], i["name"])]
        if re.search(r"(?i)\b(?:more|less|most|least) expensive\b|\bcheaper\b", told) and not re.search(
            r"(?i)exchang|modif|chang|upgrad", told
        ):
            pick = min if re.search(r"(?i)less expensive|least|cheaper", told) else max
            return [pick(named, key=lambda line: float(line[1]["price"]))] if named else []
        return _told_apart(named, told) if _plural(told) else _meant(named, told, self._hints)

    # ---- the kinds of wish

    def _cancel(self, clause: str) -> None:
        reason = (
            "ordered by mistake"
            if _MISTAKE.search(clause) or (_MISTAKE.search(self.whole) and "no longer" not in self.whole)
            else "no longer needed"
        )
        said = {n if n.startswith("#") else f"#{n}" for n in _ORDER.findall(clause)}
        pending = [o for o in self.orders if o["status"] == "pending"]
        chosen = {o["order_id"] for o in pending if o["order_id"] in said}
        if not chosen:
            lines = self._lines(clause, ("pending",))
            chosen = {o["order_id"] for o, _ in lines}
            # An article alone cannot be cancelled: its order is only where the customer says so.
            single = any(len(o["items"]) > sum(x is o for x, _ in lines) for o, _ in lines)
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
        target = self._place(clause)
        if target is None:
            return
        said = {n if n.startswith("#") else f"#{n}" for n in _ORDER.findall(clause)}
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

    def _place(self, clause: str) -> Row | None:
        """The address that is meant: written out, of an order that is named, of a city that the customer has, or the default."""
        if m := _US.search(clause) or _US.search(self.whole):
            state = m["state"] or ""
            city = m["city"].strip()
            state = _STATES.get(state, state) or next(
                (o["address"]["state"] for o in self.orders if o["address"]["zip"] == m["zip"]),
                "NY" if city == "New York" else "",
            )
            return {
                "address1": m["a"],
                "address2": m["b"] or "",
                "city": city,
                "country": "USA",
                "state": state,
                "zip": m["zip"],
            }
        source = re.search(r"(?i)same as (?:order )?(#?W\d{7})", clause)
        if source:
            number = source[1] if source[1].startswith("#") else f"#{source[1]}"
            return dict(self.shop.orders[number]["address"]) if number in self.shop.orders else None
        known = [self.user["address"], *(o["address"] for o in self.orders)]
        low = clause.casefold()
        towards = re.split(r"(?i)\bto (?:my|the|be)\b", low)[-1]
        for part in (towards, low):
            for address in known:
                names = [address["city"].casefold(), *(k for k, v in _CITIES.items() if v == address["city"])]
                if any(re.search(rf"\b{re.escape(name)}\b", part) for name in names):
                    return dict(address)
        return dict(self.user["address"]) if re.search(r"(?i)\bdefault\b|\bprofile\b", clause) else None

    # ---- the writes

    def steps(self) -> list[Step]:
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
                        "payment_method_id": self._payment(order),
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
                            "payment_method_id": self._payment(self.shop.orders[number], refund=True),
                        },
                    )
                )
        return out

    def _payment(self, order: Row, *, refund: bool = False) -> str:
        """The one that was named, if it may be used; else the order's own."""
        own = str(order["payment_history"][0]["payment_method_id"])
        methods = self.user["payment_methods"]
        if re.search(r"(?i)\boriginal (?:method|payment)", self.whole):
            return own
        for pattern, source in (
            ("gift ?card|\\bgc\\b", "gift_card"),
            ("paypal", "paypal"),
            ("credit card|visa|mastercard|amex", "credit_card"),
        ):
            if not re.search(f"(?i){pattern}", self.whole):
                continue
            fitting = [i for i, m in methods.items() if m["source"] == source]
            brand = next(
                (
                    i
                    for i in fitting
                    if (b := methods[i].get("brand", "")) and re.search(rf"(?i)\b{b}\b", self.whole)
                ),
                "",
            )
            if fitting and (not refund or source == "gift_card" or own in fitting):
                return own if own in fitting and not brand else brand or fitting[0]
        return own


def _names_it(clause: str, name: str) -> bool:
    """Is the article named: whole, by its last word, or by its first where that tells enough; T-Shirt as tshirt, plurals too."""
    said = _bare(clause)
    words = [_bare(w) for w in name.split()]
    forms = {
        _bare(name),
        words[-1],
        *(
            words[:1]
            if len(words) > 1 and words[0] in ("luggage", "jigsaw", "garden", "hiking", "running", "wireless")
            else ()
        ),
    }
    if words[-1] in ("set", "kit", "camera", "bottle", "shoes", "boots") and len(words) > 1:
        forms = {
            _bare(name),
            *(words[:1] if words[0] in ("luggage", "makeup") else ()),
            *((words[-1],) if words[-1] in ("camera", "bottle", "boots", "shoes") else ()),
        }
    return any(
        re.search(rf"(?<![a-z]){re.escape(f.rstrip('s'))}(?:e?s)?(?![a-z])", said)
        for f in forms
        if len(f) > 2
    )


def _bare(text: str) -> str:
    return (
        re.sub(r"\bt[- ]?shirts?\b", "tshirt", text.casefold())
        .replace("e-reader", "ereader")
        .replace("bookshelf", "bookshelf")
        .replace("book shelf", "bookshelf")
        .replace("-", " ")
    )


def _plural(clause: str) -> bool:
    return bool(re.search(r"(?i)\b(?:all|both|two|everything|any)\b", clause))


def _meant(lines: list[tuple[Row, Row]], clause: str, hints: str) -> list[tuple[Row, Row]]:
    """One line of each product: the one whose options the clause names; delivered before pending as listed."""
    best: dict[str, tuple[int, tuple[Row, Row]]] = {}
    said = re.split(r"(?i)\b(?:to|for)\b", clause)[0] + " " + hints
    for line in lines:
        hits = sum(names_value(name, str(value), said) for name, value in line[1]["options"].items())
        known = best.get(line[1]["product_id"])
        if known is None or hits > known[0]:
            best[line[1]["product_id"]] = (hits, line)
    return [line for _, line in best.values()]


def _told_apart(lines: list[tuple[Row, Row]], clause: str) -> list[tuple[Row, Row]]:
    """Of several, those that a size or another option picks out, if any is named: all my small tshirts."""
    words = {"small": "S", "medium": "M", "large": "L"}
    head = re.split(r"(?i) to (?=\w+,)", clause)[0]
    said = [words[w] for w in words if re.search(rf"(?i)\b{w}\b", head)]
    picked = [line for line in lines if any(v in said for v in line[1]["options"].values())]
    return picked or lines


def carried_out(shop: Retail, says: Sequence[str]) -> list[Step]:
    """Plan on the database as it is, and make each write that its policy allows; the customer's yes is taken as given."""
    made = []
    for step in steps(shop, says):
        try:
            called(shop, step.tool, step.arguments)
        except NotAllowed:
            continue
        made.append(step)
    return made
