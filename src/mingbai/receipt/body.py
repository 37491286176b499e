"""What a receipt says of one turn, and what only its sealed opening holds.

In the log stands nothing of a person: texts, row keys and who it was are HMAC-SHA256 commitments under a salt of 32
random bytes that lies in the opening alone (an unsalted digest of a phone number is found in seconds). The time is
given to the minute, token counts to the ten, certainty to the twentieth and energy to two figures: exact ones would let
a receipt be matched with a line of an access log, or a guessed question be tried out.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC

from mingbai.values.chat import Usage
from mingbai.values.json import JsonObject
from mingbai.values.turn import Evidence, Turn

VERSION = 1
CHANNEL = re.compile(r"[a-z][a-z0-9_-]{0,31}")  # a client writes it: a name of ours, never words of a person
WATTS = 25  # of a small server's two busy cores; the energy is said to be an estimate
ROUNDED_TO = 10
STEPS = {"understand", "admit", "ground", "answer"}  # what a turn consists of; others lie within these


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """Where words are made: `laws` can compel the operator to disclose; `attest` is null where nothing attests."""

    operator: str
    country: str
    laws: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelFacts:
    name: str
    sha256: str
    quant: str


@dataclass(frozen=True, slots=True)
class House:
    """What holds for every turn of a running service."""

    producer: str  # who answers for the text, for the label of GB 45438
    template_sha256: str  # over prompts and templates
    model: ModelFacts | None = None
    places: Mapping[str, PlaceFacts] = field(default_factory=dict)
    policy_sha256: str = ""
    build: int | None = None  # the entry of the `builds` log that names this code and these weights


def person(turn: Turn) -> str:
    """Under whose key the opening is sealed: the proven customer, or this visitor's conversation."""
    if turn.admission and turn.admission.customer:
        return f"{turn.shop}/customer/{turn.admission.customer}"
    return f"{turn.shop}/visit/{turn.conversation_no or turn.turn_no}"


def others(turn: Turn) -> list[str]:
    """Whose data a visitor was shown: the orders that the facts are of. A proven customer's turn is under their own key."""
    if turn.admission and turn.admission.customer:
        return []
    found: list[str] = []
    for fact in [f for e in turn.evidence for f in e.facts]:
        for source in fact.sources:
            match source.kind:
                case "order":
                    found.append(source.key)
                case "line" | "shipment":
                    found.append(source.key.rpartition("/")[0])
                case "event" | "return" | "invoice":
                    found.append(fact.about)
                case _:
                    pass
    return [f"{turn.shop}/order/{number}" for number in dict.fromkeys(found) if number]


def commitment(salt: bytes, what: str, text: str) -> str:
    """`what` keeps a question's commitment from being that of an answer with the same words. Half a surrogate pair, which
    JSON can carry, is no UTF-8, and its turn has a receipt all the same."""
    return hmac.digest(salt, f"{what}\n{text}".encode("utf-8", "surrogatepass"), "sha256").hex()


