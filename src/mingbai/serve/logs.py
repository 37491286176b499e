"""One JSON object per line on stderr: ids, counts, digests, times. Never a prompt, an answer, or a key.

That is what callers of `log` see to. Behind them stands a mask: a word that is no plain id is looked through for personal data.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from functools import cache

from mingbai.permit.mask import Detector, redacted

_ID = re.compile(r"(?!.*\d{7})[A-Za-z0-9_.:/-]*")
LOGGER = logging.getLogger("mingbai")


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields = getattr(record, "fields", None)
        line: dict[str, object] = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%S%z", time.localtime(record.created)),
            "level": record.levelname.lower(),
            "event": record.msg if fields is not None else record.name,
        }
        if fields is not None:
            line |= {name: _clean(it) if isinstance(it, str) else it for name, it in fields.items()}
        elif record.levelno >= logging.WARNING:
            line["kind"] = (
                record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else "message"
            )
        return json.dumps(line, ensure_ascii=False)


@cache
def _detector() -> Detector:
    return Detector()


def _clean(word: str) -> str:
    if _ID.fullmatch(word):
        return word
    try:
        return redacted(_detector(), word)
    except Exception:  # noqa: BLE001  # a line without the word is better than one with it, and than none
        return "***"


def set_up() -> None:
    """Send our events, and of other libraries only that something was warned of, to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    LOGGER.setLevel(logging.INFO)


def log(event: str, **fields: object) -> None:
    """Write one event. Only ids, numbers and fixed words go in `fields`."""
    LOGGER.info(event, extra={"fields": fields})
