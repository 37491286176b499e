"""The whole service on the real 0.5B weights, in a process of its own, as a merchant would run it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from mingbai.engine.loopback import free_port

MODEL = "qwen2.5-coder-0.5b-instruct"
COMMAND = (sys.executable, "-m", "mingbai.cli")


@dataclass(slots=True)
class Whole:
    """The service of a session: where it is and an owner's key; it can be stopped, and its weights taken away."""

    home: Path
    url: str = field(default_factory=lambda: f"http://127.0.0.1:{free_port()}")
    key: str = field(default="", repr=False)
    process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        own = {"MINGBAI_HOME": str(self.home), "MINGBAI_WEIGHTS_DIR": str(self.weights)}
        return {**os.environ, **own, "MINGBAI_ENGINE_BUILD": "wheel"}

    @property
    def weights(self) -> Path:
        return self.home / "weights"

    def begin(self) -> None:
        """The first start of a fresh home."""
        self.lay_weights()
        make = [*COMMAND, "keys", "create", "--scope", "owner", "--json"]
        made = subprocess.run(make, env=self.environment, capture_output=True, check=True)
        self.key = json.loads(made.stdout)["key"]
        self.start()

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
        assert self.process.wait(30) == 0, (self.home / "log").read_text()[-4000:]

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
        from mingbai.cli import assemble
        from mingbai.cli.settings import resolve

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
