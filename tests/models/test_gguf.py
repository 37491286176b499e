"""A small file reads back as written; nothing that is not whole is let through, and no bytes can do more than that."""

from __future__ import annotations

import contextlib
import struct
from pathlib import Path

import pytest
import tiny_gguf as tiny
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingbai.models.gguf import read, read_vocabulary
from mingbai.values.errors import MingbaiError, NotFound, NotWhole, WeightsError


@pytest.fixture
def write(tmp_path: Path):
    def writing(data: bytes) -> Path:
        path = tmp_path / "x.gguf"
        path.write_bytes(data)
        return path

    return writing


def without(key: str) -> list[bytes]:
    return [pair for pair in tiny.PAIRS if not pair.startswith(tiny.text(key))]


@pytest.mark.parametrize("version", [2, 3])
def test_reads_what_was_written(write, version):
    about = read(write(tiny.whole(tiny.PAIRS, tiny.TENSORS, tiny.DATA, version=version)))
    assert about.architecture == "qwen2"
    assert about.name == "小模型"
    assert about.context_length == 4096
    assert about.quantisation == "Q4_K_M"
    assert about.chat_template == tiny.TEMPLATE
    assert (about.block_count, about.embedding_length, about.head_count, about.head_count_kv) == (
        2,
        256,
        4,
        2,
    )
    assert (about.token_embedding_bytes, about.output_bytes) == (576, 840)
    assert about.tensors_bytes == 576 + 840 + 1024
    assert about.parameters == 1024 + 1024 + 256
    assert about.read_bytes_per_token == 840 + 1024  # of the embedding only a row is read
    assert about.kv_bytes_per_token == 2 * 2 * 2 * 64 * 2
    assert about.size_bytes == len(tiny.GOOD)


def test_tied_embedding_is_read_for_every_token(write):
    about = read(write(tiny.whole(tiny.PAIRS, tiny.TENSORS[:1], tiny.DATA)))
    assert about.output_bytes == 0
    assert about.read_bytes_per_token == 576


def test_unused_experts_are_not_read(write):
    pairs = [
        *tiny.PAIRS,
        tiny.pair("qwen2.expert_count", tiny.U32, 4),
        tiny.pair("qwen2.expert_used_count", tiny.U32, 1),
    ]
    experts = tiny.tensor("blk.0.ffn_up_exps.weight", (32, 1, 4), 0, 0)
    about = read(write(tiny.whole(pairs, [experts], bytes(512))))
    assert about.read_bytes_per_token == 128


def test_layers_may_differ(write):
    pairs = [
        *without("qwen2.attention.head_count_kv"),
        tiny.array("qwen2.attention.head_count_kv", tiny.U32, [1, 4]),
    ]
    assert read(write(tiny.whole(pairs, tiny.TENSORS, tiny.DATA))).head_count_kv == 4


def test_quantisation_is_seen_from_the_tensors_when_the_file_is_silent(write):
    pairs = without("general.file_type")
    assert read(write(tiny.whole(pairs, tiny.TENSORS[:2], tiny.DATA))).quantisation == "Q6_K"


def test_vocabulary(write):
    found = read_vocabulary(write(tiny.GOOD))
    assert found.tokens == ("a", "Ġb", "ä½ł", "<|im_end|>")
    assert found.types == (1, 1, 1, 3)
    assert (found.model, found.pre, found.bos, found.eos) == ("gpt2", "qwen2", 3, 3)


@pytest.mark.parametrize("key", ["tokenizer.ggml.token_type", "tokenizer.ggml.tokens"])
def test_vocabulary_without_tokens_or_types_is_refused(write, key):
    with pytest.raises(NotWhole, match=key):
        read_vocabulary(write(tiny.whole(without(key), tiny.TENSORS, tiny.DATA)))


def test_cuts_are_found(write):
    """The last tensor ends with the file, so not one byte can be missing."""
    for length in [
        *range(0, len(tiny.GOOD) - 2 * len(tiny.DATA), 3),
        *range(len(tiny.GOOD) - 40, len(tiny.GOOD)),
    ]:
        with pytest.raises(NotWhole):
            read(write(tiny.GOOD[:length]))


