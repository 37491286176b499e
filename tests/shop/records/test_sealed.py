"""What is personal in a row lies under the key of whose it is: sealed on the disk, whole for the shop, gone with the key."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from made_up import SHANGHAI, order, rows
from sqlalchemy import text

from mingbai.permit.vault.rows import RowSealer
from mingbai.permit.vault.vault import Vault
from mingbai.shop.records import database, migrate, sealing
from mingbai.shop.records.home import Records
from mingbai.shop.records.tables import TABLES
from mingbai.values.records import (
    Conversation,
    Customer,
    InvoiceRequest,
    Line,
    Order,
    Return,
    ReturnState,
    Review,
    Said,
    Shipment,
    ShipmentEvent,
    ShipmentState,
)  # fmt: skip

AT = datetime(2025, 11, 3, 10, tzinfo=SHANGHAI)
SECRETS = (
    "欧阳青禾", "13912345678", "5678", "qinghe@example.com", "龙井路七号", "310012", "请放门口的鞋柜里", "刻字：给青禾", "本人签收",
    "杯子裂了一道", "青禾茶业有限公司", "91330100MA2B1X2Y3Z", "泡给奶奶喝的", "我的手机尾号是", "鞋柜",
)  # fmt: skip
LI = (
    Customer("C1", "欧阳青禾", "13912345678", "qinghe@example.com", "杭州市西湖区龙井路七号"),
    order("1", customer_id="C1", recipient="欧阳青禾", phone="13912345678", postcode="310012", buyer_note="请放门口的鞋柜里"),
    Line("1", "1", extra=(("定制", "刻字：给青禾"),)),
    Shipment("1", "SF1", "顺丰"),
    ShipmentEvent("SF1", 1, AT, ShipmentState.DELIVERED, "杭州", "本人签收，放在鞋柜"),
    Return("R1", "1", "return", ReturnState.REQUESTED, reason="杯子裂了一道"),
    InvoiceRequest("I1", "1", "company", "issued", "青禾茶业有限公司", "91330100MA2B1X2Y3Z"),
    Review("V1", "P1", "泡给奶奶喝的，她很喜欢", customer_id="C1"),
    Conversation("T1", customer_id="C1", order_no="1"),
    Said("T1", 1, "customer", AT, "我的手机尾号是 5678"),
)  # fmt: skip


@pytest.fixture
def vault(tmp_path):
    made = Vault(tmp_path / "keys" / "persons.db", bytes(32))
    yield made
    made.close()


def opened(address, tmp_path):
    return Records.open(address, RowSealer(Vault(tmp_path / "keys" / "persons.db", bytes(32))))


def all_of(records):
    return [row.record for record in TABLES for row in records.rows("tea", record)]


def bytes_of(address):
    """Everything of the database: its files, or, of a server, every row as text."""
    if address.endswith(".db"):
        return b"".join(p.read_bytes() for p in Path(address).parent.iterdir() if p.is_file())
    engine = database.connect(address)
    with database.reading(engine) as connection:
        whole = [
            bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()
            for table in TABLES.values()
            for row in connection.execute(table.select())
            for value in row
        ]
    engine.dispose()
    return b"\n".join(whole)


def seen(address):
    found = bytes_of(address)
    return [secret for secret in SECRETS if secret.encode() in found]


def test_the_shop_reads_it_whole_and_the_disk_holds_none_of_it(address, tmp_path):
    with opened(address, tmp_path) as records:
        records.take("tea", rows(*LI))
        assert all_of(records) == list(LI)
        assert [r.record.order_no for r in records.orders_by_phone_tail("tea", "5678")] == ["1"]
        assert records.orders_by_phone_tail("tea", "5679") == []
        assert {o.verdict for o in records.take("tea", rows(*LI))} == {"unchanged"}
        assert seen(address) == []
    assert seen(address) == []


def test_an_erased_persons_rows_cannot_be_read(address, tmp_path, vault):
    with opened(address, tmp_path) as records:
        records.take("tea", rows(*LI, order("2", customer_id="C2", phone="13800138000")))
        assert vault.destroy("tea/customer/C1", "tea/order/1") == 1, (
            "whose the rows are was known from the first"
        )
        kept = records.get("tea", Order, "1").record
        assert (kept.recipient, kept.phone, kept.buyer_note, kept.address) == (None, None, None, None)
        assert kept.state == LI[1].state, "what happened is kept"
        assert records.get("tea", Said, "T1", 1).record.text is None
        assert records.get("tea", Return, "R1").record.reason == ""
        assert records.get("tea", Line, "1", "1").record.extra == ()
        assert records.get("tea", Order, "2").record.phone == "13800138000"


@pytest.mark.parametrize("known", [True, False])
def test_an_order_that_changes_hands_takes_its_rows_along(address, tmp_path, vault, known):
    """Under the first customer's key, or the order's own while nobody knew whose it is; then under the second's alone."""
    first = [
        it if known or not isinstance(it, (Order, Conversation)) else replace(it, customer_id=None)
        for it in LI[0 if known else 1 :]
    ]

    def told(records):
        return [
            records.get("tea", Order, "1").record.phone, records.get("tea", Line, "1", "1").record.extra,
            records.get("tea", Return, "R1").record.reason, records.get("tea", ShipmentEvent, "SF1", 1).record.text_zh,
            records.get("tea", InvoiceRequest, "I1").record.title,
        ]  # fmt: skip

    whole = [
        "13912345678",
        (("定制", "刻字：给青禾"),),
        "杯子裂了一道",
        "本人签收，放在鞋柜",
        "青禾茶业有限公司",
    ]
    with opened(address, tmp_path) as records:
        records.take("tea", rows(*first))
        records.take("tea", rows(order("1", customer_id="C2", recipient="欧阳青禾", phone="13912345678")))
        assert told(records) == whole
        vault.destroy("tea/customer/C1", "tea/order/1", "tea/conversation/T1", "tea/parcel/SF1")
        assert told(records) == whole, "none of them lies under the former person's key"
        vault.destroy("tea/customer/C2")
        assert told(records) == [None, (), "", "", None]


