"""Reads the public tool-use sets from the folder of shared data into cases. Changes nothing in them and keeps no row."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from mingbai.prove.graders.acebench import acebench_match
from mingbai.prove.graders.bfcl import bfcl_match
from mingbai.prove.graders.calls import Call, Verdict
from mingbai.prove.schemas import to_tools
from mingbai.values.chat import Message, Tool
from mingbai.values.errors import NotFound, Text
from mingbai.values.json import JsonObject

SuiteName = Literal[
    "acebench_zh_single",
    "acebench_zh_parallel",
    "bfcl_simple",
    "bfcl_multiple",
    "bfcl_irrelevance",
    "bfcl_parallel",
]


@dataclass(frozen=True, slots=True)
class Suite:
    """`extra` suites are printed, and left out of the total."""

    name: SuiteName
    file: str
    category: str
    language: Literal["zh", "en"]
    extra: bool = False


SUITES: tuple[Suite, ...] = (
    Suite("acebench_zh_single", "acebench/acebench_zh.jsonl", "normal_single_turn_single_function", "zh"),
    Suite("acebench_zh_parallel", "acebench/acebench_zh.jsonl", "normal_single_turn_parallel_function", "zh"),
    Suite("bfcl_simple", "bfcl_v4/single_turn.jsonl", "simple_python", "en"),
    Suite("bfcl_multiple", "bfcl_v4/single_turn.jsonl", "multiple", "en"),
    Suite("bfcl_irrelevance", "bfcl_v4/single_turn.jsonl", "irrelevance", "en", extra=True),
    Suite("bfcl_parallel", "bfcl_v4/single_turn.jsonl", "parallel", "en", extra=True),
)

# ACEBench's harness tells every model these rules of its answers (model_inference/prompt/prompt_zh.py); said here in
# our words, to both sides alike. The time line follows it as in the harness.
_ACEBENCH_RULES = (
    "调用函数时：参数的取值如无格式要求，照用户的原话填写；用户没有提到的非必填参数不要填写；不要编造参数。"
)


@dataclass(frozen=True, slots=True)
class Case:
    """One question. `expected` is the data's own answer, empty where no function fits; `originals` maps tool names back."""

    id: str
    suite: SuiteName
    language: Literal["zh", "en"]
    messages: tuple[Message, ...] = field(repr=False)
    tools: tuple[Tool, ...] = field(repr=False)
    originals: Mapping[str, str] = field(repr=False)
    documents: tuple[JsonObject, ...] = field(repr=False)
    expected: Any = field(repr=False)  # the set's own shape; only its grader looks inside


def grade(case: Case, calls: Sequence[Call]) -> Verdict:
    """`calls` carry tool names or the documents' own names."""
    named = [Call(case.originals.get(call.name, call.name), call.arguments) for call in calls]
    if case.suite == "bfcl_irrelevance":
        return Verdict(not named, not named, "a function was called where none fits" if named else "")
    match = acebench_match if case.suite.startswith("acebench") else bfcl_match
    return match(case.expected, named, case.documents)


def load(data: Path, suite: Suite, *, limit: int | None = None, seed: int = 0) -> tuple[Case, ...]:
    """The suite's cases in the file's order; with `limit`, that many drawn at random by `seed`."""
    path = data / suite.file
    if not path.is_file():
        raise NotFound(
            Text(f"没有数据文件 {path}。", f"No data file {path}."),
            Text("用 --data 指出共享数据的目录。", "Point --data at the folder of shared data."),
            param="data",
        )
    with path.open(encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["category"] == suite.category]
    if limit is not None and limit < len(rows):
        drawn = sorted(random.Random(seed).sample(range(len(rows)), limit))
        rows = [rows[index] for index in drawn]
    return tuple(_case(suite, row) for row in rows)


def _case(suite: Suite, row: dict[str, Any]) -> Case:
    tools, originals = to_tools(row["function"])
    messages = _acebench_messages(row) if suite.language == "zh" else _bfcl_messages(row)
    return Case(
        id=row["id"],
        suite=suite.name,
        language=suite.language,
        messages=messages,
        tools=tools,
        originals=originals,
        documents=tuple(row["function"]),
        expected=row["ground_truth"] or [],
    )


def _acebench_messages(row: Mapping[str, Any]) -> tuple[Message, ...]:
    """The question is a dialogue as text; single-turn rows have one line of it, from `user:`."""
    system = "\n\n".join(part for part in (_ACEBENCH_RULES, row.get("time") or "") if part)
    return Message("system", system), Message("user", row["question"].strip().removeprefix("user:").strip())


def _bfcl_messages(row: Mapping[str, Any]) -> tuple[Message, ...]:
    [turn] = row["question"]
    return tuple(Message(message["role"], message["content"]) for message in turn)
