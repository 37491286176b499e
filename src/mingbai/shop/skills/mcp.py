"""The skills as a server of the Model Context Protocol: JSON-RPC 2.0, one message a line.

Speaks initialize, ping, tools/list and tools/call of the revisions below. A skill that writes answers with a proposal
and its number; the tool `confirm` makes the write. Not covered: batches (dropped by the revision of 2025-06-18),
resources, prompts, sampling, cancellation. Written here because the reference package brings a web server with it.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from mingbai.shop.records.home import Reader, Records
from mingbai.shop.skills import tools
from mingbai.shop.skills.actions import Actions
from mingbai.shop.skills.proof import MOST_TAILS
from mingbai.shop.skills.scene import Scene
from mingbai.shop.skills.table import BY_NAME
from mingbai.values.errors import MingbaiError
from mingbai.values.json import JsonValue
from mingbai.values.turn import Proposal

REVISIONS = ("2025-06-18", "2025-03-26", "2024-11-05")
CONFIRM = {
    "name": "confirm",
    "description": "确认一个提议（顾客说了“确认”以后才用），用提议里的编号。 / Make the write of a proposal, after the customer said yes.",
    "inputSchema": {
        "type": "object",
        "properties": {"proposal": {"type": "string", "description": "提议的编号 / the proposal's number"}},
        "required": ["proposal"],
        "additionalProperties": False,
    },
    "annotations": {"readOnlyHint": False, "destructiveHint": True, "idempotentHint": True},
}
_LONGEST = 1 << 20  # of a message
_KEPT = 32  # proposals that wait


class Refused(Exception):
    """A message that the protocol has an error code for."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class Server:
    """One session with one client. `scene_of` says for whom it asks; nothing a client sends can change that."""

    def __init__(self, records: Records, scene_of: Callable[[Reader], Scene], version: str) -> None:
        self._records = records
        self._scene_of = scene_of
        self._version = version
        self._actions = Actions(records)
        self._waiting: OrderedDict[str, Proposal] = OrderedDict()
        self._count = 0
        self._tails: tuple[
            str, ...
        ] = ()  # phone tails given in this session: too many different ones prove nothing
        self._opened = False

    def answer(self, line: str) -> str | None:
        """The reply to one line, None for a notification."""
        number: JsonValue = None
        try:
            message = _parsed(line)
            number = _number(message)
            method = message.get("method")
            if not isinstance(method, str):
                if "result" in message or "error" in message:
                    return None  # an answer to a question that we never ask
                raise Refused(-32600, "a request names a method")
            result = self._method(method, _params(message), notification="id" not in message)
        except Refused as e:
            return _said({"jsonrpc": "2.0", "id": number, "error": {"code": e.code, "message": str(e)}})
        if "id" not in message:
            return None
        return _said({"jsonrpc": "2.0", "id": number, "result": result})

    def _method(self, method: str, params: Mapping[str, Any], *, notification: bool) -> dict[str, Any]:
        match method:
            case "initialize":
                self._opened = True
                asked = params.get("protocolVersion")
                return {
                    "protocolVersion": asked if asked in REVISIONS else REVISIONS[0],
                    "capabilities": {"tools": {"listChanged": False}},
                    "serverInfo": {"name": "mingbai", "title": "明白 Mingbai", "version": self._version},
                }
            case "ping":
                return {}
            case _ if notification:
                return {}
            case _ if not self._opened:
                raise Refused(-32002, "initialize first")
            case "tools/list":
                return {"tools": [*(_listed(t) for t in tools.tools()), CONFIRM]}
            case "tools/call":
                return self._call(params)
            case _:
                raise Refused(-32601, f"no method {method[:64]}")

    def _call(self, params: Mapping[str, Any]) -> dict[str, Any]:
        name, arguments = params.get("name"), params.get("arguments", {})
        if not isinstance(name, str) or not isinstance(arguments, Mapping):
            raise Refused(-32602, "tools/call wants a name and an object of arguments")
        try:
            if name == "confirm":
                return self._confirm(arguments)
            if isinstance(tail := arguments.get("phone_tail"), str) and tail:
                self._tails = tuple(dict.fromkeys((*self._tails, tail)))[: MOST_TAILS + 1]
            with self._records.reading() as reader:
                found = tools.call(self._scene(reader), name, arguments)
        except MingbaiError as e:
            if e.code == "unknown_tool":
                raise Refused(-32602, str(e.what)) from e
            return {"content": [{"type": "text", "text": f"{e.what} {e.mend}"}], "isError": True}
        said = tools.as_json(found)
        if found.proposal is not None:
            said["proposal_number"] = self._keep(found.proposal)
        return _content(said)

    def _scene(self, reader: Reader) -> Scene:
        scene = self._scene_of(reader)
        return replace(scene, asker=replace(scene.asker, tails=self._tails))

    def _keep(self, proposal: Proposal) -> str:
        self._count += 1
        number = f"P{self._count}"
        self._waiting[number] = proposal
        while len(self._waiting) > _KEPT:
            self._waiting.popitem(last=False)
        return number

    def _confirm(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        proposal = self._waiting.get(str(arguments.get("proposal", "")))
        if proposal is None or set(arguments) != {"proposal"}:
            return {"content": [{"type": "text", "text": "没有这个提议 / no such proposal"}], "isError": True}
        skill = BY_NAME[proposal.skill]
        return _content(tools.as_json(self._actions.carry_out(self._scene, skill, proposal, "mcp")))


def _parsed(line: str) -> Mapping[str, Any]:
    if len(line) > _LONGEST:
        raise Refused(-32600, "the message is too long")
    try:
        message = json.loads(line, parse_constant=_no_constant)
    except (ValueError, RecursionError) as e:
        raise Refused(-32700, "no JSON") from e
    if not isinstance(message, Mapping):
        raise Refused(-32600, "a message is one JSON object")
    if message.get("jsonrpc") != "2.0":
        raise Refused(-32600, 'jsonrpc must be "2.0"')
    return message


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _number(message: Mapping[str, Any]) -> JsonValue:
    if "id" not in message:
        return None
    number = message["id"]
    if isinstance(number, bool) or not isinstance(number, str | int):
        raise Refused(-32600, "an id is a string or a whole number")
    return number


def _params(message: Mapping[str, Any]) -> Mapping[str, Any]:
    params = message.get("params", {})
    if not isinstance(params, Mapping):
        raise Refused(-32602, "params are an object")
    return params


def _listed(tool: Any) -> dict[str, Any]:
    return {
        "name": tool.name, "description": tool.description, "inputSchema": tool.parameters,
        "annotations": {"readOnlyHint": True},  # a skill that writes only proposes; `confirm` writes
    }  # fmt: skip


def _content(said: dict[str, JsonValue]) -> dict[str, Any]:
    return {
        "content": [{"type": "text", "text": json.dumps(said, ensure_ascii=False)}], "structuredContent": said, "isError": False
    }  # fmt: skip


def _said(message: dict[str, Any]) -> str:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))
