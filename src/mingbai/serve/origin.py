"""Where a browser's request comes from. A cookie comes along without anybody's doing, so what changes something is done on
its word only when the browser says that the page asking is ours.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from mingbai.serve.sessions import Which
from mingbai.values.errors import Forbidden, Text

COOKIES: dict[Which, str] = {"desk": "mingbai-desk", "counter": "mingbai-counter"}
SAFE = frozenset(("GET", "HEAD"))


class CrossSite(Forbidden):
    """Another page's doing, by a cookie of ours."""

    code = "cross_site"


def is_same_origin(request: HTTPConnection) -> bool:
    """What the browser says of the page that asks; False where it says nothing."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    said = _parts(request.headers.get("origin", ""))
    return bool(said) and said == request.headers.get("host")


def is_foreign(request: HTTPConnection) -> bool:
    """A page of somebody else's asks; False where nothing is said, as by a program."""
    said = "sec-fetch-site" in request.headers or "origin" in request.headers
    return said and not is_same_origin(request)


def is_local(request: HTTPConnection) -> bool:
    """From this machine, by its own name, and not handed on by a proxy. The name is looked at because a foreign page can
    have its own name mean this machine."""
    client = request.client.host if request.client else ""
    handed_on = any(h in request.headers for h in ("forwarded", "x-forwarded-for", "x-real-ip"))
    try:
        name = urlsplit("//" + request.headers.get("host", "")).hostname or ""
    except ValueError:
        return False
    return not handed_on and _is_loopback(client) and _is_loopback(name)


def cross_site() -> CrossSite:
    return CrossSite(
        Text("这个请求不是从本页发出的。", "This request did not come from this page."),
        Text("请在本服务的页面里操作。", "Use the pages of this service."),
    )


def _parts(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
