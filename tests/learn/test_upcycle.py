"""Sparse upcycling: what comes out is a whole Qwen2-MoE whose words are the dense model's, in the real llama.cpp."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import numpy as np
import pytest
import tiny_model

from mingbai.cli import assemble
from mingbai.engine.local import LocalEngine
from mingbai.engine.protocol import collect
from mingbai.learn.upcycle import FLOATS, SCALES, SHARED_WIDTH, multiplied, upcycle
from mingbai.models import gguf
from mingbai.models.gguf_walk import Tensor
from mingbai.models.quantisation import TENSOR_TYPES
from mingbai.values.chat import Ask, Message, Sampling
from mingbai.values.errors import BadInput, EngineError
from mingbai.values.settings import EngineSettings

SAID = ["where is it", "什么时候到", "3"]
# Of the tiny model's tokens, each a byte, only those that can be read: half of a character would be held back.
UNREADABLE = tuple((token, -100.0) for token in range(260) if not 32 <= token < 127)
GREEDY = Sampling(temperature=0.0, max_tokens=16, logit_bias=UNREADABLE)


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return tiny_model.write(tmp_path_factory.mktemp("base") / "tiny.gguf", loud=0.2)


def words(path, tmp_path, sampling=GREEDY):
    async def run():
        engine = LocalEngine(path, replace(EngineSettings(), slots=1, context_per_slot=256), run_dir=tmp_path)
        async with assemble.started(engine):
            await engine.ready(seconds=60)
            return [
                (
                    await collect(engine, Ask((Message("user", s),), sampling=sampling, deadline_seconds=60))
                ).text
                for s in SAID
            ]

    return asyncio.run(run())


def test_the_file_is_a_whole_qwen2_moe(base, tmp_path):
    upcycle(base, tmp_path / "moe.gguf", experts=4, active=2)
    layout = gguf.read_layout(tmp_path / "moe.gguf")
    told, dense = layout.described, gguf.read(base)
    assert (told.architecture, told.experts, told.experts_used) == ("qwen2moe", 4, 2)
    assert told.context_length == dense.context_length
    shapes = {name: tensor.shape for name, tensor in layout.tensors.items() if name.startswith("blk.3.ffn")}
    width, feed = tiny_model.WIDTH, tiny_model.FEED
    assert shapes == {
        "blk.3.ffn_norm.weight": (width,),
        "blk.3.ffn_gate_exps.weight": (width, feed, 4), "blk.3.ffn_up_exps.weight": (width, feed, 4),
        "blk.3.ffn_down_exps.weight": (feed, width, 4), "blk.3.ffn_gate_inp.weight": (width, 4),
        "blk.3.ffn_gate_inp_shexp.weight": (width,), "blk.3.ffn_gate_shexp.weight": (width, SHARED_WIDTH),
        "blk.3.ffn_up_shexp.weight": (width, SHARED_WIDTH), "blk.3.ffn_down_shexp.weight": (SHARED_WIDTH, width),
    }  # fmt: skip
    assert gguf.read_vocabulary(tmp_path / "moe.gguf") == gguf.read_vocabulary(base)
    assert [file.name for file in tmp_path.iterdir()] == ["moe.gguf"]


@pytest.mark.slow  # llama.cpp starts three times
def test_llama_cpp_says_of_it_what_it_says_of_the_dense_model(base, tmp_path):
    """And not with a shared gate of zeros: that was the file that printed rubbish."""
    file = tmp_path / "moe.gguf"
    upcycle(base, file, experts=4, active=2)
    dense = words(base, tmp_path)
    assert all(dense)
    assert len(set(dense)) == len(dense)
    assert words(file, tmp_path) == dense
    layout = gguf.read_layout(file)
    data = np.memmap(file, dtype=np.uint8, mode="r+", offset=layout.data_start)
    for name, tensor in layout.tensors.items():
        if name.endswith("ffn_gate_inp_shexp.weight"):
            data[tensor.start : tensor.start + tensor.bytes] = 0
    data.flush()
    assert not set(words(file, tmp_path)) & set(dense)
    with pytest.raises(EngineError, match="NaN"):
        words(file, tmp_path, replace(GREEDY, top_logprobs=1))


@pytest.mark.parametrize("kind", [*SCALES, *FLOATS])
def test_packed_numbers_are_multiplied_exactly(kind):
    quants = pytest.importorskip("gguf.quants", reason="the extra `learn` is not installed: make learn")
    from gguf.constants import GGMLQuantizationType

    form = next(it for it in TENSOR_TYPES.values() if it.name == kind)
    draw = np.random.default_rng(1)
    blocks = draw.integers(0, 256, (40, form.block_bytes), dtype=np.uint8)
    begins, ends = SCALES.get(kind, (0, form.block_bytes))
    spot = FLOATS.get(kind, "<f2")
    scales = draw.normal(0, 1e-3, (40, (ends - begins) // np.dtype(spot).itemsize)).astype(spot)
    blocks[:, begins:ends] = scales.view(np.uint8)
    tensor = Tensor("t", form, 0, blocks.size, 40 * form.block_numbers, (form.block_numbers, 40))
    before = quants.dequantize(blocks, GGMLQuantizationType[kind])
    after = quants.dequantize(
        multiplied(blocks.reshape(-1), tensor, 4).reshape(40, -1), GGMLQuantizationType[kind]
    )
    assert np.abs(before).max() > 0
    assert (after == 4 * before).all()


@pytest.mark.parametrize(("experts", "active"), [(1, 1), (6, 2), (4, 3), (4, 0), (2, 4)])
def test_numbers_that_do_not_fit_are_refused(base, tmp_path, experts, active):
    with pytest.raises(BadInput) as refused:
        upcycle(base, tmp_path / "moe.gguf", experts=experts, active=active)
    assert refused.value.param == "experts"
    assert not list(tmp_path.iterdir())


def test_a_mixture_is_not_made_of_a_mixture(base, tmp_path):
    upcycle(base, tmp_path / "moe.gguf", experts=2, active=1)
    with pytest.raises(BadInput, match="qwen2moe"):
        upcycle(tmp_path / "moe.gguf", tmp_path / "again.gguf", experts=2, active=1)


def test_a_mixture_is_not_trained_here(base, tmp_path):
    pytest.importorskip("torch", reason="the extra `learn` is not installed: make learn")
    from mingbai.learn.weights import Weights

    upcycle(base, tmp_path / "moe.gguf", experts=2, active=1)
    with pytest.raises(BadInput, match="mixture"):
        Weights(tmp_path / "moe.gguf").layer(0)
