"""The list of adapters is looked at for as long as the engine runs, whatever went wrong with one set; no model needed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest

from mingbai.engine import lanes
from mingbai.engine.stats import Stats
from mingbai.models.adapters import Adapter
from mingbai.values.settings import EngineSettings


class House:
    """Lanes whose first child never comes, over a list that a test writes."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.stats, self.looks = folder, Stats(), 0
        self.listed: dict[str, Adapter] = {}
        self.error: OSError | None = None
        settings = EngineSettings(start_timeout_seconds=0.05)
        self.lanes = lanes.Lanes(
            folder / "none.gguf", settings, native="", folder=folder, stats=self.stats, serving=self.serving
        )

    def serving(self) -> Mapping[str, Adapter]:
        self.looks += 1
        if self.error is not None:
            raise self.error
        return self.listed

    def lists(self, *numbers: int) -> None:
        """Adapters whose files are gone."""
        self.listed = {
            f"tea/a{n}": Adapter(f"tea/a{n}", self.folder / f"{n}.gguf", f"{n:064x}", "b" * 64)
            for n in numbers
        }

    async def looked(self, times: int = 3) -> None:
        until = self.looks + times
        async with asyncio.timeout(5):
            while self.looks < until:
                await asyncio.sleep(0.005)


@pytest.fixture
async def house(tmp_path, monkeypatch):
    monkeypatch.setattr(lanes, "LOOK_SECONDS", 0.01)
    made = House(tmp_path)
    watching = asyncio.create_task(made.lanes._keep_up(made.serving))
    yield made
    assert not watching.done(), "nobody looks any more"
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


async def test_a_list_that_fails_once_is_looked_at_again(house):
    house.error = OSError(5, "I/O error")
    await house.looked()
    house.error = None
    house.lists(1)
    await house.looked()
    assert house.stats.swap_failures == 1


async def test_a_set_that_failed_is_left_alone_until_the_list_is_another(house):
    house.lists(1)
    await house.looked(10)
    assert house.stats.swap_failures == 1
    house.lists(1, 2)
    await house.looked()
    assert house.stats.swap_failures == 2
    house.lists(1)
    await house.looked()
    assert house.stats.swap_failures == 3
    assert list(house.folder.glob("adapters-*")) == []  # copies of what was given up do not stay


async def test_a_set_that_failed_is_tried_again_after_some_time(house, monkeypatch):
    monkeypatch.setattr(lanes, "GIVEN_UP_SECONDS", 0.1)
    house.lists(1)
    async with asyncio.timeout(5):
        while house.stats.swap_failures < 3:
            await asyncio.sleep(0.01)


async def test_a_disk_that_is_full_ends_no_watch(house, monkeypatch):
    def full(self: object, *given: object, **more: object) -> None:
        raise OSError(28, "No space left on device")

    file = house.folder / "good.gguf"
    file.write_bytes(b"GGUF")
    monkeypatch.setattr(lanes.Lanes, "_lane", full)
    monkeypatch.setattr(Adapter, "read", lambda self: b"GGUF")
    house.lists(1)
    await house.looked(5)
    assert house.stats.swap_failures == 1
    assert list(house.folder.glob("adapters-*")) == []
