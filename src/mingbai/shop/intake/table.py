"""A strict reader of profile files: what is unknown, missing or of the wrong type is refused by name."""

from __future__ import annotations

from collections.abc import Mapping

from mingbai.values.errors import SettingsError, Text


class Keys:
    """A TOML table that is emptied as it is read, so that what nobody asked for can be named."""

    def __init__(self, values: Mapping[str, object], where: str) -> None:
        self.where = where
        self._left = dict(values)

    def take(self, name: str) -> object:
        return self._left.pop(name, None)

    def word(self, name: str, default: str = "") -> str:
        value = self.take(name)
        if value is None:
            return default
        if not isinstance(value, str):
            raise self.refused(name, Text("应为文字", "it must be a string"))
        return value

    def flag(self, name: str, default: bool) -> bool:
        value = self.take(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.refused(name, Text("应为 true 或 false", "it must be true or false"))
        return value

    def words(self, name: str) -> tuple[str, ...]:
        """One string counts as a list of one."""
        value = self.take(name)
        if value is None:
            return ()
        listed = value if isinstance(value, list) else [value]
        if not all(isinstance(item, str) for item in listed):
            raise self.refused(name, Text("应为文字或文字的列表", "it must be a string or a list of strings"))
        return tuple(listed)

    def pairs(self, name: str) -> dict[str, str]:
        value = self.take(name)
        if value is None:
            return {}
        if not isinstance(value, dict) or not all(isinstance(word, str) for word in value.values()):
            raise self.refused(name, Text("应为文字的表", "it must be a table of strings"))
        return dict(value)

    def left(self) -> dict[str, object]:
        left, self._left = self._left, {}
        return left

    def end(self) -> None:
        for name in self._left:
            raise self.refused(name, Text("没有这个键", "there is no such key"))

    def refused(self, name: str, why: Text) -> SettingsError:
        return SettingsError(
            Text(
                f"导入档案 {self.where}：{name} {why.zh}。", f"Import profile {self.where}: {name}: {why.en}."
            ),
            Text("请改正这个文件，或删掉它。", "Mend that file, or delete it."),
        )
