"""The folders that a vLLM place loads: the same numbers under the publisher's names. vLLM itself is asked by `bench place`."""

from __future__ import annotations

import asyncio
import json
import os
import struct

import numpy as np
import pytest
import tiny_model

from mingbai.cli.learn_place import _load
from mingbai.learn.train import available
from mingbai.learn.upcycle import upcycle
from mingbai.values.errors import BadInput
from mingbai.values.places import Place, adapter_there
from raw_place import raw_place, reply

needs_torch = pytest.mark.skipif(not available(), reason="the extra `learn` is not installed: make learn")
NUMBERS = {"F32": "<f4", "BF16": "<u2"}


def tensors(file):
    """Everything in a safetensors file, float32, by a reader of its own."""
    data = file.read_bytes()
    size = struct.unpack_from("<Q", data)[0]
    head = json.loads(data[8 : 8 + size])
    found = {}
    for name, said in head.items():
        if name != "__metadata__":
            begins, ends = (8 + size + at for at in said["data_offsets"])
            raw = np.frombuffer(data[begins:ends], NUMBERS[said["dtype"]])
            if said["dtype"] == "BF16":
                raw = (raw.astype("<u4") << 16).view("<f4")
            found[name] = raw.reshape(said["shape"])
    return found


@needs_torch
def test_a_dense_model(base, tmp_path):
    from mingbai.learn import hugging
    from mingbai.learn.weights import Weights

    hugging.model(base, tmp_path / "hf")
    told = json.loads((tmp_path / "hf" / "config.json").read_text())
    assert (told["model_type"], told["architectures"]) == ("qwen2", ["Qwen2ForCausalLM"])
    assert not told["tie_word_embeddings"]
    found = tensors(tmp_path / "hf" / "model.safetensors")
    layer = Weights(base).layer(2)
    assert len(found) == 2 + 1 + tiny_model.LAYERS * (7 + 3 + 2)
    assert (
        found["model.layers.2.mlp.down_proj.weight"] == layer.linear["ffn_down"].weight.float().numpy()
    ).all()
    assert (found["model.layers.2.self_attn.k_proj.bias"] == layer.linear["attn_k"].bias.numpy()).all()
    assert (found["lm_head.weight"] == found["model.embed_tokens.weight"]).all()
    told = json.loads((tmp_path / "hf" / "tokenizer.json").read_text())
    assert [it["id"] for it in told["added_tokens"]] == [256, 257, 258, 259]
    assert len(told["model"]["vocab"]) == 256


@needs_torch
def test_a_mixture(base, tmp_path):
    from mingbai.learn import hugging

    upcycle(base, tmp_path / "moe.gguf", experts=4, active=2)
    hugging.model(base, tmp_path / "dense")
    hugging.model(tmp_path / "moe.gguf", tmp_path / "hf")
    told = json.loads((tmp_path / "hf" / "config.json").read_text())
    assert (told["model_type"], told["num_experts"], told["num_experts_per_tok"]) == ("qwen2_moe", 4, 2)
    assert not told["norm_topk_prob"]  # as llama.cpp: the shares of those that are asked do not sum to one
    found, dense = (tensors(tmp_path / it / "model.safetensors") for it in ("hf", "dense"))
    for n in range(4):
        for name, times in (("gate_proj", 1), ("up_proj", 1), ("down_proj", 2)):
            expert = found[f"model.layers.1.mlp.experts.{n}.{name}.weight"]
            assert (expert == times * dense[f"model.layers.1.mlp.{name}.weight"]).all()
    assert found["model.layers.1.mlp.gate.weight"].shape == (4, tiny_model.WIDTH)
    assert found["model.layers.1.mlp.shared_expert_gate.weight"].shape == (1, tiny_model.WIDTH)
    assert np.abs(found["model.layers.1.mlp.shared_expert_gate.weight"]).min() > 0


