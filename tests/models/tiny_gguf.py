"""Writes small but whole GGUF files for tests."""

from __future__ import annotations

import struct

U32, I32, F32, BOOL, STRING, ARRAY, U64 = 4, 5, 6, 7, 8, 9, 10
TEMPLATE = "{% for message in messages %}<|im_start|>{{ message.content }}<|im_end|>{% endfor %}"


def text(words: str | bytes) -> bytes:
    raw = words.encode() if isinstance(words, str) else words
    return struct.pack("<Q", len(raw)) + raw


def value(kind: int, what: object) -> bytes:
    if kind == STRING:
        assert isinstance(what, str | bytes)
        return text(what)
    letter = {U32: "I", I32: "i", F32: "f", BOOL: "?", U64: "Q"}[kind]
    return struct.pack("<" + letter, what)


def pair(key: str, kind: int, what: object) -> bytes:
    return text(key) + struct.pack("<I", kind) + value(kind, what)


def array(key: str, kind: int, items: list[object]) -> bytes:
    head = text(key) + struct.pack("<IIQ", ARRAY, kind, len(items))
    return head + b"".join(value(kind, item) for item in items)


def tensor(name: str, shape: tuple[int, ...], kind: int, offset: int) -> bytes:
    sizes = struct.pack(f"<I{len(shape)}Q", len(shape), *shape)
    return text(name) + sizes + struct.pack("<IQ", kind, offset)


def whole(
    pairs: list[bytes], tensors: list[bytes], data: bytes, *, version: int = 3, align: int = 32
) -> bytes:
    head = struct.pack("<4sIQQ", b"GGUF", version, len(tensors), len(pairs)) + b"".join(pairs + tensors)
    return head + bytes(-len(head) % align) + data


PAIRS = [
    pair("general.architecture", STRING, "qwen2"),
    pair("general.name", STRING, "小模型"),
    pair("general.license", STRING, "apache-2.0"),
    pair("general.file_type", U32, 15),
    pair("qwen2.block_count", U32, 2),
    pair("qwen2.context_length", U32, 4096),
    pair("qwen2.embedding_length", U32, 256),
    pair("qwen2.attention.head_count", U32, 4),
    pair("qwen2.attention.head_count_kv", U32, 2),
    pair("tokenizer.chat_template", STRING, TEMPLATE),
    pair("tokenizer.ggml.model", STRING, "gpt2"),
    pair("tokenizer.ggml.pre", STRING, "qwen2"),
    array("tokenizer.ggml.tokens", STRING, ["a", "Ġb", "ä½ł", "<|im_end|>"]),
    array("tokenizer.ggml.token_type", I32, [1, 1, 1, 3]),
    pair("tokenizer.ggml.bos_token_id", U32, 3),
    pair("tokenizer.ggml.eos_token_id", U32, 3),
]
# 4 tokens: embedding 256 x 4 in Q4_K (144 bytes a row), output the same in Q6_K (210), one norm in F32.
TENSORS = [
    tensor("token_embd.weight", (256, 4), 12, 0),
    tensor("output.weight", (256, 4), 14, 576),
    tensor("output_norm.weight", (256,), 0, 1440),
]
DATA = bytes(range(256)) * 9 + bytes(1440 + 1024 - 9 * 256)
GOOD = whole(PAIRS, TENSORS, DATA)
