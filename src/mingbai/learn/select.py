"""Which candidates become rows: those with a live consent for training or a licence; masked, once each, and split.

The split keeps together what a person said, what is one template, and what reads alike: neither half has seen the other's.
It depends on nothing but the row's own groups, so that a row taken away moves no other row unless it tied them together.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from mingbai.learn.rows import LICENCES, Agreed, Candidate, Ground, Licensed, Row, Task
from mingbai.permit.consent import Consent, Purpose
from mingbai.permit.mask import Detector, for_training
from mingbai.turn.understand import form
from mingbai.turn.understand import lang as langs

HELD_OUT_PERCENT = 25
LONGEST = 400  # characters of a message: longer ones are letters, and slow to learn from
LONGEST_FACTS = 800  # of what a draft is made of
PURPOSE: Purpose = "training"
_NOT_SAID = re.compile(r"[\W_]+")
_NUMBERS = re.compile(r"[a-z]{0,4}\d[\d-]*")
_PSEUDONYM = re.compile(r"⟦[^⟧]*⟧")


class Agreements(Protocol):
    """The consent ledger, as this file sees it."""

    def given(self, person: str, purpose: Purpose) -> Consent | None: ...


class Keys(Protocol):
    """The vault, as this file sees it."""

    def derived(self, person: str, what: bytes) -> bytes: ...

    def tag(self, person: str) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Selection:
    """`left_out`: how many candidates were not taken, by why. `persons`: whose each subject is, to seal their rows."""

    rows: tuple[Row, ...]
    left_out: Mapping[str, int]
    persons: Mapping[str, str] = field(default_factory=dict, repr=False)


def select(
    candidates: Iterable[Candidate], agreements: Agreements, keys: Keys, detector: Detector, *,
    held_out_percent: int = HELD_OUT_PERCENT,
) -> Selection:  # fmt: skip
    """A pure function of the candidates, whatever their order, and of the ledger."""
    left_out: Counter[str] = Counter()
    grounds: dict[str, Consent | None] = {}
    taken: list[Row] = []
    for each in candidates:
        if each.person and each.person not in grounds:
            grounds[each.person] = agreements.given(each.person, PURPOSE)
        ground = _ground(each, grounds.get(each.person), keys)
        if isinstance(ground, str):
            left_out[ground] += 1
        elif not each.text.strip() or not each.completion.strip():
            left_out["empty"] += 1
        elif len(each.text) > _longest(each.task) or len(each.completion) > LONGEST:
            left_out["too long"] += 1
        elif _invents(row := _row(each, ground, keys, detector)):
            left_out["staff's words masked, the facts not"] += 1
        else:
            taken.append(row)
    rows = _once(taken, left_out)
    persons = {keys.tag(person).hex(): person for person, consent in grounds.items() if consent is not None}
    return Selection(_split(rows, held_out_percent), dict(sorted(left_out.items())), persons)


def _longest(task: Task) -> int:
    return LONGEST_FACTS if task == "preference" else LONGEST


def drawn(rows: Sequence[Row], most: int) -> list[Row]:
    """At most so many, evenly over what they teach, people's own words before ours; the same ones every time."""
    turns: dict[str, int] = {}
    order: list[tuple[int, str, Row]] = []
    for row in sorted(rows, key=lambda it: (it.source == "own", _drawn_by(it.id))):
        turn = turns.setdefault(row.completion if row.task == "intent" else row.task, 0)
        turns[row.completion if row.task == "intent" else row.task] += 1
        order.append((turn, _drawn_by(row.id), row))
    return [row for _, _, row in sorted(order, key=lambda it: it[:2])[:most]]


def _drawn_by(row_id: str) -> str:
    return hashlib.sha256(f"draw {row_id}".encode()).hexdigest()


