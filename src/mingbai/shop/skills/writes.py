"""What all writing skills share: a plan as a proposal in our words, and the bound of money above which a person takes it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mingbai.shop.skills.actions import seen
from mingbai.shop.skills.limits import over_amount
from mingbai.shop.skills.scene import Scene
from mingbai.shop.skills.skill import Plan, given
from mingbai.values.errors import Text
from mingbai.values.money import Money
from mingbai.values.records import Origin, Record, Sourced
from mingbai.values.turn import Evidence, Fact, Proposal, Refusal

DESK = Origin("desk", 1)  # where a row says it came from when a customer's word changed it


def change(record: Record, *given_fields: str) -> Sourced:
    """A row as it shall be; only the named fields change."""
    return Sourced(record, DESK, frozenset(given_fields) if given_fields else None)


def plan(
    scene: Scene, skill: str, arguments: Any, ask: Text, done: Text, *rows: Sourced, order_no: str = "",
    amount: Money | None = None, facts: tuple[Fact, ...] = (), after: tuple[Fact, ...] = (),
) -> Plan | Evidence:  # fmt: skip
    """`ask` says what would be done; the confirmation is asked for here, once, in one wording."""
    refusal = over_amount(scene.limits.of(scene.asker.role, scene.now), amount)
    if refusal is not None:
        waits = Refusal(
            refusal.rule,
            f"{ask.zh}{refusal.zh}在此之前没有任何改动。",
            f"{ask.en} {refusal.en} Until then nothing is changed.",
        )
        return Evidence(scene.intent, facts=facts, refusals=(waits,), handoff=True)
    proposal = Proposal(
        skill,
        (*given(arguments), seen(scene, rows)),
        f"{ask.zh}确认的话请回复“确认”。",
        f'{ask.en} Please reply "yes" to confirm.',
    )
    return Plan(proposal, done.zh, done.en, rows, order_no, amount, facts, after)


def refused(scene: Scene, zh: str, en: str, evidence: Evidence | None = None) -> Evidence:
    """A no of the shop's rules; a person may still be asked for (PIPL art. 24: no such decision by a machine alone)."""
    base = evidence or Evidence(scene.intent)
    return replace(base, refusals=(*base.refusals, Refusal("not_allowed", zh, en)))
