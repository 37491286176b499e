"""Counts of graded answers, their 95 % Wilson intervals, and the table and JSON that `mingbai prove tools` prints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from mingbai.prove.graders.calls import Call, Verdict
from mingbai.prove.spread import wilson
from mingbai.values.json import JsonObject, JsonValue


@dataclass(frozen=True, slots=True)
class Answer:
    """One graded answer. `faults` has one entry per call: "" or what breaks its function's schema."""

    calls: tuple[Call, ...]
    faults: tuple[str, ...]
    verdict: Verdict
    seconds: float
    text: str = field(default="", repr=False)
    finish: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Graded:
    """One question of a suite, asked with tools and, if wanted, plainly."""

    id: str
    suite: str
    tools: Answer
    plain: Answer | None


@dataclass(frozen=True, slots=True)
class Tally:
    """`valid` of `calls` name a known function with JSON arguments that fit its schema; `called` answers made a call."""

    n: int = 0
    right: int = 0
    strict: int = 0
    called: int = 0
    calls: int = 0
    valid: int = 0
    cut: int = 0
    errors: int = 0
    seconds: float = 0.0

    def as_json(self) -> JsonObject:
        low, high = wilson(self.right, self.n)
        return {
            "n": self.n,
            "right": self.right,
            "accuracy": _share(self.right, self.n),
            "accuracy_95": [low, high],
            "strict_accuracy": _share(self.strict, self.n),
            "answers_with_calls": self.called,
            "calls": self.calls,
            "valid_calls": self.valid,
            "valid_share": _share(self.valid, self.calls),
            "cut_by_max_tokens": self.cut,
            "errors": self.errors,
            "seconds_per_question": _share(self.seconds, self.n),
        }


def tally(answers: Iterable[Answer]) -> Tally:
    answers = list(answers)
    return Tally(
        n=len(answers),
        right=sum(answer.verdict.right for answer in answers),
        strict=sum(answer.verdict.strict for answer in answers),
        called=sum(bool(answer.calls) for answer in answers),
        calls=sum(len(answer.calls) for answer in answers),
        valid=sum(not fault for answer in answers for fault in answer.faults),
        cut=sum(answer.finish == "length" for answer in answers),
        errors=sum(bool(answer.error) for answer in answers),
        seconds=sum(answer.seconds for answer in answers),
    )


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the report: a suite, or the total over all suites that are not extra."""

    name: str
    tools: Tally
    plain: Tally | None
    extra: bool = False


def rows(graded: Sequence[Graded], suites: Sequence[tuple[str, bool]]) -> tuple[Row, ...]:
    """`suites` are names with whether they are extra; the total comes last."""

    def row(name: str, some: Sequence[Graded], extra: bool = False) -> Row:
        plain = [item.plain for item in some if item.plain is not None]
        return Row(name, tally(item.tools for item in some), tally(plain) if plain else None, extra)

    counted = {name for name, extra in suites if not extra}
    lines = [row(name, [item for item in graded if item.suite == name], extra) for name, extra in suites]
    return (*lines, row("total", [item for item in graded if item.suite in counted]))


def as_json(report: Sequence[Row]) -> JsonValue:
    return [
        {
            "suite": row.name,
            "extra": row.extra,
            "tools": row.tools.as_json(),
            "plain": row.plain.as_json() if row.plain else None,
        }
        for row in report
    ]


def as_table(report: Sequence[Row]) -> str:
    head = (
        "suite",
        "n",
        "valid calls",
        "accuracy [95 %]",
        "strict",
        "plain [95 %]",
        "plain strict",
        "s/question",
    )
    body = [_cells(row) for row in report]
    widths = [max(len(line[column]) for line in (head, *body)) for column in range(len(head))]
    lines = [
        "  ".join(cell.ljust(width) if not column else cell.rjust(width) for column, (cell, width) in pairs)
        for pairs in (enumerate(zip(line, widths, strict=True)) for line in (head, *body))
    ]
    notes = [
        "",
        "extra suites (+) are not in the total; s/question: with tools / plain, waiting in the queue included",
    ]
    for row in report:
        for side, count in (("tools", row.tools), ("plain", row.plain)):
            if count and (count.cut or count.errors):
                notes.append(f"{row.name}, {side}: {count.cut} cut by max_tokens, {count.errors} errors")
    return "\n".join([*lines, *notes])


def _cells(row: Row) -> tuple[str, ...]:
    tools, plain = row.tools, row.plain
    seconds = f"{_share(tools.seconds, tools.n):.2f}"
    return (
        row.name + (" +" if row.extra else ""),
        str(tools.n),
        f"{_percent(tools.valid, tools.calls)} of {tools.calls}",
        _with_interval(tools),
        _percent(tools.strict, tools.n),
        _with_interval(plain) if plain else "–",
        _percent(plain.strict, plain.n) if plain else "–",
        f"{seconds} / {_share(plain.seconds, plain.n):.2f}" if plain else seconds,
    )


def _with_interval(count: Tally) -> str:
    low, high = wilson(count.right, count.n)
    return f"{_percent(count.right, count.n)} [{100 * low:.1f}–{100 * high:.1f}]"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def _share(part: float, whole: int) -> float:
    return part / whole if whole else 0.0


def details(graded: Graded) -> JsonObject:
    """Everything about one question, for whoever asks why it was wrong. Holds the answers; not for a log."""

    def side(answer: Answer | None) -> JsonValue:
        if answer is None:
            return None
        return {
            "right": answer.verdict.right,
            "strict": answer.verdict.strict,
            "reason": answer.verdict.reason,
            "calls": [{"name": call.name, "arguments": call.arguments} for call in answer.calls],
            "faults": list(answer.faults),
            "text": answer.text,
            "finish": answer.finish,
            "error": answer.error,
            "seconds": round(answer.seconds, 3),
        }

    return {"id": graded.id, "suite": graded.suite, "tools": side(graded.tools), "plain": side(graded.plain)}
