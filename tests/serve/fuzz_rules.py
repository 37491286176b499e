"""Loaded by schemathesis (`hooks` in test_schemathesis.py): which chats that fit the schema are refused all the same.

JSON Schema has no words for some of these rules, and for the others only if/then, which few generators of clients can read.
Each has its own test in test_app.py.
"""

from __future__ import annotations

from typing import Any

import schemathesis


@schemathesis.hook
def filter_case(context: schemathesis.HookContext, case: schemathesis.Case) -> bool:
    """Cases that are wrong on purpose stay: they are to be refused, for whichever reason."""
    if case.meta is None or case.meta.generation.mode.is_negative or not isinstance(case.body, dict):
        return True
    return fits(case.body)


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
