"""The home's receipts: its two logs, the vault that seals openings, and what this service is made of."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from importlib import resources
from typing import TYPE_CHECKING

from mingbai import __version__
from mingbai.permit.admit import Permit
from mingbai.permit.consent import Consents
from mingbai.permit.passage import EVERYBODY, Passage, passage
from mingbai.permit.policy import rules
from mingbai.permit.policy.decide import ROUTES, PlaceTerms, Policy, Region
from mingbai.permit.vault.vault import Vault, root_key
from mingbai.receipt import canonical, signing
from mingbai.receipt.body import House, ModelFacts, PlaceFacts
from mingbai.receipt.book import Receipts
from mingbai.receipt.log import TileLog
from mingbai.values.countries import CODES
from mingbai.values.errors import SettingsError, Text
from mingbai.values.json import JsonObject
from mingbai.values.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

    from mingbai.models.entry import Entry

ANSWERS, BUILDS = "answers", "builds"


def vault(settings: Settings) -> Vault:
    """Keys of persons. Its two files want backups of their own, apart from the data's."""
    root = root_key(settings.home / "secrets" / "root.key")
    keys = settings.home / "vault" / "persons.db"
    return Vault(keys, root, encrypt_pages=settings.vault.page_encryption)


def log(settings: Settings, stream: str) -> TileLog:
    folder = settings.home / "receipts"
    return TileLog(folder / f"{stream}.db", signing.signer(folder / "keys", stream))


def receipts(settings: Settings, entry: Entry | None = None) -> Receipts:
    """The receipts of every answer given here from now on. `entry`: the weights that word them, if any do."""
    from mingbai.cli.settings import load_places

    template = _digest_of("mingbai.turn")
    model = ModelFacts(entry.id, entry.sha256, entry.quantisation) if entry else None
    places = {
        place.name: PlaceFacts(place.operator, place.country, tuple(place.laws))
        for place in load_places(settings.home)
    }
    house = House(
        "mingbai", template, model, {"local": PlaceFacts("own", settings.shop.country), **places},
        policy_sha256=rules.load(settings.home).sha256, build=_build(settings, template, model),
    )  # fmt: skip
    folder = settings.home / "receipts"
    return Receipts(
        log(settings, ANSWERS),
        folder / "openings.db",
        vault(settings),
        house,
        lambda: signing.public(folder / "keys", ANSWERS),
    )


def terms(settings: Settings) -> list[PlaceTerms]:
    """This machine, and the places of places.toml, as the rules see them. Raises SettingsError for a country that is none."""
    from mingbai.cli.settings import load_places

    if settings.shop.country not in CODES:
        raise SettingsError(
            Text(
                f"shop.country 的值 {settings.shop.country!r} 不是国家代码。",
                f"The value {settings.shop.country!r} of shop.country is no country's code.",
            ),
            Text("写成 ISO 3166-1 的两个字母，如 CN、DE。", "Write two letters of ISO 3166-1, as CN, DE."),
        )

    elsewhere = []
    for place in load_places(settings.home):
        if unknown := [each for each in place.routes if each not in ROUTES]:
            raise SettingsError(
                Text(
                    f"places.{place.name} 的 routes 里有不认识的 {unknown[0]}。",
                    f"routes of places.{place.name} has an unknown {unknown[0]}.",
                ),
                Text(f"可写的有 {'、'.join(ROUTES)}。", f"Known are {', '.join(ROUTES)}."),
            )
        elsewhere.append(
            PlaceTerms(place.name, place.kind, place.country, tuple(place.laws), routes=tuple(place.routes))
        )
    return [PlaceTerms("local", "own", settings.shop.country, (), "shop"), *elsewhere]


