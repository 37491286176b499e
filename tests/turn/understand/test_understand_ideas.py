"""Ideas have one name in every language, and a conversation goes on from few words."""

from __future__ import annotations

import pytest
from understand_shop import intents, turn

from mingbai.turn.understand import Understander, concepts, follow, form
from mingbai.values.turn import Intent, Memory, Proposal


@pytest.mark.parametrize(("chinese", "english", "shared"), [
    ("趁没打包撤了吧", "cancel it before you pack it", ["not_sent", "cancel"]),
    ("钱退到哪张卡了", "which card was the refund sent to", ["refund", "card_account"]),
    ("唔要喇", "I changed my mind", ["not_want"]),
    ("地址写错了", "the address is wrong", ["address", "wrong"]),
])  # fmt: skip
def test_the_same_is_spoken_of(chinese: str, english: str, shared: list[str]) -> None:
    for text in (chinese, english):
        assert set(shared) <= set(concepts.of(form.plain(text).text)), text


def test_a_word_inside_another_is_none() -> None:
    assert "address" not in concepts.of("a dress")
    assert concepts.of("postage") == ["postage"]


def test_the_longer_word_says_it() -> None:
    assert concepts.of("退款") == ["refund"]
    assert concepts.of("退货") == ["return"]


@pytest.mark.parametrize("text", ["白的", "S please", "the white one"])
def test_few_words_answer_which(text: str) -> None:
    assert follow.short_answer(text, Memory(intent=Intent.EXCHANGE, need="color"))
    assert not follow.short_answer(text, Memory(intent=Intent.EXCHANGE))


@pytest.mark.parametrize(
    "text", ["not this one, the other one", "是没付钱的那个", "the one i have not paid", "另外那单"]
)
def test_which_is_meant_is_no_question_of_its_own(text: str) -> None:
    assert follow.points(text)


@pytest.mark.parametrize("text", ["where is the other one I ordered?", "另外那单怎么还没到？"])
def test_a_question_about_the_other_is_one(text: str) -> None:
    assert not follow.points(text)


async def test_a_reason_goes_on_with_the_return(understander: Understander) -> None:
    waiting = Proposal("start_return", (), "", "")
    memory = Memory(intent=Intent.START_RETURN, order="MB20251107-0119", proposal=waiting)
    assert intents(await understander.understand(turn("because it's too large", memory))) == ["start_return"]


async def test_postage_after_a_return_is_the_return_s(understander: Understander) -> None:
    memory = Memory(intent=Intent.RETURN_RIGHT)
    assert intents(await understander.understand(turn("运费呢", memory))) == ["return_right"]


async def test_before_anything_is_ordered_the_habits_are_asked(understander: Understander) -> None:
    made = await understander.understand(turn("晚上八点下单今天会出货吗"))
    assert intents(made)[0] == "delivery_time"
