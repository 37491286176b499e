"""An ask as it may leave this machine: every text in it masked with one set of masks.

Messages, results and arguments of tools, descriptions and schemas, stop words. Two rounds: what one text says is known
in all of them. Ids of calls are only names within a request, so they are written anew. Not covered: names of tools,
which are the caller's code, but one with personal data in it is refused; token ids of `logit_bias`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from mingbai.permit.mask.masks import Masks, is_json
from mingbai.values.chat import Ask, Message, Tool, ToolCall
from mingbai.values.errors import MaskFailed, Text
from mingbai.values.json import JsonObject

MOST_OBJECTS = 1000  # looked for in a text that is not JSON as a whole
_OBJECT = re.compile(r'\{\s*"')
_DECODER = json.JSONDecoder()
_HAN = re.compile("[㐀-鿿]")


def is_english(ask: Ask) -> bool:
    return not any(_HAN.search(it.content) for it in ask.messages)


# Said to the model where placeholders are in what it reads. No example: small models copy it.
HINT = {
    "zh": "消息里 ⟦…⟧ 是占位符，代替真实信息。要用到时连同 ⟦ ⟧ 一字不差地照抄，不改、不译、不编造。",
    "en": "⟦…⟧ in the messages are placeholders for real data. Where you need one, copy it exactly with its ⟦ ⟧; never change, translate or invent one.",
}
REMINDER = {
    "zh": "（注意：⟦ ⟧ 里的每个字符都要原样照抄，要求写的一个也不能漏。）",
    "en": "(Mind: copy every character inside ⟦ ⟧ as it is, and leave out none that is asked for.)",
}


def leaving(ask: Ask, masks: Masks) -> Ask:
    """The ask masked, with a word to the model about placeholders where it holds any."""
    sent = masked(ask, masks)
    if not masks.counts:
        return sent
    hint = HINT[masks.lang]
    first, *others = sent.messages
    if first.role == "system":
        return replace(sent, messages=(replace(first, content=f"{first.content}\n{hint}"), *others))
    return replace(sent, messages=(Message("system", hint), *sent.messages))


def reminded(sent: Ask) -> Ask:
    """To ask once more, where placeholders did not come back as they went."""
    *before, last = sent.messages
    lang = "en" if is_english(sent) else "zh"
    return replace(sent, messages=(*before, replace(last, content=f"{last.content}\n{REMINDER[lang]}")))


def masked(ask: Ask, masks: Masks) -> Ask:
    """Raises `MaskFailed`, or whatever a rule raised: then nothing may leave."""
    _mapped(ask, _noting(masks))
    _refuse_names(ask, masks)
    done = _mapped(ask, _Do(masks.mask, masks.mask_json_text, masks.mask_schema))
    masks.forget_texts()
    return done


@dataclass(frozen=True, slots=True)
class _Do:
    text: Callable[[str], str]
    json: Callable[[str], str]
    schema: Callable[[JsonObject], JsonObject]


def _noting(masks: Masks) -> _Do:
    def note_schema(schema: JsonObject) -> JsonObject:
        masks.note_json(schema)
        return schema

    return _Do(masks.note, masks.note_json_text, note_schema)


def _mapped(ask: Ask, do: _Do) -> Ask:
    ids = _Ids()
    return replace(
        ask,
        messages=tuple(_message(it, do, ids) for it in ask.messages),
        tools=tuple(_tool(it, do) for it in ask.tools),
        schema=None if ask.schema is None else do.schema(ask.schema),
        sampling=replace(ask.sampling, stop=tuple(map(do.text, ask.sampling.stop))),
        asker=None,
    )


def _message(m: Message, do: _Do, ids: _Ids) -> Message:
    return replace(
        m,
        content=_written(m.content, do),
        tool_calls=tuple(ToolCall(ids.of(c.id), c.name, _written(c.arguments, do)) for c in m.tool_calls),
        tool_call_id=None if m.tool_call_id is None else ids.of(m.tool_call_id),
    )


def _written(text: str, do: _Do) -> str:
    """What a tool returned, and what it is called with, is mostly JSON: its fields say what their values are, and its escapes
    would hide them."""
    if is_json(text):
        return do.json(text)
    return "".join(do.json(part) if whole else do.text(part) for part, whole in _parts(text))


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """The text cut where objects in JSON stand in it (lines of JSON, a fence, words before it); is this part one?"""
    here = at = 0
    for _ in range(MOST_OBJECTS):
        begun = _OBJECT.search(text, at)
        if begun is None:
            break
        at = begun.start()
        try:
            _, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            at += 1
            continue
        if here < at:
            yield text[here:at], False
        yield text[at:end], True
        here = at = end
    yield text[here:], False


def _tool(it: Tool, do: _Do) -> Tool:
    return replace(it, description=do.text(it.description), parameters=do.schema(it.parameters))


def _names(ask: Ask) -> Iterator[str]:
    yield from (it.name for it in ask.tools)
    yield from (call.name for it in ask.messages for call in it.tool_calls)
    if ask.tool_choice.name:
        yield ask.tool_choice.name


def _refuse_names(ask: Ask, masks: Masks) -> None:
    if any(masks.mask(name) != name for name in set(_names(ask))):
        raise MaskFailed(Text("工具的名字里有个人信息", "a tool's name holds personal data"))


class _Ids:
    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def of(self, call_id: str) -> str:
        return self._known.setdefault(call_id, f"call_{len(self._known) + 1}")
