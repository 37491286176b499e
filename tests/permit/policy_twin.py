"""The default pack a second time, in plain Python, by somebody who reads its sentences: the oracle of the tests."""

from __future__ import annotations

from mingbai.permit.policy.decide import Change, Question, See, Send

ROUTES_OUT_OF_CHINA = {"cn-contract", "cn-certification", "cn-assessment"}
ROUTES_OUT_OF_EUROPE = {"eu-adequacy", "eu-scc-tia"}
EUROPE = {"AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE", "IT", "LV", "LT", "LU", "MT", "NL", "PL"} | {
    "PT", "RO", "SK", "SI", "ES", "SE", "NO", "IS", "LI", "EU"
}  # fmt: skip
PERSONS = {"personal", "sensitive"}
SERVICE = {"service", "delivery", "refund", "invoice", "dispute", "rights"}
CASES = SERVICE - {"service"}
NEEDS_CONSENT = {"marketing", "training"}


def decided(q: Question, foreign: dict[str, set[str]]) -> tuple[bool, set[str]]:
    """Whether it is allowed, and by which rules: the forbids that hold, else the permits."""
    permits, forbids = {See: _see, Change: _change, Send: lambda each: _send(each, foreign[each.region])}[
        type(q)
    ](q)
    return (False, forbids) if forbids else (bool(permits), permits)


def _see(q):
    buyer, shop = q.caller in ("customer", "visitor"), q.caller in ("staff", "owner")
    person, mine = q.data in PERSONS, q.relation != "other"
    agreed = q.purpose in q.consents
    permits = {
        "P1-public": q.data == "public",
        "P2-own-rows": buyer and person and mine and q.purpose in SERVICE,
        "P3-staff-masked": shop and q.masked and q.purpose in SERVICE,
        "P4-staff-case": shop and person and q.has_case and q.purpose in CASES,
        "P5-aggregate": q.caller in ("staff", "owner", "engineer") and q.data == "aggregate",
        "P6-with-consent": shop and person and q.purpose in NEEDS_CONSENT and agreed and q.masked,
    }
    serious = q.has_case and q.purpose in ("dispute", "rights")
    forbids = {
        "F1-others-rows": buyer and person and not mine,
        "F2-sensitive-staff": not buyer and q.data == "sensitive" and not q.masked and not serious,
        "F3-purpose-consent": person and q.purpose in NEEDS_CONSENT and not agreed,
        "F10-unknown-purpose": person and q.purpose not in SERVICE | NEEDS_CONSENT,
    }
    return _those(permits), _those(forbids)


def _change(q):
    buyer, person, mine = q.caller in ("customer", "visitor"), q.data in PERSONS, q.relation != "other"
    permits = {
        "P7-change-own": buyer and person and mine and q.confirmed and q.within_limit,
        "P8-change-staff": q.caller in ("staff", "owner") and q.within_limit,
    }
    return _those(permits), _those({"F1-others-rows": buyer and person and not mine})


def _send(q, foreign):
    place, person = q.place, q.data in PERSONS
    direct = place.kind in ("device", "own")  # the person gave it there themselves
    abroad_of_china = q.region == "CN" and place.country != "CN" and not direct
    permits = {
        "P9-own-place": place.kind != "provider",
        "P10-provider-masked": place.kind == "provider" and (q.masked or not person),
    }
    forbids = {
        "F3-purpose-consent": person and q.purpose in NEEDS_CONSENT and q.purpose not in q.consents,
        "F4-cn-export": person and abroad_of_china and q.route not in ROUTES_OUT_OF_CHINA,
        "F5-cn-separate-consent": q.data == "sensitive" and abroad_of_china and not q.separate_consent,
        "F6-eu-transfer": person and q.region == "EU" and place.country not in EUROPE and not direct
        and q.route not in ROUTES_OUT_OF_EUROPE,
        "F7-foreign-reach": q.data == "sensitive" and not q.masked and bool(foreign & set(place.laws))
        and place.key_holder != "subject",
        "F8-child": person and q.child and place.kind not in ("own", "device"),
        "F10-unknown-purpose": person and q.purpose not in SERVICE | NEEDS_CONSENT,
        "F9-unknown-country": person and place.country == "" and place.kind not in ("own", "device"),
    }  # fmt: skip
    return _those(permits), _those(forbids)


def _those(rules):
    return {name for name, holds in rules.items() if holds}
