from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _unblocked(unblocked: None) -> None:
    """Every test of this folder."""
