"""Who asks, where a page is served: a key in the header, or the session of a browser in its cookie, as the row says."""

from __future__ import annotations

from starlette.requests import Request

from mingbai.serve import origin
from mingbai.serve.door import Admit, by_key, within
from mingbai.serve.inventory import Entry
from mingbai.serve.keys import KeyStore
from mingbai.serve.origin import COOKIES, SAFE
from mingbai.serve.sessions import Sessions
from mingbai.values.errors import Text, Unauthenticated


def by_key_or_session(keys: KeyStore, sessions: Sessions) -> Admit:
    """Leaves the key, or the session acting as one, in `request.state.key`, and a session in `request.state.session`.

    At the counter a session alone will do: a key stands for a channel with many customers, who must not share a talk. What
    changes something is done for a cookie only where the browser says that our page asks.
    """
    by_header = by_key(keys)

    def admit(entry: Entry, request: Request) -> None:
        if entry.by != "counter" and request.headers.get("authorization"):
            by_header(entry, request)
            return
        secret = request.cookies.get(COOKIES["counter" if entry.by == "counter" else "desk"])
        if not secret and entry.by == "any":
            secret = request.cookies.get(COOKIES["counter"])
        if not secret:
            if entry.by == "counter":
                raise _no_session()
            by_header(entry, request)  # says what is missing
            return
        session = sessions.check(secret)
        if request.method not in SAFE and not origin.is_same_origin(request):
            raise origin.cross_site()
        within(session.key, entry)
        request.state.key, request.state.session = session.key, session

    return admit


def _no_session() -> Unauthenticated:
    return Unauthenticated(
        Text("这里要先打开柜台。", "The counter must be opened first."),
        Text(
            "在浏览器里打开本服务的首页；程序请用 POST /v1/session。",
            "Open the service's page in a browser; a program uses POST /v1/session.",
        ),
    )
