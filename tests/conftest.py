from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import hypothesis
import pytest
import pytest_asyncio
from blockbuster import blockbuster_ctx

from learned import Learned, learn
from mingbai.engine.local import LocalEngine

# On a busy machine the first draw of a strategy alone takes a second: how fast inputs are made says nothing of ours.
hypothesis.settings.register_profile(
    "house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("house")


@pytest.fixture
def unblocked() -> Iterator[None]:
    """A blocking call of ours in the event loop fails the test."""
    with blockbuster_ctx("mingbai") as watch:
        for name, function in watch.functions.items():
            function.can_block_in("tests/standing.py", "stand")
            if name.startswith("sqlite3."):
                # One indexed read of a local file, some 20 microseconds: less than a thread's turn costs.
                function.can_block_in("mingbai/serve/keys.py", "check")
                function.can_block_in("mingbai/serve/sessions.py", "check")
        # A folder in the private run directory, once in the life of a replay lane.
        watch.functions["os.mkdir"].can_block_in("mingbai/engine/lanes.py", "_lane")
        yield


@pytest.fixture(scope="session")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Learned:
    """Learned once a session: most of twenty seconds of a core."""
    return learn(tmp_path_factory.mktemp("learned") / "understand")


@pytest.fixture(scope="session")
def taught(learned: Learned) -> Callable[[Path], Path]:
    """Lays what was learned into a fresh home."""

    def lay(home: Path) -> Path:
        home.mkdir(mode=0o700, exist_ok=True)
        shutil.copytree(learned.folder, home / "understand")
        return home

    return lay


@pytest.fixture(scope="module")
def _local_engine(tmp_path_factory: pytest.TempPathFactory) -> tuple[LocalEngine, float]:
    """What may block is done here, outside the loop: the weights are fetched and verified if need be."""
    from mingbai.cli import assemble
    from mingbai.cli.settings import resolve

    settings, _ = resolve(
        {**os.environ, "MINGBAI_MODEL": "qwen2.5-coder-0.5b-instruct", "MINGBAI_ENGINE_BUILD": "wheel"}
    )
    found = assemble.weights(settings)
    engine = assemble.local_engine(replace(settings, home=tmp_path_factory.mktemp("home")), found)
    return engine, settings.engine.start_timeout_seconds


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def local_engine(_local_engine: tuple[LocalEngine, float]) -> AsyncIterator[LocalEngine]:
    """The real engine on the 0.5B, for `slow` tests marked `asyncio(loop_scope="module")`."""
    from mingbai.cli import assemble

    engine, seconds = _local_engine
    async with assemble.started(engine):
        await engine.ready(seconds=seconds)
        yield engine
