"""The slowest 64 KB for each parser of the Chinese kit: CPU milliseconds, and which text it was.

Run: PYTHONPATH=tests/zh python bench/zh_hostile.py [name …]. The texts are those of tests/zh/hostile.py (65,536 characters,
which is up to 196 KB of UTF-8); a slow one is measured twice and the better figure is taken.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import hostile
import test_zh_hostile
import test_zh_hostile_language


def main(wanted: list[str]) -> None:
    parsers: dict[str, Callable[[str], object]] = {
        **test_zh_hostile_language.PARSERS,
        **test_zh_hostile.FINDERS,
        **test_zh_hostile.READERS,
    }
    for name, parse in parsers.items():
        if not wanted or any(word in name for word in wanted):
            seconds, text = hostile.slowest(parse)
            print(f"{name:28} {seconds * 1000:6.1f} ms  {text}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