def _ground(each: Candidate, consent: Consent | None, keys: Keys) -> Ground | str:
    """By what right, or why not. A person's words need that person's consent, whatever licence is claimed for them."""
    if each.person:
        if consent is None:
            return "no live consent"
        if not set(each.category.split(",")) <= {it.strip() for it in consent.category.split(",")}:
            return "consent for other data"
        return Agreed(
            consent.seq, keys.tag(each.person).hex(), consent.notice, consent.version, consent.lang, consent.region
        )  # fmt: skip
    if each.source != "own":
        return "nobody's consent can be asked"
    return Licensed(each.licence) if each.licence in LICENCES else "no licence"


def _row(each: Candidate, ground: Ground, keys: Keys, detector: Detector) -> Row:
    text, completion, rejected = each.text, each.completion, each.rejected
    lang = langs.of(text)
    if each.person:
        key = keys.derived(each.person, b"training")
        script: Literal["zh", "en"] = "en" if lang == "en" else "zh"
        text, completion, rejected = (
            for_training(detector, said, key, script) if said else "" for said in (text, completion, rejected)
        )
        name = hmac.digest(key, f"{each.task}\n{text}\n{completion}\n{rejected}".encode(), "sha256")
    else:
        name = hashlib.sha256(f"{each.task}\n{text}\n{completion}\n{rejected}".encode()).digest()
    return Row(
        name.hex()[:24], each.task, "train", lang, text, completion, each.source, ground, each.template, rejected
    )  # fmt: skip


def _invents(row: Row) -> bool:
    """Whether a choice would teach to write pseudonyms that its facts do not hold: staff named somebody, or what they said of goods
    reads like a name."""
    return row.task == "preference" and not set(_PSEUDONYM.findall(row.completion)) <= set(
        _PSEUDONYM.findall(row.text)
    )


def _once(rows: Sequence[Row], left_out: Counter[str]) -> list[Row]:
    """What reads the same is kept once, and nobody's rather than somebody's; what is said to mean two things, not at all."""
    alike: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        alike.setdefault((row.task, read_alike(row.text)), []).append(row)
    kept: list[Row] = []
    for same in alike.values():
        first, *others = sorted(same, key=lambda it: (it.source != "own", it.id, it.template))
        if first.task == "intent" and any(row.completion != first.completion for row in others):
            left_out["said to mean two things"] += len(same)
            continue
        if others:
            left_out["duplicate"] += len(others)
        kept.append(first)
    return sorted(kept, key=lambda it: it.id)


def read_alike(text: str) -> str:
    """Without marks, spaces, case."""
    return _NOT_SAID.sub("", text).casefold()


def skeleton(text: str) -> str:
    """What is left when script, width, marks and numbers are taken away: two rows with one are the same lesson."""
    said = form.plain(_PSEUDONYM.sub("0", text)).text
    return _NOT_SAID.sub("", _NUMBERS.sub("0", said))


def groups(row: Row) -> list[str]:
    """What ties a row to others."""
    found = [f"words {skeleton(row.text)}"]
    if row.subject:
        found.append(f"person {row.subject}")
    if row.template:
        found.append(f"template {row.template}")
    return found


def _split(rows: Sequence[Row], percent: int) -> tuple[Row, ...]:
    """Rows that share a group, also by way of others, go to one side, chosen by the digest of their first group."""
    leads: dict[str, str] = {}

    def lead(group: str) -> str:
        while leads.setdefault(group, group) != group:
            leads[group] = leads[leads[group]]
            group = leads[group]
        return group

    for row in rows:
        first, *others = groups(row)
        for other in others:
            one, two = sorted((lead(first), lead(other)))
            leads[two] = one
    return tuple(
        replace(row, part="held_out" if falls(lead(groups(row)[0]), percent) else "train") for row in rows
    )


def falls(group: str, percent: int = HELD_OUT_PERCENT) -> bool:
    """Whether what this group leads is held out."""
    return int.from_bytes(hashlib.sha256(f"split {group}".encode()).digest()[:4]) % 100 < percent
