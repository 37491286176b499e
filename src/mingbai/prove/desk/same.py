"""`mingbai prove same-answer`: is the answer the same in 简体, 繁體 and English, and to whoever asks?

Compared are the facts that the answer must tell (name, what of, value), the page it cites, refusals, needs, proposals and
hand-offs, never the words. What may be left out of an answer (`values.turn.Fact.must`) is compared only where nothing must be
told; a page's sentence is the same told alone or cited in its paragraph. Every difference has a cause: the first step of the path
at which the two turns part.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from importlib.resources import files

from mingbai.prove.desk.case import Case
from mingbai.prove.desk.figures import plain
from mingbai.prove.desk.talk import Talk
from mingbai.prove.spread import Share
from mingbai.turn.basis import Basis
from mingbai.turn.templates import cited, lines
from mingbai.values.json import JsonObject
from mingbai.values.turn import Fact, Intent, Slots, Turn
from mingbai.zh.script import simplify, traditionalise

WAYS = ("script", "english", "customer")
# What a shop tells everybody alike.
PUBLIC = frozenset(
    (Intent.PRODUCT_INFO, Intent.SIZE_ADVICE, Intent.STOCK, Intent.PRICE, Intent.COUPON, Intent.DELIVERY_TIME, Intent.OFF_TOPIC,
     Intent.GREETING, Intent.THANKS, Intent.HANDOFF)
)  # fmt: skip
CODES = (
    "order_no",
    "phone_tail",
    "tracking_no",
    "height_cm",
    "weight_kg",
    "quantity",
)  # slots that no translation changes


@dataclass(frozen=True, slots=True)
class Pair:
    """The same question in two ways."""

    way: str
    one: Case
    other: Case

    @property
    def cases(self) -> tuple[Case, Case]:
        return self.one, self.other


@dataclass(frozen=True, slots=True)
class Difference:
    """`cause`: language, intent, slot, row; sentence where the values are the same and only one of the two tells a sentence of a
    description or a page besides."""

    pair: Pair
    cause: str
    what: str


def pairs(cases: Sequence[Case], customers: tuple[str, str] | None) -> Iterator[Pair]:
    """`customers` are two of the same country, for questions that no order matters to."""
    english = twins()
    by_id = {case.id: case for case in cases}
    for case in cases:
        if case.lang != "en":
            said = tuple(_other_script(text, case.lang) for text in case.say)
            lang = "zh-Hans" if case.lang == "zh-Hant" else "zh-Hant"
            if said != case.say:
                yield Pair("script", case, replace(case, id=f"{case.id}~{lang}", say=said, lang=lang))
        twin = english.get(case.id)
        if case.lang != "en" and twin is not None and len(twin) == len(case.say):
            yield Pair("english", case, replace(case, id=f"{case.id}~en", say=twin, lang="en"))
        if case.same_as in by_id:
            yield Pair("english", by_id[case.same_as], case)
        if (
            customers
            and not case.customer
            and not case.order
            and case.intents
            and set(case.intents) <= PUBLIC
        ):
            one, other = (replace(case, id=f"{case.id}~{c}", customer=c) for c in customers)
            yield Pair("customer", one, other)


def twins() -> dict[str, tuple[str, ...]]:
    text = (files("mingbai.prove.desk") / "twins.txt").read_text("utf-8")
    lines = [line.partition(": ") for line in text.splitlines() if line and not line.startswith("#")]
    return {name: tuple(part.strip() for part in said.split("⏎")) for name, _, said in lines}


def _other_script(text: str, lang: str) -> str:
    return (simplify(text) if lang == "zh-Hant" else traditionalise(text)).text


def differences(asked: Sequence[tuple[Pair, Talk, Talk]]) -> list[Difference]:
    found = []
    for pair, one, other in asked:
        if part := parted(pair, one, other):
            found.append(Difference(pair, *part))
    return found


def parted(pair: Pair, one: Talk, other: Talk) -> tuple[str, str] | None:
    """Where the two part and how; None when the answers are the same."""
    a, b = one.last.turn, other.last.turn
    if a is None or b is None or len(one.answers) != len(other.answers):
        return "error", f"{one.last.error or 'answered'} | {other.last.error or 'answered'}"
    what = _apart(a, b)
    if not what:
        return None
    for talk, case in ((one, pair.one), (other, pair.other)):
        turn = talk.last.turn
        spoken = turn.understood.lang if turn is not None and turn.understood else ""
        if (spoken == "en") is not (case.lang == "en"):
            return "language", f"{case.lang} taken for {spoken}: {what}"
    for before, after in zip(
        one.answers, other.answers, strict=True
    ):  # of several messages the first that was taken otherwise
        if before.turn is None or after.turn is None:
            continue
        if (x := _intents(before.turn)) != (y := _intents(after.turn)):
            return "intent", f"{' '.join(x)} | {' '.join(y)}"
        if slot := _slots(before.turn, after.turn, translated=pair.way == "english"):
            return "slot", slot
    return ("sentence" if _but_for_sentences(a, b) else "row"), what


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as it is compared: by its value, and a sentence, which has none, by its words in either language."""

    name: str
    about: str
    value: str
    zh: str = ""
    en: str = ""

    @staticmethod
    def of(fact: Fact) -> Told:
        if fact.name.endswith("not_said"):
            return Told(fact.name, fact.about, "not known")  # in whatever words
        if fact.value is None:
            return Told(fact.name, fact.about, "", fact.zh, fact.en)
        return Told(fact.name, fact.about, plain(str(fact.value)))

    def is_in(self, others: set[Told]) -> bool:
        return any(self._is(other) for other in others)

    def _is(self, other: Told) -> bool:
        if "cited" in (self.value, other.value):
            if self.value == other.value:
                return self.name == other.name
            page, said = (self, other) if self.value == "cited" else (other, self)
            return any(text and _bare(text) in _bare(page.zh) for text in (said.zh, said.en))
        same = (self.name, self.about, self.value) == (other.name, other.about, other.value)
        return same and (self.zh == other.zh or self.en == other.en)

    def __str__(self) -> str:
        return f"{self.name} {self.about} {self.value or self.zh}".strip()


