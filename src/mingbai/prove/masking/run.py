"""Every part of `mingbai prove masking`, each as one object that prints and dumps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mingbai.permit.mask import KINDS, NAMES, Detector, Kind, Span
from mingbai.prove.masking import sets
from mingbai.prove.masking.lines import Gold, Line, lines
from mingbai.prove.masking.score import Count, Score
from mingbai.prove.spread import wilson
from mingbai.values.json import JsonObject

PHONES = frozenset({"mobile", "landline", "virtual_mobile", "masked_mobile"})
STRUCTURED: tuple[Kind, ...] = tuple(it for it in KINDS if it not in NAMES and it != "address")
_PARTS: tuple[tuple[str, frozenset[str]], ...] = (
    ("structured", frozenset(STRUCTURED)), ("address", frozenset({"address"})), ("name", frozenset({"name"})), ("name_title", frozenset({"name_title"})),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """One measured thing: `right` of `of`."""

    what: str
    right: int
    of: int

    def as_json(self) -> JsonObject:
        low, high = wilson(self.right, self.of)
        share = self.right / self.of if self.of else 0.0
        return {
            "right": self.right,
            "of": self.of,
            "share": round(share, 5),
            "low": round(low, 5),
            "high": round(high, 5),
        }

    def line(self) -> str:
        low, high = wilson(self.right, self.of)
        share = self.right / self.of if self.of else 0.0
        return f"{self.what:52} {self.right:6}/{self.of:<6} {share:.4f}  [{low:.4f}, {high:.4f}]"


@dataclass(slots=True)
class Outside:
    """On texts that nobody here wrote. `examples` are for --misses and hold other people's words."""

    measured: list[Named]
    examples: list[str] = field(default_factory=list, repr=False)


def mutated(detector: Detector, count: int, seed: int) -> tuple[Score, list[Line]]:
    made = list(lines(count, seed))
    score = Score()
    for line in made:
        score.add(line.text, line.gold, detector.spans(line.text), line.form)
    return score, made


def mutated_lines(score: Score) -> list[str]:
    out = [
        f"{'kind':16} {'known':>6} {'recall':>8} {'[95 %]':>18} {'masked':>8} {'spans':>6} {'precision':>9} {'[95 %]':>18}"
    ]
    rows = [(name, score.of(kinds)) for name, kinds in _PARTS]
    rows += [(kind, score.by_kind[kind]) for kind in STRUCTURED]
    out += [_row(name, count) for name, count in rows if count.known or count.spans]
    out.append(f"lines without personal data that were flagged: {score.flagged}/{score.clean}")
    forms = [f"{form or 'undisguised'} {it.found}/{it.known}" for form, it in sorted(score.by_form.items())]
    weak = sum(it.found < it.known for it in score.by_form.values())
    out.append(f"{len(forms) - 1} disguises, found of known; {weak} not all found:")
    out += ["  " + "; ".join(forms[at : at + 5]) for at in range(0, len(forms), 5)]
    return out


def mutated_json(score: Score) -> JsonObject:
    return {
        **{name: score.of(kinds).as_json() for name, kinds in _PARTS},
        "kinds": {kind: score.by_kind[kind].as_json() for kind in KINDS},
        "disguises": {
            form or "none": {"known": it.known, "found": it.found, "masked": it.masked}
            for form, it in score.by_form.items()
        },
        "clean_lines": score.clean,
        "clean_flagged": score.flagged,
    }


def crosswoz(detector: Detector, data: Path) -> Outside:
    phones = phones_found = addresses = touched = characters = inside = 0
    done = Outside([])
    extra = 0
    texts = sets.crosswoz(data)
    for it in texts:
        spans = detector.spans(it.text)
        for gold in it.gold:
            kinds = PHONES if gold.kind == "phone" else {"address"}
            covered = _covered(spans, kinds, gold)
            size = gold.end - gold.start
            whole = all(at in covered or not it.text[at].isalnum() for at in range(gold.start, gold.end))
            if gold.kind == "phone":
                phones += 1
                phones_found += whole
            else:
                addresses += 1
                touched += bool(covered)
                characters += size
                inside += len(covered)
            if not whole:
                done.examples.append(f"{gold.kind}: {it.text[gold.start : gold.end]} | {it.text}")
        extra += sum(all(one.end <= gold.start or gold.end <= one.start for gold in it.gold) for one in spans)
    others = sets.crosswoz_turns(data)
    flagged = sum(bool(detector.spans(it.text)) for it in others)
    done.measured += [
        Named("CrossWOZ telephones", phones_found, phones),
        Named("CrossWOZ addresses touched", touched, addresses),
        Named("CrossWOZ characters of addresses", inside, characters),
        Named("CrossWOZ other turns flagged (upper bound)", flagged, len(others)),
    ]
    return done


