from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import tiny_gguf as tiny

from mingbai.models.entry import Entry, Source
from mingbai.values.settings import ModelSettings

ENTRY = Entry(
    id="tiny",
    repository="tests/tiny",
    file="tiny.gguf",
    licence="Apache-2.0",
    languages=("zh", "en"),
    architecture="qwen2",
    context_tokens=4096,
    parameters=2304,
    quantisation="Q4_K_M",
    size_bytes=len(tiny.GOOD),
    sha256=hashlib.sha256(tiny.GOOD).hexdigest(),
    kv_bytes_per_token=1024,
    read_bytes_per_token=1864,
    sources=(),
)


@pytest.fixture
def entry() -> Callable[..., Entry]:
    """The tiny model with the given sources."""

    def making(*sources: Source) -> Entry:
        return replace(ENTRY, sources=sources)

    return making


@pytest.fixture
def settings(tmp_path: Path) -> ModelSettings:
    return ModelSettings(cache_dir=tmp_path / "weights", parallel_fetches=2)


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all pip knows of."""
    folder = tmp_path / "index"
    folder.mkdir()
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
