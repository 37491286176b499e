"""The way out: to hosts that were named, at addresses that were looked at, whatever their names say a moment later."""

from __future__ import annotations

import ast
import asyncio
import ipaddress
import socket
from pathlib import Path

import httpx
import pytest

import mingbai
from mingbai.models.egress import Egress, NotLetOut, Out, OutBlocking, Way, is_inside, is_secret

SOURCE = Path(mingbai.__file__).parent


@pytest.mark.parametrize(
    ("address", "inside", "secret"),
    [
        ("93.184.215.14", False, False),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", False, False),
        ("127.0.0.1", True, False),
        ("::1", True, False),
        ("10.1.2.3", True, False),
        ("172.16.0.1", True, False),
        ("192.168.1.1", True, False),
        ("100.64.0.7", True, False),  # a carrier's own network
        ("fd12:3456::1", True, False),
        ("::ffff:10.0.0.1", True, False),  # IPv4 in another dress
        ("2002:0a00:0001::", True, False),  # 6to4 of 10.0.0.1
        ("64:ff9b::a00:1", True, False),  # NAT64 of 10.0.0.1
        ("64:ff9b::5db8:d70e", False, False),
        ("64:ff9b:1::a00:1", True, False),  # NAT64 by a house's own prefix
        ("::a00:1", True, False),
        ("::ffff:0:10.0.0.1", True, False),
        ("fec0::1", True, False),  # what fd00:: was called before
        ("169.254.169.254", True, True),
        ("::ffff:169.254.169.254", True, True),
        ("64:ff9b::a9fe:a9fe", False, True),
        ("fe80::1", True, True),
        ("fd00:ec2::254", True, True),
        ("168.63.129.16", False, True),  # Azure's, and public
        ("100.100.100.200", True, True),
        ("0.0.0.0", True, True),
        ("224.0.0.1", False, True),
    ],
)  # fmt: skip
def test_which_addresses_are_inside_and_which_are_never_spoken_to(address, inside, secret):
    read = ipaddress.ip_address(address)
    assert is_secret(read) is secret
    assert is_inside(read) is inside or secret


def test_a_name_with_one_bad_address_is_not_spoken_to_at_all():
    egress = Egress((Way("shop.example", 443),))
    good, bad = "93.184.215.14", "10.0.0.1"
    assert egress.looked_at(egress.ways[0], [good]) == [good]
    for found in ([good, bad], [bad], [], ["169.254.169.254"]):
        with pytest.raises(NotLetOut):
            egress.looked_at(egress.ways[0], found)
    here = Way("shop.example", 443, inside=True)
    assert egress.looked_at(here, [bad]) == [bad], "said by name to be inside"
    with pytest.raises(NotLetOut):
        egress.looked_at(here, ["169.254.169.254"])


@pytest.mark.parametrize("url", ["ftp://a.example", "file:///etc/passwd", "/v1", "http://", "http://[::1"])
def test_what_is_no_address_is_none(url):
    with pytest.raises(ValueError):  # noqa: PT011  # its text is httpx's
        Way.to(url)


async def _answering(seen: list[str]) -> asyncio.Server:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        await writer.drain()
        writer.close()

    return await asyncio.start_server(answer, "127.0.0.1", 0)


async def test_the_connection_goes_to_the_address_that_was_looked_at(monkeypatch):
    """A name that is asked twice may answer twice: it is asked once."""
    seen: list[str] = []
    server = await _answering(seen)
    port = server.sockets[0].getsockname()[1]
    loop = asyncio.get_running_loop()
    asked: list[str] = []
    real = loop.getaddrinfo

    async def turncoat(host, *rest, **more):
        if host == "place.example":
            asked.append(host)
            host = "127.0.0.1" if len(asked) == 1 else "169.254.169.254"
        return await real(host, *rest, **more)

    monkeypatch.setattr(loop, "getaddrinfo", turncoat)
    async with (
        server,
        httpx.AsyncClient(transport=Out(Egress((Way("place.example", port, inside=True),)))) as client,
    ):
        reply = await client.get(f"http://place.example:{port}/v1", timeout=5)
        assert (reply.text, len(asked)) == ("ok", 1)
        assert f"host: place.example:{port}" in seen[0].lower()
        with pytest.raises(NotLetOut):
            await client.get(f"http://place.example:{port}/v1", timeout=5)
        for other in (f"http://127.0.0.1:{port}/", "http://place.example/", "http://other.example/"):
            with pytest.raises(NotLetOut):
                await client.get(other, timeout=5)
    assert len(seen) == 1


async def test_a_place_outside_is_not_reached_at_an_address_inside():
    seen: list[str] = []
    server = await _answering(seen)
    port = server.sockets[0].getsockname()[1]
    async with server, httpx.AsyncClient(transport=Out(Egress((Way("127.0.0.1", port),)))) as client:
        with pytest.raises(NotLetOut, match="inside = true"):
            await client.get(f"http://127.0.0.1:{port}/", timeout=5)
    assert seen == []


def test_a_hub_may_send_us_on_to_the_public_and_nowhere_inside(monkeypatch):
    egress = Egress((Way("hub.example", 443, inside=True),), public=True)
    assert egress.way(httpx.URL("https://cdn.example/file")) == Way("cdn.example", 443)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("10.0.0.9", 443))])
    with OutBlocking(egress) as out, pytest.raises(NotLetOut):
        out.handle_request(httpx.Request("GET", "https://cdn.example/file"))


# Who may open a connection, and why. Nobody is added without a reason.
WAYS_OUT = {
    "models/egress.py": "the way out",
    "engine/loopback.py": "to the child on this machine, loopback alone",
    "engine/supervisor.py": "asks the system for a free port",
    "cli/run.py": "listens",
    "cli/check_house.py": "asks the pages of a service on this machine",
}
OPENS = {
    "create_connection", "open_connection", "urlopen", "HTTPConnection", "HTTPSConnection", "AsyncHTTPTransport", "HTTPTransport",
    "connect_ex", "create_datagram_endpoint", "sock_connect",
}  # fmt: skip


def test_nothing_else_opens_a_connection():
    """Every call by name in the source; clients of httpx must be given their transport. `prove` and `bench` talk to services of their own."""
    found: set[str] = set()
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        if name.startswith(("prove/", "cli/prove_", "cli/bench_")):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            owner = node.func.value if isinstance(node.func, ast.Attribute) else None
            module = owner.id if isinstance(owner, ast.Name) else ""
            bare = module == "httpx" and (
                called in ("get", "post", "put", "request", "stream")
                or (called in ("Client", "AsyncClient") and "transport" not in {k.arg for k in node.keywords})
            )
            if called in OPENS or bare or (module == "socket" and called == "socket"):
                found.add(name)
    assert found <= set(WAYS_OUT), found - set(WAYS_OUT)
