"""A chat as the engine is asked for it, and the events it answers with. Knows no wire and no model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from mingbai.values.json import JsonObject

Role = Literal["system", "user", "assistant", "tool"]
FinishReason = Literal["stop", "length", "tool_calls"]
Lane = Literal["shared", "replay"]


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call the model made. `arguments` is JSON text as it was written, not parsed."""

    id: str
    name: str
    arguments: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    role: Role
    content: str = field(repr=False)
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None


@dataclass(frozen=True, slots=True)
class Tool:
    """A function on offer. `parameters` is a JSON schema of an object; `strict`: all of it must be promised or refused."""

    name: str
    description: str = ""
    parameters: JsonObject = field(default_factory=dict)
    strict: bool = False


@dataclass(frozen=True, slots=True)
class ToolChoice:
    """`none`, `auto`, `required`, or `named` with the one function in `name`; `parallel` allows several calls."""

    mode: Literal["none", "auto", "required", "named"] = "auto"
    name: str | None = None
    parallel: bool = True


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the next token is drawn. None means: temperature and top_p as the weights' publisher recommends, a new
    seed each time, and as many tokens as the context holds."""

    temperature: float | None = None
    top_p: float | None = None
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    seed: int | None = None
    max_tokens: int | None = None
    stop: tuple[str, ...] = ()
    top_logprobs: int | None = None
    logit_bias: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks the desk and about what. `customer` is filled only where the caller's key proves it. `conversation` is the
    name that the caller gives to all turns of one talk; "": none was given. `draft`: staff see it first; the counter alone
    says so, no field of a request can."""

    turn_no: str
    shop: str = ""
    customer: str = ""
    order: str = ""
    item: str = ""
    channel: str = ""
    lang: str = ""
    conversation: str = ""
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """One request to an engine.

    `key` is the id of the caller's key, for fairness in the queue, never the secret. `schema` constrains the whole
    answer to JSON of that schema. `deadline_seconds` counts from the moment the engine is asked, waiting included.
    """

    messages: tuple[Message, ...] = field(repr=False)
    model: str = ""
    tools: tuple[Tool, ...] = ()
    tool_choice: ToolChoice = ToolChoice()
    schema: JsonObject | None = None
    sampling: Sampling = Sampling()
    key: str = "local"
    lane: Lane = "shared"
    deadline_seconds: float = 300.0
    asker: Asker | None = None  # for the desk; a raw model takes no notice
    adapter: str | None = (
        None  # by name, as `tea/understand`; where none of that name serves, the base model answers
    )


@dataclass(frozen=True, slots=True)
class Alternative:
    """A token that could have stood here, its bytes, and its natural-log probability."""

    token: str = field(repr=False)
    logprob: float
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class TokenLogprob:
    chosen: Alternative
    top: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """The next bit of the answer's text."""

    text: str = field(repr=False)
    logprobs: tuple[TokenLogprob, ...] = ()


@dataclass(frozen=True, slots=True)
class CallStarted:
    """The model decided to call `name`; its arguments follow as `CallArguments` with the same index."""

    index: int
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class CallArguments:
    index: int
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens: read (of which `cached_tokens` needed no work) and written."""

    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Finished:
    reason: FinishReason
    usage: Usage
    place: str = ""
    attempts: int = 1
    extra: JsonObject = field(default_factory=dict)  # what the desk says of its answer; goes out beside it
    # The SHA-256 of the adapter that stood over the base, of several with + between; "": the base model's own words.
    adapter: str = ""


@dataclass(frozen=True, slots=True)
class Masked:
    """Comes first where placeholders went to the place instead of personal data: how many values of each kind."""

    kinds: tuple[tuple[str, int], ...]


Event: TypeAlias = Piece | CallStarted | CallArguments | Finished | Masked


@dataclass(frozen=True, slots=True)
class Answer:
    """All events of one ask, folded."""

    text: str = field(repr=False)
    tool_calls: tuple[ToolCall, ...]
    logprobs: tuple[TokenLogprob, ...]
    finished: Finished
