"""`bench place`: what may not leave is asked nowhere, and two that say nothing do not agree."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from mingbai.cli.bench_place import _alike, _arms
from mingbai.learn.rows import Licensed, Row
from mingbai.values.chat import Alternative, Ask, Event, Finished, Piece, TokenLogprob, Usage
from mingbai.values.errors import Forbidden, Text


class Place:
    """Says one label; takes no numbers; has the adapter loaded, or not."""

    place, attempts = "there", 1

    def __init__(self, adapter: str) -> None:
        self._adapter = adapter

    async def generate(self, ask: Ask) -> AsyncGenerator[Event, None]:
        text = ask.messages[-1].content
        if "139" in text:
            raise Forbidden(Text("有号码", "a number"), Text("留在本机", "keep it here"))
        word = Alternative("物流", -0.1, "物流".encode())
        yield Piece("物流", (TokenLogprob(word, (word,)),))
        yield Finished("stop", Usage(), adapter=self._adapter if ask.adapter else "")


def row(text: str) -> Row:
    return Row(text, "intent", "held_out", "zh-Hans", text, "物流", "own", Licensed("Apache-2.0"))


async def test_what_may_not_leave_is_left_out_of_every_arm():
    rows = [row("到哪了"), row("我是13912345678，到哪了"), row("物流呢")]
    sent, arms = await _arms(Place("ab" * 32), "tea/intent", rows)  # type: ignore[arg-type]
    assert [it.text for it in sent] == ["到哪了", "物流呢"]
    assert {name: arm.said for name, arm in arms.items()} == {
        "untuned": ("物流", "物流"),
        "tuned": ("物流", "物流"),
    }


async def test_an_adapter_that_is_not_loaded_has_no_opinion_and_agrees_with_nobody():
    _, arms = await _arms(Place(""), "tea/intent", [row("到哪了")])  # type: ignore[arg-type]
    assert arms["tuned"].said == ("",)
    assert _alike(arms["tuned"].said, arms["tuned"].said) == 0
    assert _alike(arms["untuned"].said, ("物流",)) == 1
