"""A pull tries its sources in order and believes only the digest; what it cannot do it says in both languages."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace

import pytest
import tiny_gguf as tiny
from hub_server import HubServer, serving

from mingbai.models import store
from mingbai.models.entry import Hub, LocalFile, ModelScope
from mingbai.models.partial import opened
from mingbai.models.pull import pull
from mingbai.values.errors import NoSource, NoSpace, NotFound, NotWhole, PullUnderWay, WrongDigest

WRONG = tiny.GOOD[:-1] + b"?"
DEAD = Hub("http://127.0.0.1:9/file")  # the discard port: nobody listens


def test_hub(entry, settings):
    with serving(HubServer(tiny.GOOD, redirect=True)) as hub:
        pulled = pull(entry(Hub(hub.url)), settings)
    assert pulled.path.read_bytes() == tiny.GOOD
    assert store.state(entry(), settings.cache_dir) == "verified"
    assert pull(entry(DEAD), settings).source is None  # here already, nobody is asked


def test_a_cut_connection_is_taken_up_where_it_stopped(entry, settings):
    with serving(HubServer(tiny.GOOD, cut_after=[1000, 500])) as hub:
        pulled = pull(entry(Hub(hub.url)), settings)
    assert pulled.path.read_bytes() == tiny.GOOD
    assert hub.ranges == ["", "bytes=1000-", "bytes=1500-"]


def test_the_next_source_goes_on_with_the_bytes_of_the_one_before(entry, settings):
    with serving(HubServer(tiny.GOOD, cut_after=[1000, 0])) as cut, serving(HubServer(tiny.GOOD)) as good:
        pulled = pull(entry(Hub(cut.url), ModelScope(good.url)), settings)
    assert pulled.path.read_bytes() == tiny.GOOD
    assert pulled.source == ModelScope(good.url)
    assert [tried.source for tried in pulled.tried] == [Hub(cut.url)]
    assert good.ranges == ["bytes=1000-"]


def test_a_hub_without_ranges_begins_again(entry, settings):
    settings.cache_dir.mkdir()
    (settings.cache_dir / "tiny.gguf.partial").write_bytes(tiny.GOOD[:1000])
    with serving(HubServer(tiny.GOOD, ranged=False)) as hub:
        assert pull(entry(Hub(hub.url)), settings).path.read_bytes() == tiny.GOOD


def test_bad_bytes_left_by_an_earlier_pull_cost_one_more_round(entry, settings):
    settings.cache_dir.mkdir()
    (settings.cache_dir / "tiny.gguf.partial").write_bytes(b"x" * 1000)
    with serving(HubServer(tiny.GOOD)) as hub:
        assert pull(entry(Hub(hub.url)), settings).path.read_bytes() == tiny.GOOD
    assert hub.ranges == ["bytes=1000-", ""]


def test_kill_9_loses_nothing_that_was_received(entry, settings):
    code = (
        "import sys; from pathlib import Path; from mingbai.models import catalog; from mingbai.models.pull import pull\n"
        "from mingbai.values.settings import ModelSettings\n"
        "from mingbai.models.entry import Entry, Hub\n"
        "entry = Entry(id='tiny', repository='', file='tiny.gguf', licence='', languages=(), architecture='', context_tokens=0,"
        " parameters=0, quantisation='', size_bytes=int(sys.argv[3]), sha256=sys.argv[4], kv_bytes_per_token=0,"
        " read_bytes_per_token=0, sources=(Hub(sys.argv[2]),))\n"
        "pull(entry, ModelSettings(cache_dir=Path(sys.argv[1])))\n"
    )
    partial = settings.cache_dir / "tiny.gguf.partial"
    with serving(HubServer(tiny.GOOD, cut_after=[1000], hold=threading.Event())) as hub:
        arguments = [str(settings.cache_dir), hub.url, str(entry().size_bytes), entry().sha256]
        with subprocess.Popen([sys.executable, "-c", code, *arguments]) as child:
            for _ in range(1000):
                if partial.exists() and partial.stat().st_size == 1000:
                    break
                time.sleep(0.01)
            with pytest.raises(PullUnderWay):
                pull(entry(Hub(hub.url)), settings)
            os.kill(child.pid, signal.SIGKILL)
        assert pull(entry(Hub(hub.url)), settings).path.read_bytes() == tiny.GOOD
    assert hub.ranges == ["", "bytes=1000-"]


def test_who_waits_for_another_pull_finds_the_file(entry, settings):
    found = []
    with serving(HubServer(tiny.GOOD)) as hub:
        wanted = entry(Hub(hub.url))
        waiting = threading.Thread(target=lambda: found.append(pull(wanted, settings, wait=True)))
        with store.locked(settings.cache_dir / "tiny.gguf.lock", wait=False):
            waiting.start()
            with pytest.raises(PullUnderWay):
                pull(wanted, settings)
            assert hub.ranges == []
        waiting.join()
        assert pull(wanted, settings).source is None
    assert found[0].path.read_bytes() == tiny.GOOD
    assert hub.ranges == [""]


def test_every_source_is_named_with_its_reason(entry, settings, tmp_path):
    hubs = {
        "wrong": HubServer(WRONG),
        "page": HubServer(b"<html>please log in</html>"),
        "silent": HubServer(tiny.GOOD, announced=False),
    }
    with serving(hubs["wrong"]), serving(hubs["page"]), serving(hubs["silent"]):
        sources = [Hub(hub.url) for hub in hubs.values()]
        with pytest.raises(NoSource) as raised:
            pull(entry(LocalFile(tmp_path / "gone.gguf"), DEAD, *sources, ModelScope("file:///x")), settings)
    zh, en = raised.value.what.zh, raised.value.what.en
    assert f"本地文件 {tmp_path}/gone.gguf：读不了" in zh
    assert f"SHA-256 应为 {entry().sha256}，实为 {hashlib.sha256(WRONG).hexdigest()}" in zh
    assert f"大小是 26 字节，应为 {len(tiny.GOOD)}" in zh
    assert "没有说明文件大小" in zh
    assert f"{DEAD.url}): the connection failed (ConnectError" in en
    assert "ModelScope (file:///x): no address: http:// or https://" in en
    assert en.index("gone.gguf") < en.index(DEAD.url) < en.index("it has 26 bytes") < en.index("file:///x")
    assert not (settings.cache_dir / "tiny.gguf").exists()


def test_the_file_of_the_settings_comes_first(entry, settings, tmp_path):
    mine = tmp_path / "mine.gguf"
    mine.write_bytes(tiny.GOOD)
    pulled = pull(entry(DEAD), replace(settings, local_file=str(mine)))
    assert pulled.source == LocalFile(mine)
    assert pulled.path == settings.cache_dir / "tiny.gguf"
    assert mine.read_bytes() == tiny.GOOD


def test_a_full_disk_is_seen_before_the_first_byte(entry, settings):
    with serving(HubServer(tiny.GOOD)) as hub, pytest.raises(NoSpace) as raised:
        pull(entry(Hub(hub.url)), settings, free_bytes=lambda _: 1_000)
    assert hub.ranges == []
    assert f"还需要 {len(tiny.GOOD) / 1000:.1f} kB，只有 1.0 kB" in raised.value.what.zh
    big = replace(entry(DEAD), size_bytes=1_117_320_768)
    with pytest.raises(NoSpace, match=r"needs 1\.12 GB more, 250\.0 MB are free"):
        pull(big, settings, free_bytes=lambda _: 250_000_000)


def test_a_disk_that_fills_up_on_the_way(tmp_path):
    full = tmp_path / "tiny.gguf.partial"
    full.symlink_to("/dev/full")
    with opened(full, 100, lambda _: None, 100) as partial, pytest.raises(NoSpace):
        partial.write(b"x" * 10)


def test_a_wrong_file_is_found_and_set_aside_never_deleted(entry, settings):
    with serving(HubServer(tiny.GOOD)) as hub:
        wanted = entry(Hub(hub.url))
        settings.cache_dir.mkdir()
        place = settings.cache_dir / "tiny.gguf"
        place.write_bytes(WRONG)
        with pytest.raises(WrongDigest) as raised:
            store.ensure_verified(wanted, settings.cache_dir)
        found = hashlib.sha256(WRONG).hexdigest()
        assert f"应为 {wanted.sha256}，实为 {found}" in raised.value.what.zh
        assert f"expected {wanted.sha256}, found {found}" in raised.value.what.en
        pulled = pull(wanted, settings)
    assert place.read_bytes() == tiny.GOOD
    assert pulled.set_aside == settings.cache_dir / f"tiny.gguf.wrong-{found[:8]}"
    assert pulled.set_aside.read_bytes() == WRONG


def test_hashed_once_and_again_when_the_file_changed(entry, settings):
    settings.cache_dir.mkdir()
    place = settings.cache_dir / "tiny.gguf"
    hashed = []

    def ensure() -> None:
        store.ensure_verified(entry(DEAD), settings.cache_dir, progress=lambda done, _: hashed.append(done))

    with pytest.raises(NotFound, match="mingbai models pull tiny"):
        ensure()
    place.write_bytes(tiny.GOOD)
    assert store.state(entry(DEAD), settings.cache_dir) == "unverified"
    ensure()
    ensure()
    assert hashed == [len(tiny.GOOD)]
    os.utime(place, ns=(1, 1))
    assert store.state(entry(DEAD), settings.cache_dir) == "unverified"
    ensure()
    assert hashed == [len(tiny.GOOD)] * 2
    place.write_bytes(tiny.GOOD[:-1])
    with pytest.raises(NotWhole, match=f"{len(tiny.GOOD) - 1} bytes of {len(tiny.GOOD)}"):
        ensure()


def test_a_weights_folder_that_cannot_be_is_said_so(entry, settings, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(store.WeightsError, match="Cannot use"):
        pull(entry(DEAD), replace(settings, cache_dir=tmp_path / "file" / "weights"))
