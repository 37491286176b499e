"""The policy: a second reading agrees, every error denies, and the table in `matrix.txt` changes only by a diff."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path

import pytest
from policy_twin import decided

from mingbai.permit.policy import decide, matrix, rules
from mingbai.permit.policy.decide import Change, PlaceTerms, Policy, See, Send
from mingbai.prove.bench_policy import faults
from mingbai.values.errors import SettingsError

TABLE = Path(__file__).with_name("matrix.txt")
LOCAL = PlaceTerms("local", "own", "CN", (), "shop")
CLOUD = PlaceTerms("cloud", "provider", "IE", ("US-CLOUD", "US-FISA702"))
NORDIC = PlaceTerms("nordic", "provider", "NO")
ALPINE = PlaceTerms("alpine", "provider", "CH")


@pytest.fixture(scope="module")
def pack():
    return rules.default()


@pytest.fixture(scope="module")
def policy(pack):
    return Policy(pack, [LOCAL, CLOUD, NORDIC, ALPINE])


@pytest.mark.parametrize(
    ("question", "allowed", "by"),
    [
        (See("customer", "personal", "own"), True, {"P2-own-rows"}),
        (See("visitor", "personal", "proven"), True, {"P2-own-rows"}),
        (See("customer", "personal", "other"), False, {"F1-others-rows"}),
        (See("customer", "aggregate", "own"), False, set()),
        (See("staff", "personal", "other", masked=True), True, {"P3-staff-masked"}),
        (See("staff", "personal", "other"), False, set()),
        (See("staff", "personal", "other", purpose="refund", has_case=True), True, {"P4-staff-case"}),
        (See("staff", "sensitive", "other", purpose="refund", has_case=True), False, {"F2-sensitive-staff"}),
        (See("owner", "sensitive", "other", purpose="rights", has_case=True), True, {"P4-staff-case"}),
        (See("engineer", "personal", "other", masked=True), False, set()),
        (See("owner", "personal", "other", purpose="training", masked=True), False, {"F3-purpose-consent"}),
        (
            See("owner", "personal", "other", "training", masked=True, consents=frozenset({"training"})),
            True, {"P6-with-consent"},
        ),
        (Change("customer", "personal", "own", confirmed=False, within_limit=True), False, set()),
        (Change("customer", "personal", "own", confirmed=True, within_limit=False), False, set()),
        (Change("customer", "personal", "own", confirmed=True, within_limit=True), True, {"P7-change-own"}),
        (Send(LOCAL, "sensitive", "CN"), True, {"P9-own-place"}),
        (Send(LOCAL, "personal", "EU"), True, {"P9-own-place"}),
        (Send(LOCAL, "personal", "CN", purpose="advertising"), False, {"F10-unknown-purpose"}),
        (Send(CLOUD, "personal", "EU", purpose="", masked=True), False, {"F10-unknown-purpose"}),
        (Send(CLOUD, "public", "EU", purpose="research"), True, {"P10-provider-masked"}),
        (Send(CLOUD, "personal", "CN"), False, {"F4-cn-export"}),
        (Send(CLOUD, "personal", "EU", masked=True), True, {"P10-provider-masked"}),  # Ireland is in the EU
        (Send(NORDIC, "personal", "EU", masked=True), True, {"P10-provider-masked"}),  # Norway in the EEA
        (Send(ALPINE, "personal", "EU", masked=True), False, {"F6-eu-transfer"}),
        (Send(ALPINE, "personal", "EU", masked=True, route="eu-adequacy"), True, {"P10-provider-masked"}),
        (Send(CLOUD, "personal", "CN", masked=True, route="cn-contract"), True, {"P10-provider-masked"}),
        (Send(CLOUD, "sensitive", "CN", masked=True, route="cn-contract"), False, {"F5-cn-separate-consent"}),
        (Send(CLOUD, "sensitive", "EU"), False, {"F7-foreign-reach"}),
        (Send(CLOUD, "sensitive", "EU", masked=True), True, {"P10-provider-masked"}),
        (Send(CLOUD, "personal", "EU", masked=True, child=True), False, {"F8-child"}),
    ],
)  # fmt: skip
def test_what_the_pack_says(policy, pack, question, allowed, by):
    found = policy.decide(question)
    assert (found.allowed, set(found.by)) == (allowed, by)
    assert all(why.zh and why.en for why in found.why), "every decision is explained"


def test_a_place_that_nobody_described_gets_nothing(policy):
    stranger = replace(LOCAL, name="elsewhere")
    assert not policy.decide(Send(stranger, "public", "CN")).allowed
    assert policy.decide(Send(stranger, "public", "CN")).why == (decide.ERRED,)
    assert not policy.decide(Send(replace(LOCAL, country="US"), "public", "CN")).allowed, (
        "described otherwise"
    )


def test_what_is_no_question_is_denied(policy):
    for question in (
        Send(LOCAL, "personal", "US"),  # no region of ours
        Send(replace(LOCAL, laws=[]), "personal", "CN"),
        See("customer", "personal", "own", consents=frozenset({1, "training"})),
    ):
        assert policy.decide(question) == decide.Decision(False, (), (decide.ERRED,)), question


@pytest.mark.slow  # a hundred thousand decisions
def test_a_second_reading_agrees(pack):
    drawn = random.Random(20251112)
    policy = Policy(pack, matrix.places())
    foreign = {region: set(pack.foreign_laws(region)) for region in matrix.REGIONS}
    everything = [q for block in matrix.blocks() for row in block.rows for q in row.questions]
    asked = drawn.sample(everything, 100_000)
    for question, found in zip(asked, policy.decide_all(asked), strict=True):
        allowed, by = decided(question, foreign)
        assert (found.allowed, set(found.by)) == (allowed, by), question


@pytest.mark.slow  # 170,000 cells
def test_the_table_is_the_one_that_was_signed(pack):
    now = matrix.text(pack)
    assert matrix.cells() >= 100_000
    assert now == TABLE.read_text(), (
        "a cell changed: if it should, write the table anew with `mingbai policy matrix > tests/permit/matrix.txt`"
    )


def test_every_error_denies(policy, monkeypatch):
    """Each attribute of each question, missing or of another kind."""
    questions = [
        See("customer", "personal", "own"), Change("owner", "personal", "own", True, True), Send(LOCAL, "public", "CN"),
    ]  # fmt: skip
    tried = 0
    for question in questions:
        assert policy.decide(question).allowed
        for fault in faults(policy._asked(question)):
            monkeypatch.setattr(policy, "_asked", lambda _, fault=fault: fault)
            found = policy.decide(question)
            assert (found.allowed, found.why) == (False, (decide.ERRED,)), fault
            tried += 1
        monkeypatch.undo()
    assert tried >= 90


def test_an_error_beside_a_permit_denies(pack):
    """A forbid that errs is passed over by Cedar itself: its `Allow` is not ours."""
    import cedarpy

    loose = replace(
        pack,
        policies=cedarpy.PolicySet.from_str(
            "permit (principal, action, resource); forbid (principal, action, resource) when { context.missing == 1 };"
        ),
        by_policy={"policy0": "P1-public", "policy1": "F1-others-rows"},
    )
    policy = Policy(loose)
    result = cedarpy.is_authorized(See("visitor", "public", "own").request(), loose.policies, "[]")
    assert result.decision == cedarpy.Decision.Allow
    assert result.diagnostics.errors
    assert policy._said(result) == decide.Decision(False, (), (decide.ERRED,))


@pytest.mark.parametrize(
    "broken",
    [
        "permit (principal, action, resource)",
        "permit (principal, action, resource);",
        '@id("X") @zh("甲") @en("a") @law("shop") permit (principal, action, resource) when { context.nothing };',
        '@id("X") @zh("甲") @en("a") @law("no-such-law") permit (principal, action == Action::"see", resource);',
        '@id("X") @zh("甲") @en("a") @law("shop") forbid (principal == ?principal, action == Action::"see", resource);',
        '@id("P1-public") @zh("甲") @en("a") @law("shop") permit (principal, action == Action::"see", resource);',
    ],
)  # fmt: skip
def test_a_pack_with_one_bad_rule_is_no_pack(tmp_path, broken):
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "own.cedar").write_text(broken)
    with pytest.raises(SettingsError):
        rules.load(tmp_path)


def test_an_owner_adds_a_rule(tmp_path):
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "own.cedar").write_text(
        '@id("S1") @zh("本店不接受访客改单。") @en("Visitors change nothing here.") @law("shop")\n'
        'forbid (principal == Caller::"visitor", action == Action::"change", resource);'
    )
    found = Policy(rules.load(tmp_path)).decide(Change("visitor", "personal", "proven", True, True))
    assert (found.allowed, found.by) == (False, ("S1",))
    assert found.why[0].en == "Visitors change nothing here."


def test_a_lawyer_writes_when_a_law_was_read(tmp_path):
    (tmp_path / "facts").mkdir()
    file = tmp_path / "facts" / "read.toml"
    file.write_text("[CN-NIL-7]\nchecked = 2026-11-20\n")
    found = rules.load(tmp_path)
    assert found.facts["CN-NIL-7"].checked == date(2026, 11, 20)
    assert found.facts["CN-NIL-7"].foreign_to == ("EU", "other")
    assert found.sha256 != rules.default().sha256
    file.write_text("[CN-NIL-7]\nchecked = 2026-11-20\nforeign_to = []\n")
    with pytest.raises(SettingsError, match="checked"):
        rules.load(tmp_path)


def test_laws_that_nobody_has_read_lately_are_told(pack):
    old = {fact.id for fact in rules.stale(pack.facts, date(2026, 11, 25))}
    assert "CN-PIPL-38" not in old
    assert "CN-PIPL-38" in {fact.id for fact in rules.stale(pack.facts, date(2027, 11, 25))}
    assert "CN-NIL-7" in old, "nobody has read it for this project, and the file says so"
    assert all(fact.source for fact in islice(pack.facts.values(), 99))
