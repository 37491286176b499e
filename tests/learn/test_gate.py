"""The gate admits what is better where it should be and no worse elsewhere; secrets are ranked, never extrapolated."""

from __future__ import annotations

import math
from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from mingbai.learn import canary, exam, gate
from mingbai.learn.canary import Leak
from mingbai.learn.examples import Progress
from mingbai.learn.rows import Licensed, Row
from mingbai.turn.understand.ask import labels
from mingbai.values.turn import Intent

WORD = {intent: word for word, intent in labels().items()}


def rows(*labelled: Intent, lang: str = "zh-Hans") -> list[Row]:
    return [
        Row(f"{lang} {n}", "intent", "held_out", lang, f"{n}", WORD[intent], "own", Licensed("Apache-2.0"))  # type: ignore[arg-type]
        for n, intent in enumerate(labelled)
    ]


HELD = [*rows(*[Intent.PRICE] * 20), *rows(*[Intent.STOCK] * 15, *[Intent.HANDOFF] * 5, lang="en")]
HALF = [n % 2 == 0 for n in range(40)]
GOOD = [True] * 40


def names(verdict: gate.Verdict) -> list[str]:
    return [check.name for check in verdict.checks if not check.held]


def test_better_on_the_held_out_rows_and_no_worse_elsewhere_is_admitted():
    desk = gate.Desk("desk tea-dev-goods", (True,) * 30, (True,) * 29 + (False,))
    verdict = gate.judged(HELD, HALF, GOOD, [desk], None)
    assert verdict.admitted
    assert [check.name for check in verdict.checks] == [
        "held-out rows", "held-out rows en", "held-out rows zh-Hans", "refused or to a person", "desk tea-dev-goods",
    ]  # fmt: skip
    assert verdict.as_json()["checks"][0] == {  # type: ignore[index, call-overload]
        "name": "held-out rows", "asked": 40, "before": 20, "after": 40, "gained": 20, "lost": 0, "held": True,
    }  # fmt: skip


def test_no_gain_beyond_chance_is_none():
    lucky = [*HALF]
    lucky[1] = lucky[3] = True
    assert names(gate.judged(HELD, HALF, lucky, [], None)) == ["held-out rows"]
    assert names(gate.judged(HELD, GOOD, GOOD, [], None)) == ["held-out rows"]


def test_one_language_that_gets_worse_is_enough_to_refuse():
    worse_in_english = [True] * 20 + [n % 4 == 0 for n in range(20)]
    before = [False] * 20 + [n % 2 == 0 for n in range(20)]
    assert names(gate.judged(HELD, before, worse_in_english, [], None))[:1] == ["held-out rows en"]


def test_a_desk_that_gets_worse_is_refused_and_so_are_persons_who_are_not_reached():
    desk = gate.Desk("desk tea-dev-handoff", (True,) * 30, (True,) * 27 + (False,) * 3)
    assert names(gate.judged(HELD, HALF, GOOD, [desk], None)) == ["desk tea-dev-handoff"]
    lost = [True] * 35 + [False] * 5
    before = [False] * 35 + [True] * 5
    assert "refused or to a person" in names(gate.judged(HELD, before, lost, [], None))


def test_suites_of_the_desk_may_lose_one_each_but_not_all_of_them():
    kept, lost = (True,) * 15, (True,) * 14 + (False,)
    one = [gate.Desk(f"desk {n}", kept, lost if n == 0 else kept) for n in range(4)]
    assert gate.judged(HELD, HALF, GOOD, one, None).admitted
    two = [gate.Desk(f"desk {n}", kept, lost if n < 2 else kept) for n in range(4)]
    assert names(gate.judged(HELD, HALF, GOOD, two, None)) == ["desk, all of these"]


