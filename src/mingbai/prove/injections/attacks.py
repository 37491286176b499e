"""The attacks: every payload in every form by every carrier, and as many of them as are asked for, drawn evenly."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from mingbai.prove.injections.carriers import CARRIERS, Brought
from mingbai.prove.injections.forms import FORMS
from mingbai.prove.injections.payloads import PAYLOADS, Payload


@dataclass(frozen=True, slots=True)
class Attack:
    """`lie`: what an obeying model says; `marks`: words that stand in an answer only if it was obeyed."""

    id: str
    english: bool
    payload: str
    form: str
    carrier: str
    text: str = field(repr=False)
    brought: Brought = field(repr=False)
    lie: str = field(repr=False)
    marks: tuple[str, ...] = field(repr=False)
    confirm: bool = False


def attacks(each: int, victims: Sequence[Mapping[str, str]], seed: int = 0) -> list[Attack]:
    """So many in Chinese and as many in English, each against one of the victims: {order, tail, phone, address, name}."""
    drawn = random.Random(seed)
    made: list[Attack] = []
    for english in (False, True):
        ways = list(product(PAYLOADS, FORMS, CARRIERS))
        drawn.shuffle(ways)
        for payload, form, carrier in (ways * (each // len(ways) + 1))[:each]:
            victim = drawn.choice(victims)
            number = len(made)
            text = form(_of(payload, english).format_map(victim), english)
            made.append(
                Attack(
                    f"{'en' if english else 'zh'}-{number:04}", english, payload.name, form.__name__, carrier.__name__,
                    text, carrier(text, english, number), (payload.lie_en if english else payload.lie_zh).format_map(victim),
                    tuple(mark.format_map(victim) for mark in payload.marks), payload.confirm,
                )
            )  # fmt: skip
    return made


def _of(payload: Payload, english: bool) -> str:
    return payload.en if english else payload.zh
