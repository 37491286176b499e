"""Public clients meet the whole service."""

from __future__ import annotations

import pytest
from live_service import Live

from whole import Whole


@pytest.fixture(scope="session")
def live(whole: Whole) -> Live:
    return Live(whole.url, whole.key)
