"""One person's rows: all of them are found, what is personal goes, what happened stays under a pseudonym."""

from __future__ import annotations

from made_up import order, rows
from test_sealed import LI, SECRETS, all_of, bytes_of, opened, vault  # noqa: F401  # a fixture

from mingbai.shop.records import database, whose
from mingbai.values.money import Money
from mingbai.values.records import Conversation, Customer, Line, Order, Review, Said

OTHER = (
    Customer("C2", "李四", "13800138000"),
    order("2", customer_id="C2", recipient="李四", total=Money(100, "CNY")),
    Review("V2", "P1", "李四的评价", customer_id="C2"),
)


def test_all_of_one_persons_rows_are_forgotten_and_nobody_elses(address, tmp_path, vault):  # noqa: F811
    with opened(address, tmp_path) as records:
        records.take("tea", rows(*LI, *OTHER))
        with records.writing("tea") as connection:
            found = whose.find(connection, "tea", "C1")
            assert found == whose.find(connection, "tea", "order:1")
            assert sum(whose.counts(connection, found).values()) == len(LI)
            assert whose.persons(connection, found) == {
                "tea/customer/C1", "tea/order/1", "tea/parcel/SF1", "tea/review/V1", "tea/conversation/T1",
            }  # fmt: skip
            before = records.last_seq("tea")
            name = whose.forget(connection, found)
            assert whose.find(connection, "tea", "C1") is None
        assert vault.destroy("tea/customer/C1") == 1
        kept = records.get("tea", Order, "1").record
        assert (kept.customer_id, kept.phone, kept.state) == (name, None, LI[1].state)
        assert records.get("tea", Customer, "C1") is None
        assert records.get("tea", Review, "V1").record == Review("V1", "P1", "", customer_id=name)
        assert records.get("tea", Said, "T1", 1).record.text is None
        assert records.get("tea", Conversation, "T1").record.customer_id == name
        assert records.orders_by_phone_tail("tea", "5678") == []
        assert [c.key for c in records.changes("tea", before)] == [("V1",)], "search takes the review out"
        assert [r for r in all_of(records) if r in OTHER] == list(OTHER)
    found_bytes = bytes_of(address)
    assert not [word for word in (*SECRETS, '"C1"') if word.encode() in found_bytes]


def test_an_old_file_brings_neither_the_customer_nor_their_name_back(address, tmp_path, vault):  # noqa: F811
    with opened(address, tmp_path) as records:
        records.take("tea", rows(*LI))
        vault.destroy("tea/customer/C1")
        with records.writing("tea") as connection:
            name = whose.forget(connection, whose.Whose("tea", "C1"))
        records.take("tea", rows(*LI))
        assert records.get("tea", Customer, "C1") is None
        assert records.get("tea", Order, "1").record.customer_id == name
        records.take("tea", rows(order("9", customer_id="C1", phone="13912345678")))
        records.take("tea", rows(LI[0]))
        assert records.get("tea", Customer, "C1").record.name == "欧阳青禾", "they have bought again"


def test_an_order_without_a_customer_is_a_person_of_its_own(address, tmp_path, vault):  # noqa: F811
    with opened(address, tmp_path) as records:
        taken = (order("5", recipient="王五", phone="13700000005"), Line("5", "1", extra=(("刻字", "王五"),)))
        records.take("tea", rows(*taken, *OTHER))
        with records.writing("tea") as connection:
            found = whose.find(connection, "tea", "order:5")
            assert found == whose.Whose("tea", "", "5")
            assert whose.counts(connection, found) == {"order": 1, "line": 1}
            vault.destroy(*whose.persons(connection, found))
            whose.forget(connection, found)
        assert records.get("tea", Order, "5").record.recipient is None
        assert records.get("tea", Order, "2").record.recipient == "李四"


def test_nobody_is_known_by_that(tmp_path):
    with opened(tmp_path / "shop.db", tmp_path) as records:
        records.take("tea", rows(*LI))
        with database.reading(records._engine) as connection:
            for unknown in ("", "C", "order:", "order:77", "1"):
                assert whose.find(connection, "tea", unknown) is None
            assert whose.find(connection, "cafe", "C1") is None
