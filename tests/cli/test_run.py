"""`mingbai run`: where it may listen, what it says when it cannot, and one whole life of the service."""

from __future__ import annotations

import gc
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from mingbai.cli.run import check_bind, listen
from mingbai.values.errors import BadInput
from mingbai.values.settings import ServeSettings


def mingbai(*arguments: str, home: str) -> subprocess.Popen[str]:
    environ = {k: v for k, v in os.environ.items() if not k.startswith("MINGBAI_")}
    return subprocess.Popen(
        [sys.executable, "-m", "mingbai.cli", *arguments],
        env={**environ, "MINGBAI_HOME": home},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.53", "::1", "localhost"])
def test_loopback_needs_nothing(host):
    check_bind(ServeSettings(host=host))


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "192.168.1.5", "::", "shop.example.cn", "localhost.example.cn", ""]
)
def test_beyond_loopback_needs_tls_or_the_flag(host):
    for lacking in ({}, {"tls_cert": "c.pem"}, {"tls_key": "k.pem"}):
        with pytest.raises(BadInput) as refused:
            check_bind(ServeSettings(host=host, **lacking))
        assert "--tls-cert" in refused.value.mend.zh
        assert "--unsafe-plain-http" in refused.value.mend.en
    check_bind(ServeSettings(host=host, tls_cert="c.pem", tls_key="k.pem"))
    check_bind(ServeSettings(host=host, unsafe_plain_http=True))


def test_a_port_in_use_is_said_with_another(taken):
    with pytest.raises(BadInput) as refused:
        listen(ServeSettings(port=taken))
    assert f"127.0.0.1:{taken}" in refused.value.what.zh
    assert f"mingbai run --port {taken + 1}" in refused.value.mend.zh


def test_a_free_port_is_bound():
    with listen(ServeSettings(port=0)) as listener:
        assert listener.getsockname()[1] > 0


def test_two_that_start_at_once_do_not_share_a_port():
    with listen(ServeSettings(port=0)) as first, pytest.raises(BadInput):
        listen(ServeSettings(port=first.getsockname()[1])).close()


@pytest.mark.parametrize("serve", [ServeSettings(host="256.1.1.1", port=0), ServeSettings(port=99_999)])
def test_what_cannot_be_bound_leaves_no_socket(serve):
    with pytest.raises((BadInput, OverflowError)):
        listen(serve)
    gc.collect()  # a socket left open would be a ResourceWarning, which fails the test


def test_an_error_is_one_message_in_both_languages(taken, tmp_path):
    failed = mingbai("run", "--rehearse", "--port", str(taken), home=str(tmp_path))
    out, err = failed.communicate(timeout=20)
    assert (failed.returncode, out) == (1, "")
    assert err.startswith(f"✗ 不能监听 127.0.0.1:{taken}")
    assert f"→ 换一个端口，例如 mingbai run --port {taken + 1}" in err
    assert "Traceback" not in err
    assert not list(tmp_path.iterdir()), "nothing was made for a service that did not start"


def test_a_whole_life(tmp_path):
    service = mingbai("run", "--rehearse", "--port", "0", home=str(tmp_path))
    try:
        assert service.stdout is not None
        greeting = ""
        for line in service.stdout:
            greeting += line
            if "curl" in line:
                break
        url = re.search(r"http://127\.0\.0\.1:\d+", greeting)[0]
        key = re.search(r"mb-[\w-]{43}", greeting)[0]
        assert "彩排" in greeting
        headers = {"Authorization": f"Bearer {key}"}
        body = {"model": "rehearsal", "messages": [{"role": "user", "content": "金丝雀"}]}
        answer = httpx.post(f"{url}/v1/chat/completions", json=body, headers=headers, trust_env=False).json()
        assert answer["choices"][0]["message"]["content"] == "（彩排）你说：金丝雀"
        assert httpx.get(f"{url}/readyz", trust_env=False).json()["state"] == "ready"
        service.send_signal(signal.SIGTERM)
        out, err = service.communicate(timeout=20)
    finally:
        service.kill()
    assert service.returncode == 0, err
    assert '"event": "chat"' in err
    assert "金丝雀" not in out + err
    assert key not in out + err
