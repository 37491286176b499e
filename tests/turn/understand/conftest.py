from __future__ import annotations

from pathlib import Path

import pytest
from understand_shop import SHOP

from mingbai.turn.understand import Understander
from mingbai.turn.understand.goods import Goods


@pytest.fixture(scope="session")
def shop() -> Goods:
    return SHOP


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose `understand` keeps the classifier of words alone once it was trained: a second and a half, once."""
    return tmp_path_factory.mktemp("trained")


@pytest.fixture(scope="session")
def understander(trained: Path) -> Understander:
    """By words alone: the sentence encoder's weights are for the slow tests."""
    made = Understander(goods_of=lambda _: SHOP, cache=trained / "understand")
    made.load()
    return made
