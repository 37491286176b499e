"""How often a customer's key and one conversation may ask the desk. Knows no words and no addresses.

A bucket of a minute's turns that fills evenly. Of a conversation whose caller sends no name only the key's bucket counts.
Not covered: two processes behind one balancer count each for itself.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from mingbai.values.errors import Busy, Text

KEPT = 20_000  # buckets; one that is forgotten was not asked from for long


@dataclass(slots=True)
class Rates:
    now: Callable[[], float] = time.monotonic
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict, repr=False)

    def take(self, name: str, per_minute: int) -> None:
        """One turn of that name. Raises `Busy` when the minute's are used up."""
        now = self.now()
        left, since = self._left.get(name, (float(per_minute), now))
        left = min(float(per_minute), left + (now - since) * per_minute / 60)
        enough = left >= 1
        self._left[name] = (left - 1 if enough else left), now
        self._left.move_to_end(name)
        while len(self._left) > KEPT:
            self._left.popitem(last=False)
        if not enough:
            seconds = max(1, round((1 - left) * 60 / per_minute))
            raise Busy(
                Text("问得太快了。", "Too many questions at once."),
                Text(f"请 {seconds} 秒后再问。", f"Ask again in {seconds} s."),
                retry_after_seconds=seconds,
            )
