"""A call is recognised in whatever form it is written, and nothing else is taken for one."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mingbai.engine.opening import OpeningWatch, Seen

NAMES = frozenset(["query_order", "search"])

CALLS = [
    # what the model writes, what the customer sees before it, the function (None: the mark decides, the name follows)
    ('<tool_call>\n{"name": "query_order", "arguments": {', "", "query_order"),
    ("好的，我查一下。\n<tool_call>\n", "好的，我查一下。\n", None),
    ('<tool_call>{"name": "unknown", "arguments": {}}', "", None),
    ('```json\n{"name": "query_order", "arguments": {}}\n```', "", "query_order"),
    ('```\n{"name": "search"', "", "search"),
    ('```tool_call\n{"name": "search"', "", "search"),
    ('```json\n[\n  {\n    "name": "search"', "", "search"),
    ('{"name": "query_order", "arguments": {"order_no": "MB20251103-0042"}}', "", "query_order"),
    ('[{"name": "search"}, {"name": "query_order"}]', "", "search"),
    ('{"function": {"name": "search", "arguments": {}}}', "", "search"),
    ('{"type": "function", "function": {"name": "search"}}', "", "search"),
    ('{"type":"function","name":"search"}', "", "search"),
    ('{"function": "search", "arguments": {}}', "", "search"),
    ('{"tool": "search"}', "", "search"),
    ('{"tool_name": "search"}', "", "search"),
    ('{"function_name": "search"}', "", "search"),
    ("{'name': 'search', 'arguments': {}}", "", "search"),
    ('我来查：{"name": "search"}', "我来查：", "search"),
    ('价格是 {unknown}，{"name": "search"}', "价格是 {unknown}，", "search"),
    ('[{"name": "unknown"}, {"name": "search"}]', '[{"name": "unknown"}, ', "search"),
    # a mark in a fence or a list: the fence leaked, in pieces
    ('```\n<tool_call>\n{"name": "search"', "", "search"),
    ("[<tool_call>\n", "", None),
]
TEXTS = [
    "",
    "您的订单明天到。",
    '{"name": "unknown", "arguments": {}}',
    '示例：\n```json\n{"name": "张三", "size": "XL"}\n```',
    '```python\nprint({"a": 1})\n```',
    "```\n三块五\n```",
    "价格 [3.50, 4.00] 元，{满 200 减 20}",
    "<b>重要</b>，<tool> 与 <tool_cal 都不是",
    '{"names": ["query_order"]}',
    '{"order": {"name": "query_order_2"}}',
    '"name": "search"',
    '{name: "search"}',
    "只差一点：``",
    "<tool_call",
    '{"name": "sea',
    "[[[[[",
    "{" * 400,
    '{"type": "' + "x" * 300 + '"}',
    "𠮷野家 {😀}",
]


def told(pieces: list[str], names: frozenset[str] = NAMES) -> tuple[str, Seen | None]:
    """What was released, and the detection that ended it."""
    watch, released = OpeningWatch(names), ""
    for piece in pieces:
        seen = watch.feed(piece)
        released += seen.text
        if seen.marked or seen.name:
            return released, seen
    return released + watch.rest(), None


@pytest.mark.parametrize(("written", "before", "name"), CALLS)
def test_calls(written, before, name):
    released, seen = told([written])
    assert released == before
    assert seen is not None
    assert seen.name == name
    assert seen.marked == ("<tool_call>" in written)


@pytest.mark.parametrize("text", TEXTS)
def test_texts(text):
    assert told([text]) == (text, None)
    assert told(list(text)) == (text, None)


def cut(text: str, at: list[int]) -> list[str]:
    points = sorted({min(a, len(text)) for a in at} | {0, len(text)})
    return [text[a:b] for a, b in pairwise(points)]


SCRAPS = st.lists(
    st.sampled_from(
        ["<tool_call>", "<tool", "```", "```json", "`", "[", "{", "}", "\n", " ", '"name"', '"function"', ": ",
         '"search"', '"unknown"', '"arguments": {}', "'name'", "订单", '"type": "function", ', "😀"]
    ),
    max_size=25,
).map("".join)  # fmt: skip


@given(
    st.one_of(SCRAPS, st.sampled_from([c[0] for c in CALLS] + TEXTS)),
    st.lists(st.integers(0, 200), max_size=12),
)
@example('```\n<tool_call>\n{"name": "search"}', list(range(60)))
@example('[<tool_call>\n{"name": "search"}', list(range(60)))
@example("[" * 159 + "<tool_call>", list(range(300)))
@example("[" + " " * 200 + '{"name": "search"}', list(range(300)))
@settings(deadline=None, max_examples=300)
def test_cut_points_do_not_matter(text, at):
    released, seen = told([text])
    released_in_pieces, seen_in_pieces = told(cut(text, at))
    assert released_in_pieces == released
    assert (seen is None) == (seen_in_pieces is None)
    if seen is not None and seen_in_pieces is not None:
        assert seen_in_pieces.marked == seen.marked
        if not seen.marked:  # after the mark the name is chosen under a grammar, whatever was written
            assert seen_in_pieces.name == seen.name


@given(SCRAPS)
@settings(deadline=None, max_examples=100)
def test_nothing_is_lost_or_added(text):
    released, seen = told(list(text))
    assert text.startswith(released)
    assert seen is not None or released == text
