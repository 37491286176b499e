"""Who asks is admitted by the policy; a place that it does not allow gets no word of theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from mingbai.permit.admit import HERE, Permit
from mingbai.permit.policy import rules
from mingbai.permit.policy.decide import PlaceTerms, Policy
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
