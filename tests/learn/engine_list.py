"""A stand-in for the engine's list of adapters."""

from __future__ import annotations

from pathlib import Path


class Kept:
    """What the engine may load: names and files."""

    def __init__(self) -> None:
        self.served: dict[str, Path] = {}
        self.over: dict[str, str] = {}
        self.forgotten: list[str] = []

    def admit(self, name: str, file: Path, base_sha256: str, over: str = "") -> None:
        assert file.exists()
        self.served[name] = file
        self.over[name] = over

    def take_out(self, name: str) -> None:
        self.served.pop(name, None)

    def forget(self, sha256: str) -> None:
        self.forgotten.append(sha256)
