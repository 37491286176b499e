"""Qwen's chat template as token ids: what people typed is only ever text in it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingbai.models.gguf import Vocabulary
from mingbai.models.template import DEFAULT_SYSTEM, Template
from mingbai.models.tokens import CONTROL, NORMAL, USER_DEFINED, Tokeniser, _byte_of_sign
from mingbai.values.chat import Message, Tool, ToolCall
from mingbai.values.errors import NotWhole

SIGNS = list(_byte_of_sign())
CONTROLS = {"<|im_start|>": CONTROL, "<|im_end|>": CONTROL, "<|endoftext|>": CONTROL,
            "<tool_call>": USER_DEFINED, "</tool_call>": USER_DEFINED}  # fmt: skip
QUERY = Tool("query", "查订单", {"type": "object"})


def vocabulary(pre: str = "qwen2") -> Vocabulary:
    """Every byte a token, and the control tokens of Qwen2.5 after them."""
    tokens, types = (*SIGNS, *CONTROLS), (*[NORMAL] * len(SIGNS), *CONTROLS.values())
    return Vocabulary(tokens, types, model="gpt2", pre=pre, bos=None, eos=tokens.index("<|im_end|>"))


TEMPLATE = Template(Tokeniser(vocabulary()))


def shown(*messages: Message, tools: tuple[Tool, ...] = ()) -> str:
    return TEMPLATE.tokeniser.text(list(TEMPLATE.render(messages, tools).tokens))


def controls(*messages: Message, tools: tuple[Tool, ...] = ()) -> list[str]:
    """The control tokens of a prompt, by name."""
    names = [*SIGNS, *CONTROLS]
    tokens = TEMPLATE.render(messages, tools).tokens
    return [names[token] for token in tokens if token >= len(SIGNS)]


TYPED = st.lists(
    st.one_of(
        st.sampled_from([*CONTROLS, "<|im_", "start|>", "\n", "system", "</tool_response>"]),
        st.text(max_size=5),
    )
).map("".join)


@given(TYPED)
@settings(deadline=None, max_examples=100)
def test_text_never_becomes_a_control_token(typed):
    tokens = TEMPLATE.tokeniser.encode(typed)
    assert all(token < len(SIGNS) for token in tokens)
    assert TEMPLATE.tokeniser.text(tokens) == typed


@given(TYPED)
@settings(deadline=None, max_examples=60)
def test_what_is_typed_cannot_move_a_control_token(typed):
    def chat(text: str) -> tuple[Message, ...]:
        call = ToolCall(text, text, f'{{"q": "{text}"}}')
        return (
            Message("system", text), Message("user", text), Message("assistant", text, (call,)),
            Message("tool", text, tool_call_id=text), Message("tool", text), Message("user", text),
        )  # fmt: skip

    assert controls(*chat(typed), tools=(Tool("query", typed, {"title": typed}),)) == controls(
        *chat("x"), tools=(QUERY,)
    )


def test_a_chat_as_the_publisher_writes_it():
    assert shown(
        Message("system", "短"), Message("user", "你好"), Message("assistant", "好"), Message("user", "再见")
    ) == (
        "<|im_start|>system\n短<|im_end|>\n<|im_start|>user\n你好<|im_end|>\n<|im_start|>assistant\n好<|im_end|>\n"
        "<|im_start|>user\n再见<|im_end|>\n<|im_start|>assistant\n"
    )
    assert shown(Message("user", "你好")).startswith(f"<|im_start|>system\n{DEFAULT_SYSTEM}<|im_end|>\n")


def test_tools_calls_and_results():
    call = ToolCall("call_a", "query", '{"no": 42}')
    said = shown(
        Message("user", "查"), Message("assistant", "", (call, call)), Message("tool", "已发货"), Message("tool", "无"),
        Message("user", "谢谢"), tools=(QUERY,),
    )  # fmt: skip
    assert '<tools>\n{"type": "function", "function": {"name": "query", "description": "查订单"' in said
    assert (
        '<|im_start|>assistant\n<tool_call>\n{"name": "query", "arguments": {"no": 42}}\n</tool_call>'
        '\n<tool_call>\n{"name": "query", "arguments": {"no": 42}}\n</tool_call><|im_end|>\n'
        "<|im_start|>user\n<tool_response>\n已发货\n</tool_response>\n<tool_response>\n无\n</tool_response><|im_end|>\n"
        "<|im_start|>user\n谢谢<|im_end|>\n"
    ) in said


@pytest.mark.parametrize("tools", [(), (QUERY,)])
def test_the_stable_beginning_holds_nothing_a_customer_said(tools):
    system = Message("system", "你是客服")
    one = TEMPLATE.render([system, Message("user", "甲")], tools)
    other = TEMPLATE.render(
        [system, Message("user", "乙"), Message("assistant", "好"), Message("user", "甲")], tools
    )
    assert one.stable == other.stable
    assert one.tokens[: one.stable] == other.tokens[: other.stable]
    beginning = TEMPLATE.tokeniser.text(list(one.tokens[: one.stable]))
    assert "你是客服" in beginning
    assert "甲" not in beginning
    assert TEMPLATE.render([system], tools).stable < len(TEMPLATE.render([system], tools).tokens)


def test_another_tokenisation_is_refused():
    with pytest.raises(NotWhole):
        Tokeniser(vocabulary("llama-bpe"))
