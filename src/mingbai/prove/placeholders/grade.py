"""What became of placeholders in one answer: exact, mended, left out, altered. Nothing is guessed: what is not read is altered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from mingbai.permit.mask.placeholders import CLOSE, OPEN, shapes

# exact: byte for byte. mended: brackets, blanks or widths were changed, and are read all the same. left out: one that was
# asked for is not there. cut: the tokens ran out before it came. altered: some of one is there that stands for nothing.
Outcome: TypeAlias = Literal["exact", "mended", "left out", "cut", "altered"]
OUTCOMES: tuple[Outcome, ...] = ("exact", "mended", "left out", "cut", "altered")
INTACT: frozenset[Outcome] = frozenset({"exact", "mended"})


@dataclass(frozen=True, slots=True)
class Graded:
    """`forms`: what was written instead of a placeholder; made of placeholders alone, nobody's data."""

    outcome: Outcome
    forms: tuple[str, ...] = ()


def graded(raw: str, sent: Sequence[str], wanted: Sequence[str], *, cut: bool) -> Graded:
    """`raw` as the model wrote it; `sent` are the placeholders that went to it, of which `wanted` should come back."""
    known = {(it.nonce, it.number): text for text in sent for it in shapes(text)}
    nonce = next((nonce for nonce, _ in known), "")
    found: set[str] = set()
    mended: list[str] = []
    rest = raw
    for it in reversed(list(shapes(raw, nonce))):
        written = raw[it.start : it.end]
        own = known.get((it.nonce, it.number))
        if own is None or (it.kind and it.kind != next(shapes(own)).kind):
            continue
        found.add(own)
        if written != own:
            mended.append(written)
        rest = rest[: it.start] + "\0" + rest[it.end :]
    debris = re.findall(
        rf"[{OPEN}{CLOSE}][^{OPEN}{CLOSE}\0\n]{{0,16}}[{OPEN}{CLOSE}]?|\w{{0,8}}{nonce} ?\d+\w{{0,4}}",
        rest if not cut else re.sub(rf"{OPEN}[^{CLOSE}]*$", "", rest),
        re.IGNORECASE,
    )
    if debris:
        return Graded("altered", tuple(debris))
    if not set(wanted) <= found:
        return Graded("cut" if cut else "left out")
    return Graded("mended", tuple(mended)) if mended else Graded("exact")
