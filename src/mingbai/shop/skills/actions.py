"""The one way to write on a customer's word: planned, said back, confirmed, and then made once.

1. The plan is made anew in the transaction that writes; it must be what was confirmed, from rows that have not changed.
2. The same confirmed proposal twice is one write: its key is what would change and what the rows were.
3. The owner's limits are counted under the write lock, so that no two writers share the last place.
4. The rows before and after are kept beside the change, and `undo` puts them back if nothing else changed them since. They
   lie under the key of whose order it is: once that person is erased, nothing can be put back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from mingbai.shop.records import sealed_actions, take
from mingbai.shop.records.home import Reader, Records
from mingbai.shop.records.jsonform import from_json, to_json
from mingbai.shop.records.shape import SHAPES, Shape
from mingbai.shop.records.tables import ACTIONS
from mingbai.shop.skills.limits import over_amount, over_count
from mingbai.shop.skills.proof import may_see
from mingbai.shop.skills.scene import Scene
from mingbai.shop.skills.skill import Plan, Skill, from_texts
from mingbai.values.errors import BadInput, NotFound, Text
from mingbai.values.money import Money
from mingbai.values.records import KINDS, Order, Origin, Record, Sourced
from mingbai.values.turn import Done, Evidence, Proposal, Refusal

SEEN = "seen"  # the argument that says from which rows a proposal was made
CHANGED = Refusal(
    "changed", "情况和刚才不一样了，没有做任何改动，请重新确认。",
    "Things have changed since; nothing was done. Please confirm again.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Action:
    """One write that was made. `before` holds None where there was no row."""

    action_no: str
    skill: str
    role: str
    asker: str
    order_no: str
    amount: Money | None
    at: datetime
    undone_at: datetime | None
    undone_by: str
    before: tuple[Any, ...] = field(repr=False)
    after: tuple[Any, ...] = field(repr=False)


class Actions:
    def __init__(self, records: Records) -> None:
        self._records = records

    def carry_out(
        self, scene_of: Callable[[Reader], Scene], skill: Skill[Any], proposal: Proposal, conversation_no: str
    ) -> Evidence:
        """The write of a confirmed proposal: `done`, or why not. `scene_of` must ask as the one who confirmed."""
        arguments = tuple(pair for pair in proposal.arguments if pair[0] != SEEN)
        assert skill.plan is not None
        with self._records.reading() as reader:
            shop = scene_of(reader).shop
        with self._records.writing(shop) as connection:
            scene = scene_of(Reader(connection))
            key = _key(scene, proposal)
            if (earlier := _made(connection, shop, key)) is not None and _may_know(scene, proposal):
                return Evidence(skill.intent, done=Done(earlier[0], skill.name, *earlier[1]))
            planned = skill.plan(scene, from_texts(skill.arguments, arguments))
            if isinstance(planned, Evidence):
                return planned
            if planned.proposal.arguments != proposal.arguments:
                return Evidence(skill.intent, proposal=planned.proposal, refusals=(CHANGED,))
            limit = scene.limits.of(scene.asker.role, scene.now)
            refusal = over_amount(limit, planned.amount) or over_count(
                limit, *_counts(connection, scene, planned)
            )
            if refusal is not None:
                return Evidence(skill.intent, refusals=(refusal,), handoff=True)
            number = self._write(connection, scene, skill, planned, key, conversation_no)
        return Evidence(skill.intent, planned.after, done=Done(number, skill.name, planned.zh, planned.en))

    def _write(
        self,
        connection: Connection,
        scene: Scene,
        skill: Skill[Any],
        planned: Plan,
        key: str,
        conversation_no: str,
    ) -> str:
        reader, shop = Reader(connection), scene.shop
        before = [_there(reader, shop, row.record) for row in planned.rows]
        take.take(connection, shop, planned.rows)
        after = [_there(reader, shop, row.record) for row in planned.rows]
        number = _number(connection, scene)
        said = sealed_actions.written(planned.proposal.arguments, [planned.zh, planned.en], before, after)
        connection.execute(
            insert(ACTIONS).values(
                shop=shop, action_no=number, key=key, skill=skill.name, role=scene.asker.role, asker=_asker(scene, planned),
                conversation_no=conversation_no, order_no=planned.order_no,
                sealed=sealed_actions.put_away(connection, shop, number, planned.order_no, said),
                amount_minor=planned.amount.minor if planned.amount else None,
                amount_currency=planned.amount.currency if planned.amount else None,
                at=_utc(scene.now), undone_at=None, undone_by="",
            )
        )  # fmt: skip
        return number

    def latest(self, shop: str, many: int = 50) -> list[Action]:
        """The latest first."""
        with self._records.connected() as connection:
            rows = connection.execute(
                select(ACTIONS)
                .where(ACTIONS.c.shop == shop)
                .order_by(ACTIONS.c.at.desc(), ACTIONS.c.action_no.desc())
                .limit(many)
            )
            return [_action(connection, row) for row in rows]

    def undo(self, shop: str, action_no: str, by: str, now: datetime) -> Action:
        """Put the rows back as they were. Raises `BadInput` if they were changed since, or if it was undone before."""
        with self._records.writing(shop) as connection:
            found = connection.execute(
                select(ACTIONS).where(ACTIONS.c.shop == shop, ACTIONS.c.action_no == action_no)
            ).first()
            if found is None:
                raise NotFound(
                    Text(f"没有操作 {action_no}。", f"There is no action {action_no}."),
                    Text("mingbai actions list 列出全部。", "mingbai actions list shows all."),
                )
            if found.undone_at is not None:
                raise BadInput(
                    Text(f"操作 {action_no} 已经撤销过了。", f"Action {action_no} was undone before."),
                    Text("不用再做什么。", "Nothing more to do."),
                )
            said = sealed_actions.take_out(connection, shop, action_no, found.sealed)
            if said is None:
                raise BadInput(
                    Text(
                        "这位顾客的数据已删除，不能撤销。",
                        "This customer's data were erased; it cannot be undone.",
                    ),
                    Text("请在店铺后台核对。", "Please check it in the shop's back office."),
                )
            _restore(connection, shop, said["before"], said["after"])
            # The key is given up, so that the same wish may be made again.
            connection.execute(
                update(ACTIONS)
                .where(ACTIONS.c.shop == shop, ACTIONS.c.action_no == action_no)
                .values(undone_at=_utc(now), undone_by=by, key=f"undone {found.key}")
            )
            again = connection.execute(
                select(ACTIONS).where(ACTIONS.c.shop == shop, ACTIONS.c.action_no == action_no)
            ).one()
            return _action(connection, again)


def seen(scene: Scene, rows: Sequence[Sourced]) -> tuple[str, str]:
    """The argument of a proposal that pins the rows it was made from."""
    before = [_there(scene.reader, scene.shop, row.record) for row in rows]
    return SEEN, hashlib.sha256(json.dumps(before, sort_keys=True).encode()).hexdigest()[:16]


def _there(reader: Reader, shop: str, record: Record) -> dict[str, Any] | None:
    """The row of this record's key as it is now, with where it came from."""
    kind, shape = type(record), SHAPES[type(record)]
    key = [getattr(record, name) for name in _key_names(kind)]
    found = reader.get(shop, kind, *key)
    if found is None:
        return {"kind": shape.kind, "key": [str(k) for k in key], "row": None}
    origin = [found.origin.file, found.origin.line, found.origin.sheet]
    return {"kind": shape.kind, "key": [str(k) for k in key], "row": to_json(found.record), "origin": origin}