def test_last_months_file_does_not_bring_an_erased_person_back(address, tmp_path, vault):
    with opened(address, tmp_path) as records:
        records.take("tea", rows(*LI))
        vault.destroy("tea/customer/C1")
        assert {o.verdict for o in records.take("tea", rows(*LI))} == {"unchanged"}
        assert records.get("tea", Order, "1").record.phone is None
        records.take("tea", rows(order("1", customer_id="C1", phone="13912345678", close_reason="青禾")))
        assert records.get("tea", Order, "1").record.phone is None
        assert records.get("tea", Order, "1").record.close_reason == ""
        records.take("tea", rows(order("7", customer_id="C1", phone="13912345678")))
        assert records.get("tea", Order, "7").record.phone == "13912345678", "a new order is a new matter"


def test_a_row_moved_to_another_does_not_open(tmp_path):
    path = tmp_path / "shop.db"
    with opened(path, tmp_path) as records:
        records.take("tea", rows(order("1", phone="13912345678"), order("2", phone="13800138000")))
    with sqlite3.connect(path) as db:
        db.execute("UPDATE orders SET sealed = (SELECT sealed FROM orders WHERE order_no = '1')")
    db.close()
    with opened(path, tmp_path) as records, pytest.raises(Exception, match="改动过"):
        records.get("tea", Order, "2")


def test_lines_that_come_before_their_order_are_the_orders(address, tmp_path, vault):
    with opened(address, tmp_path) as records:
        records.take("tea", rows(Line("1", "1", extra=(("刻字", "青禾"),))))
        records.take("tea", rows(order("1", customer_id="C1", phone="13912345678")))
        assert vault.destroy("tea/order/1", "tea/customer/C1") == 2
        assert records.get("tea", Line, "1", "1").record.extra == ()


def test_a_home_of_an_older_program_is_sealed_when_it_is_opened(address, tmp_path):
    engine = database.connect(address)
    steps = migrate.scripts()
    migrate.up(engine, steps, to="0002")
    with database.writing(engine, "tea") as connection:
        at = {"at": AT.astimezone(UTC).replace(tzinfo=None)}
        connection.execute(text("INSERT INTO tenants VALUES ('tea')"))
        connection.execute(
            text(
                "INSERT INTO orders (shop, order_no, platform, state, state_said, customer_id, close_reason, coupon_codes, country, "
                "recipient, phone, phone_tail, buyer_note, extra, file, sheet, line) VALUES ('tea', '1', '', 'paid', '', 'C1', '', "
                "'[]', '', '欧阳青禾', '13912345678', '5678', '请放门口的鞋柜里', '[[\"备注\",\"刻字：给青禾\"]]', 'a.csv', '', 2)"
            )
        )
        connection.execute(
            text(
                "INSERT INTO actions VALUES ('tea', 'A1', 'k', 'change_address', 'customer', 'C1', 'T', '1', :arguments, :before, "
                ":before, NULL, NULL, :at, NULL, '')"
            ),
            {**at, "arguments": '{"asked": [["to", "龙井路七号"]], "done": ["改到龙井路七号", ""]}', "before": '[{"row": "龙井路七号"}]'},
        )  # fmt: skip
    engine.dispose()
    if address.endswith(".db"):
        assert "13912345678" in seen(address)
    with opened(address, tmp_path) as records:
        found = records.get("tea", Order, "1").record
        assert (found.recipient, found.phone, found.extra) == (
            "欧阳青禾",
            "13912345678",
            (("备注", "刻字：给青禾"),),
        )
        assert [r.record.order_no for r in records.orders_by_phone_tail("tea", "5678")] == ["1"]
        assert seen(address) == []
    assert seen(address) == []


