"""Every setting, one frozen dataclass per package. Read once, in `cli/settings.py`; nobody else touches the environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Which weights, and where files of them are kept."""

    default: str = "qwen2.5-coder-1.5b-instruct"
    # Weights are shared between installs: a second shop on this machine must not fetch a gigabyte again.
    cache_dir: Path = field(default_factory=lambda: Path.home() / ".cache" / "mingbai" / "weights")
    # Tried before any source in the catalogue; empty means none.
    local_file: str = ""
    parallel_fetches: int = (
        4  # parts are 50 to 90 MB; four fill a 1 Gbit/s line and stay under 400 MB of disk
    )


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How llama.cpp is run here. The defaults were chosen by measurement: docs/measurements.md."""

    build: Literal["auto", "wheel", "native"] = "auto"
    threads: int = 0  # 0: as many as there are cores
    slots: int = 4
    context_per_slot: int = 8192
    # Small batches: a cancel, and every other stream, waits for one batch of a long prefill to end.
    batch: int = 128
    kv_type: Literal["f16", "q8_0"] = "f16"
    flash_attention: Literal["on", "off"] = "on"
    # How long OpenMP's threads spin before they sleep. Endless spinning collapses when the two cores are shared,
    # sleeping at once (0) costs a third of the decode speed when they are not.
    spin_count: int = 1000
    start_timeout_seconds: float = 120.0
    queue_bound: int = 64
    deadline_seconds: float = 300.0
    prefix_min_tokens: int = 48  # below this a fresh prefill costs less than a restore is worth
    prefix_cache_mib: int = 1024
    replay_idle_seconds: float = 300.0
    retries: int = 3


@dataclass(frozen=True, slots=True)
class ServeSettings:
    host: str = "127.0.0.1"
    port: int = 8700
    tls_cert: str = ""
    tls_key: str = ""
    unsafe_plain_http: bool = False  # a bind beyond loopback without TLS must be asked for by name
    body_limit_bytes: int = 2 * 1024 * 1024
    message_limit: int = 512
    nesting_limit: int = 64
    drain_seconds: float = 20.0


@dataclass(frozen=True, slots=True)
class Settings:
    home: Path = field(default_factory=lambda: Path.home() / ".local" / "share" / "mingbai")
    models: ModelSettings = ModelSettings()
    engine: EngineSettings = EngineSettings()
    serve: ServeSettings = ServeSettings()