def reviews(detector: Detector, data: Path) -> Outside:
    texts = sets.reviews(data)
    found = [(it, detector.spans(it.text)) for it in texts]
    done = Outside(
        [Named("review lines flagged, of any kind", sum(bool(spans) for _, spans in found), len(found))]
    )
    names = sum(any(one.kind in NAMES for one in spans) for _, spans in found)
    done.measured.append(Named("review lines flagged for a name or title", names, len(found)))
    done.examples = [
        f"{one.kind}: {one.text} | …{it.text[max(0, one.start - 12) : one.end + 12]}…"
        for it, spans in found
        for one in spans
    ]
    return done


def tau(detector: Detector, data: Path) -> Outside:
    found: dict[str, int] = {}
    known: dict[str, int] = {}
    spans_made = outside = 0
    done = Outside([])
    for it in sets.tau(data):
        spans = detector.spans(it.text)
        for gold in it.gold:
            whole = any(
                one.kind == gold.kind and one.start <= gold.start and gold.end <= one.end for one in spans
            )
            known[gold.kind] = known.get(gold.kind, 0) + 1
            found[gold.kind] = found.get(gold.kind, 0) + whole
            if not whole:
                done.examples.append(f"missed {gold.kind}: {it.text[gold.start : gold.end]}")
        for one in spans:
            if one.kind not in NAMES:
                continue
            spans_made += 1
            if all(one.end <= gold.start or gold.end <= one.start for gold in it.gold):
                outside += 1
                done.examples.append(f"false {one.kind}: {one.text}")
    done.measured = [Named(f"tau-bench {kind}", found[kind], count) for kind, count in sorted(known.items())]
    done.measured.append(Named("tau-bench name spans outside the noted ones", outside, spans_made))
    return done


def synth(detector: Detector, data: Path) -> Outside:
    known: dict[str, int] = {}
    found: dict[str, int] = {}
    made = right = 0
    for it in sets.synth(data):
        spans = detector.spans(it.text)
        for gold in it.gold:
            kinds = PHONES if gold.kind == "phone" else NAMES if gold.kind == "name" else {gold.kind}
            known[gold.kind] = known.get(gold.kind, 0) + 1
            whole = any(
                one.kind in kinds and one.start <= gold.start and gold.end <= one.end for one in spans
            )
            found[gold.kind] = found.get(gold.kind, 0) + whole
    done = Outside(
        [
            Named(f"presidio-research English {kind}", found[kind], count)
            for kind, count in sorted(known.items())
        ]
    )
    for it in sets.synth(data, every=True):
        spans = detector.spans(it.text)
        made += len(spans)
        right += sum(any(one.start < gold.end and gold.start < one.end for gold in it.gold) for one in spans)
    done.measured.append(Named("presidio-research English spans on noted data", right, made))
    return done


def uner(detector: Detector, data: Path) -> Outside:
    known = found = made = right = 0
    for it in sets.uner(data):
        spans = [one for one in detector.spans(it.text) if one.kind == "name"]
        for gold in it.gold:
            if gold.kind == "name" and sets.chinese_name(it.text[gold.start : gold.end]):
                known += 1
                found += any(one.start <= gold.start and gold.end <= one.end for one in spans)
        made += len(spans)
        right += sum(any(one.start < gold.end and gold.start < one.end for gold in it.gold) for one in spans)
    return Outside(
        [
            Named("UNER Chinese names in running prose (not claimed)", found, known),
            Named("UNER name spans that are right", right, made),
        ]
    )


def _covered(spans: Sequence[Span], kinds: frozenset[str] | set[str], gold: Gold) -> set[int]:
    return {
        at
        for one in spans
        if one.kind in kinds
        for at in range(max(one.start, gold.start), min(one.end, gold.end))
    }


def _row(name: str, count: Count) -> str:
    recall, masked = count.found / max(1, count.known), count.masked / max(1, count.known)
    low, high = wilson(count.found, count.known)
    right = count.right / max(1, count.spans)
    down, up = wilson(count.right, count.spans)
    return f"{name:16} {count.known:6} {recall:8.4f} [{low:.4f}, {high:.4f}] {masked:8.4f} {count.spans:6} {right:9.4f} [{down:.4f}, {up:.4f}]"
