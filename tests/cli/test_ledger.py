"""The policy is asked about the place where an answer is really made; one that nobody described is no home."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mingbai.cli import ledger
from mingbai.values.settings import Settings
from mingbai.values.turn import Turn

TURN = Turn("t", "tea", "到哪了", datetime(2025, 11, 12, tzinfo=UTC))
PLACE = '[places.{}]\nurl = "https://m.example"\nmodel = "m"\noperator = "M"\ncountry = "CN"\nlaws = []\nretention = ""\n'


@pytest.mark.parametrize(
    ("place", "described", "may"),
    [
        ("local", "", True),
        ("rehearsal", "", True),
        ("nobody-knows", "", False),
        ("cloud", "cloud", False),  # unmasked words: not to a provider
        ("rehearsal", "rehearsal", False),  # a provider by that name is a provider
    ],
)
def test_words_go_where_the_policy_knows(tmp_path, place, described, may):
    if described:
        (tmp_path / "places.toml").write_text(PLACE.format(described))
    assert ledger.permit(Settings(home=tmp_path), place).admit(TURN).may_phrase is may
