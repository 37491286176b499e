"""A tiny shop of tau-bench's shape: what its tools write, what the constrained path reads, and how both ways are graded."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from mingbai.prove.tau.plan import steps
from mingbai.prove.tau.run import Report, constrained, free
from mingbai.prove.tau.shop import NotAllowed, Retail, called
from mingbai.prove.tau.tasks import Task, first_person, read, right_state
from mingbai.prove.tau.who import who
from mingbai.values.chat import Ask, CallArguments, CallStarted, Event, Finished, Piece, Usage

DATA = Path(__file__).parents[3] / "shared" / "data"
HOME = {
    "address1": "1 Elm Street",
    "address2": "",
    "city": "Denver",
    "country": "USA",
    "state": "CO",
    "zip": "80001",
}


def variant(item_id: str, price: float, available: bool = True, **options: str) -> dict[str, Any]:
    return {"item_id": item_id, "price": price, "available": available, "options": options}


def shirt(
    color: str = "blue", size: str = "M", item_id: str = "1000000001", price: float = 20.0
) -> dict[str, Any]:
    return {
        "name": "T-Shirt",
        "product_id": "p1",
        "item_id": item_id,
        "price": price,
        "options": {"color": color, "size": size},
    }


def shop() -> Retail:
    variants = [
        variant("1000000001", 20.0, color="blue", size="M"),
        variant("1000000002", 25.0, color="red", size="M"),
        variant("1000000003", 15.0, color="red", size="S"),
        variant("1000000004", 10.0, False, color="green", size="M"),
    ]
    kettle = {
        "name": "Electric Kettle",
        "product_id": "p2",
        "item_id": "2000000001",
        "price": 50.0,
        "options": {"capacity": "1L"},
    }

    def order(number: str, status: str, *items: dict[str, Any]) -> dict[str, Any]:
        total = sum(i["price"] for i in items)
        paid = {"transaction_type": "payment", "amount": total, "payment_method_id": "credit_card_1"}
        return {
            "order_id": number,
            "user_id": "ann_lee_1234",
            "address": dict(HOME),
            "items": list(items),
            "status": status,
            "payment_history": [paid],
        }

    user = {
        "user_id": "ann_lee_1234", "name": {"first_name": "Ann", "last_name": "Lee"}, "address": dict(HOME), "email": "ann@example.com",
        "payment_methods": {"credit_card_1": {"source": "credit_card", "id": "credit_card_1", "brand": "visa"},
                            "gift_card_1": {"source": "gift_card", "id": "gift_card_1", "balance": 6.0}},
        "orders": ["#W0000001", "#W0000002"],
    }  # fmt: skip
    orders = [order("#W0000001", "delivered", shirt(), kettle), order("#W0000002", "pending", shirt())]
    products = {
        "p1": {"name": "T-Shirt", "product_id": "p1", "variants": {v["item_id"]: v for v in variants}},
        "p2": {
            "name": "Electric Kettle",
            "product_id": "p2",
            "variants": {"2000000001": variant("2000000001", 50.0, capacity="1L")},
        },
    }
    return Retail({o["order_id"]: o for o in orders}, {"ann_lee_1234": user}, products)


ME = "I am Ann Lee in zip code 80001."


@pytest.mark.parametrize(
    ("says", "wanted"),
    [
        ("I want to return the kettle.", [("return_delivered_order_items", "#W0000001", ["2000000001"], None, "credit_card_1")]),
        ("I want to return everything except the kettle.", [("return_delivered_order_items", "#W0000001", ["1000000001"], None, "credit_card_1")]),
        ("I want to exchange my delivered tshirt for a red one, same size, and use my gift card.",
         [("exchange_delivered_order_items", "#W0000001", ["1000000001"], ["1000000002"], "gift_card_1")]),
        ("I want to exchange my tshirt in #W0000001 to the cheapest one.",
         [("exchange_delivered_order_items", "#W0000001", ["1000000001"], ["1000000003"], "credit_card_1")]),
        ("I want to modify the pending tshirt to a smaller size, in red.", [("modify_pending_order_items", "#W0000002", ["1000000001"], ["1000000003"], "credit_card_1")]),
        ("I want to modify the pending tshirt to green.", []),  # not to be had
        ("I would like to know how many shirts there are.", []),
        ("I want to cancel all pending orders, I ordered by mistake.", [("cancel_pending_order", "#W0000002", "ordered by mistake")]),
    ],
)  # fmt: skip
def test_the_path_reads_a_wish(says: str, wanted: list[Any]) -> None:
    made = [
        (s.tool, s.arguments["order_id"], *([s.arguments["reason"]] if "reason" in s.arguments else
         [s.arguments.get("item_ids"), s.arguments.get("new_item_ids"), s.arguments.get("payment_method_id")]))
        for s in steps(shop(), (ME, says))
    ]  # fmt: skip
    assert made == wanted


def test_who_asks_is_proven_by_mail_or_name_and_postcode() -> None:
    assert who(shop(), "my mail is ann@example.com.") == "ann_lee_1234"
    assert who(shop(), ME) == "ann_lee_1234"
    assert who(shop(), "I am Ann Lee in zip code 80002.") == ""


def test_writes_follow_the_policy() -> None:
    made = shop()
    called(made, "cancel_pending_order", {"order_id": "#W0000002", "reason": "no longer needed"})
    assert [p["transaction_type"] for p in made.orders["#W0000002"]["payment_history"]] == [
        "payment",
        "refund",
    ]
    for name, arguments in (
        ("cancel_pending_order", {"order_id": "#W0000001", "reason": "no longer needed"}),  # delivered
        ("cancel_pending_order", {"order_id": "#W0000002", "reason": "too dear"}),
        (
            "return_delivered_order_items",
            {"order_id": "#W0000001", "item_ids": ["1000000001"] * 2, "payment_method_id": "credit_card_1"},
        ),
        (
            "exchange_delivered_order_items",
            {
                "order_id": "#W0000001",
                "item_ids": ["1000000001"],
                "new_item_ids": ["1000000004"],
                "payment_method_id": "credit_card_1",
            },
        ),
        (
            "exchange_delivered_order_items",
            {
                "order_id": "#W0000001",
                "item_ids": ["2000000001"],
                "new_item_ids": ["1000000002"],
                "payment_method_id": "credit_card_1",
            },
        ),
        ("no_such_tool", {}),
        ("get_order_details", {}),
    ):
        with pytest.raises(NotAllowed):
            called(made, name, arguments)


def task(says: str, *actions: tuple[str, dict[str, Any]]) -> Task:
    return Task("t1", (ME, says), actions)


BACK = (
    "return_delivered_order_items",
    {"order_id": "#W0000001", "item_ids": ["2000000001"], "payment_method_id": "credit_card_1"},
)


def test_a_task_is_right_by_the_whole_database_alone() -> None:
    right = constrained(shop(), task("I want to return the kettle.", BACK))
    wrong = constrained(shop(), task("I want to return the tshirt.", BACK))
    idle = constrained(shop(), task("Hello there.", BACK))
    assert [d.right for d in (right, wrong, idle)] == [True, False, False]
    assert (wrong.why, idle.why) == ("right kinds, wrong articles, variant or payment", "nothing was done")
    report = Report((right, wrong, idle))
    assert (report.right("path").hits, report.right("path").of, len(report.misses())) == (1, 3, 2)


class Scripted:
    """A model that calls what it is told to, then says what it did."""

    place = "script"
    attempts = 1

    def __init__(self, *calls: tuple[str, dict[str, Any]]) -> None:
        self._calls = list(calls)

    async def generate(self, ask: Ask) -> AsyncGenerator[Event, None]:
        if self._calls:
            name, arguments = self._calls.pop(0)
            yield CallStarted(0, "c1", name)
            yield CallArguments(0, json.dumps(arguments))
            yield Finished("tool_calls", Usage())
            return
        yield Piece("Done.")
        yield Finished("stop", Usage())


async def test_the_free_loop_is_graded_by_the_same_state() -> None:
    wanted = task("I want to return the kettle.", BACK)
    good = await free(
        shop(), wanted, Scripted(("get_order_details", {"order_id": "#W0000001"}), BACK), "", ()
    )
    bad = await free(
        shop(),
        wanted,
        Scripted(("cancel_pending_order", {"order_id": "#W0000002", "reason": "no longer needed"})),
        "",
        (),
    )
    talks = await free(shop(), wanted, Scripted(), "", ())
    assert [(d.right, d.made) for d in (good, bad, talks)] == [
        (True, ("return_delivered_order_items",)), (False, ("cancel_pending_order",)), (False, ()),
    ]  # fmt: skip


def test_an_instruction_becomes_the_customers_own_words() -> None:
    assert (
        first_person("You are Ann. You want your refund; tell the agent.")
        == "I am Ann. I want my refund; tell you."
    )


@pytest.mark.skipif(not DATA.is_dir(), reason="no shared data beside the repository")
def test_the_whole_shop_and_its_tasks_are_read() -> None:
    made, tasks = Retail.read(DATA), read(DATA, "train")
    assert (len(made.users), len(made.orders), len(made.products)) == (500, 1000, 50)
    assert len(tasks) == 74
    changed = [t for t in tasks if not right_state(made, t).same_as(made)]
    assert len(changed) >= 60
