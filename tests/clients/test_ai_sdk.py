"""A second public client with an HTTP stack of its own: the AI SDK for JavaScript, in node."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from live_service import Live

pytestmark = pytest.mark.slow
HERE = Path(__file__).parent / "js"


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
@pytest.mark.skipif(not (HERE / "node_modules").exists(), reason="run make test, which installs the client")
def test_the_ai_sdk_chats_streams_calls_tools_and_reads_errors(live: Live) -> None:
    env = {**os.environ, "URL": f"{live.url}/v1", "KEY": live.key, "MODEL": live.model}
    done = subprocess.run(
        ["node", "client.mjs"], cwd=HERE, env=env, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["whole"]
    assert seen["pieces"] > 3
    assert seen["streamed"]
    assert seen["usage"]["outputTokens"] > 3
    assert set(seen["person"]) == {"name", "age"}
    assert seen["asked"] == ["MB20251103-0042"]
    assert seen["told"]  # that the 0.5B reads a result well is not the client's matter
    assert seen["refused"] == {"status": 404, "code": "model_not_found"}
