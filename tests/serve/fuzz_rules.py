"""Loaded by schemathesis (`hooks` in test_schemathesis.py): chats that it would judge wrongly, left out.

Some that fit the schema are refused all the same: JSON Schema has no words for some of the rules, and for the others only
if/then, which few generators of clients can read. Each rule has its own test in test_app.py.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import schemathesis
from schemathesis.core.parameters import ParameterLocation


@schemathesis.hook
def filter_case(context: schemathesis.HookContext, case: schemathesis.Case) -> bool:
    if case.path != "/v1/chat/completions" or case.meta is None or not isinstance(case.body, dict):
        return True
    if case.meta.is_negative_at(ParameterLocation.BODY):
        # A role that is wrong for one kind of message and right for another is counted as wrong by schemathesis.
        return not schema().is_valid(case.body)
    return case.meta.generation.mode.is_negative or fits(case.body)


@cache
def schema() -> jsonschema_rs.Draft202012Validator:
    """Of a chat, from the document that is being run; it lies in the working folder."""
    components = json.loads(Path("openapi.json").read_text())["components"]
    return jsonschema_rs.Draft202012Validator(
        {"$ref": "#/components/schemas/ChatRequest", "components": components}
    )


def fits(body: dict[str, Any]) -> bool:
    tools = [tool["function"] for tool in body.get("tools") or ()]
    names = [tool["name"] for tool in tools]
    choice = body.get("tool_choice")
    wants_json = (body.get("response_format") or {"type": "text"})["type"] != "text"
    seconds = (body.get("mingbai") or {}).get("deadline_seconds")
    return (
        len(set(names)) == len(names)
        and all((tool.get("parameters") or {}).get("type", "object") == "object" for tool in tools)
        and not (choice == "required" and not tools)
        and not (isinstance(choice, dict) and choice["function"]["name"] not in names)
        and not (wants_json and tools)
        and not (body.get("top_logprobs") is not None and not body.get("logprobs"))
        and (seconds is None or seconds >= 5)  # a shorter one may run out, and that is a 504
    )
