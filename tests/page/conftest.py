"""The whole service on the real 0.5B weights with the built page, and a browser to open it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mingbai.web import built

MODEL = "qwen2.5-coder-0.5b-instruct"
NO_BROWSER = 77  # what drive.mjs exits with then
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
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of a story: where the service is, and an owner's key."""
    if why := missing():
        pytest.skip(why)
    home = tmp_path_factory.mktemp("page")
    env = {**os.environ, "MINGBAI_HOME": str(home), "MINGBAI_ENGINE_BUILD": "wheel"}
    command = [sys.executable, "-m", "mingbai.cli"]
    made = subprocess.run(
        [*command, "keys", "create", "--scope", "owner", "--json"], env=env, capture_output=True, check=True
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "run", "--port", str(port), "--model", MODEL], env=env, stdout=log, stderr=log
        )
        try:
            end = time.monotonic() + 180
            while not is_ready(url):
                assert process.poll() is None, (home / "log").read_text()
                assert time.monotonic() < end, "not ready after three minutes"
                time.sleep(0.2)
            key = json.loads(made.stdout)["key"]
            warm(url, key)
            yield {**os.environ, "URL": url, "KEY": key}
        finally:
            process.terminate()
            process.wait(30)


def warm(url: str, key: str) -> None:
    """The first answer waits for what understanding loads: a story's clock starts after it."""
    body = {"model": "mingbai", "messages": [{"role": "user", "content": "你好"}]}
    said = httpx.post(
        f"{url}/v1/chat/completions", json=body, headers={"Authorization": f"Bearer {key}"}, timeout=120
    )
    assert said.status_code == 200, said.text


def is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz").status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture
def tells(shop: dict[str, str]) -> Callable[..., dict[str, Any]]:
    """Runs a story in the browser; gives what it measured. What it holds for wrong fails the test, with its own words."""

    def telling(story: str, **more: str) -> dict[str, Any]:
        done = subprocess.run(
            ["node", "drive.mjs", story],
            cwd=HERE,
            env={**shop, **more},
            capture_output=True,
            text=True,
            timeout=240,
        )
        if done.returncode == NO_BROWSER:
            pytest.skip(done.stdout.strip())
        assert done.returncode == 0, done.stderr[-4000:]
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found

    return telling
