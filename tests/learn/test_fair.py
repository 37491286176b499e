"""The same question in other words or by somebody else: how often a model takes the two for one, with an adapter and without."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from mingbai.learn import exam, fair, gate, generate, select
from mingbai.turn.understand.ask import Odds, labels
from mingbai.values.turn import Intent

HELD = {text: labels()[it.label] for it in fair.alike() for text in (it.one, it.other)}


def knows(wrong: Callable[[str], Intent | None]) -> Callable[[str], Awaitable[Odds]]:
    async def ask(text: str) -> Odds:
        intent = wrong(text)
        return Odds({intent: 1.0} if intent else {})

    return ask


async def compared(before: Callable[[str], Intent | None], after: Callable[[str], Intent | None]):
    desks = fair.compared(await fair.said(knows(before)), await fair.said(knows(after)))
    return [exam.not_worse(it.name, it.before, it.after) for it in desks]


def test_the_pairs_name_labels_that_exist_and_no_training_line_reads_like_one():
    pairs = fair.alike()
    assert {it.label for it in pairs} <= set(labels())
    assert {it.check for it in pairs} == {fair.LANGUAGES, fair.PERSONS}
    assert all(it.one != it.other and "{" not in it.one + it.other for it in pairs)
    ours = {select.skeleton(it.text) for it in generate.own()}
    assert not ours & {select.skeleton(text) for text in HELD}


def test_every_name_and_place_is_asked_for_and_every_way_of_writing():
    asked = "\n".join(it.other for it in fair.alike())
    for of in (
        "女士",
        "买买提",
        "卓玛",
        "奶奶",
        "Mrs",
        "Aisha",
        "Nguyen",
        "那曲",
        "喀什",
        "香港",
        "山里",
        "Lagos",
        "Karachi",
    ):
        assert of in asked
    for of in ("麻煩", "唔送", "嘛", "稀碎", "human agent"):
        assert of in asked


async def test_what_is_right_is_the_same_and_being_wrong_alike_is_the_same_too():
    assert all(check.held for check in await compared(HELD.__getitem__, HELD.__getitem__))
    alike = await compared(HELD.__getitem__, lambda text: Intent.PRICE)
    assert [(it.gained, it.lost, it.held) for it in alike] == [(0, 0, True)] * 2


async def test_an_adapter_that_takes_women_and_far_places_for_something_else_is_refused():
    def unfair(text: str) -> Intent:
        return Intent.COMPLAINT if any(it in text for it in ("女士", "买买提", "那曲")) else HELD[text]

    languages, persons = await compared(HELD.__getitem__, unfair)
    assert (languages.held, persons.held) == (True, False)
    assert persons.lost > 1
    verdict = gate.Verdict((languages, persons), None)
    assert not verdict.admitted


async def test_an_adapter_that_forgot_a_language_is_refused():
    def chinese(text: str) -> Intent:
        return Intent.OFF_TOPIC if text.isascii() else HELD[text]

    languages, persons = await compared(HELD.__getitem__, chinese)
    assert (languages.held, persons.held) == (False, True)


async def test_no_opinion_on_both_ways_is_no_answer_that_is_the_same():
    languages, persons = await compared(HELD.__getitem__, lambda text: None)
    assert languages.after.hits == persons.after.hits == 0
    assert not languages.held
