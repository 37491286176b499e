"""A table as the platforms write it."""

from __future__ import annotations

import csv
import io


def rows_of(columns: list[str], rows: list[dict[str, str]], separator: str = ",", end: str = "\r\n") -> str:
    """Cells are quoted as the csv module does it, so a cell `="1930"` must be given as the platform writes it."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator=end)
    writer.writerow(columns)
    writer.writerows([row.get(name, "") for name in columns] for row in rows)
    return out.getvalue()