def test_a_home_opened_without_keys_is_sealed_when_it_has_some(tmp_path):
    path = str(tmp_path / "shop.db")
    with Records.open(path) as records:
        records.take("tea", rows(*LI))
    assert "13912345678" in seen(path)
    with opened(path, tmp_path) as records:
        assert all_of(records) == list(LI)
        assert [r.record.order_no for r in records.orders_by_phone_tail("tea", "5678")] == ["1"]
        assert seen(path) == []


def test_what_a_reader_kept_in_the_files_is_wiped_at_the_next_opening(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "CHECKPOINT_SECONDS", 0.1)
    path = str(tmp_path / "shop.db")
    with Records.open(path) as records:
        records.take("tea", rows(*LI))
    with closing(sqlite3.connect(path, isolation_level=None)) as reader, opened(path, tmp_path) as other:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM customers").fetchone()
        with Records.open(path) as records:
            records.take("tea", rows(Customer("C9", "欧阳青禾", "13912345678")))
        with opened(path, tmp_path):
            pass
        reader.execute("COMMIT")
        with opened(path, tmp_path):
            assert seen(path) == []
        assert all_of(other)
        assert reader.execute("SELECT count(*) FROM in_clear").fetchone() == (0,)


def test_many_new_persons_wait_for_the_disk_once(tmp_path, monkeypatch):
    vault = Vault(tmp_path / "persons.db", bytes(32))
    waits = []
    vault._db.set_trace_callback(
        lambda statement: waits.append(statement) if statement.startswith("COMMIT") else None
    )
    sealed = vault.seal_many([(f"tea/order/{n}", b"x", b"a") for n in range(1000)])
    assert len(waits) == 1
    assert vault.open_many([(one, b"a") for one in sealed]) == [b"x"] * 1000
    vault.close()


def test_without_keys_sealed_rows_are_not_read(tmp_path):
    with opened(tmp_path / "shop.db", tmp_path) as records:
        records.take("tea", rows(order("1", phone="13912345678")))
    with Records.open(tmp_path / "shop.db") as records, pytest.raises(TypeError, match="keys"):
        records.get("tea", Order, "1")


def test_every_personal_field_is_put_away():
    from mingbai.shop.records.shape import SHAPES
    from mingbai.values.records import PERSONAL

    for shape in SHAPES.values():
        names = {field for kind, field, _ in PERSONAL if kind == shape.kind}
        assert {shape.columns[i] for i in shape.personal} == names
        assert not names & set(sealing.stored_columns(shape))


def test_finders_are_written_anew_and_old_copies_find_nobody(address, tmp_path):
    keys = RowSealer(Vault(tmp_path / "keys" / "persons.db", bytes(32)))
    with Records.open(address, keys) as records:
        records.take("tea", rows(*LI, *(order(f"n{n}", phone=f"1380000{n:04}") for n in range(30))))
        before = keys.look_up("tail", "5678")
        assert before in bytes_of(address)
        records.find_anew(keys.vault.renew_look_up)
        assert keys.look_up("tail", "5678") != before
        assert [r.record.order_no for r in records.orders_by_phone_tail("tea", "5678")] == ["1"]
        assert [r.record.order_no for r in records.orders_by_phone_tail("tea", "0007")] == ["n7"]
        assert all_of(records)[: len(LI)] != []
        assert before not in bytes_of(address)


def test_a_kill_between_the_new_key_and_the_rows_is_mended_at_the_next_opening(tmp_path):
    keys = RowSealer(Vault(tmp_path / "keys" / "persons.db", bytes(32)))

    class Killed(Exception):
        pass

    def renew_and_die():
        keys.vault.renew_look_up()
        raise Killed

    with Records.open(tmp_path / "shop.db", keys) as records:
        records.take("tea", rows(*LI))
        with pytest.raises(Killed):
            records.find_anew(renew_and_die)
        assert records.orders_by_phone_tail("tea", "5678") == []
    with opened(tmp_path / "shop.db", tmp_path) as records:
        assert [r.record.order_no for r in records.orders_by_phone_tail("tea", "5678")] == ["1"]
