"""`mingbai learn fleet`: shops train at once, at home they take turns, and one that fails keeps no other from its adapter."""

from __future__ import annotations

from threading import Barrier, Lock
from types import SimpleNamespace

import pytest

from mingbai.cli.learn_fleet import in_turn
from mingbai.values.errors import BadInput, Text


def test_shops_train_at_once_and_take_turns_at_home():
    home, together, order = Lock(), Barrier(3, timeout=30), []

    def train(shop, *_):
        together.wait()  # breaks where they do not all come
        return f"adapter of {shop}"

    def learned(shop, away):
        assert home.acquire(blocking=False), "two at home"
        home.release()  # `away` leaves the home to others
        made = away(shop, *[None] * 4)
        assert home.acquire(blocking=False), "two at home"
        order.append(shop)
        home.release()
        return made

    found = in_turn(["tea", "cups", "pots"], learned, train)
    assert list(found) == ["tea", "cups", "pots"]
    assert set(found.values()) == {f"adapter of {shop}" for shop in found}
    assert sorted(order) == sorted(found)


@pytest.mark.parametrize("where", ["at home", "away"])
def test_what_goes_wrong_is_one_shops(where):
    wrong = BadInput(Text("坏", "bad"), Text("改", "mend"))

    def fails(shop, here):
        if shop == "cups" and here == where:
            raise wrong
        return SimpleNamespace(shop=shop)

    def learned(shop, away):
        fails(shop, "at home")
        return away(shop, *[None] * 4)

    found = in_turn(["tea", "cups", "pots"], learned, lambda shop, *_: fails(shop, "away"))
    assert found["cups"] is wrong
    assert [found[shop].shop for shop in ("tea", "pots")] == ["tea", "pots"]
