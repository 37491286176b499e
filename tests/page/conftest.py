"""The whole service on the real 0.5B weights with the built page, and a browser to open it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import httpx
import pytest

from mingbai.cli import assemble
from mingbai.cli.settings import resolve
from mingbai.web import built

MODEL = "qwen2.5-coder-0.5b-instruct"
NO_BROWSER = 77  # what drive.mjs exits with then
STORY_SECONDS = 280
HERE = Path(__file__).parent
COMMAND = (sys.executable, "-m", "mingbai.cli")


@dataclass(slots=True)
class Shop:
    """The service of a session: where it is and an owner's key; it can be stopped, and its weights taken away."""

    home: Path
    url: str
    key: str = field(default="", repr=False)
    process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        own = {"MINGBAI_HOME": str(self.home), "MINGBAI_WEIGHTS_DIR": str(self.weights)}
        return {**os.environ, **own, "MINGBAI_ENGINE_BUILD": "wheel"}

    @property
    def weights(self) -> Path:
        return self.home / "weights"

    def start(self) -> None:
        port = self.url.rpartition(":")[2]
        with (self.home / "log").open("ab") as log:
            run = [*COMMAND, "run", "--port", port, "--model", MODEL]
            self.process = subprocess.Popen(run, env=self.environment, stdout=log, stderr=log)
        self.until("ready")
        self.warm()

    def stop(self) -> None:
        assert self.process is not None
        self.process.terminate()
        self.process.wait(30)

    def until(self, state: str, seconds: float = 180) -> None:
        end = time.monotonic() + seconds
        while self.state() != state:
            assert self.process is not None
            assert self.process.poll() is None, (self.home / "log").read_text()
            assert time.monotonic() < end, f"not {state} after {seconds:.0f} s, but {self.state()}"
            time.sleep(0.1)

    def state(self) -> str:
        try:
            found: str = httpx.get(f"{self.url}/readyz").json()["state"]
        except httpx.TransportError:
            return "away"
        return found

    def warm(self) -> None:
        """The first answer waits for what understanding loads: a story's clock starts after it."""
        body = {"model": "mingbai", "messages": [{"role": "user", "content": "你好"}]}
        said = httpx.post(
            f"{self.url}/v1/chat/completions", json=body, headers={"Authorization": f"Bearer {self.key}"}, timeout=120
        )  # fmt: skip
        assert said.status_code == 200, said.text

    def lay_weights(self) -> None:
        """Links, so that they can be taken away from this service alone."""
        found = assemble.weights(resolve({**os.environ, "MINGBAI_MODEL": MODEL})[0])
        self.weights.mkdir(exist_ok=True)
        for file in (found.path, found.path.parent / f"{MODEL}.verified.json"):
            if file.exists():
                (self.weights / file.name).symlink_to(file)

    def take_weights_away(self) -> None:
        """And kill the engine, which then comes up no more."""
        for link in self.weights.iterdir():
            link.unlink()
        for child in self.engines():
            os.kill(child, signal.SIGKILL)
        self.until("failed", 60)

    def engines(self) -> list[int]:
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [
            int(p) for p in children if b"mingbai.engine.child" in Path(f"/proc/{p}/cmdline").read_bytes()
        ]

    def mend(self) -> None:
        """What an operator does: the weights are put back, and the service is started again."""
        self.stop()
        self.lay_weights()
        self.start()


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
def shop(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Shop]:
    if why := missing():
        pytest.skip(why)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = request.getfixturevalue("taught")(tmp_path_factory.mktemp("page"))
    found = Shop(home, f"http://127.0.0.1:{port}")
    found.lay_weights()
    make = [*COMMAND, "keys", "create", "--scope", "owner", "--json"]
    made = subprocess.run(make, env=found.environment, capture_output=True, check=True)
    found.key = json.loads(made.stdout)["key"]
    try:
        found.start()
        yield found
    finally:
        if found.process is not None:
            found.stop()


@pytest.fixture
def tells(shop: Shop) -> Callable[..., dict[str, Any]]:
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
