"""A strict reader of TOML tables: what is unknown, missing or of the wrong type is refused by name."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from mingbai.values.errors import SettingsError, Text

_T = TypeVar("_T")
_ANY = re.compile(r".*", re.DOTALL)


class Table:
    """A TOML table that is emptied as it is read, so that what nobody asked for can be named."""

    def __init__(self, values: object, where: str) -> None:
        if not isinstance(values, dict):
            raise refused(where, Text("应为一个表", "it must be a table"))
        self.where = where
        self._left: dict[str, object] = dict(values)

    def names(self) -> tuple[str, ...]:
        return tuple(self._left)

    def end(self) -> None:
        if self._left:
            name = next(iter(self._left))
            raise refused(self.where, Text(f"未知的键 {name}", f"unknown key {name}"))

    def table(self, name: str) -> Table:
        """A missing table is an empty one."""
        return Table(self._left.pop(name, {}), f"{self.where} › {name}")

    def tables(self, name: str) -> list[Table]:
        items = self._taken(name, lambda value: value if isinstance(value, list) and value else None)
        return [Table(item, f"{self.where} › {name}") for item in items]

    def word(self, name: str, form: re.Pattern[str] = _ANY) -> str:
        return self._taken(
            name, lambda value: value if isinstance(value, str) and form.fullmatch(value) else None
        )

    def words(self, name: str) -> tuple[str, ...]:
        items = self._taken(name, lambda value: value if isinstance(value, list) else None)
        if not all(isinstance(item, str) for item in items):
            raise refused(self.where, Text(f"{name} 应为文字列表", f"{name} must be a list of strings"))
        return tuple(items)

    def count(self, name: str) -> int:
        """A whole number, zero or more."""
        return self._taken(name, lambda value: value if type(value) is int and value >= 0 else None)

    def _taken(self, name: str, fitting: Callable[[object], _T | None]) -> _T:
        if name not in self._left:
            raise refused(self.where, Text(f"缺少 {name}", f"{name} is missing"))
        value = self._left.pop(name)
        fit = fitting(value)
        if fit is None:
            raise refused(
                self.where,
                Text(f"{name} 的值不能用：{value!r:.100}", f"{name} cannot be used: {value!r:.100}"),
            )
        return fit


def refused(where: str, why: Text) -> SettingsError:
    return SettingsError(
        Text(f"模型目录 {where}：{why.zh}。", f"Model catalogue {where}: {why.en}."),
        Text("请改正该文件。", "Mend that file."),
    )
