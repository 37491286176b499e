"""The desk's own understanding adapter: what it learns from, and the order from there to a file with its manifest.

Only what we wrote ourselves, Apache-2.0: the understanding's examples, `sayings/`, and the development suites tea-dev and
tea-dev2. Kept out by their authors' hands: tea-dev3, tea-dev4 and `held_out.txt`, and whatever reads as one of their messages.
The answer to `QUESTION`, which is the one that the desk asks every adapter, is one label word, or two with 、 between them.
The manifest names the question, so that a file is asked as it was taught whatever the code says since.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from mingbai.learn import generate
from mingbai.learn.examples import Example, Progress, Recipe, Train, Trained
from mingbai.learn.select import skeleton
from mingbai.prove import understand_dev as dev
from mingbai.receipt import canonical
from mingbai.turn.understand.ask import TUNED, labels
from mingbai.turn.understand.table import sections
from mingbai.values.json import JsonObject
from mingbai.values.turn import Intent

TAUGHT: tuple[dev.Suite, ...] = ("tea-dev", "tea-dev2")
KEPT_OUT: tuple[dev.Suite, ...] = ("tea-dev3", "tea-dev4")
QUESTION = TUNED
ROWS = 4800
DOUBLES = 240  # messages made of two
EACH = 60  # of an intent's messages in the suites; 170 of 700 ask for a person
RECIPE = Recipe(epochs=2, batch=16)
FILE, MANIFEST = "desk-understand.gguf", "desk-understand.json"
LICENCE = generate.LICENCE
_TWO_ZH, _TWO_EN = ("，", "，还有", "。另外", " 顺便问下 "), (", ", ". Also ", " and ")
_NOT_DOUBLED = frozenset((Intent.GREETING, Intent.THANKS, Intent.OFF_TOPIC, Intent.HANDOFF, Intent.COMPLAINT))


@dataclass(frozen=True, slots=True)
class Taught:
    """One message and what it asks for, in the order that it is to be said."""

    text: str = field(repr=False)
    intents: tuple[Intent, ...]
    source: str

    @property
    def id(self) -> str:
        return hashlib.sha256(f"{self.text}\n{self.completion}".encode()).hexdigest()[:16]

    @property
    def completion(self) -> str:
        words = {intent: word for word, intent in labels().items()}
        return "、".join(words[intent] for intent in self.intents)


def taught(most: int = ROWS) -> list[Taught]:
    """The same rows in the same order every time: the suites', then doubles, then ours by turns of intent."""
    kept_out = [text for suite in KEPT_OUT for text in dev.texts(suite)]
    barred = {skeleton(text) for text in (*kept_out, *(it.text for it in dev.held_out()))}
    known = set(barred)
    made: list[Taught] = []

    def take(each: Taught) -> bool:
        alike = skeleton(each.text)
        if not alike or alike in known:
            return False
        known.add(alike)
        made.append(each)
        return True

    counts: Counter[tuple[Intent, ...]] = Counter()
    for each in _drawn(_of_suites()):
        if counts[each.intents] < EACH:
            counts[each.intents] += take(each)
    ours = _drawn(_sayings()) + _drawn(_examples())
    for each in _doubled(ours)[:DOUBLES]:
        take(each)
    waiting: dict[tuple[Intent, ...], list[Taught]] = {}
    for each in reversed(ours):
        waiting.setdefault(each.intents, []).append(each)
    while len(made) < most and any(waiting.values()):
        for intents in sorted(waiting):
            if waiting[intents] and len(made) < most:
                take(waiting[intents].pop())
    return made[:most]


def lessons(rows: Sequence[Taught]) -> list[Example]:
    return [Example.of(row.id, row.text, row.completion, QUESTION) for row in rows]


def digest(rows: Sequence[Taught]) -> str:
    said: JsonObject = {"v": 1, "question": QUESTION, "rows": [[row.text, row.completion] for row in rows]}
    return hashlib.sha256(canonical.dumps(said)).hexdigest()


def build(
    base: Path, out: Path, train: Train, told: Callable[[Progress], None], recipe: Recipe = RECIPE
) -> Path:
    """Into the folder `out`: the adapter and its manifest, whose path is returned."""
    rows = taught()
    out.mkdir(parents=True, exist_ok=True)
    made = train(base, lessons(rows), recipe, out / FILE, told)
    place = out / MANIFEST
    place.write_text(
        json.dumps(manifest(rows, made, base.name), ensure_ascii=False, indent=1) + "\n", "utf-8"
    )
    return place


def manifest(rows: Sequence[Taught], made: Trained, base: str) -> JsonObject:
    return {
        "v": 1, "name": "desk/understand", "base": base, "base_sha256": made.base_sha256, "sha256": made.sha256,
        "question": QUESTION, "recipe": dict(asdict(made.recipe)), "data_sha256": digest(rows), "rows": len(rows),
        "sources": dict(sorted(Counter(row.source for row in rows).items())), "licence": LICENCE,
        "kept_out": [*KEPT_OUT, "held_out"], "seconds": round(made.seconds, 1), "peak_mib": made.peak_mib,
        "losses": [round(loss, 4) for loss in made.losses],
    }  # fmt: skip


def _of_suites() -> Iterator[Taught]:
    for suite in TAUGHT:
        for it in dev.of_suite(suite):
            meant = it.intents or it.accepted
            if it.intents or len(meant) == 1:
                yield Taught(it.text, tuple(sorted(meant)), suite)


def _sayings() -> Iterator[Taught]:
    for it in generate.own(ways=1):
        yield Taught(it.text, (labels()[it.completion],), "sayings")


def _examples() -> Iterator[Taught]:
    for lang in ("zh", "en"):
        for name, lines in sections("examples", f"{lang}.txt").items():
            for line in lines:
                yield Taught(line, (Intent(name),), "examples")
    for line in sections("examples", "person.txt")["asked"]:
        yield Taught(line, (Intent.HANDOFF,), "examples")


def _doubled(ours: Sequence[Taught]) -> list[Taught]:
    """Neighbours in the drawn order that ask for two things in one language."""
    made = []
    for one, two in zip(ours[::2], ours[1::2], strict=False):
        apart = one.intents != two.intents and not {*one.intents, *two.intents} & _NOT_DOUBLED
        if apart and one.text.isascii() == two.text.isascii():
            between = _TWO_EN if one.text.isascii() else _TWO_ZH
            text = one.text.rstrip("，。？！,.?! ") + between[int(one.id, 16) % len(between)] + two.text
            made.append(Taught(text, tuple(sorted((*one.intents, *two.intents))), "doubled"))
    return made


def _drawn(rows: Iterator[Taught]) -> list[Taught]:
    return sorted(rows, key=lambda row: hashlib.sha256(f"desk {row.id}".encode()).digest())
