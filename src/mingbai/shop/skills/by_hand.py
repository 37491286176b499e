"""What staff do by hand: a skill that writes, planned as a dry run that shows every field it would change, then confirmed.

Plans wait for half an hour: in this process, and those that are about a conversation where `Plans` keeps them, over a
restart. A confirmation is carried out as `actions` does it: the plan is made anew and
must be the same; twice is one write.
"""

from __future__ import annotations

import math
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as kept
from threading import Lock
from typing import Any, Protocol

from mingbai.shop.records.home import Reader, Records
from mingbai.shop.records.jsonform import to_json
from mingbai.shop.records.shape import SHAPES
from mingbai.shop.skills import tools
from mingbai.shop.skills.actions import Action, Actions
from mingbai.shop.skills.scene import Asker, Scene
from mingbai.shop.skills.skill import Plan, Skill, from_texts, schema
from mingbai.shop.skills.table import BY_NAME, SKILLS
from mingbai.values.errors import BadInput, NotFound, Text
from mingbai.values.json import JsonObject, JsonValue
from mingbai.values.records import KINDS
from mingbai.values.turn import Evidence, Proposal, Refusal

WAITS_SECONDS, KEPT = 1800, 256
_NAMES = {record: (kind, names) for kind, record, names in KINDS}


@dataclass(frozen=True, slots=True)
class Changed:
    """One field of a row that a plan would change; None where there is no row, or no value."""

    kind: str
    key: str
    field: str
    before: JsonValue = kept(repr=False)
    after: JsonValue = kept(repr=False)


@dataclass(frozen=True, slots=True)
class Planned:
    """`number` is empty where nothing could be done: the evidence says why."""

    number: str
    evidence: Evidence
    changes: tuple[Changed, ...] = ()


@dataclass(frozen=True, slots=True)
class _Waiting:
    proposal: Proposal
    shop: str
    asker: Asker
    talk: str
    until: float


class Plans(Protocol):
    """Keeps what waits, sealed, over a restart."""

    def keep(self, number: str, talk_id: str, plan: JsonObject, seconds: float) -> None: ...

    def find(self, number: str) -> JsonObject | None: ...


class ByHand:
    """`scene_of` gives the shop's scene for an asker; `may` refuses what the policy does not let the role change."""

    def __init__(
        self, records: Records, scene_of: Callable[[Reader, str, Asker], Scene], may: Callable[[str], Refusal | None],
        plans: Plans,
    ) -> None:  # fmt: skip
        self._records, self._scene_of, self._may, self._plans = records, scene_of, may, plans
        self._actions = Actions(records)
        self._waiting: OrderedDict[str, _Waiting] = OrderedDict()
        self._lock = Lock()

    def skills(self) -> list[JsonObject]:
        return [
            {"name": s.name, "zh": s.zh, "en": s.en, "arguments": schema(s.arguments)}
            for s in SKILLS
            if s.writes
        ]

    def plan(
        self, shop: str, asker: Asker, name: str, arguments: Mapping[str, JsonValue], talk: str = ""
    ) -> Planned:
        """A dry run. Raises `BadInput` for what is no skill that writes, or no argument of it."""
        skill = _writing(name)
        if (refusal := self._may(asker.role)) is not None:
            return Planned("", Evidence(skill.intent, refusals=(refusal,)))
        with self._records.reading() as reader:
            scene = self._scene_of(reader, shop, asker)
            found = tools.call(scene, name, arguments)
            if found.proposal is None:
                return Planned("", found)
            changes = tuple(_changes(scene, skill, found.proposal))
        number = "P" + secrets.token_hex(12)
        waiting = _Waiting(found.proposal, shop, asker, talk, time.monotonic() + WAITS_SECONDS)
        if talk:
            self._plans.keep(number, talk, _kept(waiting), WAITS_SECONDS)
        with self._lock:
            self._waiting[number] = waiting
            while len(self._waiting) > KEPT:
                self._waiting.popitem(last=False)
        return Planned(number, found, changes)

    def confirm(self, number: str, asker: Asker) -> Evidence:
        """The write of a plan that this asker's role made. Raises `NotFound` for one that is unknown or waited too long."""
        with self._lock:
            waiting = self._waiting.get(number)
        if waiting is None and (found := self._plans.find(number)) is not None:
            waiting = _from_kept(found)
        if waiting is None or waiting.until < time.monotonic() or waiting.asker != asker:
            raise NotFound(
                Text("没有这个预演，或已过期。", "There is no such dry run, or it waited too long."),
                Text("请重新预演一次。", "Make it again."),
            )
        if (refusal := self._may(asker.role)) is not None:
            return Evidence(_writing(waiting.proposal.skill).intent, refusals=(refusal,))
        return self._actions.carry_out(
            lambda reader: self._scene_of(reader, waiting.shop, waiting.asker),
            _writing(waiting.proposal.skill),
            waiting.proposal,
            waiting.talk or "desk",
        )

    def latest(self, shop: str, many: int) -> list[Action]:
        return self._actions.latest(shop, many)

    def undo(self, shop: str, action_no: str, role: str) -> Action:
        with self._records.reading() as reader:
            now = self._scene_of(reader, shop, Asker("staff")).now
        return self._actions.undo(shop, action_no, role, now)


def _kept(waiting: _Waiting) -> JsonObject:
    it, asker = waiting.proposal, waiting.asker
    return {
        "skill": it.skill, "arguments": [list(pair) for pair in it.arguments], "zh": it.zh, "en": it.en,
        "shop": waiting.shop, "role": asker.role, "customer": asker.customer, "tails": list(asker.tails), "talk": waiting.talk,
    }  # fmt: skip


def _from_kept(plan: Mapping[str, Any]) -> _Waiting:
    """One that was found has not waited too long."""
    arguments = tuple((name, value) for name, value in plan["arguments"])
    asker = Asker(plan["role"], plan["customer"], tuple(plan["tails"]))
    proposal = Proposal(plan["skill"], arguments, plan["zh"], plan["en"])
    return _Waiting(proposal, plan["shop"], asker, plan["talk"], math.inf)


def _writing(name: str) -> Skill[object]:
    skill = BY_NAME.get(name)
    if skill is None or not skill.writes:
        raise BadInput(
            Text("没有这个操作。", "There is no such action."),
            Text("GET /v1/desk/skills 列出全部。", "GET /v1/desk/skills lists them."),
            param="skill",
            code="unknown_tool",
        )
    return skill


def _changes(scene: Scene, skill: Skill[object], proposal: Proposal) -> list[Changed]:
    """The plan's rows beside what stands there now, field by field."""
    assert skill.plan is not None
    pairs = tuple(pair for pair in proposal.arguments if pair[0] != "seen")
    planned = skill.plan(replace(scene, intent=skill.intent), from_texts(skill.arguments, pairs))
    if not isinstance(planned, Plan):
        return []
    out: list[Changed] = []
    for row in planned.rows:
        kind, names = _NAMES[type(row.record)]
        shape = SHAPES[type(row.record)]
        key = [getattr(row.record, name) for name in names]
        there = scene.reader.get(scene.shop, type(row.record), *key)
        before, after = (to_json(there.record) if there else {}), to_json(row.record)
        for each in shape.fields:
            if row.given is not None and there is not None and each.name not in row.given:
                continue
            was, becomes = before.get(each.name), after.get(each.name)
            if was != becomes:
                out.append(Changed(kind, "/".join(map(str, key)), each.name, was, becomes))
    return out
