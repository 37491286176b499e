"""The form of a receipt is RFC 8785's, as another program writes it; nothing else is read."""

from __future__ import annotations

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from mingbai.receipt import canonical

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(max_codepoint=127), max_size=6), inner, max_size=4)
    ),
    max_leaves=20,
)
objects = st.dictionaries(st.text(st.characters(max_codepoint=127), max_size=6), values, max_size=5)


@given(objects)
def test_another_program_writes_the_same(value):
    written = canonical.dumps(value)
    assert written == rfc8785.dumps(value)
    assert canonical.loads(written) == value


@pytest.mark.parametrize(
    "value", [{"a": 1.5}, {"a": 2**53}, {"甲": 1}, {"a": "\ud800"}, {"a": b"x"}, {1: 2}, {"a": [1e3]}]
)
def test_what_has_no_one_form(value):
    with pytest.raises(ValueError):  # noqa: PT011  # also UnicodeEncodeError
        canonical.dumps(value)


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"1", b'{"a": 1}', b'{"b":1,"a":2}', b'{"a":1,"a":1}', b'{"a":1.0}', b'{"a":NaN}', b'{"a":"\\u0041"}', b'{"a":1}\n']
)  # fmt: skip
def test_what_is_not_read(data):
    with pytest.raises(ValueError):  # noqa: PT011
        canonical.loads(data)
