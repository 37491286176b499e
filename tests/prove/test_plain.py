"""The plain side: what it is told, and every notation of calls that its reader understands or leaves alone."""

from __future__ import annotations

from typing import Any

import pytest

from mingbai.prove.plain import plain_messages
from mingbai.prove.reader import parse_calls
from mingbai.values.chat import Message, Tool

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
    "required": ["city"],
}
TOOLS = (Tool("geo_weather", "天气", SCHEMA), Tool("now", "时间", {"type": "object", "properties": {}}))
BEIJING = ("geo_weather", {"city": "北京", "days": 3})
NOW: tuple[str, dict[str, Any] | None] = ("now", {})

READ: list[tuple[str, str, list[tuple[str, dict[str, Any] | None]]]] = [
    ("a list", '[{"name": "geo_weather", "arguments": {"city": "北京", "days": 3}}]', [BEIJING]),
    ("an object", '{"name": "geo_weather", "arguments": {"city": "北京", "days": 3}}', [BEIJING]),
    ("two lines", '{"name": "now", "arguments": {}}\n{"name": "now", "arguments": {}}', [NOW, NOW]),
    ("with prose", '好的：{"name": "now", "arguments": {}} 请稍候 [1]', [NOW]),
    ("a fence", '```json\n[{"name": "now", "arguments": {}}]\n```', [NOW]),
    ("two fences", '```json\n{"name":"now","arguments":{}}\n```\n或\n```\n{"name":"now"}\n```', [NOW, NOW]),
    ("an open fence", '```json\n{"name": "now", "arguments": {}}', [NOW]),
    ("a tag", '<tool_call>\n{"name": "now", "arguments": {}}\n</tool_call>', [NOW]),
    ("an open tag", '<tool_call>{"name": "now", "arguments": {}}', [NOW]),
    (
        "two tags, and JSON beside them that is no call",
        '<tool_call>{"name":"now","arguments":{}}</tool_call>{"a":1}'
        '<tool_call>{"name":"geo_weather","arguments":{"city":"北京","days":3}}</tool_call>',
        [NOW, BEIJING],
    ),
    ("a fence inside a tag", '<tool_call>```json\n{"name":"now","arguments":{}}```</tool_call>', [NOW]),
    ("parameters", '{"function": "geo_weather", "parameters": {"city": "北京", "days": 3}}', [BEIJING]),
    ("OpenAI's form", '{"function": {"name": "now", "arguments": "{}"}, "type": "function"}', [NOW]),
    (
        "arguments as text",
        '{"name":"geo_weather","arguments":"{\\"city\\":\\"北京\\",\\"days\\":3}"}',
        [BEIJING],
    ),
    ("in an object", '{"tool_calls": [{"name": "now", "arguments": {}}]}', [NOW]),
    ("the name as key", '{"geo_weather": {"city": "北京", "days": 3}}', [BEIJING]),
    ("flat", '{"name": "geo_weather", "city": "北京", "days": 3}', [BEIJING]),
    ("single quotes", "[{'name': 'geo_weather', 'arguments': {'city': '北京', 'days': 3}}]", [BEIJING]),
    ("a trailing comma", '[{"name": "now", "arguments": {},},]', [NOW]),
    ("double braces", '{{"name": "now", "arguments": {}}}', [NOW]),
    ("Python", 'geo_weather(city="北京", days=3)', [BEIJING]),
    ("a Python list", "[geo_weather(city='北京', days=3), now()]", [BEIJING, NOW]),
    ("Python by position", 'geo_weather("北京", 3)', [BEIJING]),
    ("Python in a fence", '```python\nx = geo_weather(city="北京", days=3)\nprint(x)\n```', [BEIJING]),
    (
        "a bracket in Python's text",
        'geo_weather(city="北(京)", days=-3)',
        [("geo_weather", {"city": "北(京)", "days": -3})],
    ),
    ("a dotted name", 'geo.weather(city="北京", days=3)', [("geo.weather", BEIJING[1])]),
    ("a function nobody offered", '{"name": "fly", "arguments": {}}', [("fly", {})]),
    ("arguments that are no object", '{"name": "now", "arguments": [1]}', [("now", None)]),
    ("a brace left out", '[{"name": "geo_weather", "arguments": {"city": "北京", "days": 3}]', [BEIJING]),
    ("the last bracket left out", '[{"name": "now", "arguments": {}}', [NOW]),
    (
        "the last brace left out",
        '{"name": "geo_weather", "arguments": {"city": "北京", "days": 3}',
        [BEIJING],
    ),
    ("a bracket too many", '[{"name": "geo_weather", "arguments": {"city": "北京", "days": 3]}}]', [BEIJING]),
    (
        "a bracket in a text",
        '{"name": "geo_weather", "arguments": {"city": "[北]\\"}", "days": 3}',
        [("geo_weather", {"city": '[北]"}', "days": 3})],
    ),
    ("the second of two is cut", '[{"name": "now", "arguments": {}}, {"name": "geo_wea', [NOW]),
    ("prose", "我无法回答这个问题，没有合适的函数。", []),
    ("an empty list", "[]", []),
    ("JSON that is no call", '{"city": "北京", "days": 3}', []),
    ("a call that is cut", '{"name": "geo_weather", "arguments": {"city": "北', []),
    ("the document repeated", '{"name": "now", "parameters": {"type": "object", "properties": {}}}', []),
    ("a name in prose", "You could use now (or geo_weather), but", []),
    ("a longer name", "know()", []),
    ("no end of brackets", "[" * 5000, []),
]


