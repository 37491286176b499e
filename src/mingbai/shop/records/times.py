"""A time with a zone as two column values, the instant in UTC and the offset it was written with, and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from mingbai.values.errors import BadInput, Text


def to_columns(value: datetime) -> tuple[datetime, str]:
    """Raises `BadInput` for a time without a zone, or one that UTC has no year for."""
    offset = value.utcoffset()
    if offset is None:
        raise BadInput(
            Text(
                f"时间 {value.isoformat()} 没有时区。",
                f"The time {value.isoformat()} has no zone.",
            ),
            Text("请写明时区，例如 +08:00。", "Give its zone, for example +08:00."),
        )
    try:
        instant = value.replace(tzinfo=None, fold=0) - offset
    except OverflowError as e:
        raise BadInput(
            Text(f"时间 {value.isoformat()} 超出范围。", f"The time {value.isoformat()} is out of range."),
            Text("年份应在 1 到 9999 之间。", "The year must be from 1 to 9999."),
        ) from e
    return instant, _said(offset)


def from_columns(instant: datetime, offset: str) -> datetime:
    zone = _zone(offset)
    return (instant + _delta(zone)).replace(tzinfo=zone)


def as_key(instant: datetime) -> str:
    """The instant as text: what a key says, whatever zone the file used."""
    return instant.replace(tzinfo=UTC).isoformat()


def instant(value: datetime | str) -> datetime:
    """The key's column from a time, or from its text."""
    return to_columns(datetime.fromisoformat(value) if isinstance(value, str) else value)[0]


@lru_cache(maxsize=256)
def _said(offset: timedelta) -> str:
    return datetime(2000, 1, 1, tzinfo=timezone(offset)).isoformat()[19:]


@lru_cache(maxsize=256)
def _zone(offset: str) -> timezone:
    zone = datetime.fromisoformat(f"2000-01-01T00:00:00{offset}").tzinfo
    assert isinstance(zone, timezone)
    return zone


def _delta(zone: timezone) -> timedelta:
    return zone.utcoffset(None)