def body(turn: Turn, house: House, salt: bytes) -> JsonObject:
    """The receipt without log, key and signature: integers, strings, true, false, null, lists and objects alone."""
    understood, reply = turn.understood, turn.reply
    by_model = bool(reply and turn.place and house.model)
    facts = house.places.get(turn.place or "local", PlaceFacts("own", ""))
    seconds = sum(value for name, value in turn.seconds if name in STEPS)
    usage = reply.usage if reply else Usage()
    return {
        "v": VERSION,
        "id": turn.turn_no,
        "time": turn.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ"),
        "shop": turn.shop,
        "kind": "refusal" if any(e.refusals for e in turn.evidence) else "answer",
        "channel": turn.focus.channel if CHANNEL.fullmatch(turn.focus.channel) else "",
        "lang": understood.lang if understood else "",
        "understood": [
            {"intent": g.intent, "permille": round(g.p * 20) * 50, "by": g.by}
            for g in (understood.intents if understood else ())
        ],
        "place": {
            "id": turn.place or "template", "operator": facts.operator, "country": facts.country,
            "laws": list(facts.laws), "attest": None,
        },
        "model": {"name": house.model.name, "sha256": house.model.sha256, "quant": house.model.quant}
        if by_model and house.model and not (reply and reply.adapter)  # its manifest in the builds log names its base
        else None,
        "adapter": (reply.adapter if reply else "") or (understood.adapter if understood else "") or None,
        "template": house.template_sha256,
        "sampling": {"temperature": "0", "seed": None} if by_model else None,
        "commit": {
            "alg": "HMAC-SHA256",
            "subject": commitment(salt, "subject", person(turn)),
            "question": commitment(salt, "question", turn.text),
            "answer": commitment(salt, "answer", reply.text if reply else ""),
        },
        "evidence": [_evidence(e, salt) for e in turn.evidence],
        "masks": dict(reply.masks) if reply else {},
        "policy": {"set": house.policy_sha256, "role": turn.admission.role if turn.admission else "",
                   "by": list(turn.admission.by) if turn.admission else []},
        "phrased_by": reply.phrased_by if reply else "",
        "tries": reply.tries if reply else 0,
        "checks": {
            "passed": sum(v.passed for v in reply.verdicts) if reply else 0,
            "failed": sorted(v.check for v in reply.verdicts if not v.passed) if reply else [],
        },
        "cost": {
            "tokens_in": _rounded(usage.prompt_tokens),
            "tokens_out": _rounded(usage.completion_tokens),
            "energy_mj": _two_figures(seconds * WATTS * 1000), "basis": f"estimated: {WATTS} W for the seconds of the turn",
        },
        "label": {
            "explicit": True,
            "AIGC": {
                "Label": "1", "ContentProducer": house.producer, "ProduceID": turn.turn_no, "ReservedCode1": "",
                "ContentPropagator": "", "PropagateID": "", "ReservedCode2": "",
            },
        },
        "consent": [],
        "build": house.build,
    }  # fmt: skip


def _rounded(tokens: int) -> int:
    return -(-tokens // ROUNDED_TO) * ROUNDED_TO


def _two_figures(number: float) -> int:
    return int(float(f"{number:.1e}"))


def opening(turn: Turn, salt: bytes) -> JsonObject:
    """What opens the commitments; sealed under the person's key, outside the log."""
    reply = turn.reply
    return {
        "salt": salt.hex(),
        "subject": person(turn),
        "conversation": turn.conversation_no,
        "question": turn.text,
        "answer": reply.text if reply else "",
        "rows": [[list(row) for row in _rows(e)] for e in turn.evidence],
        "tools": [
            {"arguments": _arguments(e), "action": e.done.action_no if e.done else ""} for e in turn.evidence
        ],
        "milliseconds": {name: round(value * 1000) for name, value in turn.seconds},
    }


def _evidence(e: Evidence, salt: bytes) -> JsonObject:
    return {
        "intent": e.intent,
        "facts": [{"name": f.name, "rule": f.rule.id if f.rule else ""} for f in e.facts],
        "rows": [{"kind": kind, "commit": commitment(salt, kind, key)} for kind, key in _rows(e)],
        "refused": [r.rule for r in e.refusals],
        "needs": [n.slot for n in e.needs],
        "tool": {
            "proposed": e.proposal.skill if e.proposal else "",
            "arguments": commitment(salt, "arguments", _arguments(e)) if e.proposal else "",
            "done": e.done.skill if e.done else "",
            "action": commitment(salt, "action", e.done.action_no) if e.done else "",
        },
        "handoff": e.handoff,
    }


def _arguments(e: Evidence) -> str:
    """What a proposal would be done with, as JSON: names and values in its order. Empty without a proposal."""
    if e.proposal is None:
        return ""
    return json.dumps(list(map(list, e.proposal.arguments)), ensure_ascii=False, separators=(",", ":"))


def _rows(e: Evidence) -> list[tuple[str, str]]:
    """Every row that was read, once, in the order it was read."""
    rows = [(s.kind, s.key) for f in e.facts for s in f.sources] + [(p.kind, p.key) for p in e.passages]
    return list(dict.fromkeys(rows))
