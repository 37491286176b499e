"""Isolation of tenants: what is counted as held, on scripted engines; and some of it over the real one (slow)."""

from __future__ import annotations

import os
from dataclasses import replace
from itertools import pairwise

import pytest

from mingbai.prove import isolation as proof
from mingbai.prove.isolation import Said
from mingbai.values.chat import Alternative, Answer, Ask, Finished, TokenLogprob, Usage
from mingbai.values.errors import PlaceFailed, Text

TENANTS = ["tea/words", "cups/words"]
QUESTIONS = ["到哪了", "包邮吗", "how much"]


def own(tenant: str, question: str) -> Said:
    """What a tenant alone is answered here."""
    return Said(f"{tenant}{question}", -len(question) / 7)


def engine(wrong=lambda ask, earlier: None):
    """Answers as each tenant's own, but where `wrong` gives what to make of it."""
    earlier: list[Ask] = []

    async def collect(ask: Ask) -> Answer:
        said = own(ask.adapter or "", ask.messages[-1].content)
        finished = Finished("stop", Usage(), adapter="d1" if ask.adapter else "")
        answer = Answer(said.text, (), (TokenLogprob(Alternative(said.text, said.logprob, b"")),), finished)
        change = wrong(ask, earlier)
        earlier.append(ask)
        return change(answer) if change else answer

    return collect


async def ran(collect, requests=200):
    alone = {t: await proof.alone(engine(), t, QUESTIONS, lambda *_: None) for t in ("", *TENANTS)}
    asks = proof.drawn(TENANTS, len(QUESTIONS), requests, seed=3)
    return await proof.mixed(collect, alone, QUESTIONS, asks, connections=4, told=lambda *_: None)


async def test_everybody_answered_as_alone_is_held():
    done = await ran(engine())
    assert done.held
    assert (done.asked, done.told_apart) == (220, 3)  # a tenth more of the base model's
    assert {it.name for it in done.tenants} == {"", *TENANTS}
    assert all(it.asked == it.equal > 0 for it in done.tenants)


async def test_the_tenants_are_asked_in_turns_and_not_one_after_the_other():
    asks = proof.drawn(TENANTS, 3, 200, seed=3)
    changes = sum(one[0] != other[0] for one, other in pairwise(asks))
    assert changes > 80
    assert asks == proof.drawn(TENANTS, 3, 200, seed=3) != proof.drawn(TENANTS, 3, 200, seed=4)


async def test_an_answer_over_anothers_state_is_found():
    """As llama.cpp does it without a list: what was asked under another adapter before is answered by that one."""

    def taken_over(ask, earlier):
        if earlier and earlier[-1].adapter != ask.adapter and earlier[-1].messages == ask.messages:
            said = own(earlier[-1].adapter or "", ask.messages[-1].content)
            return lambda answer: replace(answer, text=said.text)
        return None

    done = await ran(engine(taken_over))
    assert not done.held
    assert sum(it.otherwise for it in done.tenants) > 0


@pytest.mark.parametrize(
    ("change", "counted"),
    [
        (lambda a: replace(a, text=a.text + " "), "otherwise"),
        (lambda a: replace(a, finished=replace(a.finished, adapter="")), "unserved"),
        (
            lambda a: replace(
                a, logprobs=(TokenLogprob(Alternative(a.text, a.logprobs[0].chosen.logprob + 1e-9, b"")),)
            ),
            "unequal",
        ),
    ],
)
async def test_one_answer_that_is_not_the_tenants_own_is_enough(change, counted):
    hit: list[Ask] = []

    def wrong(ask, earlier):
        if ask.adapter == "tea/words" and len(earlier) > 50 and not hit:
            hit.append(ask)
            return change
        return None

    done = await ran(engine(wrong))
    tea = next(it for it in done.tenants if it.name == "tea/words")
    assert (getattr(tea, counted), tea.asked - tea.equal, done.held) == (1, 1, False)


async def test_an_ask_that_fails_is_not_a_held_one():
    def fails(ask, earlier):
        if len(earlier) == 7:
            earlier.append(ask)
            raise PlaceFailed(Text("坏", "bad"), Text("再试", "again"), status=500)

    done = await ran(engine(fails))
    assert sum(it.failed for it in done.tenants) == 1
    assert not done.held


async def test_out_of_time_it_says_how_many_were_asked():
    alone = {t: await proof.alone(engine(), t, QUESTIONS, lambda *_: None) for t in ("", *TENANTS)}
    asks = proof.drawn(TENANTS, 3, 20, seed=0)
    done = await proof.mixed(
        engine(), alone, QUESTIONS, asks, connections=2, told=lambda *_: None, seconds=-1.0
    )
    assert (done.asked, done.planned) == (0, 22)
    assert any("0 of 22" in line for line in done.lines())
    assert not done.held, "nothing asked shows nothing"


async def test_adapters_that_change_nothing_show_nothing():
    async def same(ask):
        said = Said("好", -0.5)
        finished = Finished("stop", Usage(), adapter="d" if ask.adapter else "")
        return Answer(said.text, (), (TokenLogprob(Alternative("好", said.logprob, b"")),), finished)

    alone = {t: (Said("好", -0.5),) * 3 for t in ("", *TENANTS)}
    asks = proof.drawn(TENANTS, 3, 20, seed=0)
    done = await proof.mixed(same, alone, QUESTIONS, asks, connections=2, told=lambda *_: None)
    assert all(it.held for it in done.tenants)
    assert not done.held


@pytest.mark.slow
def test_sixty_asks_of_three_tenants_over_the_real_engine(tmp_path):
    import asyncio

    from mingbai.cli import learning
    from mingbai.cli.prove_isolation import asked_of, proved
    from mingbai.cli.settings import resolve
    from mingbai.prove import drawn_lora

    settings, _ = resolve(
        {**os.environ, "MINGBAI_ENGINE_BUILD": "wheel", "MINGBAI_HOME": str(tmp_path / "home")}
    )
    base, weights = learning.base_of(settings)
    adapters = {}
    for seed, name in enumerate(("a/words", "b/words", "c/words"), 1):
        adapters[name] = tmp_path / f"{seed}.gguf"
        drawn_lora.write(adapters[name], base.file, seed)
    questions = asked_of(8, 0)
    done = asyncio.run(
        proved(settings, weights, tmp_path, adapters, questions, requests=60, connections=6, seed=0)
    )
    assert done.held, done.lines()
    assert done.asked == 66
