"""Who asks is admitted by the policy; a place that it does not allow gets no word of theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mingbai.permit.admit import HERE, Permit
from mingbai.permit.passage import EVERYBODY, passage
from mingbai.permit.policy import rules
from mingbai.permit.policy.decide import ERRED, Decision, PlaceTerms, Policy
from mingbai.values.turn import Focus, Turn

TURN = Turn("t", "tea", "到哪了", datetime(2025, 11, 12, tzinfo=UTC))
PROVEN = replace(TURN, focus=Focus(customer="C1"))


def at(place):
    return Permit(Policy(rules.default(), [place]), place)


def test_on_this_machine_everybody_may_ask_for_what_is_theirs():
    for turn, customer in ((TURN, ""), (PROVEN, "C1")):
        found = Permit.default().admit(turn)
        assert (found.role, found.customer, found.refusals, found.may_phrase) == (
            "customer",
            customer,
            (),
            True,
        )
        assert found.by == ("P2-own-rows", "P9-own-place")


def test_words_of_a_person_do_not_go_where_no_rule_lets_them():
    for place in (
        PlaceTerms("cloud", "provider", "US", ("US-CLOUD",)),
        PlaceTerms("cloud", "provider", ""),
        PlaceTerms("far cluster", "cluster", "US"),
    ):
        found = at(place).admit(PROVEN)
        assert not found.may_phrase
        assert found.refusals == (), "the desk's templates still answer"
        assert any(rule.startswith("F") for rule in found.by)


def test_an_owner_who_shuts_the_door(tmp_path):
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "own.cedar").write_text(
        '@id("S1") @zh("访客请先登录。") @en("Please sign in first.") @law("shop")\n'
        'forbid (principal == Caller::"visitor", action == Action::"see", resource == Data::"personal");'
    )
    permit = Permit(Policy(rules.load(tmp_path), [HERE]), HERE)
    assert [r.en for r in permit.admit(TURN).refusals] == ["Please sign in first."]
    assert permit.admit(PROVEN).refusals == ()


CN_CLOUD = PlaceTerms("cloud", "provider", "CN")
WITH_ROUTES = PlaceTerms("cloud", "provider", "US", ("US-CLOUD",), routes=("cn-contract", "eu-scc-tia"))


@pytest.mark.parametrize(
    ("place", "regions", "plain", "masked"),
    [
        (HERE, EVERYBODY, True, True),
        (CN_CLOUD, ("CN",), False, True),
        (CN_CLOUD, EVERYBODY, False, False),  # F6: nobody said by which route data of Europeans go there
        (WITH_ROUTES, EVERYBODY, False, True),
        (replace(WITH_ROUTES, routes=("cn-contract",)), EVERYBODY, False, False),
        (replace(WITH_ROUTES, routes=("cn-hope", "eu-scc-tia")), EVERYBODY, False, False),
        (PlaceTerms("ours", "cluster", "CN"), ("CN",), True, True),
        (CN_CLOUD, (), False, False),
    ],
)
def test_how_words_may_leave(place, regions, plain, masked):
    policy = Policy(rules.default(), [place])
    way = passage(policy, place, regions)
    assert (way.plain, way.masked, way.tools) == (plain, masked, False)
    assert Permit(policy, place, masks=True, regions=regions).admit(PROVEN).may_phrase is masked
    assert Permit(policy, place, regions=regions).admit(PROVEN).may_phrase is plain
    if not masked and regions:
        assert way.why, "it says why"


def test_tools_are_given_real_values_only_by_a_rule_of_the_shop(tmp_path):
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "own.cedar").write_text(
        '@id("S2") @zh("工具可用真实信息。") @en("Tools may use the data.") @law("shop")\n'
        'permit (principal, action == Action::"see", resource == Data::"personal")\n'
        'when { [Caller::"staff", Caller::"owner", Caller::"engineer"].contains(principal) };'
    )
    assert passage(Policy(rules.load(tmp_path), [CN_CLOUD]), CN_CLOUD, ("CN",)).tools


def test_an_answer_of_the_rules_holds_for_the_next_turn_and_an_error_does_not(monkeypatch):
    policy = Policy(rules.default(), [HERE])
    asked: list[int] = []
    real = policy.decide_all

    def counted(questions):
        questions = list(questions)
        asked.append(len(questions))
        return [Decision(False, (), (ERRED,))] * len(questions) if len(asked) == 1 else real(questions)

    monkeypatch.setattr(policy, "decide_all", counted)
    permit = Permit(policy, HERE)
    first = permit.admit(TURN)
    assert (first.may_phrase, len(first.refusals)) == (False, 1), "an error denies"
    again = [permit.admit(turn) for turn in (TURN, TURN, PROVEN, PROVEN)]
    assert [(a.may_phrase, a.refusals, a.customer) for a in again] == [
        (True, (), c) for c in ("", "", "C1", "C1")
    ]
    assert len(asked) == 3, "the error, a visitor, a customer"
