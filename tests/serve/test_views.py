"""The page's files: for everybody, packed, named by digest for ever, and nothing beside them."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path

import pytest

from mingbai.serve.files import Files

SCRIPT = "console.log('明白');\n" * 50


def build(folder: Path) -> Files:
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>明白</title>", encoding="utf-8")
    (folder / "sw.js").write_text("self;")
    (folder / "assets" / "main-1a2b.js").write_text(SCRIPT, encoding="utf-8")
    (folder / "assets" / "main-1a2b.js.map").write_text("{}")
    return Files(folder)


async def test_a_built_page_is_served_to_everybody(paged, tmp_path):
    paged.service.page.files = await asyncio.to_thread(build, tmp_path / "dist")
    async with paged.browser() as browser:
        for view in ("/", "/login", "/desk", "/office", "/verify"):
            reply = await browser.get(view)
            assert (reply.status_code, "明白" in reply.text, reply.headers["cache-control"]) == (
                200,
                True,
                "no-cache",
            )
            assert "'unsafe-inline'" not in reply.headers["content-security-policy"]
            assert reply.headers["cross-origin-opener-policy"] == "same-origin"
        script = await browser.get("/assets/main-1a2b.js")
        assert (script.text, script.headers["content-encoding"]) == (SCRIPT, "gzip")
        assert "immutable" in script.headers["cache-control"]
        again = await browser.get("/assets/main-1a2b.js", headers={"If-None-Match": script.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        plain = await browser.get("/assets/main-1a2b.js", headers={"Accept-Encoding": "identity"})
        assert plain.text == SCRIPT
        assert "content-encoding" not in plain.headers
        assert (await browser.get("/sw.js")).headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize(
    "path",
    [
        "/assets/main-1a2b.js.map",
        "/keys.db",
        "/assets/../../keys.db",
        "/assets/%2e%2e/%2e%2e/keys.db",
        "/..%2fkeys.db",
    ],
)
async def test_no_other_file_is(paged, tmp_path, path):
    paged.service.page.files = await asyncio.to_thread(build, tmp_path / "dist")
    async with paged.browser() as browser:
        assert (await browser.get(path)).status_code == 404


async def test_an_unbuilt_page_says_how_to_build_it(paged):
    paged.service.page.files = Files(None)
    async with paged.browser() as browser:
        reply = await browser.get("/")
        assert (reply.status_code, "make page" in reply.text) == (503, True)
        assert (await browser.get("/healthz")).status_code == 200


def test_a_file_packed_by_the_build_is_taken_as_it_is(tmp_path):
    build(tmp_path)
    (tmp_path / "sw.js").write_text("self;" * 100)
    packed = gzip.compress(b"self;" * 100, 9, mtime=0)
    (tmp_path / "sw.js.gz").write_bytes(packed)
    files = Files(tmp_path)
    assert files._files["/sw.js"].packed == packed
    assert "/sw.js.gz" not in files._files
