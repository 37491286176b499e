"""Every number, day, time, sum, code and address in a sentence stands in a fact."""

from __future__ import annotations

from mingbai.turn.basis import Basis
from mingbai.turn.said import Piece, read

# With one of these the unit counts, too: three days are not three parcels.
EXACT_UNITS = frozenset(
    [
        "天",
        "时",
        "月",
        "周",
        "年",
        "折",
        "倍",
        "%",
        "件",
        "个",
        "只",
        "斤",
        "克",
        "day",
        "hour",
        "week",
        "month",
        "year",
        "piece",
        "item",
        "ml",
        "g",
        "kg",
        "cm",
        "mm",
    ]
)


def figures(sentence: str, basis: Basis) -> str:
    return next((p.said for p in read(sentence) if not _stands(p, basis)), "")


def _stands(piece: Piece, basis: Basis) -> bool:
    if (piece.kind, piece.value) in basis.figures:
        return True
    if piece.kind == "day":
        year, _, rest = piece.value.partition("-")
        return year == "0" and any(rest == known for known, _ in basis.days)
    if piece.kind == "count":
        number, _, unit = piece.value.partition(" ")
        return unit not in EXACT_UNITS and number in basis.numbers
    return False
