from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # `counter`, as the other folders of tests do

from counter import Counter, tea_counter


@pytest.fixture(scope="session")
def tea(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """The example shop, for tests that change nothing."""
    with tea_counter(tmp_path_factory.mktemp("tea")) as counter:
        yield counter


@pytest.fixture
def own_tea(tmp_path: Path) -> Iterator[Counter]:
    """An example shop that a test may change."""
    with tea_counter(tmp_path) as counter:
        yield counter
