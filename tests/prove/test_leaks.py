"""The search for leaks finds what is planted, in whatever form, and hears whoever calls out."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from urllib.parse import quote

import pytest

from mingbai.cli.prove_leaks import prepared
from mingbai.prove import leaks
from mingbai.prove.canaries import PERSONS, PHRASE
from mingbai.prove.leaks import run
from mingbai.prove.traffic import Reply

ONE, TWO, _ = PERSONS


@pytest.mark.parametrize(
    "written",
    [
        ONE.name.encode(), ONE.name.encode("gbk"), ONE.name.encode("utf-16-le"), json.dumps(ONE.name).encode(),
        json.dumps(json.dumps(ONE.name)).encode(), quote(ONE.name).encode(), ("1" + ONE.name + "2").encode(),
    ],
)  # fmt: skip
def test_a_name_is_found_in_every_form(written):
    assert leaks._found(b"\x00\xff" + written + b"\n", {"name": ONE.name}) == ["name"]
    assert leaks._found(TWO.name.encode(), {"name": ONE.name}) == []


def test_places_are_named_and_the_shops_people_may_see(tmp_path):
    service = prepared(tmp_path)
    (service.scratch / "left.tmp").write_text(TWO.address)
    replies = [
        Reply("POST /v1/chat/completions", 200, ONE.id, False, ONE.name),
        Reply("POST /v1/chat/completions", 200, ONE.id, False, TWO.phone),
        Reply("GET /v1/desk/talks", 200, "", True, TWO.phone),
        Reply("GET /v1/desk/talks", 404, "", True, TWO.phone),
    ]
    assert leaks._places(service, [service.scratch / "left.tmp"], PHRASE.encode(), replies) == {
        "file left.tmp": ["CAN-2 address"], "printed and logged": ["phrase"], "200 POST /v1/chat/completions": ["CAN-2 phone"],
        "404 GET /v1/desk/talks": ["CAN-2 phone"],
    }  # fmt: skip


def test_whoever_calls_out_is_heard(tmp_path):
    (tmp_path / "calls.py").write_text(
        "import socket, subprocess, sys\n"
        "for call in (lambda: socket.getaddrinfo('nowhere.invalid', 443), lambda: socket.create_connection(('192.0.2.1', 9), 0.01),\n"
        "             lambda: subprocess.run([sys.executable, '-c', ''])):\n"
        "    try:\n        call()\n    except OSError:\n        pass\n"
    )
    subprocess.run(
        [sys.executable, "-m", "mingbai.prove.watched", str(tmp_path / "log"), "calls"], cwd=tmp_path, check=True,
        env={"PYTHONPATH": f"{tmp_path}:{':'.join(sys.path)}"},
    )  # fmt: skip
    events = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    heard = {line.split()[0] for line in leaks._outside(events, ())}
    assert {"socket.getaddrinfo", "socket.connect", "subprocess.Popen"} <= heard
    assert not list(leaks._outside(events, ("socket.", "subprocess.Popen", "os.posix_spawn")))


@pytest.mark.parametrize(
    ("remote", "here"),
    [
        ("0100007F", True), ("00000000", True), ("00000000000000000000000001000000", True),
        ("0000000000000000FFFF00000100007F", True), ("010200C0", False), ("0000000000000000FFFF0000010200C0", False),
        ("B80D01200000000000000000010000000", False),
    ],
)  # fmt: skip
def test_what_the_kernel_calls_loopback(remote, here):
    assert leaks._is_here(remote) is here


@pytest.mark.slow  # a service of its own
def test_a_day_of_traffic_leaves_nothing_in_clear(tmp_path, taught):
    taught(tmp_path / "home")
    report = run(prepared(tmp_path), turns=40)
    assert report.passed, report.lines()
    assert json.loads(json.dumps(asdict(report)))["replies"] == dict(report.replies)
