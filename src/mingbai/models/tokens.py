"""Text to token ids and back, with the vocabulary of the weight file itself.

Text from people and documents goes through `encode`, which knows no control token: `<|im_end|>` typed by a customer
becomes ordinary pieces. Only `control` gives control tokens, and only the template calls it. No Unicode
normalisation is done (llama.cpp does none either): what was typed is what is read.

Not covered: vocabularies other than byte-level BPE with Qwen2's split rule; they are refused.
"""

from __future__ import annotations

from pathlib import Path

import tiktoken

from mingbai.models.gguf import Vocabulary, read_vocabulary
from mingbai.values.errors import NotWhole, Text

# Qwen2's split rule, as in its published tokenizer.json and in llama.cpp's `qwen2` pre-tokeniser.
QWEN2_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
NORMAL, CONTROL, USER_DEFINED = 1, 3, 4  # token types of GGUF


def _byte_of_sign() -> dict[str, int]:
    """GPT-2's printable stand-ins for the 256 bytes, which byte-level vocabularies are written in."""
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    table = {chr(b): b for b in plain}
    rest = (b for b in range(256) if b not in set(plain))
    return table | {chr(256 + i): b for i, b in enumerate(rest)}


class Tokeniser:
    """The vocabulary of one weight file. Thread-safe; holds about 40 MB."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        if vocabulary.pre != "qwen2":
            raise NotWhole(
                Text(
                    f"不支持的分词方式：{vocabulary.pre!r}。",
                    f"Unsupported tokenisation: {vocabulary.pre!r}.",
                ),
                Text("请用 Qwen2、Qwen2.5 或 Qwen3 的 GGUF。", "Use a GGUF of Qwen2, Qwen2.5 or Qwen3."),
            )
        sign = _byte_of_sign()
        ranks: dict[bytes, int] = {}
        controls: dict[str, int] = {}
        for token, (text, kind) in enumerate(zip(vocabulary.tokens, vocabulary.types, strict=True)):
            if kind == NORMAL:
                ranks[bytes(sign[c] for c in text)] = token
            elif kind in (CONTROL, USER_DEFINED):
                controls[text] = token
        self._controls = controls
        self._coder = tiktoken.Encoding(
            "gguf", pat_str=QWEN2_SPLIT, mergeable_ranks=ranks, special_tokens=controls
        )
        self.size = len(vocabulary.tokens)

    @classmethod
    def of(cls, weights: Path) -> Tokeniser:
        return cls(read_vocabulary(weights))

    def encode(self, text: str) -> list[int]:
        """Token ids of plain text; never a control token."""
        return self._coder.encode_ordinary(text)

    def control(self, name: str) -> int:
        """The id of a control token such as `<|im_end|>`; KeyError if the weights have none of that name."""
        return self._controls[name]

    def text(self, tokens: list[int]) -> str:
        return self._coder.decode(tokens, errors="replace")
