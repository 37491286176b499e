"""Which of the customer's payment methods a write uses."""

from __future__ import annotations

import re

from mingbai.prove.tau.shop import Row


def payment(user: Row, order: Row, whole: str, *, refund: bool = False) -> str:
    """The one that was named, if it may be used; else the order's own."""
    own = str(order["payment_history"][0]["payment_method_id"])
    methods = user["payment_methods"]
    if re.search(r"(?i)\boriginal (?:method|payment)", whole):
        return own
    for pattern, source in (
        ("gift ?card|\\bgc\\b", "gift_card"),
        ("paypal", "paypal"),
        ("credit card|visa|mastercard|amex", "credit_card"),
    ):
        if not re.search(f"(?i){pattern}", whole):
            continue
        fitting = [i for i, m in methods.items() if m["source"] == source]
        brand = next(
            (i for i in fitting if (b := methods[i].get("brand", "")) and re.search(rf"(?i)\b{b}\b", whole)),
            "",
        )
        if fitting and (not refund or source == "gift_card" or own in fitting):
            return own if own in fitting and not brand else brand or fitting[0]
    return own
