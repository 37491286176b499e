"""The rules for people: a decision with its sentences and laws, what one customer may know, where data may go, a small table.

The whole table, for a lawyer, is `matrix`; here are the cells that are asked about every day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from typing import Literal, TypeAlias, get_args

from mingbai.permit.policy.decide import (
    Caller,
    Change,
    DataClass,
    Decision,
    PlaceTerms,
    Policy,
    Question,
    Region,
    Relation,
    See,
    Send,
)
from mingbai.permit.policy.rules import Pack
from mingbai.values.json import JsonObject, JsonValue

Asker: TypeAlias = Literal["visitor", "customer"]
PERSONAL: tuple[DataClass, ...] = ("personal", "sensitive")


def said(pack: Pack, decision: Decision) -> JsonObject:
    """Allowed or not, by which rules, why, and the laws they rest on."""
    laws = dict.fromkeys(law for rule in decision.by for law in pack.rules[rule].law)
    return {
        "allowed": decision.allowed, "by": list(decision.by),
        "why": [{"zh": w.zh, "en": w.en} for w in decision.why], "laws": [_law(pack, law) for law in laws],
    }  # fmt: skip


def rights(policy: Policy, caller: Asker, places: Sequence[PlaceTerms]) -> list[JsonValue]:
    """What this customer may see and have changed, and which places may be sent their words."""
    rows: list[JsonValue] = []
    own: Relation = "own" if caller == "customer" else "proven"
    questions: list[tuple[str, str, str, str, Question]] = [
        *(("see", data, rel, "", See(caller, data, rel)) for data, rel in product(PERSONAL, (own, "other"))),
        *(
            ("change", data, rel, "", Change(caller, data, rel, confirmed=True, within_limit=True))
            for data, rel in product(PERSONAL[:1], (own, "other"))
        ),
        *(
            ("send", data, region, place.name, Send(place, data, region))
            for place, data, region in product(places, PERSONAL, get_args(Region))
        ),
    ]
    for (kind, data, relation, place, _), decision in zip(
        questions, policy.decide_all([q[-1] for q in questions]), strict=True
    ):
        rows.append(
            {
                "question": kind,
                "data": data,
                "relation": str(relation),
                "place": place,
                **said(policy.pack, decision),
            }
        )
    return rows


def sends(policy: Policy, place: PlaceTerms) -> list[JsonValue]:
    """What may go to a place for service, by kind of data, whose law protects the person, and masked or not."""
    kinds = list(product(get_args(DataClass), get_args(Region), (False, True)))
    decisions = policy.decide_all([Send(place, d, r, masked=m) for d, r, m in kinds])
    return [
        {
            "data": data,
            "region": region,
            "masked": masked,
            "allowed": decision.allowed,
            "by": list(decision.by),
        }
        for (data, region, masked), decision in zip(kinds, decisions, strict=True)
    ]


def rules(pack: Pack) -> list[JsonValue]:
    return [
        {
            "id": rule.id, "effect": rule.effect, "zh": rule.sentence.zh, "en": rule.sentence.en,
            "laws": [_law(pack, law) for law in rule.law],
        }
        for rule in pack.rules.values()
    ]  # fmt: skip


def table(policy: Policy) -> JsonObject:
    """Who may see and change what, for service, without a case or a consent."""
    callers, classes, relations = get_args(Caller), get_args(DataClass), get_args(Relation)
    seen = list(product(callers, classes, relations, (False, True)))
    changed = list(product(callers, classes, relations))
    sees = policy.decide_all([See(c, d, r, masked=m) for c, d, r, m in seen])
    changes = policy.decide_all([Change(c, d, r, confirmed=True, within_limit=True) for c, d, r in changed])
    return {
        "see": [
            {"caller": c, "data": d, "relation": r, "masked": m, "allowed": e.allowed, "by": list(e.by)}
            for (c, d, r, m), e in zip(seen, sees, strict=True)
        ],
        "change": [
            {"caller": c, "data": d, "relation": r, "allowed": e.allowed, "by": list(e.by)}
            for (c, d, r), e in zip(changed, changes, strict=True)
        ],
    }


def place_of(places: Iterable[PlaceTerms], name: str) -> PlaceTerms | None:
    return next((place for place in places if place.name == name), None)


def _law(pack: Pack, law: str) -> JsonObject:
    fact = pack.facts[law]
    return {
        "id": law, "zh": fact.text.zh, "en": fact.text.en, "source": fact.source,
        "checked": fact.checked.isoformat() if fact.checked else None,
    }  # fmt: skip
