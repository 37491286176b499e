"""A pack of rules, checked when it is read: Cedar against a strict schema, each rule with its sentences and its law."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path

import cedarpy

from mingbai.values.countries import CODES
from mingbai.values.errors import SettingsError, Text

FACT_DAYS = 180  # law facts older than this must be read again


@dataclass(frozen=True, slots=True)
class PolicyRule:
    """`law`: ids of the facts it rests on; `shop` for the shop's own."""

    id: str
    effect: str  # permit | forbid
    sentence: Text
    law: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LawFact:
    """`checked`: when somebody last read the source; None: nobody has. `foreign_to`: regions whose people it is foreign to, of a
    law that can compel disclosure. `members`: countries that it makes one area."""

    id: str
    text: Text
    source: str
    in_force: date
    checked: date | None
    foreign_to: tuple[str, ...] = ()
    members: tuple[str, ...] = ()

    def stale(self, today: date) -> bool:
        return self.checked is None or (today - self.checked).days > FACT_DAYS


@dataclass(frozen=True, slots=True)
class Pack:
    """`by_policy`: Cedar's own names (policy0 …) to ours."""

    rules: Mapping[str, PolicyRule]
    facts: Mapping[str, LawFact]
    by_policy: Mapping[str, str]
    policies: cedarpy.PolicySet
    schema: cedarpy.Schema
    sha256: str

    @property
    def compelling(self) -> list[str]:
        """The laws that a place's `laws` may name."""
        return sorted(f.id for f in self.facts.values() if f.foreign_to)

    def foreign_laws(self, region: str) -> list[str]:
        return sorted(f.id for f in self.facts.values() if region in f.foreign_to)

    def areas(self, country: str) -> list[str]:
        """The areas that a country belongs to, by the ids of the facts that make them."""
        return sorted(f.id for f in self.facts.values() if country in f.members)


@cache
def default() -> Pack:
    folder = resources.files("mingbai.permit.policy")
    schema, rules, laws = (
        folder.joinpath(name).read_text(encoding="utf-8")
        for name in ("schema.cedarschema", "default.cedar", "facts/laws.toml")
    )
    return pack(schema, rules, laws)


def load(home: Path) -> Pack:
    """The home's own `policy/*.cedar` and `facts/*.toml` beside the default pack: they may add rules and say when
    a law was read (`checked`), not take anything away."""
    own, facts = sorted((home / "policy").glob("*.cedar")), sorted((home / "facts").glob("*.toml"))
    if not own and not facts:
        return default()
    folder = resources.files("mingbai.permit.policy")
    rules = [
        folder.joinpath("default.cedar").read_text(encoding="utf-8"),
        *(p.read_text(encoding="utf-8") for p in own),
    ]
    laws = [folder.joinpath("facts/laws.toml").read_text(encoding="utf-8")]
    laws += [p.read_text(encoding="utf-8") for p in facts]
    schema = folder.joinpath("schema.cedarschema").read_text(encoding="utf-8")
    return pack(schema, "\n".join(rules), *laws)


def pack(schema: str, rules: str, *laws: str) -> Pack:
    """Raises SettingsError for what is not valid, whole: no rule is passed over."""
    try:
        checked = cedarpy.validate_policies(rules, schema)
        errors = [str(error) for error in checked.errors]
        parsed = json.loads(cedarpy.policies_to_json_str(rules)) if not errors else {}
        facts = _facts(laws)
    except (ValueError, KeyError, TypeError) as error:
        raise _broken(str(error)) from None
    if errors:
        raise _broken(errors[0])
    if parsed.get("templates"):  # nothing links them: a forbid written as one would never speak
        raise _broken("?principal, ?resource")
    found: dict[str, PolicyRule] = {}
    by_policy: dict[str, str] = {}
    for cedar_id, policy in parsed["staticPolicies"].items():
        said = policy.get("annotations", {})
        if not all(said.get(each) for each in ("id", "zh", "en", "law")):
            raise _broken(f"{cedar_id}: @id, @zh, @en, @law")
        law = tuple(each.strip() for each in said["law"].split(";"))
        missing = [each for each in law if each not in facts]
        if missing or said["id"] in found:
            raise _broken(f"{said['id']}: {', '.join(missing) or 'twice'}")
        found[said["id"]] = PolicyRule(said["id"], policy["effect"], Text(said["zh"], said["en"]), law)
        by_policy[cedar_id] = said["id"]
    digest = hashlib.sha256("\0".join((schema, rules, *laws)).encode()).hexdigest()
    return Pack(
        found, facts, by_policy, cedarpy.PolicySet.from_str(rules), cedarpy.Schema.from_str(schema), digest
    )


def stale(facts: Mapping[str, LawFact], today: date) -> Sequence[LawFact]:
    return [fact for fact in facts.values() if fact.stale(today)]


def _facts(laws: Sequence[str]) -> dict[str, LawFact]:
    """A later text may add facts; of a fact that is known it may only say when it was read."""
    found: dict[str, LawFact] = {}
    for text in laws:
        for name, row in tomllib.loads(text).items():
            if name not in found:
                found[name] = _fact(name, row)
            elif set(row) == {"checked"} and isinstance(row["checked"], date):
                found[name] = replace(found[name], checked=row["checked"])
            else:
                raise ValueError(f"{name}: only `checked` may be said again")
    return found


def _fact(name: str, row: Mapping[str, object]) -> LawFact:
    in_force, checked = row["in_force"], row.get("checked")
    foreign, members = row.get("foreign_to", []), row.get("members", [])
    if (
        not isinstance(in_force, date)
        or not (checked is None or isinstance(checked, date))
        or not isinstance(foreign, list)
        or not isinstance(members, list)
        or not CODES.issuperset(members)
    ):
        raise TypeError(f"{name}: in_force, checked, foreign_to, members")
    return LawFact(
        name,
        Text(str(row["zh"]), str(row["en"])),
        str(row["source"]),
        in_force,
        checked,
        tuple(map(str, foreign)),
        tuple(map(str, members)),
    )


def _broken(why: str) -> SettingsError:
    return SettingsError(
        Text(f"权限规则不能用：{why}", f"The policy cannot be used: {why}"),
        Text(
            "改好它再启动；没有规则就什么都不允许。",
            "Mend it and start again; without rules nothing is allowed.",
        ),
    )