def _apart(a: Turn, b: Turn) -> str:
    """What differs in the evidence, named; "" when nothing does."""
    one, two = _facts(a), _facts(b)
    only = [{str(f) for f in x if not f.is_in(y)} for x, y in ((one, two), (two, one))]
    if only[0] or only[1]:
        return f"facts: {_short(only[0])} | {_short(only[1])}"
    for name, of in (
        ("refusal", _refusals),
        ("need", _needs),
        ("proposal", _proposals),
        ("hand-off", _handoff),
    ):
        x, y = of(a), of(b)
        if x != y:
            return f"{name}: {_short(x - y)} | {_short(y - x)}"
    return ""


def _but_for_sentences(a: Turn, b: Turn) -> bool:
    """Whether both tell the same values, at least one, and differ only in sentences beside them."""
    one, two = ({str(f) for f in _facts(turn) if f.value not in ("", "cited")} for turn in (a, b))
    return (
        bool(one) and one == two and all(of(a) == of(b) for of in (_refusals, _needs, _proposals, _handoff))
    )


def _facts(turn: Turn) -> set[Told]:
    """What the answer tells, and the page that it cites for want of a fact."""
    basis = Basis.of(turn)
    told = [line.fact for line in lines(turn, basis) if line.fact is not None]
    told = [f for f in told if f.must] or told
    besides = {
        f.about for f in told if not f.name.endswith(".title")
    }  # what the others are of needs no naming
    found = {Told.of(f) for f in told if not (f.name.endswith(".title") and f.about in besides)}
    for e in turn.evidence:
        if not e.facts and not e.refusals and (page := cited(e, basis)) is not None:
            found.add(Told(f"page.{page.key}", "", "cited", page.text))
    return found


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _refusals(turn: Turn) -> set[str]:
    return {r.rule for e in turn.evidence for r in e.refusals}


def _needs(turn: Turn) -> set[str]:
    return {n.slot for e in turn.evidence for n in e.needs}


def _proposals(turn: Turn) -> set[str]:
    return {e.proposal.skill for e in turn.evidence if e.proposal} | {
        e.done.skill for e in turn.evidence if e.done
    }


def _handoff(turn: Turn) -> set[str]:
    return {"person"} if any(e.handoff for e in turn.evidence) else set()


def _intents(turn: Turn) -> tuple[str, ...]:
    understood = turn.understood
    asked = ("unsure",) if understood and understood.unsure else ()
    return (*sorted(e.intent.value for e in turn.evidence), *asked)


def _slots(a: Turn, b: Turn, *, translated: bool) -> str:
    one = a.understood.slots if a.understood else Slots()
    two = b.understood.slots if b.understood else Slots()
    for each in fields(Slots):
        x, y = (tuple(plain(str(v)) for v in getattr(s, each.name)) for s in (one, two))
        if each.name == "date":
            x, y = (tuple(str(d.iso) for d in s.date) for s in (one, two))
        if translated and each.name not in CODES:
            x, y = (str(len(x)),), (str(len(y)),)  # as many were named
        if x != y:
            return f"{each.name}: {', '.join(x) or '–'} | {', '.join(y) or '–'}"
    return ""


def _short(items: set[str]) -> str:
    return "; ".join(sorted(items))[:160] or "–"


@dataclass(frozen=True, slots=True)
class Report:
    asked: tuple[tuple[Pair, Talk, Talk], ...]
    found: tuple[Difference, ...]

    def same(self, way: str | None = None) -> Share:
        of = [p for p, _, _ in self.asked if way in (None, p.way)]
        apart = [d for d in self.found if way in (None, d.pair.way)]
        return Share(len(of) - len(apart), len(of))

    @property
    def causes(self) -> Counter[str]:
        return Counter(d.cause for d in self.found)

    def lines(self) -> list[str]:
        names = {
            "script": "简体 ↔ 繁體 / scripts",
            "english": "中文 ↔ English",
            "customer": "两位顾客 / two customers",
        }
        rows = [f"{names[way]}: {self.same(way).of} {self.same(way)}" for way in WAYS]
        rows.append(f"全部 / all: {self.same().of} {self.same()}")
        rows.append("原因 / causes: " + ("  ".join(f"{c} {n}" for c, n in self.causes.most_common()) or "–"))
        return rows

    def differences(self) -> list[str]:
        return [
            f"{d.pair.other.id} [{d.pair.way}] {d.cause}: {d.what}\n    {' ⏎ '.join(d.pair.one.say)}\n    {' ⏎ '.join(d.pair.other.say)}"
            for d in self.found
        ]

    def as_json(self, *, shown: bool = True) -> JsonObject:
        """Without `shown` the totals alone."""
        return {
            **{way: {"n": self.same(way).of, "same": self.same(way).hits} for way in WAYS},
            "causes": dict(self.causes),
            "differences": [
                {"id": d.pair.other.id, "way": d.pair.way, "cause": d.cause, "what": d.what}
                for d in self.found
                if shown
            ],
        }


def reported(asked: Sequence[tuple[Pair, Talk, Talk]]) -> Report:
    return Report(tuple(asked), tuple(differences(asked)))
