"""What the owner sets while the service runs, in a small file of the home each: written whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

from mingbai.values.errors import SettingsError, StorageError, Text
from mingbai.values.json import JsonObject

T = TypeVar("T")


class Owned(Generic[T]):
    """The value in force. Read once, when it is made; raises `SettingsError` for a file that is not of its form."""

    def __init__(
        self, path: Path, default: T, read: Callable[[JsonObject], T], write: Callable[[T], JsonObject]
    ) -> None:
        self._path, self._write, self._lock = path, write, Lock()
        try:
            self._value = read(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else default
        except (ValueError, KeyError, TypeError, AttributeError) as e:
            raise SettingsError(
                Text(f"{path.name} 不能用：{e}。", f"{path.name} cannot be used: {e}."),
                Text(
                    "在办公室页面重新保存，或删掉这个文件。",
                    "Save it again in the office, or delete the file.",
                ),
            ) from None

    def __call__(self) -> T:
        return self._value

    def set(self, value: T) -> None:
        """In force, and on the disk, when this returns. Blocks."""
        fresh = self._path.with_name(f".{self._path.name}.new")
        with self._lock:
            try:
                file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
                try:
                    os.write(file, json.dumps(self._write(value), ensure_ascii=False, indent=1).encode())
                    os.fsync(file)
                finally:
                    os.close(file)
                fresh.replace(self._path)
            except OSError as e:
                raise StorageError(
                    Text(f"没有保存（{e.strerror}）。", f"It was not saved ({e.strerror})."),
                    Text("检查磁盘空间和权限。", "Check the disk's space and permissions."),
                ) from e
            self._value = value