@pytest.mark.parametrize(("what", "text", "calls"), READ, ids=[row[0] for row in READ])
def test_reading(what: str, text: str, calls: list[tuple[str, dict[str, Any] | None]]) -> None:
    found = parse_calls(text, TOOLS, known=("geo.weather",))
    assert [(call.name, call.arguments) for call in found] == calls


@pytest.mark.parametrize(
    "whole",
    [
        '[{"name": "now", "arguments": {}}, {"name": "geo_weather", "arguments": {"city": "北京", "days": 3}}]',
        "[now(), geo_weather(city='北京', days=3)]",
        '<tool_call>\n{"name": "now", "arguments": {}}\n</tool_call>\n<tool_call>\n{"name": "now"}\n</tool_call>',
    ],
)
def test_an_answer_cut_anywhere_yields_no_more_than_the_whole(whole: str) -> None:
    names = [call.name for call in parse_calls(whole, TOOLS)]
    for end in range(len(whole)):
        found = [call.name for call in parse_calls(whole[:end], TOOLS)]
        assert found == names[: len(found)]


def test_the_plain_prompt_has_the_functions_and_keeps_the_question() -> None:
    asked = (Message("system", "今天是2024年07月15日，星期一。"), Message("user", "北京三天的天气？"))
    system, user = plain_messages(asked, TOOLS, language="zh", form="json")
    assert system.content.startswith("今天是2024年07月15日，星期一。\n\n你可以调用以下函数：")
    assert '"name": "geo_weather"' in system.content
    assert user == asked[1]


def test_qwens_form_has_qwens_system_line_only_where_none_was_said() -> None:
    user = Message("user", "Weather in Beijing?")
    [bare, _] = plain_messages((user,), TOOLS, language="en", form="qwen")
    [own, _] = plain_messages((Message("system", "Be brief."), user), TOOLS, language="en", form="qwen")
    assert bare.content.startswith(
        "You are Qwen, created by Alibaba Cloud. You are a helpful assistant.\n\n# Tools"
    )
    assert own.content.startswith("Be brief.\n\n# Tools")
    assert bare.content.endswith('{"name": <function-name>, "arguments": <args-json-object>}\n</tool_call>')