ONE = tiny.TENSORS[2:]
HUGE = 2**64 - 1
BROKEN = {
    "not a GGUF": b"PK\3\4" + tiny.GOOD[4:],
    "version 1": tiny.whole(tiny.PAIRS, tiny.TENSORS, tiny.DATA, version=1),
    "big endian": b"GGUF\0\0\0\3" + tiny.GOOD[8:],
    "no tensors": tiny.whole(tiny.PAIRS, [], b""),
    "huge pair count": struct.pack("<4sIQQ", b"GGUF", 3, 3, HUGE) + tiny.GOOD[24:],
    "huge tensor count": struct.pack("<4sIQQ", b"GGUF", 3, HUGE, 16) + tiny.GOOD[24:],
    "huge string": tiny.whole([tiny.text("k") + struct.pack("<IQ", 8, HUGE), *tiny.PAIRS], ONE, tiny.DATA),
    "huge string array": tiny.whole([tiny.text("k") + struct.pack("<IIQ", 9, 8, HUGE)], ONE, tiny.DATA),
    "huge number array": tiny.whole([tiny.text("k") + struct.pack("<IIQ", 9, 0, HUGE)], ONE, tiny.DATA),
    "nested array": tiny.whole([tiny.text("k") + struct.pack("<IIQ", 9, 9, 0)], ONE, tiny.DATA),
    "unknown value type": tiny.whole([tiny.text("k") + struct.pack("<I", 13)], ONE, tiny.DATA),
    "key twice": tiny.whole([*tiny.PAIRS, tiny.PAIRS[0]], tiny.TENSORS, tiny.DATA),
    "key is not UTF-8": tiny.whole([tiny.text(b"\xff") + b"\7\0\0\0\1", *tiny.PAIRS], ONE, tiny.DATA),
    "template is not UTF-8": tiny.whole(
        [*without("tokenizer.chat_template"), tiny.pair("tokenizer.chat_template", 8, b"\xff")],
        ONE,
        tiny.DATA,
    ),
    "no architecture": tiny.whole(without("general.architecture"), tiny.TENSORS, tiny.DATA),
    "context is text": tiny.whole(
        [*without("qwen2.context_length"), tiny.pair("qwen2.context_length", 8, "4096")], ONE, tiny.DATA
    ),
    "alignment 0": tiny.whole([*tiny.PAIRS, tiny.pair("general.alignment", 4, 0)], ONE, tiny.DATA),
    "alignment 24": tiny.whole([*tiny.PAIRS, tiny.pair("general.alignment", 4, 24)], ONE, tiny.DATA),
    "one piece of several": tiny.whole(
        [*tiny.PAIRS, tiny.pair("split.count", 4, 3)], tiny.TENSORS, tiny.DATA
    ),
    "tensor type withdrawn": tiny.whole(tiny.PAIRS, [tiny.tensor("t", (32,), 4, 0)], tiny.DATA),
    "row is no whole block": tiny.whole(tiny.PAIRS, [tiny.tensor("t", (255, 4), 12, 0)], tiny.DATA),
    "five dimensions": tiny.whole(tiny.PAIRS, [tiny.tensor("t", (1,) * 5, 0, 0)], tiny.DATA),
    "tensor past the end": tiny.whole(tiny.PAIRS, [tiny.tensor("t", (2**40, 2**40), 0, 0)], tiny.DATA),
    "offset past the end": tiny.whole(tiny.PAIRS, [tiny.tensor("t", (1,), 0, 2**63)], tiny.DATA),
    "tensor not aligned": tiny.whole(tiny.PAIRS, [tiny.tensor("t", (1,), 0, 4)], tiny.DATA),
    "tensors overlap": tiny.whole(
        tiny.PAIRS, [tiny.tensor("t", (16,), 0, 0), tiny.tensor("u", (16,), 0, 32)], tiny.DATA
    ),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN.keys())
def test_refuses(write, data):
    with pytest.raises(NotWhole) as raised:
        read(write(data))
    assert "不是完整的 GGUF" in raised.value.what.zh
    assert "is not a whole GGUF" in raised.value.what.en


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    with pytest.raises(NotFound, match=r"gone\.gguf"):
        read(tmp_path / "gone.gguf")
    with pytest.raises(WeightsError):
        read(tmp_path)


def survives(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    for reading in (read, read_vocabulary):
        with contextlib.suppress(MingbaiError):  # any other error fails the test
            reading(path)


hostile = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@hostile
@given(data=st.binary(max_size=400))
def test_random_bytes(tmp_path, data):
    survives(tmp_path / "x.gguf", data)
    survives(tmp_path / "x.gguf", struct.pack("<4sI", b"GGUF", 3) + data)


@hostile
@given(
    changes=st.lists(
        st.tuples(
            st.integers(0, len(tiny.GOOD) - 8),
            st.one_of(
                st.binary(min_size=1, max_size=8), st.sampled_from([b"\xff" * 8, bytes(8), b"\0\0\0\x80"])
            ),
        ),
        min_size=1,
        max_size=4,
    ),
    length=st.integers(len(tiny.GOOD) // 2, len(tiny.GOOD)),
)
def test_mutated_files(tmp_path, changes, length):
    data = bytearray(tiny.GOOD)
    for at, new in changes:
        data[at : at + len(new)] = new
    survives(tmp_path / "x.gguf", bytes(data[:length]))
