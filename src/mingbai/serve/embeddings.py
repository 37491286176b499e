"""POST /v1/embeddings: the search's own encoder behind OpenAI's shape. One text after the other, off the event loop.

Texts are folded as search folds them (widths, case, Traditional to Simplified), so that vectors from here and vectors in
the index may be compared. Vectors have their one length; they cannot be cut shorter and still mean the same.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Literal, Protocol

from pydantic import Field, ValidationError

from mingbai.serve import errors
from mingbai.serve.schema import WHOLE, Shape
from mingbai.values.errors import BadInput, Busy, ModelNotFound, Text, TooLarge

MODEL = "mingbai-embed"
TEXTS = 2048  # OpenAI's own limit
CHARACTERS = 8_000  # of one text: ten pages; the meaning of more is a blur
WAITING = 32  # requests in line for the one thread


class Encoder(Protocol):
    """What `shop.search.encoder` has; `Vectors` is its array of float32, a row a text."""

    dims: int

    def encode(self, texts: Sequence[str], *, longest: int = ...) -> Rows: ...

    def count(self, texts: Sequence[str]) -> int: ...


class Rows(Protocol):
    def tolist(self) -> list[list[float]]: ...

    def __getitem__(self, row: int, /) -> Row: ...


class Row(Protocol):
    def tobytes(self) -> bytes: ...


OneText = Annotated[str, Field(min_length=1)]


class EmbeddingsRequest(Shape):
    """The body of POST /v1/embeddings. Token ids are not taken: they are of another model's vocabulary."""

    model: Annotated[str, Field(min_length=1, max_length=200)]
    input: OneText | Annotated[list[OneText], Field(min_length=1, max_length=TEXTS)]
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: Annotated[int, Field(ge=1, le=65_536), WHOLE] | None = None
    user: Annotated[str, Field(max_length=512)] | None = None


class Embeddings:
    """The encoder and its one thread. A second would gain nothing: the interpreter is held for most of the work."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="embeddings")
        self._waiting = 0

    async def answer(self, data: bytes) -> dict[str, object]:
        """The reply to a body. Raises what the body is not fit for."""
        body = _parsed(data, self._encoder.dims)
        if self._waiting >= WAITING:
            raise Busy(
                Text("排队已满。", "The queue is full."),
                Text("请稍后再试。", "Try again in a moment."),
                retry_after_seconds=1,
            )
        texts = [body.input] if isinstance(body.input, str) else body.input
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._thread, self._reply, texts, body.encoding_format)
        finally:
            self._waiting -= 1

    def _reply(self, texts: list[str], form: Literal["float", "base64"]) -> dict[str, object]:
        vectors = self._encoder.encode(texts, longest=CHARACTERS)
        written: list[object] = (
            list(vectors.tolist())
            if form == "float"
            else [base64.b64encode(vectors[row].tobytes()).decode() for row in range(len(texts))]
        )
        tokens = self._encoder.count(texts)
        return {
            "object": "list",
            "model": MODEL,
            "data": [{"object": "embedding", "index": n, "embedding": e} for n, e in enumerate(written)],
            "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
        }

    def close(self) -> None:
        self._thread.shutdown(cancel_futures=True)


def _parsed(data: bytes, dims: int) -> EmbeddingsRequest:
    try:
        body = EmbeddingsRequest.model_validate_json(data)
    except ValidationError as e:
        raise errors.from_validation(e) from None
    if body.model != MODEL:
        raise ModelNotFound(
            Text("没有这个向量模型。", "There is no such embedding model."),
            Text(f"可用的有：{MODEL}。", f"Available: {MODEL}."),
            param="model",
        )
    if body.dimensions not in (None, dims):
        raise BadInput(
            Text(
                f"{MODEL} 的向量是 {dims} 维，不能改短。",
                f"Vectors of {MODEL} have {dims} dimensions and cannot be cut.",
            ),
            Text("请去掉 dimensions。", "Leave dimensions out."),
            param="dimensions",
            code="unsupported_parameter",
        )
    texts = [body.input] if isinstance(body.input, str) else body.input
    if any(len(text) > CHARACTERS for text in texts):
        raise TooLarge(
            Text(f"有一段超过 {CHARACTERS} 个字符。", f"A text is over {CHARACTERS} characters."),
            Text("请分段再发。", "Send it in pieces."),
            param="input",
        )
    return body
