"""Messages with what they ask for, and how the arms are graded on them."""

from __future__ import annotations

from mingbai.prove import bench_understand as bench
from mingbai.prove import understand_dev as dev
from mingbai.prove.bench_understand import Arm, Reading
from mingbai.prove.understand_dev import Asked
from mingbai.values.turn import Intent

WHERE, WHEN, REFUND = Intent.WHERE_IS_ORDER, Intent.DELIVERY_TIME, Intent.REFUND_STATUS
NOTHING = frozenset()


def asked(id, intents, accepted=NOTHING):
    return Asked(id, "…", frozenset(intents), frozenset(accepted or intents))


def test_the_author_s_word_is_exact_and_what_they_left_open_is_what_the_group_allows():
    for suite in ("tea-dev", "tea-dev2", "tea-dev3", "tea-dev4"):
        for it in dev.of_suite(suite):
            assert it.accepted
            assert not it.intents or it.accepted == it.intents
    third = {it.id: it for it in dev.of_suite("tea-dev3")}
    assert third["d3o001"].intents == {WHERE}
    assert (third["d3o003"].intents, third["d3o003"].accepted) == (NOTHING, {WHERE, WHEN})


def test_suites_of_one_name_are_not_those_of_another():
    first = {it.id for it in dev.of_suite("tea-dev")}
    second = {it.id for it in dev.of_suite("tea-dev2")}
    assert first
    assert second
    assert not first & second


def test_a_set_must_be_whole_and_a_first_intent_allowed():
    cases = [asked("d3a", [WHERE]), asked("d3b", [WHERE, REFUND]), asked("d3c", [], [WHERE, WHEN])]
    arm = Arm(
        "x",
        (
            Reading(WHERE, frozenset((WHERE, REFUND)), 0.1),
            Reading(REFUND, frozenset((REFUND, WHERE)), 0.2),
            Reading(WHEN, NOTHING, 0.3),
        ),
    )
    assert (arm.exact(cases).hits, arm.exact(cases).of) == (1, 2)
    assert (arm.first(cases).hits, arm.first(cases).of) == (3, 3)
    assert arm.misses(cases) == {}
    assert Arm("y", (Reading(None, NOTHING, 0.1),) * 3).misses(cases) == {
        "delivery_time": "1/1", "refund_status": "1/1", "where_is_order": "3/3",
    }  # fmt: skip


def test_an_answer_s_labels_are_read_and_anything_else_counts_for_nothing():
    assert bench.said("物流、到账") == {WHERE, REFUND}
    assert bench.said(" 物流 ") == {WHERE}
    assert bench.said("我不知道") == NOTHING
    assert bench.said("物流、我不知道") == {WHERE}


def test_a_report_keeps_the_two_kinds_of_messages_apart():
    cases = [asked("d3a", [WHERE]), asked("held-001", [WHEN])]
    arm = Arm("x", (Reading(WHERE, frozenset((WHERE,)), 0.1), Reading(WHERE, frozenset((WHERE,)), 0.1)))
    found = bench.report([arm], cases)["arms"]["x"]
    assert found["tea-dev3 exact"].startswith("1.000")
    assert found["held_out exact"].startswith("0.000")
    assert found["misses"] == {"delivery_time": "1/1"}
    assert any("tea-dev3 exact" in line for line in bench.lines(bench.report([arm], cases)))
