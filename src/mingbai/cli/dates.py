"""Dates as options give them."""

from __future__ import annotations

from datetime import date

from mingbai.values.errors import BadInput, Text


def day(said: str) -> date:
    """Raises `BadInput`."""
    try:
        return date.fromisoformat(said)
    except ValueError as e:
        raise BadInput(
            Text(f"{said!r} 不是日期。", f"{said!r} is not a date."),
            Text("请写成 2025-11-12 这样。", "Write it as 2025-11-12."),
            param="today",
        ) from e
