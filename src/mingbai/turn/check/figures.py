"""Every number, day, time, sum, size, code and address in a sentence stands in a fact."""

from __future__ import annotations

from mingbai.turn.basis import Basis, bargains, moments
from mingbai.turn.said import Piece, read

# With one of these the unit counts, too: three days are not three parcels.
EXACT_UNITS = frozenset(
    ["天", "时", "月", "周", "年", "折", "倍", "件", "个", "只", "斤", "工作日", "分钟", "岁", "秒", "两", "%", "‰", "day", "hour", "week", "month", "year", "piece", "item", "workday", "minute", "ml", "g", "kg", "cm", "mm", "m", "l", "w", "v", "°c", "left", "set", "parcel", "people", "times"]
)  # fmt: skip


def figures(sentence: str, basis: Basis) -> str:
    pieces = read(sentence)
    found = next((p.said for p in pieces if not _stands(p, basis)), "")
    found = found or next((m for m in moments(pieces) if m not in basis.moments), "")
    return found or next((b for b in bargains(sentence) if b not in basis.bargains), "")


def _stands(piece: Piece, basis: Basis) -> bool:
    if (piece.kind, piece.value) in basis.figures:
        return True
    if piece.kind == "day":
        year, _, rest = piece.value.partition("-")
        if rest.startswith("0-"):  # a day of a month that was named before
            return any(known.endswith(rest[1:]) for known, _ in basis.days)
        return year == "0" and any(rest == known for known, _ in basis.days)
    if piece.kind == "count":
        number, _, unit = piece.value.partition(" ")
        return unit not in EXACT_UNITS and number in basis.numbers
    return False