def _key_names(kind: type[Record]) -> tuple[str, ...]:
    return next(names for _, record, names in KINDS if record is kind)


def _shape(kind: str) -> Shape:
    return next(shape for shape in SHAPES.values() if shape.kind == kind)


def _restore(connection: Connection, shop: str, before: list[Any], after: list[Any]) -> None:
    reader = Reader(connection)
    for was, became in zip(before, after, strict=True):
        shape = _shape(became["kind"])
        now = reader.get(shop, shape.record, *became["key"])
        if now is None or to_json(now.record) != became["row"]:
            raise BadInput(
                Text(
                    "这些数据后来又改过，不能自动撤销。",
                    "These rows were changed again since, so it cannot be undone by itself.",
                ),
                Text(
                    "请在店铺后台核对后手工处理。",
                    "Please check them in the shop's back office and mend them by hand.",
                ),
            )
        if was["row"] is None:
            take.remove(connection, shop, shape, shape.key_asked(tuple(became["key"])))
        else:
            origin = Origin(*was["origin"])
            take.take(connection, shop, [Sourced(from_json(was["kind"], was["row"]), origin)])


def _key(scene: Scene, proposal: Proposal) -> str:
    said = [scene.shop, proposal.skill, *sorted(proposal.arguments)]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def _made(connection: Connection, shop: str, key: str) -> tuple[str, tuple[str, str]] | None:
    """The action that this key was made by, with what was said of it."""
    row = connection.execute(
        select(ACTIONS.c.action_no, ACTIONS.c.sealed).where(ACTIONS.c.shop == shop, ACTIONS.c.key == key)
    ).first()
    said = sealed_actions.take_out(connection, shop, row.action_no, row.sealed) if row is not None else None
    if row is None or said is None:
        return None
    zh, en = said["arguments"]["done"]
    return row.action_no, (zh, en)


def _may_know(scene: Scene, proposal: Proposal) -> bool:
    """Whether who confirms may see the order that it is about."""
    row = scene.get(Order, dict(proposal.arguments).get("order_no", ""))
    return row is not None and may_see(scene, row.record)


def _number(connection: Connection, scene: Scene) -> str:
    """A20251112-0001: counted within the day, under the write lock."""
    day = f"A{scene.now:%Y%m%d}-"
    count = connection.execute(
        select(func.count()).where(ACTIONS.c.shop == scene.shop, ACTIONS.c.action_no.startswith(day))
    ).scalar_one()
    return f"{day}{int(count) + 1:04d}"


def _asker(scene: Scene, planned: Plan) -> str:
    """The proven customer, else the order whose number and tail were proof."""
    return scene.asker.customer or planned.order_no


def _counts(connection: Connection, scene: Scene, planned: Plan) -> tuple[int, int]:
    """Writes of the last hour: of this asker, and of all in this role. What was undone counts, too."""
    since = _utc(scene.now - timedelta(hours=1))
    rows = connection.execute(
        select(ACTIONS.c.asker, func.count())
        .where(ACTIONS.c.shop == scene.shop, ACTIONS.c.role == scene.asker.role, ACTIONS.c.at > since)
        .group_by(ACTIONS.c.asker)
    ).all()
    by_asker = {row[0]: int(row[1]) for row in rows}
    return by_asker.get(_asker(scene, planned), 0), sum(by_asker.values())


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(tzinfo=None)


def _action(connection: Connection, row: Any) -> Action:
    said = sealed_actions.take_out(connection, row.shop, row.action_no, row.sealed) or {
        "before": (),
        "after": (),
    }
    amount = Money(row.amount_minor, row.amount_currency) if row.amount_minor is not None else None
    undone = row.undone_at.replace(tzinfo=UTC) if row.undone_at else None
    return Action(
        row.action_no, row.skill, row.role, row.asker, row.order_no, amount, row.at.replace(tzinfo=UTC), undone,
        row.undone_by, tuple(said["before"]), tuple(said["after"]),
    )  # fmt: skip
