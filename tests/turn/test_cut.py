"""Sentences end where they end, not in a number or a short form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingbai.turn.cut import cut
from mingbai.turn.release import sentences
from mingbai.values.chat import Finished, Piece, Usage


@pytest.mark.parametrize(
    "sentence",
    [
        "It leaves on Nov. 13, 2025.", "See No. 5 of the list.", "It costs ¥3.50 now.", "Use e.g. a brush.", "Open from 9 a.m. to 5 p.m. daily.",
        "Mr. Li signed.", "容量约 1.5 L。", "他说“可以。”", "实付 ¥129.00。", "见「说明。」",
    ],
)  # fmt: skip
def test_one_sentence_stays_one(sentence):
    assert cut(sentence) == [sentence]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("好的。明天见！", ["好的。", "明天见！"]),
        ("One. Two? Three", ["One.", " Two?", " Three"]),
        ("- 一\n- 二", ["- 一\n", "- 二"]),
        ("等等……然后", ["等等……", "然后"]),
        ("Well... yes.", ["Well...", " yes."]),
        ("Size M. It fits.", ["Size M. It fits."]),  # may be an initial: one piece more is checked at once
    ],
)
def test_several_are_cut(text, parts):
    assert cut(text) == parts


@given(st.text(alphabet="ab 。.!\n；3N…”", max_size=40))
def test_nothing_is_lost(text):
    assert "".join(cut(text)) == text


@pytest.mark.parametrize("cut_off", ["It costs ¥3.", "已退 ¥29", "实付 ¥59.4", "It leaves on Nov"])
async def test_what_the_tokens_cut_in_a_number_is_not_a_sentence(cut_off):
    async def events():
        for c in "好的。" + cut_off:
            yield Piece(c)
        yield Finished("length", Usage())

    assert [s async for s in sentences(events(), [])] == ["好的。"]
