"""Retention clocks: one per class of records, from `retention.toml`, which says by which law."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path

from mingbai.values.errors import SettingsError, Text

FILE = "retention.toml"

# Which class each kind of row belongs to, for access and certificates. Its personal fields are `contact` unless said.
CLASSES: Mapping[str, str] = {
    "customer": "contact", "order": "transaction", "line": "transaction", "shipment": "transaction", "event": "transaction",
    "return": "transaction", "invoice": "invoice", "review": "review", "conversation": "conversation", "said": "conversation",
    "action": "contact", "opening": "conversation", "consent": "consent", "receipt": "receipt", "register": "register",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clock:
    """`days` None: for as long as it serves. `erasable`: goes when its person asks."""

    name: str
    what: Text
    days: int | None
    since: str
    erasable: bool
    law: Text
    source: str

    def before(self, now: datetime) -> datetime | None:
        """What began before this is due."""
        return None if self.days is None else now - timedelta(days=self.days)


def clocks(home: Path | None = None) -> Mapping[str, Clock]:
    """The package's, with the days that the home's own file sets. Raises `SettingsError` for what it does not know."""
    packed = (resources.files("mingbai.permit") / FILE).read_text(encoding="utf-8")
    found = {name: _clock(name, entry) for name, entry in tomllib.loads(packed).items()}
    own = home / FILE if home else None
    if own is None or not own.exists():
        return found
    try:
        said = tomllib.loads(own.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise _wrong() from None
    for name, entry in said.items():
        days = entry.get("days") if isinstance(entry, dict) and entry.keys() == {"days"} else None
        if name not in found or not isinstance(days, int) or isinstance(days, bool) or days < 1:
            raise _wrong()
        found[name] = replace(found[name], days=days)
    return found


def _clock(name: str, entry: Mapping[str, object]) -> Clock:
    days = entry.get("days")
    return Clock(
        name, Text(str(entry["zh"]), str(entry["en"])), days if isinstance(days, int) else None, str(entry["from"]),
        entry["erasable"] is True, Text(str(entry["law_zh"]), str(entry["law_en"])), str(entry["source"]),
    )  # fmt: skip


def _wrong() -> SettingsError:
    return SettingsError(
        Text("retention.toml 看不懂。", "retention.toml is not understood."),
        Text(
            "只写 [类别] 和 days = 天数；类别见 mingbai retention。",
            "Only [CLASS] with days = NUMBER; see mingbai retention for the classes.",
        ),
    )
