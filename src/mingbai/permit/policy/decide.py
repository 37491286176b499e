"""A question to the rules, and their answer with reasons. What errs, or no rule permits, is denied."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import cedarpy

from mingbai.permit.policy.rules import Pack
from mingbai.values.errors import Text

Caller: TypeAlias = Literal["visitor", "customer", "staff", "owner", "engineer"]
DataClass: TypeAlias = Literal["public", "aggregate", "personal", "sensitive"]
Relation: TypeAlias = Literal["own", "proven", "other"]
KeyHolder: TypeAlias = Literal["subject", "shop", "operator"]
PlaceKind: TypeAlias = Literal["device", "own", "cluster", "provider"]
Region: TypeAlias = Literal["CN", "EU", "other"]

# By which personal data may leave a region, as the rules name them; each begins with whose law it is.
ROUTES = ("cn-contract", "cn-certification", "cn-assessment", "eu-adequacy", "eu-scc-tia")
NO_RULE = Text("没有规则允许。", "No rule permits it.")
ERRED = Text("判断时出错，按不允许处理。", "Deciding failed, so it is not allowed.")


@dataclass(frozen=True, slots=True)
class See:
    caller: Caller
    data: DataClass
    relation: Relation
    purpose: str = "service"
    masked: bool = False
    has_case: bool = False
    consents: frozenset[str] = frozenset()

    def request(self) -> dict[str, object]:
        return _request("see", "Caller", self.caller, self.data, {
            "relation": self.relation, "purpose": self.purpose, "masked": self.masked, "hasCase": self.has_case,
            "consents": sorted(self.consents),
        })  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    caller: Caller
    data: DataClass
    relation: Relation
    confirmed: bool
    within_limit: bool

    def request(self) -> dict[str, object]:
        context = {"relation": self.relation, "confirmed": self.confirmed, "withinLimit": self.within_limit}
        return _request("change", "Caller", self.caller, self.data, context)


@dataclass(frozen=True, slots=True)
class PlaceTerms:
    """A place as the rules see it."""

    name: str
    kind: PlaceKind
    country: str
    laws: tuple[str, ...] = ()
    key_holder: KeyHolder = "operator"
    routes: tuple[str, ...] = ()

    def route(self, region: Region) -> str:
        """By which of its routes data of people there may go: each belongs to one region's law."""
        law = f"{region.lower()}-"
        return next((each for each in self.routes if each.startswith(law)), "none")


@dataclass(frozen=True, slots=True)
class Send:
    place: PlaceTerms
    data: DataClass
    region: Region
    purpose: str = "service"
    masked: bool = False
    child: bool = False
    separate_consent: bool = False
    route: str = "none"
    consents: frozenset[str] = frozenset()

    def request(self, foreign_laws: Iterable[str]) -> dict[str, object]:
        return _request("send", "Place", self.place.name, self.data, {
            "region": self.region, "purpose": self.purpose, "masked": self.masked, "child": self.child,
            "separateConsent": self.separate_consent, "route": self.route, "foreignLaws": sorted(foreign_laws),
            "consents": sorted(self.consents),
        })  # fmt: skip


Question: TypeAlias = See | Change | Send


@dataclass(frozen=True, slots=True)
class Decision:
    """`by`: ids of the rules that decided; empty where no rule permits, or deciding failed."""

    allowed: bool
    by: tuple[str, ...]
    why: tuple[Text, ...] = field(repr=False)


class Policy:
    """The pack with the places it knows. Threads share one."""

    def __init__(self, pack: Pack, places: Iterable[PlaceTerms] = ()) -> None:
        self.pack = pack
        known = {place.name: place for place in places}
        self._entities = cedarpy.Entities.from_json_str(
            json.dumps([_entity(p, pack.areas(p.country)) for p in known.values()])
        )
        self._places = frozenset(known.values())
        self._foreign = {region: pack.foreign_laws(region) for region in ("CN", "EU", "other")}

    def decide(self, question: Question) -> Decision:
        """Deny by default; any error is a deny, also where a permit stands beside it."""
        return self.decide_all([question])[0]

    def decide_all(self, questions: Iterable[Question]) -> list[Decision]:
        asked = list(questions)
        try:
            requests = [self._asked(question) for question in asked]
            results = cedarpy.is_authorized_batch(
                requests, self.pack.policies, self._entities, self.pack.schema
            )
        except (ValueError, TypeError, KeyError):  # no such region, a list where a tuple belongs
            return [Decision(False, (), (ERRED,)) for _ in asked]
        return [self._said(result) for result in results]

    def _asked(self, question: Question) -> dict[str, object]:
        if isinstance(question, Send):
            if (
                question.place not in self._places
            ):  # nobody described it to the rules: they could not see what it is
                return {"principal": 'Place::"?"', "action": "", "resource": "", "context": {}}
            return question.request(self._foreign[question.region])
        return question.request()

    def _said(self, result: cedarpy.AuthzResult) -> Decision:
        if result.diagnostics.errors:
            return Decision(False, (), (ERRED,))
        by = tuple(sorted(self.pack.by_policy[each] for each in result.diagnostics.reasons))
        allowed = result.decision == cedarpy.Decision.Allow and bool(by)
        why = tuple(self.pack.rules[each].sentence for each in by) or (NO_RULE,)
        return Decision(allowed, by, why)


def _request(
    action: str, kind: str, principal: str, data: str, context: Mapping[str, object]
) -> dict[str, object]:
    return {
        "principal": {"type": kind, "id": principal}, "action": {"type": "Action", "id": action},
        "resource": {"type": "Data", "id": data}, "context": dict(context),
    }  # fmt: skip


def _entity(place: PlaceTerms, areas: list[str]) -> dict[str, object]:
    attrs = {
        "kind": place.kind,
        "country": place.country,
        "areas": areas,
        "laws": list(place.laws),
        "keyHolder": place.key_holder,
    }
    return {"uid": {"type": "Place", "id": place.name}, "attrs": attrs, "parents": []}