def permit(settings: Settings, place: str, *, masks: bool = False) -> Permit:
    """The policy for answers made at that place. A rehearsal is made here, too; a place that nobody described gets no word.
    `masks`: its engine is a masked one."""
    known = {each.name: each for each in terms(settings)}
    here = known["local"] if place == "rehearsal" else PlaceTerms(place, "provider", "")
    policy = Policy(rules.load(settings.home), known.values())
    return Permit(policy, known.get(place, here), masks=masks, regions=regions(settings))


def passages(settings: Settings) -> dict[str, Passage]:
    """How words may leave for each place of places.toml."""
    known = terms(settings)
    policy = Policy(rules.load(settings.home), known)
    return {each.name: passage(policy, each, regions(settings)) for each in known if each.kind != "own"}


def regions(settings: Settings) -> list[Region]:
    """Those of `shop.regions`. Raises SettingsError: a region that is misspelt must not be left out in silence."""
    said = [each.strip() for each in settings.shop.regions.split(",") if each.strip()]
    found = [each for each in EVERYBODY if each in said]
    if not said or len(found) != len(said):
        raise SettingsError(
            Text(
                f"shop.regions 不能是 {settings.shop.regions!r}。",
                f"shop.regions may not be {settings.shop.regions!r}.",
            ),
            Text(
                f"写 {'、'.join(EVERYBODY)} 中的几个，用逗号隔开。",
                f"Name some of {', '.join(EVERYBODY)}, with commas between.",
            ),
        )
    return found


@contextmanager
def opened(settings: Settings) -> Iterator[Receipts]:
    """To read."""
    found = receipts(settings)
    try:
        yield found
    finally:
        found.close()


def _build(settings: Settings, template: str, model: ModelFacts | None) -> int:
    """The entry of the `builds` log that names this code and these weights, made when it is new."""
    said: JsonObject = {
        "v": 1, "code": __version__, "template": template,
        "source": _digest_of("mingbai"),
        "model": {"name": model.name, "sha256": model.sha256, "quant": model.quant} if model else None,
    }  # fmt: skip
    body = canonical.dumps(said)
    name = hashlib.sha256(body).hexdigest()
    builds = log(settings, BUILDS)
    try:
        found = builds.find(name)
        return builds.append([(name, body)])[0] if found is None else found
    finally:
        builds.close()


def _digest_of(*packages: str) -> str:
    """Over every file of these packages, by name and content."""
    digest = hashlib.sha256()
    for package in packages:
        for name, data in _files(package, resources.files(package)):
            digest.update(f"{name}\n{len(data)}\n".encode() + data)
    return digest.hexdigest()


def _files(prefix: str, folder: Traversable) -> Iterator[tuple[str, bytes]]:
    for each in sorted(folder.iterdir(), key=lambda e: e.name):
        if each.is_dir():
            if each.name != "__pycache__":
                yield from _files(f"{prefix}/{each.name}", each)
        elif not each.name.endswith(".pyc"):
            yield f"{prefix}/{each.name}", each.read_bytes()


def consents(settings: Settings, keys: Vault) -> Consents:
    return Consents(settings.home / "consent.db", keys.tag, keys)


def take_example_consents(settings: Settings) -> int:
    """What the example shop's customers said of training; how many records. Who has a record already is not asked again."""
    from contextlib import closing
    from datetime import UTC, datetime

    from mingbai.shop.example import consents as example
    from mingbai.shop.example import make

    with closing(vault(settings)) as keys:
        ledger = consents(settings, keys)
        words = {
            lang: ledger.publish(example.NOTICE, lang, text, datetime(2025, 10, 1, tzinfo=UTC))
            for lang, text in example.notices()
        }
        known = {
            one.customer_id
            for one in example.said()
            if ledger.history(f"{make.SHOP}/customer/{one.customer_id}")
        }
        fresh = [one for one in example.said() if one.customer_id not in known]
        for one in fresh:
            ledger.record(
                f"{make.SHOP}/customer/{one.customer_id}", one.state, purpose="training", category="conversation",
                notice=words[one.lang], region=one.region, at=one.at, how=one.how,
            )  # fmt: skip
    return len(fresh)
