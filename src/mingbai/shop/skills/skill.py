"""What a skill is: a name, what it is for in both languages, typed arguments, and if it writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from decimal import Decimal, InvalidOperation
from typing import Any, Generic, TypeVar, get_type_hints

from mingbai.shop.skills.scene import Scene
from mingbai.values.errors import BadInput, Text
from mingbai.values.json import JsonObject, JsonValue
from mingbai.values.money import Money
from mingbai.values.records import Sourced
from mingbai.values.turn import Evidence, Fact, Intent, Proposal

A = TypeVar("A")


def said(zh: str, en: str, default: Any = "") -> Any:
    """An argument: what it is in both languages. All may be left out; a skill asks for what it needs."""
    return field(default=default, metadata=told(zh, en))


def told(zh: str, en: str) -> dict[str, Text]:
    """The metadata of an argument."""
    return {"text": Text(zh, en)}


@dataclass(frozen=True, slots=True)
class Plan:
    """A write that could be made: in our words, the rows it would leave, and the money it moves."""

    proposal: Proposal
    zh: str = field(repr=False)  # what to say when it is done
    en: str = field(repr=False)
    rows: tuple[Sourced, ...] = field(repr=False)
    order_no: str = ""
    amount: Money | None = None
    facts: tuple[Fact, ...] = ()  # what is told beside the proposal: until when, when the money is back
    after: tuple[Fact, ...] = ()  # what is told when it is done: the next step


@dataclass(frozen=True, slots=True)
class Skill(Generic[A]):
    """`run` answers; of a skill that writes it only proposes, and `plan` says what would be written."""

    name: str
    zh: str
    en: str
    arguments: type[A]
    run: Callable[[Scene, A], Evidence]
    intent: Intent
    plan: Callable[[Scene, A], Plan | Evidence] | None = None

    @property
    def writes(self) -> bool:
        return self.plan is not None


def writing(plan: Callable[[Scene, A], Plan | Evidence]) -> Callable[[Scene, A], Evidence]:
    """The dry run of a skill that writes: what it would do, waiting for a yes."""

    def propose(scene: Scene, arguments: A) -> Evidence:
        planned = plan(scene, arguments)
        if isinstance(planned, Evidence):
            return planned
        return Evidence(scene.intent, facts=planned.facts, proposal=planned.proposal)

    return propose


def schema(arguments: type[Any]) -> JsonObject:
    """The arguments as a JSON schema of an object."""
    hints = get_type_hints(arguments)
    properties: dict[str, JsonValue] = {}
    for each in fields(arguments):
        kind = "integer" if hints[each.name] == int | None else "string"
        properties[each.name] = {"type": kind, "description": str(each.metadata["text"])}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def parsed(arguments: type[A], given: Mapping[str, JsonValue]) -> A:
    """Arguments from JSON. Raises `BadInput` for an unknown name or a value of another type; nothing is guessed."""
    hints = get_type_hints(arguments)
    values: dict[str, Any] = {}
    for name, value in given.items():
        if name not in hints:
            raise _refused(name, Text("没有这个参数", "there is no such argument"))
        values[name] = _value(name, hints[name], value)
    return arguments(**values)


def _value(name: str, kind: Any, value: JsonValue) -> Any:
    if kind == int | None:
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise _refused(name, Text("应是整数", "it should be a whole number"))
    if not isinstance(value, str) or len(value) > 500:
        raise _refused(name, Text("应是 500 字以内的文字", "it should be text of at most 500 characters"))
    if kind == Decimal | None:
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            raise _refused(name, Text("应是数字", "it should be a number"))
        return number
    return value


def _refused(name: str, why: Text) -> BadInput:
    return BadInput(
        Text(f"参数 {name}：{why.zh}。", f"Argument {name}: {why.en}."),
        Text("参数见工具的说明。", "The tool's description lists the arguments."),
        param=name,
    )


def given(arguments: Any) -> tuple[tuple[str, str], ...]:
    """Arguments as texts, without those left out: what a proposal keeps."""
    pairs = []
    for each in fields(arguments):
        value = getattr(arguments, each.name)
        default = None if each.default is MISSING else each.default
        if value != default:
            pairs.append((each.name, str(value)))
    return tuple(pairs)


def from_texts(arguments: type[A], pairs: tuple[tuple[str, str], ...]) -> A:
    """The inverse of `given`."""
    hints = get_type_hints(arguments)
    texts: dict[str, JsonValue] = {k: int(v) if hints.get(k) == int | None else v for k, v in pairs}
    return parsed(arguments, texts)
