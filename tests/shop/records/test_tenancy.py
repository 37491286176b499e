"""Two shops in one home, with the same ids: nothing asked of one ever answers with a row of the other."""

from __future__ import annotations

import inspect
import itertools
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_up import of, rows

from mingbai.shop.records import whose
from mingbai.shop.records.home import Records
from mingbai.shop.records.reader import Reader
from mingbai.shop.records.shape import SHAPES, Shape
from mingbai.shop.records.whose import Whose
from mingbai.values.records import Customer, Order, Record, Shipment, Sourced, Variant

_pairs = itertools.count(1)
FEW = st.sampled_from(["1", "2", "SF1234567890123", "6901234567892"])
PHONES = st.sampled_from(["13800132807", "183****2807", "13212345774-1234", None])
ASKED = ("1", "2", "2807", "5774", "1234", "SF1234567890123", "6901234567892", "")


@st.composite
def crowded(draw: st.DrawFn, shop: str, mark: str) -> list[Record]:
    """Rows of every kind whose numbers are of a few, so that both shops have the same; `mark` says whose they are."""
    out: list[Record] = []
    for record in draw(st.lists(st.sampled_from(list(SHAPES)), min_size=3, max_size=12)):
        one = draw(of(record, shop))
        few = {
            f.name: draw(FEW)
            for f in SHAPES[record].fields
            if f.form == "text" and f.name.endswith(_NUMBERED)
        }
        if isinstance(one, Order | Customer):
            few["phone"] = draw(PHONES)
        out.append(replace(one, **few))
    out += [
        Order("1", state_said=mark, phone="13800132807"),
        Shipment("1", "2"),
        Variant("1", "1", barcode="2"),
    ]
    return out


_NUMBERED = ("_no", "_id", "sku", "barcode", "code")


def answers(asked: Records | Reader, shop: str) -> list[Sourced]:
    """Everything that every method gives back for this shop."""
    found: list[Sourced | None] = []
    for record, shape in SHAPES.items():
        whole = list(asked.rows(shop, record))
        assert asked.count(shop, record) == len(whole)
        found += whole
        for field in shape.fields:
            if field.name in shape.kept_columns and field.form == "text" and field.name.endswith(_NUMBERED):
                found += [
                    row for value in ("1", "2", "") for row in asked.rows(shop, record, **{field.name: value})
                ]
        found += [asked.get(shop, record, *key) for key in _keys(shape)]
    for value in ASKED:
        found += asked.orders_by_phone_tail(shop, value)
        found += asked.orders_by_tracking_no(shop, value)
        found += asked.orders_by_customer(shop, value)
        found += asked.variants_by_code(shop, value)
        found += asked.orders_by_sku(shop, value)
    found += [asked.get(shop, change.record, *change.key) for change in asked.changes(shop)]
    for theirs in (Whose(shop, "1"), Whose(shop, "2"), Whose(shop, "", "1")):
        for record in whose.KINDS:
            found += asked.of_person(shop, record, theirs)
    return [row for row in found if row is not None]


def _keys(shape: Shape) -> list[tuple[str, ...]]:
    return list(itertools.product(("1", "2"), repeat=len(shape.key))) if len(shape.key) < 3 else []


def test_every_method_that_answers_is_asked_below():
    """A new question to the records must be added to `answers`."""
    asks = {name for name, _ in inspect.getmembers(Reader, inspect.isfunction) if not name.startswith("_")}
    assert asks == {
        "rows", "count", "get", "orders_by_phone_tail", "orders_by_tracking_no", "orders_by_customer",
        "variants_by_code", "orders_by_sku", "changes", "last_seq", "stats", "shops", "of_person",
    }  # fmt: skip
    for name in asks - {"shops"}:
        for asked in (Reader, Records):
            if hasattr(asked, name):
                shop = inspect.signature(getattr(asked, name)).parameters["shop"]
                assert shop.default is inspect.Parameter.empty


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_no_question_to_one_shop_is_answered_from_another(records, data):
    number = next(_pairs)
    ours, theirs = f"a{number}", f"b{number}"
    our_rows, their_rows = data.draw(crowded(ours, "ours")), data.draw(crowded(theirs, "theirs"))
    records.take(ours, rows(*our_rows, file="ours"))
    before = answers(records, ours)
    with records.reading() as reader:
        stats = reader.stats(ours)
    outcomes = records.take(theirs, rows(*their_rows, file="theirs"))
    assert {row.origin.file for row in answers(records, theirs)} == {"theirs"}
    assert not {o.verdict for o in outcomes[:1]} - {"taken"}
    assert answers(records, ours) == before
    assert {row.origin.file for row in before} == {"ours"}
    with records.reading() as reader:
        assert reader.stats(ours) == stats
        assert answers(reader, ours) == before
    seq = records.last_seq(ours)
    for outcome in outcomes:
        records.remove(
            theirs, next(s.record for s in SHAPES.values() if s.kind == outcome.kind), *outcome.key
        )
    assert answers(records, theirs) == []
    assert answers(records, ours) == before
    assert records.last_seq(ours) == seq
