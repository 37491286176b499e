"""What whoever asks may see, and whether their words may go to where answers are made. Any doubt is a no.

`customer` is what the caller's key proved, never what a message claims. `masks`: placeholders stand for personal data on
the way to that place, so it is asked what the rules say of masked data, where they do not let it have the data itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from mingbai.permit.passage import EVERYBODY, passage
from mingbai.permit.policy import rules
from mingbai.permit.policy.decide import ERRED, Caller, Decision, PlaceTerms, Policy, Region, See, Send
from mingbai.values.turn import Admission, Refusal, Turn

HERE = PlaceTerms("local", "own", "", (), "shop")


class Permit:
    """The policy on the path, for answers made at one place."""

    def __init__(
        self, policy: Policy, place: PlaceTerms, *, masks: bool = False, regions: Sequence[Region] = EVERYBODY
    ) -> None:
        self._policy, self._place, self._regions = policy, place, regions
        self._known: dict[Caller, tuple[Decision, ...]] = {}
        self._masked = masks and not passage(policy, place, regions).plain

    @classmethod
    def default(cls) -> Permit:
        """The default pack, on this machine."""
        return cls(Policy(rules.default(), [HERE]), HERE)

    def admit(self, turn: Turn) -> Admission:
        customer = turn.focus.customer
        caller: Caller = "customer" if customer else "visitor"
        sees, *sends = self._known.get(caller) or self._decided(caller)
        by = tuple(dict.fromkeys(rule for d in (sees, *sends) for rule in d.by))
        refusals = () if sees.allowed else (_refusal(sees),)
        return Admission(
            "customer",
            customer=customer,
            refusals=refusals,
            by=by,
            may_phrase=bool(sends) and all(d.allowed for d in sends),
        )

    def _decided(self, caller: Caller) -> tuple[Decision, ...]:
        """May this caller see what is theirs, and may it be sent there. Rules and place do not change while this stands, and
        nothing of the turn is asked, so an answer holds for the next turn; one that erred is asked for again."""
        found = tuple(self._policy.decide_all([
            See(caller, "personal", "own" if caller == "customer" else "proven"),
            *(
                Send(self._place, "personal", region, masked=self._masked, route=self._place.route(region))
                for region in self._regions
            ),
        ]))  # fmt: skip
        if all(ERRED not in d.why for d in found):
            self._known[caller] = found
        return found


def _refusal(decision: Decision) -> Refusal:
    said = decision.why[0]
    return Refusal(decision.by[0] if decision.by else "not_allowed", said.zh, said.en)
