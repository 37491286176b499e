"""What a GGUF file says about itself, and whether the file is whole.

`read` for everything but the vocabulary; `read_vocabulary` when tokens are needed; `read_layout` for whoever goes on to read
the weights themselves. None of them loads a weight. Not covered:
the weights' values; only the digest in the catalogue tells whether they are the published ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from mingbai.models.gguf_keys import Keys
from mingbai.models.gguf_walk import Tensor, Value, Walk
from mingbai.models.quantisation import FILE_TYPE_GUESSED, FILE_TYPES
from mingbai.values.errors import NotFound, Text, WeightsError

_MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_SMALLEST_ENTRY_BYTES = 13  # a key/value pair: length, type, one byte; a tensor takes more


@dataclass(frozen=True, slots=True)
class Gguf:
    """Sizes are in bytes; `head_count_kv` is the largest one where layers differ."""

    architecture: str
    name: str
    context_length: int
    quantisation: str
    chat_template: str = field(repr=False)
    block_count: int
    embedding_length: int
    head_count: int
    head_count_kv: int
    key_length: int  # of one head
    value_length: int
    parameters: int  # counted; an untied output matrix counts although papers often leave it out
    licence: str  # as the file says; "" when it says nothing
    size_bytes: int
    tensors_bytes: int
    token_embedding_bytes: int
    output_bytes: int  # 0: the token embedding is also the output matrix
    expert_bytes: int  # 0 for a dense model
    experts: int
    experts_used: int

    @property
    def kv_bytes_per_token(self) -> int:
        """With keys and values in 16 bits."""
        return 2 * self.block_count * self.head_count_kv * (self.key_length + self.value_length)

    @property
    def read_bytes_per_token(self) -> int:
        """Weights that one decoded token must read: of a lone embedding one row, of the experts those in use."""
        read = self.tensors_bytes
        if self.output_bytes:
            read -= self.token_embedding_bytes
        if self.experts > self.experts_used > 0:
            read -= self.expert_bytes * (self.experts - self.experts_used) // self.experts
        return read


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each tensor lies, and the numbers that arithmetic over them needs. Byte `data_start` of the file is a tensor's 0."""

    described: Gguf
    data_start: int
    tensors: Mapping[str, Tensor] = field(repr=False)
    feed_forward_length: int
    rope_base: float
    norm_epsilon: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`types`: 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte (llama.cpp's numbers).

    With `model` "gpt2" the tokens are in GPT-2's alphabet, where each character stands for one byte.
    """

    tokens: tuple[str, ...] = field(repr=False)
    types: tuple[int, ...] = field(repr=False)
    model: str
    pre: str
    bos: int | None
    eos: int | None


def read(path: Path) -> Gguf:
    """Raises NotFound, or NotWhole unless header and every tensor's last byte are there."""
    with _opened(path) as walk:
        keys, tensors, _ = _whole(walk)
        return _described(keys, tensors, walk.size)


def read_layout(path: Path) -> Layout:
    """Raises as `read` does, and NotWhole where it is not a model whose arithmetic could be done (an adapter, say)."""
    with _opened(path) as walk:
        keys, tensors, data_start = _whole(walk)
        described = _described(keys, tensors, walk.size)
        architecture = described.architecture
        return Layout(
            described=described,
            data_start=data_start,
            tensors={tensor.name: tensor for tensor in tensors},
            feed_forward_length=keys.whole(f"{architecture}.feed_forward_length"),
            rope_base=keys.real(f"{architecture}.rope.freq_base"),
            norm_epsilon=keys.real(f"{architecture}.attention.layer_norm_rms_epsilon"),
        )


def read_vocabulary(path: Path) -> Vocabulary:
    """About 0.15 s for Qwen2.5's 151,936 tokens. The tensors are not looked at."""
    with _opened(path) as walk:
        _, pairs = _pairs(walk)
        keys = Keys(walk, pairs)
        tokens = keys.strings("tokenizer.ggml.tokens")
        # Without types nobody can say which tokens are control tokens, so customers' text could become one.
        types = keys.numbers("tokenizer.ggml.token_type")
        if len(types) != len(tokens):
            raise walk.broken(
                Text(
                    f"词表有 {len(tokens)} 个词，却有 {len(types)} 个类型",
                    f"its vocabulary has {len(tokens)} tokens and {len(types)} types",
                )
            )
        return Vocabulary(
            tokens=tokens,
            types=types,
            model=keys.words("tokenizer.ggml.model"),
            pre=keys.words("tokenizer.ggml.pre", ""),
            bos=keys.token("tokenizer.ggml.bos_token_id", len(tokens)),
            eos=keys.token("tokenizer.ggml.eos_token_id", len(tokens)),
        )


@contextmanager
def _opened(path: Path) -> Iterator[Walk]:
    try:
        with path.open("rb") as file:
            yield Walk(file, path)
    except FileNotFoundError:
        raise NotFound(
            Text(f"没有文件 {path}。", f"There is no file {path}."),
            Text("检查路径，或运行 mingbai models pull。", "Check the path, or run: mingbai models pull"),
        ) from None
    except OSError as error:
        raise WeightsError(
            Text(f"读不了 {path}：{error.strerror}。", f"Cannot read {path}: {error.strerror}."),
            Text("检查它是不是文件、能不能读。", "Check that it is a file and may be read."),
        ) from None


def _pairs(walk: Walk) -> tuple[int, dict[str, Value]]:
    """The number of tensors and all key/value pairs; leaves the walk at the first tensor's description."""
    if walk.size < len(_MAGIC) or walk.take(len(_MAGIC)) != _MAGIC:
        raise walk.broken(Text("开头不是 GGUF", "it does not begin with GGUF"))
    version = walk.u32()
    if version not in _VERSIONS:
        raise walk.broken(
            Text(
                f"版本 {version} 不受支持（可能是大端序文件）",
                f"version {version} is not supported (perhaps a big-endian file)",
            )
        )
    tensor_count, pair_count = walk.u64(), walk.u64()
    walk.room_for(tensor_count + pair_count, _SMALLEST_ENTRY_BYTES)
    pairs: dict[str, Value] = {}
    for _ in range(pair_count):
        key = walk.key()
        if key in pairs:
            raise walk.broken(Text(f"键 {key[:80]} 出现两次", f"key {key[:80]} appears twice"))
        pairs[key] = walk.value()
    return tensor_count, pairs


def _whole(walk: Walk) -> tuple[Keys, list[Tensor], int]:
    """The header of a file that is not cut anywhere, and where its tensors' data begins."""
    tensor_count, pairs = _pairs(walk)
    tensors = [walk.tensor() for _ in range(tensor_count)]
    if not tensors:
        raise walk.broken(Text("没有任何张量", "it holds no tensors"))
    keys = Keys(walk, pairs)
    pieces = keys.whole("split.count", 1)
    if pieces > 1:
        raise walk.broken(
            Text(
                f"它只是 {pieces} 个分片之一，请先用 llama-gguf-split --merge 合并",
                f"it is one of {pieces} pieces; join them with llama-gguf-split --merge",
            )
        )
    return keys, tensors, _check_tensors(walk, tensors, keys.whole("general.alignment", 32))


def _check_tensors(walk: Walk, tensors: list[Tensor], alignment: int) -> int:
    """Every tensor lies inside the file, aligned, and none over another. Where the first begins."""
    if alignment < 1 or alignment & (alignment - 1):
        raise walk.broken(
            Text(f"对齐值 {alignment} 不是 2 的幂", f"alignment {alignment} is no power of two")
        )
    data_start = (walk.at + alignment - 1) // alignment * alignment
    free_from = 0
    for tensor in sorted(tensors, key=lambda tensor: (tensor.start, tensor.bytes)):
        if tensor.start % alignment or tensor.start < free_from:
            raise walk.broken(
                Text(f"张量 {tensor.name[:80]} 的位置不对", f"tensor {tensor.name[:80]} is misplaced")
            )
        free_from = tensor.start + tensor.bytes
        if data_start + free_from > walk.size:
            raise walk.broken(
                Text(
                    f"张量 {tensor.name[:80]} 应到第 {data_start + free_from} 字节，而文件只有 {walk.size} 字节",
                    f"tensor {tensor.name[:80]} should end at byte {data_start + free_from}, the file has {walk.size}",
                )
            )
    return data_start


def _described(keys: Keys, tensors: list[Tensor], size_bytes: int) -> Gguf:
    architecture = keys.words("general.architecture")
    embedding = keys.whole(f"{architecture}.embedding_length")
    heads = keys.whole(f"{architecture}.attention.head_count")
    head_length = embedding // heads if heads else 0
    experts = keys.whole(f"{architecture}.expert_count", 0)
    sizes = {tensor.name: tensor.bytes for tensor in tensors}
    return Gguf(
        architecture=architecture,
        name=keys.words("general.name", ""),
        context_length=keys.whole(f"{architecture}.context_length"),
        quantisation=_quantisation(keys, tensors),
        chat_template=keys.words("tokenizer.chat_template", ""),
        block_count=keys.whole(f"{architecture}.block_count"),
        embedding_length=embedding,
        head_count=heads,
        head_count_kv=keys.whole(f"{architecture}.attention.head_count_kv", heads),
        key_length=keys.whole(f"{architecture}.attention.key_length", head_length),
        value_length=keys.whole(f"{architecture}.attention.value_length", head_length),
        parameters=sum(tensor.numbers for tensor in tensors),
        licence=keys.words("general.license", ""),
        size_bytes=size_bytes,
        tensors_bytes=sum(tensor.bytes for tensor in tensors),
        token_embedding_bytes=sizes.get("token_embd.weight", 0),
        output_bytes=sizes.get("output.weight", 0),
        expert_bytes=sum(tensor.bytes for tensor in tensors if "_exps." in tensor.name),
        experts=experts,
        experts_used=keys.whole(f"{architecture}.expert_used_count", 0),
    )


def _quantisation(keys: Keys, tensors: list[Tensor]) -> str:
    """The mix the converter wrote down; where it wrote none, the type that holds the most bytes."""
    if "general.file_type" in keys:
        known = FILE_TYPES.get(keys.whole("general.file_type") % FILE_TYPE_GUESSED)
        if known:
            return known
    held: dict[str, int] = {}
    for tensor in tensors:
        held[tensor.type.name] = held.get(tensor.type.name, 0) + tensor.bytes
    return max(held, key=lambda name: held[name])
