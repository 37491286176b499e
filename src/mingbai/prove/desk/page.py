"""The report as one HTML file that needs nothing else: the table, then every miss."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

STYLE = (
    "body{font:15px/1.6 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "pre{background:#f6f6f4;padding:1rem;overflow-x:auto;white-space:pre-wrap}h1{font-size:1.3rem}"
    "@media(prefers-color-scheme:dark){body{background:#181818;color:#ddd}pre{background:#222}}"
)


def page(title: str, lines: Sequence[str], misses: Sequence[str]) -> str:
    """Every text of the run is escaped: it was written by customers."""
    return (
        '<!doctype html><html lang="zh"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><h1>{escape(title)}</h1>"
        f"<pre>{escape(chr(10).join(lines))}</pre><h2>没做对的 / misses</h2><pre>{escape(chr(10).join(misses) or '–')}</pre></body></html>\n"
    )
