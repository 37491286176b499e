"""Which variant is meant: by named values, by what shall stay, by cheapest, bigger, brighter, and by preferences in order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]

_SIZES = ("XXS", "XS", "S", "M", "L", "XL", "XXL")
_SIZE_WORDS = {"small": ("S", "small"), "medium": ("M", "medium"), "large": ("L", "large")}
_UP = re.compile(r"(?i)\b(?:bigger|larger|brighter|more|higher|max\w*|upgrade|fancier)\b")
_DOWN = re.compile(r"(?i)\b(?:smaller|less|lower|fewer|fewest|easiest|slightly lower|one size smaller)\b")
_MOST = re.compile(r"(?i)\bmax\w*|\bhighest|\blargest|\bfewest|\beasiest|\bbiggest")
_LEVELS = (
    ("low", "medium", "high"),
    ("beginner", "intermediate", "expert"),
    ("small", "medium", "large"),
    ("mini", "compact", "full size"),
)


def choose(product: Row, item: Row, clause: str, whole: str) -> str:
    """The item number of the variant, or "" when none is meant or none is to be had."""
    ids = [i for i in re.findall(r"\b\d{10}\b", clause) if i in product["variants"] and i != item["item_id"]]
    if ids:
        return ids[0] if product["variants"][ids[0]]["available"] else ""
    old: Mapping[str, str] = item["options"]
    there = [v for v in product["variants"].values() if v["available"] and v["item_id"] != item["item_id"]]
    if not there:
        return ""
    target = _target(clause)
    wanted = _named(product, old, target)
    by_price = (
        re.search(r"(?i)\bcheapest\b|\bleast expensive\b", clause),
        re.search(r"(?i)\bmost expensive\b", clause),
    )
    ladder = _ladder(product, old, clause)
    if not wanted and not any(by_price) and not ladder:
        return ""
    fits = [v for v in there if all(v["options"].get(name) in values for name, values in wanted.items())]
    for name, allowed in ladder.items():
        fits = [v for v in fits if v["options"].get(name) in allowed]
    stays = [
        n
        for names in re.findall(r"(?i)\bsame ((?:\w+(?:,? (?:and )?)?){1,3})", clause)
        for n in old
        if re.search(rf"(?i)\b{re.escape(n)}\b", names)
    ]
    fits = [v for v in fits if _same(v, old, [n for n in stays if n not in wanted])]
    if not fits:
        return ""
    if any(by_price):
        kept = [v for v in fits if _same(v, old, re.findall(r"(?i)same (\w+)", clause))] or fits
        pick = min if by_price[0] else max
        return str(pick(kept, key=lambda v: v["price"])["item_id"])
    order = _preferred(whole)

    def rank(v: Row) -> tuple[int, int, int, float]:
        free = [name for name in old if name not in wanted and name not in ladder]
        kept = sum(v["options"].get(name) == old[name] for name in free)
        liked = next(
            (
                at
                for at, word in enumerate(order)
                if any(word in str(o).casefold() for o in v["options"].values())
            ),
            len(order),
        )
        step = sum(allowed.index(v["options"][name]) for name, allowed in ladder.items())
        return (step, -kept, liked, v["price"]) if not order else (liked, step, -kept, v["price"])

    return str(min(fits, key=rank)["item_id"])


def _target(clause: str) -> str:
    """The part of the clause that says how it shall be: after to, for, with, into."""
    parts = re.split(r"(?i)\b(?:to|for|into|be|instead of)\b", clause)
    if "instead of" in clause.casefold():
        parts = re.split(r"(?i)\binstead of\b", clause)
        clause = parts[0]
        parts = re.split(r"(?i)\b(?:to|for|into|be)\b", clause)
    return " ".join(parts[1:]) if len(parts) > 1 else clause


def _named(product: Row, old: Mapping[str, str], text: str) -> dict[str, list[str]]:
    """Options whose value is named, longest value first."""
    said = " " + re.sub(r"[-]", " ", text.casefold()) + " "
    out: dict[str, list[str]] = {}
    for name in old:
        values = sorted(
            {str(v["options"].get(name)) for v in product["variants"].values()}, key=len, reverse=True
        )
        for value in values:
            if any(re.search(rf"(?<![\w.]){re.escape(form)}(?!\w)", said) for form in _forms(name, value)):
                if (
                    re.search(rf"(?i)\b(?:not|no|less|than)\s+{re.escape(value.casefold())}", said)
                    and "not resistant" not in value
                ):
                    continue
                out.setdefault(name, []).append(value)
                said = said.replace(value.casefold().replace("-", " "), " ")
    return out


def names_value(name: str, value: str, text: str) -> bool:
    """Is that value of an option named in the text, in any of its forms?"""
    said = f" {text.casefold().replace('-', ' ')} "
    return any(re.search(rf"(?<![\w.]){re.escape(form)}(?!\w)", said) for form in _forms(name, value))


def _forms(name: str, value: str) -> Sequence[str]:
    plain = value.casefold().replace("-", " ")
    forms = [plain]
    if value in ("yes", "no"):
        forms = (
            [name.casefold()]
            if value == "yes"
            else [f"not {name.casefold()}", f"no {name.casefold()}", f"non {name.casefold()}"]
        )
    if m := re.fullmatch(r"(\d+(?:\.\d+)?) ?(inch|ft|piece|gb|tb|bar|liters?|hours?|ml|w)?(?: ssd)?", plain):
        unit = m[2] or ""
        forms += [
            f"{m[1]}{unit}",
            f"{m[1]} {unit}",
            *({"ft": [f"{m[1]} foot", f"{m[1]} feet"], "inch": [f'{m[1]}"']}.get(unit, [])),
        ]
    if "size" in name and value in _SIZES:
        forms = [
            f"size {plain}",
            f"{plain} size",
            f" {plain} ",
            f"'{plain}'",
            *(w for w, v in _SIZE_WORDS.items() if value in v),
        ]
    if "size" in name and value.isdigit():
        forms = [f"size {plain}", f"'{plain}'"]
    if name in ("piece count", "pieces") or "piece" in plain:
        forms += [
            {"2 piece": "two piece", "3 piece": "three piece", "4 piece": "four piece"}.get(
                plain.replace("-", " "), plain
            )
        ]
    return [f for f in forms if f.strip()]


def _ladder(product: Row, old: Mapping[str, str], clause: str) -> dict[str, list[str]]:
    """Bigger, smaller, brighter: the option that has an order, and its values in the order they are liked."""
    up, down = bool(_UP.search(clause)), bool(_DOWN.search(clause))
    if up == down and not (down and _MOST.search(clause)):
        return {}
    for name, value in old.items():
        if not re.search(_TOPICS.get(name, "(?!)"), clause, re.IGNORECASE):
            continue
        values = sorted({str(v["options"].get(name)) for v in product["variants"].values()}, key=_height)
        if value not in values:
            continue
        at = values.index(value)
        liked = values[at + 1 :] if up and not down else values[:at][::-1]
        if _MOST.search(clause):
            liked = liked[::-1]
        if liked:
            return {name: liked}
    return {}


_TOPICS = {
    "capacity": r"bigger|larger|smaller|capacity", "brightness": r"bright", "size": r"size|bigger|larger|smaller", "frame size": r"frame",
    "resolution": r"resolution", "zoom": r"zoom", "pieces": r"pieces", "difficulty level": r"easiest|harder|difficult", "height": r"taller|shorter|height",
    "storage": r"storage", "screen size": r"screen",
}  # fmt: skip


def _height(value: str) -> tuple[float, str]:
    """Where a value stands among its like: a number, a size, a level."""
    if value in _SIZES:
        return float(_SIZES.index(value)), value
    for levels in _LEVELS:
        if value.casefold() in levels:
            return float(levels.index(value.casefold())), value
    number = re.search(r"\d+(?:\.\d+)?", value)
    scale = 1000 if re.search(r"(?i)tb\b|\bl\b", value) else 1
    return (float(number[0]) * scale if number else 0.0), value


def _same(v: Row, old: Mapping[str, str], names: Sequence[str]) -> bool:
    return all(v["options"].get(n) == old[n] for n in names if n in old)


def _preferred(whole: str) -> list[str]:
    """battery > USB > AC; prefer grey; i5 over i7."""
    if m := re.search(r"(?i)prefer\w*(?: the)? ([\w ]+(?: > [\w ]+)+)", whole):
        return [w.strip().casefold() for w in m[1].split(">")]
    if m := re.search(r"(?i)prefer\w* (?:the )?(\w+)(?: over (?:the )?(\w+))?", whole):
        words = [w.casefold() for w in m.groups() if w]
        return [w for w in words if w not in ("paypal", "gift", "credit", "not", "to", "for", "refund")]
    return []
