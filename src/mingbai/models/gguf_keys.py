"""Typed reading of a GGUF's key/value pairs: a key that is missing or of the wrong type makes the file unusable."""

from __future__ import annotations

from mingbai.models.gguf_walk import STRING, Array, Value, Walk
from mingbai.values.errors import NotWhole, Text


class Keys:
    def __init__(self, walk: Walk, pairs: dict[str, Value]) -> None:
        self._walk = walk
        self._pairs = pairs

    def __contains__(self, key: str) -> bool:
        return key in self._pairs

    def _wrong(self, key: str) -> NotWhole:
        return self._walk.broken(
            Text(f"元数据 {key} 缺失或类型不对", f"metadata {key} is missing or of the wrong type")
        )

    def words(self, key: str, default: str | None = None) -> str:
        match self._pairs.get(key, default):
            case bytes(raw):
                return self._walk.words(raw)
            case str(words):
                return words
            case _:
                raise self._wrong(key)

    def whole(self, key: str, default: int | None = None) -> int:
        """A number that is not negative; of an array of them the largest."""
        value = self._pairs.get(key, default)
        if isinstance(value, Array) and value.kind != STRING:
            value = max(self._walk.numbers(value), default=None)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self._wrong(key)
        return value

    def real(self, key: str) -> float:
        value = self._pairs.get(key)
        if not isinstance(value, float):
            raise self._wrong(key)
        return value

    def token(self, key: str, tokens: int) -> int | None:
        if key not in self:
            return None
        number = self.whole(key)
        if number >= tokens:
            raise self._wrong(key)
        return number

    def strings(self, key: str) -> tuple[str, ...]:
        match self._pairs.get(key):
            case Array(kind=8) as array:
                return tuple(self._walk.strings(array))
            case _:
                raise self._wrong(key)

    def numbers(self, key: str) -> tuple[int, ...]:
        match self._pairs.get(key):
            case Array(kind=4 | 5) as array:  # u32, i32
                return tuple(int(number) for number in self._walk.numbers(array))
            case _:
                raise self._wrong(key)
