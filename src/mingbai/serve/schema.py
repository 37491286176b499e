"""What callers may send to /v1/chat/completions, and how it becomes an `Ask`.

OpenAI's shape, strictly: an unknown field is refused, because a misspelt `temperature` that is ignored is a wrong
answer that nobody notices. Fields of OpenAI's that this service does not offer are refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue
from pydantic_core import PydanticCustomError

from mingbai.values.chat import Ask, Asker, Message, Sampling, Tool, ToolCall, ToolChoice
from mingbai.values.errors import BadInput, Forbidden, Text
from mingbai.values.json import JsonObject


def _whole(value: object) -> object:
    """JSON Schema calls 5.0 an integer, and clients without integers write one so."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _boolean(value: object) -> object:
    """To Python, and so to `Literal`, 0 is False."""
    if not isinstance(value, bool):
        raise PydanticCustomError("bool_type", "Input should be a valid boolean")
    return value


WHOLE = BeforeValidator(_whole)  # after `Field` in Annotated: before it, the bounds are lost to /openapi.json
Name = Annotated[str, Field(pattern=r"^[a-zA-Z0-9_-]{1,64}$")]
Whole = Annotated[int, Field(ge=1, le=1_000_000), WHOLE]
No = Annotated[Literal[False], BeforeValidator(_boolean)]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


class TextPart(Shape):
    type: Literal["text"]
    text: str


Content = str | Annotated[list[TextPart], Field(min_length=1)]


class SystemMessage(Shape):
    role: Literal["system", "developer"]
    content: Content
    name: str | None = Field(None, description="Accepted for OpenAI's clients; the model does not see it.")


class UserMessage(Shape):
    role: Literal["user"]
    content: Content
    name: str | None = Field(None, description="Accepted for OpenAI's clients; the model does not see it.")


class CalledFunction(Shape):
    name: Name
    arguments: str


class CallMade(Shape):
    id: str
    type: Literal["function"] = "function"
    function: CalledFunction
    index: Annotated[int, WHOLE] | None = None  # left over from a stream by OpenAI's client


class AssistantMessage(Shape):
    role: Literal["assistant"]
    content: Content | None = None
    tool_calls: list[CallMade] | None = None
    name: str | None = None
    # Clients send an answer back as they got it: these are empty there.
    refusal: None = None
    annotations: Annotated[list[JsonValue], Field(max_length=0)] | None = None
    audio: None = None
    function_call: None = None


class ToolMessage(Shape):
    role: Literal["tool"]
    content: Content
    tool_call_id: str
    name: str | None = None


AnyMessage = Annotated[
    SystemMessage | UserMessage | AssistantMessage | ToolMessage, Field(discriminator="role")
]


class FunctionOffered(Shape):
    name: Name
    description: str | None = None
    parameters: dict[str, JsonValue] | None = None
    strict: bool | None = None


class ToolOffered(Shape):
    type: Literal["function"]
    function: FunctionOffered


class NamedFunction(Shape):
    name: Name


class NamedTool(Shape):
    type: Literal["function"]
    function: NamedFunction


class TextFormat(Shape):
    type: Literal["text"]


class AnyJsonFormat(Shape):
    type: Literal["json_object"]


class NamedSchema(Shape):
    name: Name
    description: str | None = None
    schema_: dict[str, JsonValue] = Field(alias="schema")
    strict: bool | None = None


class SchemaFormat(Shape):
    type: Literal["json_schema"]
    json_schema: NamedSchema


class StreamOptions(Shape):
    include_usage: bool = False
    include_obfuscation: No = False


class Extension(Shape):
    """Ours. `lane` "replay" gives byte-equal answers at temperature 0; `deadline_seconds` bounds the whole answer."""

    lane: Literal["shared", "replay"] = "shared"
    deadline_seconds: Annotated[float, Field(gt=0, le=3600)] | None = None


