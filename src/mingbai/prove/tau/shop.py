"""The database of tau-bench retail and its seven writing tools, with tau2-bench's effects. A write that its policy forbids raises.

State is compared whole; so what a tool writes beside the obvious (a refund in the history, a gift card's balance) is kept as there.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path("tau_bench_retail")
Row = dict[str, Any]


class NotAllowed(Exception):
    """The policy or the data says no; the words are for whoever called."""


@dataclass(slots=True)
class Retail:
    """`orders` and `users` change; `products` do not."""

    orders: dict[str, Row]
    users: dict[str, Row]
    products: Mapping[str, Row] = field(repr=False)

    @staticmethod
    def read(data: Path) -> Retail:
        def rows(name: str, key: str) -> dict[str, Row]:
            lines = (data / FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()
            return {row[key]: row for row in map(json.loads, lines)}

        return Retail(rows("orders", "order_id"), rows("users", "user_id"), rows("products", "product_id"))

    def copied(self) -> Retail:
        return Retail(copy.deepcopy(self.orders), copy.deepcopy(self.users), self.products)

    def same_as(self, other: Retail) -> bool:
        return self.orders == other.orders and self.users == other.users

    # ---- reading

    def order(self, order_id: str) -> Row:
        found = self.orders.get(order_id)
        if found is None:
            raise NotAllowed("Error: order not found")
        return found

    def user(self, user_id: str) -> Row:
        found = self.users.get(user_id)
        if found is None:
            raise NotAllowed("Error: user not found")
        return found

    def user_by_email(self, email: str) -> str:
        return self._found(u for u in self.users.values() if u["email"].casefold() == email.casefold())

    def user_by_name_zip(self, first: str, last: str, zip_code: str) -> str:
        return self._found(
            u for u in self.users.values()
            if (u["name"]["first_name"].casefold(), u["name"]["last_name"].casefold(), u["address"]["zip"])
            == (first.casefold(), last.casefold(), zip_code)
        )  # fmt: skip

    def _found(self, users: Any) -> str:
        user = next(iter(users), None)
        if user is None:
            raise NotAllowed("Error: user not found")
        return str(user["user_id"])

    def variant(self, item_id: str, product_id: str) -> Row:
        found = self.products[product_id]["variants"].get(item_id)
        if found is None:
            raise NotAllowed(f"Error: new item {item_id} is not of the same product")
        if not found["available"]:
            raise NotAllowed(f"Error: new item {item_id} is not available")
        return dict(found)

    # ---- writing

    def cancel_pending_order(self, order_id: str, reason: str) -> Row:
        order = self._with_status(order_id, "pending")
        if reason not in ("no longer needed", "ordered by mistake"):
            raise NotAllowed("Error: invalid reason")
        refunds = [
            {"transaction_type": "refund", "amount": p["amount"], "payment_method_id": p["payment_method_id"]}
            for p in order["payment_history"]
        ]
        for refund in refunds:
            self._to_gift_card(order, refund["payment_method_id"], refund["amount"])
        order |= {
            "status": "cancelled",
            "cancel_reason": reason,
            "payment_history": order["payment_history"] + refunds,
        }
        return order

    def modify_pending_order_address(self, order_id: str, **address: str) -> Row:
        order = self.order(order_id)
        if "pending" not in order["status"]:
            raise NotAllowed("Error: non-pending order cannot be modified")
        order["address"] = _address(address)
        return order

    def modify_user_address(self, user_id: str, **address: str) -> Row:
        user = self.user(user_id)
        user["address"] = _address(address)
        return user

    def modify_pending_order_payment(self, order_id: str, payment_method_id: str) -> Row:
        order = self._with_status(order_id, "pending")
        history = order["payment_history"]
        if len(history) != 1 or history[0]["payment_method_id"] == payment_method_id:
            raise NotAllowed("Error: the new payment method should be different from the current one")
        amount, before = history[0]["amount"], history[0]["payment_method_id"]
        self._pay(order, payment_method_id, amount)
        self._to_gift_card(order, before, amount)
        history += [
            {"transaction_type": "payment", "amount": amount, "payment_method_id": payment_method_id},
            {"transaction_type": "refund", "amount": amount, "payment_method_id": before},
        ]
        return order

    def modify_pending_order_items(
        self, order_id: str, item_ids: Sequence[str], new_item_ids: Sequence[str], payment_method_id: str
    ) -> Row:
        order = self._with_status(order_id, "pending")
        chosen, new, difference = self._swapped(order, item_ids, new_item_ids, payment_method_id)
        kind = "payment" if difference > 0 else "refund"
        order["payment_history"].append(
            {"transaction_type": kind, "amount": abs(difference), "payment_method_id": payment_method_id}
        )
        if difference > 0:
            self._pay(order, payment_method_id, difference)
        else:
            self._to_gift_card(order, payment_method_id, -difference)
        for item, variant in zip(chosen, new, strict=True):
            item |= {"item_id": variant["item_id"], "price": variant["price"], "options": variant["options"]}
        order["status"] = "pending (item modified)"
        return order

    def return_delivered_order_items(
        self, order_id: str, item_ids: Sequence[str], payment_method_id: str
    ) -> Row:
        order = self._with_status(order_id, "delivered")
        self._items(order, item_ids)
        method = self._method(order, payment_method_id)
        if (
            method["source"] != "gift_card"
            and payment_method_id != order["payment_history"][0]["payment_method_id"]
        ):
            raise NotAllowed(
                "Error: payment method should be either the original payment method or a gift card"
            )
        order |= {
            "status": "return requested",
            "return_items": sorted(item_ids),
            "return_payment_method_id": payment_method_id,
        }
        return order

    def exchange_delivered_order_items(
        self, order_id: str, item_ids: Sequence[str], new_item_ids: Sequence[str], payment_method_id: str
    ) -> Row:
        order = self._with_status(order_id, "delivered")
        _, _, difference = self._swapped(order, item_ids, new_item_ids, payment_method_id)
        order |= {
            "status": "exchange requested", "exchange_items": sorted(item_ids), "exchange_new_items": sorted(new_item_ids),
            "exchange_payment_method_id": payment_method_id, "exchange_price_difference": difference,
        }  # fmt: skip
        return order

    # ---- what they share

    def _with_status(self, order_id: str, status: str) -> Row:
        order = self.order(order_id)
        if order["status"] != status:
            raise NotAllowed(f"Error: the order is {order['status']}, not {status}")
        return order

    def _method(self, order: Row, payment_method_id: str) -> Row:
        found = self.users[order["user_id"]]["payment_methods"].get(payment_method_id)
        if found is None:
            raise NotAllowed("Error: payment method not found")
        return dict(found)

    def _items(self, order: Row, item_ids: Sequence[str]) -> list[Row]:
        left = list(order["items"])
        chosen = []
        for item_id in item_ids:
            item = next((i for i in left if i["item_id"] == item_id), None)
            if item is None:
                raise NotAllowed(f"Error: item {item_id} not found")
            left.remove(item)
            chosen.append(item)
        return chosen

    def _swapped(
        self, order: Row, item_ids: Sequence[str], new_item_ids: Sequence[str], payment_method_id: str
    ) -> tuple[list[Row], list[Row], float]:
        if len(item_ids) != len(new_item_ids):
            raise NotAllowed("Error: the numbers of items and new items should match")
        chosen = self._items(order, item_ids)
        new = [self.variant(n, i["product_id"]) for i, n in zip(chosen, new_item_ids, strict=True)]
        difference = round(sum(n["price"] for n in new) - sum(i["price"] for i in chosen), 2)
        method = self._method(order, payment_method_id)
        if method["source"] == "gift_card" and method["balance"] < difference:
            raise NotAllowed("Error: insufficient gift card balance")
        return chosen, new, difference

    def _pay(self, order: Row, payment_method_id: str, amount: float) -> None:
        method = self._method(order, payment_method_id)
        if method["source"] == "gift_card":
            if method["balance"] < amount:
                raise NotAllowed("Error: insufficient gift card balance")
            self._to_gift_card(order, payment_method_id, -amount)

    def _to_gift_card(self, order: Row, payment_method_id: str, amount: float) -> None:
        method = self.users[order["user_id"]]["payment_methods"].get(payment_method_id)
        if method is not None and method["source"] == "gift_card":
            method["balance"] = round(method["balance"] + amount, 2)


WRITES = frozenset(
    ("cancel_pending_order", "modify_pending_order_address", "modify_user_address", "modify_pending_order_payment",
     "modify_pending_order_items", "return_delivered_order_items", "exchange_delivered_order_items")
)  # fmt: skip


def _address(given: Mapping[str, str]) -> dict[str, str]:
    return {
        name: str(given.get(name, "")) for name in ("address1", "address2", "city", "country", "state", "zip")
    }


def called(shop: Retail, name: str, arguments: Mapping[str, Any]) -> Any:
    """One call of a tool of tools.json. Raises `NotAllowed`, with the words of the tool."""
    given = dict(arguments)
    try:
        if name in WRITES:
            return getattr(shop, name)(**given)
        match name:
            case "find_user_id_by_email":
                return shop.user_by_email(given["email"])
            case "find_user_id_by_name_zip":
                return shop.user_by_name_zip(given["first_name"], given["last_name"], str(given["zip"]))
            case "get_user_details":
                return shop.user(given["user_id"])
            case "get_order_details":
                return shop.order(given["order_id"])
            case "get_product_details":
                return shop.products[given["product_id"]]
            case "get_item_details":
                return next(
                    p["variants"][given["item_id"]]
                    for p in shop.products.values()
                    if given["item_id"] in p["variants"]
                )
            case "list_all_product_types":
                return {
                    p["name"]: number
                    for number, p in sorted(shop.products.items(), key=lambda pair: pair[1]["name"])
                }
            case "transfer_to_human_agents":
                return "Transfer successful"
            case "think":
                return ""
            case _:
                raise NotAllowed(f"Error: there is no tool {name} here")
    except (KeyError, TypeError, StopIteration, AttributeError) as e:
        raise NotAllowed(f"Error: {type(e).__name__}") from e
