"""`make screenshots`: pictures of every view for people to look at. What they show is tested in `test_page.py`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


@pytest.mark.skipif("SCREENSHOTS" not in os.environ, reason="make screenshots asks for them")
def test_every_view_has_its_pictures(tells):
    folder = Path(os.environ["SCREENSHOTS"]).absolute()
    found = tells("screens", SCREENSHOTS=str(folder))
    assert found["taken"] == 176
    assert len(list(folder.glob("*.png"))) >= 176
