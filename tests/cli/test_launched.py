"""What a launcher says in the environment, and what of it counts."""

from __future__ import annotations

import pytest

from mingbai.cli import launched
from mingbai.learn.team import ALONE, Team

TORCHRUN = {"RANK": "3", "WORLD_SIZE": "8", "LOCAL_RANK": "1", "LOCAL_WORLD_SIZE": "2"}


@pytest.mark.parametrize(
    ("environ", "team"),
    [
        ({}, ALONE),
        ({"WORLD_SIZE": "4"}, ALONE),  # a number without a rank is somebody else's word
        ({"RANK": "0", "WORLD_SIZE": "1"}, ALONE),
        (TORCHRUN, Team(3, 8, 1, 2)),
        ({**TORCHRUN, "ACCELERATE_USE_FSDP": "true"}, Team(3, 8, 1, 2, split=True)),
        ({**TORCHRUN, "ACCELERATE_USE_FSDP": "false"}, Team(3, 8, 1, 2)),
        ({"RANK": "1", "WORLD_SIZE": "2"}, Team(1, 2, 1, 2)),
    ],
)
def test_a_team_is_what_the_launcher_started(environ, team):
    assert launched.team(environ) == team
