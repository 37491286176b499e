"""The whole service with the built page, and a browser to open it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import pytest

from mingbai.web import built
from whole import Whole

NO_BROWSER = 77  # what drive.mjs exits with then
STORY_SECONDS = 280
HERE = Path(__file__).parent


def missing() -> str:
    """Why the page cannot be driven here; empty where it can."""
    if shutil.which("node") is None:
        return "node is not installed"
    if not (HERE / "node_modules/playwright-core").exists():
        return "run make test, which installs what drives the browser"
    if built() is None:
        return "the page is not built: run make page"
    return ""


@pytest.fixture(scope="session")
def shop(request: pytest.FixtureRequest) -> Whole:
    if why := missing():
        pytest.skip(why)
    found: Whole = request.getfixturevalue("whole")
    return found


@pytest.fixture
def tells(shop: Whole) -> Callable[..., dict[str, Any]]:
    """Runs a story in the browser; gives what it measured. What it holds for wrong fails the test, with its own words.

    A story may ask for a deed that no page can do: it prints `!name`, and goes on once a line comes back."""

    def telling(
        story: str, deeds: dict[str, Callable[[], None]] | None = None, **more: str
    ) -> dict[str, Any]:
        env = {**os.environ, "URL": shop.url, "KEY": shop.key, **more}
        with (
            TemporaryFile("w+") as wrong,
            subprocess.Popen(
                ["node", "drive.mjs", story], cwd=HERE, env=env, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=wrong,
            ) as driven,
        ):  # fmt: skip
            late = threading.Timer(STORY_SECONDS, driven.kill)
            late.start()
            last = ""
            try:
                assert driven.stdin is not None
                assert driven.stdout is not None
                for line in driven.stdout:
                    last = line.strip()
                    if last.startswith("!"):
                        (deeds or {})[last[1:]]()
                        with suppress(BrokenPipeError):
                            driven.stdin.write("\n")
                            driven.stdin.flush()
                driven.wait()
            finally:
                late.cancel()
                driven.kill()
            if driven.returncode == NO_BROWSER:
                pytest.skip(last)
            wrong.seek(0)
            assert driven.returncode == 0, wrong.read()[-8000:]
        found: dict[str, Any] = json.loads(last)
        return found

    return telling