class ChatRequest(Shape):
    """The body of POST /v1/chat/completions."""

    model: Annotated[str, Field(min_length=1, max_length=200)]
    messages: Annotated[list[AnyMessage], Field(min_length=1)]
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    top_p: Annotated[float, Field(gt=0, le=1)] | None = None
    max_tokens: Whole | None = None
    max_completion_tokens: Whole | None = None
    stop: (
        Annotated[str, Field(min_length=1)]
        | Annotated[list[Annotated[str, Field(min_length=1)]], Field(max_length=4)]
        | None
    ) = None
    seed: Annotated[int, Field(ge=-(2**63), lt=2**63), WHOLE] | None = None
    presence_penalty: Annotated[float, Field(ge=-2, le=2)] | None = None
    frequency_penalty: Annotated[float, Field(ge=-2, le=2)] | None = None
    logit_bias: (
        Annotated[
            dict[Annotated[str, Field(pattern=r"^[0-9]{1,7}$")], Annotated[float, Field(ge=-100, le=100)]],
            Field(json_schema_extra={"additionalProperties": False}),
        ]
        | None
    ) = None
    logprobs: bool | None = None
    top_logprobs: Annotated[int, Field(ge=0, le=20), WHOLE] | None = None
    n: Annotated[int, Field(ge=1, le=1), WHOLE] | None = None  # to `Literal`, true is 1
    response_format: (
        Annotated[TextFormat | AnyJsonFormat | SchemaFormat, Field(discriminator="type")] | None
    ) = None
    tools: Annotated[list[ToolOffered], Field(max_length=128)] | None = None
    tool_choice: Literal["none", "auto", "required"] | NamedTool | None = None
    parallel_tool_calls: bool | None = None
    user: Annotated[str, Field(max_length=512)] | None = None
    metadata: (
        Annotated[
            dict[Annotated[str, Field(max_length=64)], Annotated[str, Field(max_length=512)]],
            Field(
                max_length=16,
                description="For the desk: customer, order, item, channel, lang, shop, conversation. `conversation` names "
                "the talk that a message belongs to (unguessable, without personal data). Without it one is made, and "
                "given back as `mingbai.conversation`; send that from then on. Visitors who send none are told apart by "
                "their words alone: where two have said the same, nothing that was proposed can be confirmed.",
            ),
        ]
        | None
    ) = None
    store: No | None = None
    service_tier: Literal["auto", "default"] | None = None
    mingbai: Extension | None = None


# OpenAI's names that this service does not offer. Refused like a misspelt one, but the message says why.
NOT_OFFERED = frozenset(
    [
        "audio",
        "functions",
        "function_call",
        "modalities",
        "prediction",
        "reasoning_effort",
        "safety_identifier",
        "verbosity",
        "web_search_options",
        "prompt_cache_key",
        "prompt_cache_retention",
    ]
)


ASKER_FIELDS = frozenset(("channel", "conversation", "customer", "item", "lang", "order", "shop"))
CONVERSATION = re.compile("[A-Za-z0-9_-]{1,64}")


def to_ask(body: ChatRequest, *, key: str, deadline_seconds: float, asker: Asker | None = None) -> Ask:
    """The ask, once the fields fit together. Raises `BadInput` where they do not."""
    tools = tuple(_tool(t.function) for t in body.tools or ())
    if len({t.name for t in tools}) != len(tools):
        raise _misfit("tools", "两个工具同名。", "Two tools have the same name.")
    if body.top_logprobs is not None and not body.logprobs:
        raise _misfit(
            "top_logprobs", "top_logprobs 需要 logprobs: true。", "top_logprobs needs logprobs: true."
        )
    extension = body.mingbai or Extension()
    schema = _schema(body)
    if schema is not None and tools:
        raise _misfit(
            "response_format",
            "tools 与 JSON 的 response_format 不能同时用。",
            "tools and a JSON response_format cannot be used together.",
        )
    return Ask(
        messages=tuple(_message(m) for m in body.messages),
        model=body.model,
        tools=tools,
        tool_choice=_choice(body, tools),
        schema=schema,
        sampling=_sampling(body),
        key=key,
        lane=extension.lane,
        deadline_seconds=min(extension.deadline_seconds or deadline_seconds, deadline_seconds),
        asker=asker,
    )


def to_asker(body: ChatRequest, *, turn_no: str, shop: str, proven: bool) -> Asker:
    """Who asks the desk, from OpenAI's `user` and `metadata`.

    `proven`: the key is of the shop's own people or servers, whose word for who the customer is counts. From anybody
    else's key a customer's id is only a claim, and is left out. `shop` is the key's own, which no field can change.
    """
    said = body.metadata or {}
    if unknown := sorted(said.keys() - ASKER_FIELDS):
        raise _misfit(
            "metadata",
            f"客服台不认识 metadata 的 {unknown[0]}；认识的有 {'、'.join(sorted(ASKER_FIELDS))}。",
            f"The desk knows no {unknown[0]} in metadata; it knows {', '.join(sorted(ASKER_FIELDS))}.",
        )
    if shop and said.get("shop", shop) != shop:
        raise Forbidden(
            Text("这把钥匙属于另一家店。", "This key belongs to another shop."),
            Text("去掉 metadata.shop，或用那家店的钥匙。", "Leave out metadata.shop or use that shop's key."),
        )
    conversation = said.get("conversation", "")
    if conversation and not CONVERSATION.fullmatch(conversation):
        raise _misfit(
            "metadata",
            "metadata.conversation 只能用字母、数字、_ 和 -，至多 64 个。",
            "metadata.conversation may hold letters, digits, _ and - only, at most 64.",
        )
    return Asker(
        turn_no=turn_no,
        shop=shop or said.get("shop", ""),
        customer=(said.get("customer") or body.user or "") if proven else "",
        order=said.get("order", ""),
        item=said.get("item", ""),
        channel=said.get("channel", ""),
        lang=said.get("lang", ""),
        conversation=conversation,
    )


