"""Which of the customer's own articles a clause speaks of: by number, by name, by what was spoken of before, all but one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mingbai.prove.tau.shop import Row
from mingbai.prove.tau.variants import names_value

Line = tuple[Row, Row]  # an order, and one of its items

_ORDER = re.compile(r"#?\bW\d{7}\b")
_ITEM = re.compile(r"\b\d{10}\b")
ALL = re.compile(r"(?i)\b(?:all|everything|every item|all things|all items|whole order|entire order|any)\b")
WHOLE = re.compile(r"(?i)\b(?:whole|entire|the) order\b")
_EXCEPT = re.compile(r"(?i)\b(?:except|but (?:not|keep)|apart from|besides)\b(?P<what>[^.;]*)")
_WHICH = re.compile(r"(?i)\bif\b[^.]*\bwhich\b[^.,]*, (?:it is|it's|mention|say)(?P<what>[^.]*)")


def orders_said(clause: str) -> set[str]:
    """Order numbers as the shop writes them, with their #."""
    return {n if n.startswith("#") else f"#{n}" for n in _ORDER.findall(clause)}


def lines(
    orders: Sequence[Row], clause: str, statuses: Sequence[str], *, topic: str, whole: str
) -> list[Line]:
    """Those of the customer's own that the clause names, in an order of such a status.

    `topic` was spoken of before; `whole` is all that was said, with what is to be answered when asked which one is meant.
    """
    said = orders_said(clause)
    ids = set(_ITEM.findall(clause))
    every = [
        (o, i)
        for o in orders
        if o["status"] in statuses and (not said or o["order_id"] in said)
        for i in o["items"]
    ]
    if by_id := [(o, i) for o, i in every if i["item_id"] in ids]:
        return by_id
    left_out = _EXCEPT.search(clause)
    told = clause[: left_out.start()] if left_out else clause
    named = [(o, i) for o, i in every if names_it(told, i["name"])]
    if not named and ALL.search(told) and not (WHOLE.search(told) and topic):
        named = every
    if left_out:
        named = [(o, i) for o, i in named if not names_it(left_out["what"], i["name"])]
    if re.search(r"(?i)\b(?:more|less|most|least) expensive\b|\bcheaper\b", told) and not re.search(
        r"(?i)exchang|modif|chang|upgrad", told
    ):
        pick = min if re.search(r"(?i)less expensive|least|cheaper", told) else max
        return [pick(named, key=lambda line: float(line[1]["price"]))] if named else []
    return _told_apart(named, told) if _plural(told) else _meant(named, told, _hints(whole))


def _hints(whole: str) -> str:
    """What the customer says when asked which one is meant."""
    return " ".join(m["what"] for m in _WHICH.finditer(whole))


def names_it(clause: str, name: str) -> bool:
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
        .replace("book shelf", "bookshelf")
        .replace("-", " ")
    )


def _plural(clause: str) -> bool:
    return bool(re.search(r"(?i)\b(?:all|both|two|everything|any)\b", clause))


def _meant(lines: list[Line], clause: str, hints: str) -> list[Line]:
    """One line of each product: the one whose options the clause names; delivered before pending as listed."""
    best: dict[str, tuple[int, Line]] = {}
    said = re.split(r"(?i)\b(?:to|for)\b", clause)[0] + " " + hints
    for line in lines:
        hits = sum(names_value(name, str(value), said) for name, value in line[1]["options"].items())
        known = best.get(line[1]["product_id"])
        if known is None or hits > known[0]:
            best[line[1]["product_id"]] = (hits, line)
    return [line for _, line in best.values()]


def _told_apart(lines: list[Line], clause: str) -> list[Line]:
    """Of several, those that a size or another option picks out, if any is named: all my small tshirts."""
    words = {"small": "S", "medium": "M", "large": "L"}
    head = re.split(r"(?i) to (?=\w+,)", clause)[0]
    said = [words[w] for w in words if re.search(rf"(?i)\b{w}\b", head)]
    picked = [line for line in lines if any(v in said for v in line[1]["options"].values())]
    return picked or lines
