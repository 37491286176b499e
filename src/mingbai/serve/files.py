"""The page's files, read once at start. Names with a digest never change; the page itself is asked for each time."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass, field
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from mingbai.values.errors import NotFound, Text

VIEWS = ("/", "/login", "/desk", "/office", "/verify")
ASSETS = "/assets/"
FOREVER = "public, max-age=31536000, immutable"
TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".webmanifest": "application/manifest+json",
    ".wasm": "application/wasm",
}
TEXTS = ("text/", "application/json", "application/manifest+json", "image/svg+xml", "application/wasm")
UNBUILT = """<!doctype html><html lang="zh"><meta charset="utf-8"><title>明白</title>
<h1>页面还没有构建</h1><p>需要 node 20 以上：在源码目录运行 <code>make page</code>，再重启服务。接口照常可用。</p>
<h1 lang="en">The page is not built</h1><p lang="en">It needs node 20 or newer: run <code>make page</code> in the checkout and start the service again. The API works without.</p>
"""


@dataclass(frozen=True, slots=True)
class File:
    type: str
    body: bytes = field(repr=False)
    packed: bytes | None = field(repr=False)  # gzip, where it is smaller
    tag: str


class Files:
    """The built page; empty where it was not built."""

    def __init__(self, folder: Path | None) -> None:
        """`folder`: where the build lies; None or without an index.html: not built. Blocks."""
        self._files: dict[str, File] = {}
        if folder is None or not (folder / "index.html").is_file():
            return
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix not in (".gz", ".br", ".map"):
                self._files["/" + path.relative_to(folder).as_posix()] = _read(path)

    @property
    def is_built(self) -> bool:
        return bool(self._files)

    def view(self, request: Request) -> Response:
        """The page, whichever of its views is asked for: it finds out itself."""
        if not self.is_built:
            return HTMLResponse(UNBUILT, 503)
        return self._reply(request, self._files["/index.html"], "no-cache")

    def file(self, request: Request, path: str) -> Response:
        found = self._files.get(path)
        if found is None:
            raise NotFound(
                Text("没有这个文件。", "There is no such file."),
                Text("刷新页面；服务可能已更新。", "Reload the page; the service may be newer."),
            )
        return self._reply(request, found, FOREVER if path.startswith(ASSETS) else "no-cache")

    def _reply(self, request: Request, file: File, keep: str) -> Response:
        headers = {"Cache-Control": keep, "ETag": file.tag, "Vary": "Accept-Encoding"}
        if request.headers.get("if-none-match") == file.tag:
            return Response(status_code=304, headers=headers)
        body = file.body
        if file.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"], body = "gzip", file.packed
        return Response(body, headers=headers, media_type=file.type)


def _read(path: Path) -> File:
    body = path.read_bytes()
    kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    packed: bytes | None = None
    if kind.startswith(TEXTS):
        beside = path.with_name(path.name + ".gz")
        packed = beside.read_bytes() if beside.is_file() else gzip.compress(body, 9, mtime=0)
        packed = packed if len(packed) < len(body) else None
        kind += "; charset=utf-8" if kind.startswith(("text/", "application/json")) else ""
    return File(kind, body, packed, f'"{hashlib.sha256(body).hexdigest()[:32]}"')
