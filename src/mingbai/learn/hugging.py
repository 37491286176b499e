"""A GGUF, and an adapter over it, as the folders that vLLM and transformers serve: config, tokeniser, weights; peft.

The numbers are those that serve here, unpacked: the input embedding and the output matrix are each written as they are
packed, so the folder says `tie_word_embeddings: false` though Qwen2.5 was published with one for both. One layer is in
memory at a time. Qwen2, and Qwen2-MoE as `upcycle` makes it. What was learned from persons is readable to its owner alone, as at home.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from mingbai.learn import safetensors
from mingbai.learn.safetensors import Piece
from mingbai.learn.weights import Weights
from mingbai.models import gguf, gguf_write
from mingbai.values.errors import BadInput, Text

NAMES = {
    "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj", "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
    "attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm", "ffn_gate_inp": "mlp.gate",
    "ffn_gate_inp_shexp": "mlp.shared_expert_gate", "ffn_gate_shexp": "mlp.shared_expert.gate_proj",
    "ffn_up_shexp": "mlp.shared_expert.up_proj", "ffn_down_shexp": "mlp.shared_expert.down_proj",
}  # fmt: skip
OUTSIDE = {
    "token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head",
}  # fmt: skip
EACH = {"ffn_gate_exps": "gate_proj", "ffn_up_exps": "up_proj", "ffn_down_exps": "down_proj"}
# As in Qwen2Tokenizer of transformers 5: how text is cut before pairs of bytes are joined.
CUT = r"""(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"""
NORMAL, CONTROL, USER_DEFINED = 1, 3, 4  # llama.cpp's kinds of tokens
PLACED = re.compile(r"blk\.([0-9]+)\.([a-z_]+)(?:\.(weight|bias))?")


def model(base: Path, folder: Path) -> None:
    """Raises `BadInput` for a model of another family."""
    weights = Weights(base)
    folder.mkdir(parents=True, exist_ok=True)
    safetensors.write(folder / "model.safetensors", list(_pieces(weights)))
    _tokeniser(base, weights.described.chat_template, folder)
    _json(folder / "config.json", _config(base, weights))


def adapter(file: Path, base: str, folder: Path) -> None:
    """`file` is an adapter that `learn` wrote over the weights of that name. A folder that is there already keeps its mode."""
    from mingbai.learn import adapter_file

    pairs = adapter_file.read(file)
    pieces, targets = [], set()
    for name, pair in pairs.items():
        match = PLACED.fullmatch(name)
        if match is None or match[2] not in NAMES or pair.down.dim() != 2:
            raise BadInput(
                Text(f"适配器的 {name} 在 peft 里没有名字。", f"{name} of the adapter has no name in peft."),
                Text("请用稠密底模的适配器。", "Use an adapter over a dense base."),
                param="adapter",
            )
        targets.add(NAMES[match[2]].rpartition(".")[2])
        at = f"base_model.model.model.layers.{match[1]}.{NAMES[match[2]]}"
        for letter, matrix in (("A", pair.down), ("B", pair.up)):
            pieces.append(
                Piece(f"{at}.lora_{letter}.weight", tuple(matrix.shape), partial(_itself, matrix), "F32")
            )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    safetensors.write(folder / "adapter_model.safetensors", pieces, 0o600)
    said = {
        "peft_type": "LORA", "task_type": "CAUSAL_LM", "r": len(next(iter(pairs.values())).down), "lora_alpha": adapter_file.alpha(file),
        "target_modules": sorted(targets), "lora_dropout": 0.0, "bias": "none", "base_model_name_or_path": base,
        "inference_mode": True,
    }  # fmt: skip
    _json(folder / "adapter_config.json", said)
    (folder / "adapter_config.json").chmod(0o600)


def _itself(matrix: Any) -> Any:
    return matrix


def _pieces(weights: Weights) -> Iterator[Piece]:
    tensors = weights.layout.tensors
    for name, tensor in tensors.items():
        shape = tensor.shape[::-1]
        kind = "F32" if len(shape) == 1 else "BF16"
        at = PLACED.fullmatch(name)
        if at is None:
            yield Piece(
                f"{OUTSIDE[name.removesuffix('.weight')]}.weight",
                shape,
                partial(_shaped, weights, name, shape),
                kind,
            )
        elif at[2] in EACH:
            for n in range(shape[0]):
                yield Piece(
                    f"model.layers.{at[1]}.mlp.experts.{n}.{EACH[at[2]]}.weight", shape[1:],
                    partial(weights.rows, name, n * shape[1], (n + 1) * shape[1]),
                )  # fmt: skip
        else:
            shape = (1, *shape) if at[2] == "ffn_gate_inp_shexp" else shape
            yield Piece(
                f"model.layers.{at[1]}.{NAMES[at[2]]}.{at[3]}",
                shape,
                partial(_shaped, weights, name, shape),
                kind,
            )
    if "output.weight" not in tensors:
        yield Piece("lm_head.weight", tensors["token_embd.weight"].shape[::-1], weights.head)


def _shaped(weights: Weights, name: str, shape: tuple[int, ...]) -> Any:
    return (weights.rows(name) if len(shape) > 1 and shape[0] > 1 else weights.vector(name)).reshape(shape)


def _config(base: Path, weights: Weights) -> dict[str, Any]:
    d, mixed = weights.described, weights.described.experts > 0
    vocabulary = gguf.read_vocabulary(base)
    said = {
        "architectures": ["Qwen2MoeForCausalLM" if mixed else "Qwen2ForCausalLM"],
        "model_type": "qwen2_moe" if mixed else "qwen2",
        "vocab_size": weights.layout.tensors["token_embd.weight"].shape[1], "hidden_size": d.embedding_length,
        "intermediate_size": weights.layout.feed_forward_length, "num_hidden_layers": d.block_count,
        "num_attention_heads": d.head_count, "num_key_value_heads": d.head_count_kv, "hidden_act": "silu",
        "max_position_embeddings": d.context_length, "rms_norm_eps": weights.layout.norm_epsilon,
        "rope_theta": weights.layout.rope_base,
        "rope_parameters": {"rope_type": "default", "rope_theta": weights.layout.rope_base},
        "tie_word_embeddings": False, "use_sliding_window": False, "attention_dropout": 0.0,
        "bos_token_id": vocabulary.bos, "eos_token_id": vocabulary.eos, "dtype": "bfloat16", "torch_dtype": "bfloat16",
    }  # fmt: skip
    if mixed:
        said |= {
            "num_experts": d.experts, "num_experts_per_tok": d.experts_used, "norm_topk_prob": False,
            "moe_intermediate_size": weights.layout.tensors["blk.0.ffn_gate_exps.weight"].shape[1],
            "shared_expert_intermediate_size": weights.layout.tensors["blk.0.ffn_gate_shexp.weight"].shape[1],
            "decoder_sparse_step": 1, "mlp_only_layers": [], "qkv_bias": True,
        }  # fmt: skip
    return said


def _tokeniser(base: Path, chat_template: str, folder: Path) -> None:
    """tokenizer.json in the form that `tokenizers` reads."""
    vocabulary = gguf.read_vocabulary(base)
    marks = {
        n: token
        for n, token in enumerate(vocabulary.tokens)
        if vocabulary.types[n] in (CONTROL, USER_DEFINED)
    }
    added = [
        {
            "id": n, "content": token, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False,
            "special": vocabulary.types[n] == CONTROL,
        }
        for n, token in marks.items()
    ]  # fmt: skip
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False}
    cut = {"type": "Split", "pattern": {"Regex": CUT}, "behavior": "Isolated", "invert": False}
    said = {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": added, "normalizer": {"type": "NFC"},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [cut, byte_level]},
        "post_processor": byte_level, "decoder": byte_level,
        "model": {
            "type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": "", "end_of_word_suffix": "",
            "fuse_unk": False, "byte_fallback": False, "ignore_merges": False,
            # The unused ones would push the marks to other numbers: these are counted on from the vocabulary's end.
            "vocab": {token: n for n, token in enumerate(vocabulary.tokens) if vocabulary.types[n] == NORMAL},
            "merges": _merges(gguf_write.pairs(base)["tokenizer.ggml.merges"]),
        },
    }  # fmt: skip
    _json(folder / "tokenizer.json", said)
    end = None if vocabulary.eos is None else vocabulary.tokens[vocabulary.eos]
    settings = {
        "tokenizer_class": "Qwen2Tokenizer", "add_prefix_space": False, "add_bos_token": False, "bos_token": None,
        "eos_token": end, "pad_token": end if vocabulary.bos is None else vocabulary.tokens[vocabulary.bos],
        "unk_token": None, "clean_up_tokenization_spaces": False, "errors": "replace", "split_special_tokens": False,
        "model_max_length": 32768, "chat_template": chat_template,
    }  # fmt: skip
    _json(folder / "tokenizer_config.json", settings)


def _merges(value: bytes) -> list[str]:
    """An array of strings as it stands in the file: type, type of each, how many, then length and bytes."""
    count, at = struct.unpack_from("<Q", value, 8)[0], 16
    found = []
    for _ in range(count):
        end = at + 8 + struct.unpack_from("<Q", value, at)[0]
        found.append(value[at + 8 : end].decode())
        at = end
    return found


def _json(file: Path, said: object) -> None:
    file.write_text(json.dumps(said, ensure_ascii=False, indent=1), encoding="utf-8")