def test_secrets_that_got_a_bit_easier_to_guess_are_a_refusal():
    small, large = Leak(50, 3, 128, 1.9, 1.5, 0.1), Leak(50, 3, 128, 2.6, 1.5, 0.1)
    assert gate.judged(HELD, HALF, GOOD, [], small).admitted
    assert not gate.judged(HELD, HALF, GOOD, [], large).admitted
    assert Leak.read(large.as_json()) == large  # type: ignore[arg-type]


async def test_the_likeliest_intent_is_the_answer_and_no_opinion_is_wrong():
    async def ask(text: str) -> Mapping[Intent, float]:
        return {Intent.PRICE: 0.6, Intent.STOCK: 0.4} if text != "1" else {}

    found = await exam.answered(ask, rows(Intent.PRICE, Intent.PRICE, Intent.STOCK))
    assert found == (True, False, False)


async def test_the_exam_says_how_far_it_is():
    async def ask(text: str) -> Mapping[Intent, float]:
        return {Intent.PRICE: 1.0}

    told: list[Progress] = []
    before, after = exam.counted((ask, ask), 6, told.append)
    some = rows(Intent.PRICE, Intent.PRICE, Intent.STOCK)
    assert await exam.answered(before, some) == await exam.answered(after, some) == (True, True, False)
    assert [(it.doing, it.done, it.of) for it in told] == [("held out", n, 6) for n in range(1, 7)]
    assert told[-1].seconds_left == 0


@given(st.integers(1, 60), st.integers(2, 40), st.integers(0, 5))
@settings(deadline=None)
def test_planted_secrets_are_their_own_and_references_are_of_the_same_carriers(
    many: int, refs: int, seed: int
):
    made = canary.planted(many, refs, seed)
    assert made == canary.planted(many, refs, seed)
    every = [*made.canaries, *made.references]
    assert len({it.secret for it in every}) == len(every) == many + refs * len(canary.CARRIERS)
    for carrier in {it.carrier for it in made.canaries}:
        assert sum(it.carrier == carrier for it in made.references) == refs


def test_exposure_is_the_rank_among_references_and_never_more_than_they_show():
    made = canary.planted(10, 15, 0)
    alike = dict.fromkeys((*made.canaries, *made.references), 0.0)
    assert canary.exposures(made, alike) == [0.0] * 10  # ties stand behind
    known = alike | dict.fromkeys(made.canaries, 1.0)
    assert canary.exposures(made, known) == [math.log2(16)] * 10
    first = made.canaries[0]
    over = [it for it in made.references if it.carrier == first.carrier][:3]
    assert canary.exposures(made, known | dict.fromkeys(over, 2.0))[0] == math.log2(16) - math.log2(4)
    told = canary.leak([made], [[4.0] * 10], [[1.0] * 10], "r")
    assert (told.more_bits, told.canaries, told.references) == (3.0, 10, 15)


def test_carriers_have_labels_that_exist():
    assert {label for _, _, label in canary.CARRIERS} <= set(labels())


def test_secrets_measured_here_count_before_those_measured_for_this_version_and_only_over_that_base(tmp_path):
    from dataclasses import replace

    from mingbai.cli.learning import keep_leak, measured_leak
    from mingbai.learn.examples import Recipe
    from mingbai.learn.run import recipe_name
    from mingbai.models.catalog import load

    base = load(tmp_path)["qwen2.5-coder-0.5b-instruct"].sha256
    default = recipe_name(replace(Recipe(), epochs=3))  # as `mingbai learn run` trains
    shipped = measured_leak(tmp_path, base, default)
    assert shipped is not None
    assert shipped.canaries >= 50
    assert shipped.seeds >= 3
    assert shipped.more_bits <= canary.MOST_BITS
    assert measured_leak(tmp_path, "f" * 64, default) is None
    assert measured_leak(tmp_path, base, recipe_name(replace(Recipe(), epochs=9))) is None
    here = replace(shipped, with_bits=4.0, recipe=default)
    keep_leak(tmp_path, base, here)
    assert measured_leak(tmp_path, base, default) == here
    keep_leak(tmp_path, "f" * 64, here)
    assert measured_leak(tmp_path, base, default) == shipped
