"""The policy is asked about the place where an answer is really made; one that nobody described is no home."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mingbai.cli import assemble, ledger
from mingbai.engine.rehearsal import RehearsalEngine
from mingbai.permit.mask.masked import MaskedEngine
from mingbai.values.errors import BadInput, SettingsError
from mingbai.values.settings import Settings, ShopSettings
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


def test_only_places_that_the_policy_trusts_are_sent_words_as_they_are(tmp_path, monkeypatch):
    toml = (
        "".join(PLACE.format(name) + "enabled = true\n" for name in ("cloud", "ours")) + 'kind = "cluster"\n'
    )
    (tmp_path / "places.toml").write_text(toml)
    settings = Settings(home=tmp_path, shop=ShopSettings(regions="CN"))
    engines = assemble.place_engines(settings)
    assert {name: isinstance(it, MaskedEngine) for name, it in engines.items()} == {
        "cloud/m": True,
        "ours/m": False,
    }
    assert ledger.permit(settings, "cloud", masks=True).admit(TURN).may_phrase
    assert not ledger.permit(settings, "cloud").admit(TURN).may_phrase


@pytest.mark.parametrize("regions", ["", "CN, Mars", "CN, CN"])
def test_a_region_that_nobody_knows_stops_the_start(tmp_path, regions):
    with pytest.raises(SettingsError):
        ledger.permit(Settings(home=tmp_path, shop=ShopSettings(regions=regions)), "local")


def test_a_route_that_nobody_knows_stops_the_start(tmp_path):
    (tmp_path / "places.toml").write_text(PLACE.format("cloud") + 'routes = ["cn-hope"]\n')
    with pytest.raises(SettingsError, match="cn-hope"):
        ledger.permit(Settings(home=tmp_path), "local")


def test_the_desk_is_worded_by_an_engine_that_is_there():
    engines = {"cloud/m": RehearsalEngine()}
    assert assemble.worded_by(engines, "cloud/m") is engines["cloud/m"]
    with pytest.raises(BadInput, match="cloud/m"):
        assemble.worded_by(engines, "clod/m")
