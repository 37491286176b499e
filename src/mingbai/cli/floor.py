"""What the page stands on: the counter, the desk and the office of one home, put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mingbai.cli import assemble, ledger
from mingbai.permit.certificate import People
from mingbai.permit.consent import Consents
from mingbai.permit.policy import rules
from mingbai.permit.policy.decide import Caller, Change, Policy
from mingbai.permit.register import Register
from mingbai.permit.talks.plans import Plans
from mingbai.permit.talks.store import Talks
from mingbai.serve.files import Files
from mingbai.serve.page import Page
from mingbai.serve.sessions import Sessions
from mingbai.shop import style
from mingbai.shop.clock import clock_of
from mingbai.shop.ground import finder as finder_of
from mingbai.shop.intake.dropped import Dropped
from mingbai.shop.owned import Owned
from mingbai.shop.skills import person
from mingbai.shop.skills.by_hand import ByHand
from mingbai.shop.skills.limits import Limits
from mingbai.shop.skills.scene import Asker, Scene, nothing
from mingbai.turn.counter import Bell, Counter
from mingbai.values.settings import Settings
from mingbai.values.talk import Hours
from mingbai.values.turn import Refusal
from mingbai.web import built

if TYPE_CHECKING:
    from collections.abc import Callable

    from mingbai.receipt.book import Receipts
    from mingbai.serve.keys import KeyStore
    from mingbai.shop.records.home import Reader, Records
    from mingbai.shop.search.search import Search
    from mingbai.turn.counter import Answers

REPORTS = "reports"


def limits(settings: Settings) -> Owned[Limits]:
    """As the owner set them on the page; until then, as the settings say."""
    return Owned(settings.home / "limits.json", assemble.limits(settings), Limits.from_json, Limits.as_json)


def page(
    settings: Settings, records: Records, desk: Answers, keys: KeyStore, *, finder: Search, bounds: Owned[Limits],
    receipts: Receipts | None = None,
) -> Page:  # fmt: skip
    from mingbai.cli.settings import load_places

    home = settings.home
    clock, vault = clock_of(records), ledger.vault(settings)
    terms = ledger.terms(settings)
    policy = Policy(rules.load(home), terms)
    imported = Bell()
    talks = Talks(home / "talks.db", vault)

    def scene_of(reader: Reader, shop: str, asker: Asker) -> Scene:
        return Scene(reader, finder_of(finder, shop), shop, clock(shop), asker, limits=bounds())

    return Page(
        files=Files(built()),
        sessions=Sessions(home / "keys.db", keys),
        counter=Counter(talks, desk, hours_of(records)),
        records=records,
        search=finder,
        by_hand=ByHand(records, scene_of, may_change(policy), Plans(home / "plans.db", talks, vault)),
        imports=Dropped(home, records),
        limits=bounds,
        style=Owned(home / "style.json", style.DEFAULT, style.Style.from_json, style.Style.as_json),
        consents=Consents(home / "consent.db", vault.tag, vault),
        people=None if receipts is None else People(assemble.rights(settings, records, receipts)),
        register=Register(home / "register.db", vault),
        policy=policy,
        terms=terms,
        places=load_places(home),
        reports=home / REPORTS,
        receipts=receipts,
        imported=imported,
    )


def hours_of(records: Records) -> Callable[[str], Hours]:
    """The shop's name and hours, and whether people are at their desks now; by its own clock."""
    clock = clock_of(records)

    def hours(asked: str) -> Hours:
        shop = records.the_shop(asked or None)
        with records.reading() as reader:
            scene = Scene(reader, nothing, shop, clock(shop), Asker())
            row = scene.shop_row.record
            return Hours(
                shop, row.name_zh or row.name_en, row.name_en or row.name_zh, row.hours_zh or row.hours_en,
                row.hours_en or row.hours_zh, person.is_open(scene),
            )  # fmt: skip

    return hours


def may_change(policy: Policy) -> Callable[[str], Refusal | None]:
    """What the policy says of a change of somebody's data by a role. The owner's limits are counted where it is written."""

    def may(role: str) -> Refusal | None:
        caller: Caller = "owner" if role == "owner" else "staff"
        decision = policy.decide(Change(caller, "personal", "other", confirmed=True, within_limit=True))
        if decision.allowed:
            return None
        why = decision.why[0]
        return Refusal(decision.by[0] if decision.by else "not_allowed", why.zh, why.en)

    return may
