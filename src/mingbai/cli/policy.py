"""`mingbai policy`: check the rules, explain a decision, print the table that a lawyer signs."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from mingbai.permit.policy.decide import Question
    from mingbai.permit.policy.rules import Pack

CALLERS = ("visitor", "customer", "staff", "owner", "engineer")
CLASSES = ("public", "aggregate", "personal", "sensitive")


@click.group()
def policy() -> None:
    """权限规则：谁能看、能改什么，数据能去哪里。 / Policy: who may see and change what, and where data may go."""


@policy.command()
def check() -> None:
    """规则是否有效，所依据的法律多久没核对了。 / Whether the rules are valid, and how long ago their laws were read."""
    from mingbai.permit.policy.rules import stale

    pack = _pack()
    click.echo(
        f"✓ {len(pack.rules)} 条规则 / rules, {len(pack.facts)} 条法律事实 / law facts, {pack.sha256[:16]}"
    )
    old = stale(pack.facts, date.today())
    for fact in old:
        when = f"{fact.checked}" if fact.checked else "没有人核对过 / read by nobody"
        click.echo(f"✗ {fact.id}: {when}  {fact.text.zh} / {fact.text.en}", err=True)
    if old:
        click.echo(
            "→ 请律师核对后在 facts/*.toml 里写上 checked 日期。 / Have a lawyer read them; write `checked` in facts/*.toml.",
            err=True,
        )
        raise SystemExit(1)


@policy.command()
@click.argument("action", type=click.Choice(["see", "change", "send", "rules"]))
@click.option("--caller", type=click.Choice(CALLERS), default="customer", show_default=True)
@click.option(
    "--data",
    type=click.Choice(CLASSES),
    default="personal",
    show_default=True,
    help="哪类数据 / what kind of data",
)
@click.option("--relation", type=click.Choice(["own", "proven", "other"]), default="own", show_default=True)
@click.option(
    "--purpose",
    default="service",
    show_default=True,
    help="service、delivery、refund、invoice、dispute、rights、marketing、training",
)
@click.option("--masked", is_flag=True, help="遮蔽过 / masked")
@click.option("--case", "has_case", is_flag=True, help="有工单号 / a case number stands behind it")
@click.option("--consent", "consents", multiple=True, help="本人同意过的用途 / a purpose agreed to")
@click.option("--confirmed", is_flag=True, help="本人确认过 / confirmed by the person")
@click.option("--over-limit", is_flag=True, help="超过限额 / over the limit")
@click.option(
    "--place", default="local", show_default=True, help="places.toml 里的地方 / a place of places.toml"
)
@click.option(
    "--region",
    type=click.Choice(["CN", "EU", "other"]),
    default="CN",
    show_default=True,
    help="谁的法律保护本人 / whose law protects the person",
)
@click.option(
    "--route",
    default="none",
    show_default=True,
    help="none、cn-contract、cn-certification、cn-assessment、eu-adequacy、eu-scc-tia",
)
@click.option("--separate-consent", is_flag=True, help="就这次出境单独同意过 / agreed to this very transfer")
@click.option("--child", is_flag=True, help="未成年人 / a child")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def explain(action: str, as_json: bool, **said: Any) -> None:
    """一个问题的答案和理由；rules 列出全部规则。 / The answer to one question, and why; `rules` lists every rule."""
    from mingbai.cli.ledger import terms
    from mingbai.cli.settings import load
    from mingbai.permit.policy.decide import Policy

    pack = _pack()
    if action == "rules":
        for rule in pack.rules.values():
            click.echo(
                f"{rule.id}  [{rule.effect}]  {', '.join(rule.law)}\n  {rule.sentence.zh}\n  {rule.sentence.en}"
            )
        return
    places = {place.name: place for place in terms(load())}
    decision = Policy(pack, places.values()).decide(_question(action, said, places))
    if as_json:
        click.echo(
            json.dumps(
                {
                    "allowed": decision.allowed,
                    "by": decision.by,
                    "zh": [w.zh for w in decision.why],
                    "en": [w.en for w in decision.why],
                },
                ensure_ascii=False,
            )
        )
        return
    click.echo("✓ 允许 / allowed" if decision.allowed else "✗ 不允许 / denied")
    for why in decision.why:
        click.echo(f"  {why.zh}\n  {why.en}")
    for rule_id in decision.by:
        for law in pack.rules[rule_id].law:
            click.echo(f"  {rule_id} · {law}: {pack.facts[law].text.zh} / {pack.facts[law].text.en}")


@policy.command()
def matrix() -> None:
    """每一种情形的答案，给律师签字；十几万格，要几秒。 / Every cell, for a lawyer to sign; some seconds."""
    from mingbai.permit.policy import matrix as table

    pack = _pack()
    click.echo(table.text(pack), nl=False)
    click.echo(f"{table.cells():,} 格 / cells, {pack.sha256}", err=True)


def _pack() -> Pack:
    from mingbai.cli.settings import load
    from mingbai.permit.policy import rules

    return rules.load(load().home)


def _question(action: str, said: dict[str, Any], places: dict[str, Any]) -> Question:
    from mingbai.permit.policy.decide import Change, See, Send
    from mingbai.values.errors import NotFound, Text

    consents = frozenset(said["consents"])
    if action == "see":
        return See(
            said["caller"],
            said["data"],
            said["relation"],
            said["purpose"],
            said["masked"],
            said["has_case"],
            consents,
        )
    if action == "change":
        return Change(
            said["caller"], said["data"], said["relation"], said["confirmed"], not said["over_limit"]
        )
    if said["place"] not in places:
        raise NotFound(
            Text(f"没有这个地方：{said['place']}。", f"There is no such place: {said['place']}."),
            Text(f"已知的：{'、'.join(places)}。", f"Known: {', '.join(places)}."),
        )
    return Send(
        places[said["place"]], said["data"], said["region"], said["purpose"], said["masked"], said["child"],
        said["separate_consent"], said["route"], consents,
    )  # fmt: skip
