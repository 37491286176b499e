"""Every setting, one frozen dataclass per package. Read once, in `cli/settings.py`; nobody else touches the environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal


@dataclass(frozen=True, slots=True)
class Within:
    """The least and the most that a number may be."""

    least: float
    most: float = 2**31 - 1  # what llama.cpp and the system's calls take

    def __str__(self) -> str:
        return f"{self.least:g}…{self.most:.10g}"


Count = Annotated[int, Within(1)]
CountOrNone = Annotated[int, Within(0)]
Seconds = Annotated[float, Within(0.001)]


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Which weights, and where files of them are kept."""

    default: str = "qwen2.5-coder-1.5b-instruct"
    # Weights are shared between installs: a second shop on this machine must not fetch a gigabyte again.
    cache_dir: Path = field(default_factory=lambda: Path.home() / ".cache" / "mingbai" / "weights")
    # Tried before any source in the catalogue; empty means none.
    local_file: str = ""
    parallel_fetches: Count = (
        4  # parts are 50 to 90 MB; four fill a 1 Gbit/s line and stay under 400 MB of disk
    )


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How llama.cpp is run here. The defaults were chosen by measurement: docs/measurements.md."""

    build: Literal["auto", "wheel", "native"] = "auto"
    threads: CountOrNone = 0  # 0: as many as there are cores
    slots: Count = 4
    context_per_slot: Count = 8192
    # Small batches: a cancel, and every other stream, waits for one batch of a long prefill to end.
    batch: Count = 128
    kv_type: Literal["f16", "q8_0"] = "f16"
    flash_attention: Literal["on", "off"] = "on"
    # How long OpenMP's threads spin before they sleep. Endless spinning collapses when the two cores are shared,
    # sleeping at once (0) costs a third of the decode speed when they are not.
    spin_count: CountOrNone = 1000
    start_timeout_seconds: Seconds = 120.0
    queue_bound: CountOrNone = 64
    deadline_seconds: Seconds = 300.0
    prefix_min_tokens: CountOrNone = 48  # below this a fresh prefill costs less than a restore is worth
    prefix_cache_mib: CountOrNone = 1024
    replay_idle_seconds: Seconds = 300.0
    retries: CountOrNone = 3


@dataclass(frozen=True, slots=True)
class ServeSettings:
    host: str = "127.0.0.1"
    port: Annotated[int, Within(0, 65_535)] = 8700
    tls_cert: str = ""
    tls_key: str = ""
    unsafe_plain_http: bool = False  # a bind beyond loopback without TLS must be asked for by name
    body_limit_bytes: Count = 2 * 1024 * 1024
    upload_limit_bytes: Count = (
        64 * 1024 * 1024
    )  # of one file: a year's orders of a small shop as xlsx are 20 MB
    message_limit: Count = 512
    nesting_limit: Count = 64
    # A person types a question in five seconds at most; one customer's key may stand for a whole web page of visitors.
    turns_per_minute: Count = 30  # of one conversation, asked with a customer's key
    turns_per_minute_of_key: Count = 600
    drain_seconds: Annotated[float, Within(0)] = 20.0
    # Whom to tell of a hole, for /.well-known/security.txt: mailto:… or https://…, several with commas. Empty: not said.
    security_contact: str = ""
    # Who may open the customers' counter without a key: whoever sits at this machine, everybody, or nobody (then a customer
    # needs a login link, which the shop's own site can ask for).
    counter: Literal["loopback", "open", "off"] = "loopback"


@dataclass(frozen=True, slots=True)
class ShopSettings:
    """Where the shops' rows are kept."""

    # Empty: shop.db in the home, which needs no server. A PostgreSQL is postgresql+psycopg://USER@HOST/DATABASE; its
    # password belongs in ~/.pgpass or PGPASSWORD, not here, where `doctor --settings` prints it.
    database: str = ""
    # What the desk may move on a customer's confirmed word without a person, per currency: about what a shop loses on one
    # bad parcel. Half of it from 23:00 to 8:00; a currency that is not named may not be moved.
    write_limits: str = "300.00 CNY, 40.00 EUR, 40.00 USD"
    writes_per_hour: Count = 6  # of one customer
    # Where this machine stands, as ISO 3166-1 says it (EU for any of its members): whose law binds what is kept here.
    country: str = "CN"
    # Whose law protects its customers: a place must be allowed for each of these before words of theirs go there. A shop that
    # sells in one of them alone says so.
    regions: str = "CN, EU, other"


@dataclass(frozen=True, slots=True)
class LearnSettings:
    """What learns here, and whom it may answer."""

    # The smallest weights of the catalogue: two cores train an adapter over them in about three minutes.
    base: str = "qwen2.5-coder-0.5b-instruct"
    # Whom a live adapter helps to understand: everybody, staff's drafts alone (customers then get the untuned model), or nobody.
    # One that was tuned on staff's choices words drafts for staff alone, whatever stands here but "nobody".
    answers: Literal["everybody", "staff", "nobody"] = "everybody"
    # When the service trains anew what withdrawals took out of service, as HH:MM on this machine's clock; "": it does not. At
    # night it disturbs the fewest, and a shop's adapter is out for a day at most.
    retrain: str = "03:00"


@dataclass(frozen=True, slots=True)
class VaultSettings:
    """How what is kept of persons lies on the disk. Their fields and texts are sealed under a key each, whatever stands here."""

    # Also every page of the files with rows and talks (needs pip install 'mingbai[pages]'): a stolen disk shows no table, state
    # or sum. Off: SQLite's own file is what every tool reads, and the sealed fields are what is personal in it.
    page_encryption: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    home: Path = field(default_factory=lambda: Path.home() / ".local" / "share" / "mingbai")
    models: ModelSettings = ModelSettings()
    engine: EngineSettings = EngineSettings()
    serve: ServeSettings = ServeSettings()
    shop: ShopSettings = ShopSettings()
    learn: LearnSettings = LearnSettings()
    vault: VaultSettings = VaultSettings()