def _message(m: SystemMessage | UserMessage | AssistantMessage | ToolMessage) -> Message:
    text = m.content if isinstance(m.content, str) else "".join(p.text for p in m.content or ())
    match m:
        case AssistantMessage():
            made = m.tool_calls or ()
            calls = tuple(ToolCall(c.id, c.function.name, c.function.arguments) for c in made)
            return Message("assistant", text, tool_calls=calls)
        case ToolMessage():
            return Message("tool", text, tool_call_id=m.tool_call_id)
        case UserMessage():
            return Message("user", text)
        case SystemMessage():
            return Message("system", text)


def _tool(f: FunctionOffered) -> Tool:
    parameters: JsonObject = cast(JsonObject, f.parameters or {"type": "object", "properties": {}})
    if parameters.get("type", "object") != "object":
        raise _misfit(
            "tools",
            f"工具 {f.name} 的 parameters 必须是 object 的 schema。",
            f"The parameters of tool {f.name} must be a schema of an object.",
        )
    return Tool(f.name, f.description or "", parameters, bool(f.strict))


def _choice(body: ChatRequest, tools: tuple[Tool, ...]) -> ToolChoice:
    parallel = body.parallel_tool_calls is not False
    choice = body.tool_choice
    if isinstance(choice, NamedTool):
        if all(t.name != choice.function.name for t in tools):
            raise _misfit(
                "tool_choice",
                "tool_choice 指的工具不在 tools 里。",
                "tool_choice names a tool that is not in tools.",
            )
        return ToolChoice("named", choice.function.name, parallel)
    if choice == "required" and not tools:
        raise _misfit(
            "tool_choice", "没有 tools 就不能要求调用。", "A call cannot be required without tools."
        )
    return ToolChoice(choice or "auto", None, parallel)


def _schema(body: ChatRequest) -> JsonObject | None:
    match body.response_format:
        case SchemaFormat(json_schema=named):
            return cast(JsonObject, named.schema_)
        case AnyJsonFormat():
            return {"type": "object"}
        case _:
            return None


def _sampling(body: ChatRequest) -> Sampling:
    stop = (body.stop,) if isinstance(body.stop, str) else tuple(body.stop or ())
    return Sampling(
        temperature=body.temperature,
        top_p=body.top_p,
        presence_penalty=body.presence_penalty or 0.0,
        frequency_penalty=body.frequency_penalty or 0.0,
        seed=body.seed,
        max_tokens=body.max_completion_tokens or body.max_tokens,
        stop=stop,
        top_logprobs=(body.top_logprobs or 0) if body.logprobs else None,
        logit_bias=tuple((int(k), v) for k, v in (body.logit_bias or {}).items()),
    )


def _misfit(param: str, zh: str, en: str) -> BadInput:
    return BadInput(
        Text(zh, en), Text("请改正后再发。", "Correct it and send again."), param=param, code="invalid_value"
    )


def levels(value: Any) -> Iterator[list[Any]]:
    """A parsed value by level of nesting: itself, then what its lists and objects hold, and so on."""
    level = [value]
    while level:
        yield level
        level = [
            inner
            for v in level
            if isinstance(v, Mapping | list)
            for inner in (v.values() if isinstance(v, Mapping) else v)
        ]


def depth(value: Any) -> int:
    """How deeply lists and objects nest in a parsed value; strings and numbers are 0."""
    return sum(1 for _ in levels(value)) - 1


def is_finite(value: Any) -> bool:
    """False if a number in it is NaN or infinite, as `1e999` is: JSON has no such thing, though its parsers read it."""
    return all(isfinite(v) for level in levels(value) for v in level if isinstance(v, float))
