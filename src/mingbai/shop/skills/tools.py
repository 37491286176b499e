"""The skills as tools of the OpenAI wire, and a call of one: JSON arguments in, plain JSON out."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from mingbai.shop.skills.scene import Scene
from mingbai.shop.skills.skill import Skill, parsed, schema
from mingbai.shop.skills.table import BY_NAME, SKILLS
from mingbai.values.chat import Tool
from mingbai.values.errors import BadInput, Text
from mingbai.values.json import JsonValue
from mingbai.values.money import Money
from mingbai.values.turn import Evidence, Value

# Small talk is no tool.
_NO_TOOL = frozenset(("greeting", "thanks", "off_topic"))


def tools(only: Collection[str] | None = None) -> tuple[Tool, ...]:
    """Every skill, or those named. One that writes says in its description that it only proposes."""
    return tuple(
        tool(skill) for skill in SKILLS if skill.name not in _NO_TOOL and (only is None or skill.name in only)
    )


def tool(skill: Skill[Any]) -> Tool:
    return Tool(skill.name, f"{skill.zh} / {skill.en}", schema(skill.arguments))


def call(scene: Scene, name: str, arguments: str | Mapping[str, JsonValue]) -> Evidence:
    """One call of a tool. A skill that writes only proposes. Raises `BadInput` for what is no tool or no argument of it."""
    skill = BY_NAME.get(name)
    if skill is None or name in _NO_TOOL:
        raise BadInput(
            Text(f"没有工具 {name}。", f"There is no tool {name}."),
            Text("tools/list 列出全部工具。", "tools/list names all."),
            code="unknown_tool",
        )
    given = parsed(skill.arguments, _object(arguments))
    # What a customer typed for a tool is all there is to read: the arguments are the message.
    return skill.run(replace(scene, intent=skill.intent, text=" ".join(_texts(given))), given)


def _object(arguments: str | Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    if isinstance(arguments, str):
        try:
            arguments = json.loads(arguments or "{}")
        except (ValueError, RecursionError) as e:
            raise _no_object() from e
    if not isinstance(arguments, Mapping):
        raise _no_object()
    return arguments


def _no_object() -> BadInput:
    return BadInput(
        Text("工具的参数不是 JSON 对象。", "The tool's arguments are no JSON object."),
        Text("按工具说明里的 JSON schema 填写。", "Follow the JSON schema of the tool's description."),
    )


def _texts(given: Any) -> list[str]:
    return [v for name in given.__dataclass_fields__ if isinstance(v := getattr(given, name), str) and v]


def as_json(found: Evidence) -> dict[str, JsonValue]:
    """The evidence as JSON, without what is empty."""
    out: dict[str, JsonValue] = {
        "facts": [
            {
                "name": f.name, "value": _plain(f.value), "zh": f.zh, "en": f.en, "about": f.about, "must": f.must,
                "sources": [f"{s.kind} {s.key} ({s.file}:{s.line})" for s in f.sources],
                **({"rule": f"{f.rule.id}: {f.rule.source}"} if f.rule else {}),
            }
            for f in found.facts
        ],
        "passages": [{"source": f"{p.kind} {p.key}", "title": p.title, "text": p.text} for p in found.passages],
        "refusals": [{"rule": r.rule, "zh": r.zh, "en": r.en} for r in found.refusals],
        "needs": [{"slot": n.slot, "zh": n.zh, "en": n.en, "choices": list(n.choices)} for n in found.needs],
        "proposal": {"skill": found.proposal.skill, "zh": found.proposal.zh, "en": found.proposal.en} if found.proposal else None,
        "done": {"action": found.done.action_no, "zh": found.done.zh, "en": found.done.en} if found.done else None,
        "handoff": found.handoff,
    }  # fmt: skip
    return {name: value for name, value in out.items() if value}


def _plain(value: Value) -> JsonValue:
    match value:
        case Money():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case _:
            return value
