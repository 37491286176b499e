"""The whole service on the real 0.5B weights, in a process of its own, as a merchant would run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from live_service import MODEL, Live

from mingbai.engine.loopback import free_port


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory, taught: Callable[[Path], Path]) -> Iterator[Live]:
    home = taught(tmp_path_factory.mktemp("home"))
    env = {**os.environ, "MINGBAI_HOME": str(home), "MINGBAI_ENGINE_BUILD": "wheel"}
    command = [sys.executable, "-m", "mingbai.cli"]
    made = subprocess.run(
        [*command, "keys", "create", "--scope", "owner", "--json"], env=env, capture_output=True, check=True
    )
    port = free_port()
    log = (home / "log").open("wb")
    process = subprocess.Popen(
        [*command, "run", "--port", str(port), "--model", MODEL], env=env, stdout=log, stderr=log
    )
    url = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + 120
        while True:
            assert process.poll() is None, (home / "log").read_text()
            assert time.monotonic() < end, "not ready after two minutes"
            try:
                if httpx.get(f"{url}/readyz").status_code == 200:
                    break
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        yield Live(url, json.loads(made.stdout)["key"], home, process.pid)
    finally:
        process.terminate()
        assert process.wait(30) == 0
        log.close()