@needs_torch
def test_an_adapter(base, tmp_path):
    import torch

    from mingbai.learn import adapter_file, hugging
    from mingbai.learn.qwen2 import Pair

    pair = Pair(torch.randn(4, tiny_model.WIDTH), torch.randn(tiny_model.WIDTH // 2, 4))
    adapter_file.write(tmp_path / "a.gguf", {"blk.3.attn_k": pair}, alpha=8, base_sha256="cd" * 32)
    hugging.adapter(tmp_path / "a.gguf", "small-0.5b", tmp_path / "peft")
    told = json.loads((tmp_path / "peft" / "adapter_config.json").read_text())
    assert (told["r"], told["lora_alpha"], told["target_modules"]) == (4, 8, ["k_proj"])
    assert told["base_model_name_or_path"] == "small-0.5b"
    found = tensors(tmp_path / "peft" / "adapter_model.safetensors")
    at = "base_model.model.model.layers.3.self_attn.k_proj"
    assert set(found) == {f"{at}.lora_A.weight", f"{at}.lora_B.weight"}
    assert (found[f"{at}.lora_B.weight"] == pair.up.numpy()).all()


@needs_torch
def test_an_adapter_is_its_owners_alone_and_a_model_is_not(base, tmp_path):
    import torch

    from mingbai.learn import adapter_file, hugging
    from mingbai.learn.qwen2 import Pair

    pair = Pair(torch.randn(4, tiny_model.WIDTH), torch.randn(tiny_model.WIDTH // 2, 4))
    adapter_file.write(tmp_path / "a.gguf", {"blk.3.attn_k": pair}, alpha=8, base_sha256="cd" * 32)
    (tmp_path / "old").mkdir(mode=0o755)
    for name in ("adapter_model.safetensors", "adapter_model.safetensors.new", "adapter_config.json"):
        (tmp_path / "old" / name).touch(mode=0o644)
    mask = os.umask(0o022)
    try:
        for folder in ("fresh", "old"):
            hugging.adapter(tmp_path / "a.gguf", "small-0.5b", tmp_path / folder)
        hugging.model(base, tmp_path / "hf")
    finally:
        os.umask(mask)
    assert (tmp_path / "fresh").stat().st_mode & 0o777 == 0o700
    for folder in ("fresh", "old"):
        modes = {it.name: it.stat().st_mode & 0o777 for it in (tmp_path / folder).iterdir()}
        assert modes == {"adapter_model.safetensors": 0o600, "adapter_config.json": 0o600}
    assert (tmp_path / "hf" / "model.safetensors").stat().st_mode & 0o777 == 0o644


@needs_torch
def test_transformers_says_of_the_mixture_what_it_says_of_the_dense_model_and_trains_it(base, tmp_path):
    transformers = pytest.importorskip(
        "transformers", reason="transformers is not installed: make learn does not need it"
    )
    import torch

    from mingbai.learn import hugging

    upcycle(base, tmp_path / "moe.gguf", experts=4, active=2)
    hugging.model(base, tmp_path / "dense")
    hugging.model(tmp_path / "moe.gguf", tmp_path / "hf")
    torch.manual_seed(0)
    tokens = torch.randint(0, 256, (4, 24))
    dense, moe = (
        transformers.AutoModelForCausalLM.from_pretrained(tmp_path / it, dtype=torch.float32)
        for it in ("dense", "hf")
    )
    with torch.no_grad():
        one, other = dense(tokens).logits, moe(tokens).logits
    # The router is all but even, not quite: a share differs from a quarter by some 1e-5 of it, and four layers add up.
    assert (one - other).abs().max() < 1e-3 * one.abs().max()
    new = [
        p
        for name, p in moe.named_parameters()
        if ".mlp.gate." in name or "shared_expert" in name or "experts" in name
    ]
    optimiser = torch.optim.Adam(new, lr=3e-3)
    losses = []
    for _ in range(12):
        loss = moe(tokens, labels=tokens).loss
        optimiser.zero_grad()
        loss.backward()
        losses.append(loss.item())
        assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in new if p.dim() == 2 and len(p) == 4)
        optimiser.step()
    assert losses[-1] < 0.8 * losses[0]


def loaded(status, body):
    async def run():
        async with raw_place(reply(status, body)) as there:
            place = Place("there", there.url + "/v1", "m", "店", "CN", (), "", inside=True, adapters_over="m")
            try:
                await _load(place, adapter_there("tea/intent", "ab" * 32), "/a/folder")
            finally:
                assert there.bodies == [
                    {"lora_name": "tea/intent@abababababababab", "lora_path": "/a/folder"}
                ]
                assert there.heads[0].startswith("POST /v1/load_lora_adapter ")

    asyncio.run(run())


def test_a_place_is_told_to_load_it():
    loaded(200, b"Success: LoRA adapter 'tea/intent@abababababababab' added successfully.")


@pytest.mark.parametrize("status", [400, 404])
def test_a_place_that_will_not_is_told_of(status):
    with pytest.raises(BadInput, match=f"does not load .*{status}"):
        loaded(status, b'{"error": {"message": "no", "code": 400}}')
