"""The only way out of this house. Everything that speaks to another machine does it through one of these transports.

1. A host that nobody named is refused. 2. Its name is resolved once, and every address it has is looked at: one inside a
network (private, loopback, carrier's, …) is refused unless the host was named with `inside`; link-local addresses and
those where clouds answer with a machine's secrets always are. 3. The connection goes to the address that was looked at,
not to the name: a name that answers otherwise the next moment changes nothing. TLS is checked for the name. 4. A
redirect is a new request: it is looked at again.
Not covered: the engine's child (`engine/loopback.py`, loopback alone), the database's driver, and what pip does.
It stands in `models/` because that is the lowest package that touches the network.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from mingbai.values.errors import PlaceFailed, Text

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# Where clouds tell a machine its secrets, as their documentation says (AWS, Azure, Alibaba, Oracle); 168.63.129.16 is public.
METADATA = frozenset(
    map(
        ipaddress.ip_address,
        ("169.254.169.254", "fd00:ec2::254", "168.63.129.16", "100.100.100.200", "192.0.0.192"),
    )
)
NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Inside some house, though Python calls them global: old site-local addresses, IPv4 in three more dresses (compatible,
# translated, a NAT64 of the house's own).
ALSO_INSIDE = tuple(map(ipaddress.ip_network, ("fec0::/10", "::/96", "::ffff:0:0:0/96", "64:ff9b:1::/48")))
DEFAULT_PORTS = {"http": 80, "https": 443}


class NotLetOut(PlaceFailed):
    """A connection that nobody named, or to an address inside a network. Nothing was sent."""

    code = "not_let_out"

    def __init__(self, host: str, zh: str, en: str) -> None:
        super().__init__(
            Text(f"没有连接 {host[:80]}：{zh}。", f"No connection was made to {host[:80]}: {en}."),
            Text(
                "若它确在店铺自己的网络里，请在 places.toml 该处写 inside = true。",
                "If it is inside the shop's own network, write inside = true for it in places.toml.",
            ),
            status=0,
        )


@dataclass(frozen=True, slots=True)
class Way:
    """A host that may be spoken to. `inside`: it was said by name to stand inside the shop's own network."""

    host: str
    port: int
    inside: bool = False

    @classmethod
    def to(cls, url: str, *, inside: bool = False) -> Way:
        """The host of that URL. Raises `ValueError` for what is no http(s) URL."""
        try:
            read = httpx.URL(url)
        except httpx.InvalidURL as e:
            raise ValueError(str(e)) from None
        if read.scheme not in DEFAULT_PORTS or not read.host:
            raise ValueError("http:// or https://")
        return cls(read.host, read.port or DEFAULT_PORTS[read.scheme], inside)


def embedded(address: Address) -> Address:
    """The IPv4 address that an IPv6 one is only another form of."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped or address.sixtofour:
            return address.ipv4_mapped or address.sixtofour or address
        if address.teredo:
            return address.teredo[1]
        if address in NAT64:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def is_secret(address: Address) -> bool:
    """Never to be spoken to, whoever named it."""
    inner = embedded(address)
    return any(
        each in METADATA or each.is_link_local or each.is_multicast or each.is_unspecified
        for each in (address, inner)
    )


def is_inside(address: Address) -> bool:
    if any(address in network for network in ALSO_INSIDE):
        return True
    return not (address.is_global and embedded(address).is_global)


@dataclass(frozen=True, slots=True)
class Egress:
    """`public`: beside the named ways, any host at a public address; for files whose digest is known."""

    ways: tuple[Way, ...]
    public: bool = False

    def way(self, url: httpx.URL) -> Way:
        """Raises `NotLetOut` for a host that nobody named."""
        port = url.port or DEFAULT_PORTS.get(url.scheme, 0)
        for way in self.ways:
            if (way.host, way.port) == (url.host, port):
                return way
        if self.public and port:
            return Way(url.host, port)
        raise NotLetOut(url.host, "没有人允许过这个主机", "nobody has named this host")

    def looked_at(self, way: Way, found: Sequence[str]) -> list[str]:
        """The addresses, all of them good. Raises `NotLetOut` if one is not: a name with two faces is trusted in neither."""
        for each in found:
            address = ipaddress.ip_address(each.partition("%")[0])
            if is_secret(address):
                raise NotLetOut(
                    way.host,
                    f"{address} 是链路本地或云主机元数据地址",
                    f"{address} is link-local or a cloud's metadata",
                )
            if is_inside(address) and not way.inside:
                raise NotLetOut(way.host, f"{address} 在内部网络里", f"{address} is inside a network")
        if not found:
            raise NotLetOut(way.host, "找不到它的地址", "it has no address")
        return list(found)


class Out(httpx.AsyncBaseTransport):
    """httpx's own transport, to the addresses that were looked at."""

    def __init__(self, egress: Egress) -> None:
        self._egress = egress
        self._inner = httpx.AsyncHTTPTransport(
            trust_env=False, limits=httpx.Limits(max_keepalive_connections=0)
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        way = self._egress.way(request.url)
        try:
            loop = asyncio.get_running_loop()
            found = await loop.getaddrinfo(way.host, way.port, type=socket.SOCK_STREAM)
        except OSError as e:
            raise httpx.ConnectError("name", request=request) from e
        last: httpx.TransportError | None = None
        for address in self._egress.looked_at(way, _addresses(found)):
            try:
                return await self._inner.handle_async_request(_at(request, address))
            except (httpx.ConnectError, httpx.ConnectTimeout) as e:
                last = e
        assert last is not None
        raise last

    async def aclose(self) -> None:
        await self._inner.aclose()


class OutBlocking(httpx.BaseTransport):
    """The same for code that waits: pulls of weights, witnesses."""

    def __init__(self, egress: Egress) -> None:
        self._egress = egress
        self._inner = httpx.HTTPTransport(trust_env=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        way = self._egress.way(request.url)
        try:
            found = socket.getaddrinfo(way.host, way.port, type=socket.SOCK_STREAM)
        except OSError as e:
            raise httpx.ConnectError("name", request=request) from e
        last: httpx.TransportError | None = None
        for address in self._egress.looked_at(way, _addresses(found)):
            try:
                return self._inner.handle_request(_at(request, address))
            except (httpx.ConnectError, httpx.ConnectTimeout) as e:
                last = e
        assert last is not None
        raise last

    def close(self) -> None:
        self._inner.close()


def _addresses(found: Sequence[tuple[object, object, object, object, tuple[object, ...]]]) -> list[str]:
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def _at(request: httpx.Request, address: str) -> httpx.Request:
    """The request to that address; its Host header and the name that TLS checks stay."""
    return httpx.Request(
        request.method, request.url.copy_with(host=address), headers=request.headers, stream=request.stream,
        extensions={**request.extensions, "sni_hostname": request.url.host},
    )  # fmt: skip
