"""What became of a placeholder is told from the answer alone, and a run goes on where it was cut off."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator

import pytest

from mingbai.prove.placeholders import run
from mingbai.prove.placeholders.asks import TASKS, cases
from mingbai.prove.placeholders.grade import graded
from mingbai.values.chat import Ask, Event, Finished, Piece, Usage

SENT = ("⟦手机KQ1⟧", "⟦姓名KQ2⟧")


@pytest.mark.parametrize(
    ("raw", "outcome"),
    [
        ("⟦姓名KQ2⟧的电话是⟦手机KQ1⟧", "exact"),
        ("【姓名KQ2】 KQ1", "mended"),
        ("手机KQ1，姓名KQ2", "mended"),
        ("⟦手机KQ1⟧", "left out"),
        ("⟦手机KQ1⟧ ⟦姓名KQ2⟧ ⟦姓名KQ3⟧", "altered"),  # one was made up
        ("⟦手机KQ1⟧ ⟦姓名KQ2⟧ KQ12", "altered"),
        ("⟦手机KQ1⟧ ⟦姓名KQ2⟧ ⟦姓名⟧", "altered"),
        ("⟦姓名KQ1⟧ ⟦姓名KQ2⟧", "altered"),  # the number of another kind
        ("⟦手机KQ1⟧ 13800138000 ⟦姓名KQ2⟧", "exact"),
    ],
)
def test_an_answer_is_read_without_guessing(raw, outcome):
    assert graded(raw, SENT, SENT, cut=False).outcome == outcome


def test_what_the_tokens_cut_is_not_altered():
    assert graded("⟦手机KQ1⟧ ⟦姓名K", SENT, SENT, cut=True).outcome == "cut"


class Model:
    """Copies every placeholder, but from a table, where it forgets one until it is reminded."""

    place = "local"
    attempts = 1

    def __init__(self) -> None:
        self.asks: list[Ask] = []

    async def generate(self, ask: Ask) -> AsyncGenerator[Event, None]:
        self.asks.append(ask)
        said = ask.messages[-1].content
        held = re.findall("⟦[^⟧ ]+⟧", said)
        forgets = ("表" in said or "table" in said) and "⟦ ⟧" not in said
        yield Piece(" ".join(held[forgets:]))
        yield Finished("stop", Usage(1, 0, 1), place="local")


async def test_a_run_counts_reminds_and_goes_on(tmp_path):
    kept, model = tmp_path / "answers.jsonl", Model()
    nothing = lambda *_: None  # noqa: E731
    of = list(cases(20, 7))
    await run.run(model, of[:10], kept, at_once=2, progress=nothing)
    asked = await run.run(model, of, kept, at_once=2, progress=nothing)
    assert len(model.asks) == 20 + 4, "none was asked again but four tables, with a reminder"
    report = run.report(asked)["tasks"]
    assert [report[task]["intact"] for task in TASKS] == [4, 4, 4, 0, 4]
    assert report["all"]["intact_after_a_reminder"] == report["all"]["shown"] == 20
    assert not any(value in kept.read_text("utf-8") for case in of for value in case.wanted)


def test_every_value_of_the_asks_is_masked_and_wanted():
    from mingbai.permit.mask import Detector, Masks
    from mingbai.permit.mask.asked import leaving

    for case in cases(100, 7):
        sent = leaving(case.ask, Masks(Detector(), channels={"customer"}, nonce="KQ"))
        assert not any(value in sent.messages[-1].content for value in case.wanted)
