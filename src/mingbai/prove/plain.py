"""The same question without the `tools` parameter: two ways to put the functions into the system prompt.

`json` asks in plain words for a JSON list of calls; `qwen` writes what Qwen2.5's own template would write for `tools`, as text.
The functions are described with the same JSON schemas as on the side with `tools`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Literal

from mingbai.values.chat import Message, Tool
from mingbai.values.json import JsonObject

PlainForm = Literal["json", "qwen"]

_JSON_PROMPT = {
    "en": """You can call these functions:
{functions}

Answer the user by calling one or more of them. Reply with nothing but a JSON list of calls:
[{{"name": "<function name>", "arguments": {{"<parameter>": <value>}}}}]
If none of the functions fits, reply with [].""",
    "zh": """你可以调用以下函数：
{functions}

请调用其中一个或多个函数来回答用户。只回复调用的 JSON 列表，不要写别的内容：
[{{"name": "<函数名>", "arguments": {{"<参数名>": <取值>}}}}]
如果没有合适的函数，回复 []。""",
}

# Word for word what the chat template in the official Qwen2.5 GGUF files writes for `tools`.
_QWEN_PROMPT = """# Tools

You may call one or more functions to assist with the user query.

You are provided with function signatures within <tools></tools> XML tags:
<tools>
{functions}
</tools>

For each function call, return a json object with function name and arguments within <tool_call></tool_call> XML tags:
<tool_call>
{{"name": <function-name>, "arguments": <args-json-object>}}
</tool_call>"""
_QWEN_SYSTEM = "You are Qwen, created by Alibaba Cloud. You are a helpful assistant."


def plain_messages(
    messages: Sequence[Message], tools: Sequence[Tool], *, language: Literal["zh", "en"], form: PlainForm
) -> tuple[Message, ...]:
    """The question's messages with the functions described at the end of the system message."""
    documents: list[JsonObject] = [
        {"name": tool.name, "description": tool.description, "parameters": tool.parameters} for tool in tools
    ]
    if form == "json":
        prompt = _JSON_PROMPT[language].format(functions=json.dumps(documents, ensure_ascii=False))
    else:
        lines = (json.dumps({"type": "function", "function": item}, ensure_ascii=False) for item in documents)
        prompt = _QWEN_PROMPT.format(functions="\n".join(lines))
    said = [message.content for message in messages if message.role == "system"]
    if form == "qwen" and not said:
        said = [_QWEN_SYSTEM]
    rest = tuple(message for message in messages if message.role != "system")
    return (Message("system", "\n\n".join([*said, prompt])), *rest)
