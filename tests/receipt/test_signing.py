"""The log's keys: one first key whoever comes first, and never a new name for an old log."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from mingbai.receipt import signing
from mingbai.receipt.log import TileLog
from mingbai.values.errors import BadInput


def test_several_that_start_at_once_have_one_key(tmp_path):
    for run in range(20):
        together = Barrier(4)

        def start(run=run, together=together):
            together.wait()
            return signing.signer(tmp_path / str(run), "answers").verifier

        with ThreadPoolExecutor(4) as pool:
            found = {f.result() for f in [pool.submit(start) for _ in range(4)]}
        assert len(found) == 1
        assert [p.name for p in (tmp_path / str(run)).iterdir()] == ["1-0001.key"]


def test_two_that_rotate_at_once_make_two_keys(tmp_path):
    first = signing.signer(tmp_path, "answers")
    with ThreadPoolExecutor(4) as pool:
        made = {
            f.result().verifier for f in [pool.submit(signing.rotate, tmp_path, "answers") for _ in range(4)]
        }
    assert {first.verifier, *made} == set(signing.public(tmp_path, "answers"))
    assert len(made) == 4
    assert {v.name for v in made} == {first.name}
    assert {stat.S_IMODE(p.stat().st_mode) for p in tmp_path.iterdir()} == {0o600}


def test_a_log_whose_keys_are_gone_takes_no_new_name(tmp_path):
    TileLog(tmp_path / "log.db", signing.signer(tmp_path / "keys", "answers")).close()
    with pytest.raises(BadInput, match="keys"):
        TileLog(tmp_path / "log.db", signing.signer(tmp_path / "other", "answers"))
