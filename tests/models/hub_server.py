"""A hub on loopback that can misbehave: cut connections, ignore ranges, give other bytes."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class HubServer:
    """`ranges` records the Range header of each request ("" for none)."""

    data: bytes
    cut_after: list[int] = field(default_factory=list)  # bytes sent in the first, second, … reply
    ranged: bool = True
    announced: bool = True  # sends Content-Length
    redirect: bool = False
    hold: threading.Event | None = None  # waited for before a cut reply is ended
    ranges: list[str] = field(default_factory=list)
    url: str = ""


@contextmanager
def serving(hub: HubServer) -> Iterator[HubServer]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            return

        def do_GET(self) -> None:
            if hub.redirect and self.path == "/file":
                self.send_response(302)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            asked = self.headers.get("Range", "")
            hub.ranges.append(asked)
            start = int(re.findall(r"\d+", asked)[0]) if asked and hub.ranged else 0
            body = hub.data[start:]
            self.send_response(206 if start else 200)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(hub.data) - 1}/{len(hub.data)}")
            if hub.announced:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if hub.cut_after:
                body = body[: hub.cut_after.pop(0)]
            self.wfile.write(body)
            self.wfile.flush()
            if hub.hold and len(body) < len(hub.data) - start:
                hub.hold.wait(20)
            self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    hub.url = f"http://127.0.0.1:{server.server_port}/file"
    try:
        yield hub
    finally:
        if hub.hold:
            hub.hold.set()
        server.shutdown()
        thread.join()
        server.server_close()
