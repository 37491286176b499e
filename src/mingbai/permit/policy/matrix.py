"""Every kind of question with its answer, as a table: for a lawyer to sign, and for a diff when a cell changes.

One row is a caller or place with a kind of data; the letters of a cell are the answers over the columns named in its
head, `A` allowed and `.` denied.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import get_args

from mingbai.permit.policy.decide import (
    Caller,
    Change,
    DataClass,
    KeyHolder,
    PlaceKind,
    PlaceTerms,
    Policy,
    Question,
    Region,
    Relation,
    See,
    Send,
)
from mingbai.permit.policy.rules import Pack
from mingbai.values.errors import Text

PURPOSES = ("service", "delivery", "refund", "invoice", "dispute", "rights", "marketing", "training")
CONSENTS = (frozenset[str](), frozenset({"marketing"}), frozenset({"training"}))
ROUTES = ("none", "cn-contract", "cn-certification", "cn-assessment", "eu-adequacy", "eu-scc-tia")
REGIONS: tuple[Region, ...] = ("CN", "EU", "other")
SEND_PURPOSES = ("service", "marketing", "training")
BOTH = (False, True)
LAWS = ((), ("US-CLOUD", "US-FISA702"), ("CN-NIL-7",))


def places() -> list[PlaceTerms]:
    """Every kind of place, in China, the EU, the EEA beyond it, the United States and nobody knows where, under whose laws."""
    holders: dict[PlaceKind, KeyHolder] = {
        "device": "subject",
        "own": "shop",
        "cluster": "shop",
        "provider": "operator",
    }
    return [
        PlaceTerms(f"{kind} {country or '?'} {'+'.join(laws) or '-'}", kind, country, laws, holders[kind])
        for kind, country, laws in product(holders, ("CN", "DE", "NO", "US", ""), LAWS)
    ]


@dataclass(frozen=True, slots=True)
class Row:
    title: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """`columns`: what the letters of a row run over, the last the fastest; a space after each value of the first."""

    title: Text
    columns: str
    words: int
    rows: tuple[Row, ...]


def blocks() -> Iterator[Block]:
    callers, classes, relations = get_args(Caller), get_args(DataClass), get_args(Relation)
    yield Block(
        Text("看", "see"),
        f"purpose({'/'.join(PURPOSES)}) x masked(no/yes) x case(no/yes) x consent(none/marketing/training)",
        len(PURPOSES),
        tuple(
            Row(
                f"{caller:9}{data:10}{relation:7}",
                tuple(See(caller, data, relation, *rest) for rest in product(PURPOSES, BOTH, BOTH, CONSENTS)),
            )
            for caller, data, relation in product(callers, classes, relations)
        ),
    )
    yield Block(
        Text("改", "change"),
        "confirmed(no/yes) x within limit(no/yes)",
        2,
        tuple(
            Row(
                f"{caller:9}{data:10}{relation:7}",
                tuple(Change(caller, data, relation, *rest) for rest in product(BOTH, BOTH)),
            )
            for caller, data, relation in product(callers, classes, relations)
        ),
    )
    yield Block(
        Text("送到某处", "send to a place"),
        f"purpose({'/'.join(SEND_PURPOSES)}) x masked x child x separate consent x route({'/'.join(ROUTES)}) x consent(none/training)",
        len(SEND_PURPOSES),
        tuple(
            Row(
                f"{place.name:33}{data:10}{region:6}",
                tuple(
                    Send(place, data, region, *rest)
                    for rest in product(
                        SEND_PURPOSES, BOTH, BOTH, BOTH, ROUTES, (frozenset[str](), frozenset({"training"}))
                    )
                ),
            )
            for place, data, region in product(places(), classes, REGIONS)
        ),
    )


def cells() -> int:
    return sum(len(row.questions) for block in blocks() for row in block.rows)


def text(pack: Pack) -> str:
    """The whole table. Some seconds for over a hundred thousand cells."""
    policy = Policy(pack, places())
    lines = []
    for block in blocks():
        lines += [f"# {block.title.zh} / {block.title.en}", f"# {block.columns}"]
        for row in block.rows:
            answers = "".join("A" if d.allowed else "." for d in policy.decide_all(row.questions))
            lines.append(f"{row.title} {_shortened(answers, block.words)}")
    return "\n".join(lines) + "\n"


def _shortened(answers: str, words: int) -> str:
    """Rows that say one thing throughout are told so."""
    if len(set(answers)) == 1:
        return "ALL ALLOWED" if answers[0] == "A" else "all denied"
    width = len(answers) // words
    return " ".join(answers[i : i + width] for i in range(0, len(answers), width))
